"""Orders as their rows: read in one pass by order, compared as rows, and decoded only where something asks for it."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.models import (
    OrderCostsRow,
    OrderEventRow,
    OrderFillRow,
    OrderPnlRow,
    OrderRow,
    OrderStateRow,
)
from sot.adapters.sqlalchemy.repositories.audit.feed import leaf_of
from sot.adapters.sqlalchemy.repositories.audit.order_queries import (
    CHECKS,
    ENTRIES,
    IDENTIFIERS,
    OWN_ROWS,
    REQUESTS,
    Key,
    OrderStream,
    Row,
    entries,
)
from sot.adapters.sqlalchemy.repositories.audit.stored_facts import (
    EVENT,
    UNREADABLE,
    contradiction,
    stored_fact,
)
from sot.adapters.sqlalchemy.repositories.audit.table_rows import (
    StoredForm,
    UnreadableRow,
    key_of,
    read_row,
)
from sot.adapters.sqlalchemy.repositories.orders.instruments import Instruments
from sot.adapters.sqlalchemy.repositories.orders.requests import Requests
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.application.support.lazy import lazy
from sot.domain.audit.checkpoint import Leaf
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.records import Identifier, RecordedRequest
from sot.domain.values.errors import StoreDamaged
from sot.domain.values.vocabulary import FactKind
from sot.ports.audit import DerivedOrder, OrderRange, RowProblem, StoredFact, StoredOrder


class RowsOfOrder(NamedTuple):
    """All rows of an order, by table."""

    orders: Sequence[Row]
    events: Sequence[Row]
    fills: Sequence[Row]
    costs: Sequence[Row]
    snapshots: Sequence[Row]
    states: Sequence[Row]


class RowsBesideOrder(NamedTuple):
    """The rows of other tables about an order: its request with the checks of that, its names, its feed."""

    requests: Sequence[Row]
    checks: Sequence[Row]
    identifiers: Sequence[Row]
    leaves: Sequence[Row]


class StoredOrders:
    """All orders, and all rows that refer to one, by account and id."""

    def __init__(self, buffer: WriteBuffer, instruments: Instruments) -> None:
        self._buffer = buffer
        self._instruments = instruments
        self._forms = {model: StoredForm(model, buffer.dialect) for model, _ in TABLES}
        self._read_request = buffer.compiled(REQUESTS.between()).read
        self._read_check = buffer.compiled(CHECKS.between()).read
        self._read_leaf = buffer.compiled(ENTRIES.between()).read

    def read(self, within: OrderRange) -> Iterator[StoredOrder]:
        """Iterate over the orders of a range."""
        buffer = self._buffer
        buffer.flush()
        own = [OrderStream(OWN_ROWS[model].rows(buffer, *within)) for model, _ in TABLES]
        others = [OrderStream(query.rows(buffer, *within)) for query in (REQUESTS, CHECKS, IDENTIFIERS)]
        leaves = OrderStream(entries(buffer, within), itemgetter(1, 3))
        while keys := [stream.key for stream in (*own, leaves) if stream.key is not None]:
            key = min(keys)
            rows = RowsOfOrder(*[stream.take(key) for stream in own])
            beside = RowsBesideOrder(*[stream.take(key) for stream in (*others, leaves)])
            yield OrderRows(self, key, rows, beside)

    def form(self, model: Any) -> StoredForm:
        """Return the form of the rows of a table."""
        return self._forms[model]

    def events_of(self, found: Sequence[Row]) -> list[StoredFact] | None:
        """Return the events of rows; None if one of them is not exactly that of its body."""
        form = self.form(OrderEventRow)
        events = []
        try:
            for row in found:
                body, hash = row[_BODY], row[_HASH]
                event = OrderEvent.from_stored(body, hash)
                if form.of_stored(row) != form.of(rows.event_row(event, body)):
                    return None
                name = (event.account_id, event.order_id, event.sequence)
                events.append(StoredFact(FactKind.EVENT, *name, event, body, hash, event.recorded_at))
        except UNREADABLE:
            return None
        return events

    def leaf_of(self, row: Row) -> Leaf:
        """Return the entry of the feed of a row."""
        return leaf_of(self._buffer, self._read_leaf(row))

    def request_of(self, stored: "OrderRows") -> RecordedRequest | None:
        """Return the request of an order; None if there is none that can be read."""
        try:
            (row,) = map(self._read_request, stored._beside.requests)
            checks = map(self._read_check, stored._beside.checks)
            return rows.request_of(row, tuple(map(rows.check_of, checks)))
        except UNREADABLE:
            request_id = None if stored.order is None else stored.order.request_id
        try:
            # Not the unit of work's own repository, which would cache every request.
            return Requests(self._buffer).many([request_id]).get(request_id) if request_id else None
        except StoreDamaged:
            return None

    def decoded(self, account_id: str, order_id: str, tables: Sequence[Sequence[Row]]) -> StoredOrder:
        """Decode the rows of an order, and find those that cannot be read, or contradict themselves."""
        stored = StoredOrder(account_id=account_id, order_id=order_id)
        for (model, add), found in zip(TABLES, tables, strict=True):
            for row in found:
                self._add_row(stored, model, add, row)
        return stored

    def _add_row(
        self, stored: StoredOrder, model: Any, add: "Callable[[StoredOrders, StoredOrder, Any], str | None]", row: Row
    ) -> None:
        read = read_row(self._buffer, model, row)
        if isinstance(read, UnreadableRow):
            problem: str | None = read.problem
        else:
            try:
                problem = add(self, stored, read)
            except UNREADABLE as error:
                problem = f"it cannot be read ({error})"
        if problem is not None:
            name = RowProblem(model.__tablename__, stored.account_id, key_of(model, read), problem)
            stored.row_problems.append(name)

    def _add_order(self, stored: StoredOrder, row: Any) -> str | None:
        order = rows.order_of(row)
        stored.order = order
        return contradiction(row, rows.columns_of_state(order.state))

    def _add_event(self, stored: StoredOrder, row: Any) -> str | None:
        stored.facts.append(stored_fact(FactKind.EVENT, EVENT, row))
        return None

    def _add_fill(self, stored: StoredOrder, row: Any) -> str | None:
        fill = rows.fill_of(row)
        stored.fills.append(fill)
        return contradiction(row, rows.columns_of_fill(fill))

    def _add_costs(self, stored: StoredOrder, row: Any) -> str | None:
        instrument = None
        if row.valid_from is not None:
            versions = self._instruments.versions(row.account_id, row.venue, row.symbol)
            instrument = next((version for version in versions if version.valid_from == row.valid_from), None)
            if instrument is None:
                return "valid_from: no version of the instrument begins then"
        costs = rows.costs_of(_CostsRowWithSide(row, stored.order.side if stored.order else None), instrument)
        stored.costs = costs
        return contradiction(row, rows.costs_row(costs))

    def _add_snapshot(self, stored: StoredOrder, row: Any) -> str | None:
        snapshot = rows.pnl_of(row)
        stored.snapshots.append(snapshot)
        return contradiction(row, rows.pnl_row(snapshot))

    def _add_state(self, stored: StoredOrder, row: Any) -> str | None:
        state = rows.state_of(row)
        stored.states.append(state)
        return contradiction(row, rows.state_row(state))


TABLES: Sequence[tuple[Any, Callable[[StoredOrders, StoredOrder, Any], str | None]]] = (
    (OrderRow, StoredOrders._add_order),
    (OrderEventRow, StoredOrders._add_event),
    (OrderFillRow, StoredOrders._add_fill),
    (OrderCostsRow, StoredOrders._add_costs),
    (OrderPnlRow, StoredOrders._add_snapshot),
    (OrderStateRow, StoredOrders._add_state),
)
_ENTRY_NAMES = ("account_id", "order_id", "sequence", "hash", "recorded_at")
_BODY, *_ENTRY = map(list(OrderEventRow.__table__.columns.keys()).index, ("body", *_ENTRY_NAMES))
_HASH = _ENTRY[3]
_entry_of_event = itemgetter(*_ENTRY)
_VERSION = list(OrderRow.__table__.columns.keys()).index("version")


class OrderRows(StoredOrder):
    """An order as its rows. A part is decoded when it is asked for."""

    def __init__(self, reader: StoredOrders, key: Key, rows: RowsOfOrder, beside: RowsBesideOrder) -> None:
        self.account_id, self.order_id = key
        self._reader = reader
        self._rows = rows
        self._beside = beside

    order = lazy(lambda stored: stored._decoded.order)
    request = lazy(lambda stored: stored._reader.request_of(stored))
    leaves = lazy(lambda stored: [stored._reader.leaf_of(row) for row in stored._beside.leaves])
    facts = lazy(lambda stored: stored._decoded.facts if stored._events is None else stored._events)
    fills = lazy(lambda stored: stored._decoded.fills)
    costs = lazy(lambda stored: stored._decoded.costs)
    snapshots = lazy(lambda stored: stored._decoded.snapshots)
    states = lazy(lambda stored: stored._decoded.states)
    names = lazy(lambda stored: [Identifier(row[0], *row[2:]) for row in stored._beside.identifiers])
    row_problems = lazy(lambda stored: stored._decoded.row_problems)
    _decoded: StoredOrder = lazy(
        lambda stored: stored._reader.decoded(stored.account_id, stored.order_id, stored._rows)
    )
    _events: list[StoredFact] | None = lazy(lambda stored: stored._reader.events_of(stored._rows.events))

    @property
    def is_missing(self) -> bool:
        return not any(self._rows)

    @property
    def is_recorded_exactly(self) -> bool:
        return self._events is not None and _are_entries(self._beside.leaves, self._rows.events)

    def is_exactly(self, derived: DerivedOrder) -> bool:
        if self._events is None or frozenset(self.names) != derived.identifiers:
            return False
        for (model, _), found, values in zip(TABLES, self._rows, self._derived_rows(derived), strict=True):
            if values is not None and not self._are_rows_of(model, found, values):
                return False
        self.row_problems = []
        return True

    def _derived_rows(self, derived: DerivedOrder) -> Sequence[Sequence[Mapping[str, Any]] | None]:
        """Return the rows of each table that the order should have; None for its events, which are no derived rows."""
        order_row = rows.order_row(derived.order)
        if self._rows.orders:
            order_row["version"] = self._rows.orders[0][_VERSION]
        return (
            [order_row],
            None,
            [rows.fill_row(fill) for fill in derived.fills],
            [] if derived.costs is None else [rows.costs_row(derived.costs)],
            [rows.pnl_row(snapshot) for snapshot in derived.snapshots],
            [rows.state_row(state) for state in derived.states],
        )

    def _are_rows_of(self, model: Any, found: Sequence[Row], values: Sequence[Mapping[str, Any]]) -> bool:
        form = self._reader.form(model)
        return list(map(form.of_stored, found)) == list(map(form.of, values))


def _are_entries(leaves: Sequence[Row], events: Sequence[Row]) -> bool:
    """Whether rows of the feed are exactly those of the rows of events, in their order."""
    if len(leaves) != len(events):
        return False
    last: Any = 0
    for (position, account_id, _, key, number, hash, recorded_at), event in zip(leaves, events, strict=True):
        event_account_id, order_id, *rest = _entry_of_event(event)
        if [number, hash, recorded_at] != rest or (account_id, key) != (event_account_id, str(order_id)):
            return False
        if type(position) is not int or position <= last:
            return False
        last = position
    return True


class _CostsRowWithSide:
    """A row of `order_costs` with the order's side."""

    def __init__(self, row: Any, side: Any) -> None:
        self._row = row
        self.side = side

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)
