"""What trades, their corrections and what completes them do to the executions of an order."""

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

_OF_EXECUTIONS = frozenset({"last_quantity", "last_price", "exec_ref_id"})


def _moves_nothing(effect: Effect, event: OrderEvent, report: VenueReport) -> bool:
    """Whether an INVALID report says nothing usable about executions; a senseless total does not spoil a good trade."""
    if Anomaly.INVALID not in event.anomalies:
        return False
    known = Anomaly.UNKNOWN_INSTRUMENT not in event.anomalies
    side_unknown = report.side is None and effect.order.side is None
    return (
        side_unknown or bool(report.invalid_fields() & _OF_EXECUTIONS) or contradicts_order(effect.order, report, known)
    )


def _trade(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    state, order = effect.state, effect.order
    acknowledge(effect, event, report)
    if state.resting_overnight:
        state.done_for_day = state.calculated = False
    side = report.side or order.side
    if side is None or _moves_nothing(effect, event, report):
        return
    fill = first_version(event, report, effect.event.sequence, order, side, state.split_factor)
    _count(state, fill, add)
    effect.keep(fill)
    _apply_parked(effect, report)


_Change = Callable[[Decimal, Decimal], Decimal]


def _count(state: OrderState, fill: Fill, change: _Change) -> None:
    """Add an execution to the order's quantities, or subtract it, in the units that hold after all splits."""
    if not fill.counts:
        return
    quantity = fill.quantity
    if fill.split_factor != state.split_factor:
        quantity = quotient(multiply(quantity, state.split_factor), fill.split_factor)
    state.cum_quantity = canonical(change(state.cum_quantity, quantity))
    state.notional = canonical(change(state.notional, multiply(fill.quantity, fill.price)))


def _revise(effect: Effect, old: Fill, new: Fill) -> None:
    _count(effect.state, old, subtract)
    _count(effect.state, new, add)
    effect.keep(new)


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
    """The execution that a correction or bust refers to; if it is not known yet, the event is parked."""
    state = effect.state
    state.acknowledged = True
    state.completed = False
    if report.exec_ref_id is None or _moves_nothing(effect, event, report):
        return None
    old = effect.executions.find(report.exec_ref_id, report.leg)
    if old is None:
        state.parked = (*state.parked, Parked(report.exec_ref_id, report.leg, event.sequence))
    return old


def _apply_parked(effect: Effect, report: VenueReport) -> None:
    """Let what waited for this execution take effect now."""
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
    """Fees, liquidity and ids that an earlier report of the execution left out."""
    named = report.exec_ref_id if report.type is EventType.SUPPLEMENTED and report.exec_ref_id else report.exec_id
    if named is None:
        return
    old = effect.executions.find(named, report.leg)
    if old is None:
        if Anomaly.UNKNOWN_REFERENCE in event.anomalies:
            effect.state.parked = (*effect.state.parked, Parked(named, report.leg, event.sequence))
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
    """An external order turned out to be another: what was executed counts there from now on."""
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
    return event_type in _MOVE_EXECUTIONS


_MOVE_EXECUTIONS = frozenset(
    (EventType.TRADE_CORRECT, EventType.TRADE_CANCEL, EventType.SUPPLEMENTED, EventType.ATTRIBUTED)
)
