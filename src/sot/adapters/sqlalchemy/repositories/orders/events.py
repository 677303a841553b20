"""Events in tables."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.models import OrderEventRow
from sot.adapters.sqlalchemy.repositories.orders.orders import Orders
from sot.adapters.sqlalchemy.repositories.orders.requests import Requests
from sot.adapters.sqlalchemy.repositories.paging import is_identity
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.types import Count
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.orders.event import OrderEvent
from sot.domain.values.vocabulary import FactKind
from sot.ports import orders as ports

_EVENTS = select(OrderEventRow.sequence, OrderEventRow.body, OrderEventRow.hash).where(
    OrderEventRow.account_id == bindparam("account_id"), OrderEventRow.order_id == bindparam("order_id")
)


_ONE_EVENT = Query(_EVENTS.where(OrderEventRow.sequence == bindparam("sequence")))


_EVENTS_AFTER = Query(
    _EVENTS.where(OrderEventRow.sequence > bindparam("after"))
    .order_by(OrderEventRow.sequence)
    .limit(bindparam("limit", type_=Count))
)


# Without an order: SQLite would go through all events of the order to have them in sequence.
_OF_EXECUTION = Query(
    _EVENTS.where(OrderEventRow.exec_id == bindparam("exec_id"), OrderEventRow.leg == bindparam("leg"))
)


_WITH_DIGEST = Query(_EVENTS.where(OrderEventRow.said == bindparam("content_digest")))


ALL_ROWS = 2**62


class Events(ports.Events):
    """Events; those that this unit of work appended are found without the database."""

    def __init__(self, buffer: WriteBuffer, orders: Orders, requests: Requests) -> None:
        self._buffer = buffer
        self._orders = orders
        self._requests = requests
        self._appended: dict[tuple[str, str], dict[int, OrderEvent]] = {}

    def append(self, event: OrderEvent) -> None:
        """Keep the next event of an order."""
        self._buffer.check_writable("an event")
        self._buffer.insert_fact(
            FactKind.EVENT, "order_events", rows.event_row(event), event.order_id, event.recorded_at, event.sequence
        )
        self._appended.setdefault((event.account_id, event.order_id), {})[event.sequence] = event
        if event.fact is not None and event.fact.request_id is not None:
            self._requests.executed(event.fact.request_id, event.order_id)
        self._buffer.autoflush()

    def _stored(self, query: Query, **parameters: Any) -> dict[int, OrderEvent]:
        order_id = parameters["order_id"]
        if self._orders.is_new(order_id) or not is_identity(order_id):
            return {}
        return {row.sequence: self._read(row) for row in self._buffer.fetch(query, parameters)}

    def _read(self, row: Any) -> OrderEvent:
        return rows.read(self._buffer.url, f"order_events {row.sequence}", lambda: rows.event_of(row))

    def _mine(self, account_id: str, order_id: str) -> dict[int, OrderEvent]:
        return self._appended.get((account_id, order_id), {})

    def get(self, account_id: str, order_id: str, sequence: int) -> OrderEvent | None:
        """One event."""
        mine = self._mine(account_id, order_id).get(sequence)
        if mine is not None:
            return mine
        return self._stored(_ONE_EVENT, account_id=account_id, order_id=order_id, sequence=sequence).get(sequence)

    def list(self, account_id: str, order_id: str, after: int = 0, limit: int | None = None) -> Sequence[OrderEvent]:
        """Events in sequence."""
        at_most = ALL_ROWS if limit is None else limit
        found = self._stored(_EVENTS_AFTER, account_id=account_id, order_id=order_id, after=after, limit=at_most)
        mine = self._mine(account_id, order_id)
        found.update({sequence: event for sequence, event in mine.items() if sequence > after})
        return [found[sequence] for sequence in sorted(found)][:limit]

    def by_execution(self, account_id: str, order_id: str, exec_id: str, leg: str) -> Sequence[OrderEvent]:
        """Events whose report carries this execution id."""
        found = self._stored(_OF_EXECUTION, account_id=account_id, order_id=order_id, exec_id=exec_id, leg=leg)
        for sequence, event in self._mine(account_id, order_id).items():
            if event.report is not None and event.report.identity == (exec_id, leg):
                found[sequence] = event
        return [found[sequence] for sequence in sorted(found)]

    def by_content_digest(self, account_id: str, order_id: str, content_digest: str) -> OrderEvent | None:
        """The event that states exactly this."""
        for event in self._mine(account_id, order_id).values():
            if event.content_digest == content_digest:
                return event
        found = self._stored(_WITH_DIGEST, account_id=account_id, order_id=order_id, content_digest=content_digest)
        return next(iter(found.values()), None)
