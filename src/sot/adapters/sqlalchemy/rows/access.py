"""API keys and idempotency records as rows, and back."""

from functools import lru_cache
from typing import Any

from sot.adapters.sqlalchemy.rows.support import Values, picker
from sot.domain.access.idempotency import IdempotencyRecord
from sot.domain.access.keys import ApiKey
from sot.domain.values.canonical import read_canonical

_pick_api_key = picker(ApiKey, "key_id secret_hash created_at name revoked_at")


def api_key_row(key: ApiKey) -> Values:
    """Return the row of `api_keys`."""
    row = _pick_api_key(key)
    row["scopes"] = ",".join(key.scopes)
    row["accounts"] = None if key.accounts is None else ApiKey.KINDS["accounts"].write(key.accounts)
    return row


@lru_cache(maxsize=1_000)
def api_key_of(row: Any) -> ApiKey:
    """Return the key of a row of `api_keys`; cached, because a client sends its key with every request."""
    values = _pick_api_key(row)
    values["scopes"] = [scope for scope in row.scopes.split(",") if scope]
    values["accounts"] = None if row.accounts is None else read_canonical(row.accounts)
    return ApiKey(**values)


_pick_idempotency_record = picker(IdempotencyRecord, "owner key fingerprint status body recorded_at")


def idempotency_record_row(record: IdempotencyRecord) -> Values:
    """Return the row of `idempotency_records`."""
    row = _pick_idempotency_record(record)
    row["headers"] = None if record.headers is None else IdempotencyRecord.KINDS["headers"].write(record.headers)
    return row


def idempotency_record_of(row: Any) -> IdempotencyRecord:
    """Return the record of a row of `idempotency_records`."""
    values = _pick_idempotency_record(row)
    return IdempotencyRecord(**values, headers=None if row.headers is None else read_canonical(row.headers))
