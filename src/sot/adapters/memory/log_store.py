"""A store over a log of facts: the log makes it durable, memory holds the state that is folded from it."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import islice
from threading import RLock
from typing import TypeVar

from sot.adapters.memory.committed import Tables
from sot.adapters.memory.repositories.audit import FeedIndex
from sot.adapters.memory.store import HistoryUnitOfWork
from sot.application.audit.log_lines import apply_line, lines_added
from sot.application.support.retry import run_with_retries
from sot.application.support.system import SystemClock, TimeOrderedIds
from sot.application.support.watched_run import WatchedRun
from sot.ports.clock import Clock
from sot.ports.ids import IdSource
from sot.ports.log import FactLog
from sot.ports.store import Store, UnitOfWork

T = TypeVar("T")

_BATCH = 200
"""Lines applied in one transaction. Looking at what a transaction added itself takes time in proportion to it."""


class LogStore(Store):
    """A store whose facts are in a `FactLog`, and whose state is in memory.

    Any number of threads and processes may use one log, each process with a store of its own. A unit of work sees the
    log as it was when it began. Of two processes that add to the log at once, the second loses with ConcurrentUpdate;
    `run` runs it again. Opening takes time, and the store takes memory, in proportion to the log.
    """

    def __init__(self, log: FactLog, clock: Clock | None = None, ids: IdSource | None = None) -> None:
        self.clock = clock or SystemClock()
        self.ids = ids or TimeOrderedIds()
        self._log = log
        self._line_count = 0
        self._tables = Tables()
        self._feed_index = FeedIndex()
        self._lock: AbstractContextManager[object] = RLock()

    def begin(self, read_only: bool = False) -> "LogUnitOfWork":
        """Begin a transaction on the log as it is now."""
        self._catch_up()
        uow = LogUnitOfWork(
            self._tables, self._lock, self.clock, self.ids, read_only, self._feed_index, self._append_added
        )
        uow.trace = self.observer.trace()
        return uow

    def run(self, use_case: Callable[[UnitOfWork], T], read_only: bool = False) -> T:
        """Run a use case in a transaction of its own, again if it lost a race."""
        with WatchedRun(use_case, self.observer, read_only) as watched:
            return run_with_retries(lambda: self.begin(read_only), watched, commits=not read_only)

    def horizon(self) -> int:
        """The position of the last fact in the log."""
        self._catch_up()
        return len(self._tables.feed)

    def close(self) -> None:
        """Do nothing: whoever opened the log closes it."""

    def _catch_up(self) -> None:
        with self._lock:
            lines = iter(self._log.read(self._line_count))
            while batch := list(islice(lines, _BATCH)):
                with HistoryUnitOfWork(
                    self._tables, self._lock, self.clock, self.ids, read_only=False, feed_index=self._feed_index
                ) as uow:
                    for line in batch:
                        apply_line(uow, line)
                    uow.commit()
                self._line_count += len(batch)

    def _append_added(self, uow: "LogUnitOfWork") -> None:
        """Append what a unit of work added, under the lock of its commit."""
        checkpoints = self._tables.checkpoints.rows.values()
        last_number = max((checkpoint.number for checkpoint in checkpoints), default=0)
        lines = lines_added(uow, len(self._tables.feed), last_number)
        if lines:
            self._log.append(lines, self._line_count)
            self._line_count += len(lines)


class LogUnitOfWork(HistoryUnitOfWork):
    """A transaction on a `LogStore`."""

    def __init__(
        self,
        tables: Tables,
        lock: AbstractContextManager[object],
        clock: Clock,
        ids: IdSource,
        read_only: bool,
        feed_index: FeedIndex,
        append_added: "Callable[[LogUnitOfWork], None]",
    ) -> None:
        super().__init__(tables, lock, clock, ids, read_only, feed_index)
        self._append_added = append_added

    def _before_commit(self) -> None:
        self._append_added(self)
