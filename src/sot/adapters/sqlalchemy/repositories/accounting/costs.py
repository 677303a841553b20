"""Costs of orders in tables."""

from typing import Any

from sqlalchemy import and_, bindparam, delete, select

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.models import OrderCostsRow, OrderRow
from sot.adapters.sqlalchemy.repositories.orders.instruments import Instruments
from sot.adapters.sqlalchemy.repositories.orders.orders import Orders
from sot.adapters.sqlalchemy.repositories.paging import is_identity
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.accounting.costs import OrderCosts
from sot.domain.values.instrument import Instrument
from sot.ports import accounting as ports

_COSTS = Query(
    select(*OrderCostsRow.__table__.columns, OrderRow.side)
    .join(
        OrderRow,
        and_(OrderRow.account_id == OrderCostsRow.account_id, OrderRow.order_id == OrderCostsRow.order_id),
    )
    .where(OrderCostsRow.account_id == bindparam("account_id"), OrderCostsRow.order_id == bindparam("order_id"))
)


def drop_statement(row: Any) -> Any:
    """The statement that removes the derived rows of an order."""
    table = row.__table__
    wanted = (table.c.account_id == bindparam("account_id"), table.c.order_id == bindparam("order_id"))
    return delete(table).where(*wanted)


_DROP_COSTS = drop_statement(OrderCostsRow)


class Costs(ports.Costs):
    """One row per order, written once per unit of work."""

    def __init__(self, buffer: WriteBuffer, orders: Orders, instruments: Instruments) -> None:
        self._buffer = buffer
        self._orders = orders
        self._instruments = instruments
        self._known: dict[tuple[str, str], OrderCosts] = {}
        self._stored: set[tuple[str, str]] = set()
        self._changed: set[tuple[str, str]] = set()
        buffer.before_flush(self._collect)

    def put(self, costs: OrderCosts) -> None:
        """Keep or replace an order's costs."""
        self._buffer.check_writable("costs")
        key = (costs.account_id, costs.order_id)
        if key not in self._known:
            self.get(*key)
        self._known[key] = costs
        self._changed.add(key)
        self._buffer.autoflush()

    def _collect(self) -> None:
        for key in sorted(self._changed):
            row = rows.costs_row(self._known[key])
            if key in self._stored:
                row["was_account_id"], row["was_order_id"] = key
                self._buffer.update("order_costs", row)
            else:
                self._buffer.insert("order_costs", row)
                self._stored.add(key)
        self._changed.clear()

    def drop(self, account_id: str, order_id: str) -> None:
        """Remove an order's costs."""
        self._buffer.check_writable("costs")
        self._buffer.flush()
        self._buffer.execute(_DROP_COSTS, {"account_id": account_id, "order_id": order_id})
        self._known.pop((account_id, order_id), None)
        self._stored.discard((account_id, order_id))

    def get(self, account_id: str, order_id: str) -> OrderCosts | None:
        """An order's costs; None before its first execution."""
        key = (account_id, order_id)
        known = self._known.get(key)
        if known is not None or self._orders.is_new(order_id) or not is_identity(order_id):
            return known
        found = self._buffer.fetch(_COSTS, {"account_id": account_id, "order_id": order_id})
        if not found:
            return None
        row = found[0]
        instrument: Instrument | None = None
        if row.valid_from is not None:
            versions = self._instruments.versions(account_id, row.venue, row.symbol)
            instrument = next((one for one in versions if one.valid_from == row.valid_from), None)
        costs = rows.read(self._buffer.url, f"order_costs of {order_id}", lambda: rows.costs_of(row, instrument))
        self._known[key] = costs
        self._stored.add(key)
        return costs
