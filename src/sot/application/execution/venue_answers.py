"""What a venue answers: that it is an answer, and what it is the answer to."""

from datetime import datetime
from typing import Any, TypeVar

import attrs

from sot.application.orders.matching import find_order
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import TERMS, OrderRequest
from sot.domain.values.vocabulary import Action, EventType, OrderStatus
from sot.ports.store import UnitOfWork
from sot.ports.venue import VenueCapabilities

T = TypeVar("T")


def check_answer_type(kind: type[T], answer: Any) -> T:
    """An answer, if it is of the kind that the port asks for.

    Raises: TypeError: it is something else.
    """
    if not isinstance(answer, kind):
        raise TypeError(f"the venue answered with {type(answer).__qualname__}, not with {kind.__qualname__}")
    return answer


def interpret_answer(uow: UnitOfWork, order: Order, report: VenueReport) -> VenueReport:
    """The report as one of this order; a status that answers a replacement as that answer: REPLACED.

    It answers one whose name the order goes by, or whose terms it shows, where these are new. A report that names
    another order was not asked for, and is left to find its own.
    """
    if _names(report, order) and not _names_another(uow, report, order):
        report = attrs.evolve(report, order_id=order.order_id)
    if report.type is not EventType.ORDER_STATUS:
        return report
    for asked in _replacements(uow, order, report):
        if _goes_by_its_name(report, asked) or (_has_terms(report, asked) and _is_new(order, asked)):
            name = asked.client_order_id or report.client_order_id
            return attrs.evolve(report, type=EventType.REPLACED, order_id=order.order_id, client_order_id=name)
    return report


def _names(report: VenueReport, order: Order) -> bool:
    names = (None, order.client_order_id, *(request.client_order_id for request in order.state.open_requests))
    return report.client_order_id in names


def _names_another(uow: UnitOfWork, report: VenueReport, order: Order) -> bool:
    """Whether the venue's id in the report, which has no other name, is that of another order that is known."""
    if report.client_order_id is not None or report.venue_order_id in (None, order.venue_order_id):
        return False
    found = find_order(uow, report.changed(order_id=None))
    return found is not None and found.order_id != order.order_id


def is_premature_denial(order: Order, report: VenueReport, asked_at: datetime, able: VenueCapabilities) -> bool:
    """Whether a status would deny a cancel or replacement of ours that may still arrive."""
    if report.type is not EventType.ORDER_STATUS or report.reported_status in _OVER or able.settled_after is None:
        return False
    ours = [request for request in order.state.open_requests if request.request_id is not None]
    return any(asked_at - request.requested_at < able.settled_after for request in ours)


_OVER = frozenset({OrderStatus.FILLED, OrderStatus.CANCELED, OrderStatus.EXPIRED, OrderStatus.REJECTED})


def _replacements(uow: UnitOfWork, order: Order, report: VenueReport) -> list[OrderRequest]:
    """Those that have no answer yet, and the one whose name the order goes by at the venue, and not yet here."""
    ids = [request.request_id for request in order.state.requests(Action.REPLACE) if request.request_id is not None]
    asked = [known.request for known in map(uow.requests.get, ids) if known is not None]
    name = report.client_order_id
    if name is not None and name != order.client_order_id:
        asked += [known.request for known in uow.requests.by_key(order.account_id, name, name)]
    of_this = (request for request in asked if request.target_order_id == order.order_id)
    return [request for request in of_this if request.action is Action.REPLACE and not _makes_order(uow, request)]


def _makes_order(uow: UnitOfWork, asked: OrderRequest) -> bool:
    """Whether the replacement is a new order at the venue: its target never takes its terms."""
    return asked.request_id is not None and uow.orders.by_request(asked.account_id, asked.request_id) is not None


def _goes_by_its_name(report: VenueReport, asked: OrderRequest) -> bool:
    """Whether the order goes by the replacement's name, which it does from then on, whatever its terms are by now."""
    named = asked.client_order_id is not None and asked.client_order_id == report.client_order_id
    return named and report.reported_status is not OrderStatus.PENDING_REPLACE


def _is_new(order: Order, asked: OrderRequest) -> bool:
    """Whether a report can tell the terms that were asked for from those that the order has anyway."""
    return any(
        getattr(order.state, _REPORTED[term]) != value
        for term in TERMS
        if _REPORTED[term] in VenueReport.KINDS and (value := getattr(asked, term)) is not None
    )


_REPORTED = {term: "order_quantity" if term == "quantity" else term for term in TERMS}


def _has_terms(report: VenueReport, asked: OrderRequest) -> bool:
    """Whether the order has the terms that were asked for, as far as a report can tell."""
    wanted = {_REPORTED[term]: value for term in TERMS if (value := getattr(asked, term)) is not None}
    return all(getattr(report, name) == value for name, value in wanted.items() if name in VenueReport.KINDS)
