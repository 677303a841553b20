"""How orders and requests are named from outside."""

from typing import ClassVar

import attrs

from sot.application.history import OrderHistory
from sot.domain.orders.order import Order
from sot.domain.values import fields
from sot.domain.values.errors import InvalidInput, NotFound

ORDER_NAMES = {
    "order_id": fields.IDENTITY,
    "account_id": fields.NAME,
    "client_order_id": fields.NAME,
    "venue": fields.NAME,
    "venue_order_id": fields.NAME,
}
REQUEST_NAMES = {"request_id": fields.IDENTITY, "account_id": fields.NAME, "idempotency_key": fields.NAME}


@attrs.frozen(slots=False, kw_only=True)
class OrderName(fields.Value):
    """An order by `order_id`, or by `account_id` with `client_order_id`, or with `venue` and `venue_order_id`."""

    order_id: str | None = None
    account_id: str | None = None
    client_order_id: str | None = None
    venue: str | None = None
    venue_order_id: str | None = None

    KINDS: ClassVar = ORDER_NAMES

    def resolve(self, history: OrderHistory) -> str:
        """The order's id. Raises: NotFound. InvalidInput: nothing names an order."""
        if self.order_id is not None:
            order = history.order(self.order_id)
            if self.account_id not in (None, order.account_id):
                raise NotFound("order", self.order_id, f"not of account {self.account_id}")
            return order.order_id
        named = self.client_order_id or (self.venue and self.venue_order_id)
        if self.account_id is None or not named:
            allowed = "order_id, or account_id with client_order_id, or account_id with venue and venue_order_id"
            raise InvalidInput("order_id", None, allowed)
        return history.find_order(self.account_id, self.client_order_id, self.venue, self.venue_order_id).order_id


@attrs.frozen(slots=False, kw_only=True)
class RequestName(fields.Value):
    """A request by `request_id`, or by `account_id` with `idempotency_key`."""

    request_id: str | None = None
    account_id: str | None = None
    idempotency_key: str | None = None

    KINDS: ClassVar = REQUEST_NAMES

    def resolve(self, history: OrderHistory) -> str:
        """The request's id. Raises: NotFound. InvalidInput: nothing names a request."""
        if self.request_id is not None:
            request = history.request(self.request_id)
            if self.account_id not in (None, request.account_id):
                raise NotFound("request", self.request_id, f"not of account {self.account_id}")
            return request.request_id
        if self.account_id is None or self.idempotency_key is None:
            raise InvalidInput("request_id", None, "request_id, or account_id with idempotency_key")
        found = history.find_request(self.account_id, self.idempotency_key)
        if found is None:
            raise NotFound("request", self.idempotency_key, f"of account {self.account_id}; submit it first")
        return found.request_id


def order_named(history: OrderHistory, name: str, account_id: str | None, venue: str | None = None) -> Order:
    """The order of a command line: by its id or, in an account, by its client order id or its id at a venue.

    Raises: NotFound. InvalidInput: neither an id nor an account.
    """
    if account_id is None:
        try:
            fields.IDENTITY.check("ORDER", name)
        except InvalidInput:
            raise InvalidInput("ORDER", name, "an order id, or a client order id together with --account") from None
        return history.order(name.lower())
    try:
        return history.find_order(account_id, client_order_id=name, venue=venue)
    except NotFound:
        if venue is not None:
            return history.find_order(account_id, venue=venue, venue_order_id=name)
        try:
            order_id = fields.IDENTITY.check("ORDER", name)
        except InvalidInput:
            order_id = None
        if order_id is None:
            raise
        return history.order(OrderName(order_id=order_id, account_id=account_id).resolve(history))
