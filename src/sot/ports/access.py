"""What the HTTP adapter needs of a store beside the history: API keys and idempotency records.

They are no facts. A store that serves the library alone need not have them; one that serves the HTTP adapter is an
`AccessStore`, so that a recorded answer is committed together with its effect.
"""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol, TypeVar

from sot.domain.access.idempotency import IdempotencyRecord
from sot.domain.access.keys import ApiKey
from sot.ports.store import Store, UnitOfWork

T = TypeVar("T")


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


class AccessUnitOfWork(UnitOfWork, Protocol):
    """A unit of work that holds API keys and idempotency records, too."""

    api_keys: ApiKeys
    idempotency_records: IdempotencyRecords


class AccessStore(Store, Protocol):
    """A store whose units of work hold API keys and idempotency records, too."""

    @abstractmethod
    def begin(self, read_only: bool = False) -> AccessUnitOfWork:
        """Begin a transaction; see `Store.begin`."""
        raise NotImplementedError

    @abstractmethod
    def run(self, use_case: Callable[[AccessUnitOfWork], T], read_only: bool = False) -> T:
        """Run a use case in a transaction of its own; see `Store.run`."""
        raise NotImplementedError
