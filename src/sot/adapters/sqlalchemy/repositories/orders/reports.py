"""Unattributed reports in tables."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.models import UnattributedReportRow, WaitingReportRow
from sot.adapters.sqlalchemy.repositories.orders.identifiers import IdentifierCache
from sot.adapters.sqlalchemy.repositories.paging import after_id, is_uuid
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.orders.records import UnattributedReport
from sot.domain.values.vocabulary import FactKind, IdentifierKind
from sot.ports import orders as ports

_TABLE = "unattributed_reports"
_WAITING_TABLE = "waiting_reports"
_REPORTS = select(
    UnattributedReportRow.report_id,
    UnattributedReportRow.recorded_at,
    UnattributedReportRow.said,
    UnattributedReportRow.body,
    UnattributedReportRow.hash,
).where(UnattributedReportRow.account_id == bindparam("account_id"))
_BY_ID = Query(_REPORTS.where(UnattributedReportRow.report_id == bindparam("report_id")))
_BY_CONTENT_DIGEST = Query(_REPORTS.where(UnattributedReportRow.said == bindparam("content_digest")))
_ALL = Query(_REPORTS.order_by(UnattributedReportRow.report_id))

# Every waiting report has one row with empty kind and value.
_waits = (
    WaitingReportRow.account_id == bindparam("account_id"),
    WaitingReportRow.kind == "",
    WaitingReportRow.value == "",
)
_WAITING = (
    _REPORTS.join(
        WaitingReportRow,
        (WaitingReportRow.account_id == UnattributedReportRow.account_id)
        & (WaitingReportRow.report_id == UnattributedReportRow.report_id),
    )
    .where(*_waits)
    .order_by(WaitingReportRow.report_id)
)
_IS_WAITING = Query(
    select(WaitingReportRow.report_id).where(*_waits, WaitingReportRow.report_id == bindparam("report_id"))
)
_WAITS_FOR = Query(
    select(WaitingReportRow.kind, WaitingReportRow.value).where(
        WaitingReportRow.account_id == bindparam("account_id"), WaitingReportRow.report_id == bindparam("report_id")
    )
)


class Reports(ports.Reports):
    def __init__(self, buffer: WriteBuffer, cache: IdentifierCache) -> None:
        self._buffer = buffer
        self._cache = cache
        self._added: dict[tuple[str, str], UnattributedReport] = {}
        self._added_by_content_digest: dict[tuple[str, str], UnattributedReport] = {}

    def add(self, report: UnattributedReport, names: Sequence[tuple[IdentifierKind, str]]) -> None:
        self._buffer.begin_change("a report")
        row = rows.report_row(report)
        self._buffer.insert_fact(FactKind.UNATTRIBUTED, _TABLE, row, report.report_id, report.recorded_at)
        self.add_waiting(report, names)
        self._added[report.account_id, report.report_id] = report
        self._added_by_content_digest.setdefault((report.account_id, report.content_digest), report)

    def add_waiting(self, report: UnattributedReport, names: Sequence[tuple[IdentifierKind, str]]) -> None:
        self._buffer.begin_change("a report")
        for kind, value in [("", ""), *dict.fromkeys(names)]:
            row = {"account_id": report.account_id, "kind": kind, "value": value, "report_id": report.report_id}
            self._buffer.insert(_WAITING_TABLE, row)
        for kind, value in names:
            self._cache.add_waiting((report.account_id, kind, value), report.report_id)
        self._buffer.autoflush()

    def get(self, account_id: str, report_id: str) -> UnattributedReport | None:
        added = self._added.get((account_id, report_id))
        if added is not None or not is_uuid(report_id):
            return added
        return self._fetch_one(_BY_ID, {"account_id": account_id, "report_id": report_id})

    def by_content_digest(self, account_id: str, content_digest: str) -> UnattributedReport | None:
        added = self._added_by_content_digest.get((account_id, content_digest))
        if added is not None:
            return added
        return self._fetch_one(_BY_CONTENT_DIGEST, {"account_id": account_id, "content_digest": content_digest})

    def _fetch_one(self, query: Query, parameters: dict[str, Any]) -> UnattributedReport | None:
        found = self._buffer.fetch(query, parameters)
        return self._read(found[0]) if found else None

    def _read(self, row: Any) -> UnattributedReport:
        return rows.read(self._buffer.url, "report {0.report_id}", rows.report_of, row)

    def is_waiting(self, report: UnattributedReport) -> bool:
        self._buffer.flush_pending(_WAITING_TABLE)
        parameters = {"account_id": report.account_id, "report_id": report.report_id}
        return bool(self._buffer.fetch(_IS_WAITING, parameters))

    def waits_for(self, report: UnattributedReport) -> Sequence[tuple[str, str]]:
        self._buffer.flush_pending(_WAITING_TABLE)
        parameters = {"account_id": report.account_id, "report_id": report.report_id}
        found = self._buffer.fetch(_WAITS_FOR, parameters)
        return rows.read(
            self._buffer.url, f"report {report.report_id}", lambda: sorted((row.kind, row.value) for row in found)
        )

    def mark_attributed(self, report: UnattributedReport) -> None:
        self._buffer.begin_change("an attribution")
        self._buffer.flush_pending(_WAITING_TABLE)
        self._buffer.delete(_WAITING_TABLE, {"account_id": report.account_id, "report_id": report.report_id})
        self._cache.remove_waiting(report.report_id)
        self._buffer.autoflush()

    def all(self, account_id: str) -> Sequence[UnattributedReport]:
        self._buffer.flush_pending(_TABLE)
        return [self._read(row) for row in self._buffer.fetch(_ALL, {"account_id": account_id})]

    def waiting(
        self, account_id: str, after: str | None = None, limit: int | None = None
    ) -> Sequence[UnattributedReport]:
        self._buffer.flush_pending(_TABLE, _WAITING_TABLE)
        query = _WAITING if after is None else _WAITING.where(after_id(WaitingReportRow.report_id, after))
        found = self._buffer.fetch_dynamic(query.limit(limit), {"account_id": account_id})
        return [self._read(row) for row in found]
