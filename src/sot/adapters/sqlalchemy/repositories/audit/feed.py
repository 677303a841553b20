"""The feed of all facts, numbered by the database."""

import heapq
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

from sqlalchemy import bindparam, cast, func, literal, select, text

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.feed_positions import FEED_LOCK_CLASS, LAST_POSITION
from sot.adapters.sqlalchemy.isolation import check_level
from sot.adapters.sqlalchemy.models import (
    AccountEventRow,
    DecisionContextRow,
    FeedRow,
    InstrumentRow,
    OrderEventRow,
    OrderRequestRow,
    ReconciliationRow,
    RiskCheckRow,
    UnattributedReportRow,
    WithdrawalRow,
)
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.types import Integer64, Uuid
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.audit.checkpoint import Leaf
from sot.domain.audit.digests import instrument_key
from sot.domain.orders.event import OrderEvent
from sot.domain.values.canonical import digest
from sot.domain.values.errors import StoreDamaged
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import Anomaly, FactKind
from sot.ports import audit as ports

_LEAVES = select(*FeedRow.__table__.columns)
_BETWEEN = Query(
    _LEAVES.where(FeedRow.position > bindparam("after"), FeedRow.position <= bindparam("upto")).order_by(
        FeedRow.position
    )
)
_BY_KIND = Query(
    _LEAVES.where(FeedRow.account_id == bindparam("account_id"), FeedRow.kind == bindparam("kind")).order_by(
        FeedRow.key, FeedRow.number
    )
)
_BY_NAME = Query(
    _LEAVES.where(
        FeedRow.account_id == bindparam("account_id"),
        FeedRow.kind == bindparam("kind"),
        FeedRow.key == bindparam("key"),
        FeedRow.number == bindparam("number"),
    )
)
_NEXT_ACCOUNT = Query(
    select(FeedRow.account_id).where(FeedRow.account_id > bindparam("after")).order_by(FeedRow.account_id).limit(1)
)
_LAST = select(func.max(FeedRow.position).label("last"))
_LAST_UPTO = Query(_LAST.where(FeedRow.position <= bindparam("upto", type_=Integer64)))
_EARLIEST = Query(
    select(func.min(FeedRow.recorded_at).label("at")).where(FeedRow.position > bindparam("position", type_=Integer64))
)
_LAST_SEQUENCE = Query(
    select(func.max(FeedRow.number).label("last")).where(
        FeedRow.account_id == bindparam("account_id"),
        FeedRow.kind == str(FactKind.EVENT),
        FeedRow.key == bindparam("key"),
        FeedRow.position <= bindparam("upto"),
    )
)
_EVENTS = Query(
    select(FeedRow.position, OrderEventRow.order_id, OrderEventRow.sequence, OrderEventRow.body, OrderEventRow.hash)
    .join(
        OrderEventRow,
        (OrderEventRow.account_id == FeedRow.account_id)
        & (OrderEventRow.order_id == cast(FeedRow.key, Uuid))
        & (OrderEventRow.sequence == FeedRow.number),
    )
    .where(
        FeedRow.kind == str(FactKind.EVENT),
        FeedRow.position > bindparam("after"),
        FeedRow.position <= bindparam("upto"),
    )
    .order_by(FeedRow.position)
    .limit(bindparam("limit", type_=Integer64))
)


def _bodies_of(kind: FactKind, model: Any, key: str, number: str = "", anomalies: Any = None) -> Query:
    """Return the query for entries of one kind with the bodies of their facts; NULL where a fact is missing."""
    is_fact = (model.account_id == FeedRow.account_id) & (getattr(model, key) == cast(FeedRow.key, Uuid))
    if number:
        is_fact &= getattr(model, number) == FeedRow.number
    anomalies = literal("") if anomalies is None else anomalies
    columns = [*FeedRow.__table__.columns, model.body, anomalies.label("anomalies")]
    conditions = (
        FeedRow.kind == str(kind),
        FeedRow.position > bindparam("after"),
        FeedRow.position <= bindparam("upto"),
    )
    return Query(select(*columns).outerjoin(model, is_fact).where(*conditions).order_by(FeedRow.position))


_BODIES = (
    _bodies_of(FactKind.REQUEST, OrderRequestRow, "request_id"),
    _bodies_of(FactKind.CONTEXT, DecisionContextRow, "request_id"),
    _bodies_of(FactKind.RISK_CHECK, RiskCheckRow, "request_id", "number"),
    _bodies_of(FactKind.WITHDRAWAL, WithdrawalRow, "request_id"),
    _bodies_of(FactKind.UNATTRIBUTED, UnattributedReportRow, "report_id"),
    _bodies_of(FactKind.ACCOUNT_EVENT, AccountEventRow, "event_id", anomalies=AccountEventRow.anomalies),
    _bodies_of(FactKind.RECONCILIATION, ReconciliationRow, "record_id"),
    _bodies_of(FactKind.EVENT, OrderEventRow, "order_id", "sequence"),
)
_INSTRUMENTS = Query(select(InstrumentRow.account_id, InstrumentRow.number, InstrumentRow.body))

_ISOLATION_LEVEL = text("SELECT current_setting('transaction_isolation')")
# Every place has the same class of locks, so that those who reach one table by other names see each other's. Whoever
# locks the feed holds a lock of its sequence, too, from the same statement on: that tells the places apart.
_LOCKED_POSITIONS = (
    "WITH locks AS MATERIALIZED (SELECT * FROM pg_locks WHERE pid <> pg_backend_pid()"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
    " SELECT objid::bigint FROM locks WHERE locktype = 'advisory' AND objsubid = 2"
    f" AND classid = {FEED_LOCK_CLASS} AND pid IN"
    " (SELECT pid FROM locks WHERE locktype = 'relation' AND relation = '{fact_feed_position_seq}'::regclass)"
)
_LOCK_RANGE = 2**31
"""Locks have positions modulo this number."""

_KIND_NAMES = frozenset(map(str, FactKind))
_NO_LIMIT = 2**62


def accounts_of(buffer: WriteBuffer, after: str = "") -> Iterator[str]:
    """Iterate over the accounts of the feed that come after one, sorted.

    A step through the index finds each: DISTINCT would read the whole feed.
    """
    known: set[Any] = set()
    while found := buffer.fetch(_NEXT_ACCOUNT, {"after": after}):
        after = found[0].account_id
        if after in known:
            return  # by a damaged index, which may lead back
        known.add(after)
        yield after


def leaf_of(buffer: WriteBuffer, row: Any) -> Leaf:
    """Return the entry of a row.

    Raises:
        StoreDamaged: It cannot be read.
    """
    return rows.read(buffer.url, "fact_feed {0.position}", _leaf_of, row)


def _leaf_of(row: Any) -> Leaf:
    return Leaf(row.position, FactKind(row.kind), row.account_id, row.key, row.number, row.hash, row.recorded_at)


class Feed(ports.Feed):
    def __init__(self, buffer: WriteBuffer) -> None:
        self._buffer = buffer
        self._next_position: int | None = None

    def horizon(self) -> int:
        self._buffer.flush()
        if self._buffer.is_postgresql:
            return self._settled()
        return self.last()

    def _settled(self) -> int:
        """Return the position of the last fact before which no open transaction may still add one.

        That is up to the sequence's last position, or up to the lowest position that an open transaction has locked.
        The sequence is asked first: a transaction that locks the feed after the second query numbers its facts after
        the answer of the first. Positions after the last fact may belong to transactions that were rolled back.
        """
        buffer = self._buffer
        check_level(buffer.execute(_ISOLATION_LEVEL).scalar(), "to read the horizon of the feed")
        last: int = buffer.execute_text(LAST_POSITION).scalar()
        distances = [(last - locked) % _LOCK_RANGE for locked in buffer.execute_text(_LOCKED_POSITIONS).scalars()]
        # A distance of more than half of the range is ahead: that lock was taken after the first query.
        settled = last - max((distance for distance in distances if distance < _LOCK_RANGE // 2), default=0)
        return buffer.fetch(_LAST_UPTO, {"upto": settled})[0].last or 0

    def last(self) -> int:
        self._buffer.flush()
        last: int | None = self._buffer.fetch_dynamic(_LAST, {})[0].last
        return last or 0

    def earliest_after(self, position: int) -> datetime | None:
        self._buffer.flush()
        at: datetime | None = self._buffer.fetch(_EARLIEST, {"position": position})[0].at
        return at

    def leaves(self, after: int = 0, upto: int | None = None) -> Iterator[Leaf]:
        self._buffer.flush()
        parameters = {"after": after, "upto": _NO_LIMIT if upto is None else upto}
        return map(self._leaf, self._buffer.stream(_BETWEEN, parameters))

    def _leaf(self, row: Any) -> Leaf:
        return leaf_of(self._buffer, row)

    def bodies(self, after: int = 0, upto: int | None = None) -> Iterator[ports.FactBody]:
        self._buffer.flush()
        parameters = {"after": after, "upto": _NO_LIMIT if upto is None else upto}
        streams = [self._buffer.stream(query, parameters) for query in _BODIES]
        streams.append(self._instruments(parameters))
        for row in heapq.merge(*streams, key=attrgetter("position")):
            if row.body is None:
                raise StoreDamaged(self._buffer.url, f"{row.kind} {row.key} of the feed is missing")
            self._check_readable(row)
            anomalies = tuple(Anomaly(name) for name in row.anomalies.split(",") if name)
            yield ports.FactBody(self._leaf(row), row.body, anomalies)

    def _check_readable(self, row: Any) -> None:
        """Check that an archive with this body can be read."""
        try:
            if row.kind == FactKind.EVENT:
                is_readable = digest("event", row.body) == row.hash
            else:
                is_readable = isinstance(json.loads(row.body), dict)
        except ValueError:
            is_readable = False
        if not is_readable:
            name = f"{row.kind} {row.key} {row.number}"
            raise StoreDamaged(self._buffer.url, f"{name} is not what was recorded; sot verify tells more")

    def _instruments(self, parameters: Mapping[str, Any]) -> Iterator[Any]:
        """Iterate over entries of instruments with their bodies. No column of theirs has the key of the feed."""
        bodies = {
            (row.account_id, instrument_key(Instrument.from_trusted(json.loads(row.body))), row.number): row.body
            for row in self._buffer.stream(_INSTRUMENTS, {})
        }
        for row in self._buffer.stream(_BETWEEN, parameters):
            if row.kind not in _KIND_NAMES:
                raise StoreDamaged(self._buffer.url, f"fact_feed {row.position}: no fact is of the kind {row.kind}")
            if row.kind == FactKind.INSTRUMENT:
                body = bodies.get((row.account_id, row.key, row.number))
                yield SimpleNamespace(**row._asdict(), body=body, anomalies="")

    def reserve_position(self, position: int) -> bool:
        if position != self._next_position:
            if position <= self.last():
                return False
            self._buffer.next_position = position
        # SQLite has one writer, which gets the position after it without asking.
        self._next_position = None if self._buffer.is_postgresql else position + 1
        return True

    def by_kind(self, kind: FactKind) -> Iterator[Leaf]:
        self._buffer.flush()
        for account_id in accounts_of(self._buffer):
            parameters = {"account_id": account_id, "kind": str(kind)}
            yield from map(self._leaf, self._buffer.stream(_BY_KIND, parameters))

    def find(self, kind: FactKind, account_id: str, key: str, number: int = 0) -> Leaf | None:
        self._buffer.flush()
        parameters = {"account_id": account_id, "kind": str(kind), "key": key, "number": number}
        found = self._buffer.fetch(_BY_NAME, parameters)
        return self._leaf(found[0]) if found else None

    def last_sequence(self, account_id: str, order_id: str, upto: int) -> int:
        self._buffer.flush()
        found = self._buffer.fetch(_LAST_SEQUENCE, {"account_id": account_id, "key": order_id, "upto": upto})
        return (found[0].last if found else None) or 0

    def events(self, after: int, upto: int, limit: int) -> Sequence[tuple[int, OrderEvent]]:
        self._buffer.flush()
        found = self._buffer.fetch(_EVENTS, {"after": after, "upto": upto, "limit": limit})
        return [(row.position, self._event(row)) for row in found]

    def _event(self, row: Any) -> OrderEvent:
        return rows.read(self._buffer.url, "order_events {0.order_id} {0.sequence}", rows.event_of, row)
