"""Look up requests and orders by id."""

from sot.domain.orders.order import Order
from sot.domain.orders.records import RecordedRequest
from sot.domain.values.errors import NotFound
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
