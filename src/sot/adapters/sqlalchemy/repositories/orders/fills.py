"""Fills in tables."""

from collections.abc import Sequence
from datetime import datetime
from itertools import chain
from typing import Any

from sqlalchemy import bindparam, cast, exists, func, select
from sqlalchemy.sql.selectable import SelectBase

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.models import POSITION_KEY, FeedRow, OrderEventRow, OrderFillRow
from sot.adapters.sqlalchemy.repositories.orders.events import NO_LIMIT
from sot.adapters.sqlalchemy.repositories.orders.orders import Orders
from sot.adapters.sqlalchemy.repositories.paging import is_uuid
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.types import CodePointText, Integer64, UtcTime
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.audit.known import KnownAt
from sot.domain.orders.fill import Fill, current_versions
from sot.domain.values.position_key import PositionKey
from sot.domain.values.times import EARLIEST, LATEST, MICROSECOND
from sot.domain.values.vocabulary import FactKind
from sot.ports import orders as ports

_TABLE = "order_fills"
_FILLS = select(*OrderFillRow.__table__.columns)

# ------------------------------------------------------------------------------------------------- fills of an order

_OF_ORDER = _FILLS.where(
    OrderFillRow.account_id == bindparam("account_id"), OrderFillRow.order_id == bindparam("order_id")
).order_by(OrderFillRow.execution, OrderFillRow.version)
_ALL = Query(_OF_ORDER)
_OF_EXECUTIONS = _OF_ORDER.where(OrderFillRow.execution.in_(bindparam("executions", expanding=True)))

_known_as = OrderFillRow.__table__.alias()
_BY_EXEC_ID = Query(
    _OF_ORDER.where(
        OrderFillRow.execution.in_(
            select(_known_as.c.execution).where(
                _known_as.c.account_id == bindparam("account_id"),
                _known_as.c.order_id == bindparam("order_id"),
                _known_as.c.exec_id == bindparam("exec_id"),
                _known_as.c.leg == bindparam("leg"),
            )
        )
    )
)

_other_version = OrderFillRow.__table__.alias()
_EFFECTIVE = Query(
    _OF_ORDER.where(
        OrderFillRow.execution > bindparam("after"),
        # An execution is numbered by its event, so later numbers were not there yet.
        OrderFillRow.execution <= bindparam("upto", type_=Integer64),
        OrderFillRow.version
        == select(func.max(_other_version.c.version))
        .where(
            _other_version.c.account_id == OrderFillRow.account_id,
            _other_version.c.order_id == OrderFillRow.order_id,
            _other_version.c.execution == OrderFillRow.execution,
            _other_version.c.sequence <= bindparam("upto", type_=Integer64),
        )
        .scalar_subquery(),
    ).limit(bindparam("limit", type_=Integer64))
)

# ---------------------------------------------------------------------------------------------- fills of a position

_of_position = tuple(getattr(OrderFillRow, name) == bindparam(name) for name in POSITION_KEY)
_since = (*_of_position, OrderFillRow.happened_at >= bindparam("since"))
_between = _FILLS.where(*_since, OrderFillRow.happened_at <= bindparam("last")).order_by(OrderFillRow.version)
_changed_elsewhen = _FILLS.where(
    *_of_position,
    OrderFillRow.version > 0,
    (OrderFillRow.happened_at < bindparam("since")) | (OrderFillRow.happened_at > bindparam("last")),
)
_is_known = exists().where(
    FeedRow.account_id == OrderFillRow.account_id,
    FeedRow.kind == str(FactKind.EVENT),
    FeedRow.key == cast(OrderFillRow.order_id, CodePointText),
    FeedRow.number == OrderFillRow.sequence,
    FeedRow.position <= bindparam("position", type_=Integer64),
    FeedRow.recorded_at <= bindparam("recorded_by", type_=UtcTime),
)
_OF_POSITION = tuple(map(Query, (_between, _changed_elsewhen)))
"""The versions of an interval, and the few later versions that happened outside of it."""
_OF_POSITION_KNOWN = tuple(Query(versions.where(_is_known)) for versions in (_between, _changed_elsewhen))
_TIME_AFTER = Query(
    select(OrderFillRow.happened_at)
    .where(*_since)
    .order_by(OrderFillRow.happened_at)
    .limit(1)
    .offset(bindparam("count", type_=Integer64))
)

# All versions of an execution have the `recorded_at` of the first one. Later versions are few.
_FIRST_ADDED = Query(
    select(func.min(OrderFillRow.happened_at).label("at")).where(
        *_of_position, OrderFillRow.recorded_at > bindparam("recorded_by")
    )
)
_FIRST_CHANGED = Query(
    select(func.min(_other_version.c.happened_at).label("at"))
    .select_from(OrderFillRow)
    .join(
        _other_version,
        (_other_version.c.account_id == OrderFillRow.account_id)
        & (_other_version.c.order_id == OrderFillRow.order_id)
        & (_other_version.c.execution == OrderFillRow.execution),
    )
    .join(
        OrderEventRow,
        (OrderEventRow.account_id == OrderFillRow.account_id)
        & (OrderEventRow.order_id == OrderFillRow.order_id)
        & (OrderEventRow.sequence == OrderFillRow.sequence),
    )
    .where(*_of_position, OrderFillRow.version > 0, OrderEventRow.recorded_at > bindparam("recorded_by"))
)


class Fills(ports.Fills):
    """Versions of executions. Those that this unit of work appended are found without the database."""

    def __init__(self, buffer: WriteBuffer, orders: Orders) -> None:
        self._buffer = buffer
        self._orders = orders
        self._appended: dict[tuple[str, str], list[Fill]] = {}
        self._appended_by_position: dict[PositionKey, list[Fill]] = {}

    def append(self, fill: Fill) -> None:
        self._buffer.begin_change("a fill")
        self._buffer.insert(_TABLE, rows.fill_row(fill))
        self._appended.setdefault((fill.account_id, fill.order_id), []).append(fill)
        self._appended_by_position.setdefault(fill.position_key, []).append(fill)
        self._buffer.autoflush()

    def _read(self, row: Any) -> Fill:
        return rows.read(self._buffer.url, "order_fills of {0.order_id}", rows.fill_of, row)

    # ---------------------------------------------------------------------------------------------- of an order

    def _fetch(self, query: Query | SelectBase, **parameters: Any) -> dict[tuple[int, int], Fill]:
        """Fetch stored fills of an order, by execution and version."""
        order_id = parameters["order_id"]
        if self._orders.is_new(order_id) or not is_uuid(order_id):
            return {}
        fetch: Any = self._buffer.fetch if isinstance(query, Query) else self._buffer.fetch_dynamic
        return {(fill.execution, fill.version): fill for fill in map(self._read, fetch(query, parameters))}

    def list(self, account_id: str, order_id: str) -> Sequence[Fill]:
        fills = self._fetch(_ALL, account_id=account_id, order_id=order_id)
        for fill in self._appended.get((account_id, order_id), ()):
            fills[fill.execution, fill.version] = fill
        return [fills[key] for key in sorted(fills)]

    def effective_versions(self, account_id: str, order_id: str, upto: int, after: int, limit: int) -> Sequence[Fill]:
        if not is_uuid(order_id):
            return []
        self._buffer.flush_pending(_TABLE)
        parameters = {"account_id": account_id, "order_id": order_id, "upto": upto, "after": after, "limit": limit}
        return [self._read(row) for row in self._buffer.fetch(_EFFECTIVE, parameters)]

    def by_exec_id(self, account_id: str, order_id: str, exec_id: str, leg: str) -> Sequence[Fill]:
        fills = self._fetch(_BY_EXEC_ID, account_id=account_id, order_id=order_id, exec_id=exec_id, leg=leg)
        stored = {execution for execution, _ in fills}
        appended = self._appended.get((account_id, order_id), ())
        named = {fill.execution for fill in appended if fill.exec_id == exec_id and fill.leg == leg}
        if named - stored:  # this unit of work gave a stored execution the id
            executions = sorted(named - stored)
            fills.update(self._fetch(_OF_EXECUTIONS, account_id=account_id, order_id=order_id, executions=executions))
        matching = stored | named
        fills.update({(fill.execution, fill.version): fill for fill in appended if fill.execution in matching})
        return [fills[key] for key in sorted(fills)]

    # -------------------------------------------------------------------------------------------- of a position

    def of_position(
        self,
        key: PositionKey,
        since: datetime | None = None,
        known: KnownAt | None = None,
        before: datetime | None = None,
    ) -> Sequence[Fill]:
        last = LATEST if before is None else before - MICROSECOND
        parameters: dict[str, Any] = {**key._asdict(), "since": since or EARLIEST, "last": last}
        queries, appended = _OF_POSITION, self._appended_by_position.get(key, [])
        if known is not None and not known.is_unlimited:
            self._buffer.flush()  # the feed says what was known
            queries, appended = _OF_POSITION_KNOWN, []
            parameters["position"] = NO_LIMIT if known.position is None else known.position
            parameters["recorded_by"] = known.recorded_by or LATEST
        is_limited = since is not None or before is not None
        stored = (
            self._read(row)
            for query in (queries if is_limited else queries[:1])
            for row in self._buffer.fetch(query, parameters)
        )
        return current_versions(chain(stored, appended), since, before)

    def time_after(self, key: PositionKey, since: datetime | None, count: int) -> datetime | None:
        since = since or EARLIEST
        found = self._buffer.fetch(_TIME_AFTER, {**key._asdict(), "since": since, "count": count})
        return max(found[0].happened_at, since + MICROSECOND) if found else None

    def first_change_after(self, key: PositionKey, moment: datetime) -> datetime | None:
        self._buffer.flush_pending(_TABLE, "order_events")
        parameters = {**key._asdict(), "recorded_by": moment}
        times = [self._buffer.fetch(query, parameters)[0].at for query in (_FIRST_ADDED, _FIRST_CHANGED)]
        return min((at for at in times if at is not None), default=None)

    def positions(self, account_id: str, venue: str | None = None, symbol: str | None = None) -> Sequence[PositionKey]:
        self._buffer.flush_pending(_TABLE)
        fields = {"account_id": account_id, "venue": venue, "symbol": symbol}
        parameters = {name: value for name, value in fields.items() if value is not None}
        query = select(*(getattr(OrderFillRow, name) for name in POSITION_KEY)).distinct()
        query = query.where(*(getattr(OrderFillRow, name) == bindparam(name) for name in parameters))
        found = self._buffer.fetch_dynamic(query, parameters)
        return rows.read(self._buffer.url, "order_fills", lambda: sorted(map(rows.position_key, found)))
