"""Events, executions and reports over dictionaries."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sot.adapters.memory.committed import Fed, Waiting
from sot.adapters.memory.paging import is_within
from sot.adapters.memory.tables import Changes
from sot.domain.event import OrderEvent
from sot.domain.fill import Fill
from sot.domain.folding import PositionKey
from sot.domain.vocabulary import FactKind, IdentifierKind
from sot.ports import repositories as ports
from sot.ports.audit import Feed as FeedPort
from sot.ports.records import (
    Known,
    UnattributedReport,
)


class Events(ports.Events):
    def __init__(self, rows: Changes[OrderEvent], feed: list[Fed]) -> None:
        self._rows = rows
        self._feed = feed

    def append(self, event: OrderEvent) -> None:
        self._rows.add((event.order_id, event.sequence), event)
        self._feed.append(event)

    def get(self, account_id: str, order_id: str, sequence: int) -> OrderEvent | None:
        return self._rows.get((order_id, sequence))

    def list(self, account_id: str, order_id: str, after: int = 0, limit: int | None = None) -> Sequence[OrderEvent]:
        return self._rows.many("order", order_id)[after:][:limit]

    def by_execution(self, account_id: str, order_id: str, exec_id: str, leg: str) -> Sequence[OrderEvent]:
        return self._rows.many("execution", (order_id, exec_id, leg))

    def by_said(self, account_id: str, order_id: str, said: str) -> OrderEvent | None:
        return self._rows.one("said", (order_id, said))


class Fills(ports.Fills):
    def __init__(self, rows: Changes[Fill], feed: Callable[[], FeedPort]) -> None:
        self._rows = rows
        self._feed = feed

    def append(self, fill: Fill) -> None:
        self._rows.add((fill.order_id, fill.execution, fill.version), fill)

    def list(self, account_id: str, order_id: str) -> Sequence[Fill]:
        return sorted(self._rows.many("order", order_id), key=lambda fill: (fill.execution, fill.version))

    def holding(self, account_id: str, order_id: str, upto: int, after: int, limit: int) -> Sequence[Fill]:
        known = (fill for fill in self.list(account_id, order_id) if fill.sequence <= upto and fill.execution > after)
        return list({fill.execution: fill for fill in known}.values())[:limit]

    def known_as(self, account_id: str, order_id: str, exec_id: str, leg: str) -> Sequence[Fill]:
        fills = self.list(account_id, order_id)
        named = {fill.execution for fill in fills if fill.exec_id == exec_id and fill.leg == leg}
        return [fill for fill in fills if fill.execution in named]

    def of_position(
        self,
        key: PositionKey,
        since: datetime | None = None,
        known: Known | None = None,
        before: datetime | None = None,
    ) -> Sequence[Fill]:
        latest: dict[tuple[str, int], Fill] = {}
        for fill in self._rows.many("position", key):
            at = fill.happened_at
            within = (since is None or at >= since) and (before is None or at < before)
            if within and (known is None or self._was_known(fill, known)):
                held = latest.get((fill.order_id, fill.execution))
                if held is None or held.version < fill.version:
                    latest[fill.order_id, fill.execution] = fill
        return [fill for fill in latest.values() if fill.counts]

    def moment_after(self, key: PositionKey, since: datetime | None, count: int) -> datetime | None:
        return None  # all of them are in memory already

    def _was_known(self, fill: Fill, known: Known) -> bool:
        leaf = self._feed().find(FactKind.EVENT, fill.account_id, fill.order_id, fill.sequence)
        return leaf is not None and known.holds(leaf)

    def changed_after(self, key: PositionKey, moment: datetime) -> datetime | None:
        known = Known(moment=moment)
        changed = (fill.happened_at for fill in self._rows.many("position", key) if not self._was_known(fill, known))
        return min(changed, default=None)

    def positions(self, account_id: str, venue: str | None = None, symbol: str | None = None) -> Sequence[PositionKey]:
        keys = self._rows.values("position")
        return sorted(key for key in keys if is_within(key, account_id, venue, symbol))


class Reports(ports.Reports):
    def __init__(self, rows: Changes[UnattributedReport], waiting: Changes[Waiting], feed: list[Fed]) -> None:
        self._rows = rows
        self._waiting = waiting
        self._feed = feed

    def add(self, report: UnattributedReport, names: Sequence[tuple[IdentifierKind, str]]) -> None:
        self._rows.add(report.report_id, report)
        self._feed.append((FactKind.UNATTRIBUTED, report, None))
        self.wait(report, names)

    def wait(self, report: UnattributedReport, names: Sequence[tuple[IdentifierKind, str]]) -> None:
        for kind, value in [(None, ""), *dict.fromkeys(names)]:
            row = (report.account_id, report.report_id, kind, value)
            self._waiting.add(row, row)

    def get(self, account_id: str, report_id: str) -> UnattributedReport | None:
        return self._rows.get(report_id)

    def by_said(self, account_id: str, said: str) -> UnattributedReport | None:
        return self._rows.one("said", (account_id, said))

    def waits(self, report: UnattributedReport) -> bool:
        return bool(self._waiting.many("report", report.report_id))

    def attributed(self, report: UnattributedReport) -> None:
        for row in self._waiting.many("report", report.report_id):
            self._waiting.remove(row)

    def kept(self, account_id: str) -> Sequence[UnattributedReport]:
        return sorted(self._rows.many("account", account_id), key=lambda report: report.report_id)

    def waiting(
        self, account_id: str, after: str | None = None, limit: int | None = None
    ) -> Sequence[UnattributedReport]:
        ids = sorted({row[1] for row in self._waiting.many("account", account_id) if row[1] > (after or "")})
        found = (self._rows.get(report_id) for report_id in ids[:limit])
        return [report for report in found if report is not None]
