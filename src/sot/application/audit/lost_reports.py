"""Find waiting reports that would not be found when their order becomes known."""

from collections.abc import Iterator

from sot.application.orders.matching import find_order
from sot.application.orders.waiting import is_recorded
from sot.domain.orders.records import UnattributedReport
from sot.domain.values.vocabulary import FactKind
from sot.ports.store import UnitOfWork


def lost_reports(uow: UnitOfWork) -> Iterator[UnattributedReport]:
    """Iterate over the reports of unknown orders that lack one of their entries among the waiting reports."""
    for fact in uow.audit.facts(FactKind.UNATTRIBUTED):
        report = None if fact.value is None else uow.reports.get(fact.account_id, fact.key)
        if report is not None and not _would_be_found(uow, report) and not _has_found_its_order(uow, report):
            yield report


def _has_found_its_order(uow: UnitOfWork, report: UnattributedReport) -> bool:
    """Whether its identifiers lead to its order, or a person attributed it."""
    if find_order(uow, report.report) is not None:
        return True
    return not uow.reports.is_waiting(report) and is_recorded(uow, report)


def _would_be_found(uow: UnitOfWork, report: UnattributedReport) -> bool:
    return uow.reports.is_waiting(report) and all(
        report.report_id in uow.identifiers.claims(report.account_id, kind, value).waiting
        for kind, value in report.report.identifiers()
    )
