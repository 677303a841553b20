"""Derive which reports wait for their order, and for which identifiers, from the facts.

A report of an unknown order waits until an event of its order names it.
"""

from collections.abc import Iterator, Sequence

from sot.domain.orders.records import UnattributedReport
from sot.domain.values.vocabulary import FactKind
from sot.ports.store import UnitOfWork


def differing_reports(uow: UnitOfWork) -> Iterator[tuple[UnattributedReport, str]]:
    """Iterate over the reports that wait otherwise than the facts say, each with what is wrong."""
    for fact in uow.audit.facts(FactKind.UNATTRIBUTED):
        report = None if fact.value is None else uow.reports.get(fact.account_id, fact.key)
        if report is None:
            continue
        stored, derived = list(uow.reports.waits_for(report)), derived_rows(uow, report)
        if stored != derived:
            yield report, _difference(stored, derived)


def derived_rows(uow: UnitOfWork, report: UnattributedReport) -> Sequence[tuple[str, str]]:
    """The identifiers (kind, value) for which a report waits, sorted; the first is empty. None, if it does not wait."""
    if uow.events.by_report(report.account_id, report.report_id) is not None:
        return []
    return sorted({("", ""), *((str(kind), value) for kind, value in report.report.identifiers())})


def _difference(stored: Sequence[tuple[str, str]], derived: Sequence[tuple[str, str]]) -> str:
    if not derived:
        return "it waits for its order, and is in the history of one"
    if not stored:
        return "it waits for its order, and would not be found when that becomes known"
    names = [f"{kind} {value}".strip() or "the list" for kind, value in sorted({*stored} ^ {*derived})]
    return f"it does not wait for the identifiers that it carries ({', '.join(names)})"
