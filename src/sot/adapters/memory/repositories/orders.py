"""Orders with their identifiers, events, fills and kept states in memory."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from sot.adapters.memory.committed import FeedEntry, WaitingRow
from sot.adapters.memory.indexes import IndexChanges
from sot.adapters.memory.long_rows import find, with_row, without_row
from sot.adapters.memory.order_rows import (
    EVENT_KEYS,
    FILL_KEYS,
    IDENTIFIER_KEYS,
    OrderChanges,
    identifier_of,
    identifier_row,
)
from sot.adapters.memory.paging import page_of
from sot.adapters.memory.tables import Changes
from sot.domain.audit.known import EventPrefix, KnownAt
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fill import Fill, current_versions
from sot.domain.orders.order import Order
from sot.domain.orders.records import Identifier, StateAfter
from sot.domain.values.errors import ConcurrentUpdate
from sot.domain.values.position_key import PositionKey
from sot.domain.values.times import is_between
from sot.domain.values.vocabulary import EventType, FactKind, IdentifierKind
from sot.ports import orders as ports
from sot.ports.audit import Feed as FeedPort
from sot.ports.orders import Claims, OrderFilter
from sot.ports.paging import Page, PageKey


class Orders(ports.Orders):
    """Each unit of work has its own copy of an order; committed ones are never handed out."""

    def __init__(self, rows: OrderChanges) -> None:
        self._rows = rows
        self._loaded: dict[str, Order] = {}

    def add(self, order: Order) -> None:
        order_id, request_id = order.order_id, order.request_id
        if self._rows.get(order_id).order is not None:
            raise ConcurrentUpdate(f"order {order_id} exists")
        if request_id is not None:
            of_request = self._rows.index("request")
            if of_request.many_unchanged(request_id):
                raise ConcurrentUpdate(f"order of request {request_id} exists")
            of_request.add(request_id, order_id)
        order.version = 1
        self._rows.change(order_id).order = order
        self._loaded[order_id] = order

    def save(self, order: Order) -> None:
        rows = self._rows.change(order.order_id)
        if rows.order is not order:
            order.version += 1
            rows.order = order

    def rewrite(self, order: Order) -> None:
        self._rows.change(order.order_id).order = order

    def get(self, order_id: str) -> Order | None:
        order = self._loaded.get(order_id)
        if order is None:
            row = self._rows.get_for_update(order_id).order
            if row is not None:
                order = self._loaded[order_id] = row.copy()
        return order

    def by_request(self, account_id: str, request_id: str) -> Order | None:
        for order_id in self._rows.index("request").many(request_id):
            order = self.get(order_id)
            return order if order is not None and order.account_id == account_id else None
        return None

    def _copies(self, rows: Sequence[Order]) -> Iterator[Order]:
        for row in rows:
            order = self.get(row.order_id)
            assert order is not None
            yield order

    def list(
        self, filter: OrderFilter, after: PageKey | None, limit: int, *, newest_first: bool = False
    ) -> Page[Order, PageKey]:
        order_ids = self._with_identifier(filter)
        rows = (
            order
            for row in self._rows.orders()
            if (order_ids is None or row.order_id in order_ids)
            and filter.matches(order := self._loaded.get(row.order_id, row))
        )
        page = page_of(rows, lambda order: (order.created_at, order.order_id), after, limit, newest_first)
        return Page(list(self._copies(page.items)), page.next)

    def _with_identifier(self, filter: OrderFilter) -> set[str] | None:
        """Return the ids of the orders that the identifier of a filter names."""
        if filter.identifier is None:
            return None
        return {
            order_id
            for rows in self._rows.all()
            for account_id, _, value, *_, order_id in rows.identifiers
            if value == filter.identifier and filter.account_id in (None, account_id)
        }


class Identifiers(ports.Identifiers):
    def __init__(self, rows: OrderChanges, waiting: Changes[WaitingRow]) -> None:
        self._rows = rows
        self._waiting = waiting

    def _by_value(self, account_id: str, kind: str) -> IndexChanges:
        return self._rows.index((account_id, kind))  # a name has no text of its own for each value, as a key would

    def add(self, identifier: Identifier, order_id: str) -> None:
        row = identifier_row(identifier, order_id)
        if not find(self._rows.get(order_id).identifiers, "row", row, IDENTIFIER_KEYS):
            rows = self._rows.change(order_id)
            rows.identifiers = with_row(rows.identifiers, row, IDENTIFIER_KEYS)
            self._by_value(identifier.account_id, identifier.kind).add(identifier.value, row)

    def remove(self, identifier: Identifier, order_id: str) -> None:
        row = identifier_row(identifier, order_id)
        for stored in find(self._rows.get(order_id).identifiers, "row", row, IDENTIFIER_KEYS):
            rows = self._rows.change(order_id)
            rows.identifiers = without_row(rows.identifiers, stored, IDENTIFIER_KEYS)
            self._by_value(identifier.account_id, identifier.kind).remove(identifier.value, stored)

    def of_order(self, account_id: str, order_id: str) -> Sequence[Identifier]:
        return sorted(map(identifier_of, self._rows.get(order_id).identifiers))

    def claims(self, account_id: str, kind: IdentifierKind, value: str, lock: bool = False) -> Claims:
        # A report that starts to wait for an identifier and an order that gets it must not miss each other.
        key = (account_id, kind, value)
        waiting = self._waiting.many_unchanged("value", key) if lock else self._waiting.many("value", key)
        by_value = self._by_value(account_id, kind)
        orders = by_value.many_unchanged(value) if lock else by_value.many(value)
        claims = [(identifier_of(row), row[-1]) for row in orders]
        return Claims(claims, [report_id for _, report_id, _, _ in waiting] if waiting else ())


_OF_NEW_ORDERS = frozenset({EventType.CREATED, EventType.SUBMITTED})
"""Events whose request made their order, as the order tells."""


class Events(ports.Events):
    def __init__(self, rows: OrderChanges, added_facts: list[FeedEntry]) -> None:
        self._rows = rows
        self._added_facts = added_facts

    def append(self, event: OrderEvent) -> None:
        fact, order_id = event.fact, event.order_id
        rows = self._rows.change(order_id)
        if event.sequence <= len(rows.events):
            raise ConcurrentUpdate(f"event {order_id} {event.sequence} exists")
        assert event.sequence == len(rows.events) + 1, "events are added in their order"
        rows.events = with_row(rows.events, event, EVENT_KEYS)
        if fact is not None:
            fact.forget_text()
            if fact.request_id is not None and event.type not in _OF_NEW_ORDERS:
                self._rows.index("executed").add(fact.request_id, order_id)
        if event.report_id is not None:
            self._rows.index("report").add((event.account_id, event.report_id), event)
        self._added_facts.append(event)

    def get(self, account_id: str, order_id: str, sequence: int) -> OrderEvent | None:
        return next(iter(self.list(account_id, order_id, sequence - 1, 1)), None) if sequence > 0 else None

    def list(self, account_id: str, order_id: str, after: int = 0, limit: int | None = None) -> Sequence[OrderEvent]:
        return self._rows.get(order_id).events[after : None if limit is None else after + limit]

    def by_execution(self, account_id: str, order_id: str, exec_id: str, leg: str) -> Sequence[OrderEvent]:
        return find(self._rows.get(order_id).events, "execution", (exec_id, leg), EVENT_KEYS)

    def by_content_digest(self, account_id: str, order_id: str, content_digest: str) -> OrderEvent | None:
        return next(iter(find(self._rows.get(order_id).events, "content_digest", content_digest, EVENT_KEYS)), None)

    def by_report(self, account_id: str, report_id: str) -> OrderEvent | None:
        return next(iter(self._rows.index("report").many((account_id, report_id))), None)


class Fills(ports.Fills):
    def __init__(self, rows: OrderChanges, feed: Callable[[], FeedPort]) -> None:
        self._rows = rows
        self._by_position = rows.index("position")
        self._feed = feed

    def append(self, fill: Fill) -> None:
        rows = self._rows.change(fill.order_id)
        rows.fills = with_row(rows.fills, fill, FILL_KEYS)
        self._by_position.add(fill.position_key, fill)

    def list(self, account_id: str, order_id: str) -> Sequence[Fill]:
        return sorted(self._rows.get(order_id).fills, key=lambda fill: (fill.execution, fill.version))

    def effective_versions(self, account_id: str, order_id: str, upto: int, after: int, limit: int) -> Sequence[Fill]:
        fills = (fill for fill in self.list(account_id, order_id) if fill.sequence <= upto and fill.execution > after)
        return list({fill.execution: fill for fill in fills}.values())[:limit]

    def by_exec_id(self, account_id: str, order_id: str, exec_id: str, leg: str) -> Sequence[Fill]:
        fills = self.list(account_id, order_id)
        executions = {fill.execution for fill in fills if fill.exec_id == exec_id and fill.leg == leg}
        return [fill for fill in fills if fill.execution in executions]

    def of_position(
        self,
        key: PositionKey,
        since: datetime | None = None,
        known: KnownAt | None = None,
        before: datetime | None = None,
    ) -> Sequence[Fill]:
        rows = self._by_position.many(key)
        versions = [fill for fill in rows if fill.version or is_between(fill.happened_at, since, before)]
        if known is not None:
            versions = [fill for fill in versions if self._was_known(fill, known)]
        return current_versions(versions, since, before)

    def time_after(self, key: PositionKey, since: datetime | None, count: int) -> datetime | None:
        return None  # all of them are in memory anyway

    def _was_known(self, fill: Fill, known: KnownAt) -> bool:
        leaf = self._feed().find(FactKind.EVENT, fill.account_id, fill.order_id, fill.sequence)
        return leaf is not None and known.includes(leaf)

    def first_change_after(self, key: PositionKey, moment: datetime) -> datetime | None:
        known, versions = KnownAt(recorded_by=moment), self._by_position.many(key)
        changed = {(fill.order_id, fill.execution) for fill in versions if not self._was_known(fill, known)}
        times = (fill.happened_at for fill in versions if (fill.order_id, fill.execution) in changed)
        return min(times, default=None)

    def positions(self, account_id: str, venue: str | None = None, symbol: str | None = None) -> Sequence[PositionKey]:
        return sorted(
            key
            for key in self._by_position.values()
            if key.account_id == account_id and venue in (None, key.venue) and symbol in (None, key.symbol)
        )


class States(ports.States):
    def __init__(self, rows: Changes[StateAfter]) -> None:
        self._rows = rows

    def add(self, state: StateAfter) -> None:
        self._rows.add((state.order_id, state.sequence), state)

    def list(self, account_id: str, order_id: str) -> Sequence[StateAfter]:
        return sorted(self._rows.many("order", order_id), key=lambda state: state.sequence)

    def last(self, account_id: str, order_id: str, upto: EventPrefix) -> StateAfter | None:
        for state in reversed(self.list(account_id, order_id)):
            if upto.includes(state.sequence, state.recorded_at, state.happened_at):
                return state
        return None

    def drop(self, account_id: str, order_id: str) -> None:
        for state in self._rows.many("order", order_id):
            self._rows.remove((order_id, state.sequence))
