"""Record venue reports: the use case behind `OrderHistory.record` and `OrderHistory.adopt`.

The way of one report:

1. match it to its order (`matching`), or keep it until its order is known;
2. attribute the external orders that it shows to be this order (`attribution`);
3. tell a repeat from a new fact (`duplicates`), and detect what is odd about it (`anomalies`);
4. append its event, with everything that follows from it (`event_log`);
5. give the order its new identifiers (`identifiers`), and record the reports that waited for one of them.

All that a report changes follows from events. One that repeats what is known has an event all the same if it brings an
identifier (SUPPLEMENTED), or if it waited for its order (SUPPLEMENTED without a report, with the id of the one that
waited).
"""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from sot.application.accounting.positions import folding_together
from sot.application.orders.anomalies import detect_anomalies, referenced_executions, waiting_anomalies
from sot.application.orders.attribution import append_attribution, external_orders_named, leg_orders_named
from sot.application.orders.creation import create_external_order
from sot.application.orders.duplicates import Classified, classify_duplicate, unused_digest
from sot.application.orders.event_log import NO_TERMS, AddsNothing, append
from sot.application.orders.identifiers import assign_identifiers, assign_identifiers_of_head, new_identifiers
from sot.application.orders.matching import Lock, Match, find_order, is_new_order, match
from sot.application.orders.ordinary import record_ordinary
from sot.application.support.record_result import RecordResult
from sot.domain.audit.digests import report_digest
from sot.domain.orders.event import LocalFact, repeat_digest
from sot.domain.orders.fill import Executions
from sot.domain.orders.order import Order
from sot.domain.orders.polls import is_history, is_unchanged, says_nothing_new
from sot.domain.orders.records import UnattributedReport
from sot.domain.orders.report import VenueReport
from sot.domain.orders.terms import asked_terms
from sot.domain.orders.venue_effects import answered_request
from sot.domain.values.errors import InvalidInput
from sot.domain.values.vocabulary import Action, Anomaly, EventType, Origin, Outcome
from sot.ports.store import UnitOfWork


def record(
    uow: UnitOfWork, report: VenueReport, origin: Origin, answered_request_id: str | None = None
) -> RecordResult:
    """Record a report on its order, or keep it until its order is known.

    `answered_request_id` is the request that it answers, where that is known: the same content is no repeat when it
    answers another request.

    Rules: ERROR-2.
    """
    if answered_request_id is None:
        result = record_ordinary(uow, report, origin)
        if result is not None:
            return result
    # An order that gets one of its identifiers at the same time must not miss that it starts to wait.
    found = match(uow, report, Lock.UNKNOWN)
    if found.order is None and found.candidates:
        found = match(uow, report, Lock.ALL)
    order = found.order
    if order is None:
        return _keep_waiting(uow, report, found)
    result, released = _record_on_order(uow, order, report, origin, answered_request_id)
    if released:
        record_waiting(uow, order.account_id, released)
    return result


def record_many(uow: UnitOfWork, reports: Sequence[VenueReport], origin: Origin) -> list[RecordResult]:
    """Record reports one after the other, with what they need read together, and positions folded again once."""
    uow.read_ahead(reports)
    with folding_together(uow):
        return [record(uow, report, origin) for report in reports]


def record_waiting(uow: UnitOfWork, account_id: str, report_ids: Iterable[str]) -> None:
    """Record reports that waited for an identifier which an order has now.

    Each may give its order further identifiers; the reports that waited for those are recorded next.

    Rules: NAME-16.
    """
    due = deque(report_ids)
    while due:
        waiting = uow.reports.get(account_id, due.popleft())
        assert waiting is not None
        order = find_order(uow, waiting.report)
        if order is not None and uow.reports.is_waiting(waiting):
            uow.reports.mark_attributed(waiting)
            _, released = _record_on_order(uow, order, waiting.report, Origin.VENUE, report_id=waiting.report_id)
            due.extendleft(reversed(released))


def record_attributed(uow: UnitOfWork, order: Order, waiting: UnattributedReport) -> RecordResult:
    """Record a waiting report on an order that a person named.

    Rules: NAME-16.
    """
    report = waiting.report.changed(order_id=order.order_id)
    uow.reports.mark_attributed(waiting)
    result, released = _record_on_order(uow, order, report, Origin.RECONCILIATION, report_id=waiting.report_id)
    record_waiting(uow, order.account_id, released)
    return result


def adopt_external_order(uow: UnitOfWork, report: VenueReport, origin: Origin, actor: str | None = None) -> bool:
    """Create an external order from a report, unless its order is known or about to be made; returns whether it did.

    Raises:
        InvalidInput: The report has no venue or symbol, or carries no identifier of the order.

    Rules: NAME-17, NAME-19.
    """
    if not is_new_order(uow, report):
        return False
    for field in ("venue", "symbol"):
        if getattr(report, field) is None:
            raise InvalidInput(field, None, "a value: an external order needs it")
    if not any(report.identifiers()):
        raise InvalidInput("venue_order_id", None, "an id of the order")
    order = create_external_order(uow, report, origin, actor)
    released = assign_identifiers_of_head(uow, order)
    for of_leg, fact in list(leg_orders_named(uow, order, report)):
        attribute_external_order(uow, of_leg, order, fact, Origin.RECONCILIATION)
    record_waiting(uow, order.account_id, released)
    return True


def attribute_external_order(
    uow: UnitOfWork, external: Order, order: Order, fact: LocalFact, origin: Origin = Origin.LOCAL
) -> RecordResult:
    """Attribute an external order to an order, and record there what the venue reported of it.

    Raises:
        IllegalTransition: The venue has reported nothing of the external order, or it was attributed before.

    Rules: NAME-20.
    """
    result, reports = append_attribution(uow, external, fact, origin)
    for report in reports:
        record(uow, report.changed(order_id=order.order_id), Origin.RECONCILIATION)
    return result


def _keep_waiting(uow: UnitOfWork, report: VenueReport, found: Match) -> RecordResult:
    digest, known = content_of_waiting(uow, report)
    if known is not None:
        return RecordResult.repeat()
    waiting = UnattributedReport(
        report_id=uow.ids.new_id(),
        report=report,
        recorded_at=uow.clock.now(),
        content_digest=digest,
        hash=report_digest(report),
    )
    uow.reports.add(waiting, list(report.identifiers()))
    return RecordResult(outcome=Outcome.FLAGGED, anomalies=waiting_anomalies(uow, report, found))


def _adds_nothing(report: VenueReport, classified: Classified, anomalies: Sequence[Anomaly]) -> AddsNothing | None:
    """The condition on which a report is not stored; None for one that always is."""
    if classified.unless_unchanged is not None:
        return lambda before, order: is_unchanged(before, order.state)
    if classified.event_type is EventType.ORDER_STATUS and not anomalies:
        return lambda before, order: says_nothing_new(before, order, report)
    return None


def _asked_terms(uow: UnitOfWork, order: Order, report: VenueReport) -> Mapping[str, Decimal]:
    """The terms of the replace request that a REPLACED answers.

    Rules: ANOMALY-TERMS_DIFFER.
    """
    if report.type is not EventType.REPLACED:
        return NO_TERMS
    answered = answered_request(order.state, Action.REPLACE, report)
    if answered is None or answered.request_id is None:
        return NO_TERMS
    request = uow.requests.get(answered.request_id)
    return NO_TERMS if request is None else asked_terms(request.request)


def content_of_waiting(uow: UnitOfWork, report: VenueReport) -> tuple[str, UnattributedReport | None]:
    """The digest of a report whose order is not known, and the same report, if it was recorded before.

    Reports with the same content that the venue numbers differently are told apart. So is a statement without a time
    that another report of the same order has followed: it may say something new again.

    Rules: NAME-15.
    """
    own, *others = [_among_waiting(uow, report, digest) for digest in report.repeated_digests]
    return own[0], next((known for _, known in (own, *others) if known is not None), None)


def _among_waiting(uow: UnitOfWork, report: VenueReport, digest: str) -> tuple[str, UnattributedReport | None]:
    while (known := uow.reports.by_content_digest(report.account_id, digest)) is not None:
        sequences = (report.venue_sequence, known.report.venue_sequence)
        if sequences[0] == sequences[1] is not None:
            return digest, known
        if None in sequences and not _was_followed(uow, report, known):
            return digest, known
        digest = repeat_digest(digest, known.report_id)
    return digest, None


def _was_followed(uow: UnitOfWork, report: VenueReport, known: UnattributedReport) -> bool:
    """Whether other reports that wait for the order of a statement came after the same statement."""
    if report.occurred_at is not None or report.identity is not None or report.type in _ALWAYS_REPEATS:
        return False
    waiting = {
        report_id
        for kind, value in report.identifiers()
        for report_id in uow.identifiers.claims(report.account_id, kind, value).waiting
    }
    return any(report_id > known.report_id for report_id in waiting)


_ALWAYS_REPEATS = frozenset({EventType.TRADE, EventType.SUPPLEMENTED})
"""Types that are repeats in the same words, unless the venue numbers them."""


def _record_on_order(
    uow: UnitOfWork,
    order: Order,
    report: VenueReport,
    origin: Origin,
    answered_request_id: str | None = None,
    report_id: str | None = None,
) -> tuple[RecordResult, list[str]]:
    """Record a report on its order; returns the ids of the waiting reports that it released, too.

    Rules: EVENT-1, STATUS-9.
    """
    for external, fact in external_orders_named(uow, order, report):
        attribute_external_order(uow, external, order, fact, Origin.RECONCILIATION)
    if report.type is EventType.ORDER_STATUS and is_history(order.state, report):
        return _record_repeat(uow, order, report, origin, order.last_sequence, report_id)
    classified = classify_duplicate(uow, order, report, answered_request_id)
    if classified.repeats is not None:
        return _record_repeat(uow, order, report, origin, classified.repeats.sequence, report_id)
    executions, anomalies = None, classified.anomalies
    if not classified.contradicts:
        executions = referenced_executions(uow, order, report, classified)
        anomalies = detect_anomalies(uow, order, report, classified, executions)
    identifiers = new_identifiers(uow, order, report)
    event = append(
        uow,
        order,
        classified.event_type,
        origin,
        report=report,
        fact=None if answered_request_id is None else LocalFact(request_id=answered_request_id),
        anomalies=anomalies,
        content_digest=classified.content_digest,
        report_id=report_id,
        executions=executions,
        asked=_asked_terms(uow, order, report),
        adds_nothing=None if identifiers or report_id else _adds_nothing(report, classified, anomalies),
    )
    released = assign_identifiers(uow, order, identifiers)
    if event is None:
        repeated = classified.unless_unchanged
        return RecordResult.repeat(order.order_id, repeated.sequence if repeated else order.last_sequence), released
    return RecordResult.of_event(event), released


def _record_repeat(
    uow: UnitOfWork, order: Order, report: VenueReport, origin: Origin, repeats: int, report_id: str | None
) -> tuple[RecordResult, list[str]]:
    """Record what a report adds that says what the order knows: identifiers, and that it waits no more.

    Args:
        uow: The unit of work.
        order: The order.
        report: The report.
        origin: Where it came from.
        repeats: The sequence of the event that says the same.
        report_id: The id of the waiting report.

    Rules: EVENT-1, STATUS-9, NAME-16.
    """
    identifiers = new_identifiers(uow, order, report)
    if identifiers:
        digest = None if report.identity else unused_digest(uow, order, report)
        event = append(
            uow,
            order,
            EventType.SUPPLEMENTED,
            origin,
            report=report,
            content_digest=digest,
            report_id=report_id,
            executions=_executions_named(uow, order, report),
            is_repeat=True,
        )
        assert event is not None
        return RecordResult.of_event(event), assign_identifiers(uow, order, identifiers)
    if report_id is not None:
        at = report.occurred_at or report.received_at
        fact = LocalFact(reason=f"report {report_id} says what event {repeats} says", occurred_at=at)
        digest = fact.content_digest(EventType.SUPPLEMENTED)
        append(uow, order, EventType.SUPPLEMENTED, origin, fact=fact, content_digest=digest, report_id=report_id)
    return RecordResult.repeat(order.order_id, repeats), []


def _executions_named(uow: UnitOfWork, order: Order, report: VenueReport) -> Executions | None:
    """The executions that a report refers to which repeats what is known."""
    return referenced_executions(uow, order, report, Classified(event_type=EventType.SUPPLEMENTED))
