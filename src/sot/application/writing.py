"""Appending events to orders: the one place where an event is made, takes effect and is kept."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial

import attrs

from sot.application import positions
from sot.application.paging import every
from sot.domain import lifecycle
from sot.domain.anomalies import quantity_anomalies
from sot.domain.commands import check_command
from sot.domain.costs import OrderCosts
from sot.domain.event import LocalFact, OrderEvent, checked_trace, said_again
from sot.domain.execution_effects import moves_executions
from sot.domain.fill import Executions, Fill
from sot.domain.instrument import Instrument, version_at
from sot.domain.order import Order
from sot.domain.replay import apply_void, move_head, opening_state
from sot.domain.report import VenueReport
from sot.domain.vocabulary import Anomaly, EventType, IdentifierKind, Origin, Outcome
from sot.ports.records import Identifier, OrderFilter, RecordedRequest, StateAfter
from sot.ports.store import UnitOfWork


@attrs.frozen(slots=False, kw_only=True)
class Recorded:
    """What recording something did.

    `order_id` is None for a report whose order is not known yet; `sequence` is the event that now says it, or that
    said it before (REPEATED). `event_id` is that of an account event.
    """

    outcome: Outcome
    order_id: str | None = None
    sequence: int | None = None
    anomalies: Sequence[Anomaly] = ()
    event_id: str | None = None


def recorded(event: OrderEvent) -> Recorded:
    """The answer for an event that was just appended."""
    outcome = Outcome.FLAGGED if event.anomalies else Outcome.RECORDED
    return Recorded(outcome=outcome, order_id=event.order_id, sequence=event.sequence, anomalies=tuple(event.anomalies))


def repeated(order_id: str | None, sequence: int | None) -> Recorded:
    """The answer for what was recorded before."""
    return Recorded(outcome=Outcome.REPEATED, order_id=order_id, sequence=sequence)


def instrument_at(uow: UnitOfWork, account_id: str, venue: str, symbol: str, at: datetime) -> Instrument | None:
    """The version that held at a moment; the first one for earlier moments; None if the symbol is not registered."""
    versions = uow.instruments.versions(account_id, venue, symbol)
    return version_at(versions, at) if versions else None


def own_identifier(order: Order, kind: IdentifierKind, value: str, report: VenueReport | None = None) -> Identifier:
    """The full identifier for a name of this order, as narrow as the order and the report make it."""
    return Identifier(
        order.account_id,
        kind,
        value,
        order.venue,
        (report.venue_account if report else "") or order.venue_account,
        (report.id_scope if report else "") or order.id_scope,
    )


def append(
    uow: UnitOfWork,
    order: Order,
    event_type: EventType,
    origin: Origin,
    *,
    fact: LocalFact | None = None,
    report: VenueReport | None = None,
    anomalies: Sequence[Anomaly] = (),
    said: str | None = None,
    report_id: str | None = None,
    executions: Executions | None = None,
    unless_unchanged: bool = False,
) -> OrderEvent | None:
    """Append the next event of an order, let it take effect, keep what follows from it.

    With `unless_unchanged`, an event that changes nothing and is odd in no new way is not kept: returns None.
    """
    before = order.state.copy()
    # An order begins with its first event, also by the clock.
    now = uow.clock.now() if order.last_sequence else order.created_at
    event = OrderEvent(
        account_id=order.account_id,
        order_id=order.order_id,
        sequence=order.last_sequence + 1,
        type=event_type,
        origin=origin,
        recorded_at=now if order.updated_at is None or now >= order.updated_at else order.updated_at,
        prev_hash=order.head,
        said=said,
        report=report,
        fact=fact,
        report_id=report_id,
        anomalies=tuple(anomalies),
        trace=checked_trace(uow.trace),
    )
    fills = _take_effect(uow, order, event, executions)
    if report is not None and event_type is not EventType.CREATED:
        if Anomaly.DUPLICATE_CONFLICT not in anomalies:
            found = quantity_anomalies(before, order.state, report)
            if found:
                event.__dict__["anomalies"] = (*anomalies, *found)
        if unless_unchanged and order.state == before and not anomalies:
            return None
    _keep(uow, order, event, fills, before.split_factor)
    return event


def append_local(
    uow: UnitOfWork,
    order: Order,
    event_type: EventType,
    fact: LocalFact,
    executions: Executions | None = None,
    origin: Origin = Origin.LOCAL,
) -> Recorded:
    """Append an event of ours, unless just this was said before. Another doubt may be closed with the same words.

    Raises: IllegalTransition: the order's state does not allow it.
    """
    said = fact.said_digest(event_type)
    known = uow.events.by_said(order.account_id, order.order_id, said)
    while known is not None and event_type is EventType.RESOLVED and order.state.in_doubt:
        said = said_again(said, str(known.sequence))
        known = uow.events.by_said(order.account_id, order.order_id, said)
    if known is not None:
        return repeated(order.order_id, known.sequence)
    check_command(order, event_type, fact)
    event = append(uow, order, event_type, origin, fact=fact, said=said, executions=executions)
    assert event is not None
    return recorded(event)


def append_again(uow: UnitOfWork, order: Order, event: OrderEvent) -> None:
    """Append an event that was recorded elsewhere, as it is, let it take effect, keep what follows from it."""
    before = order.state.copy()
    fills = _take_effect(uow, order, event, _moved_by(uow, order, event))
    _keep(uow, order, event, fills, before.split_factor)


def _keep(uow: UnitOfWork, order: Order, event: OrderEvent, fills: Sequence[Fill], split_factor: Decimal) -> None:
    """Keep an event that took effect, and everything that follows from it."""
    move_head(order, event)
    uow.events.append(event)
    for fill in fills:
        uow.fills.append(fill)
    if fills:
        positions.moved(uow, fills)
    if fills or order.state.split_factor != split_factor:
        _keep_costs(uow, order, event, fills)
    uow.orders.save(order)
    if keeps_state(event.sequence):
        uow.states.add(state_after(order))


STATE_EVERY = 16
"""After so many events of an order its state is kept: who asks for a past moment has fewer than these to fold."""


def keeps_state(sequence: int) -> bool:
    """Whether the state after this event is kept: it depends on nothing else, so that a rebuild keeps the same."""
    return sequence % STATE_EVERY == 0


def state_after(order: Order) -> StateAfter:
    """The order's state now, as it is kept for those who ask for this moment later."""
    assert order.updated_at is not None
    return StateAfter(
        account_id=order.account_id,
        order_id=order.order_id,
        sequence=order.last_sequence,
        recorded_at=order.updated_at,
        happened_at=order.state.latest_happened_at or order.updated_at,
        state=order.state.copy(),
    )


def _take_effect(uow: UnitOfWork, order: Order, event: OrderEvent, executions: Executions | None) -> list[Fill]:
    if event.type is EventType.VOIDED:
        earlier = uow.events.list(order.account_id, order.order_id, 0, event.sequence - 1)
        held = executions_before(uow, order, event.sequence)
        return apply_void(order, opening(uow, order, earlier[0]), [*earlier, event], held, event)

    def event_of(sequence: int) -> OrderEvent:
        parked = uow.events.get(order.account_id, order.order_id, sequence)
        assert parked is not None
        return parked

    return lifecycle.apply(order, event, Executions() if executions is None else executions, event_of)


def executions_before(uow: UnitOfWork, order: Order, sequence: int) -> Executions:
    """The executions of an order as they were before one of its events."""
    versions = uow.fills.list(order.account_id, order.order_id)
    return Executions(fill for fill in versions if fill.sequence < sequence)


def take_effect_again(uow: UnitOfWork, order: Order, event: OrderEvent) -> None:
    """Let an event that is kept take effect once more on the state that the order had before it; nothing is written.

    It reads what recording it has read: the execution that it moves; for a VOIDED and an ATTRIBUTED what came before.
    """
    _take_effect(uow, order, event, _moved_by(uow, order, event))
    move_head(order, event)


def _moved_by(uow: UnitOfWork, order: Order, event: OrderEvent) -> Executions:
    if not moves_executions(event.type):
        return Executions()
    report = event.report
    if report is None:
        return executions_before(uow, order, event.sequence)
    names = (name for name in (report.exec_ref_id, report.exec_id) if name is not None)
    found = [uow.fills.known_as(order.account_id, order.order_id, name, report.leg) for name in names]
    return Executions(fill for versions in found for fill in versions if fill.sequence < event.sequence)


def opening(uow: UnitOfWork, order: Order, created: OrderEvent):  # type: ignore[no-untyped-def]
    """The state before the first event, from the request or from what CREATED says."""
    request = uow.requests.get(order.request_id) if order.request_id else None
    return opening_state(request.request if request else None, created.report)


def _keep_costs(uow: UnitOfWork, order: Order, event: OrderEvent, fills: Sequence[Fill]) -> None:
    if event.type is EventType.TRADE and len(fills) == 1:
        costs = uow.costs.get(order.account_id, order.order_id) or no_costs(uow, order)
        instrument = instrument_at(uow, order.account_id, order.venue, order.symbol, fills[0].happened_at)
        uow.costs.put(costs.with_fill(fills[0], order.state.cum_quantity, instrument))
    else:
        _recompute_costs(uow, order)


def _recompute_costs(uow: UnitOfWork, order: Order) -> None:
    def instrument_of(fill: Fill) -> Instrument | None:
        return instrument_at(uow, order.account_id, order.venue, order.symbol, fill.happened_at)

    held = Executions(uow.fills.list(order.account_id, order.order_id)).latest()
    uow.costs.put(no_costs(uow, order).recomputed(held, order.state.cum_quantity, instrument_of))


def revalue(uow: UnitOfWork, account_id: str, venue: str, symbol: str) -> None:
    """An instrument became known, or has another version: what was recorded of it is valued by that."""
    if positions.positions_of_facts(uow, account_id, venue, symbol):
        positions.rebuild(uow, account_id, venue, symbol)
    for order in every_order(uow, OrderFilter(account_id=account_id, venue=venue, symbol=symbol)):
        if uow.costs.get(order.account_id, order.order_id) is not None:
            _recompute_costs(uow, order)


def every_order(uow: UnitOfWork, filter: OrderFilter) -> Iterator[Order]:
    """All orders that a filter lets through, page by page."""
    return every(partial(uow.orders.list, filter))


def no_costs(uow: UnitOfWork, order: Order) -> OrderCosts:
    """The costs of an order that nothing was executed of."""
    return no_costs_of(uow, order, uow.requests.get(order.request_id) if order.request_id else None)


def no_costs_of(uow: UnitOfWork, order: Order, request: RecordedRequest | None) -> OrderCosts:
    """The same, of an order whose request is known already."""
    context = request.context if request else None
    return OrderCosts(
        account_id=order.account_id,
        order_id=order.order_id,
        instrument=instrument_at(uow, order.account_id, order.venue, order.symbol, order.created_at),
        side=order.side,
        decision_price=context.decision_price if context else None,
    )
