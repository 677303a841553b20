"""What a venue says of an order that it was asked for, as the answer that it is."""

import attrs

from sot.domain.intent import TERMS, OrderRequest
from sot.domain.order import Order
from sot.domain.report import VenueReport
from sot.domain.vocabulary import Action, EventType
from sot.ports.store import UnitOfWork


def as_answer(uow: UnitOfWork, order: Order, report: VenueReport) -> VenueReport:
    """The report as one of this order; a status that shows the terms of a replacement is the answer to that: REPLACED.

    One that names another order was not asked for, and is left to find its own.
    """
    names = (None, order.client_order_id, *(request.client_order_id for request in order.state.open_requests))
    if report.client_order_id in names:
        report = attrs.evolve(report, order_id=order.order_id)
    if report.type is not EventType.ORDER_STATUS:
        return report
    for asked in _replacements(uow, order, report):
        if _has_terms(report, asked):
            name = asked.client_order_id or report.client_order_id
            return attrs.evolve(report, type=EventType.REPLACED, order_id=order.order_id, client_order_id=name)
    return report


def _replacements(uow: UnitOfWork, order: Order, report: VenueReport) -> list[OrderRequest]:
    """Those that have no answer yet, and the one whose name the order goes by at the venue, and not yet here."""
    ids = [request.request_id for request in order.state.requests(Action.REPLACE) if request.request_id is not None]
    asked = [known.request for known in map(uow.requests.get, ids) if known is not None]
    name = report.client_order_id
    if name is not None and name != order.client_order_id:
        asked += [known.request for known in uow.requests.by_key(order.account_id, name, name)]
    of_this = (request for request in asked if request.target_order_id == order.order_id)
    return [request for request in of_this if request.action is Action.REPLACE]


_REPORTED = {term: "order_quantity" if term == "quantity" else term for term in TERMS}


def _has_terms(report: VenueReport, asked: OrderRequest) -> bool:
    """Whether the order has the terms that were asked for, as far as a report can tell."""
    wanted = {_REPORTED[term]: value for term in TERMS if (value := getattr(asked, term)) is not None}
    return all(getattr(report, name) == value for name, value in wanted.items() if name in VenueReport.KINDS)
