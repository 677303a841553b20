"""Reconciliation rows in tables, findings with their resolutions."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, select

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.models import ReconciliationRow
from sot.adapters.sqlalchemy.repositories.paging import between, is_uuid, page_of, page_query
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.reconciliation.record import RecordedReconciliation
from sot.domain.values.errors import ConcurrentUpdate
from sot.domain.values.vocabulary import FactKind, ReconciliationType
from sot.ports import reconciliation as ports
from sot.ports.paging import Page, PageKey
from sot.ports.reconciliation import ReconciliationFilter

_TABLE = "exchange_reconciliation"
_resolution = ReconciliationRow.__table__.alias()
_ROWS = select(
    ReconciliationRow.account_id,
    ReconciliationRow.record_id,
    ReconciliationRow.recorded_at,
    ReconciliationRow.body,
    ReconciliationRow.hash,
    _resolution.c.body.label("resolution_body"),
).outerjoin(
    _resolution,
    and_(
        _resolution.c.account_id == ReconciliationRow.account_id,
        _resolution.c.finding_id == ReconciliationRow.record_id,
    ),
)
_BY_ID = Query(
    _ROWS.where(ReconciliationRow.record_id == bindparam("record_id")).order_by(ReconciliationRow.account_id)
)
_LAST_RUN = Query(
    _ROWS.where(
        ReconciliationRow.account_id == bindparam("account_id"),
        ReconciliationRow.venue == bindparam("venue"),
        ReconciliationRow.venue_account == bindparam("venue_account"),
        ReconciliationRow.type == str(ReconciliationType.RUN),
    )
    .order_by(ReconciliationRow.recorded_at.desc(), ReconciliationRow.record_id.desc())
    .limit(1)
)
_EQUAL_FIELDS = ("account_id", "venue", "venue_account", "run_id", "subject", "mismatch", "order_id")
_ID_FIELDS = ("run_id", "order_id")


class Reconciliations(ports.Reconciliations):
    def __init__(self, buffer: WriteBuffer) -> None:
        self._buffer = buffer

    def add(self, row: RecordedReconciliation) -> None:
        self._buffer.begin_change("a reconciliation row")
        if row.record_id in (row.row.run_id, row.closes):  # a foreign key to its own table would allow it
            raise ConcurrentUpdate(f"reconciliation {row.record_id} names {row.record_id}, which is not there")
        values = rows.reconciliation_row(row)
        self._buffer.insert_fact(FactKind.RECONCILIATION, _TABLE, values, row.record_id, row.recorded_at)
        self._buffer.autoflush()

    def get(self, record_id: str) -> RecordedReconciliation | None:
        return self._fetch_one(_BY_ID, record_id=record_id) if is_uuid(record_id) else None

    def last_run(self, account_id: str, venue: str, venue_account: str) -> RecordedReconciliation | None:
        return self._fetch_one(_LAST_RUN, account_id=account_id, venue=venue, venue_account=venue_account)

    def _fetch_one(self, query: Query, **parameters: Any) -> RecordedReconciliation | None:
        self._buffer.flush_pending(_TABLE)
        found = self._buffer.fetch(query, parameters)
        return self._read(found[0]) if found else None

    def _read(self, row: Any) -> RecordedReconciliation:
        return rows.read(self._buffer.url, "exchange_reconciliation {0.record_id}", rows.reconciliation_of, row)

    def list(
        self, filter: ReconciliationFilter, after: PageKey | None, limit: int
    ) -> Page[RecordedReconciliation, PageKey]:
        self._buffer.flush_pending(_TABLE)
        fields = {name: getattr(filter, name) for name in _EQUAL_FIELDS}
        parameters = {name: value for name, value in fields.items() if value is not None}
        if not all(is_uuid(parameters[name]) for name in _ID_FIELDS if name in parameters):
            return Page([])
        query = _ROWS.where(*(getattr(ReconciliationRow, name) == bindparam(name) for name in parameters))
        query = query.where(*_conditions(filter))
        query = page_query(query, ReconciliationRow.recorded_at, ReconciliationRow.record_id, after, limit)
        page = [self._read(row) for row in self._buffer.fetch_dynamic(query, parameters)]
        return page_of(page, limit, lambda row: PageKey(row.recorded_at, row.record_id))


def _conditions(filter: ReconciliationFilter) -> Iterator[ColumnElement[bool]]:
    if filter.types:
        yield ReconciliationRow.type.in_([str(type) for type in filter.types])
    if filter.is_open is not None:
        yield ReconciliationRow.type == str(ReconciliationType.FINDING)
        yield _resolution.c.finding_id.is_(None) if filter.is_open else _resolution.c.finding_id.is_not(None)
    yield from between(ReconciliationRow.recorded_at, filter.recorded_from, filter.recorded_before)
