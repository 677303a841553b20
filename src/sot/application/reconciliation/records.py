"""The rows of reconciliations: add them, iterate over them."""

from collections.abc import Iterator
from functools import partial

from sot.application.support.paging import iterate_pages
from sot.domain.audit.digests import reconciliation_digest
from sot.domain.reconciliation.record import Reconciliation, RecordedReconciliation
from sot.ports.reconciliation import ReconciliationFilter
from sot.ports.store import UnitOfWork


def add_row(uow: UnitOfWork, row: Reconciliation) -> RecordedReconciliation:
    """Add a row that has its id."""
    recorded = RecordedReconciliation(row=row, recorded_at=uow.clock.now(), hash=reconciliation_digest(row))
    uow.reconciliations.add(recorded)
    return recorded


def iterate_rows(uow: UnitOfWork, filter: ReconciliationFilter) -> Iterator[RecordedReconciliation]:
    """Iterate over all rows that match a filter, page by page."""
    return iterate_pages(partial(uow.reconciliations.list, filter))
