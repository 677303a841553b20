"""The rows of reconciliations."""

from collections.abc import Iterator

import attrs

from sot.adapters.memory.committed import Fed
from sot.adapters.memory.paging import page_of, within
from sot.adapters.memory.tables import Changes
from sot.domain.reconciliation.record import RecordedReconciliation
from sot.domain.values.errors import ConcurrentUpdate
from sot.domain.values.vocabulary import FactKind, ReconciliationType
from sot.ports import reconciliation as ports
from sot.ports.paging import Page, PageKey
from sot.ports.reconciliation import ReconciliationFilter


class Reconciliations(ports.Reconciliations):
    def __init__(self, rows: Changes[RecordedReconciliation], feed: list[Fed]) -> None:
        self._rows = rows
        self._feed = feed

    def add(self, row: RecordedReconciliation) -> None:
        for name in (row.row.run_id, row.closes):
            if name is not None and self._rows.get((row.account_id, name)) is None:
                raise ConcurrentUpdate(f"reconciliation {row.record_id} names {name}, which is not there")
        kept = attrs.evolve(row, resolution=None)
        self._rows.add((row.account_id, row.record_id), kept)
        self._feed.append((FactKind.RECONCILIATION, kept, None))

    def get(self, record_id: str) -> RecordedReconciliation | None:
        found = self._rows.many("id", record_id)
        return self._with_resolution(min(found, key=lambda row: row.account_id)) if found else None

    def _with_resolution(self, row: RecordedReconciliation) -> RecordedReconciliation:
        closing = self._rows.one("closed", (row.account_id, row.record_id))
        return row if closing is None else attrs.evolve(row, resolution=closing.row)

    def last_run(self, account_id: str, venue: str, venue_account: str) -> RecordedReconciliation | None:
        wanted = ReconciliationFilter(
            account_id=account_id, venue=venue, venue_account=venue_account, types=[ReconciliationType.RUN]
        )
        return max(self._matching(wanted), key=lambda row: (row.recorded_at, row.record_id), default=None)

    def list(self, filter: ReconciliationFilter, after: PageKey | None, limit: int) -> Page[RecordedReconciliation]:
        return page_of(self._matching(filter), lambda row: (row.recorded_at, row.record_id), after, limit)

    def _matching(self, filter: ReconciliationFilter) -> Iterator[RecordedReconciliation]:
        account = filter.account_id
        rows = [row for _, row in self._rows.all()] if account is None else self._rows.many("account", account)
        return (told for row in rows if _matches(filter, told := self._with_resolution(row)))


_EQUAL = ("venue", "venue_account", "run_id", "subject", "mismatch", "order_id")


def _matches(filter: ReconciliationFilter, recorded: RecordedReconciliation) -> bool:
    row = recorded.row
    return (
        (not filter.types or row.type in filter.types)
        and all(getattr(filter, name) in (None, getattr(row, name)) for name in _EQUAL)
        and filter.is_open in (None, recorded.is_open)
        and within(recorded.recorded_at, filter.recorded_from, filter.recorded_before)
    )
