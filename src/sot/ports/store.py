"""Transactions: a store begins units of work; a unit of work holds the repositories.

The repositories come in three levels. **Facts** are appended and read back. **Projections** are derived from facts and
can be dropped and rebuilt. **The audit trail** has all facts in the order in which they were recorded, and checkpoints
over them. A store that somebody else writes may begin with a log of facts alone (`sot.ports.log.FactLog`).
"""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Protocol, Self, TypeVar

from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.values.position_key import PositionKey
from sot.ports.accounting import AccountEvents, Costs, PnlSnapshots, Positions
from sot.ports.audit import Audit, Checkpoints, Feed
from sot.ports.clock import Clock
from sot.ports.ids import IdSource
from sot.ports.observer import NO_OBSERVER, Observer
from sot.ports.orders import Events, Fills, Identifiers, Instruments, Orders, Reports, Requests, States
from sot.ports.reconciliation import Reconciliations

T = TypeVar("T")


class Facts(Protocol):
    """The repositories of facts: append-only, the source of everything else."""

    instruments: Instruments
    requests: Requests
    events: Events
    reports: Reports
    account_events: AccountEvents
    reconciliations: Reconciliations


class Projections(Protocol):
    """The repositories of derived rows: each is a fold of facts, kept so that reading and recording cost O(1)."""

    orders: Orders
    identifiers: Identifiers
    fills: Fills
    costs: Costs
    pnl: PnlSnapshots
    positions: Positions
    states: States


class AuditTrail(Protocol):
    """All facts in the order in which they were recorded, the rows as they are stored, and checkpoints over them."""

    feed: Feed
    audit: Audit
    checkpoints: Checkpoints


PostponedFolds = dict[PositionKey, str]
"""Positions that are to be folded again, each with the fold key from which on."""


class UnitOfWork(Facts, Projections, AuditTrail, Protocol):
    """One transaction. Nothing is stored unless `commit` is called: leaving the block rolls back.

    Attributes:
        clock: The time, as the application has it.
        ids: Where new ids come from.
        trace: What caused this work: a text of 1 to 255 characters, or None. Events and requests that are recorded in
            the unit of work carry it. Whoever begins the unit may set it; it stays until it is set anew.
        postponed_folds: The positions that are folded again at the end of the present batch; None: there is no batch.
            No store looks at it.
    """

    clock: Clock
    ids: IdSource
    trace: str | None = None
    postponed_folds: PostponedFolds | None = None

    @abstractmethod
    def commit(self) -> None:
        """Store everything durably.

        Raises:
            ConcurrentUpdate: Another transaction was faster; nothing was stored.
            CommitUnknown: The answer to COMMIT was lost; read what is stored, then decide.
            ReadOnly: The unit of work was begun with `read_only`.
            UnitOfWorkFailed: A use case failed halfway; nothing was stored.
        """
        raise NotImplementedError

    @abstractmethod
    def rollback(self) -> None:
        """Discard everything since `begin` or the last commit. A unit of work that failed is usable again."""
        raise NotImplementedError

    def read_ahead(self, reports: Sequence[VenueReport], requests: Sequence[OrderRequest] = ()) -> None:
        """Read together what recording some reports and submitting some requests is going to look up.

        A hint: it changes no answer. A store for which one look-up takes no longer than a part of many ignores it.
        """
        return

    @property
    @abstractmethod
    def changes(self) -> int:
        """How many changes were made since `begin`, the last commit or the last rollback."""
        raise NotImplementedError

    @abstractmethod
    def resume(self) -> None:
        """Make ready for the next use case: what was read and has been undone since, is read again.

        Raises:
            UnitOfWorkFailed: An earlier use case failed halfway.
            ConcurrentUpdate: An earlier use case lost a race.
            InvalidInput: A command of another thread has not ended.
        """
        raise NotImplementedError

    @abstractmethod
    def begin_command(self) -> None:
        """Make ready as `resume` does, and keep other threads out until `end_command`. Commands may be nested.

        Raises:
            InvalidInput: A command of another thread has not ended.
        """
        raise NotImplementedError

    @abstractmethod
    def end_command(self) -> None:
        """Let other threads in: the command that began last has ended."""
        raise NotImplementedError

    @abstractmethod
    def fail(self, error: BaseException) -> None:
        """Refuse commands, queries and `commit` until a rollback, since a use case failed halfway.

        Args:
            error: The error with which it failed. `resume` and `commit` raise it again if it is one of a lost race or
                of the store, else UnitOfWorkFailed.
        """
        raise NotImplementedError

    @abstractmethod
    def __enter__(self) -> Self:
        raise NotImplementedError

    @abstractmethod
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        raise NotImplementedError


class Store(Protocol):
    """A place where order histories are kept.

    Attributes:
        clock: The clock of its units of work.
        ids: The source of ids of its units of work.
        observer: Sees what is done on the store, such as a `sot.adapters.opentelemetry.OpenTelemetryObserver`;
            none by default. Set it before the store is used. Units of work begin with its `trace`.
    """

    clock: Clock
    ids: IdSource
    observer: Observer = NO_OBSERVER

    @abstractmethod
    def begin(self, read_only: bool = False) -> UnitOfWork:
        """Begin a transaction, to be used as a context manager.

        Raises:
            StoreUnavailable: The store is missing, locked, closed or out of reach.
        """
        raise NotImplementedError

    @abstractmethod
    def run(self, use_case: Callable[[UnitOfWork], T], read_only: bool = False) -> T:
        """Run a whole use case in a transaction of its own and commit it; again, after a pause, if it lost a race.

        Raises:
            ConcurrentUpdate: It lost the race too often.
            CommitUnknown: The answer to COMMIT was lost. The use case is not run again, since it may have been stored.
        """
        raise NotImplementedError

    @abstractmethod
    def horizon(self) -> int:
        """The feed position up to which everything is settled, for units of work that begin after this call.

        No fact will appear at or before that position any more.

        Raises:
            StoreUnavailable: The store is out of reach.
        """
        raise NotImplementedError

    def opener(self) -> "Callable[[], Store] | None":
        """A function that opens the same store again, in another process too: it can be pickled.

        None, if the store exists in this object alone.
        """
        return None

    @abstractmethod
    def close(self) -> None:
        """Release all resources."""
        raise NotImplementedError
