"""The rows of reconciliations: add them, iterate over them, close findings."""

from collections.abc import Iterator
from functools import partial

from sot.application.support.paging import iterate_pages
from sot.domain.audit.digests import reconciliation_digest
from sot.domain.reconciliation.record import Reconciliation, RecordedReconciliation
from sot.domain.values.errors import Conflict, InvalidInput, NotFound
from sot.domain.values.identity import deterministic_id
from sot.domain.values.vocabulary import Outcome, ReconciliationType, Resolution
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


def close_finding(
    uow: UnitOfWork,
    finding: Reconciliation,
    resolution: Resolution,
    run_id: str | None = None,
    reason: str | None = None,
    actor: str | None = None,
) -> RecordedReconciliation:
    """Close a finding by adding its RESOLUTION row, whose id follows from that of the finding: there is one at most.

    Rules: RECON-17.
    """
    assert finding.record_id is not None
    row = Reconciliation(
        account_id=finding.account_id,
        type=ReconciliationType.RESOLUTION,
        venue=finding.venue,
        venue_account=finding.venue_account,
        record_id=deterministic_id("resolution", finding.record_id),
        run_id=run_id,
        finding_id=finding.record_id,
        order_id=finding.order_id,
        symbol=finding.symbol,
        resolution=resolution,
        reason=reason,
        actor=actor,
    )
    return add_row(uow, row)


def accept_finding(uow: UnitOfWork, finding_id: str, reason: str, actor: str | None) -> Outcome:
    """Close a finding by the decision of a person; see `OrderHistory.accept_finding`."""
    finding = uow.reconciliations.get(finding_id)
    if finding is None or finding.row.type is not ReconciliationType.FINDING:
        raise NotFound("finding", finding_id, "list the open ones")
    if not reason:
        raise InvalidInput("reason", reason, "why the finding is closed")
    closing = finding.resolution
    if closing is None:
        close_finding(uow, finding.row, Resolution.ACCEPTED, None, reason, actor)
        return Outcome.RECORDED
    if (closing.resolution, closing.reason, closing.actor) == (Resolution.ACCEPTED, reason, actor):
        return Outcome.REPEATED
    raise Conflict("finding", finding_id, hint=f"it is closed already: {closing.resolution}")
