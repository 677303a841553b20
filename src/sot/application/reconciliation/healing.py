"""Healing: recording what the venue reports about what differs, and nothing else."""

from collections.abc import Iterable
from datetime import datetime

from sot.application.execution.venue_answers import interpret_answer, is_premature_denial
from sot.application.orders.matching import find_order
from sot.application.orders.reports import adopt_external_order, record
from sot.application.reconciliation.venue_snapshot import Asked
from sot.domain.orders.report import VenueReport
from sot.domain.reconciliation.comparison import Comparison
from sot.domain.values.times import EPOCH
from sot.domain.values.vocabulary import Origin, Outcome
from sot.ports.store import UnitOfWork
from sot.ports.venue import VenueCapabilities


def heal(uow: UnitOfWork, asked: Asked, comparison: Comparison, able: VenueCapabilities, actor: str | None) -> int:
    """Record the venue's reports about all orders that differ, and take in those that are not known; gives how many
    facts that added.

    Whatever is recorded is recognised when it is recorded again, here or elsewhere; executions without an id, by which
    that could be, are recorded only if the history has none that says the same. A status does not deny what was asked
    for so shortly before that it may still arrive.
    """
    venue = asked.snapshot
    concerned = {difference.order_id for difference in comparison.differences if difference.order_id is not None}

    def concerns(report: VenueReport) -> bool:
        order = comparison.names.find(report)
        if order is None:
            return comparison.history.coverage.concerns(report.symbol)
        return order.order_id in concerned and comparison.judges(order)

    listed = [report for report in venue.executions if report.exec_id is not None or comparison.is_new(report)]
    executions = sorted(filter(concerns, listed), key=lambda report: report.occurred_at or EPOCH)
    statuses = list(filter(concerns, venue.orders))
    made = 0
    for report in (*statuses, *executions):
        if report.venue is not None and report.symbol is not None and any(report.identifiers()):
            made += adopt_external_order(uow, report, Origin.RECONCILIATION, actor)
    return made + _recorded(uow, (*executions, *statuses, *asked.foreign), venue.asked_at, able)


def _recorded(uow: UnitOfWork, reports: Iterable[VenueReport], asked_at: datetime, able: VenueCapabilities) -> int:
    count = 0
    for report in reports:
        order = find_order(uow, report)
        told = report if order is None else interpret_answer(uow, order, report)
        if order is not None and is_premature_denial(order, told, asked_at, able):
            continue
        count += record(uow, told, Origin.RECONCILIATION).outcome is not Outcome.REPEATED
    return count
