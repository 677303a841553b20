"""A store in memory: isolation, rollback, uniqueness and version checks like a database, without durability."""

from collections.abc import Callable
from threading import RLock
from types import TracebackType
from typing import Any, Self, TypeVar

from sot.adapters.memory import repositories
from sot.adapters.memory.tables import Changes
from sot.application.retry import run_with_retries
from sot.application.system import SystemClock, TimeOrderedIds
from sot.domain.errors import ReadOnly
from sot.ports.clock import Clock
from sot.ports.ids import IdSource
from sot.ports.store import Store, UnitOfWork

T = TypeVar("T")


class MemoryStore(Store):
    """Keeps everything in this process; any number of threads may use it.

    Units of work see what is committed and what they wrote themselves. Who commits second with a conflicting change
    gets ConcurrentUpdate and has changed nothing.
    """

    def __init__(self, clock: Clock | None = None, ids: IdSource | None = None) -> None:
        self.clock = clock or SystemClock()
        self.ids = ids or TimeOrderedIds()
        self._tables = repositories.Tables()
        self._lock = RLock()

    def begin(self, read_only: bool = False) -> "MemoryUnitOfWork":
        """A new transaction."""
        return MemoryUnitOfWork(self._tables, self._lock, self.clock, self.ids, read_only)

    def run(self, use_case: Callable[[UnitOfWork], T], read_only: bool = False) -> T:
        """Run a use case in a transaction of its own, again if a race was lost."""
        return run_with_retries(lambda: self.begin(read_only), use_case, commits=not read_only)

    def close(self) -> None:
        """Nothing to let go of; what is kept stays readable."""


class MemoryUnitOfWork(UnitOfWork):
    """A transaction on a `MemoryStore`."""

    def __init__(
        self, tables: repositories.Tables, lock: RLock, clock: Clock, ids: IdSource, read_only: bool  # type: ignore[valid-type]
    ) -> None:
        self.clock = clock
        self.ids = ids
        self._tables = tables
        self._lock: Any = lock
        self._read_only = read_only
        self._start()

    def _start(self) -> None:
        tables = self._tables
        with self._lock:
            instruments = Changes(tables.instruments)
            requests = Changes(tables.requests)
            orders = Changes(tables.orders)
            identifiers = Changes(tables.identifiers)
            events = Changes(tables.events)
            fills = Changes(tables.fills)
            reports = Changes(tables.reports)
            waiting = Changes(tables.waiting)
            costs = Changes(tables.costs)
            pnl = Changes(tables.pnl)
        self._changes: tuple[Changes[Any], ...] = (
            instruments,
            requests,
            orders,
            identifiers,
            events,
            fills,
            reports,
            waiting,
            costs,
            pnl,
        )
        self.instruments = repositories.Instruments(instruments)
        self.requests = repositories.Requests(requests, events)
        self.orders = repositories.Orders(orders, identifiers)
        self.identifiers = repositories.Identifiers(identifiers, waiting)
        self.events = repositories.Events(events)
        self.fills = repositories.Fills(fills)
        self.reports = repositories.Reports(reports, waiting)
        self.costs = repositories.Costs(costs)
        self.pnl = repositories.PnlSnapshots(pnl)

    def commit(self) -> None:
        """Keep everything, or nothing if a race was lost."""
        if self._read_only:
            raise ReadOnly("commit")
        with self._lock:
            try:
                for changes in self._changes:
                    changes.check()
                for changes in self._changes:
                    changes.commit()
            finally:
                self._start()

    def rollback(self) -> None:
        """Forget what was not committed."""
        self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.rollback()
