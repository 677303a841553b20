"""A store that counts commits, lost races and errors."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TypeVar

from sot.adapters.http.metrics import Metrics
from sot.domain.values.errors import CommitUnknown, ConcurrentUpdate, StoreError
from sot.ports.access import AccessStore, AccessUnitOfWork
from sot.ports.clock import Clock
from sot.ports.ids import IdSource
from sot.ports.observer import Observer, observer_of

T = TypeVar("T")


class MeteredStore(AccessStore):
    """A store whose use cases are counted. What is committed in a unit of work of `begin` is not.

    To close it has no effect: the inner store belongs to whoever opened it.
    """

    def __init__(self, store: AccessStore, metrics: Metrics) -> None:
        self._store = store
        self._metrics = metrics

    @property
    def clock(self) -> Clock:  # type: ignore[override]
        """The clock of the inner store."""
        return self._store.clock

    @property
    def ids(self) -> IdSource:  # type: ignore[override]
        """The ids of the inner store."""
        return self._store.ids

    @property
    def observer(self) -> Observer:  # type: ignore[override]
        """The observer of the inner store."""
        return observer_of(self._store)

    def begin(self, read_only: bool = False) -> AccessUnitOfWork:
        """Begin a transaction.

        Raises:
            StoreUnavailable: The store cannot be reached.
        """
        return self._store.begin(read_only=read_only)

    def run(self, use_case: Callable[[AccessUnitOfWork], T], read_only: bool = False) -> T:
        """Run a use case in a transaction of its own, again after a lost race.

        Raises:
            ConcurrentUpdate: The race was lost too often.
            CommitUnknown: The answer to COMMIT was lost.
        """
        attempts = 0

        @wraps(use_case)
        def attempt(uow: AccessUnitOfWork) -> T:
            nonlocal attempts
            attempts += 1
            return use_case(uow)

        try:
            result = self._store.run(attempt, read_only=read_only)
        finally:
            # Every attempt but the last one has lost its race. The last one counts where its error does.
            self._metrics.conflicts.inc(max(0, attempts - 1))
        if not read_only:
            self._metrics.commits.inc()
        return result

    def horizon(self) -> int:
        """The position of the feed up to which no open transaction can add anything.

        Raises:
            StoreUnavailable: The store cannot be reached.
        """
        return self._store.horizon()

    def close(self) -> None:
        """Do nothing: the inner store may be in use elsewhere."""


@contextmanager
def counted_errors(metrics: Metrics) -> Iterator[None]:
    """Count the error with which a request ends, if the store caused it."""
    try:
        yield
    except (StoreError, CommitUnknown) as error:
        metrics.store_errors.labels(type(error).__name__).inc()
        raise
    except ConcurrentUpdate:
        metrics.conflicts.inc()
        raise
