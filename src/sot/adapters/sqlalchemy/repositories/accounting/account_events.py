"""Account events in tables."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, bindparam, exists, select

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.models import AccountEventRow
from sot.adapters.sqlalchemy.repositories.paging import between, is_uuid, page_of, page_query
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.accounting.account_event import AccountEvent, RecordedAccountEvent
from sot.domain.values.vocabulary import FactKind
from sot.ports import accounting as ports
from sot.ports.accounting import AccountEventFilter
from sot.ports.paging import Page, PageKey

_TABLE = "account_events"
_EVENTS = select(*AccountEventRow.__table__.columns)
_OF_ACCOUNT = _EVENTS.where(AccountEventRow.account_id == bindparam("account_id"))
_BY_ID = Query(_EVENTS.where(AccountEventRow.event_id == bindparam("event_id")))
_BY_CONTENT_DIGEST = Query(_OF_ACCOUNT.where(AccountEventRow.said == bindparam("content_digest")))
_BY_IDENTITY = Query(_OF_ACCOUNT.where(AccountEventRow.identity == bindparam("identity")))
_REPLACEMENT = Query(_OF_ACCOUNT.where(AccountEventRow.replaces == bindparam("event_id")))

_replacement = AccountEventRow.__table__.alias()
_EFFECTIVE = _OF_ACCOUNT.where(
    AccountEventRow.counts,
    ~exists().where(
        and_(
            _replacement.c.account_id == AccountEventRow.account_id,
            _replacement.c.replaces == AccountEventRow.event_id,
        )
    ),
).order_by(AccountEventRow.recorded_at, AccountEventRow.event_id)


class AccountEvents(ports.AccountEvents):
    def __init__(self, buffer: WriteBuffer) -> None:
        self._buffer = buffer

    def add(self, event: RecordedAccountEvent) -> None:
        self._buffer.begin_change("an account event")
        row = rows.account_event_row(event)
        self._buffer.insert_fact(FactKind.ACCOUNT_EVENT, _TABLE, row, event.event_id, event.recorded_at)
        self._buffer.autoflush()

    def _fetch_one(self, query: Query, **parameters: Any) -> RecordedAccountEvent | None:
        self._buffer.flush_pending(_TABLE)
        found = self._buffer.fetch(query, parameters)
        return self._read(found[0]) if found else None

    def _read(self, row: Any) -> RecordedAccountEvent:
        return rows.read(self._buffer.url, "account_events {0.event_id}", rows.account_event_of, row)

    def get(self, event_id: str) -> RecordedAccountEvent | None:
        return self._fetch_one(_BY_ID, event_id=event_id) if is_uuid(event_id) else None

    def by_content_digest(self, account_id: str, content_digest: str) -> RecordedAccountEvent | None:
        return self._fetch_one(_BY_CONTENT_DIGEST, account_id=account_id, content_digest=content_digest)

    def by_identity(self, account_id: str, identity: str) -> RecordedAccountEvent | None:
        return self._fetch_one(_BY_IDENTITY, account_id=account_id, identity=identity)

    def replacement_of(self, account_id: str, event_id: str) -> RecordedAccountEvent | None:
        if not is_uuid(event_id):
            return None
        return self._fetch_one(_REPLACEMENT, account_id=account_id, event_id=event_id)

    def effective(
        self, account_id: str, venue: str | None = None, symbol: str | None = None, since: datetime | None = None
    ) -> Sequence[AccountEvent]:
        self._buffer.flush_pending(_TABLE)
        query = _EFFECTIVE
        parameters: dict[str, Any] = {}
        if venue is not None:
            query = query.where(AccountEventRow.venue == bindparam("venue"))
            parameters["venue"] = venue
        if symbol is not None:
            is_about = AccountEventRow.symbol == bindparam("symbol")
            query = query.where(is_about | (AccountEventRow.to_symbol == bindparam("symbol")))
            parameters["symbol"] = symbol
        if since is not None:
            query = query.where(AccountEventRow.occurred_at >= bindparam("since"))
            parameters["since"] = since
        found = self._buffer.fetch_dynamic(query, {"account_id": account_id, **parameters})
        return [self._read(row).event for row in found]

    def list(
        self, filter: AccountEventFilter, after: PageKey | None, limit: int
    ) -> Page[RecordedAccountEvent, PageKey]:
        self._buffer.flush_pending(_TABLE)
        names = ("account_id", "type", "venue", "symbol", "to_symbol", "venue_account")
        fields = {name: getattr(filter, name) for name in names}
        parameters = {name: value for name, value in fields.items() if value is not None}
        query = _EVENTS.where(*(getattr(AccountEventRow, name) == bindparam(name) for name in parameters))
        query = query.where(*between(AccountEventRow.occurred_at, filter.occurred_from, filter.occurred_before))
        query = page_query(query, AccountEventRow.recorded_at, AccountEventRow.event_id, after, limit)
        events = [self._read(row) for row in self._buffer.fetch_dynamic(query, parameters)]
        return page_of(events, limit, lambda event: PageKey(event.recorded_at, event.event_id))
