"""What the store has of each order, committed in one piece, and what a unit of work changes of it.

Whatever changes an order has an event, so that two units of work that change anything of one order are in conflict
anyway. Indexes over all orders find an order, or a part of it, by what its requests and reports say.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping
from operator import attrgetter

from sot.adapters.memory.indexes import Entries, IndexChanges
from sot.adapters.memory.long_rows import LongRows, Row, Rows
from sot.domain.accounting.costs import OrderCosts
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fill import Fill
from sot.domain.orders.order import Order
from sot.domain.orders.records import Identifier
from sot.domain.values.errors import ConcurrentUpdate
from sot.domain.values.vocabulary import IdentifierKind

IdentifierRow = tuple[str, ...]
"""The fields of an identifier, its kind as a word, and the order that it names.

The garbage collector does not look at a tuple of texts alone, and every order has two of them.
"""

_WORDS = {kind: kind.value for kind in IdentifierKind}
_KINDS = {word: kind for kind, word in _WORDS.items()}


def identifier_row(identifier: Identifier, order_id: str) -> IdentifierRow:
    """Return the row of an identifier of an order."""
    account_id, kind, *rest = identifier
    return account_id, _WORDS[kind], *rest, order_id


def identifier_of(row: IdentifierRow) -> Identifier:
    """Return the identifier of a row."""
    account_id, word, value, venue, venue_account, id_scope, _ = row
    return Identifier(account_id, _KINDS[word], value, venue, venue_account, id_scope)


EVENT_KEYS: Mapping[str, Callable[[OrderEvent], Hashable]] = {
    "content_digest": attrgetter("content_digest"),
    "execution": attrgetter("identity"),
}
FILL_KEYS: Mapping[str, Callable[[Fill], Hashable]] = {}
IDENTIFIER_KEYS: Mapping[str, Callable[[IdentifierRow], Hashable]] = {"row": lambda row: row}


class OrderRows:
    """What the store has of one order. Committed rows are not changed: there are new ones after each commit.

    Attributes:
        order: The order; None as long as only parts of it were added.
        events: Its events. They have no gaps, so that their sequence is their place, counted from 1.
        fills: Its fills, in the order in which they were added.
        identifiers: Its identifiers, likewise.
        costs: Its costs.
    """

    __slots__ = ("costs", "events", "fills", "identifiers", "order")

    def __init__(
        self,
        order: Order | None = None,
        events: Rows[OrderEvent] = (),
        fills: Rows[Fill] = (),
        identifiers: Rows[IdentifierRow] = (),
        costs: OrderCosts | None = None,
    ) -> None:
        self.order = order
        self.events = events
        self.fills = fills
        self.identifiers = identifiers
        self.costs = costs

    def copy(self) -> "OrderRows":
        """Return a copy, to be changed."""
        return OrderRows(self.order, self.events, self.fills, self.identifiers, self.costs)

    def commit(self) -> None:
        """Commit long rows: they are not copied for each commit."""
        self.events = _committed(self.events)
        self.fills = _committed(self.fills)
        self.identifiers = _committed(self.identifiers)


def _committed(rows: Rows[Row]) -> Rows[Row]:
    return rows.committed() if isinstance(rows, LongRows) else rows


NO_ROWS = OrderRows()
"""What there is of an order that nobody has added."""


def _was_changed(order_id: str) -> ConcurrentUpdate:
    return ConcurrentUpdate(f"order {order_id} was changed")


class OrderTable:
    """Committed rows by order id, and indexes over them. `version` counts the commits that changed it."""

    def __init__(self) -> None:
        self.version = 0
        self.rows: dict[str, OrderRows] = {}
        self.indexes: dict[Hashable, Entries] = {}

    def changes(self) -> "OrderChanges":
        """Return a view of the table, with no changes yet."""
        return OrderChanges(self)


class OrderChanges:
    """What one unit of work changed of orders, and a view of all orders with it.

    Attributes:
        count: How many changes were made.
    """

    __slots__ = ("_changed", "_found", "_indexes", "_table", "_version", "count")

    def __init__(self, table: OrderTable) -> None:
        self.count = 0
        self._table = table
        self._version = table.version
        self._found: dict[str, OrderRows | None] = {}
        self._changed: dict[str, OrderRows] = {}
        self._indexes: dict[Hashable, IndexChanges] = {}

    def get(self, order_id: str) -> OrderRows:
        """Return the rows of an order, which must not be changed."""
        return self._changed.get(order_id) or self._table.rows.get(order_id, NO_ROWS)

    def get_for_update(self, order_id: str) -> OrderRows:
        """Like `get`. If they are changed later, the committed ones must be the same at commit."""
        self._found.setdefault(order_id, self._table.rows.get(order_id))
        return self.get(order_id)

    def change(self, order_id: str) -> OrderRows:
        """Return the rows of an order, to be changed. The committed ones must be the same at commit.

        Raises:
            ConcurrentUpdate: Another unit of work changed them since they were read to be changed.
        """
        rows = self._changed.get(order_id)
        if rows is None:
            committed = self._table.rows.get(order_id)
            if self._found.setdefault(order_id, committed) is not committed:
                raise _was_changed(order_id)
            rows = self._changed[order_id] = OrderRows() if committed is None else committed.copy()
        self.count += 1
        return rows

    def index(self, name: Hashable) -> IndexChanges:
        """Return the view of an index."""
        changes = self._indexes.get(name)
        if changes is None:
            changes = self._indexes[name] = IndexChanges(self._table.indexes.setdefault(name, {}))
        return changes

    def all(self) -> Iterator[OrderRows]:
        """Iterate over the rows of all orders."""
        for order_id in dict.fromkeys((*self._table.rows, *self._changed)):
            yield self.get(order_id)

    def orders(self) -> Iterator[Order]:
        """Iterate over all orders."""
        return (rows.order for rows in self.all() if rows.order is not None)

    def check(self) -> None:
        """Check that everything can still be committed.

        Raises:
            ConcurrentUpdate: Another unit of work was faster.
        """
        if self._table.version == self._version:
            return
        for order_id in self._changed:
            if self._table.rows.get(order_id) is not self._found[order_id]:
                raise _was_changed(order_id)
        for name, index in self._indexes.items():
            for value in index.changed_values():
                raise ConcurrentUpdate(f"order {name} {value} was changed")

    def commit(self) -> None:
        """Write the changes to the table. Call `check` under the same lock first."""
        if not self._changed:
            return
        for rows in self._changed.values():
            rows.commit()
        self._table.rows.update(self._changed)
        for index in self._indexes.values():
            index.commit()
        # At last: who began to look in the meantime checks what it saw.
        self._table.version += 1
