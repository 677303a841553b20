"""All rows as they are stored, streamed, with the problems of each."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Table, and_, bindparam, exists, not_, or_, select, union

from sot.adapters.sqlalchemy import models, rows
from sot.adapters.sqlalchemy.models import (
    AccountEventRow,
    FeedRow,
    OrderFillRow,
    PositionRow,
    PositionSnapshotRow,
    UnattributedReportRow,
)
from sot.adapters.sqlalchemy.repositories.audit.feed import accounts_of
from sot.adapters.sqlalchemy.repositories.audit.order_ranges import order_ranges
from sot.adapters.sqlalchemy.repositories.audit.order_rows import StoredOrders
from sot.adapters.sqlalchemy.repositories.audit.stored_facts import KINDS, UNREADABLE, contradiction, stored_fact
from sot.adapters.sqlalchemy.repositories.audit.table_rows import UnreadableRow, key_of, read_rows
from sot.adapters.sqlalchemy.repositories.orders.instruments import Instruments
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.structure import structure_problems
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.orders.event import repeat_digest
from sot.domain.orders.report import VenueReport
from sot.domain.values.vocabulary import FactKind
from sot.ports import audit as ports
from sot.ports.audit import ALL_ORDERS, OrderRange, RowProblem, StoredFact, StoredOrder

_FACT_OF_ACCOUNT = Query(select(FeedRow.position).where(FeedRow.account_id == bindparam("account_id")).limit(1))
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


def _texts(found: Iterable[Any]) -> list[str]:
    """The first column in its order. A damaged index of SQLite may give a value of any type, which have no order."""
    return sorted(str(row[0]) for row in found)


class Audit(ports.Audit):
    def __init__(self, buffer: WriteBuffer, instruments: Instruments) -> None:
        self._buffer = buffer
        self._instruments = instruments

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
        return sorted(map(str, accounts_of(self._buffer)))

    def facts(self, kind: FactKind) -> Iterator[StoredFact]:
        for row in read_rows(self._buffer, KINDS[kind].model):
            if isinstance(row, UnreadableRow):
                yield StoredFact(kind=kind, account_id=row.account_id, key=row.key, problem=row.problem)
            else:
                yield self._fact(kind, row)

    def _fact(self, kind: FactKind, row: Any) -> StoredFact:
        fact = stored_fact(kind, KINDS[kind], row)
        if kind is FactKind.UNATTRIBUTED and fact.differs == ("said",) and self._has_digest_of(row, fact.value):
            return fact._replace(differs=())
        return fact

    def _has_digest_of(self, row: Any, report: VenueReport) -> bool:
        """Whether a report has the digest of its content, over those of the reports that said the same before it."""
        digest = report.content_digest
        while digest != row.said:
            known = self._buffer.fetch(_REPORT_ID, {"account_id": row.account_id, "said": digest})
            if not known:
                return False
            digest = repeat_digest(digest, str(known[0].report_id))
        return True

    def stored_orders(self, within: OrderRange = ALL_ORDERS) -> Iterator[StoredOrder]:
        return StoredOrders(self._buffer, self._instruments).read(within)

    def order_ranges(self, size: int, account_id: str | None = None) -> Sequence[OrderRange]:
        within = ALL_ORDERS if account_id is None else OrderRange.of_account(account_id)
        return order_ranges(self._buffer, size, within)

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
        for row in read_rows(self._buffer, model):
            problem: str | None
            if isinstance(row, UnreadableRow):
                problem = row.problem
            else:
                try:
                    problem = contradiction(row, expected(row))
                except UNREADABLE as error:
                    problem = f"it cannot be read ({error})"
            if problem is not None:
                yield RowProblem(model.__tablename__, row.account_id, key_of(model, row), problem)

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
