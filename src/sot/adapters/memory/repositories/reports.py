"""Reports without an order, and what they wait for, in memory."""

from collections.abc import Sequence

from sot.adapters.memory.committed import FeedEntry, WaitingRow
from sot.adapters.memory.tables import Changes
from sot.domain.orders.records import UnattributedReport
from sot.domain.values.vocabulary import FactKind, IdentifierKind
from sot.ports import orders as ports


class Reports(ports.Reports):
    def __init__(
        self, rows: Changes[UnattributedReport], waiting: Changes[WaitingRow], added_facts: list[FeedEntry]
    ) -> None:
        self._rows = rows
        self._waiting = waiting
        self._added_facts = added_facts

    def add(self, report: UnattributedReport, names: Sequence[tuple[IdentifierKind, str]]) -> None:
        self._rows.add(report.report_id, report)
        self._added_facts.append((FactKind.UNATTRIBUTED, report, None))
        self.add_waiting(report, names)

    def add_waiting(self, report: UnattributedReport, names: Sequence[tuple[IdentifierKind, str]]) -> None:
        for kind, value in [(None, ""), *dict.fromkeys(names)]:
            row = (report.account_id, report.report_id, kind, value)
            self._waiting.add(row, row)

    def get(self, account_id: str, report_id: str) -> UnattributedReport | None:
        return self._rows.get(report_id)

    def by_content_digest(self, account_id: str, content_digest: str) -> UnattributedReport | None:
        return self._rows.one("content_digest", (account_id, content_digest))

    def is_waiting(self, report: UnattributedReport) -> bool:
        return bool(self._waiting.many("report", report.report_id))

    def waits_for(self, report: UnattributedReport) -> Sequence[tuple[str, str]]:
        rows = self._waiting.many("report", report.report_id)
        return sorted(("" if kind is None else str(kind), value) for _, _, kind, value in rows)

    def mark_attributed(self, report: UnattributedReport) -> None:
        for row in self._waiting.many("report", report.report_id):
            self._waiting.remove(row)

    def all(self, account_id: str) -> Sequence[UnattributedReport]:
        return sorted(self._rows.many("account", account_id), key=lambda report: report.report_id)

    def waiting(
        self, account_id: str, after: str | None = None, limit: int | None = None
    ) -> Sequence[UnattributedReport]:
        ids = {report_id for _, report_id, _, _ in self._waiting.many("account", account_id)}
        page = sorted(report_id for report_id in ids if report_id > (after or ""))[:limit]
        reports = (self._rows.get(report_id) for report_id in page)
        return [report for report in reports if report is not None]
