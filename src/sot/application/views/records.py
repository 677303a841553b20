"""Views of requests, recorded events, reports, findings and checkpoints, and of results of use cases."""

from collections.abc import Sequence
from typing import Any

from sot.application.audit.feed import FollowedEvent
from sot.application.execution.recovery import RecoveryResult
from sot.application.orders.waiting import Waiting
from sot.application.reconciliation.reconciler import ReconciliationResult
from sot.application.views.values import all_fields, pick, plain_value
from sot.domain.accounting.account_event import RecordedAccountEvent
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.records import RecordedRequest, UnattributedReport
from sot.domain.orders.request import UNRECORDED
from sot.domain.reconciliation.record import RecordedReconciliation
from sot.domain.values.instrument import Instrument
from sot.domain.values.times import time_text
from sot.ports.paging import LARGEST_PAGE

FINDING_FIELDS = (
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
    "asset",
    "local_status",
    "exchange_status",
    "local_quantity",
    "exchange_quantity",
    "local_price",
    "exchange_price",
    "reason",
    "run_id",
)
"""The fields of the row of a finding that its view has."""


_UNRESOLVED_FIELDS = ("order_id", "account_id", "client_order_id", "status", "reason")


def instrument_view(instrument: Instrument, holding: Sequence[Instrument]) -> dict[str, Any]:
    """A version of an instrument.

    `holds` is false after a correction. `contradictions` are the fields that contradict its kind, of a version that was
    recorded before that was refused.
    """
    return {
        **all_fields(instrument),
        "corrects": plain_value(instrument.corrects),
        "holds": instrument in holding,
        "contradictions": list(instrument.contradictions),
    }


def request_view(recorded: RecordedRequest) -> dict[str, Any]:
    """A request with its context, risk checks and withdrawal."""
    withdrawal = recorded.withdrawal
    return {
        "id": recorded.request_id,
        **_with_blanks(_without(all_fields(recorded.request), UNRECORDED), ("id_scope", "venue_account")),
        "status": str(recorded.status),
        "order_id": recorded.order_id,
        "recorded_at": time_text(recorded.recorded_at),
        "hash": recorded.hash,
        "context": None if recorded.context is None else recorded.context.as_json(),
        "risk_checks": [
            {"number": check.number, **all_fields(check.check), "recorded_at": time_text(check.recorded_at)}
            for check in recorded.checks
        ],
        "withdrawal": None
        if withdrawal is None
        else {**all_fields(withdrawal.withdrawal), "recorded_at": time_text(withdrawal.recorded_at)},
    }


def _without(fields: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in names}


def _with_blanks(fields: dict[str, Any], names: Sequence[str]) -> dict[str, Any]:
    """The fields, with an empty text instead of null in some."""
    return {name: "" if value is None and name in names else value for name, value in fields.items()}


def recorded_event_view(event: OrderEvent) -> dict[str, Any]:
    """An event as it is stored. `body` is the canonical form whose digest is `hash`."""
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
    """An event with its cursor in the feed."""
    event = followed.event
    view = {"account_id": event.account_id, "order_id": event.order_id, **recorded_event_view(event)}
    return {"cursor": followed.cursor, "hash": event.hash, "event": view}


def account_event_view(recorded: RecordedAccountEvent) -> dict[str, Any]:
    """An account event."""
    return {
        **_with_blanks(all_fields(recorded.event), ("venue_account", "position_id")),
        "event_id": recorded.event_id,
        "recorded_at": time_text(recorded.recorded_at),
        "hash": recorded.hash,
        "anomalies": plain_value(recorded.anomalies),
    }


def waiting_report_view(waiting: UnattributedReport, why: Waiting) -> dict[str, Any]:
    """A report that waits for its order, with why it waits and what would end it."""
    return {
        "report_id": waiting.report_id,
        "recorded_at": time_text(waiting.recorded_at),
        "hash": waiting.hash,
        "reason": str(why.reason),
        "explanation": why.words,
        "candidates": list(why.candidates),
        "request_id": why.request_id,
        "remedies": [str(remedy) for remedy in why.remedies],
        "steps": list(why.steps),
        "report": waiting.report.as_json(),
    }


def finding_view(finding: RecordedReconciliation) -> dict[str, Any]:
    """A finding. `resolution` says how it was closed, and is null while it is open."""
    fields = finding.row.as_json()
    closing = finding.resolution
    return {
        **{name: fields.get(name) for name in FINDING_FIELDS},
        "found_at": time_text(finding.recorded_at),
        "resolution": None
        if closing is None
        else {name: closing.as_json().get(name) for name in ("resolution", "reason", "actor", "run_id")},
    }


def reconciliation_view(result: ReconciliationResult) -> dict[str, Any]:
    """The result of a reconciliation, with the first of the open findings."""
    fields = pick(result, ("run_id", "agrees", "opened", "closed", "recorded", "failures"))
    return {**fields, "findings": [finding_view(finding) for finding in result.findings[:LARGEST_PAGE]]}


def recovery_view(result: RecoveryResult) -> dict[str, Any]:
    """The result of a recovery."""
    fields = pick(result, ("settled", "too_recent", "queries"))
    return {**fields, "in_doubt": [pick(order, _UNRESOLVED_FIELDS) for order in result.in_doubt]}


def checkpoint_view(checkpoint: Checkpoint) -> dict[str, Any]:
    """A checkpoint."""
    return all_fields(checkpoint)
