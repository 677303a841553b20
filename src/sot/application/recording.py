"""What venues say: finding the order, recognising repeats, keeping what is odd, waiting for what is not known yet."""

from collections.abc import Iterator

from sot.application.creating import create_external_order
from sot.application.writing import (
    Recorded,
    append,
    append_local,
    own_identifier,
    recorded,
    repeated,
)
from sot.domain.anomalies import contradicts_order, timing_anomalies
from sot.domain.errors import InvalidInput
from sot.domain.event import LocalFact, OrderEvent, said_again
from sot.domain.execution_effects import moves_executions
from sot.domain.facts import report_digest
from sot.domain.fill import Executions
from sot.domain.order import Order
from sot.domain.replay import voided
from sot.domain.report import VenueReport
from sot.domain.vocabulary import Action, Anomaly, EventType, IdentifierKind, Origin, Outcome
from sot.ports.records import Identifier, UnattributedReport
from sot.ports.store import UnitOfWork


def record(uow: UnitOfWork, report: VenueReport, origin: Origin, answers: str | None = None) -> Recorded:
    """Keep a report: on its order, or waiting until its order is known.

    `answers` is the id of the request that it is the answer to, where that is known: the same words are no repeat when
    they answer another one.
    """
    order = find_order(uow, report)
    if order is None:
        return _keep_waiting(uow, report)
    return _record_on(uow, order, report, origin, answers=answers)


def find_order(uow: UnitOfWork, report: VenueReport) -> Order | None:
    """The order that the first known of its names names; None if no name is known, or the first known is ambiguous."""
    if report.order_id is not None:
        order = uow.orders.get(report.order_id)
        if order is not None and order.account_id == report.account_id:
            return itself(uow, order)
    for kind, value in names(report):
        found = _known_as(uow, report, kind, value)
        if found:
            return found[0] if len(found) == 1 else None
        if kind is IdentifierKind.CLIENT and _waits_for_its_order(uow, report, value):
            return None
    return None


def begins_an_order(uow: UnitOfWork, report: VenueReport) -> bool:
    """Whether no order goes by any of the names, not even one of several, and no request is about to make one."""
    return find_order(uow, report) is None and not any(
        _known_as(uow, report, kind, value)
        or (kind is IdentifierKind.CLIENT and _waits_for_its_order(uow, report, value))
        for kind, value in names(report)
    )


def _known_as(uow: UnitOfWork, report: VenueReport, kind: IdentifierKind, value: str) -> list[Order]:
    """The orders that go by a name which the report gives its order."""
    found = {}
    for identifier, order_id in uow.identifiers.claims(report.account_id, kind, value).orders:
        if _fits(identifier, report):
            order = itself(uow, uow.orders.get(order_id))
            if order is not None:
                found[order.order_id] = order
    return list(found.values())


def _waits_for_its_order(uow: UnitOfWork, report: VenueReport, client_order_id: str) -> bool:
    """Whether the name is that of a new order which was submitted, and is not sent yet: the report is about that."""
    for known in uow.requests.by_key(report.account_id, client_order_id, client_order_id):
        request = known.request
        named = Identifier(
            request.account_id,
            IdentifierKind.CLIENT,
            request.client_order_id or "",
            request.venue or "",
            request.venue_account,
            request.id_scope,
        )
        unsent = request.action is Action.NEW and known.order_id is None
        if unsent and request.client_order_id == client_order_id and _fits(named, report):
            return True
    return False


def itself(uow: UnitOfWork, order: Order | None) -> Order | None:
    """The order, or the one that it turned out to be."""
    while order is not None and order.state.attributed_to is not None:
        order = uow.orders.get(order.state.attributed_to)
    return order


def names(report: VenueReport) -> Iterator[tuple[IdentifierKind, str]]:
    """The names that a report gives its order, in the order in which they count."""
    if report.client_order_id is not None:
        yield IdentifierKind.CLIENT, report.client_order_id
    if report.venue_order_id is not None and report.venue is not None:
        yield IdentifierKind.VENUE, report.venue_order_id
    if report.orig_client_order_id is not None:
        yield IdentifierKind.CLIENT, report.orig_client_order_id


def _fits(identifier: Identifier, report: VenueReport) -> bool:
    return (
        report.venue in (None, identifier.venue)
        and report.venue_account in ("", identifier.venue_account)
        and report.id_scope in ("", identifier.id_scope)
    )


def _keep_waiting(uow: UnitOfWork, report: VenueReport) -> Recorded:
    said = report.said_digest
    if uow.reports.by_said(report.account_id, said) is not None:
        return repeated(None, None)
    report_id = uow.ids.new_id()
    waiting = UnattributedReport(
        report_id=report_id,
        report=report,
        recorded_at=uow.clock.now(),
        said=said,
        hash=report_digest(report),
    )
    uow.reports.add(waiting, list(names(report)))
    anomalies = [Anomaly.UNKNOWN_REFERENCE]
    names_symbol = report.symbol is not None and report.venue is not None
    if names_symbol and not uow.instruments.versions(report.account_id, report.venue or "", report.symbol or ""):
        anomalies.insert(0, Anomaly.UNKNOWN_INSTRUMENT)
    return Recorded(outcome=Outcome.FLAGGED, anomalies=tuple(anomalies))


def _record_on(
    uow: UnitOfWork,
    order: Order,
    report: VenueReport,
    origin: Origin,
    report_id: str | None = None,
    answers: str | None = None,
) -> Recorded:
    _join_twins(uow, order, report)
    said = None if report.identity else _said(report, answers)
    event_type, anomalies, earlier = _recognised(uow, order, report, said)
    if earlier is not None:
        learn(uow, order, report)
        return repeated(order.order_id, earlier.sequence)
    executions = None
    if Anomaly.DUPLICATE_CONFLICT not in anomalies:
        executions = _referenced(uow, order, report, event_type)
        anomalies += _oddities(uow, order, report, event_type, executions)
    new_names = _unknown_names(uow, order, report)
    event = append(
        uow,
        order,
        event_type,
        origin,
        report=report,
        fact=None if answers is None else LocalFact(request_id=answers),
        anomalies=anomalies,
        said=said,
        report_id=report_id,
        executions=executions,
        unless_unchanged=event_type is EventType.ORDER_STATUS and not new_names,
    )
    take_names(uow, order, new_names)
    return repeated(order.order_id, order.last_sequence) if event is None else recorded(event)


def take_in(uow: UnitOfWork, report: VenueReport, origin: Origin, actor: str | None = None) -> bool:
    """Make an external order of what a report tells, unless its order is known, or about to be made; whether it did.

    Raises: InvalidInput: the report has no venue or symbol, or names the order by no id.
    """
    if not begins_an_order(uow, report):
        return False
    for field in ("venue", "symbol"):
        if getattr(report, field) is None:
            raise InvalidInput(field, None, "a value: an external order needs it")
    if not list(names(report)):
        raise InvalidInput("venue_order_id", None, "an id of the order")
    order = create_external_order(uow, report, origin, actor)
    learn(uow, order, report, all_names=True)
    return True


def _join_twins(uow: UnitOfWork, order: Order, report: VenueReport) -> None:
    """An external order that goes by the venue's id in a report of this order is this order.

    It was found at the venue before anybody knew whose it is; its executions are those of this order, and count once.
    """
    name = report.venue_order_id
    if name is None or name == order.state.venue_order_id or report.venue not in (None, order.venue):
        return
    wanted = own_identifier(order, IdentifierKind.VENUE, name, report)
    for identifier, order_id in uow.identifiers.claims(order.account_id, IdentifierKind.VENUE, name).orders:
        twin = uow.orders.get(order_id) if identifier == wanted and order_id != order.order_id else None
        if twin is not None and _is_twin(twin, order):
            client_order_id = report.client_order_id or order.client_order_id
            reason = f"the venue reports {name} as the id of client order id {client_order_id}"
            fact = LocalFact(attributed_order_id=order.order_id, reason=reason)
            attributed(uow, twin, order, fact, Origin.RECONCILIATION)


def _is_twin(twin: Order, order: Order) -> bool:
    external = twin.request_id is None and twin.state.at_venue and twin.state.attributed_to is None
    return external and twin.symbol == order.symbol and twin.side in (None, order.side)


def attributed(
    uow: UnitOfWork, external: Order, order: Order, fact: LocalFact, origin: Origin = Origin.LOCAL
) -> Recorded:
    """An external order is this one: what the venue said of it is recorded here, and counts here alone.

    Raises: IllegalTransition: nothing is known of the external order at the venue, or it was attributed before.
    """
    events = uow.events.list(external.account_id, external.order_id)
    void = voided(events)
    facts = [event for event in events[1:] if event.sequence not in void]  # CREATED tells terms, not facts
    said = [event.report for event in facts if event.report is not None]
    executions = Executions(uow.fills.list(external.account_id, external.order_id))
    result = append_local(uow, external, EventType.ATTRIBUTED, fact, executions, origin)
    if result.outcome is not Outcome.REPEATED:
        for report in said:
            record(uow, report.changed(order_id=order.order_id), Origin.RECONCILIATION)
    return result


def _said(report: VenueReport, answers: str | None) -> str:
    """The digest of what a report says; of the answer to a request (`answers`), also of which one it answers."""
    return report.said_digest if answers is None else said_again(report.said_digest, answers)


def _recognised(
    uow: UnitOfWork, order: Order, report: VenueReport, said: str | None
) -> tuple[EventType, list[Anomaly], OrderEvent | None]:
    """What a report is beside the earlier ones of the same execution: (event type, anomalies, the event it repeats).

    `said` is the digest by which a report without an identity is recognised.
    """
    if said is not None:
        known = uow.events.by_said(order.account_id, order.order_id, said)
        conflict = known is None and _contradicts_fill(uow, order, report)
        return report.type, [Anomaly.DUPLICATE_CONFLICT] if conflict else [], known
    assert report.identity is not None
    earlier = _of_execution(uow, order, *report.identity)
    for event in earlier:
        assert event.report is not None
        added, contradicted = report.compared(event.report)
        if not added and not contradicted:
            return report.type, [], event
    originals = [event for event in earlier if _original(event)]
    if not any(event.type is not EventType.SUPPLEMENTED for event in originals):
        return report.type, [], None
    if _contradicted(report, originals):
        return report.type, [Anomaly.DUPLICATE_CONFLICT], None
    if not _added(report, originals):
        return report.type, [], originals[0]
    return EventType.SUPPLEMENTED, [], None


def _contradicts_fill(uow: UnitOfWork, order: Order, report: VenueReport) -> bool:
    """Whether a report that completes an execution says otherwise than what is known of it."""
    if report.type is not EventType.SUPPLEMENTED or report.exec_ref_id is None:
        return False
    versions = uow.fills.known_as(order.account_id, order.order_id, report.exec_ref_id, report.leg)
    if not versions:
        return False
    held = versions[-1]
    return any(
        said and before and said != before
        for said, before in ((report.fees, held.fees), (report.liquidity, held.liquidity))
    )


def _of_execution(uow: UnitOfWork, order: Order, exec_id: str, leg: str) -> list[OrderEvent]:
    return list(uow.events.by_execution(order.account_id, order.order_id, exec_id, leg))


def _original(event: OrderEvent) -> bool:
    return Anomaly.DUPLICATE_CONFLICT not in event.anomalies


def _merged(originals: list[OrderEvent]) -> VenueReport:
    merged = originals[0].report
    assert merged is not None
    for event in originals[1:]:
        assert event.report is not None
        merged = merged.merged(event.report)
    return merged


def _contradicted(report: VenueReport, originals: list[OrderEvent]) -> bool:
    named = {"type", "exec_id", "exec_ref_id"} if report.type is EventType.SUPPLEMENTED else set()
    return bool(set(report.compared(_merged(originals))[1]) - named)


def _added(report: VenueReport, originals: list[OrderEvent]) -> bool:
    return bool(report.compared(_merged(originals))[0])


def _referenced(uow: UnitOfWork, order: Order, report: VenueReport, event_type: EventType) -> Executions | None:
    """The execution that the report corrects, busts or completes, for the event to work on."""
    if not moves_executions(event_type):
        return None
    named = _reference(report)
    if named is None:
        return Executions()
    return Executions(uow.fills.known_as(order.account_id, order.order_id, named, report.leg))


def _reference(report: VenueReport) -> str | None:
    return report.exec_ref_id or (report.exec_id if report.type in _SELF_NAMING else None)


_SELF_NAMING = (EventType.TRADE, EventType.SUPPLEMENTED)


def _oddities(
    uow: UnitOfWork, order: Order, report: VenueReport, event_type: EventType, executions: Executions | None
) -> list[Anomaly]:
    found = []
    known = order.request_id is not None and report.symbol in (None, order.symbol)
    if not known:
        symbol = report.symbol or order.symbol
        known = bool(uow.instruments.versions(order.account_id, order.venue, symbol))
    if not known:
        found.append(Anomaly.UNKNOWN_INSTRUMENT)
    trades_without_side = event_type is EventType.TRADE and report.side is None and order.side is None
    invalid = bool(report.senseless()) or trades_without_side or contradicts_order(order, report, known)
    if invalid:
        found.append(Anomaly.INVALID)
    elif executions is not None and _corrects(event_type, report):
        named = _reference(report)
        if named is not None and executions.find(named, report.leg) is None:
            found.append(Anomaly.UNKNOWN_REFERENCE)
    if event_type is not EventType.SUPPLEMENTED:
        found += timing_anomalies(order.state, report)
    return found


def _corrects(event_type: EventType, report: VenueReport) -> bool:
    """A repeat that only adds to a report that was no execution (an acknowledgement) refers to no fill."""
    return event_type is not EventType.SUPPLEMENTED or report.type is EventType.SUPPLEMENTED


def _unknown_names(uow: UnitOfWork, order: Order, report: VenueReport, all_names: bool = False) -> list[Identifier]:
    """The names in the report that are nobody's yet: they become the order's.

    The order's present names are known already, unless `all_names` are to be looked up.
    """
    state = order.state
    known = report.client_order_id in (None, state.client_order_id) and report.venue_order_id in (
        None,
        state.venue_order_id,
    )
    if known and not (all_names or report.venue_account or report.id_scope):
        return []
    found = []
    for kind, value, current in (
        (IdentifierKind.CLIENT, report.client_order_id, order.state.client_order_id),
        (IdentifierKind.VENUE, report.venue_order_id, order.state.venue_order_id),
    ):
        if value is None:
            continue
        if value == current and not (all_names or report.venue_account or report.id_scope):
            continue
        if report.venue not in (None, order.venue):
            continue
        identifier = own_identifier(order, kind, value, report)
        claims = uow.identifiers.claims(order.account_id, kind, value)
        if not any(taken == identifier for taken, _ in claims.orders):
            found.append(identifier)
    return found


def learn(uow: UnitOfWork, order: Order, report: VenueReport, all_names: bool = False) -> None:
    """Take up the report's new names for the order, and the reports that were waiting for one of them."""
    take_names(uow, order, _unknown_names(uow, order, report, all_names))


def take_names(uow: UnitOfWork, order: Order, identifiers: list[Identifier]) -> None:
    """The order goes by these names from now on; reports that were waiting for one of them are recorded."""
    due: dict[str, None] = {}
    for identifier in identifiers:
        due.update(dict.fromkeys(uow.identifiers.claims(order.account_id, identifier.kind, identifier.value).waiting))
        uow.identifiers.add(identifier, order.order_id)
    for report_id in sorted(due):
        waiting = uow.reports.get(order.account_id, report_id)
        assert waiting is not None
        found = find_order(uow, waiting.report)
        if found is not None and uow.reports.waits(waiting):
            uow.reports.attributed(waiting)
            _record_on(uow, found, waiting.report, Origin.VENUE, report_id)
