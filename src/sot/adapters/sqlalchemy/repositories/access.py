"""Keys of the API and recorded answers: rows that are no facts, so that the feed does not tell of them."""

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
_EVERY_KEY = Query(_KEYS.order_by(ApiKeyRow.created_at, ApiKeyRow.key_id))
_ONE_KEY = Query(_KEYS.where(ApiKeyRow.key_id == bindparam("key_id")))
_REVOKE = (
    update(ApiKeyRow)
    .where(ApiKeyRow.key_id == bindparam("revoked"), ApiKeyRow.revoked_at.is_(None))
    .values(revoked_at=bindparam("at"))
)
_ONE_RECORD = Query(
    select(*IdempotencyRecordRow.__table__.columns).where(
        IdempotencyRecordRow.owner == bindparam("owner"), IdempotencyRecordRow.key == bindparam("key")
    )
)


class ApiKeys(ports.ApiKeys):
    def __init__(self, buffer: WriteBuffer) -> None:
        self._buffer = buffer

    def add(self, key: ApiKey) -> None:
        self._buffer.check_writable("a key of the API")
        self._buffer.insert("api_keys", rows.api_key_row(key))
        self._buffer.autoflush()

    def get(self, key_id: str) -> ApiKey | None:
        found = self._found(_ONE_KEY, {"key_id": key_id})
        return found[0] if found else None

    def revoke(self, key_id: str, at: datetime) -> None:
        self._buffer.check_writable("the end of a key of the API")
        if self.get(key_id) is not None:  # which also writes a key that was just added
            self._buffer.execute(_REVOKE, {"revoked": key_id, "at": at})

    def list(self) -> Sequence[ApiKey]:
        return self._found(_EVERY_KEY, {})

    def _found(self, query: Query, parameters: dict[str, Any]) -> Sequence[ApiKey]:
        self._buffer.flush()
        return [self._read(row) for row in self._buffer.fetch(query, parameters)]

    def _read(self, row: Any) -> ApiKey:
        return rows.read(self._buffer.url, f"api_keys {row.key_id}", lambda: rows.api_key_of(row))


class IdempotencyRecords(ports.IdempotencyRecords):
    def __init__(self, buffer: WriteBuffer) -> None:
        self._buffer = buffer

    def add(self, record: IdempotencyRecord) -> None:
        self._buffer.check_writable("a recorded answer")
        self._buffer.insert("idempotency_records", rows.idempotency_record_row(record))
        self._buffer.autoflush()

    def get(self, owner: str, key: str) -> IdempotencyRecord | None:
        self._buffer.flush()
        found = self._buffer.fetch(_ONE_RECORD, {"owner": owner, "key": key})
        if not found:
            return None
        what = f"idempotency_records {owner} {key}"
        return rows.read(self._buffer.url, what, lambda: rows.idempotency_record_of(found[0]))
