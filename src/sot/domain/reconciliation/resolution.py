"""Whether a comparison resolves a finding of an earlier one.

A finding is resolved only by a comparison that would have found it again, if it still held.
"""

from collections.abc import Callable, Mapping

from sot.domain.orders.report import VenueReport
from sot.domain.reconciliation.comparison import Comparison
from sot.domain.reconciliation.difference import states_terms
from sot.domain.reconciliation.record import Reconciliation
from sot.domain.reconciliation.snapshots import KnownOrder
from sot.domain.values.vocabulary import EventType, Mismatch


def is_resolved(comparison: Comparison, finding: Reconciliation) -> bool:
    """Whether a comparison, which does not show a finding, would have shown it if it still held.

    Args:
        comparison: A later comparison, without this difference.
        finding: The FINDING row.

    Rules: RECON-20.
    """
    if finding.mismatch is Mismatch.POSITION_DIFFERS:
        return comparison.can_compare_position(finding.symbol)
    if finding.mismatch is Mismatch.BALANCE_DIFFERS:
        return finding.asset is not None and comparison.can_compare_balance(finding.asset)
    if finding.order_id is None:
        return _resolves_unknown_order(comparison, finding)
    if finding.order_id in comparison.history.attributed:
        return True
    order = comparison.orders.get(finding.order_id)
    if order is None or not comparison.is_comparable(order):
        return False
    if finding.exec_id is not None or finding.mismatch in _EXECUTION_MISMATCHES:
        return _resolves_execution(comparison, finding, order)
    return _RESOLVED_WHEN[finding.mismatch or Mismatch.IN_DOUBT](order, comparison.statuses.get(order.order_id))


_EXECUTION_MISMATCHES = (Mismatch.MISSING_EXECUTION, Mismatch.CONFLICTING_EXECUTION)

_RESOLVED_WHEN: Mapping[Mismatch, Callable[[KnownOrder, VenueReport | None], bool]] = {
    Mismatch.IN_DOUBT: lambda order, report: True,
    Mismatch.OVERFILL: lambda order, report: True,
    Mismatch.STATUS_DIFFERS: lambda order, report: report is not None and report.reported_status is not None,
    Mismatch.QUANTITY_DIFFERS: lambda order, report: report is not None and report.cum_quantity is not None,
    Mismatch.TERMS_DIFFER: lambda order, report: not order.is_open or (report is not None and states_terms(report)),
    Mismatch.MISSING_AT_VENUE: lambda order, report: report is not None or not order.is_open,
}
"""What a comparison needs of an order and its ORDER_STATUS to resolve a finding about it."""


def _resolves_unknown_order(comparison: Comparison, finding: Reconciliation) -> bool:
    known = comparison.order_index.find(identifying_report(finding)) is not None
    gone = finding.mismatch is Mismatch.MISSING_LOCAL and comparison.venue.open_orders.covers(finding.symbol)
    return known or gone


def identifying_report(finding: Reconciliation) -> VenueReport:
    """A report with the identifiers of the order that a finding is about, to look the order up by."""
    return VenueReport(
        account_id=finding.account_id,
        type=EventType.ORDER_STATUS,
        venue=finding.venue,
        client_order_id=finding.client_order_id,
        venue_order_id=finding.venue_order_id,
    )


def _resolves_execution(comparison: Comparison, finding: Reconciliation, order: KnownOrder) -> bool:
    """A listed execution was compared. The history may have one that is not listed, or not count it any more."""
    known = None if finding.exec_id is None else order.find_execution(finding.exec_id, finding.leg)
    exec_ids = {finding.exec_id, *(() if known is None else (known.exec_id, known.first_exec_id))}
    is_listed = any(comparison.executions.get((exec_id, finding.leg)) for exec_id in exec_ids)
    if is_listed or finding.mismatch is Mismatch.CONFLICTING_EXECUTION or finding.exec_id is None:
        return is_listed
    if finding.mismatch is Mismatch.MISSING_EXECUTION:
        return known is not None
    return known is None or known.busted
