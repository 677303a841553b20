"""Repositories of API keys and idempotency records: what the HTTP adapter needs of a store beside the history."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from sot.domain.access.idempotency import IdempotencyRecord
from sot.domain.access.keys import ApiKey


class ApiKeys(Protocol):
    """Keys of the API. They are no facts: they can be revoked, and no checkpoint seals them."""

    @abstractmethod
    def add(self, key: ApiKey) -> None:
        """Keep a new key. Raises at the latest on commit: ConcurrentUpdate, if its `key_id` is taken."""
        raise NotImplementedError

    @abstractmethod
    def get(self, key_id: str) -> ApiKey | None:
        """The key of this id, revoked or not."""
        raise NotImplementedError

    @abstractmethod
    def revoke(self, key_id: str, at: datetime) -> None:
        """From now on the key opens nothing; revoking it again, or one that is not there, changes nothing.

        Raises at the latest on commit: ConcurrentUpdate, if somebody else revoked it at the same time.
        """
        raise NotImplementedError

    @abstractmethod
    def list(self) -> Sequence[ApiKey]:
        """All keys, by (created_at, key_id)."""
        raise NotImplementedError


class IdempotencyRecords(Protocol):
    """Answers that are given again to whoever asks the same under the same key: append-only, and no facts."""

    @abstractmethod
    def add(self, record: IdempotencyRecord) -> None:
        """Keep one. Raises at the latest on commit: ConcurrentUpdate, if the owner has one under this key."""
        raise NotImplementedError

    @abstractmethod
    def get(self, owner: str, key: str) -> IdempotencyRecord | None:
        """What was answered under this key."""
        raise NotImplementedError
