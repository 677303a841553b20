"""Account events: recognising repeats, keeping what contradicts, letting the rest move positions."""

from sot.application.accounting.positions import account_event_moved
from sot.application.support.record_result import RecordResult, outcome_of_new
from sot.domain.accounting.account_event import AccountEvent, RecordedAccountEvent
from sot.domain.audit.digests import account_event_content_digest, account_event_digest, account_event_identity
from sot.domain.values.errors import Conflict, InvalidInput
from sot.domain.values.vocabulary import Anomaly, Outcome
from sot.ports.store import UnitOfWork


def record_account_event(uow: UnitOfWork, event: AccountEvent) -> RecordResult:
    """Keep an account event; see `OrderHistory.record_account_event`."""
    digest = account_event_content_digest(event)
    known = uow.account_events.by_content_digest(event.account_id, digest)
    if known is not None:
        return RecordResult(outcome=Outcome.REPEATED, event_id=known.event_id)
    identity = account_event_identity(event) or digest
    conflict = identity != digest and uow.account_events.by_identity(event.account_id, identity) is not None
    replaced = _replaced(uow, event)
    if event.event_id is not None and uow.account_events.get(event.event_id) is not None:
        raise Conflict("event_id", event.event_id, hint="another account event has it")
    event = event.changed(event_id=event.event_id or uow.ids.new_id())
    anomalies = _detect_anomalies(uow, event, conflict)
    recorded = RecordedAccountEvent(
        event=event,
        recorded_at=uow.clock.now(),
        content_digest=digest,
        identity=digest if conflict else identity,
        hash=account_event_digest(event, anomalies),
        anomalies=anomalies,
    )
    uow.account_events.add(recorded)
    if recorded.counts:
        account_event_moved(uow, event, replaced)
    outcome = outcome_of_new(recorded.anomalies)
    return RecordResult(outcome=outcome, anomalies=recorded.anomalies, event_id=recorded.event_id)


def _replaced(uow: UnitOfWork, event: AccountEvent) -> AccountEvent | None:
    """The event in whose place this one counts. That is a correction by a person: it has to make sense."""
    if event.replaces is None:
        return None
    found = uow.account_events.get(event.replaces)
    if found is None or found.account_id != event.account_id or found.event.type is not event.type:
        raise InvalidInput("replaces", event.replaces, f"the event_id of a {event.type} of this account")
    later = uow.account_events.replacement_of(event.account_id, event.replaces)
    if later is not None:
        hint = f"it was replaced before; replace {later.event_id}, which counts in its place"
        raise Conflict("replaces", event.replaces, hint=hint)
    return found.event


def _detect_anomalies(uow: UnitOfWork, event: AccountEvent, conflict: bool) -> tuple[Anomaly, ...]:
    found = []
    if conflict:
        found.append(Anomaly.DUPLICATE_CONFLICT)
    if event.symbol is not None and not uow.instruments.versions(event.account_id, event.venue, event.symbol):
        found.append(Anomaly.UNKNOWN_INSTRUMENT)
    return tuple(found)
