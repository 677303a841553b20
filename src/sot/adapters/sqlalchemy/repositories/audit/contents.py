"""Everything that is kept, row by row."""

import heapq
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

import attrs
from sqlalchemy import Table, and_, bindparam, exists, not_, select, union

from sot.adapters.sqlalchemy import models, rows
from sot.adapters.sqlalchemy.models import (
    AccountEventRow,
    DecisionContextRow,
    InstrumentRow,
    OrderCostsRow,
    OrderEventRow,
    OrderFillRow,
    OrderIdentifierRow,
    OrderPnlRow,
    OrderRequestRow,
    OrderRow,
    OrderStateRow,
    PositionRow,
    PositionSnapshotRow,
    ReconciliationRow,
    RiskCheckRow,
    UnattributedReportRow,
    WithdrawalRow,
)
from sot.adapters.sqlalchemy.repositories.orders.instruments import Instruments
from sot.adapters.sqlalchemy.repositories.orders.requests import Requests
from sot.adapters.sqlalchemy.repositories.paging import is_identity
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.accounting.account_event import RecordedAccountEvent
from sot.domain.audit.digests import account_event_content_digest, account_event_identity, instrument_key
from sot.domain.orders.records import Identifier, RecordedRequest, UnattributedReport
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import DecisionContext, OrderRequest, RiskCheck, Withdrawal
from sot.domain.reconciliation.record import Reconciliation, RecordedReconciliation
from sot.domain.values.canonical import read_canonical
from sot.domain.values.errors import StoreDamaged
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import FactKind
from sot.ports import audit as ports
from sot.ports.audit import RowProblem, StoredFact, StoredOrder

_AT_A_TIME = 50


_UNREADABLE = (ValueError, LookupError, TypeError, ArithmeticError, AttributeError, AssertionError, StoreDamaged)


def _restored(cls: Any) -> Callable[[Any], Any]:
    return lambda row: cls.from_trusted(read_canonical(row.body))


class _Kind(NamedTuple):
    """How one kind of fact is kept: its table, the fact of a row, the row of a fact, and what names it."""

    model: Any
    value: Callable[[Any], Any]
    expected: Callable[[Any, Any], Mapping[str, Any]]
    key: str = "request_id"
    number: str = ""


_SAID_OF_REQUESTS = ("account_id", "request_id", "number", "recorded_at", "hash")


def _said_of_request(value: Any, row: Any) -> dict[str, Any]:
    """Columns of a context, a check or a withdrawal: their own fields, where the table has them."""
    return {name: getattr(value, name) for name in row._fields if name not in (*_SAID_OF_REQUESTS, "body")} | {
        "body": value.canonical()
    }


def _request(value: OrderRequest, row: Any) -> Mapping[str, Any]:
    return rows.request_row(RecordedRequest(request=value, recorded_at=row.recorded_at, hash=row.hash))


def _report(value: VenueReport, row: Any) -> Mapping[str, Any]:
    kept = UnattributedReport(
        report_id=row.report_id,
        report=value,
        recorded_at=row.recorded_at,
        content_digest=value.content_digest,
        hash=row.hash,
    )
    return rows.report_row(kept)


def _account_event(value: RecordedAccountEvent, row: Any) -> Mapping[str, Any]:
    content_digest = account_event_content_digest(value.event)
    identity = account_event_identity(value.event) if value.counts else None
    return rows.account_event_row(
        attrs.evolve(value, content_digest=content_digest, identity=identity or content_digest)
    )


def _reconciliation(value: Reconciliation, row: Any) -> Mapping[str, Any]:
    return rows.reconciliation_row(RecordedReconciliation(row=value, recorded_at=row.recorded_at, hash=row.hash))


_KINDS: Mapping[FactKind, _Kind] = {
    FactKind.INSTRUMENT: _Kind(
        InstrumentRow, _restored(Instrument), lambda value, row: rows.instrument_row(value, row.hash), "valid_from"
    ),
    FactKind.REQUEST: _Kind(OrderRequestRow, _restored(OrderRequest), _request),
    FactKind.CONTEXT: _Kind(DecisionContextRow, _restored(DecisionContext), _said_of_request),
    FactKind.RISK_CHECK: _Kind(RiskCheckRow, _restored(RiskCheck), _said_of_request, number="number"),
    FactKind.WITHDRAWAL: _Kind(WithdrawalRow, _restored(Withdrawal), _said_of_request),
    FactKind.UNATTRIBUTED: _Kind(UnattributedReportRow, _restored(VenueReport), _report, "report_id"),
    FactKind.ACCOUNT_EVENT: _Kind(AccountEventRow, rows.account_event_of, _account_event, "event_id"),
    FactKind.RECONCILIATION: _Kind(ReconciliationRow, _restored(Reconciliation), _reconciliation, "record_id"),
}


# The body itself is vouched for by its hash, and that by the chain.
_EVENT = _Kind(OrderEventRow, rows.event_of, lambda value, row: rows.event_row(value, row.body), "order_id", "sequence")


def _differing(row: Any, expected: Mapping[str, Any]) -> tuple[str, ...]:
    names = row._fields
    if tuple(map(expected.get, names, row)) == row:
        return ()  # as almost all are: columns that are not expected to be anything are what they are
    return tuple(name for name, held in zip(names, row, strict=True) if expected.get(name, held) != held)


_NAMES_OF_SOME = select(*OrderIdentifierRow.__table__.columns).where(
    OrderIdentifierRow.order_id.in_(bindparam("order_ids", expanding=True))
)


class _Unread(NamedTuple):
    """A row that cannot be read."""

    account_id: str
    key: str
    why: str


class Audit(ports.Audit):
    """Rows straight from the tables."""

    def __init__(self, buffer: WriteBuffer, instruments: Instruments) -> None:
        self._buffer = buffer
        self._instruments = instruments

    def _rows(self, model: Any) -> Iterator[Any]:
        """All rows of a table by its key; what stands in the place of one that cannot be read is an `_Unread`."""
        self._buffer.flush()
        query = _everything(model)
        read = self._buffer.compiled(query).read
        for row in self._buffer.stream_raw(query, {}):
            try:
                yield read(row)
            except _UNREADABLE as error:
                yield _Unread(str(row[0]), str(row[1]), f"a column cannot be read ({error})")

    def accounts(self) -> Sequence[str]:
        self._buffer.flush()
        tables = (OrderFillRow, AccountEventRow, PositionRow)
        found = self._buffer.fetch_dynamic(union(*(select(table.account_id) for table in tables)), {})
        return sorted(row[0] for row in found)

    def facts(self, kind: FactKind) -> Iterator[StoredFact]:
        how = _KINDS[kind]
        for row in self._rows(how.model):
            if isinstance(row, _Unread):
                yield StoredFact(kind=kind, account_id=row.account_id, key=row.key, problem=row.why)
            else:
                yield self._fact(kind, how, row)

    def _fact(self, kind: FactKind, how: _Kind, row: Any) -> StoredFact:
        key, number = str(getattr(row, how.key)), getattr(row, how.number) if how.number else 0
        try:
            value = how.value(row)
            differs = _differing(row, how.expected(value, row))
            if kind is FactKind.INSTRUMENT:
                key = instrument_key(value)
        except _UNREADABLE as error:
            problem = f"it cannot be read ({error})"
            return StoredFact(kind=kind, account_id=row.account_id, key=key, number=number, problem=problem)
        return StoredFact(
            kind=kind,
            account_id=row.account_id,
            key=key,
            number=number,
            value=value,
            body=row.body,
            hash=row.hash,
            recorded_at=getattr(row, "recorded_at", None),
            differs=differs,
        )

    # ---------------------------------------------------------------------------------------------------- orders

    def stored_orders(self) -> Iterator[StoredOrder]:
        batch: list[StoredOrder] = []
        for story in self._without_requests():
            batch.append(story)
            if len(batch) == _AT_A_TIME:
                yield from self._completed(batch)
                batch = []
        yield from self._completed(batch)

    def _without_requests(self) -> Iterator[StoredOrder]:
        """Several tables in the same order are one stream, cut where the order changes."""
        tables = [self._tagged(rank, model) for rank, model in enumerate(_OF_ORDERS)]
        story: StoredOrder | None = None
        for account_id, order_id, rank, row in heapq.merge(*tables):
            if story is None or (story.account_id, story.order_id) != (account_id, order_id):
                if story is not None:
                    yield story
                story = StoredOrder(account_id=account_id, order_id=order_id)
            self._take(story, rank, row)
        if story is not None:
            yield story

    def _tagged(self, rank: int, model: Any) -> Iterator[tuple[str, str, int, Any]]:
        for row in self._rows(model):
            if isinstance(row, _Unread):
                yield row.account_id, row.key, rank, row
            else:
                yield row.account_id, row.order_id, rank, row

    def _take(self, story: StoredOrder, rank: int, row: Any) -> None:
        model, take = _OF_ORDERS_TAKEN[rank]
        if isinstance(row, _Unread):
            problem: str | None = row.why
        else:
            try:
                problem = take(self, story, row)
            except _UNREADABLE as error:
                problem = f"it cannot be read ({error})"
        if problem is not None:
            story.row_problems.append(RowProblem(model.__tablename__, story.account_id, _name_of(model, row), problem))

    def _take_order(self, story: StoredOrder, row: Any) -> str | None:
        order = rows.order_of(row)
        story.order = order
        return _contradiction(row, rows.columns_of_state(order.state))

    def _take_event(self, story: StoredOrder, row: Any) -> str | None:
        story.facts.append(self._fact(FactKind.EVENT, _EVENT, row))
        return None

    def _take_fill(self, story: StoredOrder, row: Any) -> str | None:
        fill = rows.fill_of(row)
        story.fills.append(fill)
        return _contradiction(row, rows.columns_of_fill(fill))

    def _take_costs(self, story: StoredOrder, row: Any) -> str | None:
        instrument = None
        if row.valid_from is not None:
            versions = self._instruments.versions(row.account_id, row.venue, row.symbol)
            instrument = next((version for version in versions if version.valid_from == row.valid_from), None)
            if instrument is None:
                return "valid_from: no version of the instrument begins then"
        costs = rows.costs_of(_WithSide(row, story.order.side if story.order else None), instrument)
        story.costs = costs
        return _contradiction(row, rows.costs_row(costs))

    def _take_snapshot(self, story: StoredOrder, row: Any) -> str | None:
        snapshot = rows.pnl_of(row)
        story.snapshots.append(snapshot)
        return _contradiction(row, rows.pnl_row(snapshot))

    def _take_state(self, story: StoredOrder, row: Any) -> str | None:
        state = rows.state_of(row)
        story.states.append(state)
        return _contradiction(row, rows.state_row(state))

    def _completed(self, batch: Sequence[StoredOrder]) -> Iterator[StoredOrder]:
        """The same with what other tables, in another order, say of them."""
        ids = [story.order.request_id for story in batch if story.order is not None and story.order.request_id]
        found = self._requests(ids)
        names = self._names(batch)
        for story in batch:
            story.names = names.get((story.account_id, story.order_id), [])
            if story.order is not None and story.order.request_id:
                story.request = found.get(story.order.request_id)
            yield story

    def _names(self, batch: Sequence[StoredOrder]) -> Mapping[tuple[str, str], list[Identifier]]:
        found: dict[tuple[str, str], list[Identifier]] = {}
        ids = [story.order_id for story in batch if is_identity(story.order_id)]
        for row in self._buffer.fetch_dynamic(_NAMES_OF_SOME, {"order_ids": ids}) if ids else ():
            found.setdefault((row.account_id, row.order_id), []).append(Identifier._make(row[:-1]))
        return found

    def _requests(self, ids: Sequence[str]) -> Mapping[str, RecordedRequest]:
        """The requests of these ids that can be read."""
        try:
            # Not the unit of work's own repository: that remembers everything it has read.
            return Requests(self._buffer).many(ids)
        except StoreDamaged:
            if len(ids) == 1:
                return {}
        return {request_id: found for one in ids for request_id, found in self._requests([one]).items()}

    # -------------------------------------------------------------------------------------------------- the rest

    def row_problems(self) -> Iterator[RowProblem]:
        yield from self._contradicting(PositionRow, self._position_again)
        yield from self._contradicting(PositionSnapshotRow, lambda row: rows.position_row(*rows.position_of(row)))
        yield from self._dangling()

    def _position_again(self, row: Any) -> Mapping[str, Any]:
        versions = self._instruments.versions(row.account_id, row.venue, row.symbol)
        currency = versions[0].currency if versions else None
        return {**rows.position_row(*rows.position_of(row)), "currency": currency}

    def _contradicting(self, model: Any, again: Callable[[Any], Mapping[str, Any]]) -> Iterator[RowProblem]:
        for row in self._rows(model):
            problem: str | None
            if isinstance(row, _Unread):
                problem = row.why
            else:
                try:
                    problem = _contradiction(row, again(row))
                except _UNREADABLE as error:
                    problem = f"it cannot be read ({error})"
            if problem is not None:
                yield RowProblem(model.__tablename__, row.account_id, _name_of(model, row), problem)

    def _dangling(self) -> Iterator[RowProblem]:
        """Rows whose foreign keys name nothing: databases refuse them, unless somebody switched that off."""
        for table in models.metadata.sorted_tables:
            for constraint in table.foreign_key_constraints:
                yield from self._dangling_of(table, constraint)

    def _dangling_of(self, table: Table, constraint: Any) -> Iterator[RowProblem]:
        parent = constraint.referred_table.alias()
        pairs = [(element.parent, parent.c[element.column.name]) for element in constraint.elements]
        named = exists().where(and_(*(mine == theirs for mine, theirs in pairs)))
        complete = and_(*(mine.is_not(None) for mine, _ in pairs))
        columns = list(table.primary_key.columns)
        for row in self._buffer.stream_raw(Query(select(*columns).where(complete, not_(named))), {}):
            key = " ".join(str(value) for value in row[1:])
            problem = f"it names a row of {constraint.referred_table.name} that is not there"
            yield RowProblem(table.name, str(row[0]), key, problem)


@cache
def _everything(model: Any) -> Query:
    table = model.__table__
    return Query(select(*table.columns).order_by(*table.primary_key.columns))


def _name_of(model: Any, row: Any) -> str:
    if isinstance(row, _Unread):
        return row.key
    names = [column.name for column in model.__table__.primary_key.columns if column.name != "account_id"]
    return " ".join(str(getattr(row, name)) for name in names)


class _WithSide:
    """A row of `order_costs` with the order's side."""

    def __init__(self, row: Any, side: Any) -> None:
        self._row = row
        self.side = side

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


def _contradiction(row: Any, again: Mapping[str, Any]) -> str | None:
    differs = _differing(row, again)
    return f"{', '.join(differs)}: not what the rest of the row says" if differs else None


_OF_ORDERS_TAKEN: Sequence[tuple[Any, Callable[[Audit, StoredOrder, Any], str | None]]] = (
    (OrderRow, Audit._take_order),
    (OrderEventRow, Audit._take_event),
    (OrderFillRow, Audit._take_fill),
    (OrderCostsRow, Audit._take_costs),
    (OrderPnlRow, Audit._take_snapshot),
    (OrderStateRow, Audit._take_state),
)


_OF_ORDERS = tuple(model for model, _ in _OF_ORDERS_TAKEN)
