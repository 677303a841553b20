"""Transactions: a store begins units of work; a unit of work holds the repositories."""

from abc import abstractmethod
from collections.abc import Callable
from types import TracebackType
from typing import Protocol, Self, TypeVar

from sot.ports.access import ApiKeys, IdempotencyRecords
from sot.ports.accounting import AccountEvents, Costs, PnlSnapshots, Positions
from sot.ports.audit import Audit, Checkpoints, Feed
from sot.ports.clock import Clock
from sot.ports.ids import IdSource
from sot.ports.orders import Events, Fills, Identifiers, Instruments, Orders, Reports, Requests, States
from sot.ports.reconciliation import Reconciliations

T = TypeVar("T")


class UnitOfWork(Protocol):
    """One transaction. Nothing is kept unless `commit` is called: leaving the block rolls back.

    Events and requests that are recorded in it keep its `trace`: a text of 1 to 255 characters that names what caused
    them. Whoever begins it may set that; it stays until it is set anew.
    """

    clock: Clock
    ids: IdSource
    instruments: Instruments
    requests: Requests
    orders: Orders
    identifiers: Identifiers
    events: Events
    fills: Fills
    reports: Reports
    costs: Costs
    pnl: PnlSnapshots
    account_events: AccountEvents
    reconciliations: Reconciliations
    positions: Positions
    states: States
    api_keys: ApiKeys
    idempotency_records: IdempotencyRecords
    feed: Feed
    audit: Audit
    checkpoints: Checkpoints
    trace: str | None = None

    @abstractmethod
    def commit(self) -> None:
        """Keep everything, durably.

        Raises: ConcurrentUpdate: a lost race, nothing was kept. CommitUnknown: the answer was lost. ReadOnly.
        """
        raise NotImplementedError

    @abstractmethod
    def rollback(self) -> None:
        """Keep nothing of what was done since `begin` or the last commit."""
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
    """Where histories are kept."""

    clock: Clock
    ids: IdSource

    @abstractmethod
    def begin(self, read_only: bool = False) -> UnitOfWork:
        """A new transaction, to be used as a context manager.

        Raises: StoreUnavailable.
        """
        raise NotImplementedError

    @abstractmethod
    def run(self, use_case: Callable[[UnitOfWork], T], read_only: bool = False) -> T:
        """Run a whole use case in a transaction of its own and commit it; again, after a pause, if a race was lost.

        Raises: ConcurrentUpdate: lost too often. CommitUnknown: never retried, since it may have been stored.
        """
        raise NotImplementedError

    @abstractmethod
    def horizon(self) -> int:
        """The position of the feed up to which everything is settled, for units of work that begin after this answer.

        No fact will appear up to there any more.

        Raises: StoreUnavailable.
        """
        raise NotImplementedError

    @abstractmethod
    def close(self) -> None:
        """Let go of all resources."""
        raise NotImplementedError
