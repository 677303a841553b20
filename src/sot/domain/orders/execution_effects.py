"""The effects of trades, corrections, busts and supplements on the executions of an order."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sot.domain.orders.anomalies import contradicts_order
from sot.domain.orders.busts import bust_of, drop_superseded_busts, is_superseded, is_void, was_corrected_after
from sot.domain.orders.effects import Effect, VenueEffect, acknowledge
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fees import complete_fees, reported_fees
from sot.domain.orders.fill import Fill, first_version
from sot.domain.orders.fill_versions import (
    PLACE,
    assign_exec_id,
    count,
    inherited_reporting_type,
    late_reporting_type,
    next_version,
    revise,
)
from sot.domain.orders.report import VenueReport, is_execution_id
from sot.domain.orders.state import OrderState, Parked
from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import ZERO, add, exact, multiply, quotient, subtract
from sot.domain.values.vocabulary import Anomaly, EventType, Side

_TELL_EXECUTIONS = frozenset({EventType.TRADE, EventType.TRADE_CORRECT, EventType.SUPPLEMENTED})
"""The reports that complete an execution when they are told again. A bust tells nothing of it."""

_EXECUTION_FIELDS = frozenset({"last_quantity", "last_price", "exec_ref_id", "symbol", "side"})


def _is_unusable(effect: Effect, event: OrderEvent, report: VenueReport) -> bool:
    """Whether an INVALID report has no usable execution. An invalid total does not make its execution unusable.

    Rules: EXEC-2.
    """
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
    """Derive the price of a TRADE that comes without one from the average price and the cumulative quantity.

    Args:
        state: The state of the order before it.
        report: The report of the execution.

    Returns:
        Quote currency per unit; None if an earlier execution is not known, or if the price has no 18 digits at most.

    Rules: EXEC-4.
    """
    quantity, cum_quantity, avg_price = report.last_quantity, report.cum_quantity, report.avg_price
    if report.type is not EventType.TRADE or report.last_price is not None or quantity is None or quantity <= ZERO:
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
    """Acknowledge the order, and add, restate or join the execution that is told.

    Rules: EVENT-TRADE-1, EVENT-TRADE-2, EVENT-TRADE-3.
    """
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
    if known is None or (known.busted and (event.restates_void or is_void(known, effect.event_of))):
        _add_execution(effect, event, report, side)
    elif Anomaly.POSSIBLE_REPEAT in event.anomalies:
        _restate(effect, known, report)
    else:
        _join_earlier_version(effect, known, report)


def _add_execution(effect: Effect, event: OrderEvent, report: VenueReport, side: Side) -> None:
    fill = first_version(event, report, effect.event.sequence, effect.order, side)
    count(effect.state, fill, add)
    effect.add_fill(fill)
    _apply_parked(effect, report.exec_id, report.leg)


def _restate(effect: Effect, busted: Fill, report: VenueReport) -> None:
    """Count a busted execution again, with the figures that it is stated anew with.

    Rules: EXEC-11.
    """
    restated = next_version(
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
    revise(effect, busted, restated)


def _join_earlier_version(effect: Effect, corrected: Fill, report: VenueReport) -> None:
    """Add what the earlier version of an execution says, whose correction came first and counts.

    The figures stay those of the correction, and the place in time becomes that of the earlier version.

    Rules: EXEC-9.
    """
    _await_no_more(effect, report.exec_id, report.leg)
    told = effect.executions.reported_fees(corrected)
    fees = complete_fees(told, reported_fees(report))
    changes: dict[str, Any] = {
        "fees": told if fees is None else fees,
        "liquidity": corrected.liquidity or report.liquidity,
        "venue_order_id": corrected.venue_order_id or report.venue_order_id,
        "first_exec_id": report.exec_id,
        **late_reporting_type(corrected, report),
    }
    if report.occurred_at is not None and report.occurred_at < corrected.happened_at:
        changes.update({name: getattr(report, name) for name in PLACE})
    joined = corrected.changed(**changes)
    if joined != corrected:
        revise(effect, corrected, next_version(effect, joined))


def _await_no_more(effect: Effect, exec_id: str | None, leg: str) -> None:
    """Remove what is parked until an execution is known, which has come."""
    effect.state.parked = tuple(p for p in effect.state.parked if (p.exec_ref_id, p.leg) != (exec_id, leg))


def _trade_correct(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    """Correct the execution that is named, count the correction in its place, or park it.

    Rules: EVENT-TRADE_CORRECT-1, EXEC-5.
    """
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
    elif original is not None:
        _correct(effect, report, original, own_id)
    elif report.states_figures:
        _add_correction(effect, event, report, own_id)
    else:
        state.parked = (*state.parked, Parked(report.exec_ref_id, report.leg, event.sequence))


def _correct(effect: Effect, report: VenueReport, original: Fill, own_id: str | None) -> None:
    """Make a version of an execution with the figures of its correction.

    Rules: EXEC-6.
    """
    new = original.changed(
        exec_id=own_id or original.exec_id,
        fees=report.fees or effect.executions.reported_fees(original),
        liquidity=report.liquidity or original.liquidity,
        busted=original.busted and not is_superseded(bust_of(effect, original), report.occurred_at),
    )
    if report.states_figures:
        new = new.changed(
            quantity=report.last_quantity,
            price=report.last_price,
            amount=report.last_amount,
            split_factor=effect.state.split_factor,
        )
    revise(effect, original, next_version(effect, new))
    _apply_parked(effect, own_id, report.leg)


def _add_correction(effect: Effect, event: OrderEvent, report: VenueReport, own_id: str | None) -> None:
    """Count a correction whose execution is not known, under the id that it names.

    A bust of that id that came before applies, unless the correction was made after it.

    Rules: EXEC-7.
    """
    state, named = effect.state, report.exec_ref_id
    side = report.side or effect.order.side
    assert side is not None and named is not None
    fill = first_version(event, report.changed(exec_id=named), effect.event.sequence, effect.order, side)
    count(state, fill, add)
    effect.add_fill(fill)
    drop_superseded_busts(effect, named, report.leg, report.occurred_at)
    _apply_parked(effect, named, report.leg)
    _await_earlier_version(effect, event, report)
    if own_id is not None:
        assign_exec_id(effect, fill.execution, own_id)
        _apply_parked(effect, own_id, report.leg)


def _join_corrected_version(
    effect: Effect, event: OrderEvent, report: VenueReport, corrected: Fill, original: Fill | None
) -> None:
    """Join an execution that counts already under the id of its correction with the execution that is corrected.

    The later correction has the figures. What it lacks it has from this correction, else from the execution.

    Rules: EXEC-9.
    """
    exec_ref_id = report.exec_ref_id
    assert exec_ref_id is not None
    _await_no_more(effect, report.exec_id, report.leg)
    if original is not None and original.execution == corrected.execution:
        return
    executions = effect.executions
    told = (executions.reported_fees(corrected), report.fees, executions.reported_fees(original) if original else ())
    changes: dict[str, Any] = {
        "exec_id": corrected.exec_id,
        "fees": next((fees for fees in told if fees), ()),
        "liquidity": corrected.liquidity or report.liquidity or (original.liquidity if original else None),
        "first_exec_id": exec_ref_id,
    }
    stated_at = effect.event_of(executions.stated_by(corrected.execution)).occurred_at
    if original is not None:
        if original.busted and not is_superseded(bust_of(effect, original), stated_at):
            changes["busted"] = True
        # Its id passes to the execution that it is one with.
        revise(effect, original, next_version(effect, original, busted=True, exec_id=None))
        changes["first_exec_id"] = original.first_exec_id
        changes["venue_order_id"] = corrected.venue_order_id or original.venue_order_id
        changes.update(inherited_reporting_type(corrected, original))
        if original.happened_at < corrected.happened_at:
            changes.update({name: getattr(original, name) for name in PLACE})
    for exec_id in sorted({exec_ref_id, *(executions.ids(original.execution) if original else ())}):
        assign_exec_id(effect, corrected.execution, exec_id)
    known = executions.by_execution()[corrected.execution]
    revise(effect, known, next_version(effect, known, **changes))
    if original is None:
        drop_superseded_busts(effect, exec_ref_id, report.leg, stated_at)
        _apply_parked(effect, exec_ref_id, report.leg)
        _await_earlier_version(effect, event, report)


def _await_earlier_version(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    assert report.exec_ref_id is not None
    awaited = Parked(report.exec_ref_id, report.leg, event.sequence)
    effect.state.parked = (*effect.state.parked, awaited)


def _trade_cancel(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    """Bust the execution that is named, or park the bust.

    Rules: EVENT-TRADE_CANCEL-1, EXEC-8.
    """
    state = effect.state
    state.acknowledged = True
    state.completed = False
    if report.exec_ref_id is None or _is_unusable(effect, event, report):
        return
    old = effect.executions.find(report.exec_ref_id, report.leg)
    if old is None:
        state.parked = (*state.parked, Parked(report.exec_ref_id, report.leg, event.sequence))
    elif not old.busted and not was_corrected_after(effect, event, report, old):
        revise(effect, old, next_version(effect, old, busted=True))


def _apply_parked(effect: Effect, exec_id: str | None, leg: str) -> None:
    """Apply the events that are parked until an execution is known.

    Rules: EXEC-9.
    """
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
    """Add fees, liquidity and ids that an earlier report of the execution did not have.

    Rules: EVENT-SUPPLEMENTED-1, EXEC-12.
    """
    by_reference = report.type is EventType.SUPPLEMENTED and report.exec_ref_id
    exec_id = report.exec_ref_id if by_reference else report.exec_id
    if exec_id is None or report.type not in _TELL_EXECUTIONS:
        return
    old = effect.executions.find(exec_id, report.leg)
    if old is None:
        if Anomaly.UNKNOWN_REFERENCE in event.anomalies:
            effect.state.parked = (*effect.state.parked, Parked(exec_id, report.leg, event.sequence))
        return
    known_fees = effect.executions.reported_fees(old)
    fees = complete_fees(known_fees, reported_fees(report), adds=report.type is EventType.SUPPLEMENTED)
    completed = old.changed(
        fees=known_fees if fees is None else fees,
        amount=old.amount if old.amount is not None else report.last_amount,
        liquidity=old.liquidity or report.liquidity,
        venue_order_id=old.venue_order_id or report.venue_order_id,
        occurred_at=old.occurred_at or report.occurred_at,
        venue_time_ns=old.venue_time_ns if old.venue_time_ns is not None else report.venue_time_ns,
        position_side=report.position_side or old.position_side,
        position_id=report.position_id or old.position_id,
        **late_reporting_type(old, report),
    )
    if completed != old:
        revise(effect, old, next_version(effect, completed))


def attributed(effect: Effect, event: OrderEvent) -> None:
    """Bust the executions of an external order that turned out to be another order; they count there from now on.

    Rules: EVENT-ATTRIBUTED-2.
    """
    state = effect.state
    for fill in effect.executions.latest():
        if not fill.busted:
            revise(effect, fill, next_version(effect, fill, busted=True))
    state.attributed_to = event.fact.attributed_order_id if event.fact else None
    state.reported_cum_quantity = None
    state.open_requests = ()


EXECUTION_EFFECTS: Mapping[EventType, VenueEffect] = {
    EventType.TRADE: _trade,
    EventType.TRADE_CORRECT: _trade_correct,
    EventType.TRADE_CANCEL: _trade_cancel,
    EventType.SUPPLEMENTED: _supplemented,
}


def set_venue_account(effect: Effect, report: VenueReport) -> None:
    """Give an order the venue account that a report tells first, and its executions with it.

    An execution leaves its position by a busted version, and enters the other one by the next version.

    Rules: EXEC-17.
    """
    effect.state.venue_account = report.venue_account
    for fill in effect.executions.latest():
        left = next_version(effect, fill, busted=True)
        effect.add_fill(left)
        effect.add_fill(next_version(effect, left, busted=fill.busted, venue_account=report.venue_account))
