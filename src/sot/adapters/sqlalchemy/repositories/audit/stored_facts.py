"""The kinds of facts as rows: how a row is read, and which columns the row of a fact should have."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import attrs

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.errors import UNREADABLE as UNREADABLE_ROW
from sot.adapters.sqlalchemy.models import (
    AccountEventRow,
    DecisionContextRow,
    InstrumentRow,
    OrderEventRow,
    OrderRequestRow,
    ReconciliationRow,
    RiskCheckRow,
    UnattributedReportRow,
    WithdrawalRow,
)
from sot.domain.accounting.account_event import RecordedAccountEvent
from sot.domain.audit.digests import account_event_content_digest, account_event_identity, instrument_key
from sot.domain.orders.records import RecordedRequest, UnattributedReport
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import DecisionContext, OrderRequest, RiskCheck, Withdrawal
from sot.domain.reconciliation.record import Reconciliation, RecordedReconciliation
from sot.domain.values.canonical import read_canonical
from sot.domain.values.errors import StoreDamaged
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import FactKind
from sot.ports.audit import StoredFact

UNREADABLE = (*UNREADABLE_ROW, AssertionError, StoreDamaged)
"""What reading a damaged row may raise."""


def _value_of_body(cls: Any) -> Callable[[Any], Any]:
    return lambda row: cls.from_trusted(read_canonical(row.body))


class StoredKind(NamedTuple):
    """How one kind of fact is stored.

    Attributes:
        model: The table.
        value: A function from a row to the fact.
        expected: A function from a fact and its row to the columns that the row should have.
        key: The column with the fact's key in the feed.
        number: The column with its number in the feed, if it has one.
    """

    model: Any
    value: Callable[[Any], Any]
    expected: Callable[[Any, Any], Mapping[str, Any]]
    key: str = "request_id"
    number: str = ""


_NOT_OF_THE_VALUE = ("account_id", "request_id", "number", "recorded_at", "hash", "body")


def _expected_part_of_request(value: Any, row: Any) -> dict[str, Any]:
    """The columns of a context, a check or a withdrawal: the fields of the value for which the table has columns."""
    fields = {name: getattr(value, name) for name in row._fields if name not in _NOT_OF_THE_VALUE}
    return {**fields, "body": value.canonical()}


def _expected_request(value: OrderRequest, row: Any) -> Mapping[str, Any]:
    return rows.request_row(RecordedRequest(request=value, recorded_at=row.recorded_at, hash=row.hash))


def _expected_report(value: VenueReport, row: Any) -> Mapping[str, Any]:
    report = UnattributedReport(
        report_id=row.report_id,
        report=value,
        recorded_at=row.recorded_at,
        content_digest=value.content_digest,
        hash=row.hash,
    )
    return rows.report_row(report)


def _expected_account_event(value: RecordedAccountEvent, row: Any) -> Mapping[str, Any]:
    content_digest = account_event_content_digest(value.event)
    identity = account_event_identity(value.event) if value.counts else None
    return rows.account_event_row(
        attrs.evolve(value, content_digest=content_digest, identity=identity or content_digest)
    )


def _expected_reconciliation(value: Reconciliation, row: Any) -> Mapping[str, Any]:
    return rows.reconciliation_row(RecordedReconciliation(row=value, recorded_at=row.recorded_at, hash=row.hash))


KINDS: Mapping[FactKind, StoredKind] = {
    FactKind.INSTRUMENT: StoredKind(
        InstrumentRow,
        _value_of_body(Instrument),
        lambda value, row: rows.instrument_row(value, row.number, row.hash),
        "valid_from",
        "number",
    ),
    FactKind.REQUEST: StoredKind(OrderRequestRow, _value_of_body(OrderRequest), _expected_request),
    FactKind.CONTEXT: StoredKind(DecisionContextRow, _value_of_body(DecisionContext), _expected_part_of_request),
    FactKind.RISK_CHECK: StoredKind(
        RiskCheckRow, _value_of_body(RiskCheck), _expected_part_of_request, number="number"
    ),
    FactKind.WITHDRAWAL: StoredKind(WithdrawalRow, _value_of_body(Withdrawal), _expected_part_of_request),
    FactKind.UNATTRIBUTED: StoredKind(
        UnattributedReportRow, _value_of_body(VenueReport), _expected_report, "report_id"
    ),
    FactKind.ACCOUNT_EVENT: StoredKind(AccountEventRow, rows.account_event_of, _expected_account_event, "event_id"),
    FactKind.RECONCILIATION: StoredKind(
        ReconciliationRow, _value_of_body(Reconciliation), _expected_reconciliation, "record_id"
    ),
}
# The body of an event is not compared: its hash covers it, and the chain covers the hash.
EVENT = StoredKind(
    OrderEventRow, rows.event_of, lambda value, row: rows.event_row(value, row.body), "order_id", "sequence"
)


def stored_fact(kind: FactKind, stored_kind: StoredKind, row: Any) -> StoredFact:
    """Return the fact of a row."""
    key = str(getattr(row, stored_kind.key))
    number = getattr(row, stored_kind.number) if stored_kind.number else 0
    try:
        value = stored_kind.value(row)
        differs = differing_columns(row, stored_kind.expected(value, row))
        if kind is FactKind.INSTRUMENT:
            key = instrument_key(value)
    except UNREADABLE as error:
        problem = f"it cannot be read ({error})"
        return StoredFact(kind=kind, account_id=row.account_id, key=key, number=number, problem=problem)
    return StoredFact(
        kind=kind,
        account_id=row.account_id,
        key=key,
        number=number,
        value=value,
        body=row.body,
        hash=row.hash,
        recorded_at=getattr(row, "recorded_at", None),
        differs=differs,
    )


def differing_columns(row: Any, expected: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the columns of a row that are not as expected; columns of which nothing is expected are left out."""
    names = row._fields
    if tuple(map(expected.get, names, row)) == row:
        return ()  # as almost all rows are
    return tuple(name for name, value in zip(names, row, strict=True) if expected.get(name, value) != value)


def contradiction(row: Any, expected: Mapping[str, Any]) -> str | None:
    """Return the problem of a row that is not as expected."""
    columns = differing_columns(row, expected)
    return f"{', '.join(columns)}: not what the rest of the row says" if columns else None
