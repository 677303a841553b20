"""A store in memory: isolation, rollback, uniqueness and version checks like a database, without durability."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from threading import RLock
from types import TracebackType
from typing import Any, Self, TypeVar

from sot.adapters.memory.committed import Fed, Tables
from sot.adapters.memory.repositories import audit as feeds
from sot.adapters.memory.repositories.access import ApiKeys, IdempotencyRecords
from sot.adapters.memory.repositories.accounting import AccountEvents, Costs, PnlSnapshots, Positions
from sot.adapters.memory.repositories.orders import (
    Events,
    Fills,
    Identifiers,
    Instruments,
    Orders,
    Reports,
    Requests,
    States,
)
from sot.adapters.memory.repositories.reconciliation import Reconciliations
from sot.adapters.memory.tables import Changes
from sot.application.support.lazy import clear_lazy, lazy
from sot.application.support.retry import run_with_retries
from sot.application.support.system import SystemClock, TimeOrderedIds
from sot.domain.values.errors import ReadOnly
from sot.ports.access import AccessStore, AccessUnitOfWork
from sot.ports.clock import Clock
from sot.ports.ids import IdSource
from sot.ports.store import UnitOfWork

T = TypeVar("T")


class MemoryStore(AccessStore):
    """Keeps everything in this process; any number of threads may use it.

    Units of work see what is committed and what they wrote themselves. Who commits second with a conflicting change
    gets ConcurrentUpdate and has changed nothing.
    """

    def __init__(self, clock: Clock | None = None, ids: IdSource | None = None) -> None:
        self.clock = clock or SystemClock()
        self.ids = ids or TimeOrderedIds()
        self._tables = Tables()
        self._places = feeds.Places()
        self._lock: AbstractContextManager[object] = RLock()

    def begin(self, read_only: bool = False) -> "MemoryUnitOfWork":
        """A new transaction."""
        return MemoryUnitOfWork(self._tables, self._lock, self.clock, self.ids, read_only, self._places)

    def run(self, use_case: Callable[["MemoryUnitOfWork"], T], read_only: bool = False) -> T:
        """Run a use case in a transaction of its own, again if a race was lost."""
        return run_with_retries(lambda: self.begin(read_only), use_case, commits=not read_only)

    def horizon(self) -> int:
        """How many facts are committed: each has its place in the feed at the moment of its commit."""
        return len(self._tables.feed)

    def close(self) -> None:
        """Nothing to let go of; what is kept stays readable."""


class HistoryUnitOfWork(UnitOfWork):
    """A transaction on tables in memory, with every repository of the history."""

    def __init__(
        self,
        tables: Tables,
        lock: AbstractContextManager[object],
        clock: Clock,
        ids: IdSource,
        read_only: bool,
        places: feeds.Places,
    ) -> None:
        self.clock = clock
        self.ids = ids
        self._tables = tables
        self._lock = lock
        self._read_only = read_only
        self._changes: dict[str, Changes[Any]] = {}
        self._fed: list[Fed] = []
        self._places = places

    def _of(self, table: str) -> Changes[Any]:
        changes = self._changes.get(table)
        if changes is None:
            changes = self._changes[table] = Changes(getattr(self._tables, table))
        return changes

    # Repositories are made when they are first used: most units of work need few.

    instruments: Instruments = lazy(lambda uow: Instruments(uow._of("instruments"), uow._fed))
    requests: Requests = lazy(lambda uow: Requests(uow._of("requests"), uow._of("events"), uow._fed))
    orders: Orders = lazy(lambda uow: Orders(uow._of("orders"), uow._of("identifiers")))
    identifiers: Identifiers = lazy(lambda uow: Identifiers(uow._of("identifiers"), uow._of("waiting")))
    events: Events = lazy(lambda uow: Events(uow._of("events"), uow._fed))
    fills: Fills = lazy(lambda uow: Fills(uow._of("fills"), lambda: uow.feed))
    reports: Reports = lazy(lambda uow: Reports(uow._of("reports"), uow._of("waiting"), uow._fed))
    costs: Costs = lazy(lambda uow: Costs(uow._of("costs")))
    pnl: PnlSnapshots = lazy(lambda uow: PnlSnapshots(uow._of("pnl")))
    account_events: AccountEvents = lazy(lambda uow: AccountEvents(uow._of("account_events"), uow._fed))
    reconciliations: Reconciliations = lazy(lambda uow: Reconciliations(uow._of("reconciliations"), uow._fed))
    positions: Positions = lazy(lambda uow: Positions(uow._of("positions")))
    states: States = lazy(lambda uow: States(uow._of("states")))
    feed: feeds.Feed = lazy(lambda uow: feeds.Feed(uow._tables, uow._fed, uow._places))
    audit: feeds.Audit = lazy(lambda uow: feeds.Audit(uow._of, uow.feed))
    checkpoints: feeds.Checkpoints = lazy(lambda uow: feeds.Checkpoints(uow._of("checkpoints")))

    def commit(self) -> None:
        """Keep everything, or nothing if a race was lost."""
        if self._read_only:
            raise ReadOnly("commit")
        try:
            with self._lock:
                for changes in self._changes.values():
                    changes.check()
                self._before_commit()
                for changes in self._changes.values():
                    changes.commit()
                self._tables.feed += self._fed
        finally:
            self.rollback()

    def _before_commit(self) -> None:
        """Store what is about to be committed elsewhere; an error here means that nothing is committed."""

    def rollback(self) -> None:
        """Forget what was not committed."""
        self._changes.clear()
        self._fed = []
        clear_lazy(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.rollback()


class MemoryUnitOfWork(HistoryUnitOfWork, AccessUnitOfWork):
    """A transaction on a `MemoryStore`."""

    api_keys: ApiKeys = lazy(lambda uow: ApiKeys(uow._of("api_keys")))
    idempotency_records: IdempotencyRecords = lazy(lambda uow: IdempotencyRecords(uow._of("idempotency_records")))
