"""The names of orders and of waiting reports, as the facts give them: what is looked up when a report comes."""

from collections.abc import Iterable, Iterator

from sot.application.recording import find_order, names
from sot.application.writing import own_identifier
from sot.domain.event import OrderEvent
from sot.domain.order import Order
from sot.domain.vocabulary import FactKind, IdentifierKind
from sot.ports.records import Identifier, UnattributedReport
from sot.ports.store import UnitOfWork


def missing_names(
    uow: UnitOfWork, order: Order, events: Iterable[OrderEvent], held: Iterable[Identifier] | None = None
) -> list[Identifier]:
    """The names that these events give the order and that it does not have; `held` are those that it has, if known.

    A client order id that we gave it is its own; what a report tells is the first order's that it was told of.
    """
    held = set(uow.identifiers.of(order.account_id, order.order_id) if held is None else held)
    found = []
    for event in events:
        for name, own in given_names(order, event):
            if name not in held and (own or not _is_taken(uow, name)):
                held.add(name)
                found.append(name)
    return found


def given_names(order: Order, event: OrderEvent) -> Iterator[tuple[Identifier, bool]]:
    """The names that an event gives its order; whether it is our own one, which nobody else can have."""
    if event.fact is not None and event.fact.client_order_id is not None:
        yield own_identifier(order, IdentifierKind.CLIENT, event.fact.client_order_id), True
    report = event.report
    if report is not None and report.venue in (None, order.venue):
        if report.client_order_id is not None:
            yield own_identifier(order, IdentifierKind.CLIENT, report.client_order_id, report), False
        if report.venue_order_id is not None:
            yield own_identifier(order, IdentifierKind.VENUE, report.venue_order_id, report), False


def _is_taken(uow: UnitOfWork, name: Identifier) -> bool:
    return any(taken == name for taken, _ in uow.identifiers.claims(name.account_id, name.kind, name.value).orders)


def lost_reports(uow: UnitOfWork) -> Iterator[UnattributedReport]:
    """Reports whose order is still unknown and that would not be found when it becomes known."""
    for fact in uow.audit.facts(FactKind.UNATTRIBUTED):
        report = None if fact.value is None else uow.reports.get(fact.account_id, fact.key)
        if report is not None and not _would_be_found(uow, report) and find_order(uow, report.report) is None:
            yield report


def _would_be_found(uow: UnitOfWork, report: UnattributedReport) -> bool:
    return uow.reports.waits(report) and all(
        report.report_id in uow.identifiers.claims(report.account_id, kind, value).waiting
        for kind, value in names(report.report)
    )
