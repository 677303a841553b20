"""A store in memory: isolation, rollback, uniqueness and version checks like a database, without durability."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cached_property
from threading import RLock
from types import TracebackType
from typing import Any, Self, TypeVar

from sot.adapters.memory import feed as feeds
from sot.adapters.memory import repositories
from sot.adapters.memory.access import ApiKeys, IdempotencyRecords
from sot.adapters.memory.reconciliations import Reconciliations
from sot.adapters.memory.tables import Changes
from sot.application.retry import run_with_retries
from sot.application.system import SystemClock, TimeOrderedIds
from sot.domain.errors import ReadOnly
from sot.ports.clock import Clock
from sot.ports.ids import IdSource
from sot.ports.store import Store, UnitOfWork

T = TypeVar("T")


_REPOSITORIES = (
    "account_events",
    "api_keys",
    "audit",
    "costs",
    "events",
    "feed",
    "fills",
    "idempotency_records",
    "identifiers",
    "instruments",
    "orders",
    "pnl",
    "positions",
    "reconciliations",
    "reports",
    "requests",
    "seals",
    "states",
)


class MemoryStore(Store):
    """Keeps everything in this process; any number of threads may use it.

    Units of work see what is committed and what they wrote themselves. Who commits second with a conflicting change
    gets ConcurrentUpdate and has changed nothing.
    """

    def __init__(self, clock: Clock | None = None, ids: IdSource | None = None) -> None:
        self.clock = clock or SystemClock()
        self.ids = ids or TimeOrderedIds()
        self._tables = repositories.Tables()
        self._places = feeds.Places()
        self._lock: AbstractContextManager[object] = RLock()

    def begin(self, read_only: bool = False) -> "MemoryUnitOfWork":
        """A new transaction."""
        return MemoryUnitOfWork(self._tables, self._lock, self.clock, self.ids, read_only, self._places)

    def run(self, use_case: Callable[[UnitOfWork], T], read_only: bool = False) -> T:
        """Run a use case in a transaction of its own, again if a race was lost."""
        return run_with_retries(lambda: self.begin(read_only), use_case, commits=not read_only)

    def horizon(self) -> int:
        """How many facts are committed: each has its place in the feed at the moment of its commit."""
        return len(self._tables.feed)

    def close(self) -> None:
        """Nothing to let go of; what is kept stays readable."""


class MemoryUnitOfWork(UnitOfWork):
    """A transaction on a `MemoryStore`."""

    def __init__(
        self,
        tables: repositories.Tables,
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
        self._fed: list[repositories.Fed | None] = []
        self._places = places

    def _of(self, table: str) -> Changes[Any]:
        changes = self._changes.get(table)
        if changes is None:
            changes = self._changes[table] = Changes(getattr(self._tables, table))
        return changes

    # Repositories are made when they are first used: most units of work need few.

    @cached_property
    def instruments(self) -> repositories.Instruments:  # type: ignore[override]
        """Versions of instruments."""
        return repositories.Instruments(self._of("instruments"), self._fed)

    @cached_property
    def requests(self) -> repositories.Requests:  # type: ignore[override]
        """Intents."""
        return repositories.Requests(self._of("requests"), self._of("events"), self._fed)

    @cached_property
    def orders(self) -> repositories.Orders:  # type: ignore[override]
        """Orders."""
        return repositories.Orders(self._of("orders"), self._of("identifiers"))

    @cached_property
    def identifiers(self) -> repositories.Identifiers:  # type: ignore[override]
        """Names of orders."""
        return repositories.Identifiers(self._of("identifiers"), self._of("waiting"))

    @cached_property
    def events(self) -> repositories.Events:  # type: ignore[override]
        """Facts about orders."""
        return repositories.Events(self._of("events"), self._fed)

    @cached_property
    def fills(self) -> repositories.Fills:  # type: ignore[override]
        """Executions."""
        return repositories.Fills(self._of("fills"), lambda: self.feed)

    @cached_property
    def reports(self) -> repositories.Reports:  # type: ignore[override]
        """Unattributed reports."""
        return repositories.Reports(self._of("reports"), self._of("waiting"), self._fed)

    @cached_property
    def costs(self) -> repositories.Costs:  # type: ignore[override]
        """Costs of orders."""
        return repositories.Costs(self._of("costs"))

    @cached_property
    def pnl(self) -> repositories.PnlSnapshots:  # type: ignore[override]
        """Profit and loss of orders."""
        return repositories.PnlSnapshots(self._of("pnl"))

    @cached_property
    def account_events(self) -> repositories.AccountEvents:  # type: ignore[override]
        """Account events."""
        return repositories.AccountEvents(self._of("account_events"), self._fed)

    @cached_property
    def reconciliations(self) -> Reconciliations:  # type: ignore[override]
        """Rows of reconciliations."""
        return Reconciliations(self._of("reconciliations"), self._fed)

    @cached_property
    def positions(self) -> repositories.Positions:  # type: ignore[override]
        """Positions and their checkpoints."""
        return repositories.Positions(self._of("positions"))

    @cached_property
    def states(self) -> repositories.States:  # type: ignore[override]
        """States of orders after some of their events."""
        return repositories.States(self._of("states"))

    @cached_property
    def api_keys(self) -> ApiKeys:  # type: ignore[override]
        """Keys of the API."""
        return ApiKeys(self._of("api_keys"))

    @cached_property
    def idempotency_records(self) -> IdempotencyRecords:  # type: ignore[override]
        """Recorded answers."""
        return IdempotencyRecords(self._of("idempotency_records"))

    @cached_property
    def feed(self) -> feeds.Feed:  # type: ignore[override]
        """Facts in the order in which they were recorded."""
        return feeds.Feed(self._tables, self._fed, self._places)

    @cached_property
    def audit(self) -> feeds.Audit:  # type: ignore[override]
        """Everything that is kept."""
        return feeds.Audit(self._of, self.feed)

    @cached_property
    def seals(self) -> feeds.Seals:  # type: ignore[override]
        """Checkpoints."""
        return feeds.Seals(self._of("checkpoints"))

    def commit(self) -> None:
        """Keep everything, or nothing if a race was lost."""
        if self._read_only:
            raise ReadOnly("commit")
        try:
            with self._lock:
                for changes in self._changes.values():
                    changes.check()
                for changes in self._changes.values():
                    changes.commit()
                self._tables.feed += self._fed
        finally:
            self.rollback()

    def rollback(self) -> None:
        """Forget what was not committed."""
        self._changes.clear()
        self._fed = []
        for name in _REPOSITORIES:
            self.__dict__.pop(name, None)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.rollback()
