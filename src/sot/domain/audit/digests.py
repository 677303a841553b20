"""The digest of each kind of fact (docs/reference/canonical-bytes.md)."""

import json
from collections.abc import Sequence

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import DecisionContext, OrderRequest, RiskCheck, Withdrawal
from sot.domain.reconciliation.record import Reconciliation
from sot.domain.values.canonical import digest
from sot.domain.values.fields import quoted
from sot.domain.values.instrument import Instrument
from sot.domain.values.times import time_text
from sot.domain.values.vocabulary import Anomaly


def instrument_digest(instrument: Instrument) -> str:
    """Compute the digest of a version of an instrument."""
    return digest("instrument", instrument.canonical())


def request_digest(request: OrderRequest) -> str:
    """Compute the digest of a recorded request, with its ids."""
    return digest("request", request.canonical())


def context_digest(request_id: str, context: DecisionContext) -> str:
    """Compute the digest of a context, bound to its request."""
    return digest("context", _bound(request_id, context.canonical()))


def check_digest(request_id: str, check: RiskCheck) -> str:
    """Compute the digest of a risk check, bound to its request."""
    return digest("risk_check", _bound(request_id, check.canonical()))


def withdrawal_digest(request_id: str, withdrawal: Withdrawal) -> str:
    """Compute the digest of a withdrawal, bound to its request."""
    return digest("withdrawal", _bound(request_id, withdrawal.canonical()))


def report_digest(report: VenueReport) -> str:
    """Compute the digest of an unattributed report."""
    return digest("unattributed", report.canonical())


def account_event_digest(event: AccountEvent, anomalies: Sequence[Anomaly]) -> str:
    """Compute the digest of a recorded account event, with its id and its anomalies, if it has any."""
    if not anomalies:
        return digest("account_event", event.canonical())
    document = event.as_json() | {"anomalies": [str(anomaly) for anomaly in anomalies]}
    return digest("account_event", json.dumps(document, ensure_ascii=False, separators=(",", ":"), sort_keys=True))


def reconciliation_digest(row: Reconciliation) -> str:
    """Compute the digest of a row of a reconciliation, with its id."""
    return digest("reconciliation", row.canonical())


def account_event_content_digest(event: AccountEvent) -> str:
    """Compute the digest of the content of an account event, by which a repeat is recognised."""
    return digest("account_event_said", event.canonical_without(_NO_CONTENT))


def account_event_identity(event: AccountEvent) -> str | None:
    """Compute the digest of the venue's id of an account event; None if it has none."""
    return None if event.external_id is None else digest("account_event_id", event.canonical_without(_NO_IDENTITY))


_NO_CONTENT = ("event_id", "received_at", "raw_payload")

_NO_IDENTITY = frozenset(AccountEvent.KINDS) - {"account_id", "type", "venue", "venue_account", "external_id"}


def _bound(request_id: str, canonical: str) -> str:
    """The canonical form of a part of a request, bound to the request, so that it cannot be moved to another."""
    return f'{{"request_id":"{request_id}","says":{canonical}}}'


def instrument_key(instrument: Instrument) -> str:
    """Return the key of a version of an instrument, which is unique within its account."""
    parts = ",".join(map(quoted, (instrument.venue, instrument.symbol, time_text(instrument.valid_from))))
    return f"[{parts}]"
