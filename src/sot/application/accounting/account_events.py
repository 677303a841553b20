"""Record account events: what moves a position or its result without an order."""

from functools import partial

from sot.application.accounting.positions import apply_account_event
from sot.application.support.lost_races import losing_races
from sot.application.support.record_result import RecordResult, outcome_of_new
from sot.domain.accounting.account_event import AccountEvent, RecordedAccountEvent
from sot.domain.audit.digests import account_event_content_digest, account_event_digest, account_event_identity
from sot.domain.values.errors import Conflict, InvalidInput
from sot.domain.values.instrument import version_at
from sot.domain.values.vocabulary import AccountEventType, Anomaly, Outcome
from sot.ports.store import UnitOfWork


def record_account_event(uow: UnitOfWork, event: AccountEvent) -> RecordResult:
    """Record an account event; see `OrderHistory.record_account_event`.

    Rules: ENTRY-1.
    """
    digest = account_event_content_digest(event)
    by_content = partial(uow.account_events.by_content_digest, event.account_id, digest)
    repeated = by_content()
    if repeated is not None:
        return RecordResult(outcome=Outcome.REPEATED, event_id=repeated.event_id)
    identity = account_event_identity(event) or digest
    conflict = identity != digest and uow.account_events.by_identity(event.account_id, identity) is not None
    with losing_races(by_content, f"account event {event.event_id or event.replaces}"):
        replaced = _replaced_event(uow, event)
        _check_event_id_is_free(uow, event)
    _check_terms(uow, event)
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
        apply_account_event(uow, event, replaced)
    outcome = outcome_of_new(recorded.anomalies)
    return RecordResult(outcome=outcome, anomalies=recorded.anomalies, event_id=recorded.event_id)


def _replaced_event(uow: UnitOfWork, event: AccountEvent) -> AccountEvent | None:
    """The event that this one replaces. A person made the replacement, so an invalid one is refused.

    Rules: ENTRY-2.
    """
    if event.replaces is None:
        return None
    replaced = uow.account_events.get(event.replaces)
    if replaced is None or replaced.account_id != event.account_id or replaced.event.type is not event.type:
        raise InvalidInput("replaces", event.replaces, f"the event_id of a {event.type} of this account")
    replacement = uow.account_events.replacement_of(event.account_id, event.replaces)
    if replacement is not None:
        hint = f"it was replaced before; replace {replacement.event_id}, which counts in its place"
        raise Conflict("replaces", event.replaces, hint=hint)
    return replaced.event


def _check_event_id_is_free(uow: UnitOfWork, event: AccountEvent) -> None:
    if event.event_id is not None and uow.account_events.get(event.event_id) is not None:
        raise Conflict("event_id", event.event_id, hint="another account event has it")


def _check_terms(uow: UnitOfWork, event: AccountEvent) -> None:
    """Check that an exercise states what the terms of its option do not say, once its instrument is known.

    Rules: REFUSE-5.
    """
    if event.type not in _EXERCISES or event.to_symbol is None or event.symbol is None:
        return
    versions = uow.instruments.versions(event.account_id, event.venue, event.symbol)
    for field, term in (("to_quantity", "right"), ("price", "strike")) if versions else ():
        if getattr(event, field) is None and getattr(version_at(versions, event.occurred_at), term) is None:
            raise InvalidInput(field, None, f"a value: the instrument has no {term} that it follows from")


_EXERCISES = frozenset({AccountEventType.EXERCISE, AccountEventType.ASSIGNMENT})


def _detect_anomalies(uow: UnitOfWork, event: AccountEvent, conflict: bool) -> tuple[Anomaly, ...]:
    """Detect what is odd about an account event.

    Rules: ENTRY-1, ENTRY-3.
    """
    anomalies = []
    if conflict:
        anomalies.append(Anomaly.DUPLICATE_CONFLICT)
    symbols = [symbol for symbol in (event.symbol, event.to_symbol) if symbol is not None]
    if not all(uow.instruments.versions(event.account_id, event.venue, symbol) for symbol in symbols):
        anomalies.append(Anomaly.UNKNOWN_INSTRUMENT)
    return tuple(anomalies)
