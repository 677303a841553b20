"""Fills in tables."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import bindparam, cast, exists, func, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql.selectable import SelectBase

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.models import POSITION_KEY, FeedRow, OrderEventRow, OrderFillRow
from sot.adapters.sqlalchemy.repositories.orders.events import ALL_ROWS
from sot.adapters.sqlalchemy.repositories.orders.orders import Orders
from sot.adapters.sqlalchemy.repositories.paging import is_identity
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.types import Count, Moment, Words
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.audit.known import KnownAt
from sot.domain.orders.fill import Fill
from sot.domain.values.position_key import PositionKey
from sot.domain.values.times import EARLIEST, LATEST
from sot.domain.values.vocabulary import FactKind
from sot.ports import orders as ports

_OF_ORDER = (
    select(*OrderFillRow.__table__.columns)
    .where(OrderFillRow.account_id == bindparam("account_id"), OrderFillRow.order_id == bindparam("order_id"))
    .order_by(OrderFillRow.execution, OrderFillRow.version)
)


_named = aliased(OrderFillRow)


_FILLS = Query(_OF_ORDER)


_KNOWN_AS = Query(
    _OF_ORDER.where(
        OrderFillRow.execution.in_(
            select(_named.execution).where(
                _named.account_id == bindparam("account_id"),
                _named.order_id == bindparam("order_id"),
                _named.exec_id == bindparam("exec_id"),
                _named.leg == bindparam("leg"),
            )
        )
    )
)


_VERSIONS_OF = _OF_ORDER.where(OrderFillRow.execution.in_(bindparam("executions", expanding=True)))


_later = aliased(OrderFillRow)


_HOLDING = Query(
    _OF_ORDER.where(
        OrderFillRow.execution > bindparam("after"),
        # None is stated before the event whose number it has.
        OrderFillRow.execution <= bindparam("upto", type_=Count),
        OrderFillRow.version
        == select(func.max(_later.version))
        .where(
            _later.account_id == OrderFillRow.account_id,
            _later.order_id == OrderFillRow.order_id,
            _later.execution == OrderFillRow.execution,
            _later.sequence <= bindparam("upto", type_=Count),
        )
        .scalar_subquery(),
    ).limit(bindparam("limit", type_=Count))
)


_IN_POSITION = (
    OrderFillRow.account_id == bindparam("account_id"),
    OrderFillRow.venue == bindparam("venue"),
    OrderFillRow.symbol == bindparam("symbol"),
    OrderFillRow.position_side == bindparam("position_side"),
    OrderFillRow.position_id == bindparam("position_id"),
)


_happened_from = (*_IN_POSITION, OrderFillRow.happened_at >= bindparam("since"))


_between = (
    select(*OrderFillRow.__table__.columns)
    .where(*_happened_from, OrderFillRow.happened_at <= bindparam("last"))
    .order_by(OrderFillRow.version)
)


_OF_POSITION = Query(_between)


_OF_POSITION_KNOWN = Query(
    _between.where(
        exists().where(
            FeedRow.account_id == OrderFillRow.account_id,
            FeedRow.kind == str(FactKind.EVENT),
            FeedRow.key == cast(OrderFillRow.order_id, Words),
            FeedRow.number == OrderFillRow.sequence,
            FeedRow.position <= bindparam("position", type_=Count),
            FeedRow.recorded_at <= bindparam("moment", type_=Moment),
        ),
    )
)


_first = select(func.min(OrderFillRow.happened_at).label("at")).where(*_IN_POSITION)


# The first version of an execution was recorded when it says. Later ones keep that time, and are few.
_FIRST_ENTERED = Query(_first.where(OrderFillRow.recorded_at > bindparam("moment")))


_FIRST_CHANGED = Query(
    _first.join(
        OrderEventRow,
        (OrderEventRow.account_id == OrderFillRow.account_id)
        & (OrderEventRow.order_id == OrderFillRow.order_id)
        & (OrderEventRow.sequence == OrderFillRow.sequence),
    ).where(OrderFillRow.version > 0, OrderEventRow.recorded_at > bindparam("moment"))
)


_MOMENT_AFTER = Query(
    select(OrderFillRow.happened_at)
    .where(*_happened_from)
    .order_by(OrderFillRow.happened_at)
    .limit(1)
    .offset(bindparam("count", type_=Count))
)


_MICROSECOND = timedelta(microseconds=1)


def _position_keys(account_id: str, venue: str | None, symbol: str | None) -> tuple[SelectBase, dict[str, Any]]:
    columns = [getattr(OrderFillRow, name) for name in POSITION_KEY]
    given = {"account_id": account_id, "venue": venue, "symbol": symbol}
    wanted = {name: value for name, value in given.items() if value is not None}
    conditions = [getattr(OrderFillRow, name) == bindparam(name) for name in wanted]
    return select(*columns).where(*conditions).distinct(), wanted


class Fills(ports.Fills):
    """Versions of executions; those that this unit of work appended are found without the database."""

    def __init__(self, buffer: WriteBuffer, orders: Orders) -> None:
        self._buffer = buffer
        self._orders = orders
        self._appended: dict[tuple[str, str], list[Fill]] = {}

    def append(self, fill: Fill) -> None:
        """Keep a version."""
        self._buffer.check_writable("a fill")
        self._buffer.insert("order_fills", rows.fill_row(fill))
        self._appended.setdefault((fill.account_id, fill.order_id), []).append(fill)
        self._buffer.autoflush()

    def _found(self, query: Query | SelectBase, **parameters: Any) -> dict[tuple[int, int], Fill]:
        order_id = parameters["order_id"]
        if self._orders.is_new(order_id) or not is_identity(order_id):
            return {}
        ask: Any = self._buffer.fetch if isinstance(query, Query) else self._buffer.fetch_dynamic
        what = f"order_fills of {order_id}"
        found = [rows.read(self._buffer.url, what, partial(rows.fill_of, row)) for row in ask(query, parameters)]
        return {(fill.execution, fill.version): fill for fill in found}

    def list(self, account_id: str, order_id: str) -> Sequence[Fill]:
        """All versions, by (execution, version)."""
        found = self._found(_FILLS, account_id=account_id, order_id=order_id)
        for fill in self._appended.get((account_id, order_id), ()):
            found[fill.execution, fill.version] = fill
        return [found[key] for key in sorted(found)]

    def effective_versions(self, account_id: str, order_id: str, upto: int, after: int, limit: int) -> Sequence[Fill]:
        """The versions that hold after an event, of executions behind one."""
        if not is_identity(order_id):
            return []
        self._buffer.flush()
        parameters = {"account_id": account_id, "order_id": order_id, "upto": upto, "after": after, "limit": limit}
        what = f"order_fills of {order_id}"
        return [
            rows.read(self._buffer.url, what, partial(rows.fill_of, row))
            for row in self._buffer.fetch(_HOLDING, parameters)
        ]

    def by_exec_id(self, account_id: str, order_id: str, exec_id: str, leg: str) -> Sequence[Fill]:
        """All versions of the execution of this id."""
        found = self._found(_KNOWN_AS, account_id=account_id, order_id=order_id, exec_id=exec_id, leg=leg)
        mine = self._appended.get((account_id, order_id), ())
        renamed = {fill.execution for fill in mine if fill.exec_id == exec_id and fill.leg == leg}
        executions = {execution for execution, _ in found}
        if renamed - executions:
            missing = sorted(renamed - executions)
            found.update(self._found(_VERSIONS_OF, account_id=account_id, order_id=order_id, executions=missing))
        executions |= renamed
        found.update({(fill.execution, fill.version): fill for fill in mine if fill.execution in executions})
        return [found[key] for key in sorted(found)]

    def of_position(
        self,
        key: PositionKey,
        since: datetime | None = None,
        known: KnownAt | None = None,
        before: datetime | None = None,
    ) -> Sequence[Fill]:
        """The executions that hold and move this position."""
        self._buffer.flush()
        last = LATEST if before is None else before - _MICROSECOND
        parameters: dict[str, Any] = {**key._asdict(), "since": since or EARLIEST, "last": last}
        query = _OF_POSITION
        if known is not None and not known.is_unlimited:
            query = _OF_POSITION_KNOWN
            parameters["position"] = ALL_ROWS if known.position is None else known.position
            parameters["moment"] = known.recorded_by or LATEST
        latest: dict[tuple[str, int], Fill] = {}
        for row in self._buffer.fetch(query, parameters):
            fill = rows.read(self._buffer.url, f"order_fills of {row.order_id}", partial(rows.fill_of, row))
            latest[fill.order_id, fill.execution] = fill
        return [fill for fill in latest.values() if fill.counts]

    def time_after(self, key: PositionKey, since: datetime | None, count: int) -> datetime | None:
        """A moment before which about so many versions happened."""
        self._buffer.flush()
        since = since or EARLIEST
        found = self._buffer.fetch(_MOMENT_AFTER, {**key._asdict(), "since": since, "count": count})
        return max(found[0].happened_at, since + _MICROSECOND) if found else None

    def first_change_after(self, key: PositionKey, moment: datetime) -> datetime | None:
        """When the first execution happened of which something was recorded after a moment."""
        self._buffer.flush()
        parameters = {**key._asdict(), "moment": moment}
        found = [self._buffer.fetch(query, parameters)[0].at for query in (_FIRST_ENTERED, _FIRST_CHANGED)]
        return min((at for at in found if at is not None), default=None)

    def positions(self, account_id: str, venue: str | None = None, symbol: str | None = None) -> Sequence[PositionKey]:
        """The positions that executions name."""
        self._buffer.flush()
        found = self._buffer.fetch_dynamic(*_position_keys(account_id, venue, symbol))
        return sorted(rows.read(self._buffer.url, "order_fills", partial(rows.position_key, row)) for row in found)
