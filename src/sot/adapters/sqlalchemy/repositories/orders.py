"""Orders with their cached state, and the names by which they are known."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import attrs
from sqlalchemy import Select, Text, bindparam, func, literal, null, select, union_all

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.models import OrderIdentifierRow, OrderRow, WaitingReportRow
from sot.adapters.sqlalchemy.repositories.intents import Requests
from sot.adapters.sqlalchemy.repositories.paging import after_key, beside, distinct, is_identity, page_of
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.types import Flag
from sot.adapters.sqlalchemy.work import Work
from sot.domain.order import Order
from sot.domain.vocabulary import IdentifierKind
from sot.ports import repositories as ports
from sot.ports.records import Claims, Identifier, OrderFilter, Page, PageKey

_ORDERS = select(*OrderRow.__table__.columns)
_BY_ID = Query(_ORDERS.where(OrderRow.order_id == bindparam("order_id")))
_BY_REQUEST = Query(
    _ORDERS.where(OrderRow.account_id == bindparam("account_id"), OrderRow.request_id == bindparam("request_id"))
)


class Orders(ports.Orders):
    """One object per order; a changed one is written once, under the version that was read."""

    def __init__(self, work: Work, requests: Requests) -> None:
        self._work = work
        self._requests = requests
        self._given: dict[str, Order] = {}
        self._by_request: dict[tuple[str, str], Order] = {}
        self._created: set[str] = set()
        self._stored_versions: dict[str, int] = {}
        self._changed: dict[str, Order] = {}
        work.before_flush(self._collect)

    def is_new(self, order_id: str) -> bool:
        """Whether the order was added by this unit of work, so that nobody else can have stored anything of it."""
        return order_id in self._created

    def add(self, order: Order) -> None:
        """Keep a new order."""
        self._work.writable("a new order")
        order.version = 1
        self._created.add(order.order_id)
        self._given[order.order_id] = order
        if order.request_id is not None:
            self._by_request[order.account_id, order.request_id] = order
        self._changed[order.order_id] = order
        self._work.changed()

    def save(self, order: Order) -> None:
        """Keep the changed state of an order."""
        self._work.writable("a changed order")
        stored = self._stored_versions.get(order.order_id)
        # Several changes in one unit of work are one step of the version.
        if stored is not None and order.order_id not in self._created and order.version == stored:
            order.version += 1
        self._changed[order.order_id] = order
        self._work.changed()

    def rewrite(self, order: Order) -> None:
        """Write the row of an order anew."""
        self._work.writable("a rebuilt order")
        self._changed[order.order_id] = order
        self._work.changed()

    def _collect(self) -> None:
        for order_id in sorted(self._changed):
            row = rows.order_row(self._changed[order_id])
            expected = self._stored_versions.get(order_id)
            if expected is None:
                self._work.insert("orders", row)
            else:
                row["was_account_id"] = row["account_id"]
                row["was_order_id"] = order_id
                row["was_version"] = expected
                self._work.update("orders", row)
            self._stored_versions[order_id] = row["version"]
        self._changed.clear()

    def get(self, order_id: str) -> Order | None:
        """The order of this id, always the same object."""
        given = self._given.get(order_id)
        if given is not None or not is_identity(order_id):
            return given
        found = self._work.rows(_BY_ID, {"order_id": order_id})
        return self._give(found[0]) if found else None

    def by_request(self, account_id: str, request_id: str) -> Order | None:
        """The order that a request made."""
        given = self._by_request.get((account_id, request_id))
        if given is not None or self._requests.is_new(request_id) or not is_identity(request_id):
            return given
        found = self._work.rows(_BY_REQUEST, {"account_id": account_id, "request_id": request_id})
        return self._give(found[0]) if found else None

    def _give(self, row: Any) -> Order:
        given = self._given.get(row.order_id)
        if given is None:
            given = rows.read(self._work.url, f"order {row.order_id}", lambda: rows.order_of(row))
            self._given[given.order_id] = given
            self._stored_versions[given.order_id] = given.version
            if given.request_id is not None:
                self._by_request[given.account_id, given.request_id] = given
        return given

    def list(self, filter: OrderFilter, after: PageKey | None, limit: int) -> Page[Order]:
        """Orders by (created_at, order_id)."""
        self._work.flush()
        found: list[Order] = []
        for part in self._parts(filter):
            statement, parameters = _listed(part)
            if after is not None:
                statement = statement.where(after_key(OrderRow.created_at, OrderRow.order_id, after))
            found += map(self._give, self._work.selected(statement.limit(limit + 1), parameters))
        return page_of(sorted(found, key=_place), limit, lambda order: PageKey(*_place(order)))

    def _parts(self, filter: OrderFilter) -> Iterator[OrderFilter]:
        """Filters that find the same together, each with an index in which that is in order."""
        each = [attrs.evolve(filter, statuses=(status,)) for status in dict.fromkeys(filter.statuses)]
        for part in each or [filter]:
            if filter.account_id is None and _finds_few(filter):
                for (account_id,) in self._work.selected(_ACCOUNTS, {}):
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

_NAMED = (
    OrderIdentifierRow.account_id == bindparam("account_id"),
    OrderIdentifierRow.kind == bindparam("kind"),
    OrderIdentifierRow.value == bindparam("value"),
)
_CLAIMS = Query(
    union_all(
        select(
            OrderIdentifierRow.venue,
            OrderIdentifierRow.venue_account,
            OrderIdentifierRow.id_scope,
            OrderIdentifierRow.order_id.label("id"),
        ).where(*_NAMED),
        select(null(), null(), null(), WaitingReportRow.report_id).where(
            WaitingReportRow.account_id == bindparam("account_id"),
            WaitingReportRow.kind == bindparam("kind"),
            WaitingReportRow.value == bindparam("value"),
        ),
    )
)
_NAMES_OF = Query(
    select(*[column for column in OrderIdentifierRow.__table__.columns if column.name != "order_id"]).where(
        OrderIdentifierRow.account_id == bindparam("account_id"), OrderIdentifierRow.order_id == bindparam("order_id")
    )
)
# A report that starts to wait for a name and an order that takes it must not miss each other.
_LOCK = Query(
    select(func.pg_advisory_xact_lock(func.hashtextextended(bindparam("name", type_=Text), 0)).label("taken"))
)

Key = tuple[str, IdentifierKind, str]


class Names:
    """Who goes by which name, as far as this unit of work has asked or said."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._orders: dict[Key, dict[tuple[Identifier, str], None]] = {}
        self._waiting: dict[Key, dict[str, None]] = {}
        self._added: dict[Key, dict[tuple[Identifier, str], None]] = {}
        self._added_waiting: dict[Key, dict[str, None]] = {}

    def claims(self, key: Key) -> Claims:
        """Orders and waiting reports of a name."""
        self._load(key)
        return Claims(list(self._orders[key]), list(self._waiting[key]))

    def _load(self, key: Key) -> None:
        if key in self._orders:
            return
        account_id, kind, value = key
        if self._work.is_postgresql and not self._work.read_only:
            self._work.rows(_LOCK, {"name": f"{account_id}\n{kind}\n{value}"})
        orders: dict[tuple[Identifier, str], None] = {}
        waiting: dict[str, None] = {}
        for row in self._work.rows(_CLAIMS, {"account_id": account_id, "kind": kind, "value": value}):
            if row.venue is None:
                waiting[row.id] = None
            else:
                orders[Identifier(account_id, kind, value, row.venue, row.venue_account, row.id_scope), row.id] = None
        orders.update(self._added.get(key, {}))
        waiting.update(self._added_waiting.get(key, {}))
        self._orders[key] = orders
        self._waiting[key] = waiting

    def add(self, identifier: Identifier, order_id: str) -> bool:
        """Take a name up; False if the order has it already."""
        key = (identifier.account_id, identifier.kind, identifier.value)
        self._load(key)
        if (identifier, order_id) in self._orders[key]:
            return False
        self._orders[key][identifier, order_id] = None
        return True

    def wait(self, key: Key, report_id: str) -> None:
        """A report waits for a name."""
        self._added_waiting.setdefault(key, {})[report_id] = None
        if key in self._waiting:
            self._waiting[key][report_id] = None

    def wait_no_longer(self, report_id: str) -> None:
        """A report has found its order."""
        for waiting in (*self._waiting.values(), *self._added_waiting.values()):
            waiting.pop(report_id, None)


class Identifiers(ports.Identifiers):
    """Names of orders."""

    def __init__(self, work: Work, names: Names) -> None:
        self._work = work
        self._names = names

    def add(self, identifier: Identifier, order_id: str) -> None:
        """The order goes by this name."""
        self._work.writable("an identifier")
        if self._names.add(identifier, order_id):
            self._work.insert(
                "order_identifiers",
                {
                    "account_id": identifier.account_id,
                    "kind": identifier.kind,
                    "value": identifier.value,
                    "venue": identifier.venue,
                    "venue_account": identifier.venue_account,
                    "id_scope": identifier.id_scope,
                    "order_id": order_id,
                },
            )
            self._work.changed()

    def of(self, account_id: str, order_id: str) -> Sequence[Identifier]:
        """Every name of an order."""
        self._work.flush()
        found = self._work.rows(_NAMES_OF, {"account_id": account_id, "order_id": order_id})
        return sorted(Identifier(row.account_id, IdentifierKind(row.kind), *row[2:]) for row in found)

    def claims(self, account_id: str, kind: IdentifierKind, value: str) -> Claims:
        """Who goes by this name."""
        return self._names.claims((account_id, kind, value))
