"""The feed of all facts, and checkpoints over it."""

import heapq
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from operator import attrgetter
from types import SimpleNamespace
from typing import Any

from sqlalchemy import bindparam, cast, func, literal, select, text

from sot.adapters.sqlalchemy import rows
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
from sot.adapters.sqlalchemy.types import Count, Identity
from sot.adapters.sqlalchemy.write_buffer import FEED_LOCK_CLASS, LAST_POSITION, WriteBuffer
from sot.domain.audit.checkpoint import Leaf
from sot.domain.audit.digests import instrument_key
from sot.domain.orders.event import OrderEvent
from sot.domain.values.canonical import digest
from sot.domain.values.errors import InvalidInput, StoreDamaged
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import Anomaly, FactKind
from sot.ports import audit as ports

_LEAVES = select(*FeedRow.__table__.columns)


_BETWEEN = Query(
    _LEAVES.where(FeedRow.position > bindparam("after"), FeedRow.position <= bindparam("upto")).order_by(
        FeedRow.position
    )
)


_NAMED = Query(
    _LEAVES.where(FeedRow.account_id == bindparam("account_id"), FeedRow.kind == bindparam("kind")).order_by(
        FeedRow.key, FeedRow.number
    )
)


_ONE = Query(
    _LEAVES.where(
        FeedRow.account_id == bindparam("account_id"),
        FeedRow.kind == bindparam("kind"),
        FeedRow.key == bindparam("key"),
        FeedRow.number == bindparam("number"),
    )
)


_ACCOUNTS = select(FeedRow.account_id).distinct().order_by(FeedRow.account_id)


_LAST = select(func.max(FeedRow.position).label("last"))


_LAST_UPTO = Query(_LAST.where(FeedRow.position <= bindparam("upto", type_=Count)))


_EARLIEST = Query(
    select(func.min(FeedRow.recorded_at).label("at")).where(FeedRow.position > bindparam("position", type_=Count))
)


_LAST_OF_ORDER = Query(
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
        & (OrderEventRow.order_id == cast(FeedRow.key, Identity))
        & (OrderEventRow.sequence == FeedRow.number),
    )
    .where(
        FeedRow.kind == str(FactKind.EVENT),
        FeedRow.position > bindparam("after"),
        FeedRow.position <= bindparam("upto"),
    )
    .order_by(FeedRow.position)
    .limit(bindparam("limit", type_=Count))
)


def _with_body(kind: FactKind, model: Any, key: str, number: str = "", odd: Any = None) -> Query:
    named = (model.account_id == FeedRow.account_id) & (getattr(model, key) == cast(FeedRow.key, Identity))
    if number:
        named &= getattr(model, number) == FeedRow.number
    odd = literal("") if odd is None else odd
    columns = [*FeedRow.__table__.columns, model.body, odd.label("odd")]
    wanted = (FeedRow.kind == str(kind), FeedRow.position > bindparam("after"), FeedRow.position <= bindparam("upto"))
    return Query(select(*columns).outerjoin(model, named).where(*wanted).order_by(FeedRow.position))


_BODIES = (
    _with_body(FactKind.REQUEST, OrderRequestRow, "request_id"),
    _with_body(FactKind.CONTEXT, DecisionContextRow, "request_id"),
    _with_body(FactKind.RISK_CHECK, RiskCheckRow, "request_id", "number"),
    _with_body(FactKind.WITHDRAWAL, WithdrawalRow, "request_id"),
    _with_body(FactKind.UNATTRIBUTED, UnattributedReportRow, "report_id"),
    _with_body(FactKind.ACCOUNT_EVENT, AccountEventRow, "event_id", odd=AccountEventRow.anomalies),
    _with_body(FactKind.RECONCILIATION, ReconciliationRow, "record_id"),
    _with_body(FactKind.EVENT, OrderEventRow, "order_id", "sequence"),
)


_INSTRUMENTS = Query(select(InstrumentRow.account_id, InstrumentRow.body))


_ISOLATION = text("SELECT current_setting('transaction_isolation')")


_LAST_GIVEN = text(LAST_POSITION)


_FLOORS = text(
    "SELECT objid::bigint FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND pid <> pg_backend_pid()"
    f" AND classid = {FEED_LOCK_CLASS} AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


_ROUND = 2**31


_KINDS = frozenset(map(str, FactKind))


_EVERYTHING = 2**62


def leaf_of(row: Any) -> Leaf:
    """The leaf of a row of the feed."""
    return Leaf(row.position, FactKind(row.kind), row.account_id, row.key, row.number, row.hash, row.recorded_at)


class Feed(ports.Feed):
    def __init__(self, buffer: WriteBuffer) -> None:
        self._buffer = buffer
        self._expected: int | None = None

    def horizon(self) -> int:
        self._buffer.flush()
        if self._buffer.is_postgresql:
            return self._settled()
        return self.last()

    def _settled(self) -> int:
        """The last fact up to the last position given, or to where the first open transaction began to number.

        The order of these two questions matters: who announces itself after the second one numbers behind the first.
        Behind the last fact there may be positions that went with a transaction that was rolled back.
        """
        buffer = self._buffer
        level = buffer.execute(_ISOLATION).scalar()
        if level != "read committed":
            raise InvalidInput("isolation", level, "READ COMMITTED, for who reads up to the horizon of the feed")
        last: int = buffer.execute(_LAST_GIVEN).scalar()
        behind = [(last - floor) % _ROUND for floor in buffer.execute(_FLOORS).scalars()]
        # More than half a round behind is ahead: that one began after the first question.
        settled = last - max((steps for steps in behind if steps < _ROUND // 2), default=0)
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
        parameters = {"after": after, "upto": _EVERYTHING if upto is None else upto}
        return map(self._leaf, self._buffer.stream(_BETWEEN, parameters))

    def _leaf(self, row: Any) -> Leaf:
        return rows.read(self._buffer.url, f"fact_feed {row.position}", partial(leaf_of, row))

    def bodies(self, after: int = 0, upto: int | None = None) -> Iterator[ports.FactBody]:
        self._buffer.flush()
        parameters = {"after": after, "upto": _EVERYTHING if upto is None else upto}
        streams = [self._buffer.stream(query, parameters) for query in _BODIES]
        streams.append(self._instruments(parameters))
        for row in heapq.merge(*streams, key=attrgetter("position")):
            if row.body is None:
                raise StoreDamaged(self._buffer.url, f"{row.kind} {row.key} of the feed is missing")
            self._check_readable(row)
            anomalies = tuple(Anomaly(word) for word in row.odd.split(",") if word)
            yield ports.FactBody(self._leaf(row), row.body, anomalies)

    def _check_readable(self, row: Any) -> None:
        """What goes into an archive can be read from there."""
        try:
            if row.kind == FactKind.EVENT:
                readable = digest("event", row.body) == row.hash
            else:
                readable = isinstance(json.loads(row.body), dict)
        except ValueError:
            readable = False
        if not readable:
            name = f"{row.kind} {row.key} {row.number}"
            raise StoreDamaged(self._buffer.url, f"{name} is not what was recorded; sot verify tells more")

    def _instruments(self, parameters: Mapping[str, Any]) -> Iterator[Any]:
        """Versions of instruments, which no column of theirs names as the feed does."""
        bodies = {
            (row.account_id, instrument_key(Instrument.from_trusted(json.loads(row.body)))): row.body
            for row in self._buffer.stream(_INSTRUMENTS, {})
        }
        for row in self._buffer.stream(_BETWEEN, parameters):
            if row.kind not in _KINDS:
                raise StoreDamaged(self._buffer.url, f"fact_feed {row.position}: no fact is of the kind {row.kind}")
            if row.kind == FactKind.INSTRUMENT:
                yield SimpleNamespace(**row._asdict(), body=bodies.get((row.account_id, row.key)), odd="")

    def reserve_position(self, position: int) -> bool:
        if position != self._expected:
            if position <= self.last():
                return False
            self._buffer.next_position = position
        # The only writer of SQLite gets the next one by itself.
        self._expected = None if self._buffer.is_postgresql else position + 1
        return True

    def by_kind(self, kind: FactKind) -> Iterator[Leaf]:
        self._buffer.flush()
        for row in self._buffer.fetch_dynamic(_ACCOUNTS, {}):
            parameters = {"account_id": row.account_id, "kind": str(kind)}
            yield from map(self._leaf, self._buffer.stream(_NAMED, parameters))

    def find(self, kind: FactKind, account_id: str, key: str, number: int = 0) -> Leaf | None:
        self._buffer.flush()
        found = self._buffer.fetch(_ONE, {"account_id": account_id, "kind": str(kind), "key": key, "number": number})
        return self._leaf(found[0]) if found else None

    def last_sequence(self, account_id: str, order_id: str, upto: int) -> int:
        self._buffer.flush()
        found = self._buffer.fetch(_LAST_OF_ORDER, {"account_id": account_id, "key": order_id, "upto": upto})
        return (found[0].last if found else None) or 0

    def events(self, after: int, upto: int, limit: int) -> Sequence[tuple[int, OrderEvent]]:
        self._buffer.flush()
        found = self._buffer.fetch(_EVENTS, {"after": after, "upto": upto, "limit": limit})
        return [(row.position, self._event(row)) for row in found]

    def _event(self, row: Any) -> OrderEvent:
        what = f"order_events {row.order_id} {row.sequence}"
        return rows.read(self._buffer.url, what, partial(rows.event_of, row))
