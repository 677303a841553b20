"""Healing: record the venue's reports about what differs, and nothing else."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sot.application.execution.venue_answers import interpret_answer, is_premature_denial
from sot.application.orders.matching import find_order
from sot.application.orders.reports import adopt_external_order, record
from sot.application.reconciliation.venue_snapshot import CollectedAnswers
from sot.domain.orders.report import VenueReport
from sot.domain.reconciliation.comparison import Comparison
from sot.domain.values.times import EPOCH
from sot.domain.values.vocabulary import Origin, Outcome
from sot.ports.store import UnitOfWork
from sot.ports.venue import VenueCapabilities


def heal(
    uow: UnitOfWork,
    answers: CollectedAnswers,
    comparison: Comparison,
    capabilities: VenueCapabilities,
    actor: str | None,
) -> int:
    """Record the venue's reports about all orders that differ, and adopt the orders that are not known.

    A report that was recorded before, here or elsewhere, adds nothing. An execution without an id, which cannot be
    recognised, is recorded only if the history has none like it. A status does not deny a request that was sent so
    recently that it may still arrive.

    Returns:
        The number of facts that were added.

    Rules: HEAL-12, HEAL-17.
    """
    statuses, executions = _reports_of_differences(comparison)
    adopted = _adopt_orders(uow, (*statuses, *executions), actor)
    reports = (*executions, *statuses, *answers.other_accounts)
    return adopted + _record_reports(uow, reports, answers.snapshot.asked_at, capabilities)


def _reports_of_differences(comparison: Comparison) -> tuple[Sequence[VenueReport], Sequence[VenueReport]]:
    """The venue's statuses, and its executions by time, of orders that differ or are not known.

    Rules: HEAL-10, HEAL-11, HEAL-12.
    """
    venue = comparison.venue
    differing = {difference.order_id for difference in comparison.differences if difference.order_id is not None}

    def concerns(report: VenueReport) -> bool:
        order = comparison.order_index.find(report)
        if order is None:
            return comparison.history.coverage.concerns(report.symbol)
        return order.order_id in differing

    listed = [
        report for report in venue.executions if report.exec_id is not None or comparison.is_new_execution(report)
    ]
    executions = sorted(filter(concerns, listed), key=lambda report: report.occurred_at or EPOCH)
    return list(filter(concerns, venue.orders)), executions


def _adopt_orders(uow: UnitOfWork, reports: Iterable[VenueReport], actor: str | None) -> int:
    """Adopt the orders of reports that no request made; returns how many there are.

    Rules: HEAL-13.
    """
    adopted = 0
    for report in reports:
        if report.venue is not None and report.symbol is not None and any(report.identifiers()):
            adopted += adopt_external_order(uow, report, Origin.RECONCILIATION, actor)
    return adopted


def _record_reports(
    uow: UnitOfWork, reports: Iterable[VenueReport], asked_at: datetime, capabilities: VenueCapabilities
) -> int:
    """Record reports; returns how many were not recorded before.

    Rules: HEAL-12, HEAL-16, HEAL-17.
    """
    # Recovery waits before it believes a denial; where it cannot ask for orders, the elapsed time has to do.
    has_waited = not (capabilities.settled_after and capabilities.finds_orders)
    count = 0
    for report in reports:
        order = find_order(uow, report)
        if order is not None:
            report = interpret_answer(uow, order, report)
            if is_premature_denial(order, report, asked_at, capabilities, has_waited):
                continue
        count += record(uow, report, Origin.RECONCILIATION).outcome is not Outcome.REPEATED
    return count
