"""The feed of all facts, checkpoints over it, and a look at everything that is kept."""

from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sot.adapters.memory.committed import Fed, Tables, Told
from sot.adapters.memory.tables import Changes
from sot.domain.audit.checkpoint import Checkpoint, Leaf
from sot.domain.audit.digests import instrument_digest, instrument_key
from sot.domain.orders.event import OrderEvent
from sot.domain.values.vocabulary import Anomaly, FactKind
from sot.ports import audit as ports
from sot.ports.audit import RowProblem, StoredFact, StoredOrder

# Account, key, number, digest and time of a fact in the feed.
_TELL: Mapping[FactKind, Callable[[Any, Any], tuple[str, str, int, str, datetime]]] = {
    FactKind.INSTRUMENT: lambda one, at: (one.account_id, instrument_key(one), 0, instrument_digest(one), at),
    FactKind.REQUEST: lambda row, _: (row.account_id, row.request_id, 0, row.hash, row.recorded_at),
    FactKind.CONTEXT: lambda row, _: (row.account_id, row.request_id, 0, row.context_hash, row.recorded_at),
    FactKind.RISK_CHECK: lambda row, of: (of.account_id, of.request_id, row.number, row.hash, row.recorded_at),
    FactKind.WITHDRAWAL: lambda row, of: (of.account_id, of.request_id, 0, row.hash, row.recorded_at),
    FactKind.UNATTRIBUTED: lambda row, _: (row.account_id, row.report_id, 0, row.hash, row.recorded_at),
    FactKind.ACCOUNT_EVENT: lambda row, _: (row.account_id, row.event_id, 0, row.hash, row.recorded_at),
    FactKind.RECONCILIATION: lambda row, _: (row.account_id, row.record_id, 0, row.hash, row.recorded_at),
    FactKind.EVENT: lambda row, _: (row.account_id, row.order_id, row.sequence, row.hash, row.recorded_at),
}


_SAYS: Mapping[FactKind, Callable[[Any], tuple[str, Sequence[Anomaly]]]] = {
    FactKind.INSTRUMENT: lambda one: (one.canonical(), ()),
    FactKind.REQUEST: lambda row: (row.request.canonical(), ()),
    FactKind.CONTEXT: lambda row: (row.context.canonical(), ()),
    FactKind.RISK_CHECK: lambda row: (row.check.canonical(), ()),
    FactKind.WITHDRAWAL: lambda row: (row.withdrawal.canonical(), ()),
    FactKind.UNATTRIBUTED: lambda row: (row.report.canonical(), ()),
    FactKind.ACCOUNT_EVENT: lambda row: (row.event.canonical(), row.anomalies),
    FactKind.RECONCILIATION: lambda row: (row.row.canonical(), ()),
    FactKind.EVENT: lambda event: (event.body(), ()),
}


def _told(fed: OrderEvent | Told) -> Told:
    return (FactKind.EVENT, fed, None) if isinstance(fed, OrderEvent) else fed


def _leaf(position: int, told: Told) -> Leaf:
    kind, row, beside = told
    account_id, key, number, hash, recorded_at = _TELL[kind](row, beside)
    return Leaf(position, kind, account_id, key, number, hash, recorded_at)


def _recorded_at(told: Told) -> datetime:
    kind, row, beside = told
    at: datetime = beside if kind is FactKind.INSTRUMENT else row.recorded_at
    return at


class Places:
    """Where in the feed each committed fact is, looked up when that is asked for the first time."""

    def __init__(self) -> None:
        self._places: dict[tuple[str, str, str, int], int] = {}
        self._seen = 0

    def of(self, feed: Sequence[Fed]) -> Mapping[tuple[str, str, str, int], int]:
        """The positions by name."""
        for position in range(self._seen + 1, len(feed) + 1):
            fed = feed[position - 1]
            if fed is not None:
                kind, row, beside = _told(fed)
                account_id, key, number, *_ = _TELL[kind](row, beside) if kind is not FactKind.EVENT else _named(row)
                self._places[account_id, kind, key, number] = position
            self._seen = position
        return self._places


def _named(event: OrderEvent) -> tuple[str, str, int]:
    return event.account_id, event.order_id, event.sequence  # without its hash, which is computed when asked for


class Feed(ports.Feed):
    """What is committed, and then what this unit of work has added."""

    def __init__(self, tables: Tables, added: list[Fed], places: Places) -> None:
        self._tables = tables
        self._added = added
        self._places = places

    def _all(self) -> Sequence[Fed]:
        return self._tables.feed if not self._added else [*self._tables.feed, *self._added]

    def _placed(self, after: int = 0, upto: int | None = None) -> Iterator[tuple[int, Told]]:
        """Facts with their positions."""
        for position, fed in enumerate(islice(self._all(), after, upto), after + 1):
            if fed is not None:
                yield position, _told(fed)

    def horizon(self) -> int:
        return len(self._tables.feed) + len(self._added)

    def last(self) -> int:
        return self.horizon()

    def earliest_after(self, position: int) -> datetime | None:
        return min((_recorded_at(told) for _, told in self._placed(position)), default=None)

    def leaves(self, after: int = 0, upto: int | None = None) -> Iterator[Leaf]:
        return (_leaf(position, told) for position, told in self._placed(after, upto))

    def bodies(self, after: int = 0, upto: int | None = None) -> Iterator[ports.FactBody]:
        for position, told in self._placed(after, upto):
            body, anomalies = _SAYS[told[0]](told[1])
            yield ports.FactBody(_leaf(position, told), body, anomalies)

    def reserve_position(self, position: int) -> bool:
        missing = position - 1 - self.horizon()
        if missing < 0:
            return False
        self._added += [None] * missing
        return True

    def by_kind(self, kind: FactKind) -> Iterator[Leaf]:
        found = (_leaf(place, told) for place, told in self._placed() if told[0] is kind)
        return iter(sorted(found, key=lambda leaf: leaf.name))

    def _position(self, kind: FactKind, account_id: str, key: str, number: int) -> int | None:
        name = (account_id, kind, key, number)
        found = self._places.of(self._tables.feed).get(name)
        if found is None and self._added:
            found = next((leaf.position for leaf in self.leaves(len(self._tables.feed)) if leaf.name == name), None)
        return found

    def find(self, kind: FactKind, account_id: str, key: str, number: int = 0) -> Leaf | None:
        position = self._position(kind, account_id, key, number)
        return None if position is None else next(self.leaves(position - 1, position))

    def last_sequence(self, account_id: str, order_id: str, upto: int) -> int:
        def position(sequence: int) -> int:
            found = self._position(FactKind.EVENT, account_id, order_id, sequence)
            return self.horizon() + sequence if found is None else found

        order = self._tables.orders.rows.get(order_id)
        highest = 0 if order is None else order.last_sequence + len(self._added)
        if upto >= self.horizon():
            return self._last(order_id)
        return bisect_right(range(1, highest + 1), upto, key=position)

    def _last(self, order_id: str) -> int:
        added = (told for _, told in self._placed(len(self._tables.feed)))
        mine = [row.sequence for kind, row, _ in added if kind is FactKind.EVENT and row.order_id == order_id]
        order = self._tables.orders.rows.get(order_id)
        last = 0 if order is None else order.last_sequence
        return max(last, *mine) if mine else last

    def events(self, after: int, upto: int, limit: int) -> Sequence[tuple[int, OrderEvent]]:
        chosen = self._placed(after, upto)
        return list(islice(((place, row) for place, (kind, row, _) in chosen if kind is FactKind.EVENT), limit))


class Checkpoints(ports.Checkpoints):
    def __init__(self, rows: Changes[Checkpoint]) -> None:
        self._rows = rows

    def add(self, checkpoint: Checkpoint) -> None:
        self._rows.add(checkpoint.number, checkpoint)

    def last(self) -> Checkpoint | None:
        found = self.all()
        return found[-1] if found else None

    def all(self) -> Sequence[Checkpoint]:
        return sorted((row for _, row in self._rows.all()), key=lambda checkpoint: checkpoint.number)

    def list(self, after: int, limit: int) -> Sequence[Checkpoint]:
        return [checkpoint for checkpoint in self.all() if checkpoint.number > after][:limit]


class Audit(ports.Audit):
    """Nothing in memory can be changed behind the store's back; what is asked is the same."""

    def __init__(self, of: Callable[[str], Changes[Any]], feed: Feed) -> None:
        self._of = of
        self._feed = feed

    def _rows(self, table: str) -> list[Any]:
        return [row for _, row in self._of(table).all()]

    def accounts(self) -> Sequence[str]:
        named = {row.account_id for table in ("fills", "account_events") for row in self._rows(table)}
        return sorted(named | {held.key.account_id for held in self._rows("positions") if held.state is not None})

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
        if kind is FactKind.INSTRUMENT:
            return {(row.account_id, instrument_key(row), 0): row for row in self._rows("instruments")}
        if kind is FactKind.UNATTRIBUTED:
            return {(row.account_id, row.report_id, 0): row.report for row in self._rows("reports")}
        if kind is FactKind.ACCOUNT_EVENT:
            return {(row.account_id, row.event_id, 0): row for row in self._rows("account_events")}
        if kind is FactKind.RECONCILIATION:
            return {(row.account_id, row.record_id, 0): row.row for row in self._rows("reconciliations")}
        return {
            (row.account_id, row.request_id, number): value
            for row in self._rows("requests")
            for number, value in _SAID[kind](row)
        }

    def stored_orders(self) -> Iterator[StoredOrder]:
        for order in sorted(self._rows("orders"), key=lambda o: (o.account_id, o.order_id)):
            story = StoredOrder(account_id=order.account_id, order_id=order.order_id, order=order.copy())
            story.request = None if order.request_id is None else self._of("requests").get(order.request_id)
            for event in self._of("events").many("order", order.order_id):
                story.facts.append(_fact_of(event))
            fills = self._of("fills").many("order", order.order_id)
            story.fills = sorted(fills, key=lambda fill: (fill.execution, fill.version))
            story.costs = self._of("costs").get(order.order_id)
            story.snapshots = self._of("pnl").many("order", order.order_id)
            story.states = sorted(self._of("states").many("order", order.order_id), key=lambda s: s.sequence)
            story.names = [name for name, _ in self._of("identifiers").many("order", order.order_id)]
            yield story

    def row_problems(self) -> Iterator[RowProblem]:
        return iter(())


_UNTIMED = frozenset({FactKind.INSTRUMENT, FactKind.CONTEXT})


_SAID: Mapping[FactKind, Callable[[Any], list[tuple[int, Any]]]] = {
    FactKind.REQUEST: lambda row: [(0, row.request)],
    FactKind.CONTEXT: lambda row: [(0, row.context)] if row.context is not None else [],
    FactKind.RISK_CHECK: lambda row: [(check.number, check.check) for check in row.checks],
    FactKind.WITHDRAWAL: lambda row: [(0, row.withdrawal.withdrawal)] if row.withdrawal is not None else [],
}


def _fact_of(event: OrderEvent) -> StoredFact:
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
