"""States of orders after some of their events: derived rows, from which a past state is folded."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, delete, select

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.models import OrderStateRow
from sot.adapters.sqlalchemy.repositories.paging import is_uuid
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.types import Integer64, UtcTime
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.audit.known import EventPrefix
from sot.domain.orders.records import StateAfter
from sot.domain.values.times import LATEST
from sot.ports import orders as ports

_TABLE = "order_states"
_OF_ORDER = select(*OrderStateRow.__table__.columns).where(
    OrderStateRow.account_id == bindparam("account_id"), OrderStateRow.order_id == bindparam("order_id")
)
_ALL = Query(_OF_ORDER.order_by(OrderStateRow.sequence))
_LAST = Query(
    _OF_ORDER.where(
        OrderStateRow.sequence <= bindparam("sequence", type_=Integer64),
        OrderStateRow.recorded_at <= bindparam("recorded_by", type_=UtcTime),
        OrderStateRow.happened_at <= bindparam("happened_by", type_=UtcTime),
    )
    .order_by(OrderStateRow.sequence.desc())
    .limit(1)
)
_DELETE = delete(OrderStateRow).where(
    OrderStateRow.account_id == bindparam("account_id"), OrderStateRow.order_id == bindparam("order_id")
)
_LARGEST_SEQUENCE = 2**62


class States(ports.States):
    def __init__(self, buffer: WriteBuffer) -> None:
        self._buffer = buffer

    def add(self, state: StateAfter) -> None:
        self._buffer.begin_change("a state")
        self._buffer.insert(_TABLE, rows.state_row(state))
        self._buffer.autoflush()

    def list(self, account_id: str, order_id: str) -> Sequence[StateAfter]:
        return self._fetch(_ALL, {"account_id": account_id, "order_id": order_id})

    def last(self, account_id: str, order_id: str, upto: EventPrefix) -> StateAfter | None:
        parameters = {
            "account_id": account_id,
            "order_id": order_id,
            "sequence": _LARGEST_SEQUENCE if upto.sequence is None else upto.sequence,
            "recorded_by": upto.recorded_by or LATEST,
            "happened_by": upto.happened_by or LATEST,
        }
        states = self._fetch(_LAST, parameters)
        return states[0] if states else None

    def _fetch(self, query: Query, parameters: dict[str, Any]) -> Sequence[StateAfter]:
        if not is_uuid(parameters["order_id"]):
            return []
        self._buffer.flush_pending(_TABLE)
        return [
            rows.read(self._buffer.url, "order_states {0.order_id} {0.sequence}", rows.state_of, row)
            for row in self._buffer.fetch(query, parameters)
        ]

    def drop(self, account_id: str, order_id: str) -> None:
        self._buffer.begin_change("states")
        self._buffer.flush_pending(_TABLE)
        self._buffer.execute(_DELETE, {"account_id": account_id, "order_id": order_id})
