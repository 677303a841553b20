"""Append events to orders: the one place where an event is made, applied and kept."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from sot.application.accounting import positions
from sot.application.accounting.costs import update_costs
from sot.application.orders.apply import AppliedFills, apply_event, executions_moved_by
from sot.application.orders.state_snapshots import keeps_state, state_after
from sot.application.support.record_result import RecordResult
from sot.domain.orders.anomalies import quantity_anomalies
from sot.domain.orders.commands import check_command
from sot.domain.orders.event import LocalFact, OrderEvent, checked_trace, repeat_digest
from sot.domain.orders.fill import Executions
from sot.domain.orders.order import Order
from sot.domain.orders.replay import move_head
from sot.domain.orders.report import VenueReport
from sot.domain.orders.state import OrderState
from sot.domain.orders.terms import states_terms, terms_anomalies
from sot.domain.values.vocabulary import Anomaly, EventType, Origin
from sot.ports.store import UnitOfWork

AddsNothing = Callable[[OrderState, Order], bool]

NO_TERMS: Mapping[str, Decimal] = {}


def append(
    uow: UnitOfWork,
    order: Order,
    event_type: EventType,
    origin: Origin,
    *,
    fact: LocalFact | None = None,
    report: VenueReport | None = None,
    anomalies: Sequence[Anomaly] = (),
    content_digest: str | None = None,
    report_id: str | None = None,
    executions: Executions | None = None,
    asked: Mapping[str, Decimal] = NO_TERMS,
    adds_nothing: AddsNothing | None = None,
    is_repeat: bool = False,
) -> OrderEvent | None:
    """Append the next event of an order: apply it, and store it with everything that follows from it.

    Args:
        uow: The unit of work.
        order: The order; its state and head are changed.
        event_type: What the event states.
        origin: Where it came from.
        fact: What we state; for a venue's refusal, the request that it answers.
        report: What the venue reported.
        anomalies: What is odd about the report, but for its quantities.
        content_digest: The digest by which a repeat is recognised; None where an execution id does that.
        report_id: The waiting report that the event takes up.
        executions: The executions that it refers to.
        asked: The terms that a replace request asked for, which the report answers.
        adds_nothing: Tells, by the state before and the order after it, whether the event is not stored.
        is_repeat: Whether the report only brings identifiers: its quantities and terms are those of another time.

    Returns:
        The event; None if it was not stored.

    Rules: ANOMALY-ORDER, TRACE-1.
    """
    state = order.state
    executed, split_factor = state.cum_quantity, state.split_factor
    has_terms = report is not None and states_terms(report)
    before = state.copy() if has_terms or adds_nothing is not None else state
    draft = OrderEvent(
        account_id=order.account_id,
        order_id=order.order_id,
        sequence=order.last_sequence + 1,
        type=event_type,
        origin=origin,
        recorded_at=_time_of_recording(uow, order),
        prev_hash=order.head,
        content_digest=content_digest,
        report=report,
        fact=fact,
        report_id=report_id,
        anomalies=tuple(anomalies),
        trace=None if uow.trace is None else checked_trace(uow.trace),
    )
    applied = apply_event(uow, order, draft, executions)
    found: list[Anomaly] = []
    if report is not None and event_type is not EventType.CREATED:
        if adds_nothing is not None and adds_nothing(before, order):
            order.state = before
            return None
        if Anomaly.DUPLICATE_CONFLICT not in anomalies and not is_repeat:
            found = quantity_anomalies(executed, order.state, report)
            if has_terms:
                found += terms_anomalies(before, order, report, asked)
    event = draft.with_anomalies(found)
    _store(uow, order, event, applied, split_factor)
    return event


def _time_of_recording(uow: UnitOfWork, order: Order) -> datetime:
    """The time of an order's next event: that of its creation for the first one, and never before the last one."""
    now, latest = uow.clock.now() if order.last_sequence else order.created_at, order.updated_at
    return now if latest is None or now > latest else latest


def append_local(
    uow: UnitOfWork,
    order: Order,
    event_type: EventType,
    fact: LocalFact,
    executions: Executions | None = None,
    origin: Origin = Origin.LOCAL,
) -> RecordResult:
    """Append an event of ours, unless the same was recorded before. A new doubt may be resolved with the same words.

    Raises:
        IllegalTransition: The order's state does not allow it.

    Rules: EVENT-5.
    """
    digest = fact.content_digest(event_type)
    known = uow.events.by_content_digest(order.account_id, order.order_id, digest)
    while known is not None and event_type is EventType.RESOLVED and order.state.in_doubt:
        digest = repeat_digest(digest, str(known.sequence))
        known = uow.events.by_content_digest(order.account_id, order.order_id, digest)
    if known is not None:
        return RecordResult.repeat(order.order_id, known.sequence)
    check_command(order, event_type, fact)
    event = append(uow, order, event_type, origin, fact=fact, content_digest=digest, executions=executions)
    assert event is not None
    return RecordResult.of_event(event)


def append_again(uow: UnitOfWork, order: Order, event: OrderEvent) -> None:
    """Append an event that was recorded elsewhere, as it is, and store everything that follows from it."""
    split_factor = order.state.split_factor
    applied = apply_event(uow, order, event, executions_moved_by(uow, order, event))
    _store(uow, order, event, applied, split_factor)


def _store(uow: UnitOfWork, order: Order, event: OrderEvent, applied: AppliedFills, split_factor: Decimal) -> None:
    """Store an event that was applied: fills, positions, costs, the order's row, and its state where it is kept."""
    move_head(order, event)
    uow.events.append(event)
    fills = applied.fills
    for fill in fills:
        uow.fills.append(fill)
    if applied.since is not None:
        positions.apply_fills(uow, fills, applied.since)
    if fills or order.state.split_factor != split_factor:
        update_costs(uow, order, event, fills)
    uow.orders.save(order)
    if keeps_state(event.sequence):
        uow.states.add(state_after(order))
