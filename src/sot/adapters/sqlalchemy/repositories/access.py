"""API keys and idempotency records. They are no facts, so the feed does not have them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select, update

from sot.adapters.sqlalchemy import rows
from sot.adapters.sqlalchemy.models import ApiKeyRow, IdempotencyRecordRow
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.domain.access.idempotency import IdempotencyRecord
from sot.domain.access.keys import ApiKey
from sot.ports import access as ports

_KEYS = select(*ApiKeyRow.__table__.columns)
_ALL_KEYS = Query(_KEYS.order_by(ApiKeyRow.created_at, ApiKeyRow.key_id))
_KEY_BY_ID = Query(_KEYS.where(ApiKeyRow.key_id == bindparam("key_id")))
_REVOKE = (
    update(ApiKeyRow)
    .where(ApiKeyRow.key_id == bindparam("revoked_key"), ApiKeyRow.revoked_at.is_(None))
    .values(revoked_at=bindparam("at"))
)
_RECORD_BY_KEY = Query(
    select(*IdempotencyRecordRow.__table__.columns).where(
        IdempotencyRecordRow.owner == bindparam("owner"), IdempotencyRecordRow.key == bindparam("key")
    )
)


class ApiKeys(ports.ApiKeys):
    def __init__(self, buffer: WriteBuffer) -> None:
        self._buffer = buffer

    def add(self, key: ApiKey) -> None:
        self._buffer.begin_change("an API key")
        self._buffer.insert("api_keys", rows.api_key_row(key))
        self._buffer.autoflush()

    def get(self, key_id: str) -> ApiKey | None:
        keys = self._fetch(_KEY_BY_ID, {"key_id": key_id})
        return keys[0] if keys else None

    def revoke(self, key_id: str, at: datetime) -> None:
        self._buffer.begin_change("the revocation of an API key")
        if self.get(key_id) is not None:  # which flushes a key that was just added
            self._buffer.execute(_REVOKE, {"revoked_key": key_id, "at": at})

    def list(self) -> Sequence[ApiKey]:
        return self._fetch(_ALL_KEYS, {})

    def _fetch(self, query: Query, parameters: dict[str, Any]) -> Sequence[ApiKey]:
        self._buffer.flush_pending("api_keys")
        return [self._read(row) for row in self._buffer.fetch(query, parameters)]

    def _read(self, row: Any) -> ApiKey:
        return rows.read(self._buffer.url, "api_keys {0.key_id}", rows.api_key_of, row)


class IdempotencyRecords(ports.IdempotencyRecords):
    def __init__(self, buffer: WriteBuffer) -> None:
        self._buffer = buffer

    def add(self, record: IdempotencyRecord) -> None:
        self._buffer.begin_change("an idempotency record")
        self._buffer.insert("idempotency_records", rows.idempotency_record_row(record))
        self._buffer.autoflush()

    def get(self, owner: str, key: str) -> IdempotencyRecord | None:
        self._buffer.flush_pending("idempotency_records")
        found = self._buffer.fetch(_RECORD_BY_KEY, {"owner": owner, "key": key})
        if not found:
            return None
        name = f"idempotency_records {owner} {key}"
        return rows.read(self._buffer.url, name, lambda: rows.idempotency_record_of(found[0]))
