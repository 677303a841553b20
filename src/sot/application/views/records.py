"""Requests, reports, findings and other records as JSON values."""

from typing import Any

from sot.application.audit.feed import FollowedEvent
from sot.application.execution.recovery import RecoveryResult
from sot.application.reconciliation.reconciler import ReconciliationResult
from sot.application.views.values import picked, plain_value, whole
from sot.domain.accounting.account_event import RecordedAccountEvent
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.records import RecordedRequest, UnattributedReport
from sot.domain.reconciliation.record import RecordedReconciliation
from sot.domain.values.instrument import Instrument
from sot.domain.values.times import time_text
from sot.ports.paging import LARGEST_PAGE

_FINDING = (
    "record_id",
    "account_id",
    "venue",
    "venue_account",
    "mismatch",
    "order_id",
    "client_order_id",
    "venue_order_id",
    "exec_id",
    "leg",
    "symbol",
    "position_side",
    "position_id",
    "local_status",
    "exchange_status",
    "local_quantity",
    "exchange_quantity",
    "reason",
    "run_id",
)


_UNRESOLVED = ("order_id", "account_id", "client_order_id", "status", "reason")


def instrument_view(instrument: Instrument) -> dict[str, Any]:
    """A version of an instrument."""
    return whole(instrument)


def request_view(recorded: RecordedRequest) -> dict[str, Any]:
    """A request with what was said of it; a raw payload stays text, since reading it as JSON could lose digits."""
    said = whole(recorded.request)
    blank = {name: "" for name in ("id_scope", "venue_account") if said[name] is None}
    withdrawal = recorded.withdrawal
    return {
        "id": recorded.request_id,
        **said,
        **blank,
        "status": str(recorded.status),
        "order_id": recorded.order_id,
        "recorded_at": time_text(recorded.recorded_at),
        "hash": recorded.hash,
        "context": None if recorded.context is None else recorded.context.as_json(),
        "risk_checks": [
            {"number": one.number, **whole(one.check), "recorded_at": time_text(one.recorded_at)}
            for one in recorded.checks
        ],
        "withdrawal": None
        if withdrawal is None
        else {**whole(withdrawal.withdrawal), "recorded_at": time_text(withdrawal.recorded_at)},
    }


def recorded_event_view(event: OrderEvent) -> dict[str, Any]:
    """An event as it is kept; `body` is the canonical form that `hash` is the digest of."""
    return {
        "sequence": event.sequence,
        "type": str(event.type),
        "origin": str(event.origin),
        "recorded_at": time_text(event.recorded_at),
        "anomalies": plain_value(event.anomalies),
        "trace": event.trace,
        "prev_hash": event.prev_hash,
        "hash": event.hash,
        "report": plain_value(event.report),
        "fact": plain_value(event.fact),
        "report_id": event.report_id,
        "body": event.body(),
    }


def followed_event_view(followed: FollowedEvent) -> dict[str, Any]:
    """An event with its place in the feed."""
    event = followed.event
    told = {"account_id": event.account_id, "order_id": event.order_id, **recorded_event_view(event)}
    return {"cursor": followed.cursor, "hash": event.hash, "event": told}


def account_event_view(recorded: RecordedAccountEvent) -> dict[str, Any]:
    """An account event."""
    said = {**whole(recorded.event), "event_id": recorded.event_id}
    blank = {name: "" for name in ("venue_account", "position_id") if said[name] is None}
    kept = {"recorded_at": time_text(recorded.recorded_at), "hash": recorded.hash}
    return {**said, **blank, **kept, "anomalies": plain_value(recorded.anomalies)}


def waiting_report_view(waiting: UnattributedReport) -> dict[str, Any]:
    """A report that waits for its order."""
    kept = {"report_id": waiting.report_id, "recorded_at": time_text(waiting.recorded_at), "hash": waiting.hash}
    return {**kept, "report": waiting.report.as_json()}


def finding_view(found: RecordedReconciliation) -> dict[str, Any]:
    """A finding as JSON values; `resolution` tells how it was closed, and is null while it is open."""
    written = found.row.as_json()
    closed = found.resolution
    return {
        **{name: written.get(name) for name in _FINDING},
        "found_at": time_text(found.recorded_at),
        "resolution": None
        if closed is None
        else {name: closed.as_json().get(name) for name in ("resolution", "reason", "actor", "run_id")},
    }


def reconciliation_view(result: ReconciliationResult) -> dict[str, Any]:
    """What a comparison with a venue came to, with the first of the findings that are open now."""
    told = picked(result, ("run_id", "agrees", "opened", "closed", "recorded", "failures"))
    return {**told, "findings": [finding_view(finding) for finding in result.findings[:LARGEST_PAGE]]}


def recovery_view(result: RecoveryResult) -> dict[str, Any]:
    """What asking the venue about what was in doubt came to."""
    told = picked(result, ("settled", "too_recent", "queries"))
    return {**told, "in_doubt": [picked(one, _UNRESOLVED) for one in result.in_doubt]}


def checkpoint_view(checkpoint: Checkpoint) -> dict[str, Any]:
    """A checkpoint."""
    return whole(checkpoint)
