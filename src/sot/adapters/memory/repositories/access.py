"""API keys and idempotency records. They are no facts, so the feed does not have them."""

from collections.abc import Sequence
from datetime import datetime

import attrs

from sot.adapters.memory.tables import Changes
from sot.domain.access.idempotency import IdempotencyRecord
from sot.domain.access.keys import ApiKey
from sot.ports import access as ports


class ApiKeys(ports.ApiKeys):
    def __init__(self, rows: Changes[ApiKey]) -> None:
        self._rows = rows

    def add(self, key: ApiKey) -> None:
        self._rows.add(key.key_id, key)

    def get(self, key_id: str) -> ApiKey | None:
        return self._rows.get(key_id)

    def revoke(self, key_id: str, at: datetime) -> None:
        key = self._rows.get_for_update(key_id)
        if key is not None and key.revoked_at is None:
            self._rows.replace(key_id, attrs.evolve(key, revoked_at=at))

    def list(self) -> Sequence[ApiKey]:
        return sorted((key for _, key in self._rows.all()), key=lambda key: (key.created_at, key.key_id))


class IdempotencyRecords(ports.IdempotencyRecords):
    def __init__(self, rows: Changes[IdempotencyRecord]) -> None:
        self._rows = rows

    def add(self, record: IdempotencyRecord) -> None:
        self._rows.add((record.owner, record.key), record)

    def get(self, owner: str, key: str) -> IdempotencyRecord | None:
        return self._rows.get((owner, key))
