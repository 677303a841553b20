"""Snapshots of profit and loss in tables."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from sqlalchemy import bindparam, select

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.models import OrderPnlRow
from sot.adapters.sqlalchemy.repositories.accounting.costs import drop_statement
from sot.adapters.sqlalchemy.repositories.paging import is_identity
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.accounting.pnl import OrderPnl
from sot.ports import accounting as ports

_DROP_SNAPSHOTS = drop_statement(OrderPnlRow)


_OF_ORDER = select(*OrderPnlRow.__table__.columns).where(
    OrderPnlRow.account_id == bindparam("account_id"), OrderPnlRow.order_id == bindparam("order_id")
)


_SNAPSHOTS = Query(_OF_ORDER.order_by(OrderPnlRow.sequence))


_LAST = Query(_OF_ORDER.where(OrderPnlRow.sequence <= bindparam("upto")).order_by(OrderPnlRow.sequence.desc()).limit(1))


class PnlSnapshots(ports.PnlSnapshots):
    """One row per mark that was recorded."""

    def __init__(self, buffer: WriteBuffer) -> None:
        self._buffer = buffer

    def add(self, pnl: OrderPnl) -> None:
        """Keep a snapshot."""
        self._buffer.check_writable("a snapshot")
        self._buffer.insert("order_pnl", rows.pnl_row(pnl))
        self._buffer.autoflush()

    def drop(self, account_id: str, order_id: str) -> None:
        """Remove an order's snapshots."""
        self._buffer.check_writable("snapshots")
        self._buffer.flush()
        self._buffer.execute(_DROP_SNAPSHOTS, {"account_id": account_id, "order_id": order_id})

    def list(self, account_id: str, order_id: str) -> Sequence[OrderPnl]:
        """An order's snapshots by sequence."""
        return self._read(_SNAPSHOTS, account_id=account_id, order_id=order_id)

    def last(self, account_id: str, order_id: str, upto: int) -> OrderPnl | None:
        """The last snapshot up to a sequence."""
        found = self._read(_LAST, account_id=account_id, order_id=order_id, upto=upto)
        return found[0] if found else None

    def _read(self, query: Query, **parameters: Any) -> Sequence[OrderPnl]:
        if not is_identity(parameters["order_id"]):
            return []
        self._buffer.flush()
        what = f"order_pnl of {parameters['order_id']}"
        return [
            rows.read(self._buffer.url, what, partial(rows.pnl_of, row))
            for row in self._buffer.fetch(query, parameters)
        ]
