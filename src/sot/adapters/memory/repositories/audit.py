"""The feed of all facts, checkpoints over it, and the rows as verification reads them."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sot.adapters.memory.committed import FactEntry, FeedEntry, Tables
from sot.adapters.memory.order_rows import NO_ROWS, OrderChanges, identifier_of
from sot.adapters.memory.tables import Changes
from sot.domain.audit.checkpoint import Checkpoint, Leaf
from sot.domain.audit.digests import instrument_digest, instrument_key
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.records import RecordedRequest
from sot.domain.values.vocabulary import Anomaly, FactKind
from sot.ports import audit as ports
from sot.ports.audit import RowProblem, StoredFact, StoredOrder

# Account, key, number, hash and time of recording of a fact, from the fact and what it does not say itself.
_LEAF_FIELDS: Mapping[FactKind, Callable[[Any, Any], tuple[str, str, int, str, datetime]]] = {
    FactKind.INSTRUMENT: lambda row, at: (
        row.account_id,
        instrument_key(row.instrument),
        row.number,
        instrument_digest(row.instrument),
        at,
    ),
    FactKind.REQUEST: lambda row, _: (row.account_id, row.request_id, 0, row.hash, row.recorded_at),
    FactKind.CONTEXT: lambda row, _: (row.account_id, row.request_id, 0, row.context_hash, row.recorded_at),
    FactKind.RISK_CHECK: lambda row, request: (
        request.account_id,
        request.request_id,
        row.number,
        row.hash,
        row.recorded_at,
    ),
    FactKind.WITHDRAWAL: lambda row, request: (request.account_id, request.request_id, 0, row.hash, row.recorded_at),
    FactKind.UNATTRIBUTED: lambda row, _: (row.account_id, row.report_id, 0, row.hash, row.recorded_at),
    FactKind.ACCOUNT_EVENT: lambda row, _: (row.account_id, row.event_id, 0, row.hash, row.recorded_at),
    FactKind.RECONCILIATION: lambda row, _: (row.account_id, row.record_id, 0, row.hash, row.recorded_at),
    FactKind.EVENT: lambda row, _: (row.account_id, row.order_id, row.sequence, row.hash, row.recorded_at),
}

# The canonical form of a fact, and the anomalies that are stored beside it.
_BODIES: Mapping[FactKind, Callable[[Any], tuple[str, Sequence[Anomaly]]]] = {
    FactKind.INSTRUMENT: lambda row: (row.instrument.canonical(), ()),
    FactKind.REQUEST: lambda row: (row.request.canonical(), ()),
    FactKind.CONTEXT: lambda row: (row.context.canonical(), ()),
    FactKind.RISK_CHECK: lambda row: (row.check.canonical(), ()),
    FactKind.WITHDRAWAL: lambda row: (row.withdrawal.canonical(), ()),
    FactKind.UNATTRIBUTED: lambda row: (row.report.canonical(), ()),
    FactKind.ACCOUNT_EVENT: lambda row: (row.event.canonical(), row.anomalies),
    FactKind.RECONCILIATION: lambda row: (row.row.canonical(), ()),
    FactKind.EVENT: lambda event: (event.body(), ()),
}


def _fact_entry(entry: OrderEvent | RecordedRequest | FactEntry) -> FactEntry:
    if isinstance(entry, OrderEvent):
        return FactKind.EVENT, entry, None
    return (FactKind.REQUEST, entry, None) if isinstance(entry, RecordedRequest) else entry


def _leaf(position: int, entry: FactEntry) -> Leaf:
    kind, fact, extra = entry
    account_id, key, number, hash, recorded_at = _LEAF_FIELDS[kind](fact, extra)
    return Leaf(position, kind, account_id, key, number, hash, recorded_at)


def _recorded_at(entry: FactEntry) -> datetime:
    kind, fact, extra = entry
    at: datetime = extra if kind is FactKind.INSTRUMENT else fact.recorded_at
    return at


class FeedIndex:
    """The feed positions of committed facts by name; indexed up to the end of the feed at each look-up."""

    def __init__(self) -> None:
        self._positions: dict[tuple[str, str, str, int], int] = {}
        self._indexed = 0

    def positions(self, feed: Sequence[FeedEntry]) -> Mapping[tuple[str, str, str, int], int]:
        """Return the position of each fact by (account, kind, key, number)."""
        for position in range(self._indexed + 1, len(feed) + 1):
            entry = feed[position - 1]
            if isinstance(entry, OrderEvent):  # without its hash, which would be computed here
                self._positions[entry.account_id, FactKind.EVENT, entry.order_id, entry.sequence] = position
            elif entry is not None:
                kind, fact, extra = _fact_entry(entry)
                account_id, key, number, *_ = _LEAF_FIELDS[kind](fact, extra)
                self._positions[account_id, kind, key, number] = position
            self._indexed = position
        return self._positions


class Feed(ports.Feed):
    """The committed facts, and then those that this unit of work added."""

    def __init__(self, tables: Tables, added_facts: list[FeedEntry], index: FeedIndex) -> None:
        self._tables = tables
        self._added = added_facts
        self._index = index

    def _all(self) -> Sequence[FeedEntry]:
        return self._tables.feed if not self._added else [*self._tables.feed, *self._added]

    def _entries(self, after: int = 0, upto: int | None = None) -> Iterator[tuple[int, FactEntry]]:
        """Iterate over facts with their positions."""
        for position, entry in enumerate(islice(self._all(), after, upto), after + 1):
            if entry is not None:
                yield position, _fact_entry(entry)

    def horizon(self) -> int:
        return len(self._tables.feed) + len(self._added)

    def last(self) -> int:
        return self.horizon()

    def earliest_after(self, position: int) -> datetime | None:
        return min((_recorded_at(entry) for _, entry in self._entries(position)), default=None)

    def leaves(self, after: int = 0, upto: int | None = None) -> Iterator[Leaf]:
        return (_leaf(position, entry) for position, entry in self._entries(after, upto))

    def bodies(self, after: int = 0, upto: int | None = None) -> Iterator[ports.FactBody]:
        for position, entry in self._entries(after, upto):
            kind, fact, _ = entry
            body, anomalies = _BODIES[kind](fact)
            yield ports.FactBody(_leaf(position, entry), body, anomalies)

    def reserve_position(self, position: int) -> bool:
        missing = position - 1 - self.horizon()
        if missing < 0:
            return False
        self._added += [None] * missing
        return True

    def by_kind(self, kind: FactKind) -> Iterator[Leaf]:
        leaves = (_leaf(position, entry) for position, entry in self._entries() if entry[0] is kind)
        return iter(sorted(leaves, key=lambda leaf: leaf.name))

    def _position(self, kind: FactKind, account_id: str, key: str, number: int) -> int | None:
        name = (account_id, kind, key, number)
        position = self._index.positions(self._tables.feed).get(name)
        if position is None and self._added:
            return next((leaf.position for leaf in self.leaves(len(self._tables.feed)) if leaf.name == name), None)
        return position

    def find(self, kind: FactKind, account_id: str, key: str, number: int = 0) -> Leaf | None:
        position = self._position(kind, account_id, key, number)
        return None if position is None else next(self.leaves(position - 1, position))

    def last_sequence(self, account_id: str, order_id: str, upto: int) -> int:
        def position_of(sequence: int) -> int:
            position = self._position(FactKind.EVENT, account_id, order_id, sequence)
            return self.horizon() + sequence if position is None else position

        if upto >= self.horizon():
            return self._last_sequence_now(order_id)
        order = self._tables.orders.rows.get(order_id, NO_ROWS).order
        highest = 0 if order is None else order.last_sequence + len(self._added)
        return bisect_right(range(1, highest + 1), upto, key=position_of)

    def _last_sequence_now(self, order_id: str) -> int:
        added = (entry for _, entry in self._entries(len(self._tables.feed)))
        sequences: list[int] = [
            fact.sequence for kind, fact, _ in added if kind is FactKind.EVENT and fact.order_id == order_id
        ]
        order = self._tables.orders.rows.get(order_id, NO_ROWS).order
        return max(0 if order is None else order.last_sequence, *sequences, 0)

    def events(self, after: int, upto: int, limit: int) -> Sequence[tuple[int, OrderEvent]]:
        entries = self._entries(after, upto)
        events = ((position, fact) for position, (kind, fact, _) in entries if kind is FactKind.EVENT)
        return list(islice(events, limit))


class Checkpoints(ports.Checkpoints):
    def __init__(self, rows: Changes[Checkpoint]) -> None:
        self._rows = rows

    def add(self, checkpoint: Checkpoint) -> None:
        self._rows.add(checkpoint.number, checkpoint)

    def last(self) -> Checkpoint | None:
        checkpoints = self.all()
        return checkpoints[-1] if checkpoints else None

    def all(self) -> Sequence[Checkpoint]:
        return sorted((row for _, row in self._rows.all()), key=lambda checkpoint: checkpoint.number)

    def list(self, after: int, limit: int) -> Sequence[Checkpoint]:
        return [checkpoint for checkpoint in self.all() if checkpoint.number > after][:limit]


class Audit(ports.Audit):
    """The rows as they are: in memory nobody can change them behind the store's back."""

    def __init__(self, changes_of: Callable[[str], Changes[Any]], orders: OrderChanges, feed: Feed) -> None:
        self._changes_of = changes_of
        self._orders = orders
        self._feed = feed

    def _rows(self, table: str) -> list[Any]:
        return [row for _, row in self._changes_of(table).all()]

    def accounts(self) -> Sequence[str]:
        accounts = {fill.account_id for rows in self._orders.all() for fill in rows.fills}
        accounts |= {row.account_id for row in self._rows("account_events")}
        return sorted(accounts | {row.key.account_id for row in self._rows("positions") if row.state is not None})

    def is_known_account(self, account_id: str) -> bool:
        return any(leaf.account_id == account_id for leaf in self._feed.leaves())

    def known_accounts(self) -> Sequence[str]:
        return sorted({leaf.account_id for leaf in self._feed.leaves()})

    def facts(self, kind: FactKind) -> Iterator[StoredFact]:
        values = self._values(kind)
        for leaf in self._feed.by_kind(kind):
            yield StoredFact(
                kind=kind,
                account_id=leaf.account_id,
                key=leaf.key,
                number=leaf.number,
                value=values[leaf.account_id, leaf.key, leaf.number],
                hash=leaf.hash,
                recorded_at=leaf.recorded_at if kind not in _UNTIMED else None,
            )

    def _values(self, kind: FactKind) -> dict[tuple[str, str, int], Any]:
        """Return the facts of a kind by account, key and number."""
        if kind is FactKind.INSTRUMENT:
            rows = self._rows("instruments")
            return {(row.account_id, instrument_key(row.instrument), row.number): row.instrument for row in rows}
        if kind is FactKind.UNATTRIBUTED:
            return {(row.account_id, row.report_id, 0): row.report for row in self._rows("reports")}
        if kind is FactKind.ACCOUNT_EVENT:
            return {(row.account_id, row.event_id, 0): row for row in self._rows("account_events")}
        if kind is FactKind.RECONCILIATION:
            return {(row.account_id, row.record_id, 0): row.row for row in self._rows("reconciliations")}
        return {
            (row.account_id, row.request_id, number): value
            for row in self._rows("requests")
            for number, value in _REQUEST_FACTS[kind](row)
        }

    def stored_orders(self, within: ports.OrderRange = ports.ALL_ORDERS) -> Iterator[StoredOrder]:
        leaves: dict[str, list[Leaf]] = {}
        for leaf in self._feed.by_kind(FactKind.EVENT):
            leaves.setdefault(leaf.key, []).append(leaf)
        for order in sorted(self._orders.orders(), key=lambda o: (o.account_id, o.order_id)):
            order_id = order.order_id
            rows = self._orders.get(order_id)
            if not within.holds(order.account_id, order_id):
                continue
            yield StoredOrder(
                account_id=order.account_id,
                order_id=order_id,
                order=order.copy(),
                request=None if order.request_id is None else self._changes_of("requests").get(order.request_id),
                leaves=leaves.get(order_id, []),
                facts=[_stored_event(event) for event in rows.events],
                fills=sorted(rows.fills, key=lambda fill: (fill.execution, fill.version)),
                costs=rows.costs,
                snapshots=self._of_order("pnl", order_id),
                states=sorted(self._of_order("states", order_id), key=lambda state: state.sequence),
                names=[identifier_of(row) for row in rows.identifiers],
            )

    def order_ranges(self, size: int, account_id: str | None = None) -> Sequence[ports.OrderRange]:
        return [ports.ALL_ORDERS if account_id is None else ports.OrderRange.of_account(account_id)]

    def _of_order(self, table: str, order_id: str) -> list[Any]:
        return self._changes_of(table).many("order", order_id)

    def structure_problems(self) -> Iterator[RowProblem]:
        return iter(())

    def row_problems(self) -> Iterator[RowProblem]:
        return iter(())


_UNTIMED = frozenset({FactKind.INSTRUMENT, FactKind.CONTEXT})
"""Facts whose rows in a database have no time of recording."""

# The facts of a request, each with its number.
_REQUEST_FACTS: Mapping[FactKind, Callable[[Any], list[tuple[int, Any]]]] = {
    FactKind.REQUEST: lambda row: [(0, row.request)],
    FactKind.CONTEXT: lambda row: [(0, row.context)] if row.context is not None else [],
    FactKind.RISK_CHECK: lambda row: [(check.number, check.check) for check in row.checks],
    FactKind.WITHDRAWAL: lambda row: [(0, row.withdrawal.withdrawal)] if row.withdrawal is not None else [],
}


def _stored_event(event: OrderEvent) -> StoredFact:
    return StoredFact(
        kind=FactKind.EVENT,
        account_id=event.account_id,
        key=event.order_id,
        number=event.sequence,
        value=event,
        body=event.body(),
        hash=event.hash,
        recorded_at=event.recorded_at,
    )
