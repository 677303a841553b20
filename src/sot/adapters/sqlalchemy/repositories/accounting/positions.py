"""Positions and their snapshots in tables."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, literal, select, text, tuple_

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.models import POSITION_IS_OPEN, POSITION_KEY, PositionRow, PositionSnapshotRow
from sot.adapters.sqlalchemy.repositories.paging import distinct, unindexed
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.types import CodePointText
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.accounting.position import PositionState
from sot.domain.values.position_key import PositionKey
from sot.ports import accounting as ports


def _has_key(row: Any) -> list[Any]:
    return [getattr(row, name) == bindparam(name) for name in POSITION_KEY]


_POSITION = select(*PositionRow.__table__.columns).where(*_has_key(PositionRow))
_BY_KEY = Query(_POSITION)
_BY_KEY_LOCKED = Query(_POSITION.with_for_update())
_POSITIONS = select(*PositionRow.__table__.columns).order_by(*(getattr(PositionRow, name) for name in POSITION_KEY))
_DELETE = delete(PositionRow).where(*_has_key(PositionRow))

_SNAPSHOT_TABLE = "position_checkpoints"
_SNAPSHOTS = (
    select(*PositionSnapshotRow.__table__.columns)
    .where(*_has_key(PositionSnapshotRow))
    .order_by(PositionSnapshotRow.last_key)
)
_ALL_SNAPSHOTS = Query(_SNAPSHOTS)
_SNAPSHOT_KEYS = Query(
    select(*(getattr(PositionSnapshotRow, name) for name in POSITION_KEY))
    .where(PositionSnapshotRow.account_id == bindparam("account_id"))
    .distinct()
)


def _comes_after(key: PositionKey, fixed: Collection[str]) -> ColumnElement[bool]:
    """The condition that a position comes after another one, where all positions have the fixed names in common."""
    names = [name for name in POSITION_KEY if name not in fixed]
    columns = [getattr(PositionRow, name) for name in names]
    return tuple_(*columns) > tuple_(*(literal(str(getattr(key, name)), CodePointText) for name in names))


class Positions(ports.Positions):
    """A position is read once, and written once per flush."""

    def __init__(self, buffer: WriteBuffer) -> None:
        self._buffer = buffer
        self._cache: dict[PositionKey, tuple[PositionState, str] | None] = {}
        self._locked: set[PositionKey] = set()
        self._stored: set[PositionKey] = set()
        self._changed: set[PositionKey] = set()
        buffer.before_flush(self._collect)

    def _collect(self) -> None:
        for key in sorted(self._changed):
            cached = self._cache[key]
            assert cached is not None
            state, currency = cached
            row = rows.position_row(key, state)
            row["currency"] = currency
            if key in self._stored:
                row.update({f"was_{name}": value for name, value in key._asdict().items()})
                self._buffer.update("positions", row)
            else:
                self._buffer.insert("positions", row)
                self._stored.add(key)
        self._changed.clear()

    def get(self, key: PositionKey, lock: bool = False) -> PositionState | None:
        if key not in self._cache or (lock and key not in self._locked):
            self._load(key, lock)
        cached = self._cache[key]
        return None if cached is None else cached[0]

    def _load(self, key: PositionKey, lock: bool) -> None:
        if lock and self._buffer.is_postgresql:
            found = self._buffer.wait_for(_BY_KEY_LOCKED, key._asdict())
        else:
            found = self._buffer.fetch(_BY_KEY, key._asdict())
        self._cache[key] = None
        if found:
            _, state = self._read(found[0])
            self._cache[key] = (state, found[0].currency)
            self._stored.add(key)
        if lock:
            self._locked.add(key)

    def _read(self, row: Any) -> tuple[PositionKey, PositionState]:
        return rows.read(self._buffer.url, "position {0.symbol}", rows.position_of, row)

    def put(self, key: PositionKey, state: PositionState, currency: str) -> None:
        self._buffer.begin_change("a position")
        self.get(key, lock=True)
        self._cache[key] = (state, currency)
        self._changed.add(key)
        self._buffer.autoflush()

    def remove(self, key: PositionKey) -> None:
        self._buffer.begin_change("a position")
        self._buffer.flush()
        self._buffer.execute(_DELETE, key._asdict())
        self._cache[key] = None
        self._stored.discard(key)

    def list(
        self,
        account_id: str,
        venue: str | None = None,
        symbol: str | None = None,
        open_only: bool = False,
        after: PositionKey | None = None,
        limit: int | None = None,
        venue_account: str | None = None,
    ) -> Sequence[tuple[PositionKey, PositionState]]:
        self._buffer.flush()
        # The key has the venue before the symbol: a symbol at any venue is looked up at one venue after the other.
        venues = [venue] if symbol is None or venue is not None else self._venues(account_id)
        found: list[Any] = []
        for current in venues:
            if after is None or current is None or current >= after.venue:
                remaining = None if limit is None else limit - len(found)
                start = after if after is not None and current in (None, after.venue) else None
                found += self._fetch_page(account_id, current, symbol, venue_account, open_only, start, remaining)
        return [self._read(row) for row in found]

    def _venues(self, account_id: str) -> Sequence[str | None]:
        query = distinct(PositionRow.venue, PositionRow.account_id == bindparam("account_id"))
        found = self._buffer.fetch_dynamic(query, {"account_id": account_id})
        return rows.read(self._buffer.url, "positions", lambda: sorted(row.value for row in found))

    def _fetch_page(
        self,
        account_id: str,
        venue: str | None,
        symbol: str | None,
        venue_account: str | None,
        open_only: bool,
        after: PositionKey | None,
        limit: int | None,
    ) -> Sequence[Any]:
        fields = {"account_id": account_id, "venue": venue, "symbol": symbol}
        parameters: dict[str, Any] = {name: value for name, value in fields.items() if value is not None}
        indexed = ["account_id"] if open_only else list(parameters)
        query = _POSITIONS
        for name in parameters:
            column = getattr(PositionRow, name)
            query = query.where((column if name in indexed else unindexed(column)) == bindparam(name))
        if venue_account is not None:
            query = query.where(unindexed(PositionRow.venue_account) == bindparam("venue_account"))
            parameters["venue_account"] = venue_account
        if open_only:
            query = query.where(text(f"({POSITION_IS_OPEN})"))  # the condition of the partial index, literally
        if after is not None:
            query = query.where(_comes_after(after, indexed))
        return self._buffer.fetch_dynamic(query.limit(limit), parameters)

    def add_snapshot(self, key: PositionKey, state: PositionState) -> None:
        self._buffer.begin_change("a position snapshot")
        self._buffer.insert(_SNAPSHOT_TABLE, rows.position_row(key, state))
        self._buffer.autoflush()

    def last_snapshot(self, key: PositionKey, before: str | None = None, common: bool = False) -> PositionState | None:
        self._buffer.flush_pending(_SNAPSHOT_TABLE)
        query = _SNAPSHOTS.order_by(None).order_by(PositionSnapshotRow.last_key.desc()).limit(1)
        if before is not None:
            query = query.where(PositionSnapshotRow.last_key < before)
        if common:
            query = query.where(PositionSnapshotRow.quantity == 0, ~PositionSnapshotRow.carried)
        found = self._buffer.fetch_dynamic(query, key._asdict())
        return self._read(found[0])[1] if found else None

    def snapshots(self, key: PositionKey) -> Sequence[PositionState]:
        self._buffer.flush_pending(_SNAPSHOT_TABLE)
        return [self._read(row)[1] for row in self._buffer.fetch(_ALL_SNAPSHOTS, key._asdict())]

    def keys_of_snapshots(self, account_id: str) -> Sequence[PositionKey]:
        self._buffer.flush_pending(_SNAPSHOT_TABLE)
        found = self._buffer.fetch(_SNAPSHOT_KEYS, {"account_id": account_id})
        return rows.read(self._buffer.url, "positions", lambda: sorted(map(rows.position_key, found)))

    def drop_snapshots(self, key: PositionKey, since: str) -> None:
        self._buffer.begin_change("position snapshots")
        self._buffer.flush_pending(_SNAPSHOT_TABLE)
        self._buffer.delete(_SNAPSHOT_TABLE, {**key._asdict(), "since": since})
        self._buffer.autoflush()
