"""Waiting reports, reconciliation rows and checkpoints at a point in time."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from itertools import islice

import attrs

from sot.application.as_of.point_in_time import PointInTime
from sot.application.support.paging import past_page
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.orders.records import UnattributedReport
from sot.domain.reconciliation.record import Reconciliation, RecordedReconciliation
from sot.domain.values.vocabulary import FactKind
from sot.ports.paging import Page, PageKey
from sot.ports.reconciliation import ReconciliationFilter
from sot.ports.store import UnitOfWork


@attrs.frozen
class PastReports:
    """The waiting reports at a point in time: known ones that had happened, by their own times, or when recorded."""

    point: PointInTime
    past: UnitOfWork

    def waiting(
        self, account_id: str, after: str | None = None, limit: int | None = None
    ) -> Sequence[UnattributedReport]:
        """The waiting reports by `report_id`, after one of them."""
        reports = self.point.uow.reports
        now = {report.report_id for report in reports.waiting(account_id, after)}
        waited = (
            report
            for report in reports.all(account_id)
            if report.report_id > (after or "")
            and self._was_known(report)
            and (report.report_id in now or self._waited(report))
        )
        return list(islice(waited, limit))

    def _was_known(self, report: UnattributedReport) -> bool:
        content = report.report
        if not self.point.had_happened(content.occurred_at or content.received_at or report.recorded_at):
            return False
        return self.point.was_known(FactKind.UNATTRIBUTED, report.account_id, report.report_id, report.recorded_at)

    def _waited(self, report: UnattributedReport) -> bool:
        """Whether a report that is attributed now was waiting then: the event that has its id was not known."""
        event = self.point.uow.events.by_report(report.account_id, report.report_id)
        if event is None:
            return False
        order = self.past.orders.get(event.order_id)
        return order is None or order.last_sequence < event.sequence


@attrs.frozen
class PastReconciliations:
    """The reconciliation rows at a point in time: findings with the resolutions that had closed them by then.

    A row of a run happened at the run's `checked_at`; the decision of a person when it was recorded.
    """

    point: PointInTime

    def get(self, record_id: str) -> RecordedReconciliation | None:
        """The row of this id; None if there was none."""
        row = self.point.uow.reconciliations.get(record_id)
        return None if row is None else self._as_it_was(row)

    def list(
        self, filter: ReconciliationFilter, after: PageKey | None, limit: int
    ) -> Page[RecordedReconciliation, PageKey]:
        """A page of the rows by (recorded_at, record_id)."""
        unchanging = attrs.evolve(filter, is_open=None)

        def as_it_was(row: RecordedReconciliation) -> RecordedReconciliation | None:
            past = self._as_it_was(row)
            return past if past is not None and filter.matches(past) else None

        return past_page(partial(self.point.uow.reconciliations.list, unchanging), as_it_was, _page_key, after, limit)

    def _as_it_was(self, recorded: RecordedReconciliation) -> RecordedReconciliation | None:
        if not self._is_included(recorded.row, recorded.recorded_at):
            return None
        closing = recorded.resolution
        if closing is None or self._had_closed(closing):
            return recorded
        return attrs.evolve(recorded, resolution=None)

    def _had_closed(self, row: Reconciliation) -> bool:
        assert row.record_id is not None
        leaf = self.point.uow.feed.find(FactKind.RECONCILIATION, row.account_id, row.record_id)
        return leaf is not None and self._is_included(row, leaf.recorded_at)

    def _is_included(self, row: Reconciliation, recorded_at: datetime) -> bool:
        assert row.record_id is not None
        if self.point.happened_by is not None and not self.point.had_happened(self._checked_at(row) or recorded_at):
            return False
        return self.point.was_known(FactKind.RECONCILIATION, row.account_id, row.record_id, recorded_at)

    def _checked_at(self, row: Reconciliation) -> datetime | None:
        if row.checked_at is not None or row.run_id is None:
            return row.checked_at
        run = self.point.uow.reconciliations.get(row.run_id)
        return None if run is None else run.row.checked_at


def _page_key(row: RecordedReconciliation) -> PageKey:
    return PageKey(row.recorded_at, row.record_id)


@attrs.frozen
class PastCheckpoints:
    """The checkpoints at a point in time: those that seal nothing after a cursor, or that were sealed by a time."""

    point: PointInTime

    def all(self) -> Sequence[Checkpoint]:
        """All of them by number."""
        return [checkpoint for checkpoint in self.point.uow.checkpoints.all() if self._was_sealed(checkpoint)]

    def list(self, after: int, limit: int) -> Sequence[Checkpoint]:
        """At most `limit` of them by number, after one of them."""
        return [checkpoint for checkpoint in self.all() if checkpoint.number > after][:limit]

    def _was_sealed(self, checkpoint: Checkpoint) -> bool:
        known = self.point.known
        return (
            (known.position is None or checkpoint.upto <= known.position)
            and (known.recorded_by is None or checkpoint.sealed_at <= known.recorded_by)
            and self.point.had_happened(checkpoint.sealed_at)
        )
