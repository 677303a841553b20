"""Orders in tables."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import attrs
from sqlalchemy import Select, bindparam, literal, select

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.models import OrderIdentifierRow, OrderRow
from sot.adapters.sqlalchemy.repositories.orders.requests import Requests
from sot.adapters.sqlalchemy.repositories.paging import after_key, beside, distinct, is_identity, page_of
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.types import Flag
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.orders.order import Order
from sot.domain.values.vocabulary import IdentifierKind
from sot.ports import orders as ports
from sot.ports.orders import OrderFilter
from sot.ports.paging import Page, PageKey

_ORDERS = select(*OrderRow.__table__.columns)


_BY_ID = Query(_ORDERS.where(OrderRow.order_id == bindparam("order_id")))


_BY_REQUEST = Query(
    _ORDERS.where(OrderRow.account_id == bindparam("account_id"), OrderRow.request_id == bindparam("request_id"))
)


class Orders(ports.Orders):
    """One object per order; a changed one is written once, under the version that was read."""

    def __init__(self, buffer: WriteBuffer, requests: Requests) -> None:
        self._buffer = buffer
        self._requests = requests
        self._given: dict[str, Order] = {}
        self._by_request: dict[tuple[str, str], Order] = {}
        self._created: set[str] = set()
        self._stored_versions: dict[str, int] = {}
        self._changed: dict[str, Order] = {}
        buffer.before_flush(self._collect)

    def is_new(self, order_id: str) -> bool:
        """Whether the order was added by this unit of work, so that nobody else can have stored anything of it."""
        return order_id in self._created

    def add(self, order: Order) -> None:
        """Keep a new order."""
        self._buffer.check_writable("a new order")
        order.version = 1
        self._created.add(order.order_id)
        self._given[order.order_id] = order
        if order.request_id is not None:
            self._by_request[order.account_id, order.request_id] = order
        self._changed[order.order_id] = order
        self._buffer.autoflush()

    def save(self, order: Order) -> None:
        """Keep the changed state of an order."""
        self._buffer.check_writable("a changed order")
        stored = self._stored_versions.get(order.order_id)
        # Several changes in one unit of work are one step of the version.
        if stored is not None and order.order_id not in self._created and order.version == stored:
            order.version += 1
        self._changed[order.order_id] = order
        self._buffer.autoflush()

    def rewrite(self, order: Order) -> None:
        """Write the row of an order anew."""
        self._buffer.check_writable("a rebuilt order")
        self._changed[order.order_id] = order
        self._buffer.autoflush()

    def _collect(self) -> None:
        for order_id in sorted(self._changed):
            row = rows.order_row(self._changed[order_id])
            expected = self._stored_versions.get(order_id)
            if expected is None:
                self._buffer.insert("orders", row)
            else:
                row["was_account_id"] = row["account_id"]
                row["was_order_id"] = order_id
                row["was_version"] = expected
                self._buffer.update("orders", row)
            self._stored_versions[order_id] = row["version"]
        self._changed.clear()

    def get(self, order_id: str) -> Order | None:
        """The order of this id, always the same object."""
        given = self._given.get(order_id)
        if given is not None or not is_identity(order_id):
            return given
        found = self._buffer.fetch(_BY_ID, {"order_id": order_id})
        return self._give(found[0]) if found else None

    def by_request(self, account_id: str, request_id: str) -> Order | None:
        """The order that a request made."""
        given = self._by_request.get((account_id, request_id))
        if given is not None or self._requests.is_new(request_id) or not is_identity(request_id):
            return given
        found = self._buffer.fetch(_BY_REQUEST, {"account_id": account_id, "request_id": request_id})
        return self._give(found[0]) if found else None

    def _give(self, row: Any) -> Order:
        given = self._given.get(row.order_id)
        if given is None:
            given = rows.read(self._buffer.url, f"order {row.order_id}", lambda: rows.order_of(row))
            self._given[given.order_id] = given
            self._stored_versions[given.order_id] = given.version
            if given.request_id is not None:
                self._by_request[given.account_id, given.request_id] = given
        return given

    def list(self, filter: OrderFilter, after: PageKey | None, limit: int) -> Page[Order]:
        """Orders by (created_at, order_id)."""
        self._buffer.flush()
        found: list[Order] = []
        for part in self._parts(filter):
            statement, parameters = _listed(part)
            if after is not None:
                statement = statement.where(after_key(OrderRow.created_at, OrderRow.order_id, after))
            found += map(self._give, self._buffer.fetch_dynamic(statement.limit(limit + 1), parameters))
        return page_of(sorted(found, key=_place), limit, lambda order: PageKey(*_place(order)))

    def _parts(self, filter: OrderFilter) -> Iterator[OrderFilter]:
        """Filters that find the same together, each with an index in which that is in order."""
        each = [attrs.evolve(filter, statuses=(status,)) for status in dict.fromkeys(filter.statuses)]
        for part in each or [filter]:
            if filter.account_id is None and _finds_few(filter):
                for (account_id,) in self._buffer.fetch_dynamic(_ACCOUNTS, {}):
                    yield attrs.evolve(part, account_id=account_id)
            else:
                yield part


def _place(order: Order) -> tuple[datetime, str]:
    return order.created_at, order.order_id


def _finds_few(filter: OrderFilter) -> bool:
    return bool(filter.is_open or filter.in_doubt or filter.identifier is not None)


def _listed(filter: OrderFilter) -> tuple[Select[Any], dict[str, Any]]:
    """The query for orders of one status at most, in order, and its parameters."""
    row, few = OrderRow, _finds_few(filter)
    statement = _ORDERS.order_by(row.created_at, row.order_id)
    parameters: dict[str, Any] = {}
    for name, column, wanted in (
        ("account_id", row.account_id, filter.account_id),
        ("venue", row.venue, filter.venue),
        ("symbol", row.symbol, filter.symbol),
        ("strategy_code", row.strategy_code, filter.strategy_code),
        ("status", row.status, next(iter(filter.statuses), None)),
    ):
        if wanted is not None:
            # What is found by its flag or its name is few: no other index is as good.
            indexed = name == "account_id" and filter.identifier is None if few else True
            statement = statement.where((column if indexed else beside(column)) == bindparam(name))
            parameters[name] = wanted
    for flag, asked in ((row.is_open, filter.is_open), (row.in_doubt, filter.in_doubt)):
        if asked:
            # One for the partial index to be there, the other to be looked up in it.
            statement = statement.where(flag, flag == literal(True, Flag))
        elif asked is not None:
            statement = statement.where(~flag)
    if filter.identifier is not None:
        statement = statement.where(row.order_id.in_(_NAMED_SO))
        parameters["identifier"] = filter.identifier
    if filter.created_from is not None:
        statement = statement.where(row.created_at >= filter.created_from)
    if filter.created_before is not None:
        statement = statement.where(row.created_at < filter.created_before)
    return statement, parameters


_ACCOUNTS = distinct(OrderRow.account_id)


_NAMED_SO = select(OrderIdentifierRow.order_id).where(
    OrderIdentifierRow.account_id == bindparam("account_id"),
    OrderIdentifierRow.kind.in_([str(kind) for kind in IdentifierKind]),
    OrderIdentifierRow.value == bindparam("identifier"),
)


BY_IDENTIFIER = (
    OrderIdentifierRow.account_id == bindparam("account_id"),
    OrderIdentifierRow.kind == bindparam("kind"),
    OrderIdentifierRow.value == bindparam("value"),
)
