"""Events, fills, and the reports that wait for an order."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import bindparam, cast, delete, exists, func, select
from sqlalchemy.orm import aliased
from sqlalchemy.sql.selectable import SelectBase

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.models import (
    POSITION_KEY,
    FeedRow,
    OrderEventRow,
    OrderFillRow,
    UnattributedReportRow,
    WaitingReportRow,
)
from sot.adapters.sqlalchemy.repositories.intents import Requests
from sot.adapters.sqlalchemy.repositories.orders import Names, Orders
from sot.adapters.sqlalchemy.repositories.paging import after_id, is_identity
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.types import Count, Moment, Words
from sot.adapters.sqlalchemy.work import Work
from sot.domain.event import OrderEvent
from sot.domain.fill import Fill
from sot.domain.folding import PositionKey
from sot.domain.times import EARLIEST, LATEST
from sot.domain.vocabulary import FactKind, IdentifierKind
from sot.ports import repositories as ports
from sot.ports.records import Known, UnattributedReport

_EVENTS = select(OrderEventRow.sequence, OrderEventRow.body, OrderEventRow.hash).where(
    OrderEventRow.account_id == bindparam("account_id"), OrderEventRow.order_id == bindparam("order_id")
)
_ONE_EVENT = Query(_EVENTS.where(OrderEventRow.sequence == bindparam("sequence")))
_EVENTS_AFTER = Query(
    _EVENTS.where(OrderEventRow.sequence > bindparam("after"))
    .order_by(OrderEventRow.sequence)
    .limit(bindparam("limit", type_=Count))
)
# Without an order: SQLite would go through all events of the order to have them in sequence.
_OF_EXECUTION = Query(
    _EVENTS.where(OrderEventRow.exec_id == bindparam("exec_id"), OrderEventRow.leg == bindparam("leg"))
)
_SAID = Query(_EVENTS.where(OrderEventRow.said == bindparam("said")))
_ALL = 2**62


class Events(ports.Events):
    """Events; those that this unit of work appended are found without the database."""

    def __init__(self, work: Work, orders: Orders, requests: Requests) -> None:
        self._work = work
        self._orders = orders
        self._requests = requests
        self._appended: dict[tuple[str, str], dict[int, OrderEvent]] = {}

    def append(self, event: OrderEvent) -> None:
        """Keep the next event of an order."""
        self._work.writable("an event")
        self._work.fact(
            FactKind.EVENT, "order_events", rows.event_row(event), event.order_id, event.recorded_at, event.sequence
        )
        self._appended.setdefault((event.account_id, event.order_id), {})[event.sequence] = event
        if event.fact is not None and event.fact.request_id is not None:
            self._requests.executed(event.fact.request_id, event.order_id)
        self._work.changed()

    def _stored(self, query: Query, **parameters: Any) -> dict[int, OrderEvent]:
        order_id = parameters["order_id"]
        if self._orders.is_new(order_id) or not is_identity(order_id):
            return {}
        return {row.sequence: self._read(row) for row in self._work.rows(query, parameters)}

    def _read(self, row: Any) -> OrderEvent:
        return rows.read(self._work.url, f"order_events {row.sequence}", lambda: rows.event_of(row))

    def _mine(self, account_id: str, order_id: str) -> dict[int, OrderEvent]:
        return self._appended.get((account_id, order_id), {})

    def get(self, account_id: str, order_id: str, sequence: int) -> OrderEvent | None:
        """One event."""
        mine = self._mine(account_id, order_id).get(sequence)
        if mine is not None:
            return mine
        return self._stored(_ONE_EVENT, account_id=account_id, order_id=order_id, sequence=sequence).get(sequence)

    def list(self, account_id: str, order_id: str, after: int = 0, limit: int | None = None) -> Sequence[OrderEvent]:
        """Events in sequence."""
        at_most = _ALL if limit is None else limit
        found = self._stored(_EVENTS_AFTER, account_id=account_id, order_id=order_id, after=after, limit=at_most)
        mine = self._mine(account_id, order_id)
        found.update({sequence: event for sequence, event in mine.items() if sequence > after})
        return [found[sequence] for sequence in sorted(found)][:limit]

    def by_execution(self, account_id: str, order_id: str, exec_id: str, leg: str) -> Sequence[OrderEvent]:
        """Events whose report carries this execution id."""
        found = self._stored(_OF_EXECUTION, account_id=account_id, order_id=order_id, exec_id=exec_id, leg=leg)
        for sequence, event in self._mine(account_id, order_id).items():
            if event.report is not None and event.report.identity == (exec_id, leg):
                found[sequence] = event
        return [found[sequence] for sequence in sorted(found)]

    def by_said(self, account_id: str, order_id: str, said: str) -> OrderEvent | None:
        """The event that states exactly this."""
        for event in self._mine(account_id, order_id).values():
            if event.said == said:
                return event
        found = self._stored(_SAID, account_id=account_id, order_id=order_id, said=said)
        return next(iter(found.values()), None)


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

    def __init__(self, work: Work, orders: Orders) -> None:
        self._work = work
        self._orders = orders
        self._appended: dict[tuple[str, str], list[Fill]] = {}

    def append(self, fill: Fill) -> None:
        """Keep a version."""
        self._work.writable("a fill")
        self._work.insert("order_fills", rows.fill_row(fill))
        self._appended.setdefault((fill.account_id, fill.order_id), []).append(fill)
        self._work.changed()

    def _found(self, query: Query | SelectBase, **parameters: Any) -> dict[tuple[int, int], Fill]:
        order_id = parameters["order_id"]
        if self._orders.is_new(order_id) or not is_identity(order_id):
            return {}
        ask: Any = self._work.rows if isinstance(query, Query) else self._work.selected
        what = f"order_fills of {order_id}"
        found = [rows.read(self._work.url, what, partial(rows.fill_of, row)) for row in ask(query, parameters)]
        return {(fill.execution, fill.version): fill for fill in found}

    def list(self, account_id: str, order_id: str) -> Sequence[Fill]:
        """All versions, by (execution, version)."""
        found = self._found(_FILLS, account_id=account_id, order_id=order_id)
        for fill in self._appended.get((account_id, order_id), ()):
            found[fill.execution, fill.version] = fill
        return [found[key] for key in sorted(found)]

    def holding(self, account_id: str, order_id: str, upto: int, after: int, limit: int) -> Sequence[Fill]:
        """The versions that hold after an event, of executions behind one."""
        if not is_identity(order_id):
            return []
        self._work.flush()
        parameters = {"account_id": account_id, "order_id": order_id, "upto": upto, "after": after, "limit": limit}
        what = f"order_fills of {order_id}"
        return [
            rows.read(self._work.url, what, partial(rows.fill_of, row)) for row in self._work.rows(_HOLDING, parameters)
        ]

    def known_as(self, account_id: str, order_id: str, exec_id: str, leg: str) -> Sequence[Fill]:
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
        known: Known | None = None,
        before: datetime | None = None,
    ) -> Sequence[Fill]:
        """The executions that hold and move this position."""
        self._work.flush()
        last = LATEST if before is None else before - _MICROSECOND
        parameters: dict[str, Any] = {**key._asdict(), "since": since or EARLIEST, "last": last}
        query = _OF_POSITION
        if known is not None and not known.everything:
            query = _OF_POSITION_KNOWN
            parameters["position"] = _ALL if known.position is None else known.position
            parameters["moment"] = known.moment or LATEST
        latest: dict[tuple[str, int], Fill] = {}
        for row in self._work.rows(query, parameters):
            fill = rows.read(self._work.url, f"order_fills of {row.order_id}", partial(rows.fill_of, row))
            latest[fill.order_id, fill.execution] = fill
        return [fill for fill in latest.values() if fill.counts]

    def moment_after(self, key: PositionKey, since: datetime | None, count: int) -> datetime | None:
        """A moment before which about so many versions happened."""
        self._work.flush()
        since = since or EARLIEST
        found = self._work.rows(_MOMENT_AFTER, {**key._asdict(), "since": since, "count": count})
        return max(found[0].happened_at, since + _MICROSECOND) if found else None

    def changed_after(self, key: PositionKey, moment: datetime) -> datetime | None:
        """When the first execution happened of which something was recorded after a moment."""
        self._work.flush()
        parameters = {**key._asdict(), "moment": moment}
        found = [self._work.rows(query, parameters)[0].at for query in (_FIRST_ENTERED, _FIRST_CHANGED)]
        return min((at for at in found if at is not None), default=None)

    def positions(self, account_id: str, venue: str | None = None, symbol: str | None = None) -> Sequence[PositionKey]:
        """The positions that executions name."""
        self._work.flush()
        found = self._work.selected(*_position_keys(account_id, venue, symbol))
        return sorted(rows.read(self._work.url, "order_fills", partial(rows.position_key, row)) for row in found)


_REPORTS = select(
    UnattributedReportRow.report_id,
    UnattributedReportRow.recorded_at,
    UnattributedReportRow.said,
    UnattributedReportRow.body,
    UnattributedReportRow.hash,
).where(UnattributedReportRow.account_id == bindparam("account_id"))
_ONE_REPORT = Query(_REPORTS.where(UnattributedReportRow.report_id == bindparam("report_id")))
_REPORT_SAID = Query(_REPORTS.where(UnattributedReportRow.said == bindparam("said")))
_KEPT = Query(_REPORTS.order_by(UnattributedReportRow.report_id))
_STILL = (
    WaitingReportRow.account_id == bindparam("account_id"),
    WaitingReportRow.kind == "",
    WaitingReportRow.value == "",
)
_WAITING = (
    _REPORTS.join(
        WaitingReportRow,
        (WaitingReportRow.account_id == UnattributedReportRow.account_id)
        & (WaitingReportRow.report_id == UnattributedReportRow.report_id),
    )
    .where(*_STILL)
    .order_by(WaitingReportRow.report_id)
)
_WAITS = Query(select(WaitingReportRow.report_id).where(*_STILL, WaitingReportRow.report_id == bindparam("report_id")))
_table: Any = WaitingReportRow.__table__
_ATTRIBUTED = delete(_table).where(
    _table.c.account_id == bindparam("account_id"), _table.c.report_id == bindparam("report_id")
)


class Reports(ports.Reports):
    """Reports for no known order."""

    def __init__(self, work: Work, names: Names) -> None:
        self._work = work
        self._names = names
        self._added: dict[tuple[str, str], UnattributedReport] = {}

    def add(self, report: UnattributedReport, names: Sequence[tuple[IdentifierKind, str]]) -> None:
        """Keep a report, waiting under each of its names."""
        work = self._work
        work.writable("a report")
        row = rows.report_row(report)
        work.fact(FactKind.UNATTRIBUTED, "unattributed_reports", row, report.report_id, report.recorded_at)
        self.wait(report, names)
        self._added[report.account_id, report.report_id] = report

    def wait(self, report: UnattributedReport, names: Sequence[tuple[IdentifierKind, str]]) -> None:
        """Let a report wait under these names."""
        self._work.writable("a report")
        for kind, value in [("", ""), *dict.fromkeys(names)]:
            row = {"account_id": report.account_id, "kind": kind, "value": value, "report_id": report.report_id}
            self._work.insert("waiting_reports", row)
        for kind, value in names:
            self._names.wait((report.account_id, kind, value), report.report_id)
        self._work.changed()

    def get(self, account_id: str, report_id: str) -> UnattributedReport | None:
        """One report."""
        mine = self._added.get((account_id, report_id))
        if mine is not None or not is_identity(report_id):
            return mine
        return self._one(_ONE_REPORT, {"account_id": account_id, "report_id": report_id})

    def by_said(self, account_id: str, said: str) -> UnattributedReport | None:
        """The report that states exactly this."""
        for report in self._added.values():
            if report.said == said and report.account_id == account_id:
                return report
        return self._one(_REPORT_SAID, {"account_id": account_id, "said": said})

    def _one(self, query: Query, parameters: dict[str, Any]) -> UnattributedReport | None:
        found = self._work.rows(query, parameters)
        return self._read(found[0]) if found else None

    def _read(self, row: Any) -> UnattributedReport:
        return rows.read(self._work.url, f"report {row.report_id}", lambda: rows.report_of(row))

    def waits(self, report: UnattributedReport) -> bool:
        """Whether it still waits."""
        self._work.flush()
        keys = {"account_id": report.account_id, "report_id": report.report_id}
        return bool(self._work.rows(_WAITS, keys))

    def attributed(self, report: UnattributedReport) -> None:
        """It waits no longer."""
        self._work.writable("an attribution")
        self._work.flush()
        self._work.execute(_ATTRIBUTED, {"account_id": report.account_id, "report_id": report.report_id})
        self._names.wait_no_longer(report.report_id)

    def kept(self, account_id: str) -> Sequence[UnattributedReport]:
        """All reports, oldest first."""
        self._work.flush()
        return [self._read(row) for row in self._work.rows(_KEPT, {"account_id": account_id})]

    def waiting(
        self, account_id: str, after: str | None = None, limit: int | None = None
    ) -> Sequence[UnattributedReport]:
        """The reports that still wait, by id."""
        self._work.flush()
        query = _WAITING if after is None else _WAITING.where(after_id(WaitingReportRow.report_id, after))
        return [self._read(row) for row in self._work.selected(query.limit(limit), {"account_id": account_id})]
