"""Events in tables."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import bindparam, func, select, tuple_

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.models import OrderEventRow
from sot.adapters.sqlalchemy.repositories.batches import batches
from sot.adapters.sqlalchemy.repositories.orders.orders import Orders
from sot.adapters.sqlalchemy.repositories.orders.requests import Requests
from sot.adapters.sqlalchemy.repositories.paging import is_uuid
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.types import Integer64
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.orders.anomalies import distinct_anomalies
from sot.domain.orders.event import OrderEvent, repeat_digest
from sot.domain.orders.order import Order
from sot.domain.values.vocabulary import Anomaly, FactKind
from sot.ports import orders as ports

_EVENTS = select(OrderEventRow.sequence, OrderEventRow.body, OrderEventRow.hash).where(
    OrderEventRow.account_id == bindparam("account_id"), OrderEventRow.order_id == bindparam("order_id")
)
_BY_SEQUENCE = Query(_EVENTS.where(OrderEventRow.sequence == bindparam("sequence")))
_AFTER = Query(
    _EVENTS.where(OrderEventRow.sequence > bindparam("after"))
    .order_by(OrderEventRow.sequence)
    .limit(bindparam("limit", type_=Integer64))
)
# Unsorted: to have them by sequence, SQLite would go through all events of the order.
_BY_EXECUTION = Query(
    _EVENTS.where(OrderEventRow.exec_id == bindparam("exec_id"), OrderEventRow.leg == bindparam("leg"))
)
_BY_CONTENT_DIGEST = Query(_EVENTS.where(OrderEventRow.said == bindparam("content_digest")))
_BY_REPORT = Query(
    select(OrderEventRow.sequence, OrderEventRow.body, OrderEventRow.hash).where(
        OrderEventRow.account_id == bindparam("account_id"),
        OrderEventRow.report_id.is_not(None),
        OrderEventRow.report_id == bindparam("report_id"),
    )
)

_ANOMALIES = (
    select(OrderEventRow.order_id, OrderEventRow.anomalies, func.min(OrderEventRow.sequence).label("first"))
    .where(OrderEventRow.order_id.in_(bindparam("order_ids", expanding=True)), OrderEventRow.anomalies != "")
    .group_by(OrderEventRow.order_id, OrderEventRow.anomalies)
)

NO_LIMIT = 2**62
"""A limit for rows, or a bound of a position, that excludes nothing."""


_EXECUTION_KEY = (OrderEventRow.account_id, OrderEventRow.order_id, OrderEventRow.exec_id, OrderEventRow.leg)
_DIGEST_KEY = (OrderEventRow.account_id, OrderEventRow.order_id, OrderEventRow.said)


def _by_keys(columns: Sequence[Any]) -> Any:
    """Return the query for the events that have one of many keys."""
    event = (OrderEventRow.sequence, OrderEventRow.body, OrderEventRow.hash)
    named = [column.label(f"key_{number}") for number, column in enumerate(columns)]
    return select(*event, *named).where(tuple_(*columns).in_(bindparam("keys", expanding=True)))


_BY_KEYS = {len(columns): _by_keys(columns) for columns in (_EXECUTION_KEY, _DIGEST_KEY)}
_KEYS_AT_ONCE = 100
"""How many keys of several columns one query takes: planning takes time for each."""

EventKey = tuple[str, ...]
"""How a repeat is recognised: account, order, and the id and leg of an execution, or the digest of the content."""


class Events(ports.Events):
    """Events that this unit of work appended are found without the database."""

    def __init__(self, buffer: WriteBuffer, orders: Orders, requests: Requests) -> None:
        self._buffer = buffer
        self._orders = orders
        self._requests = requests
        self._appended: dict[tuple[str, str], dict[int, OrderEvent]] = {}
        # By what an event is looked up by: a unit of work may append thousands to one order.
        self._by_key: dict[EventKey, dict[int, OrderEvent]] = {}
        self._by_report: dict[tuple[str, str], OrderEvent] = {}
        self._read_ahead: dict[EventKey, dict[int, OrderEvent]] = {}

    def append(self, event: OrderEvent) -> None:
        self._buffer.begin_change("an event")
        row = rows.event_row(event)
        self._buffer.insert_fact(FactKind.EVENT, "order_events", row, event.order_id, event.recorded_at, event.sequence)
        self._index(event)
        if event.fact is not None and event.fact.request_id is not None:
            self._requests.set_order(event.fact.request_id, event.order_id, event.sequence)
        self._buffer.autoflush()

    def _index(self, event: OrderEvent) -> None:
        order = (event.account_id, event.order_id)
        self._appended.setdefault(order, {})[event.sequence] = event
        if event.identity is not None:
            self._by_key.setdefault((*order, *event.identity), {})[event.sequence] = event
        if event.content_digest is not None:
            self._by_key.setdefault((*order, event.content_digest), {})[event.sequence] = event
        if event.report_id is not None:
            self._by_report.setdefault((event.account_id, event.report_id), event)

    def _fetch(self, query: Query, **parameters: Any) -> dict[int, OrderEvent]:
        """Fetch stored events of an order, by sequence."""
        order_id = parameters["order_id"]
        if self._orders.is_new(order_id) or not is_uuid(order_id):
            return {}
        return {row.sequence: self._read(row) for row in self._buffer.fetch(query, parameters)}

    def _read(self, row: Any) -> OrderEvent:
        return rows.read(self._buffer.url, "order_events {0.sequence}", rows.event_of, row)

    def _appended_to(self, account_id: str, order_id: str) -> dict[int, OrderEvent]:
        return self._appended.get((account_id, order_id), {})

    def get(self, account_id: str, order_id: str, sequence: int) -> OrderEvent | None:
        appended = self._appended_to(account_id, order_id).get(sequence)
        if appended is not None:
            return appended
        return self._fetch(_BY_SEQUENCE, account_id=account_id, order_id=order_id, sequence=sequence).get(sequence)

    def list(self, account_id: str, order_id: str, after: int = 0, limit: int | None = None) -> Sequence[OrderEvent]:
        row_limit = NO_LIMIT if limit is None else limit
        events = self._fetch(_AFTER, account_id=account_id, order_id=order_id, after=after, limit=row_limit)
        appended = self._appended_to(account_id, order_id)
        if not appended:
            return list(events.values())  # in the order of the query
        events.update({sequence: event for sequence, event in appended.items() if sequence > after})
        return [events[sequence] for sequence in sorted(events)][:limit]

    def by_execution(self, account_id: str, order_id: str, exec_id: str, leg: str) -> Sequence[OrderEvent]:
        key = (account_id, order_id, exec_id, leg)
        stored = self._read_ahead.get(key)
        if stored is None:
            stored = self._fetch(_BY_EXECUTION, account_id=account_id, order_id=order_id, exec_id=exec_id, leg=leg)
        events = {**stored, **self._by_key.get(key, {})}
        return [events[sequence] for sequence in sorted(events)]

    def by_content_digest(self, account_id: str, order_id: str, content_digest: str) -> OrderEvent | None:
        key = (account_id, order_id, content_digest)
        events = self._by_key.get(key) or self._read_ahead.get(key)
        if events is None:
            events = self._fetch(
                _BY_CONTENT_DIGEST, account_id=account_id, order_id=order_id, content_digest=content_digest
            )
        return next(iter(events.values()), None)

    def load_many(self, keys: Iterable[EventKey]) -> None:
        """Read together what events have some keys, of orders that are stored."""
        missing = [key for key in dict.fromkeys(keys) if key not in self._read_ahead]
        while missing:
            self._read_ahead.update((key, {}) for key in missing)
            missing = [key for key in self._read_together(missing) if key not in self._read_ahead]

    def _read_together(self, keys: Sequence[EventKey]) -> Sequence[EventKey]:
        """Read the events of some keys; returns the keys under which the same content was recorded again."""
        again = []
        for width, query in _BY_KEYS.items():
            for some in batches([key for key in keys if len(key) == width], _KEYS_AT_ONCE):
                for row in self._buffer.fetch_dynamic(query, {"keys": some}):
                    key: EventKey = tuple(row[3:])
                    self._read_ahead[key][row.sequence] = self._read(row)
                    if len(key) == len(_DIGEST_KEY):
                        again.append((*key[:-1], repeat_digest(key[-1], str(row.sequence))))
        return again

    def by_report(self, account_id: str, report_id: str) -> OrderEvent | None:
        appended = self._by_report.get((account_id, report_id))
        if appended is not None:
            return appended
        if not is_uuid(report_id):
            return None
        found = self._buffer.fetch(_BY_REPORT, {"account_id": account_id, "report_id": report_id})
        return self._read(found[0]) if found else None

    def anomalies(self, orders: Sequence[Order]) -> Mapping[str, Sequence[Anomaly]]:
        last = {order.order_id: order.last_sequence for order in orders}
        found: dict[str, set[Anomaly]] = defaultdict(set)
        for row in self._buffer.fetch_dynamic(_ANOMALIES, {"order_ids": list(last)}) if last else ():
            if row.first <= last[row.order_id]:
                found[row.order_id].update(Anomaly(name) for name in row.anomalies.split(","))
        for order in orders:
            for sequence, event in self._appended_to(order.account_id, order.order_id).items():
                if sequence <= order.last_sequence:
                    found[order.order_id].update(event.anomalies)
        return {order_id: distinct_anomalies(anomalies) for order_id, anomalies in found.items()}
