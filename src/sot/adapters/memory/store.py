"""A store in memory, with the isolation, rollback, uniqueness and version checks of a database."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from operator import attrgetter
from threading import RLock
from types import TracebackType
from typing import Any, Self, TypeVar

from sot.adapters.memory.committed import FeedEntry, Tables
from sot.adapters.memory.freezing import Freezer
from sot.adapters.memory.order_rows import OrderChanges
from sot.adapters.memory.repositories.access import ApiKeys, IdempotencyRecords
from sot.adapters.memory.repositories.accounting import AccountEvents, Costs, PnlSnapshots, Positions
from sot.adapters.memory.repositories.audit import Audit, Checkpoints, Feed, FeedIndex
from sot.adapters.memory.repositories.orders import Events, Fills, Identifiers, Orders, States
from sot.adapters.memory.repositories.reconciliation import Reconciliations
from sot.adapters.memory.repositories.reports import Reports
from sot.adapters.memory.repositories.requests import Instruments, Requests
from sot.adapters.memory.tables import Changes
from sot.application.support.exclusive_use import ExclusiveUse
from sot.application.support.lazy import clear_lazy, lazy
from sot.application.support.retry import run_with_retries
from sot.application.support.system import SystemClock, TimeOrderedIds
from sot.application.support.watched_run import WatchedRun
from sot.domain.values.errors import ReadOnly, error_after_failure
from sot.ports.access import AccessStore, AccessUnitOfWork
from sot.ports.clock import Clock
from sot.ports.ids import IdSource
from sot.ports.store import UnitOfWork

T = TypeVar("T")

_COUNT = attrgetter("count")


class MemoryStore(AccessStore):
    """A store in the memory of this process; any number of threads may use it.

    A unit of work sees what is committed and what it wrote itself. Of two units of work with conflicting changes, the
    one that commits second raises ConcurrentUpdate and changes nothing.

    Args:
        clock: The time; the system's by default.
        ids: Where new ids come from; ids that ascend with time by default.
        freeze_every: After so many commits, everything that is alive in the process is kept out of the garbage
            collector (`gc.freeze`): recording into a large store stays as fast as into a small one. Objects are freed
            as before, but for reference cycles that were frozen alive and became garbage later, of the application,
            too: `gc.unfreeze` lets the collector see them again. By default nothing is frozen.

    Raises:
        InvalidInput: `freeze_every` is no number of commits.
    """

    def __init__(
        self, clock: Clock | None = None, ids: IdSource | None = None, *, freeze_every: int | None = None
    ) -> None:
        self.clock = clock or SystemClock()
        self.ids = ids or TimeOrderedIds()
        self._tables = Tables()
        self._feed_index = FeedIndex()
        self._lock: AbstractContextManager[object] = RLock()
        self._freezer = None if freeze_every is None else Freezer(freeze_every)

    def begin(self, read_only: bool = False) -> "MemoryUnitOfWork":
        """Begin a transaction."""
        uow = MemoryUnitOfWork(self._tables, self._lock, self.clock, self.ids, read_only, self._feed_index)
        uow.freezer = self._freezer
        uow.trace = self.observer.trace()
        return uow

    def run(self, use_case: Callable[["MemoryUnitOfWork"], T], read_only: bool = False) -> T:
        """Run a use case in a transaction of its own, again if it lost a race."""
        with WatchedRun(use_case, self.observer, read_only) as watched:
            return run_with_retries(lambda: self.begin(read_only), watched, commits=not read_only)

    def horizon(self) -> int:
        """The number of committed facts: a fact gets its feed position when it is committed."""
        return len(self._tables.feed)

    def close(self) -> None:
        """Do nothing: the store stays usable."""


class HistoryUnitOfWork(UnitOfWork):
    """A transaction on tables in memory, with all repositories of the history."""

    def __init__(
        self,
        tables: Tables,
        lock: AbstractContextManager[object],
        clock: Clock,
        ids: IdSource,
        read_only: bool,
        feed_index: FeedIndex,
    ) -> None:
        self.clock = clock
        self.ids = ids
        self._tables = tables
        self._lock = lock
        self._read_only = read_only
        self._changes: dict[str, Changes[Any] | OrderChanges] = {}
        self._added_facts: list[FeedEntry] = []
        self._feed_index = feed_index
        self._failure: BaseException | None = None
        self._threads = ExclusiveUse()

    def _changes_of(self, table: str) -> Changes[Any]:
        changes = self._changes.get(table)
        if changes is None:
            changes = self._changes[table] = getattr(self._tables, table).changes()
        assert isinstance(changes, Changes)
        return changes

    def _begin_orders(self) -> OrderChanges:
        changes = self._changes["orders"] = self._tables.orders.changes()
        return changes

    _order_changes: OrderChanges = lazy(lambda uow: uow._begin_orders())

    # Repositories are made on first access: most units of work need few.

    instruments: Instruments = lazy(lambda uow: Instruments(uow._changes_of("instruments"), uow._added_facts))
    requests: Requests = lazy(lambda uow: Requests(uow._changes_of("requests"), uow._order_changes, uow._added_facts))
    orders: Orders = lazy(lambda uow: Orders(uow._order_changes))
    identifiers: Identifiers = lazy(lambda uow: Identifiers(uow._order_changes, uow._changes_of("waiting")))
    events: Events = lazy(lambda uow: Events(uow._order_changes, uow._added_facts))
    fills: Fills = lazy(lambda uow: Fills(uow._order_changes, lambda: uow.feed))
    reports: Reports = lazy(
        lambda uow: Reports(uow._changes_of("reports"), uow._changes_of("waiting"), uow._added_facts)
    )
    costs: Costs = lazy(lambda uow: Costs(uow._order_changes))
    pnl: PnlSnapshots = lazy(lambda uow: PnlSnapshots(uow._changes_of("pnl")))
    account_events: AccountEvents = lazy(lambda uow: AccountEvents(uow._changes_of("account_events"), uow._added_facts))
    reconciliations: Reconciliations = lazy(
        lambda uow: Reconciliations(uow._changes_of("reconciliations"), uow._added_facts)
    )
    positions: Positions = lazy(lambda uow: Positions(uow._changes_of("positions")))
    states: States = lazy(lambda uow: States(uow._changes_of("states")))
    feed: Feed = lazy(lambda uow: Feed(uow._tables, uow._added_facts, uow._feed_index))
    audit: Audit = lazy(lambda uow: Audit(uow._changes_of, uow._order_changes, uow.feed))
    checkpoints: Checkpoints = lazy(lambda uow: Checkpoints(uow._changes_of("checkpoints")))

    def commit(self) -> None:
        """Commit everything, or nothing.

        Raises:
            ConcurrentUpdate: Another unit of work was faster.
            ReadOnly: The unit of work was begun with `read_only`.
            UnitOfWorkFailed: A use case failed halfway.
        """
        if self._read_only:
            raise ReadOnly("commit")
        try:
            self.resume()
            with self._lock:
                for changes in self._changes.values():
                    changes.check()
                self._before_commit()
                for changes in self._changes.values():
                    changes.commit()
                self._tables.feed += self._added_facts
                self._after_commit()
        finally:
            self.rollback()

    def _before_commit(self) -> None:
        """Write the changes elsewhere, before they are committed. An error here means that nothing is committed."""

    def _after_commit(self) -> None:
        """Note that the changes are committed, under the lock of the commit."""

    def rollback(self) -> None:
        """Discard what was not committed."""
        self._failure = None
        if not self._changes and not self._added_facts:
            return
        self._changes.clear()
        self._added_facts = []
        clear_lazy(self)

    @property
    def changes(self) -> int:
        """How many changes were made since `begin`, the last commit or the last rollback."""
        return sum(map(_COUNT, self._changes.values()))

    def resume(self) -> None:
        """Check that no use case failed halfway.

        Raises:
            UnitOfWorkFailed: One did.
            ConcurrentUpdate: One lost a race.
            InvalidInput: A command of another thread has not ended.
        """
        self.begin_command()
        self.end_command()

    def begin_command(self) -> None:
        """Make ready as `resume` does, and keep other threads out until `end_command`."""
        self._threads.begin_command()
        if self._failure is not None:
            self._threads.end_command()
            raise error_after_failure(self._failure)

    def end_command(self) -> None:
        """Let other threads in."""
        self._threads.end_command()

    def fail(self, error: BaseException) -> None:
        """Refuse everything until a rollback."""
        if self._failure is None:
            self._failure = error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.rollback()


class MemoryUnitOfWork(HistoryUnitOfWork, AccessUnitOfWork):
    """A transaction on a `MemoryStore`."""

    freezer: Freezer | None = None

    api_keys: ApiKeys = lazy(lambda uow: ApiKeys(uow._changes_of("api_keys")))
    idempotency_records: IdempotencyRecords = lazy(
        lambda uow: IdempotencyRecords(uow._changes_of("idempotency_records"))
    )

    def _after_commit(self) -> None:
        if self.freezer is not None:
            self.freezer.count_commit()
