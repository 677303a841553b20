"""Find waiting reports that would not be found when their order becomes known."""

from collections.abc import Iterator

from sot.application.orders.matching import find_order
from sot.domain.orders.records import UnattributedReport
from sot.domain.values.vocabulary import FactKind
from sot.ports.store import UnitOfWork


def lost_reports(uow: UnitOfWork) -> Iterator[UnattributedReport]:
    """Iterate over the reports of unknown orders that lack one of their entries among the waiting reports."""
    for fact in uow.audit.facts(FactKind.UNATTRIBUTED):
        report = None if fact.value is None else uow.reports.get(fact.account_id, fact.key)
        if report is not None and not _would_be_found(uow, report) and find_order(uow, report.report) is None:
            yield report


def _would_be_found(uow: UnitOfWork, report: UnattributedReport) -> bool:
    return uow.reports.is_waiting(report) and all(
        report.report_id in uow.identifiers.claims(report.account_id, kind, value).waiting
        for kind, value in report.report.identifiers()
    )
