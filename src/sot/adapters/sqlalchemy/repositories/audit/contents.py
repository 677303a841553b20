"""All rows as they are stored, streamed, with the problems of each."""

import heapq
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

from sqlalchemy import ForeignKeyConstraint, Table, and_, bindparam, exists, not_, or_, select, union

from sot.adapters.sqlalchemy import models, rows
from sot.adapters.sqlalchemy.models import (
    AccountEventRow,
    FeedRow,
    OrderCostsRow,
    OrderEventRow,
    OrderFillRow,
    OrderIdentifierRow,
    OrderPnlRow,
    OrderRow,
    OrderStateRow,
    PositionRow,
    PositionSnapshotRow,
    UnattributedReportRow,
)
from sot.adapters.sqlalchemy.repositories.audit.stored_facts import (
    EVENT,
    KINDS,
    UNREADABLE,
    StoredKind,
    contradiction,
    differing_columns,
)
from sot.adapters.sqlalchemy.repositories.orders.instruments import Instruments
from sot.adapters.sqlalchemy.repositories.orders.requests import Requests
from sot.adapters.sqlalchemy.repositories.paging import is_uuid
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.structure import structure_problems
from sot.adapters.sqlalchemy.types import Amount, Flag, is_stored_form
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.audit.digests import instrument_key
from sot.domain.orders.event import repeat_digest
from sot.domain.orders.records import Identifier, RecordedRequest
from sot.domain.orders.report import VenueReport
from sot.domain.values.errors import StoreDamaged
from sot.domain.values.vocabulary import FactKind
from sot.ports import audit as ports
from sot.ports.audit import RowProblem, StoredFact, StoredOrder

_BATCH = 50
_IDENTIFIERS_OF_ORDERS = select(*OrderIdentifierRow.__table__.columns).where(
    OrderIdentifierRow.order_id.in_(bindparam("order_ids", expanding=True))
)

_FACT_OF_ACCOUNT = Query(select(FeedRow.position).where(FeedRow.account_id == bindparam("account_id")).limit(1))
_NEXT_ACCOUNT = Query(
    select(FeedRow.account_id).where(FeedRow.account_id > bindparam("after")).order_by(FeedRow.account_id).limit(1)
)
_FIRST_POSITION = 1
_NO_ENTRIES = Query(
    select(FeedRow.account_id, FeedRow.position, FeedRow.kind).where(
        or_(FeedRow.position < _FIRST_POSITION, and_(*(FeedRow.kind != str(kind) for kind in FactKind)))
    )
)
_REPORT_ID = Query(
    select(UnattributedReportRow.report_id).where(
        UnattributedReportRow.account_id == bindparam("account_id"), UnattributedReportRow.said == bindparam("said")
    )
)


class _UnreadableRow(NamedTuple):
    """A row with a column that cannot be read."""

    account_id: str
    key: str
    problem: str


@cache
def _all_rows(model: Any) -> Query:
    table = model.__table__
    return Query(select(*table.columns).order_by(*table.primary_key.columns))


@cache
def _columns_with_one_form(model: Any) -> Sequence[tuple[int, Any]]:
    """Return the columns, with their places, whose values could be stored in several forms."""
    columns = enumerate(model.__table__.columns)
    return [(index, column) for index, column in columns if isinstance(column.type, (Amount, Flag))]


def _other_form(model: Any, stored: Sequence[Any], row: Any) -> str | None:
    """Return the problem of a column whose value is stored in another form than its own."""
    for index, column in _columns_with_one_form(model):
        if not is_stored_form(column.type, stored[index], row[index]):
            return f"{column.name}: {str(stored[index])!r} is not how {row[index]} is stored"
    return None


def _key_of(model: Any, row: Any) -> str:
    """Return the primary key of a row, without the account, for messages."""
    if isinstance(row, _UnreadableRow):
        return row.key
    names = [column.name for column in model.__table__.primary_key.columns if column.name != "account_id"]
    return " ".join(str(getattr(row, name)) for name in names)


class _CostsRowWithSide:
    """A row of `order_costs` with the order's side."""

    def __init__(self, row: Any, side: Any) -> None:
        self._row = row
        self.side = side

    def __getattr__(self, name: str) -> Any:
        return getattr(self._row, name)


def _texts(found: Iterable[Any]) -> list[str]:
    """The first column in its order. A damaged index of SQLite may give a value of any type, which have no order."""
    return sorted(str(row[0]) for row in found)


class Audit(ports.Audit):
    def __init__(self, buffer: WriteBuffer, instruments: Instruments) -> None:
        self._buffer = buffer
        self._instruments = instruments

    def _rows(self, model: Any) -> Iterator[Any]:
        """Iterate over all rows of a table by primary key; an unreadable one is an `_UnreadableRow`."""
        self._buffer.flush()
        query = _all_rows(model)
        read = self._buffer.compiled(query).read
        for row in self._buffer.stream_raw(query, {}):
            try:
                value = read(row)
                problem = _other_form(model, row, value)
            except UNREADABLE as error:
                problem = f"a column cannot be read ({error})"
            yield value if problem is None else _UnreadableRow(str(row[0]), str(row[1]), problem)

    def accounts(self) -> Sequence[str]:
        self._buffer.flush()
        tables = (OrderFillRow, AccountEventRow, PositionRow, PositionSnapshotRow)
        found = self._buffer.fetch_dynamic(union(*(select(table.account_id) for table in tables)), {})
        return _texts(found)

    def is_known_account(self, account_id: str) -> bool:
        self._buffer.flush()
        return bool(self._buffer.fetch(_FACT_OF_ACCOUNT, {"account_id": account_id}))

    def known_accounts(self) -> Sequence[str]:
        self._buffer.flush()
        found: list[Any] = []
        # A step through the index for each account: DISTINCT would read the whole feed.
        after: Any = ""
        while next_rows := self._buffer.fetch(_NEXT_ACCOUNT, {"after": after}):
            found += next_rows
            after = next_rows[0][0]
        return _texts(found)

    def facts(self, kind: FactKind) -> Iterator[StoredFact]:
        stored_kind = KINDS[kind]
        for row in self._rows(stored_kind.model):
            if isinstance(row, _UnreadableRow):
                yield StoredFact(kind=kind, account_id=row.account_id, key=row.key, problem=row.problem)
            else:
                yield self._fact(kind, stored_kind, row)

    def _fact(self, kind: FactKind, stored_kind: StoredKind, row: Any) -> StoredFact:
        key = str(getattr(row, stored_kind.key))
        number = getattr(row, stored_kind.number) if stored_kind.number else 0
        try:
            value = stored_kind.value(row)
            differs = differing_columns(row, stored_kind.expected(value, row))
            if kind is FactKind.UNATTRIBUTED and differs == ("said",) and self._has_digest_of(row, value):
                differs = ()
            if kind is FactKind.INSTRUMENT:
                key = instrument_key(value)
        except UNREADABLE as error:
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

    def _has_digest_of(self, row: Any, report: VenueReport) -> bool:
        """Whether a report has the digest of its content, over those of the reports that said the same before it."""
        digest = report.content_digest
        while digest != row.said:
            known = self._buffer.fetch(_REPORT_ID, {"account_id": row.account_id, "said": digest})
            if not known:
                return False
            digest = repeat_digest(digest, str(known[0].report_id))
        return True

    # ---------------------------------------------------------------------------------------------------- orders

    def stored_orders(self) -> Iterator[StoredOrder]:
        batch: list[StoredOrder] = []
        for stored in self._orders_from_own_tables():
            batch.append(stored)
            if len(batch) == _BATCH:
                yield from self._with_other_tables(batch)
                batch = []
        yield from self._with_other_tables(batch)

    def _orders_from_own_tables(self) -> Iterator[StoredOrder]:
        """Merge the tables whose keys begin with the order, and cut the stream where the order changes."""
        streams = [self._tagged_rows(index, model) for index, (model, _) in enumerate(_ORDER_TABLES)]
        stored: StoredOrder | None = None
        for account_id, order_id, index, row in heapq.merge(*streams):
            if stored is None or (stored.account_id, stored.order_id) != (account_id, order_id):
                if stored is not None:
                    yield stored
                stored = StoredOrder(account_id=account_id, order_id=order_id)
            self._add_row(stored, index, row)
        if stored is not None:
            yield stored

    def _tagged_rows(self, index: int, model: Any) -> Iterator[tuple[str, str, int, Any]]:
        for row in self._rows(model):
            order_id = row.key if isinstance(row, _UnreadableRow) else row.order_id
            # See `_texts` for the types.
            yield str(row.account_id), str(order_id), index, row

    def _add_row(self, stored: StoredOrder, index: int, row: Any) -> None:
        model, add = _ORDER_TABLES[index]
        if isinstance(row, _UnreadableRow):
            problem: str | None = row.problem
        else:
            try:
                problem = add(self, stored, row)
            except UNREADABLE as error:
                problem = f"it cannot be read ({error})"
        if problem is not None:
            stored.row_problems.append(RowProblem(model.__tablename__, stored.account_id, _key_of(model, row), problem))

    def _add_order(self, stored: StoredOrder, row: Any) -> str | None:
        order = rows.order_of(row)
        stored.order = order
        return contradiction(row, rows.columns_of_state(order.state))

    def _add_event(self, stored: StoredOrder, row: Any) -> str | None:
        stored.facts.append(self._fact(FactKind.EVENT, EVENT, row))
        return None

    def _add_fill(self, stored: StoredOrder, row: Any) -> str | None:
        fill = rows.fill_of(row)
        stored.fills.append(fill)
        return contradiction(row, rows.columns_of_fill(fill))

    def _add_costs(self, stored: StoredOrder, row: Any) -> str | None:
        instrument = None
        if row.valid_from is not None:
            versions = self._instruments.versions(row.account_id, row.venue, row.symbol)
            instrument = next((version for version in versions if version.valid_from == row.valid_from), None)
            if instrument is None:
                return "valid_from: no version of the instrument begins then"
        costs = rows.costs_of(_CostsRowWithSide(row, stored.order.side if stored.order else None), instrument)
        stored.costs = costs
        return contradiction(row, rows.costs_row(costs))

    def _add_snapshot(self, stored: StoredOrder, row: Any) -> str | None:
        snapshot = rows.pnl_of(row)
        stored.snapshots.append(snapshot)
        return contradiction(row, rows.pnl_row(snapshot))

    def _add_state(self, stored: StoredOrder, row: Any) -> str | None:
        state = rows.state_of(row)
        stored.states.append(state)
        return contradiction(row, rows.state_row(state))

    def _with_other_tables(self, batch: Sequence[StoredOrder]) -> Iterator[StoredOrder]:
        """Add the requests and identifiers of some orders."""
        request_ids = [stored.order.request_id for stored in batch if stored.order and stored.order.request_id]
        requests = self._readable_requests(request_ids)
        identifiers = self._identifiers(batch)
        for stored in batch:
            stored.names = identifiers.get((stored.account_id, stored.order_id), [])
            if stored.order is not None and stored.order.request_id:
                stored.request = requests.get(stored.order.request_id)
            yield stored

    def _identifiers(self, batch: Sequence[StoredOrder]) -> Mapping[tuple[str, str], list[Identifier]]:
        identifiers: dict[tuple[str, str], list[Identifier]] = {}
        ids = [stored.order_id for stored in batch if is_uuid(stored.order_id)]
        for row in self._buffer.fetch_dynamic(_IDENTIFIERS_OF_ORDERS, {"order_ids": ids}) if ids else ():
            identifiers.setdefault((row.account_id, row.order_id), []).append(Identifier._make(row[:-1]))
        return identifiers

    def _readable_requests(self, request_ids: Sequence[str]) -> Mapping[str, RecordedRequest]:
        """Return the requests of some ids, without those that cannot be read."""
        try:
            # Not the unit of work's own repository, which would cache every request.
            return Requests(self._buffer).many(request_ids)
        except StoreDamaged:
            if len(request_ids) == 1:
                return {}
        requests: dict[str, RecordedRequest] = {}
        for request_id in request_ids:
            requests.update(self._readable_requests([request_id]))
        return requests

    # ------------------------------------------------------------------------------------------------ other tables

    def structure_problems(self) -> Iterator[RowProblem]:
        for what, part, problem in self._buffer.read_with(partial(structure_problems, self._buffer.place)):
            yield RowProblem(what, "", part, problem)

    def row_problems(self) -> Iterator[RowProblem]:
        yield from self._contradictions(PositionRow, self._expected_position)
        yield from self._contradictions(PositionSnapshotRow, lambda row: rows.position_row(*rows.position_of(row)))
        yield from self._dangling_rows()
        for account_id, position, kind in self._buffer.stream_raw(_NO_ENTRIES, {}):
            problem = f"{kind!r} at {position} is no entry of the feed: nothing records it"
            yield RowProblem(FeedRow.__tablename__, str(account_id), str(position), problem)

    def _expected_position(self, row: Any) -> Mapping[str, Any]:
        versions = self._instruments.versions(row.account_id, row.venue, row.symbol)
        currency = versions[0].currency if versions else None
        return {**rows.position_row(*rows.position_of(row)), "currency": currency}

    def _contradictions(self, model: Any, expected: Callable[[Any], Mapping[str, Any]]) -> Iterator[RowProblem]:
        for row in self._rows(model):
            problem: str | None
            if isinstance(row, _UnreadableRow):
                problem = row.problem
            else:
                try:
                    problem = contradiction(row, expected(row))
                except UNREADABLE as error:
                    problem = f"it cannot be read ({error})"
            if problem is not None:
                yield RowProblem(model.__tablename__, row.account_id, _key_of(model, row), problem)

    def _dangling_rows(self) -> Iterator[RowProblem]:
        """Iterate over rows whose foreign keys name nothing. Databases refuse them, unless that was switched off."""
        for table in models.metadata.sorted_tables:
            for constraint in table.foreign_key_constraints:
                yield from self._dangling_rows_of(table, constraint)

    def _dangling_rows_of(self, table: Table, constraint: ForeignKeyConstraint) -> Iterator[RowProblem]:
        for row in self._buffer.stream_raw(_dangling_rows_query(table, constraint), {}):
            key = " ".join(str(value) for value in row[1:])
            problem = f"it names a row of {constraint.referred_table.name} that is not there"
            yield RowProblem(table.name, str(row[0]), key, problem)


@cache
def _dangling_rows_query(table: Table, constraint: ForeignKeyConstraint) -> Query:
    """Return the query of the keys of rows whose foreign key names nothing."""
    parent = constraint.referred_table.alias()
    pairs = [(element.parent, parent.c[element.column.name]) for element in constraint.elements]
    has_parent = exists().where(and_(*(column == parent_column for column, parent_column in pairs)))
    is_complete = and_(*(column.is_not(None) for column, _ in pairs))
    return Query(select(*table.primary_key.columns).where(is_complete, not_(has_parent)))


_ORDER_TABLES: Sequence[tuple[Any, Callable[[Audit, StoredOrder, Any], str | None]]] = (
    (OrderRow, Audit._add_order),
    (OrderEventRow, Audit._add_event),
    (OrderFillRow, Audit._add_fill),
    (OrderCostsRow, Audit._add_costs),
    (OrderPnlRow, Audit._add_snapshot),
    (OrderStateRow, Audit._add_state),
)
