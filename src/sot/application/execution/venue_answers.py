"""Answers of venues: check their type, and find out which request they answer."""

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


def check_answer_type(answer_type: type[T], answer: Any) -> T:
    """Return the answer, if it has the type that the port requires.

    Raises:
        TypeError: It has another type.
    """
    if not isinstance(answer, answer_type):
        raise TypeError(f"the venue answered with {type(answer).__qualname__}, not with {answer_type.__qualname__}")
    return answer


def interpret_answer(uow: UnitOfWork, order: Order, report: VenueReport) -> VenueReport:
    """Interpret a report that was given as an answer about an order.

    The report gets the order's id, unless it names another order. A status that answers a replacement becomes
    REPLACED: one that has the replacement's client order id, or its terms, where these differ from the order's.

    Rules: HEAL-14, HEAL-15.
    """
    if _may_name(report, order) and not _names_another(uow, report, order):
        report = attrs.evolve(report, order_id=order.order_id)
    if report.type is not EventType.ORDER_STATUS:
        return report
    for request in _replacements(uow, order, report):
        if _has_its_name(report, request) or (_has_its_terms(report, request) and _changes_terms(order, request)):
            name = request.client_order_id or report.client_order_id
            return attrs.evolve(report, type=EventType.REPLACED, order_id=order.order_id, client_order_id=name)
    return report


def _may_name(report: VenueReport, order: Order) -> bool:
    """Whether the report names no client order id, or one of this order."""
    names = (None, order.client_order_id, *(request.client_order_id for request in order.state.open_requests))
    return report.client_order_id in names


def _names_another(uow: UnitOfWork, report: VenueReport, order: Order) -> bool:
    """Whether the report has a venue order id alone, and that of another order."""
    if report.client_order_id is not None or report.venue_order_id in (None, order.venue_order_id):
        return False
    found = find_order(uow, report.changed(order_id=None))
    return found is not None and found.order_id != order.order_id


def is_premature_denial(
    order: Order, report: VenueReport, asked_at: datetime, capabilities: VenueCapabilities, has_waited: bool
) -> bool:
    """Whether a status would close a cancel or replacement of ours that may still arrive at the venue.

    Args:
        order: The order.
        report: The status.
        asked_at: The time when the venue was asked for it.
        capabilities: Those of the venue.
        has_waited: Whether `settled_after` was waited for, whatever the clock says.

    Rules: HEAL-16.
    """
    if (
        report.type is not EventType.ORDER_STATUS
        or report.reported_status in _FINAL_STATUSES
        or capabilities.settled_after is None
    ):
        return False
    ours = [request for request in order.state.open_requests if request.request_id is not None]
    return any(not has_waited or asked_at - request.requested_at < capabilities.settled_after for request in ours)


_FINAL_STATUSES = frozenset({OrderStatus.FILLED, OrderStatus.CANCELED, OrderStatus.EXPIRED, OrderStatus.REJECTED})


def _replacements(uow: UnitOfWork, order: Order, report: VenueReport) -> list[OrderRequest]:
    """The open replacements of the order, and those whose client order id the report has and the order does not yet."""
    ids = [request.request_id for request in order.state.requests(Action.REPLACE) if request.request_id is not None]
    requests = [recorded.request for recorded in map(uow.requests.get, ids) if recorded is not None]
    name = report.client_order_id
    if name is not None and name != order.client_order_id:
        requests += [recorded.request for recorded in uow.requests.by_key(order.account_id, name, name)]
    of_order = (request for request in requests if request.target_order_id == order.order_id)
    return [request for request in of_order if request.action is Action.REPLACE and not _makes_order(uow, request)]


def _makes_order(uow: UnitOfWork, request: OrderRequest) -> bool:
    """Whether the replacement made a new order, so that its target never has its terms."""
    return request.request_id is not None and uow.orders.by_request(request.account_id, request.request_id) is not None


def _has_its_name(report: VenueReport, request: OrderRequest) -> bool:
    """Whether the report has the replacement's client order id, which the order has from then on."""
    has_name = request.client_order_id is not None and request.client_order_id == report.client_order_id
    return has_name and report.reported_status is not OrderStatus.PENDING_REPLACE


def _changes_terms(order: Order, request: OrderRequest) -> bool:
    """Whether the replacement changes a term that a report can state."""
    return any(
        getattr(order.state, _REPORT_FIELDS[term]) != value
        for term in TERMS
        if _REPORT_FIELDS[term] in VenueReport.KINDS and (value := getattr(request, term)) is not None
    )


_REPORT_FIELDS = {term: "order_quantity" if term == "quantity" else term for term in TERMS}


def _has_its_terms(report: VenueReport, request: OrderRequest) -> bool:
    """Whether the report has the terms of the replacement, as far as a report can state them."""
    terms = {_REPORT_FIELDS[term]: value for term in TERMS if (value := getattr(request, term)) is not None}
    return all(getattr(report, name) == value for name, value in terms.items() if name in VenueReport.KINDS)
