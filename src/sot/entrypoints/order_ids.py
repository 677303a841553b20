"""Identifying orders and requests by the names that lines and options give."""

import uuid
from collections.abc import Iterable, Sequence
from typing import ClassVar

import attrs

from sot.application.history import OrderHistory
from sot.domain.orders.order import Order
from sot.domain.values import fields
from sot.domain.values.errors import InvalidInput, NotFound
from sot.domain.values.identity import has_prefix, id_prefix
from sot.domain.values.value import Value
from sot.ports.orders import OrderFilter, RequestFilter
from sot.ports.store import UnitOfWork

ORDER_FIELDS = {
    "order_id": fields.IDENTITY,
    "account_id": fields.NAME,
    "client_order_id": fields.NAME,
    "venue": fields.NAME,
    "venue_order_id": fields.NAME,
}
_LISTED = 10
"""How many candidates an error lists."""

REQUEST_FIELDS = {"request_id": fields.IDENTITY, "account_id": fields.NAME, "idempotency_key": fields.NAME}


@attrs.frozen(slots=False, kw_only=True)
class OrderIds(Value):
    """An order by `order_id`, or by `account_id` with `client_order_id`, or with `venue` and `venue_order_id`."""

    order_id: str | None = None
    account_id: str | None = None
    client_order_id: str | None = None
    venue: str | None = None
    venue_order_id: str | None = None

    KINDS: ClassVar = ORDER_FIELDS

    def resolve(self, history: OrderHistory) -> str:
        """Find the id of the order.

        Raises:
            NotFound: There is no such order.
            InvalidInput: The fields do not identify an order.
        """
        if self.order_id is not None:
            order = history.order(self.order_id)
            if self.account_id not in (None, order.account_id):
                raise NotFound("order", self.order_id, f"not of account {self.account_id}")
            return order.order_id
        is_named = self.client_order_id or (self.venue and self.venue_order_id)
        if self.account_id is None or not is_named:
            allowed = "order_id, or account_id with client_order_id, or account_id with venue and venue_order_id"
            raise InvalidInput("order_id", None, allowed)
        return history.find_order(self.account_id, self.client_order_id, self.venue, self.venue_order_id).order_id


@attrs.frozen(slots=False, kw_only=True)
class RequestIds(Value):
    """A request by `request_id`, or by `account_id` with `idempotency_key`."""

    request_id: str | None = None
    account_id: str | None = None
    idempotency_key: str | None = None

    KINDS: ClassVar = REQUEST_FIELDS

    def resolve(self, history: OrderHistory) -> str:
        """Find the id of the request.

        Raises:
            NotFound: There is no such request.
            InvalidInput: The fields do not identify a request.
        """
        if self.request_id is not None:
            request = history.request(self.request_id)
            if self.account_id not in (None, request.account_id):
                raise NotFound("request", self.request_id, f"not of account {self.account_id}")
            return request.request_id
        if self.account_id is None or self.idempotency_key is None:
            raise InvalidInput("request_id", None, "request_id, or account_id with idempotency_key")
        existing = history.find_request(self.account_id, self.idempotency_key)
        if existing is None:
            raise NotFound("request", self.idempotency_key, f"of account {self.account_id}; submit it first")
        return existing.request_id


def find_order(uow: UnitOfWork, name: str, account_id: str | None, venue: str | None = None) -> Order:
    """Find the order that a command names.

    Args:
        uow: The unit of work to read in.
        name: An order id or, with an account, a client order id or the order's id at the venue, which needs the venue
            where several orders have it; or the first digits of the id of one order, or of one request that made or
            changed an order.
        account_id: The account of the order; None is the only one of the store, if it has just one.
        venue: The venue of the order.

    Raises:
        NotFound: There is no such order.
        InvalidInput: The name is no order id, and there is no account; or it begins the ids of several orders.
    """
    history = OrderHistory(uow)
    accounts = [account_id] if account_id is not None else uow.audit.known_accounts()
    if len(accounts) == 1:
        account_id = accounts[0]
    try:
        return _find_named(history, name, account_id, venue, accounts)
    except (InvalidInput, NotFound):
        found = _find_by_prefix(history, name, account_id, venue)
        if found is None:
            raise
        return found


def complete_id(field: str, text: str, ids: Iterable[str]) -> str:
    """Return the one of some ids that begins with the digits of a text; a whole id as it is.

    Raises:
        InvalidInput: The text is no id nor its first digits, or begins none of the ids, or several.
    """
    prefix = id_prefix(field, text)
    if len(prefix) == len(uuid.UUID(int=0).hex):
        return str(fields.IDENTITY.check(field, text))
    found = [id for id in ids if has_prefix(id, prefix)]
    if not found:
        raise InvalidInput(field, text, "an id of the list, or its first digits")
    if len(found) > 1:
        raise InvalidInput(field, text, f"more digits of one of the ids {', '.join(found[:_LISTED])}")
    return found[0]


def _find_named(
    history: OrderHistory, name: str, account_id: str | None, venue: str | None, accounts: Sequence[str]
) -> Order:
    if account_id is None:
        try:
            fields.IDENTITY.check("ORDER", name)
        except InvalidInput:
            allowed = "an order id or its first digits, or a client order id together with --account"
            allowed += f" ({', '.join(accounts[:_LISTED])}{', ...' * (len(accounts) > _LISTED)})" if accounts else ""
            raise InvalidInput("ORDER", name, allowed) from None
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
            named = history.orders(OrderFilter(account_id=account_id, identifier=name), limit=2).items
            if len(named) == 1:
                return named[0]
            raise
        return history.order(OrderIds(order_id=order_id, account_id=account_id).resolve(history))


def _find_by_prefix(history: OrderHistory, name: str, account_id: str | None, venue: str | None) -> Order | None:
    """Find the one order whose id, or the id of whose request, begins with these digits; None if there is none."""
    try:
        prefix = id_prefix("ORDER", name)
    except InvalidInput:
        return None
    by_order = OrderFilter(account_id=account_id, venue=venue, order_id_prefix=prefix)
    orders = {order.order_id: order for order in history.orders(by_order, limit=_LISTED + 1).items}
    if not orders:
        by_request = RequestFilter(account_id=account_id, request_id_prefix=prefix)
        ids = dict.fromkeys(recorded.order_id for recorded in history.requests(by_request, limit=_LISTED + 1).items)
        found = [history.order(order_id) for order_id in ids if order_id is not None]
        orders = {order.order_id: order for order in found if venue in (None, order.venue)}
    if len(orders) > 1:
        listed = [f"{o.order_id} ({o.venue} {o.symbol} {o.status})" for o in orders.values()]
        more = ", ..." if len(listed) > _LISTED else ""
        raise InvalidInput("ORDER", name, f"more digits of one of the ids {', '.join(listed[:_LISTED])}{more}")
    return next(iter(orders.values()), None)
