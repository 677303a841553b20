"""What causes the events that somebody else's transactions record: an executor's, a reconciler's."""

from collections.abc import Callable
from typing import TypeVar

from sot.ports.store import Store, UnitOfWork

T = TypeVar("T")


class TracedStore(Store):
    """Another store, whose units of work have this `trace`: what is recorded in them keeps it.

    `Executor(TracedStore(store, trace), venue).execute(...)` keeps the trace with every event of the execution. Closing
    it closes nothing: the store belongs to whoever opened it.
    """

    def __init__(self, store: Store, trace: str) -> None:
        self.clock = store.clock
        self.ids = store.ids
        self._store = store
        self._trace = trace

    def begin(self, read_only: bool = False) -> UnitOfWork:
        """A new transaction. Raises: StoreUnavailable."""
        return self._traced(self._store.begin(read_only))

    def run(self, use_case: Callable[[UnitOfWork], T], read_only: bool = False) -> T:
        """Run a use case in a transaction of its own, again if a race was lost.

        Raises: ConcurrentUpdate: lost too often. CommitUnknown.
        """
        return self._store.run(lambda uow: use_case(self._traced(uow)), read_only)

    def _traced(self, uow: UnitOfWork) -> UnitOfWork:
        uow.trace = self._trace
        return uow

    def horizon(self) -> int:
        """The position of the feed up to which everything is settled. Raises: StoreUnavailable."""
        return self._store.horizon()

    def close(self) -> None:
        """Nothing: the store may be in use elsewhere."""
