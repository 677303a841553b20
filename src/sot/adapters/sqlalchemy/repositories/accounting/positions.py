"""Positions and their snapshots in tables."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, bindparam, delete, literal, select, text, tuple_

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.models import POSITION_KEY, PositionRow, PositionSnapshotRow
from sot.adapters.sqlalchemy.repositories.paging import beside, distinct
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.types import Words
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.accounting.position import PositionState
from sot.domain.values.position_key import PositionKey
from sot.ports import accounting as ports


def _of_key(row: Any) -> list[Any]:
    return [getattr(row, name) == bindparam(name) for name in POSITION_KEY]


_POSITION = select(*PositionRow.__table__.columns).where(*_of_key(PositionRow))


_IN_ORDER = [getattr(PositionRow, name) for name in POSITION_KEY]


_POSITIONS = select(*PositionRow.__table__.columns).order_by(*_IN_ORDER)


_ONE = Query(_POSITION)


_LOCKED = Query(_POSITION.with_for_update())


_CHECKPOINTS = (
    select(*PositionSnapshotRow.__table__.columns)
    .where(*_of_key(PositionSnapshotRow))
    .order_by(PositionSnapshotRow.last_key)
)


_ALL_CHECKPOINTS = Query(_CHECKPOINTS)


_positions: Any = PositionRow.__table__


_checkpoints: Any = PositionSnapshotRow.__table__


_REMOVE = delete(_positions).where(*_of_key(_positions.c))


_DROP = delete(_checkpoints).where(*_of_key(_checkpoints.c), _checkpoints.c.last_key >= bindparam("since"))


def _behind(key: PositionKey, common: Collection[str]) -> ColumnElement[bool]:
    """The condition that a position comes after another that has these names in common with it."""
    names = [name for name in POSITION_KEY if name not in common]
    columns = [getattr(PositionRow, name) for name in names]
    return tuple_(*columns) > tuple_(*(literal(str(getattr(key, name)), Words) for name in names))


class Positions(ports.Positions):
    """A position is read once, and written once, per unit of work."""

    def __init__(self, buffer: WriteBuffer) -> None:
        self._buffer = buffer
        self._known: dict[PositionKey, tuple[PositionState, str] | None] = {}
        self._locked: set[PositionKey] = set()
        self._stored: set[PositionKey] = set()
        self._changed: set[PositionKey] = set()
        buffer.before_flush(self._collect)

    def _collect(self) -> None:
        for key in sorted(self._changed):
            known = self._known[key]
            assert known is not None
            state, currency = known
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
        if key not in self._known or (lock and key not in self._locked):
            self._load(key, lock)
        known = self._known[key]
        return None if known is None else known[0]

    def _load(self, key: PositionKey, lock: bool) -> None:
        query = _LOCKED if lock and self._buffer.is_postgresql else _ONE
        found = self._buffer.fetch(query, key._asdict())
        self._known[key] = None
        if found:
            _, state = self._read(found[0])
            self._known[key] = (state, found[0].currency)
            self._stored.add(key)
        if lock:
            self._locked.add(key)

    def _read(self, row: Any) -> tuple[PositionKey, PositionState]:
        return rows.read(self._buffer.url, f"position {row.symbol}", partial(rows.position_of, row))

    def put(self, key: PositionKey, state: PositionState, currency: str) -> None:
        self._buffer.check_writable("a position")
        self.get(key, lock=True)
        self._known[key] = (state, currency)
        self._changed.add(key)
        self._buffer.autoflush()

    def remove(self, key: PositionKey) -> None:
        self._buffer.check_writable("a position")
        self._buffer.flush()
        self._buffer.execute(_REMOVE, key._asdict())
        self._known[key] = None
        self._stored.discard(key)

    def list(
        self,
        account_id: str,
        venue: str | None = None,
        symbol: str | None = None,
        open_only: bool = False,
        after: PositionKey | None = None,
        limit: int | None = None,
    ) -> Sequence[tuple[PositionKey, PositionState]]:
        self._buffer.flush()
        venues = [venue] if symbol is None or venue is not None else self._venues(account_id)
        found: list[Any] = []
        for at in venues:
            if after is None or at is None or at >= after.venue:
                left = None if limit is None else limit - len(found)
                behind = after if after is not None and at in (None, after.venue) else None
                found += self._listed(account_id, at, symbol, open_only, behind, left)
        return [self._read(row) for row in found]

    def _venues(self, account_id: str) -> Sequence[str | None]:
        found = distinct(PositionRow.venue, PositionRow.account_id == bindparam("account_id"))
        return sorted(row.value for row in self._buffer.fetch_dynamic(found, {"account_id": account_id}))

    def _listed(
        self,
        account_id: str,
        venue: str | None,
        symbol: str | None,
        open_only: bool,
        after: PositionKey | None,
        limit: int | None,
    ) -> Sequence[Any]:
        given = {"account_id": account_id, "venue": venue, "symbol": symbol}
        parameters: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
        common = ["account_id"] if open_only else list(parameters)
        query = _POSITIONS
        for name in parameters:
            column = getattr(PositionRow, name)
            query = query.where((column if name in common else beside(column)) == bindparam(name))
        if open_only:
            query = query.where(text("quantity <> '0'"))  # as the index of these says it
        if after is not None:
            query = query.where(_behind(after, common))
        return self._buffer.fetch_dynamic(query.limit(limit), parameters)

    def add_snapshot(self, key: PositionKey, state: PositionState) -> None:
        self._buffer.check_writable("a checkpoint")
        self._buffer.insert("position_checkpoints", rows.position_row(key, state))
        self._buffer.autoflush()

    def last_snapshot(self, key: PositionKey, before: str | None = None, common: bool = False) -> PositionState | None:
        self._buffer.flush()
        query = _CHECKPOINTS.order_by(None).order_by(PositionSnapshotRow.last_key.desc()).limit(1)
        if before is not None:
            query = query.where(PositionSnapshotRow.last_key < before)
        if common:
            query = query.where(PositionSnapshotRow.quantity == 0, ~PositionSnapshotRow.carried)
        found = self._buffer.fetch_dynamic(query, key._asdict())
        return self._read(found[0])[1] if found else None

    def snapshots(self, key: PositionKey) -> Sequence[PositionState]:
        self._buffer.flush()
        return [self._read(row)[1] for row in self._buffer.fetch(_ALL_CHECKPOINTS, key._asdict())]

    def drop_snapshots(self, key: PositionKey, since: str) -> None:
        self._buffer.check_writable("checkpoints")
        self._buffer.flush()
        self._buffer.execute(_DROP, {**key._asdict(), "since": since})
