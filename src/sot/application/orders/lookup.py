"""Look up requests and orders by id."""

from sot.domain.orders.order import Order
from sot.domain.orders.records import RecordedRequest
from sot.domain.values.errors import NotFound
from sot.domain.values.vocabulary import ReportingType
from sot.ports.store import UnitOfWork


def get_request(uow: UnitOfWork, request_id: str, lock: bool = False, hint: str = "") -> RecordedRequest:
    """The request of an id.

    Raises:
        NotFound: There is no such request.
    """
    request = uow.requests.get(request_id, lock)
    if request is None:
        raise NotFound("request", request_id, hint or "submit it first")
    return request


def get_order(uow: UnitOfWork, order_id: str, hint: str = "") -> Order:
    """The order of an id.

    Raises:
        NotFound: There is no such order.
    """
    order = uow.orders.get(order_id)
    if order is None:
        raise NotFound("order", order_id, hint)
    return order


def is_made_from_leg(uow: UnitOfWork, order: Order) -> bool:
    """Whether an order was found by a leg, and is known by the symbol of that until its own is told."""
    if order.request_id is not None or order.side is not None:
        return False
    created = uow.events.get(order.account_id, order.order_id, 1)
    terms = None if created is None else created.report
    return terms is not None and terms.reporting_type is ReportingType.LEG
