"""The digest of each kind of fact."""

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
    """Over the version."""
    return digest("instrument", instrument.canonical())


def request_digest(request: OrderRequest) -> str:
    """Over the request as recorded, with its ids."""
    return digest("request", request.canonical())


def context_digest(request_id: str, context: DecisionContext) -> str:
    """Over the context, bound to its request."""
    return digest("context", _of(request_id, context.canonical()))


def check_digest(request_id: str, check: RiskCheck) -> str:
    """Over the result of a check, bound to its request."""
    return digest("risk_check", _of(request_id, check.canonical()))


def withdrawal_digest(request_id: str, withdrawal: Withdrawal) -> str:
    """Over the withdrawal, bound to its request."""
    return digest("withdrawal", _of(request_id, withdrawal.canonical()))


def report_digest(report: VenueReport) -> str:
    """Over a report that waits for its order."""
    return digest("unattributed", report.canonical())


def account_event_digest(event: AccountEvent, anomalies: Sequence[Anomaly]) -> str:
    """Over the account event as recorded, with its id, and with `anomalies` where something was odd about it."""
    if not anomalies:
        return digest("account_event", event.canonical())
    told = event.as_json() | {"anomalies": [str(anomaly) for anomaly in anomalies]}
    return digest("account_event", json.dumps(told, ensure_ascii=False, separators=(",", ":"), sort_keys=True))


def reconciliation_digest(row: Reconciliation) -> str:
    """Over the row as recorded, with its id."""
    return digest("reconciliation", row.canonical())


def account_event_content_digest(event: AccountEvent) -> str:
    """What an account event says, by which a repeat is recognised."""
    return digest("account_event_said", event.canonical_without(_HOW_IT_CAME))


def account_event_identity(event: AccountEvent) -> str | None:
    """The venue's name for an account event; None without one."""
    return None if event.external_id is None else digest("account_event_id", event.canonical_without(_NOT_ITS_NAME))


_HOW_IT_CAME = ("event_id", "received_at", "raw_payload")


_NOT_ITS_NAME = frozenset(AccountEvent.KINDS) - {"account_id", "type", "venue", "venue_account", "external_id"}


def _of(request_id: str, text: str) -> str:
    """The canonical form of something said of a request: bound to it, so that it cannot be moved to another."""
    return f'{{"request_id":"{request_id}","says":{text}}}'


def instrument_key(instrument: Instrument) -> str:
    """What names a version of an instrument within its account."""
    names = ",".join(map(quoted, (instrument.venue, instrument.symbol, time_text(instrument.valid_from))))
    return f"[{names}]"
