"""Match a venue report to its order by the identifiers that it carries.

The order of precedence: our order id, the client order id, the venue order id (with its venue), the original client
order id (`VenueReport.identifiers`). The first of them that any order goes by decides. If several orders go by it, or a
request that was not sent yet does, the report matches none.
"""

from sot.domain.orders.order import Order
from sot.domain.orders.records import Identifier
from sot.domain.orders.report import VenueReport
from sot.domain.values.vocabulary import Action, IdentifierKind
from sot.ports.store import UnitOfWork


def find_order(uow: UnitOfWork, report: VenueReport) -> Order | None:
    """Find the order of a report; None if no identifier is known, or if the first known one is ambiguous."""
    if report.order_id is not None:
        order = uow.orders.get(report.order_id)
        if order is not None and order.account_id == report.account_id:
            return resolve_attribution(uow, order)
    for kind, value in report.identifiers():
        found = _orders_known_as(uow, report, kind, value)
        if found:
            return found[0] if len(found) == 1 else None
        if kind is IdentifierKind.CLIENT and _is_of_unsent_request(uow, report, value):
            return None
    return None


def is_new_order(uow: UnitOfWork, report: VenueReport) -> bool:
    """Whether no order goes by any of a report's identifiers, and no request is about to make one that will."""
    return find_order(uow, report) is None and not any(
        _orders_known_as(uow, report, kind, value)
        or (kind is IdentifierKind.CLIENT and _is_of_unsent_request(uow, report, value))
        for kind, value in report.identifiers()
    )


def resolve_attribution(uow: UnitOfWork, order: Order | None) -> Order | None:
    """The order, or the one that it was attributed to."""
    while order is not None and order.state.attributed_to is not None:
        order = uow.orders.get(order.state.attributed_to)
    return order


def _orders_known_as(uow: UnitOfWork, report: VenueReport, kind: IdentifierKind, value: str) -> list[Order]:
    found = {}
    for identifier, order_id in uow.identifiers.claims(report.account_id, kind, value).orders:
        if identifier.fits(report):
            order = resolve_attribution(uow, uow.orders.get(order_id))
            if order is not None:
                found[order.order_id] = order
    return list(found.values())


def _is_of_unsent_request(uow: UnitOfWork, report: VenueReport, client_order_id: str) -> bool:
    """Whether a NEW request that was not sent yet has this client order id: the report is about its order."""
    for known in uow.requests.by_key(report.account_id, client_order_id, client_order_id):
        request = known.request
        unsent = request.action is Action.NEW and known.order_id is None
        if unsent and request.client_order_id == client_order_id and Identifier.of_request(request).fits(report):
            return True
    return False
