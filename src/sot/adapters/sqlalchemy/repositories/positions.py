"""Account events, and the positions that they and the fills move."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, delete, exists, literal, select, text, tuple_
from sqlalchemy.orm import aliased

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.models import POSITION_KEY, AccountEventRow, PositionCheckpointRow, PositionRow
from sot.adapters.sqlalchemy.repositories.paging import after_key, beside, distinct, is_identity, page_of
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.types import Words
from sot.adapters.sqlalchemy.work import Work
from sot.domain.account_event import AccountEvent
from sot.domain.folding import PositionKey
from sot.domain.position import PositionState
from sot.domain.vocabulary import FactKind
from sot.ports import repositories as ports
from sot.ports.records import AccountEventFilter, Page, PageKey, RecordedAccountEvent

_EVENTS = select(*AccountEventRow.__table__.columns)
_OF_ACCOUNT = _EVENTS.where(AccountEventRow.account_id == bindparam("account_id"))
_BY_ID = Query(_EVENTS.where(AccountEventRow.event_id == bindparam("event_id")))
_BY_SAID = Query(_OF_ACCOUNT.where(AccountEventRow.said == bindparam("said")))
_BY_IDENTITY = Query(_OF_ACCOUNT.where(AccountEventRow.identity == bindparam("identity")))
_REPLACED = Query(_OF_ACCOUNT.where(AccountEventRow.replaces == bindparam("event_id")))
_later = aliased(AccountEventRow)
_EFFECTIVE = _OF_ACCOUNT.where(
    AccountEventRow.counts,
    ~exists().where(and_(_later.account_id == AccountEventRow.account_id, _later.replaces == AccountEventRow.event_id)),
).order_by(AccountEventRow.recorded_at, AccountEventRow.event_id)


class AccountEvents(ports.AccountEvents):
    def __init__(self, work: Work) -> None:
        self._work = work

    def add(self, event: RecordedAccountEvent) -> None:
        self._work.writable("an account event")
        row = rows.account_event_row(event)
        self._work.fact(FactKind.ACCOUNT_EVENT, "account_events", row, event.event_id, event.recorded_at)
        self._work.changed()

    def _one(self, query: Query, **parameters: Any) -> RecordedAccountEvent | None:
        self._work.flush()
        found = self._work.rows(query, parameters)
        return self._read(found[0]) if found else None

    def _read(self, row: Any) -> RecordedAccountEvent:
        return rows.read(self._work.url, f"account_events {row.event_id}", lambda: rows.account_event_of(row))

    def get(self, event_id: str) -> RecordedAccountEvent | None:
        return self._one(_BY_ID, event_id=event_id) if is_identity(event_id) else None

    def by_said(self, account_id: str, said: str) -> RecordedAccountEvent | None:
        return self._one(_BY_SAID, account_id=account_id, said=said)

    def by_identity(self, account_id: str, identity: str) -> RecordedAccountEvent | None:
        return self._one(_BY_IDENTITY, account_id=account_id, identity=identity)

    def replaced(self, account_id: str, event_id: str) -> RecordedAccountEvent | None:
        return self._one(_REPLACED, account_id=account_id, event_id=event_id) if is_identity(event_id) else None

    def effective(
        self, account_id: str, venue: str | None = None, symbol: str | None = None, since: datetime | None = None
    ) -> Sequence[AccountEvent]:
        self._work.flush()
        given: dict[str, Any] = {"venue": venue, "symbol": symbol}
        parameters = {name: value for name, value in given.items() if value is not None}
        query = _EFFECTIVE.where(*(getattr(AccountEventRow, name) == bindparam(name) for name in parameters))
        if since is not None:
            query = query.where(AccountEventRow.occurred_at >= bindparam("since"))
            parameters["since"] = since
        found = self._work.selected(query, {"account_id": account_id, **parameters})
        return [self._read(row).event for row in found]

    def list(self, filter: AccountEventFilter, after: PageKey | None, limit: int) -> Page[RecordedAccountEvent]:
        self._work.flush()
        wanted = {name: getattr(filter, name) for name in ("account_id", "type", "venue", "symbol")}
        parameters = {name: value for name, value in wanted.items() if value is not None}
        query = _EVENTS.where(*(getattr(AccountEventRow, name) == bindparam(name) for name in parameters))
        if filter.occurred_from is not None:
            query = query.where(AccountEventRow.occurred_at >= filter.occurred_from)
        if filter.occurred_before is not None:
            query = query.where(AccountEventRow.occurred_at < filter.occurred_before)
        if after is not None:
            query = query.where(after_key(AccountEventRow.recorded_at, AccountEventRow.event_id, after))
        query = query.order_by(AccountEventRow.recorded_at, AccountEventRow.event_id).limit(limit + 1)
        found = [self._read(row) for row in self._work.selected(query, parameters)]
        return page_of(found, limit, lambda row: PageKey(row.recorded_at, row.event_id))


def _of_key(row: Any) -> list[Any]:
    return [getattr(row, name) == bindparam(name) for name in POSITION_KEY]


_POSITION = select(*PositionRow.__table__.columns).where(*_of_key(PositionRow))
_IN_ORDER = [getattr(PositionRow, name) for name in POSITION_KEY]
_POSITIONS = select(*PositionRow.__table__.columns).order_by(*_IN_ORDER)
_ONE = Query(_POSITION)
_LOCKED = Query(_POSITION.with_for_update())
_CHECKPOINTS = (
    select(*PositionCheckpointRow.__table__.columns)
    .where(*_of_key(PositionCheckpointRow))
    .order_by(PositionCheckpointRow.last_key)
)
_ALL_CHECKPOINTS = Query(_CHECKPOINTS)
_positions: Any = PositionRow.__table__
_checkpoints: Any = PositionCheckpointRow.__table__
_REMOVE = delete(_positions).where(*_of_key(_positions.c))
_DROP = delete(_checkpoints).where(*_of_key(_checkpoints.c), _checkpoints.c.last_key >= bindparam("since"))


def _behind(key: PositionKey, common: Collection[str]) -> ColumnElement[bool]:
    """The condition that a position comes after another that has these names in common with it."""
    names = [name for name in POSITION_KEY if name not in common]
    columns = [getattr(PositionRow, name) for name in names]
    return tuple_(*columns) > tuple_(*(literal(str(getattr(key, name)), Words) for name in names))


class Positions(ports.Positions):
    """A position is read once, and written once, per unit of work."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._known: dict[PositionKey, tuple[PositionState, str] | None] = {}
        self._locked: set[PositionKey] = set()
        self._stored: set[PositionKey] = set()
        self._changed: set[PositionKey] = set()
        work.before_flush(self._collect)

    def _collect(self) -> None:
        for key in sorted(self._changed):
            known = self._known[key]
            assert known is not None
            state, currency = known
            row = rows.position_row(key, state)
            row["currency"] = currency
            if key in self._stored:
                row.update({f"was_{name}": value for name, value in key._asdict().items()})
                self._work.update("positions", row)
            else:
                self._work.insert("positions", row)
                self._stored.add(key)
        self._changed.clear()

    def get(self, key: PositionKey, lock: bool = False) -> PositionState | None:
        if key not in self._known or (lock and key not in self._locked):
            self._load(key, lock)
        known = self._known[key]
        return None if known is None else known[0]

    def _load(self, key: PositionKey, lock: bool) -> None:
        query = _LOCKED if lock and self._work.is_postgresql else _ONE
        found = self._work.rows(query, key._asdict())
        self._known[key] = None
        if found:
            _, state = self._read(found[0])
            self._known[key] = (state, found[0].currency)
            self._stored.add(key)
        if lock:
            self._locked.add(key)

    def _read(self, row: Any) -> tuple[PositionKey, PositionState]:
        return rows.read(self._work.url, f"position {row.symbol}", partial(rows.position_of, row))

    def put(self, key: PositionKey, state: PositionState, currency: str) -> None:
        self._work.writable("a position")
        self.get(key, lock=True)
        self._known[key] = (state, currency)
        self._changed.add(key)
        self._work.changed()

    def remove(self, key: PositionKey) -> None:
        self._work.writable("a position")
        self._work.flush()
        self._work.execute(_REMOVE, key._asdict())
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
        self._work.flush()
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
        return sorted(row.value for row in self._work.selected(found, {"account_id": account_id}))

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
        return self._work.selected(query.limit(limit), parameters)

    def add_checkpoint(self, key: PositionKey, state: PositionState) -> None:
        self._work.writable("a checkpoint")
        self._work.insert("position_checkpoints", rows.position_row(key, state))
        self._work.changed()

    def checkpoint(self, key: PositionKey, before: str | None = None, common: bool = False) -> PositionState | None:
        self._work.flush()
        query = _CHECKPOINTS.order_by(None).order_by(PositionCheckpointRow.last_key.desc()).limit(1)
        if before is not None:
            query = query.where(PositionCheckpointRow.last_key < before)
        if common:
            query = query.where(PositionCheckpointRow.quantity == 0, ~PositionCheckpointRow.carried)
        found = self._work.selected(query, key._asdict())
        return self._read(found[0])[1] if found else None

    def checkpoints(self, key: PositionKey) -> Sequence[PositionState]:
        self._work.flush()
        return [self._read(row)[1] for row in self._work.rows(_ALL_CHECKPOINTS, key._asdict())]

    def drop_checkpoints(self, key: PositionKey, since: str) -> None:
        self._work.writable("checkpoints")
        self._work.flush()
        self._work.execute(_DROP, {**key._asdict(), "since": since})
