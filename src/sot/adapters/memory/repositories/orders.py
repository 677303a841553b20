"""Orders and their names over dictionaries."""

from collections.abc import Sequence

from sot.adapters.memory.committed import Waiting
from sot.adapters.memory.paging import page_of, within
from sot.adapters.memory.tables import Changes
from sot.domain.order import Order
from sot.domain.vocabulary import IdentifierKind
from sot.ports import repositories as ports
from sot.ports.records import (
    Claims,
    Identifier,
    OrderFilter,
    Page,
    PageKey,
)


class Orders(ports.Orders):
    """Committed orders are never given out: a unit of work has its own copies, one per order."""

    def __init__(self, rows: Changes[Order], identifiers: Changes[tuple[Identifier, str]]) -> None:
        self._rows = rows
        self._identifiers = identifiers
        self._given: dict[str, Order] = {}

    def add(self, order: Order) -> None:
        order.version = 1
        self._rows.add(order.order_id, order)
        self._given[order.order_id] = order

    def save(self, order: Order) -> None:
        if self._rows.get(order.order_id) is not order:
            order.version += 1
            self._rows.replace(order.order_id, order)

    def rewrite(self, order: Order) -> None:
        if self._rows.get(order.order_id) is not order:
            self._rows.replace(order.order_id, order)

    def get(self, order_id: str) -> Order | None:
        given = self._given.get(order_id)
        if given is not None:
            return given
        row = self._rows.get(order_id)
        if row is None:
            return None
        return self._give(row)

    def _give(self, row: Order) -> Order:
        given = self._given.get(row.order_id)
        if given is None:
            given = self._given[row.order_id] = row.copy()
        return given

    def by_request(self, account_id: str, request_id: str) -> Order | None:
        row = self._rows.one("request", (account_id, request_id))
        return None if row is None else self._give(row)

    def list(self, filter: OrderFilter, after: PageKey | None, limit: int) -> Page[Order]:
        named = self._named(filter)
        rows = (
            order
            for _, row in self._rows.all()
            if (named is None or row.order_id in named)
            and _matches(filter, order := self._given.get(row.order_id, row))
        )
        page = page_of(rows, lambda order: (order.created_at, order.order_id), after, limit)
        return Page([self._give(order) for order in page.items], page.next)

    def _named(self, filter: OrderFilter) -> set[str] | None:
        if filter.identifier is None:
            return None
        return {
            order_id
            for _, (identifier, order_id) in self._identifiers.all()
            if identifier.value == filter.identifier and filter.account_id in (None, identifier.account_id)
        }


def _matches(filter: OrderFilter, order: Order) -> bool:
    return (
        filter.account_id in (None, order.account_id)
        and (not filter.statuses or order.status in filter.statuses)
        and filter.venue in (None, order.venue)
        and filter.symbol in (None, order.symbol)
        and filter.strategy_code in (None, order.strategy_code)
        and filter.is_open in (None, order.is_open)
        and filter.in_doubt in (None, order.in_doubt)
        and within(order.created_at, filter.created_from, filter.created_before)
    )


class Identifiers(ports.Identifiers):
    def __init__(self, rows: Changes[tuple[Identifier, str]], waiting: Changes[Waiting]) -> None:
        self._rows = rows
        self._waiting = waiting

    def add(self, identifier: Identifier, order_id: str) -> None:
        row = (identifier, order_id)
        if self._rows.get(row) is None:
            self._rows.add(row, row)

    def of(self, account_id: str, order_id: str) -> Sequence[Identifier]:
        return sorted(identifier for identifier, _ in self._rows.many("order", order_id))

    def claims(self, account_id: str, kind: IdentifierKind, value: str) -> Claims:
        """A report that starts to wait for a name and an order that takes it must not miss each other."""
        key = (account_id, kind, value)
        waiting = self._waiting.expect_many("value", key)
        return Claims(self._rows.expect_many("value", key), [one[1] for one in waiting])
