"""Snapshots of profit and loss in tables."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.models import OrderPnlRow
from sot.adapters.sqlalchemy.repositories.accounting.costs import delete_of_order
from sot.adapters.sqlalchemy.repositories.paging import is_uuid
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.accounting.pnl import OrderPnl
from sot.ports import accounting as ports

_TABLE = "order_pnl"
_OF_ORDER = select(*OrderPnlRow.__table__.columns).where(
    OrderPnlRow.account_id == bindparam("account_id"), OrderPnlRow.order_id == bindparam("order_id")
)
_ALL = Query(_OF_ORDER.order_by(OrderPnlRow.sequence))
_LAST = Query(_OF_ORDER.where(OrderPnlRow.sequence <= bindparam("upto")).order_by(OrderPnlRow.sequence.desc()).limit(1))
_DELETE = delete_of_order(OrderPnlRow)


class PnlSnapshots(ports.PnlSnapshots):
    def __init__(self, buffer: WriteBuffer) -> None:
        self._buffer = buffer

    def add(self, pnl: OrderPnl) -> None:
        self._buffer.begin_change("a PnL snapshot")
        self._buffer.insert(_TABLE, rows.pnl_row(pnl))
        self._buffer.autoflush()

    def drop(self, account_id: str, order_id: str) -> None:
        self._buffer.begin_change("PnL snapshots")
        self._buffer.flush_pending(_TABLE)
        self._buffer.execute(_DELETE, {"account_id": account_id, "order_id": order_id})

    def list(self, account_id: str, order_id: str) -> Sequence[OrderPnl]:
        return self._fetch(_ALL, account_id=account_id, order_id=order_id)

    def last(self, account_id: str, order_id: str, upto: int) -> OrderPnl | None:
        snapshots = self._fetch(_LAST, account_id=account_id, order_id=order_id, upto=upto)
        return snapshots[0] if snapshots else None

    def _fetch(self, query: Query, **parameters: Any) -> Sequence[OrderPnl]:
        order_id = parameters["order_id"]
        if not is_uuid(order_id):
            return []
        self._buffer.flush_pending(_TABLE)
        found = self._buffer.fetch(query, parameters)
        return [rows.read(self._buffer.url, "order_pnl of {0.order_id}", rows.pnl_of, row) for row in found]
