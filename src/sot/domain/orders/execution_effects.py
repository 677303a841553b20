"""The effects of trades, corrections, busts and supplements on the executions of an order."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from enum import Enum, auto
from typing import Any

from sot.domain.orders.anomalies import contradicts_order
from sot.domain.orders.effects import Effect, VenueEffect, acknowledge
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fees import complete_fees, told_fees
from sot.domain.orders.fill import Fill, first_version
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport, is_execution_id
from sot.domain.orders.state import OrderState, Parked
from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import ZERO, add, canonical, exact, multiply, quotient, subtract
from sot.domain.values.vocabulary import Anomaly, EventType, ReportingType, Side

_EXECUTION_FIELDS = frozenset({"last_quantity", "last_price", "exec_ref_id", "symbol", "side"})


def _is_unusable(effect: Effect, event: OrderEvent, report: VenueReport) -> bool:
    """Whether an INVALID report has no usable execution. An invalid total does not make its execution unusable."""
    if Anomaly.INVALID not in event.anomalies:
        return False
    known = Anomaly.UNKNOWN_INSTRUMENT not in event.anomalies
    side_unknown = report.side is None and effect.order.side is None
    return (
        side_unknown
        or bool(report.invalid_fields() & _EXECUTION_FIELDS)
        or contradicts_order(effect.order, report, known)
    )


def derived_price(state: OrderState, report: VenueReport) -> Decimal | None:
    """Derive the price of an execution that comes without one from the average price and the cumulative quantity.

    Args:
        state: The state of the order before it.
        report: The report of the execution.

    Returns:
        Quote currency per unit; None if an earlier execution is not known, or if the price has no 18 digits at most.
    """
    quantity, cum_quantity, avg_price = report.last_quantity, report.cum_quantity, report.avg_price
    if report.last_price is not None or quantity is None or quantity <= ZERO:
        return None
    if cum_quantity is None or avg_price is None or cum_quantity != add(state.cum_quantity, quantity):
        return None
    money = subtract(multiply(avg_price, cum_quantity), state.notional)
    price = quotient(money, quantity)
    if multiply(price, quantity) != money:
        return None
    try:
        return exact("last_price", price)
    except InvalidInput:
        return None


def _trade(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    state, order = effect.state, effect.order
    acknowledge(effect, event, report)
    if state.resting_overnight:
        state.done_for_day = state.calculated = False
    side = report.side or order.side
    if side is None or _is_unusable(effect, event, report):
        return
    if Anomaly.PRICE_DERIVED in event.anomalies:
        price = derived_price(state, report)
        if price is None:
            return
        report = report.changed(last_price=price)
    known = effect.executions.find(report.exec_id, report.leg) if report.exec_id else None
    if known is None:
        _add_execution(effect, event, report, side)
    elif Anomaly.POSSIBLE_REPEAT in event.anomalies:
        _restate(effect, known, report)
    else:
        _join_earlier_version(effect, known, report)


def _add_execution(effect: Effect, event: OrderEvent, report: VenueReport, side: Side) -> None:
    state = effect.state
    if report.reporting_type is ReportingType.LEG and not state.has_legs:
        state.has_legs = True
        for fill in effect.executions.latest():
            if fill.reporting_type is ReportingType.SUMMARY:
                effect.add_fill(_next_version(effect, fill, in_legs=True))
    fill = first_version(event, report, effect.event.sequence, effect.order, side)
    _count(state, fill, add)
    effect.add_fill(fill)
    _apply_parked(effect, report.exec_id, report.leg)


def _restate(effect: Effect, busted: Fill, report: VenueReport) -> None:
    """Count a busted execution again, with the figures that it is stated anew with."""
    restated = _next_version(
        effect,
        busted,
        quantity=report.last_quantity,
        price=report.last_price,
        amount=report.last_amount,
        side=report.side or busted.side,
        fees=report.fees,
        liquidity=report.liquidity or busted.liquidity,
        split_factor=effect.state.split_factor,
        busted=False,
    )
    _revise(effect, busted, restated)


def _join_earlier_version(effect: Effect, corrected: Fill, report: VenueReport) -> None:
    """Add what the earlier version of an execution says, whose correction came first and counts.

    The figures stay those of the correction, and the place in time becomes that of the earlier version.
    """
    state = effect.state
    key = (report.exec_id, report.leg)
    state.parked = tuple(p for p in state.parked if (p.exec_ref_id, p.leg) != key)
    fees = complete_fees(corrected.fees, told_fees(report))
    changes: dict[str, Any] = {
        "fees": corrected.fees if fees is None else fees,
        "liquidity": corrected.liquidity or report.liquidity,
        "venue_order_id": corrected.venue_order_id or report.venue_order_id,
    }
    if report.occurred_at is not None and report.occurred_at < corrected.happened_at:
        changes.update({name: getattr(report, name) for name in _PLACE})
    joined = corrected.changed(**changes)
    if joined != corrected:
        _revise(effect, corrected, _next_version(effect, joined))


_PLACE = ("occurred_at", "received_at", "venue_time_ns", "venue_sequence")
"""The fields that place an execution in time."""


_Operation = Callable[[Decimal, Decimal], Decimal]


def _count(state: OrderState, fill: Fill, operation: _Operation) -> None:
    """Add an execution to the order's quantities, or subtract it, in units after all splits."""
    if not fill.counts:
        return
    quantity = fill.quantity_after_splits(state.split_factor)
    state.cum_quantity = canonical(operation(state.cum_quantity, quantity))
    state.notional = canonical(operation(state.notional, multiply(fill.quantity, fill.price)))


def _revise(effect: Effect, old: Fill, new: Fill) -> None:
    _count(effect.state, old, subtract)
    _count(effect.state, new, add)
    effect.add_fill(new)


def _next_version(effect: Effect, old: Fill, **changes: Any) -> Fill:
    return old.changed(version=old.version + 1, sequence=effect.event.sequence, **changes)


def _trade_correct(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    state = effect.state
    state.acknowledged = True
    state.completed = False
    if report.exec_ref_id is None or _is_unusable(effect, event, report):
        return
    own_id = report.exec_id if report.exec_id != report.exec_ref_id and is_execution_id(report.exec_id) else None
    corrected = effect.executions.find(own_id, report.leg) if own_id else None
    original = effect.executions.find(report.exec_ref_id, report.leg)
    if corrected is not None:
        _join_corrected_version(effect, event, report, corrected, original)
    elif original is None:
        _add_correction(effect, event, report, own_id)
    else:
        _correct(effect, report, original, own_id)


def _correct(effect: Effect, report: VenueReport, original: Fill, own_id: str | None) -> None:
    new = _next_version(
        effect,
        original,
        quantity=report.last_quantity,
        price=report.last_price,
        amount=report.last_amount,
        busted=False,
        exec_id=own_id or original.exec_id,
        fees=report.fees or original.fees,
        liquidity=report.liquidity or original.liquidity,
        split_factor=effect.state.split_factor,
    )
    _revise(effect, original, new)
    _apply_parked(effect, own_id, report.leg)


def _add_correction(effect: Effect, event: OrderEvent, report: VenueReport, own_id: str | None) -> None:
    """Count a correction whose execution is not known, under the id that it names.

    A bust of that id came before, and is superseded as it would be by the correction of a known execution.
    """
    state, named = effect.state, report.exec_ref_id
    side = report.side or effect.order.side
    assert side is not None and named is not None
    due = [p for p in state.parked if (p.exec_ref_id, p.leg) == (named, report.leg)]
    busts = [p for p in due if effect.event_of(p.sequence).type is EventType.TRADE_CANCEL]
    state.parked = tuple(p for p in state.parked if p not in busts)
    fill = first_version(event, report.changed(exec_id=named), effect.event.sequence, effect.order, side)
    _count(state, fill, add)
    effect.add_fill(fill)
    _apply_parked(effect, named, report.leg)
    _await_earlier_version(effect, event, report)
    if own_id is not None:
        _give_id(effect, fill.execution, own_id)
        _apply_parked(effect, own_id, report.leg)


def _join_corrected_version(
    effect: Effect, event: OrderEvent, report: VenueReport, corrected: Fill, original: Fill | None
) -> None:
    """Join an execution that counts already under the id of its correction with the execution that is corrected."""
    assert report.exec_ref_id is not None
    if original is None:
        current = corrected.exec_id
        _give_id(effect, corrected.execution, report.exec_ref_id)
        if current is not None:
            _give_id(effect, corrected.execution, current)
        effect.state.parked = tuple(
            p for p in effect.state.parked if (p.exec_ref_id, p.leg) != (report.exec_id, report.leg)
        )
        _await_earlier_version(effect, event, report)
    elif original.execution != corrected.execution:
        if not original.busted:
            _revise(effect, original, _next_version(effect, original, busted=True))
        if original.happened_at < corrected.happened_at:
            place = {name: getattr(original, name) for name in _PLACE}
            effect.add_fill(_next_version(effect, corrected, **place))


def _give_id(effect: Effect, execution: int, exec_id: str) -> None:
    """Add a version of an execution that has another id."""
    effect.add_fill(_next_version(effect, effect.executions.by_execution()[execution], exec_id=exec_id))


def _await_earlier_version(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    assert report.exec_ref_id is not None
    awaited = Parked(report.exec_ref_id, report.leg, event.sequence)
    effect.state.parked = (*effect.state.parked, awaited)


def _trade_cancel(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    state = effect.state
    state.acknowledged = True
    state.completed = False
    if report.exec_ref_id is None or _is_unusable(effect, event, report):
        return
    old = effect.executions.find(report.exec_ref_id, report.leg)
    if old is None:
        state.parked = (*state.parked, Parked(report.exec_ref_id, report.leg, event.sequence))
    elif not old.busted:
        _revise(effect, old, _next_version(effect, old, busted=True))


def _apply_parked(effect: Effect, exec_id: str | None, leg: str) -> None:
    """Apply the events that are parked until an execution is known."""
    state = effect.state
    if exec_id is None or not state.parked:
        return
    due = [p for p in state.parked if (p.exec_ref_id, p.leg) == (exec_id, leg)]
    state.parked = tuple(p for p in state.parked if p not in due)
    for parked in due:
        event = effect.event_of(parked.sequence)
        assert event.report is not None
        EXECUTION_EFFECTS[event.type](effect, event, event.report)


def _supplemented(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    """Add fees, liquidity and ids that an earlier report of the execution did not have."""
    by_reference = report.type is EventType.SUPPLEMENTED and report.exec_ref_id
    exec_id = report.exec_ref_id if by_reference else report.exec_id
    if exec_id is None:
        return
    old = effect.executions.find(exec_id, report.leg)
    if old is None:
        if Anomaly.UNKNOWN_REFERENCE in event.anomalies:
            effect.state.parked = (*effect.state.parked, Parked(exec_id, report.leg, event.sequence))
        return
    fees = complete_fees(old.fees, told_fees(report), adds=report.type is EventType.SUPPLEMENTED)
    completed = old.changed(
        fees=old.fees if fees is None else fees,
        amount=old.amount if old.amount is not None else report.last_amount,
        liquidity=old.liquidity or report.liquidity,
        venue_order_id=old.venue_order_id or report.venue_order_id,
        occurred_at=old.occurred_at or report.occurred_at,
        venue_time_ns=old.venue_time_ns if old.venue_time_ns is not None else report.venue_time_ns,
        reporting_type=old.reporting_type or report.reporting_type,
    )
    if completed != old:
        _revise(effect, old, _next_version(effect, completed))


def attributed(effect: Effect, event: OrderEvent) -> None:
    """Bust the executions of an external order that turned out to be another order; they count there from now on."""
    state = effect.state
    for fill in effect.executions.latest():
        if not fill.busted:
            _revise(effect, fill, _next_version(effect, fill, busted=True))
    state.attributed_to = event.fact.attributed_order_id if event.fact else None
    state.reported_cum_quantity = None
    state.open_requests = ()


EXECUTION_EFFECTS: Mapping[EventType, VenueEffect] = {
    EventType.TRADE: _trade,
    EventType.TRADE_CORRECT: _trade_correct,
    EventType.TRADE_CANCEL: _trade_cancel,
    EventType.SUPPLEMENTED: _supplemented,
}


class Needed(Enum):
    """Which executions of its order an event refers to, so that these must be read before it is applied."""

    NONE = auto()
    NAMED = auto()
    """Those that its report names."""
    ALL = auto()


def needed_executions(
    order: Order, report: VenueReport | None, event_type: EventType, anomalies: Sequence[Anomaly]
) -> Needed:
    """Decide which executions an event refers to, by the state before it.

    Args:
        order: The order.
        report: The report of the event; None for one of ours.
        event_type: The type of the event.
        anomalies: Its anomalies.
    """
    if event_type is EventType.ATTRIBUTED:
        return Needed.ALL
    if report is None or Anomaly.DUPLICATE_CONFLICT in anomalies:
        return Needed.NONE
    if tells_venue_account(order, report) and order.state.cum_quantity > ZERO:
        return Needed.ALL
    if event_type is not EventType.TRADE:
        return Needed.NAMED if event_type in EXECUTION_EFFECTS else Needed.NONE
    if report.reporting_type is ReportingType.LEG and not order.state.has_legs:
        return Needed.ALL
    awaited = any((p.exec_ref_id, p.leg) == (report.exec_id, report.leg) for p in order.state.parked)
    return Needed.NAMED if awaited or Anomaly.POSSIBLE_REPEAT in anomalies else Needed.NONE


def tells_venue_account(order: Order, report: VenueReport) -> bool:
    """Whether a report tells the venue account of an order that has had none."""
    return bool(report.venue_account) and not order.venue_account and not order.state.venue_account


def set_venue_account(effect: Effect, report: VenueReport) -> None:
    """Give an order the venue account that a report tells first, and its executions with it.

    An execution leaves its position by a busted version, and enters the other one by the next version.
    """
    effect.state.venue_account = report.venue_account
    for fill in effect.executions.latest():
        left = _next_version(effect, fill, busted=True)
        effect.add_fill(left)
        effect.add_fill(_next_version(effect, left, busted=fill.busted, venue_account=report.venue_account))
