"""Costs of orders in tables."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import and_, bindparam, delete, select

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.models import DecisionContextRow, OrderCostsRow, OrderRow
from sot.adapters.sqlalchemy.repositories.batches import batches
from sot.adapters.sqlalchemy.repositories.orders.instruments import Instruments
from sot.adapters.sqlalchemy.repositories.orders.orders import Orders
from sot.adapters.sqlalchemy.repositories.orders.requests import Requests
from sot.adapters.sqlalchemy.repositories.paging import is_uuid
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.accounting.costs import OrderCosts
from sot.domain.orders.order import Order
from sot.domain.values.instrument import Instrument
from sot.ports import accounting as ports

# An order without costs has a row with the decision price, which is all that its first costs need of its request.
_ALL = (
    select(
        *OrderCostsRow.__table__.columns,
        OrderRow.side,
        OrderRow.account_id.label("account_of_order"),
        OrderRow.request_id,
        DecisionContextRow.decision_price.label("price_of_request"),
    )
    .select_from(OrderRow)
    .outerjoin(
        OrderCostsRow,
        and_(OrderCostsRow.account_id == OrderRow.account_id, OrderCostsRow.order_id == OrderRow.order_id),
    )
    .outerjoin(
        DecisionContextRow,
        and_(
            DecisionContextRow.account_id == OrderRow.account_id,
            DecisionContextRow.request_id == OrderRow.request_id,
            OrderCostsRow.order_id.is_(None),
        ),
    )
)
_COSTS = Query(_ALL.where(OrderRow.account_id == bindparam("account_id"), OrderRow.order_id == bindparam("order_id")))
_COSTS_OF_MANY = _ALL.where(OrderRow.order_id.in_(bindparam("order_ids", expanding=True)))


def delete_of_order(model: Any) -> Any:
    """The statement that deletes the rows of an order from a table of derived rows."""
    table = model.__table__
    return delete(table).where(table.c.account_id == bindparam("account_id"), table.c.order_id == bindparam("order_id"))


_DELETE = delete_of_order(OrderCostsRow)

_Key = tuple[str, str]


class Costs(ports.Costs):
    """The costs of an order are read once, and written once per flush."""

    def __init__(self, buffer: WriteBuffer, orders: Orders, requests: Requests, instruments: Instruments) -> None:
        self._buffer = buffer
        self._orders = orders
        self._requests = requests
        self._instruments = instruments
        self._cache: dict[_Key, OrderCosts | None] = {}
        self._stored: set[_Key] = set()
        self._changed: set[_Key] = set()
        buffer.before_flush(self._collect)

    def put(self, costs: OrderCosts) -> None:
        self._buffer.begin_change("costs")
        key = (costs.account_id, costs.order_id)
        self.get(*key)  # finds out whether the row is stored
        self._cache[key] = costs
        self._changed.add(key)
        self._buffer.autoflush()

    def _collect(self) -> None:
        for key in sorted(self._changed):
            costs = self._cache[key]
            assert costs is not None
            row = rows.costs_row(costs)
            if key in self._stored:
                row["was_account_id"], row["was_order_id"] = key
                self._buffer.update("order_costs", row)
            else:
                self._buffer.insert("order_costs", row)
                self._stored.add(key)
        self._changed.clear()

    def drop(self, account_id: str, order_id: str) -> None:
        self._buffer.begin_change("costs")
        self._buffer.flush()
        self._buffer.execute(_DELETE, {"account_id": account_id, "order_id": order_id})
        self._cache[account_id, order_id] = None
        self._stored.discard((account_id, order_id))

    def get(self, account_id: str, order_id: str) -> OrderCosts | None:
        key = (account_id, order_id)
        if key not in self._cache:
            self._cache[key] = self._fetch(account_id, order_id)
        return self._cache[key]

    def load_many(self, orders: Iterable[Order]) -> None:
        """Read the costs of stored orders together."""
        missing = [(o.account_id, o.order_id) for o in orders if (o.account_id, o.order_id) not in self._cache]
        for keys in batches(missing):
            self._cache.update((key, None) for key in keys)
            for row in self._buffer.fetch_dynamic(_COSTS_OF_MANY, {"order_ids": [order_id for _, order_id in keys]}):
                costs = self._take(row)
                if costs is not None:
                    self._cache[costs.account_id, costs.order_id] = costs

    def _fetch(self, account_id: str, order_id: str) -> OrderCosts | None:
        if self._orders.is_new(order_id) or not is_uuid(order_id):
            return None
        found = self._buffer.fetch(_COSTS, {"account_id": account_id, "order_id": order_id})
        return self._take(found[0]) if found else None

    def _take(self, row: Any) -> OrderCosts | None:
        """Return the costs of a row; None if the order has none: then the decision price is offered."""
        if row.order_id is not None:
            return self._read(row)
        if row.request_id is not None:
            self._requests.offer_decision_price(row.account_of_order, row.request_id, row.price_of_request)
        return None

    def _read(self, row: Any) -> OrderCosts:
        account_id, order_id = row.account_id, row.order_id
        self._stored.add((account_id, order_id))
        instrument: Instrument | None = None
        if row.valid_from is not None:
            versions = self._instruments.versions(account_id, row.venue, row.symbol)
            instrument = next((version for version in versions if version.valid_from == row.valid_from), None)
        return rows.read(self._buffer.url, "order_costs of {0.order_id}", rows.costs_of, row, instrument)
