"""Whether a comparison settles a finding of an earlier one: only what it would find again, if it held, is closed."""

from collections.abc import Callable, Mapping

from sot.domain.orders.report import VenueReport
from sot.domain.reconciliation.comparison import Comparison, held
from sot.domain.reconciliation.record import Reconciliation
from sot.domain.reconciliation.snapshots import KnownOrder
from sot.domain.values.vocabulary import EventType, Mismatch


def is_resolved(comparison: Comparison, finding: Reconciliation) -> bool:
    """Whether the comparison would have found it, if it still held."""
    if finding.mismatch is Mismatch.POSITION_DIFFERS:
        return comparison.compares_position(finding.symbol)
    if finding.order_id is None:
        return _settles_unknown(comparison, finding)
    order = comparison.orders.get(finding.order_id)
    if order is None or not comparison.judges(order):
        return False
    if finding.exec_id is not None or finding.mismatch in _OF_EXECUTIONS:
        return _settles_execution(comparison, finding, order)
    return _SETTLED_BY[finding.mismatch or Mismatch.IN_DOUBT](order, comparison.statuses.get(order.order_id))


_OF_EXECUTIONS = (Mismatch.MISSING_EXECUTION, Mismatch.CONFLICTING_EXECUTION)


_SETTLED_BY: Mapping[Mismatch, Callable[[KnownOrder, VenueReport | None], bool]] = {
    Mismatch.IN_DOUBT: lambda order, said: True,
    Mismatch.OVERFILL: lambda order, said: True,
    Mismatch.STATUS_DIFFERS: lambda order, said: said is not None and said.reported_status is not None,
    Mismatch.QUANTITY_DIFFERS: lambda order, said: said is not None and said.cum_quantity is not None,
    Mismatch.MISSING_AT_VENUE: lambda order, said: said is not None or not order.is_open,
}


def _settles_unknown(comparison: Comparison, finding: Reconciliation) -> bool:
    known = comparison.names.find(report_naming_order(finding)) is not None
    gone = finding.mismatch is Mismatch.MISSING_LOCAL and comparison.venue.open_orders.covers(finding.symbol)
    return known or gone


def report_naming_order(finding: Reconciliation) -> VenueReport:
    """A report that names the order which a finding names."""
    return VenueReport(
        account_id=finding.account_id,
        type=EventType.ORDER_STATUS,
        venue=finding.venue,
        client_order_id=finding.client_order_id,
        venue_order_id=finding.venue_order_id,
    )


def _settles_execution(comparison: Comparison, finding: Reconciliation, order: KnownOrder) -> bool:
    """A listed execution is compared; of one that is not, the history may have it now, or count it no more."""
    known = None if finding.exec_id is None else held(order, finding.exec_id, finding.leg)
    names = {finding.exec_id, *(() if known is None else (known.exec_id, known.first_exec_id))}
    listed = any(comparison.executions.get((name, finding.leg)) for name in names)
    if listed or finding.mismatch is Mismatch.CONFLICTING_EXECUTION or finding.exec_id is None:
        return listed
    if finding.mismatch is Mismatch.MISSING_EXECUTION:
        return known is not None
    return known is None or known.busted
