"""The life of findings: open one for what differs, supersede it, close it, accept it.

Each step adds a row and changes none: a finding is open while it has no RESOLUTION.
"""

from collections.abc import Iterable

import attrs

from sot.application.reconciliation.records import add_row, iterate_rows
from sot.domain.reconciliation.comparison import Comparison
from sot.domain.reconciliation.difference import Difference
from sot.domain.reconciliation.record import Reconciliation, RecordedReconciliation
from sot.domain.reconciliation.resolution import is_resolved
from sot.domain.reconciliation.snapshots import VenueSnapshot
from sot.domain.values.errors import Conflict, InvalidInput, NotFound
from sot.domain.values.identity import deterministic_id
from sot.domain.values.vocabulary import Outcome, ReconciliationType, Resolution
from sot.ports.reconciliation import ReconciliationFilter
from sot.ports.store import UnitOfWork
from sot.ports.venue import VenueScope


def open_findings(uow: UnitOfWork, venue: str, scope: VenueScope) -> list[RecordedReconciliation]:
    """List the open findings of an account at a venue, about whatever symbols, oldest first."""
    filter = ReconciliationFilter(
        account_id=scope.account_id,
        types=(ReconciliationType.FINDING,),
        venue=venue,
        venue_account=scope.venue_account,
        is_open=True,
    )
    return list(iterate_rows(uow, filter))


def update_findings(
    uow: UnitOfWork, run_id: str, before: Iterable[RecordedReconciliation], first: Comparison, last: Comparison
) -> tuple[int, int]:
    """Open, supersede and close findings by what a run compared.

    Args:
        uow: The unit of work of the run.
        run_id: The run.
        before: The findings that are open.
        first: The comparison before healing.
        last: The comparison after it; `first`, if nothing was healed.

    Returns:
        How many findings were opened, and how many closed.

    Rules: RECON-19, RECON-20, HEAL-18.
    """
    venue = last.venue
    open_before = {finding.row.subject: finding.row for finding in before}
    remaining = {difference.subject(venue): difference for difference in last.differences}
    found = {difference.subject(venue): difference for difference in first.differences} | remaining
    opened = closed = 0
    for subject, difference in found.items():
        finding = open_before.get(subject)
        if finding is not None and subject in remaining and not _has_same_figures(finding, difference):
            _close_finding(uow, finding, Resolution.SUPERSEDED, run_id)
            finding, closed = None, closed + 1
        if finding is None:
            finding = _add_finding(uow, run_id, venue, difference)
            opened += finding is not None
        if finding is not None and subject not in remaining and is_resolved(last, finding):
            _close_finding(uow, finding, Resolution.HEALED, run_id)
            closed += 1
    for finding in open_before.values():
        if finding.subject not in found and is_resolved(last, finding):
            _close_finding(uow, finding, Resolution.AGREES, run_id)
            closed += 1
    return opened, closed


def _add_finding(uow: UnitOfWork, run_id: str, venue: VenueSnapshot, difference: Difference) -> Reconciliation | None:
    """Add a finding; None if a person accepted the same difference with the same figures.

    Rules: RECON-17, RECON-19.
    """
    subject = difference.subject(venue)
    earlier = ReconciliationFilter(account_id=venue.account_id, types=(ReconciliationType.FINDING,), subject=subject)
    count = sum(1 for _ in iterate_rows(uow, earlier))
    latest = uow.reconciliations.get(deterministic_id(subject, str(count - 1))) if count else None
    if latest is not None and _is_accepted(latest) and _has_same_figures(latest.row, difference):
        return None
    fields = attrs.asdict(difference, recurse=False, filter=lambda attribute, value: attribute.name != "aspect")
    row = Reconciliation(
        account_id=venue.account_id,
        type=ReconciliationType.FINDING,
        venue=venue.venue,
        venue_account=venue.venue_account,
        record_id=deterministic_id(subject, str(count)),
        run_id=run_id,
        subject=subject,
        **fields,
    )
    add_row(uow, row)
    return row


def _is_accepted(finding: RecordedReconciliation) -> bool:
    return finding.resolution is not None and finding.resolution.resolution is Resolution.ACCEPTED


_FIGURES = (
    "local_status",
    "exchange_status",
    "local_quantity",
    "exchange_quantity",
    "local_price",
    "exchange_price",
)


def _has_same_figures(finding: Reconciliation, difference: Difference) -> bool:
    return all(getattr(finding, name) == getattr(difference, name) for name in _FIGURES)


def _close_finding(
    uow: UnitOfWork,
    finding: Reconciliation,
    resolution: Resolution,
    run_id: str | None = None,
    reason: str | None = None,
    actor: str | None = None,
) -> None:
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
    add_row(uow, row)


def accept_finding(uow: UnitOfWork, finding_id: str, reason: str, actor: str | None) -> Outcome:
    """Close a finding by the decision of a person; see `OrderHistory.accept_finding`."""
    finding = uow.reconciliations.get(finding_id)
    if finding is None or finding.row.type is not ReconciliationType.FINDING:
        raise NotFound("finding", finding_id, "list the open ones")
    if not reason:
        raise InvalidInput("reason", reason, "why the finding is closed")
    closing = finding.resolution
    if closing is None:
        _close_finding(uow, finding.row, Resolution.ACCEPTED, None, reason, actor)
        return Outcome.RECORDED
    if (closing.resolution, closing.reason, closing.actor) == (Resolution.ACCEPTED, reason, actor):
        return Outcome.REPEATED
    raise Conflict("finding", finding_id, hint=f"it is closed already: {closing.resolution}")
