"""Corrections by people: void an event, state an execution anew, resolve a doubt, attribute an external order."""

from sot.application.orders.anomalies import detect_anomalies, referenced_executions
from sot.application.orders.attribution import contradicted_term
from sot.application.orders.duplicates import Classified
from sot.application.orders.event_log import append, append_local
from sot.application.orders.identifiers import assign_identifiers, new_identifiers
from sot.application.orders.lookup import get_order
from sot.application.orders.reports import attribute_external_order, record_waiting
from sot.application.support.record_result import RecordResult
from sot.domain.orders.event import LocalFact
from sot.domain.orders.fill import Executions, Fill
from sot.domain.orders.order import Order
from sot.domain.orders.replay import voided
from sot.domain.orders.report import VenueReport
from sot.domain.values.errors import IllegalTransition, InvalidInput
from sot.domain.values.given import OrderStatusGiven, TimeGiven
from sot.domain.values.vocabulary import Anomaly, EventType, Origin
from sot.ports.store import UnitOfWork


def void(
    uow: UnitOfWork,
    order_id: str,
    sequence: int | None,
    exec_id: str | None,
    leg: str,
    reason: str,
    actor: str | None,
    occurred_at: TimeGiven | None,
) -> RecordResult:
    """Void an earlier event; see `OrderHistory.void`.

    Rules: EVENT-6, EVENT-VOIDED-1.
    """
    order = get_order(uow, order_id)
    if sequence is None:
        if exec_id is None:
            raise InvalidInput("sequence", None, "the sequence or the exec_id of the event that was wrong")
        sequence = _sequence_of(uow, order, exec_id, leg)
    if not 1 < sequence <= order.last_sequence:
        raise InvalidInput("sequence", sequence, f"an event of this order, from 2 to {order.last_sequence}")
    fact = LocalFact(target_sequence=sequence, reason=reason, actor=actor, occurred_at=occurred_at)
    # The content digest is read last, so that a void by another transaction at the same time is seen as a repeat.
    is_void = sequence in voided(uow.events.list(order.account_id, order_id))
    if (
        is_void
        and uow.events.by_content_digest(order.account_id, order_id, fact.content_digest(EventType.VOIDED)) is None
    ):
        raise IllegalTransition(order_id, order.status, EventType.VOIDED, f"event {sequence} is void already")
    return append_local(uow, order, EventType.VOIDED, fact)


def _sequence_of(uow: UnitOfWork, order: Order, exec_id: str, leg: str) -> int:
    """The sequence of the event to void for an execution id: the one that states the execution, as far as it counts.

    Where none counts any more it is the one that became void last, so that voiding it once more is a repeat.
    """
    events = uow.events.list(order.account_id, order.order_id)
    told = [e for e in events if e.report is not None and (e.report.exec_id, e.report.leg) == (exec_id, leg)]
    if not told:
        raise InvalidInput("exec_id", exec_id, "an exec_id that was recorded for this order")
    void = voided(events)
    effective = [event for event in told if Anomaly.DUPLICATE_CONFLICT not in event.anomalies] or told
    stating = [event for event in effective if event.type is not EventType.SUPPLEMENTED] or effective
    held = Executions(uow.fills.by_exec_id(order.account_id, order.order_id, exec_id, leg)).find(exec_id, leg)
    ended = [event for event in stating if event.sequence in void] if held is not None and held.busted else []
    return (ended or [event for event in stating if event.sequence not in void] or stating)[-1].sequence


def restate(
    uow: UnitOfWork, order: Order, report: VenueReport, origin: Origin, reason: str, actor: str | None
) -> RecordResult:
    """State an execution of an order anew, whose earlier tellings are void or had no effect.

    It is an execution of its own, with its own time, and the event says why and by whom. As a report, the same words as
    those of an event that is void would be a repeat.

    Args:
        uow: The unit of work.
        order: The order.
        report: A TRADE with an `exec_id`.
        origin: Where it came from.
        reason: Why the earlier tellings were wrong.
        actor: Who says so.

    Raises:
        InvalidInput: The order was never told of this execution, or a telling of it counts.

    Rules: EXEC-18.
    """
    told = (
        [] if report.identity is None else uow.events.by_execution(order.account_id, order.order_id, *report.identity)
    )
    if report.type is not EventType.TRADE or not told or current_execution(uow, order, report) is not None:
        raise InvalidInput("exec_id", report.exec_id, "an execution of the order whose events are void")
    classified = Classified(event_type=EventType.TRADE)
    executions = referenced_executions(uow, order, report, classified)
    anomalies = detect_anomalies(uow, order, report, classified, executions)
    fact = LocalFact(target_sequence=told[-1].sequence, reason=reason, actor=actor)
    identifiers = new_identifiers(uow, order, report)
    event = append(
        uow, order, EventType.TRADE, origin, report=report, fact=fact, anomalies=anomalies, executions=executions
    )
    assert event is not None
    record_waiting(uow, order.account_id, assign_identifiers(uow, order, identifiers))
    return RecordResult.of_event(event)


def current_execution(uow: UnitOfWork, order: Order, report: VenueReport) -> Fill | None:
    """The execution of an order that a report names, if it counts."""
    if report.exec_id is None:
        return None
    versions = uow.fills.by_exec_id(order.account_id, order.order_id, report.exec_id, report.leg)
    held = Executions(versions).find(report.exec_id, report.leg)
    return None if held is None or held.busted else held


def resolve(
    uow: UnitOfWork,
    order_id: str,
    status: OrderStatusGiven | None,
    reason: str,
    actor: str | None,
    occurred_at: TimeGiven | None,
) -> RecordResult:
    """Close what is in doubt by the decision of a person; see `OrderHistory.resolve`.

    Rules: EVENT-6.
    """
    fact = LocalFact(resolved_status=status, reason=reason, actor=actor, occurred_at=occurred_at)
    return append_local(uow, get_order(uow, order_id), EventType.RESOLVED, fact)


def attribute(
    uow: UnitOfWork,
    external_order_id: str,
    order_id: str,
    reason: str,
    actor: str | None,
    occurred_at: TimeGiven | None,
) -> RecordResult:
    """Attribute an external order to one of ours; see `OrderHistory.attribute`.

    Rules: EVENT-6.
    """
    external, order = get_order(uow, external_order_id), get_order(uow, order_id)
    if external.request_id is not None:
        raise InvalidInput("external_order_id", external_order_id, "an order that no request of ours made")
    if (order.account_id, order.venue) != (external.account_id, external.venue) or order is external:
        raise InvalidInput("order_id", order_id, "another order of the same account and venue")
    if order.state.attributed_to is not None:
        raise InvalidInput("order_id", order_id, f"order {order.state.attributed_to}, which it turned out to be")
    term = contradicted_term(uow, external, order)
    if term is not None:
        raise InvalidInput(
            "order_id", order_id, f"an order with the {term} {getattr(external, term)}, as {external_order_id} has"
        )
    fact = LocalFact(attributed_order_id=order_id, reason=reason, actor=actor, occurred_at=occurred_at)
    return attribute_external_order(uow, external, order, fact)
