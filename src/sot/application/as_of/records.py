"""What else there was at a moment: reports that waited, findings, checkpoints."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial
from itertools import islice

import attrs

from sot.application.as_of.point_in_time import Moment
from sot.application.orders.matching import find_order
from sot.application.support.paging import past_page
from sot.domain.audit.checkpoint import Checkpoint
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.records import UnattributedReport
from sot.domain.reconciliation.record import Reconciliation, RecordedReconciliation
from sot.domain.values.vocabulary import FactKind
from sot.ports.paging import Page, PageKey
from sot.ports.reconciliation import ReconciliationFilter
from sot.ports.store import UnitOfWork


@attrs.frozen
class PastReports:
    """The reports that waited for their order at a moment: they were known and had happened, by the times they tell."""

    moment: Moment
    then: UnitOfWork

    def waiting(
        self, account_id: str, after: str | None = None, limit: int | None = None
    ) -> Sequence[UnattributedReport]:
        """The reports that waited, by `report_id`; those after one."""
        reports = self.moment.uow.reports
        now = {report.report_id for report in reports.waiting(account_id, after)}
        waited = (
            report
            for report in reports.all(account_id)
            if report.report_id > (after or "")
            and self._was_told(report)
            and (report.report_id in now or self._waited(report))
        )
        return list(islice(waited, limit))

    def _was_told(self, report: UnattributedReport) -> bool:
        said = report.report
        if not self.moment.had(said.occurred_at or said.received_at or report.recorded_at):
            return False
        return self.moment.knew(FactKind.UNATTRIBUTED, report.account_id, report.report_id, report.recorded_at)

    def _waited(self, report: UnattributedReport) -> bool:
        """Whether one that has found its order since had not found it yet.

        It did with the event that says so; one that only repeated what its order knew did when that went by its name.
        """
        event = self._joined_with(report)
        if event is None:
            return find_order(self.then, report.report) is None
        order = self.then.orders.get(event.order_id)
        return order is None or order.last_sequence < event.sequence

    def _joined_with(self, report: UnattributedReport) -> OrderEvent | None:
        events = self.moment.uow.events
        for order_id in self._its_orders(report):
            found: Sequence[OrderEvent | None] = [
                events.by_content_digest(report.account_id, order_id, report.content_digest)
            ]
            if report.report.identity is not None:
                found = events.by_execution(report.account_id, order_id, *report.report.identity)
            for event in found:
                if event is not None and event.report_id == report.report_id:
                    return event
        return None

    def _its_orders(self, report: UnattributedReport) -> Iterator[str]:
        """The orders that go by its names now, and those that they turned out to be."""
        uow, named = self.moment.uow, report.report.order_id
        found = [] if named is None else [named]
        for kind, value in report.report.identifiers():
            found += [order_id for _, order_id in uow.identifiers.claims(report.account_id, kind, value).orders]
        seen: dict[str, None] = {}
        while found:
            order = uow.orders.get(found.pop(0))
            if order is not None and order.order_id not in seen:
                seen[order.order_id] = None
                yield order.order_id
                found += [order.state.attributed_to] if order.state.attributed_to else []


@attrs.frozen
class PastReconciliations:
    """The rows of a moment: findings with the resolutions that had closed them by then.

    What a row tells had happened at the `checked_at` of its run; what a person decided, when it was recorded.
    """

    moment: Moment

    def get(self, record_id: str) -> RecordedReconciliation | None:
        """The row of this id."""
        found = self.moment.uow.reconciliations.get(record_id)
        return None if found is None else self._then(found)

    def list(self, filter: ReconciliationFilter, after: PageKey | None, limit: int) -> Page[RecordedReconciliation]:
        """Rows by (recorded_at, record_id), after a place."""
        lasting = attrs.evolve(filter, is_open=None)

        def then(row: RecordedReconciliation) -> RecordedReconciliation | None:
            was = self._then(row)
            return was if was is not None and filter.matches(was) else None

        return past_page(partial(self.moment.uow.reconciliations.list, lasting), then, _place, after, limit)

    def _then(self, found: RecordedReconciliation) -> RecordedReconciliation | None:
        if not self._held(found.row, found.recorded_at):
            return None
        closing = found.resolution
        if closing is None or self._closed(closing):
            return found
        return attrs.evolve(found, resolution=None)

    def _closed(self, row: Reconciliation) -> bool:
        assert row.record_id is not None
        leaf = self.moment.uow.feed.find(FactKind.RECONCILIATION, row.account_id, row.record_id)
        return leaf is not None and self._held(row, leaf.recorded_at)

    def _held(self, row: Reconciliation, recorded_at: datetime) -> bool:
        assert row.record_id is not None
        if self.moment.happened_by is not None and not self.moment.had(self._checked_at(row) or recorded_at):
            return False
        return self.moment.knew(FactKind.RECONCILIATION, row.account_id, row.record_id, recorded_at)

    def _checked_at(self, row: Reconciliation) -> datetime | None:
        if row.checked_at is not None or row.run_id is None:
            return row.checked_at
        run = self.moment.uow.reconciliations.get(row.run_id)
        return None if run is None else run.row.checked_at


def _place(row: RecordedReconciliation) -> PageKey:
    return PageKey(row.recorded_at, row.record_id)


@attrs.frozen
class PastCheckpoints:
    """The checkpoints of a moment: by a cursor those that seal nothing behind it, by times those sealed by then."""

    moment: Moment

    def all(self) -> Sequence[Checkpoint]:
        """Those checkpoints, by number."""
        return [one for one in self.moment.uow.checkpoints.all() if self._was_sealed(one)]

    def list(self, after: int, limit: int) -> Sequence[Checkpoint]:
        """Those checkpoints, by number; those after one."""
        return [one for one in self.all() if one.number > after][:limit]

    def _was_sealed(self, checkpoint: Checkpoint) -> bool:
        known = self.moment.known
        return (
            (known.position is None or checkpoint.upto <= known.position)
            and (known.recorded_by is None or checkpoint.sealed_at <= known.recorded_by)
            and self.moment.had(checkpoint.sealed_at)
        )
