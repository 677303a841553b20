"""Unattributed reports in tables."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.models import UnattributedReportRow, WaitingReportRow
from sot.adapters.sqlalchemy.repositories.orders.identifiers import IdentifierCache
from sot.adapters.sqlalchemy.repositories.paging import after_id, is_identity
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.orders.records import UnattributedReport
from sot.domain.values.vocabulary import FactKind, IdentifierKind
from sot.ports import orders as ports

_REPORTS = select(
    UnattributedReportRow.report_id,
    UnattributedReportRow.recorded_at,
    UnattributedReportRow.said,
    UnattributedReportRow.body,
    UnattributedReportRow.hash,
).where(UnattributedReportRow.account_id == bindparam("account_id"))


_ONE_REPORT = Query(_REPORTS.where(UnattributedReportRow.report_id == bindparam("report_id")))


_WITH_DIGEST = Query(_REPORTS.where(UnattributedReportRow.said == bindparam("content_digest")))


_KEPT = Query(_REPORTS.order_by(UnattributedReportRow.report_id))


_STILL = (
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
    .where(*_STILL)
    .order_by(WaitingReportRow.report_id)
)


_WAITS = Query(select(WaitingReportRow.report_id).where(*_STILL, WaitingReportRow.report_id == bindparam("report_id")))


_table: Any = WaitingReportRow.__table__


_ATTRIBUTED = delete(_table).where(
    _table.c.account_id == bindparam("account_id"), _table.c.report_id == bindparam("report_id")
)


class Reports(ports.Reports):
    """Reports for no known order."""

    def __init__(self, buffer: WriteBuffer, names: IdentifierCache) -> None:
        self._buffer = buffer
        self._names = names
        self._added: dict[tuple[str, str], UnattributedReport] = {}

    def add(self, report: UnattributedReport, names: Sequence[tuple[IdentifierKind, str]]) -> None:
        """Keep a report, waiting under each of its names."""
        buffer = self._buffer
        buffer.check_writable("a report")
        row = rows.report_row(report)
        buffer.insert_fact(FactKind.UNATTRIBUTED, "unattributed_reports", row, report.report_id, report.recorded_at)
        self.add_waiting(report, names)
        self._added[report.account_id, report.report_id] = report

    def add_waiting(self, report: UnattributedReport, names: Sequence[tuple[IdentifierKind, str]]) -> None:
        """Let a report wait under these names."""
        self._buffer.check_writable("a report")
        for kind, value in [("", ""), *dict.fromkeys(names)]:
            row = {"account_id": report.account_id, "kind": kind, "value": value, "report_id": report.report_id}
            self._buffer.insert("waiting_reports", row)
        for kind, value in names:
            self._names.wait((report.account_id, kind, value), report.report_id)
        self._buffer.autoflush()

    def get(self, account_id: str, report_id: str) -> UnattributedReport | None:
        """One report."""
        mine = self._added.get((account_id, report_id))
        if mine is not None or not is_identity(report_id):
            return mine
        return self._one(_ONE_REPORT, {"account_id": account_id, "report_id": report_id})

    def by_content_digest(self, account_id: str, content_digest: str) -> UnattributedReport | None:
        """The report that states exactly this."""
        for report in self._added.values():
            if report.content_digest == content_digest and report.account_id == account_id:
                return report
        return self._one(_WITH_DIGEST, {"account_id": account_id, "content_digest": content_digest})

    def _one(self, query: Query, parameters: dict[str, Any]) -> UnattributedReport | None:
        found = self._buffer.fetch(query, parameters)
        return self._read(found[0]) if found else None

    def _read(self, row: Any) -> UnattributedReport:
        return rows.read(self._buffer.url, f"report {row.report_id}", lambda: rows.report_of(row))

    def is_waiting(self, report: UnattributedReport) -> bool:
        """Whether it still waits."""
        self._buffer.flush()
        keys = {"account_id": report.account_id, "report_id": report.report_id}
        return bool(self._buffer.fetch(_WAITS, keys))

    def mark_attributed(self, report: UnattributedReport) -> None:
        """It waits no longer."""
        self._buffer.check_writable("an attribution")
        self._buffer.flush()
        self._buffer.execute(_ATTRIBUTED, {"account_id": report.account_id, "report_id": report.report_id})
        self._names.wait_no_longer(report.report_id)

    def all(self, account_id: str) -> Sequence[UnattributedReport]:
        """All reports, oldest first."""
        self._buffer.flush()
        return [self._read(row) for row in self._buffer.fetch(_KEPT, {"account_id": account_id})]

    def waiting(
        self, account_id: str, after: str | None = None, limit: int | None = None
    ) -> Sequence[UnattributedReport]:
        """The reports that still wait, by id."""
        self._buffer.flush()
        query = _WAITING if after is None else _WAITING.where(after_id(WaitingReportRow.report_id, after))
        return [self._read(row) for row in self._buffer.fetch_dynamic(query.limit(limit), {"account_id": account_id})]
