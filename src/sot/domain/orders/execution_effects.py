"""The effects of trades, corrections, busts and supplements on the executions of an order."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from sot.domain.orders.anomalies import contradicts_order
from sot.domain.orders.effects import Effect, VenueEffect, acknowledge
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fill import Fill, first_version
from sot.domain.orders.report import VenueReport
from sot.domain.orders.state import OrderState, Parked
from sot.domain.values.numbers import add, canonical, multiply, quotient, subtract
from sot.domain.values.vocabulary import Anomaly, EventType

_EXECUTION_FIELDS = frozenset({"last_quantity", "last_price", "exec_ref_id"})


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


def _trade(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    state, order = effect.state, effect.order
    acknowledge(effect, event, report)
    if state.resting_overnight:
        state.done_for_day = state.calculated = False
    side = report.side or order.side
    if side is None or _is_unusable(effect, event, report):
        return
    fill = first_version(event, report, effect.event.sequence, order, side, state.split_factor)
    _count(state, fill, add)
    effect.add_fill(fill)
    _apply_parked(effect, report)


_Operation = Callable[[Decimal, Decimal], Decimal]


def _count(state: OrderState, fill: Fill, operation: _Operation) -> None:
    """Add an execution to the order's quantities, or subtract it, in units after all splits."""
    if not fill.counts:
        return
    quantity = fill.quantity
    if fill.split_factor != state.split_factor:
        quantity = quotient(multiply(quantity, state.split_factor), fill.split_factor)
    state.cum_quantity = canonical(operation(state.cum_quantity, quantity))
    state.notional = canonical(operation(state.notional, multiply(fill.quantity, fill.price)))


def _revise(effect: Effect, old: Fill, new: Fill) -> None:
    _count(effect.state, old, subtract)
    _count(effect.state, new, add)
    effect.add_fill(new)


def _next_version(effect: Effect, old: Fill, **changes: Any) -> Fill:
    return old.changed(version=old.version + 1, sequence=effect.event.sequence, **changes)


def _trade_correct(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    old = _referenced(effect, event, report)
    if old is None:
        return
    new = _next_version(
        effect,
        old,
        quantity=report.last_quantity,
        price=report.last_price,
        busted=False,
        exec_id=report.exec_id or old.exec_id,
        fees=report.fees or old.fees,
        liquidity=report.liquidity or old.liquidity,
        split_factor=effect.state.split_factor,
    )
    _revise(effect, old, new)
    _apply_parked(effect, report)


def _trade_cancel(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    old = _referenced(effect, event, report)
    if old is not None:
        _revise(effect, old, _next_version(effect, old, busted=True))


def _referenced(effect: Effect, event: OrderEvent, report: VenueReport) -> Fill | None:
    """Find the execution that a correction or bust refers to; if it is not known yet, park the event."""
    state = effect.state
    state.acknowledged = True
    state.completed = False
    if report.exec_ref_id is None or _is_unusable(effect, event, report):
        return None
    old = effect.executions.find(report.exec_ref_id, report.leg)
    if old is None:
        state.parked = (*state.parked, Parked(report.exec_ref_id, report.leg, event.sequence))
    return old


def _apply_parked(effect: Effect, report: VenueReport) -> None:
    """Apply the events that are parked until this execution is known."""
    state = effect.state
    if report.exec_id is None or not state.parked:
        return
    due = [p for p in state.parked if (p.exec_ref_id, p.leg) == (report.exec_id, report.leg)]
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
    completed = old.changed(
        fees=old.fees or report.fees,
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


def refers_to_executions(event_type: EventType) -> bool:
    """Whether an event refers to earlier executions, so that these must be read before it is applied."""
    return event_type in _REFERRING_TYPES


_REFERRING_TYPES = frozenset(
    (EventType.TRADE_CORRECT, EventType.TRADE_CANCEL, EventType.SUPPLEMENTED, EventType.ATTRIBUTED)
)
