"""Identifiers of orders and of waiting reports in tables."""

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, and_, bindparam, null, select, union_all

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.models import OrderIdentifierRow, OrderRow, WaitingReportRow
from sot.adapters.sqlalchemy.repositories.batches import batches
from sot.adapters.sqlalchemy.repositories.orders.orders import ORDER_COLUMNS, Orders
from sot.adapters.sqlalchemy.statements import NAME_LOCKS, Query
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.orders.records import Identifier
from sot.domain.values.vocabulary import IdentifierKind
from sot.ports import orders as ports
from sot.ports.orders import Claims

_TABLE = "order_identifiers"


def _claims(is_wanted: Callable[[Any], ColumnElement[bool]]) -> CompoundSelect[Any]:
    """Return the query for what has identifiers of one account and kind: orders, and reports that wait.

    With the orders, which are looked up next. A waiting report has a row whose columns are empty but for its id.
    """
    return union_all(
        select(
            OrderIdentifierRow.value.label("named_value"),
            OrderIdentifierRow.venue.label("named_venue"),
            OrderIdentifierRow.venue_account.label("named_venue_account"),
            OrderIdentifierRow.id_scope.label("named_id_scope"),
            OrderIdentifierRow.order_id.label("claimant"),
            *ORDER_COLUMNS,
        )
        .outerjoin(
            OrderRow,
            and_(
                OrderRow.account_id == OrderIdentifierRow.account_id, OrderRow.order_id == OrderIdentifierRow.order_id
            ),
        )
        .where(
            OrderIdentifierRow.account_id == bindparam("account_id"),
            OrderIdentifierRow.kind == bindparam("kind"),
            is_wanted(OrderIdentifierRow.value),
        ),
        select(
            WaitingReportRow.value,
            null(),
            null(),
            null(),
            WaitingReportRow.report_id,
            *[null() for _ in ORDER_COLUMNS],
        ).where(
            WaitingReportRow.account_id == bindparam("account_id"),
            WaitingReportRow.kind == bindparam("kind"),
            is_wanted(WaitingReportRow.value),
        ),
    )


_CLAIMS = Query(_claims(lambda value: value == bindparam("value")))
_CLAIMS_OF_MANY = _claims(lambda value: value.in_(bindparam("values", expanding=True)))
_OF_ORDER = Query(
    select(*[column for column in OrderIdentifierRow.__table__.columns if column.name != "order_id"]).where(
        OrderIdentifierRow.account_id == bindparam("account_id"), OrderIdentifierRow.order_id == bindparam("order_id")
    )
)

Key = tuple[str, IdentifierKind, str]
"""Account, kind and value of an identifier."""


class IdentifierCache:
    """The orders and waiting reports of the identifiers that this unit of work has looked up or added."""

    def __init__(self, buffer: WriteBuffer, orders: Orders) -> None:
        self._buffer = buffer
        self._all_orders = orders
        # Dictionaries without values are sets in the order of insertion.
        self._orders: dict[Key, dict[tuple[Identifier, str], None]] = {}
        self._waiting: dict[Key, dict[str, None]] = {}
        self._added_orders: dict[Key, dict[tuple[Identifier, str], None]] = {}
        self._added_waiting: dict[Key, dict[str, None]] = {}
        self._attributed: set[str] = set()
        self._locked: set[Key] = set()

    def claims(self, key: Key, lock: bool) -> Claims:
        """Return the orders that have an identifier, and the reports that wait for it."""
        self._load(key, lock)
        return Claims(list(self._orders[key]), list(self._waiting[key]))

    def _load(self, key: Key, lock: bool) -> None:
        """Look an identifier up; again, if it is to be locked now and was not when it was looked up."""
        must_lock = lock and key not in self._locked and self._has_locks
        if key in self._orders and not must_lock:
            return
        account_id, kind, value = key
        # A report that starts to wait for an identifier and an order that gets it must not miss each other.
        name = "\n".join(key) if must_lock else None
        found = self._buffer.fetch(_CLAIMS, {"account_id": account_id, "kind": kind, "value": value}, name)
        if must_lock:
            self._locked.add(key)
        self._keep(key, found)

    @property
    def _has_locks(self) -> bool:
        """Whether identifiers are locked. SQLite has one writer at a time anyway."""
        return self._buffer.is_postgresql and not self._buffer.read_only

    def load_many(self, keys: Iterable[Key]) -> None:
        """Look identifiers up that were not looked up yet, and lock those that no order has."""
        missing = [key for key in keys if key not in self._orders]
        self._load_together(missing)
        to_lock = sorted(key for key in missing if not self._orders[key]) if self._has_locks else []
        if to_lock:
            prefix = self._buffer.place.prefix
            self._buffer.wait_for(NAME_LOCKS, {"names": [prefix + "\n".join(key) for key in to_lock]})
            self._locked.update(to_lock)
            self._load_together(to_lock)

    def _load_together(self, keys: Iterable[Key]) -> None:
        for (account_id, kind), group in groupby(sorted(keys), itemgetter(0, 1)):
            for values in batches([value for _, _, value in group]):
                parameters = {"account_id": account_id, "kind": kind, "values": values}
                found: dict[str, list[Any]] = {value: [] for value in values}
                for row in self._buffer.fetch_dynamic(_CLAIMS_OF_MANY, parameters):
                    found[row.named_value].append(row)
                for value, of_value in found.items():
                    self._keep((account_id, kind, value), of_value)

    def _keep(self, key: Key, found: Iterable[Any]) -> None:
        """Keep what was found of an identifier, with what this unit of work has added."""
        orders: dict[tuple[Identifier, str], None] = {}
        waiting: dict[str, None] = {}
        for row in found:
            if row.named_venue is not None:
                named = Identifier(*key, row.named_venue, row.named_venue_account, row.named_id_scope)
                orders[named, row.claimant] = None
                if row.order_id is not None:
                    self._all_orders.offer(row)
            elif row.claimant not in self._attributed:
                waiting[row.claimant] = None
        orders.update(self._added_orders.get(key, {}))
        waiting.update(self._added_waiting.get(key, {}))
        self._orders[key] = orders
        self._waiting[key] = waiting

    def add(self, identifier: Identifier, order_id: str) -> bool:
        """Add an identifier of an order; return False if the order has it already."""
        key = (identifier.account_id, identifier.kind, identifier.value)
        self._load(key, lock=True)
        if (identifier, order_id) in self._orders[key]:
            return False
        self._orders[key][identifier, order_id] = None
        self._added_orders.setdefault(key, {})[identifier, order_id] = None
        return True

    def add_waiting(self, key: Key, report_id: str) -> None:
        """Add a report that waits for an identifier."""
        self._added_waiting.setdefault(key, {})[report_id] = None
        if key in self._waiting:
            self._waiting[key][report_id] = None

    def remove_waiting(self, report_id: str) -> None:
        """Remove a report that has found its order, from all identifiers."""
        self._attributed.add(report_id)
        for waiting in (*self._waiting.values(), *self._added_waiting.values()):
            waiting.pop(report_id, None)

    def remove(self, identifier: Identifier, order_id: str) -> None:
        """Remove an identifier of an order."""
        key = (identifier.account_id, identifier.kind, identifier.value)
        for known in (self._orders, self._added_orders):
            known.get(key, {}).pop((identifier, order_id), None)


_KINDS = {str(kind): kind for kind in IdentifierKind}
"""The kinds by their text. A row with another one is returned as it is, so that it can be removed."""


def _row(identifier: Identifier, order_id: str) -> dict[str, str]:
    return {**identifier._asdict(), "order_id": order_id}


def _identifier(row: Any) -> Identifier:
    return Identifier(row.account_id, _KINDS.get(row.kind, row.kind), *row[2:])


class Identifiers(ports.Identifiers):
    def __init__(self, buffer: WriteBuffer, cache: IdentifierCache) -> None:
        self._buffer = buffer
        self._cache = cache

    def add(self, identifier: Identifier, order_id: str) -> None:
        self._buffer.begin_change("an identifier")
        if self._cache.add(identifier, order_id):
            self._buffer.insert(_TABLE, _row(identifier, order_id))
            self._buffer.autoflush()

    def remove(self, identifier: Identifier, order_id: str) -> None:
        self._buffer.begin_change("an identifier")
        self._buffer.flush_pending(_TABLE)
        self._buffer.delete(_TABLE, _row(identifier, order_id))
        self._cache.remove(identifier, order_id)
        self._buffer.flush()  # what is looked up next must not see it

    def of_order(self, account_id: str, order_id: str) -> Sequence[Identifier]:
        self._buffer.flush_pending(_TABLE)
        found = self._buffer.fetch(_OF_ORDER, {"account_id": account_id, "order_id": order_id})
        return rows.read(self._buffer.url, f"identifiers of order {order_id}", lambda: sorted(map(_identifier, found)))

    def claims(self, account_id: str, kind: IdentifierKind, value: str, lock: bool = False) -> Claims:
        return self._cache.claims((account_id, kind, value), lock)
