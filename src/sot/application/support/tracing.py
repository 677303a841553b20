"""Traces for events that are recorded in transactions of others: an executor's or a reconciler's."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from sot.ports.observer import observer_of
from sot.ports.store import Store, UnitOfWork

T = TypeVar("T")


class TracedStore(Store):
    """A store whose units of work have a `trace`, which is stored with every event that is recorded in them.

    `Executor(TracedStore(store, trace), venue).execute(...)` stores the trace with every event of the execution. To
    close it has no effect: the inner store belongs to whoever opened it.
    """

    def __init__(self, store: Store, trace: str) -> None:
        self.clock = store.clock
        self.ids = store.ids
        self.observer = observer_of(store)
        self._store = store
        self._trace = trace

    def begin(self, read_only: bool = False) -> UnitOfWork:
        """Begin a transaction.

        Raises:
            StoreUnavailable: The store cannot be reached.
        """
        return self._traced(self._store.begin(read_only))

    def run(self, use_case: Callable[[UnitOfWork], T], read_only: bool = False) -> T:
        """Run a use case in a transaction of its own, again after a lost race.

        Raises:
            ConcurrentUpdate: The race was lost too often.
            CommitUnknown: The answer to COMMIT was lost.
        """

        @wraps(use_case)
        def traced(uow: UnitOfWork) -> T:
            return use_case(self._traced(uow))

        return self._store.run(traced, read_only)

    def _traced(self, uow: UnitOfWork) -> UnitOfWork:
        uow.trace = self._trace
        return uow

    def horizon(self) -> int:
        """The position of the feed up to which no open transaction can add anything.

        Raises:
            StoreUnavailable: The store cannot be reached.
        """
        return self._store.horizon()

    def close(self) -> None:
        """Do nothing: the inner store may be in use elsewhere."""
