"""Reconciliation rows in memory."""

from collections.abc import Iterator

import attrs

from sot.adapters.memory.committed import FeedEntry
from sot.adapters.memory.paging import page_of
from sot.adapters.memory.tables import Changes
from sot.domain.reconciliation.record import RecordedReconciliation
from sot.domain.values.errors import ConcurrentUpdate
from sot.domain.values.vocabulary import FactKind, ReconciliationType
from sot.ports import reconciliation as ports
from sot.ports.paging import Page, PageKey
from sot.ports.reconciliation import ReconciliationFilter


class Reconciliations(ports.Reconciliations):
    def __init__(self, rows: Changes[RecordedReconciliation], added_facts: list[FeedEntry]) -> None:
        self._rows = rows
        self._added_facts = added_facts

    def add(self, row: RecordedReconciliation) -> None:
        for record_id in (row.row.run_id, row.closes):
            if record_id is not None and self._rows.get((row.account_id, record_id)) is None:
                raise ConcurrentUpdate(f"reconciliation {row.record_id} names {record_id}, which is not there")
        stored = attrs.evolve(row, resolution=None)
        self._rows.add((row.account_id, row.record_id), stored)
        self._added_facts.append((FactKind.RECONCILIATION, stored, None))

    def get(self, record_id: str) -> RecordedReconciliation | None:
        rows = self._rows.many("id", record_id)
        return self._with_resolution(min(rows, key=lambda row: row.account_id)) if rows else None

    def _with_resolution(self, row: RecordedReconciliation) -> RecordedReconciliation:
        closing = self._rows.one("closed", (row.account_id, row.record_id))
        return row if closing is None else attrs.evolve(row, resolution=closing.row)

    def last_run(self, account_id: str, venue: str, venue_account: str) -> RecordedReconciliation | None:
        runs = ReconciliationFilter(
            account_id=account_id, venue=venue, venue_account=venue_account, types=[ReconciliationType.RUN]
        )
        return max(self._matching(runs), key=lambda row: (row.recorded_at, row.record_id), default=None)

    def list(
        self, filter: ReconciliationFilter, after: PageKey | None, limit: int
    ) -> Page[RecordedReconciliation, PageKey]:
        return page_of(self._matching(filter), lambda row: (row.recorded_at, row.record_id), after, limit)

    def _matching(self, filter: ReconciliationFilter) -> Iterator[RecordedReconciliation]:
        account_id = filter.account_id
        rows = [row for _, row in self._rows.all()] if account_id is None else self._rows.many("account", account_id)
        return (row for row in map(self._with_resolution, rows) if filter.matches(row))
