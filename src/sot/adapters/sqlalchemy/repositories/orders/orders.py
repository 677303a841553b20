"""Orders in tables."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import attrs
from sqlalchemy import Select, bindparam, literal, select

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.models import OrderIdentifierRow, OrderRow
from sot.adapters.sqlalchemy.repositories.batches import batches
from sot.adapters.sqlalchemy.repositories.orders.requests import Requests
from sot.adapters.sqlalchemy.repositories.paging import (
    between,
    distinct,
    is_uuid,
    page_of,
    page_query,
    unindexed,
    with_prefix,
)
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.types import Flag
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.orders.order import Order
from sot.domain.values.vocabulary import IdentifierKind, OrderStatus
from sot.ports import orders as ports
from sot.ports.orders import OrderFilter
from sot.ports.paging import Page, PageKey

ORDER_COLUMNS = tuple(column for column in OrderRow.__table__.columns if column.name not in rows.COMPUTED_OF_STATE)
"""What is read of an order: its other columns, by which orders are found, follow from its state."""
_ORDERS = select(*ORDER_COLUMNS)
_BY_ID = Query(_ORDERS.where(OrderRow.order_id == bindparam("order_id")))
_BY_IDS = _ORDERS.where(OrderRow.order_id.in_(bindparam("order_ids", expanding=True)))
_BY_REQUEST = Query(
    _ORDERS.where(OrderRow.account_id == bindparam("account_id"), OrderRow.request_id == bindparam("request_id"))
)
_ACCOUNTS = distinct(OrderRow.account_id)
_FEW_ACCOUNTS = 10
"""In how many accounts one after the other a filter is looked for at most that may find many orders in each."""
_MANY_OF_A_PREFIX = 10_000
"""How many orders with a prefix are too many to be sorted for a page."""
_COMMON_STATUSES = (OrderStatus.FILLED, OrderStatus.CANCELED)
"""The statuses in which most orders end."""
_IDS_BY_IDENTIFIER = select(OrderIdentifierRow.order_id).where(
    OrderIdentifierRow.account_id == bindparam("account_id"),
    OrderIdentifierRow.kind.in_([str(kind) for kind in IdentifierKind]),
    OrderIdentifierRow.value == bindparam("identifier"),
)


class Orders(ports.Orders):
    """One object per order. A changed order is written once per flush, under the version that was read."""

    def __init__(self, buffer: WriteBuffer, requests: Requests) -> None:
        self._buffer = buffer
        self._requests = requests
        self._loaded: dict[str, Order] = {}
        self._offered: dict[str, Any] = {}
        self._by_request: dict[tuple[str, str], Order] = {}
        self._created: set[str] = set()
        self._absent: set[str] = set()
        self._stored_versions: dict[str, int] = {}
        self._changed: dict[str, Order] = {}
        buffer.before_flush(self._collect)

    def is_new(self, order_id: str) -> bool:
        """Whether this unit of work added the order, so that nobody else can have stored anything of it."""
        return order_id in self._created

    def add(self, order: Order) -> None:
        self._buffer.begin_change("a new order")
        order.version = 1
        self._created.add(order.order_id)
        self._absent.discard(order.order_id)
        self._loaded[order.order_id] = order
        if order.request_id is not None:
            self._by_request[order.account_id, order.request_id] = order
        self._changed[order.order_id] = order
        self._buffer.autoflush()

    def save(self, order: Order) -> None:
        self._buffer.begin_change("a changed order")
        stored = self._stored_versions.get(order.order_id)
        # Several changes in one unit of work are one step of the version.
        if stored is not None and order.order_id not in self._created and order.version == stored:
            order.version += 1
        self._changed[order.order_id] = order
        self._buffer.autoflush()

    def rewrite(self, order: Order) -> None:
        self._buffer.begin_change("a rebuilt order")
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
        order = self._loaded.get(order_id)
        if order is not None or order_id in self._absent or not is_uuid(order_id):
            return order
        offered = self._offered.pop(order_id, None)
        if offered is not None:
            return self._load(offered)
        found = self._buffer.fetch(_BY_ID, {"order_id": order_id})
        return self._load(found[0]) if found else None

    def offer(self, row: Any) -> None:
        """Offer the row of an order that was read with its identifier, for when the order is asked for."""
        if row.order_id not in self._loaded:
            self._offered[row.order_id] = row

    def load_many(self, order_ids: Iterable[str]) -> Sequence[Order]:
        """Read orders together; returns those that are stored. Of the others it is known that they are not."""
        wanted = sorted(order_id for order_id in order_ids if is_uuid(order_id))
        unread = [i for i in wanted if i not in self._loaded and i not in self._offered]
        for ids in batches(unread):
            for row in self._buffer.fetch_dynamic(_BY_IDS, {"order_ids": ids}):
                self._load(row)
        self._absent.update(order_id for order_id in unread if order_id not in self._loaded)
        orders = [self.get(order_id) for order_id in wanted]
        return [order for order in orders if order is not None and order.order_id not in self._created]

    def by_request(self, account_id: str, request_id: str) -> Order | None:
        order = self._by_request.get((account_id, request_id))
        if order is not None or self._requests.is_new(request_id) or not is_uuid(request_id):
            return order
        found = self._buffer.fetch(_BY_REQUEST, {"account_id": account_id, "request_id": request_id})
        return self._load(found[0]) if found else None

    def _load(self, row: Any) -> Order:
        order = self._loaded.get(row.order_id)
        if order is None:
            order = rows.read(self._buffer.url, "order {0.order_id}", rows.order_of, row)
            self._loaded[order.order_id] = order
            self._stored_versions[order.order_id] = order.version
            if order.request_id is not None:
                self._by_request[order.account_id, order.request_id] = order
        return order

    def list(
        self, filter: OrderFilter, after: PageKey | None, limit: int, *, newest_first: bool = False
    ) -> Page[Order, PageKey]:
        self._buffer.flush()
        orders: list[Order] = []
        prefix_is_common = self._is_common_prefix(filter.order_id_prefix)
        for part in self._parts(filter):
            query, parameters = _query_of(part, prefix_is_common)
            query = page_query(query, OrderRow.created_at, OrderRow.order_id, after, limit, newest_first)
            orders += map(self._load, self._buffer.fetch_dynamic(query, parameters))
        orders.sort(key=_sort_key, reverse=newest_first)
        return page_of(orders, limit, lambda order: PageKey(*_sort_key(order)))

    def _parts(self, filter: OrderFilter) -> Iterator[OrderFilter]:
        """Split a filter into filters of one status, or one account, each of which an index answers in order."""
        by_status = [attrs.evolve(filter, statuses=(status,)) for status in dict.fromkeys(filter.statuses)]
        accounts = self._accounts_to_split_by(filter)
        for part in by_status or [filter]:
            if accounts is None:
                yield part
            else:
                yield from (attrs.evolve(part, account_id=account_id) for account_id in accounts)

    def _accounts_to_split_by(self, filter: OrderFilter) -> Sequence[str] | None:
        """Return the accounts whose own indices find what no index of all accounts does; None where they do not."""
        if filter.account_id is not None or not (_is_selective(filter) or _has_index_of_account(filter)):
            return None
        accounts = [account_id for (account_id,) in self._buffer.fetch_dynamic(_ACCOUNTS, {})]
        return accounts if _is_selective(filter) or len(accounts) <= _FEW_ACCOUNTS else None

    def _is_common_prefix(self, prefix: str | None) -> bool:
        """Whether a page is found by time sooner than by a prefix. PostgreSQL knows by itself."""
        if prefix is None or self._buffer.is_postgresql:
            return False
        query = select(OrderRow.order_id).where(*with_prefix(OrderRow.order_id, prefix))
        return bool(self._buffer.fetch_dynamic(query.limit(1).offset(_MANY_OF_A_PREFIX), {}))


def _sort_key(order: Order) -> tuple[datetime, str]:
    return order.created_at, order.order_id


def _is_selective(filter: OrderFilter) -> bool:
    """Whether a filter finds few orders, by a flag or by an identifier."""
    return bool(filter.is_open or filter.in_doubt or filter.identifier is not None)


def _has_index_of_account(filter: OrderFilter) -> bool:
    """Whether there is an index for a filter of one account."""
    values = (filter.venue, filter.symbol, filter.strategy_code)
    return bool(filter.statuses) or any(value is not None for value in values)


def _is_looked_up(name: str, filter: OrderFilter) -> bool:
    """Whether a column is looked up in an index: not where that of another one finds fewer orders."""
    if _is_selective(filter):
        return name == "account_id" and filter.identifier is None
    if filter.symbol is None and filter.strategy_code is None:
        return True
    return not (name == "venue" or (name == "status" and filter.statuses[0] in _COMMON_STATUSES))


def _query_of(filter: OrderFilter, prefix_is_common: bool) -> tuple[Select[Any], dict[str, Any]]:
    """Return the query, and its parameters, for the orders of a filter with one status at most."""
    row = OrderRow
    query = _ORDERS
    parameters: dict[str, Any] = {}
    for name, column, value in (
        ("account_id", row.account_id, filter.account_id),
        ("venue", row.venue, filter.venue),
        ("symbol", row.symbol, filter.symbol),
        ("side", row.side, filter.side),
        ("strategy_code", row.strategy_code, filter.strategy_code),
        ("status", row.status, next(iter(filter.statuses), None)),
    ):
        if value is not None:
            query = query.where((column if _is_looked_up(name, filter) else unindexed(column)) == bindparam(name))
            parameters[name] = value
    for flag, expected in ((row.is_open, filter.is_open), (row.in_doubt, filter.in_doubt)):
        if expected:
            # The first condition makes the partial index usable, the second is looked up in it.
            query = query.where(flag, flag == literal(True, Flag))
        elif expected is not None:
            query = query.where(~flag)
    if filter.identifier is not None:
        query = query.where(row.order_id.in_(_IDS_BY_IDENTIFIER))
        parameters["identifier"] = filter.identifier
    id = unindexed(row.order_id) if prefix_is_common else row.order_id
    query = query.where(*with_prefix(id, filter.order_id_prefix))
    return query.where(*between(row.created_at, filter.created_from, filter.created_before)), parameters
