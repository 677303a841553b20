"""The two kinds of transaction: the store's own, and one that an application owns."""

import weakref
from threading import Lock
from types import TracebackType
from typing import Any, Self

from sqlalchemy import Connection, event
from sqlalchemy.orm import Session

from sot.adapters.sqlalchemy.engine import BUSY_SECONDS
from sot.adapters.sqlalchemy.errors import translated
from sot.adapters.sqlalchemy.models import OrderRow
from sot.adapters.sqlalchemy.repositories.access import ApiKeys, IdempotencyRecords
from sot.adapters.sqlalchemy.repositories.accounting.account_events import AccountEvents
from sot.adapters.sqlalchemy.repositories.accounting.costs import Costs
from sot.adapters.sqlalchemy.repositories.accounting.pnl import PnlSnapshots
from sot.adapters.sqlalchemy.repositories.accounting.positions import Positions
from sot.adapters.sqlalchemy.repositories.audit.checkpoints import Checkpoints
from sot.adapters.sqlalchemy.repositories.audit.contents import Audit
from sot.adapters.sqlalchemy.repositories.audit.feed import Feed
from sot.adapters.sqlalchemy.repositories.orders.events import Events
from sot.adapters.sqlalchemy.repositories.orders.fills import Fills
from sot.adapters.sqlalchemy.repositories.orders.identifiers import IdentifierCache, Identifiers
from sot.adapters.sqlalchemy.repositories.orders.instruments import Instruments
from sot.adapters.sqlalchemy.repositories.orders.orders import Orders
from sot.adapters.sqlalchemy.repositories.orders.reports import Reports
from sot.adapters.sqlalchemy.repositories.orders.requests import Requests
from sot.adapters.sqlalchemy.repositories.orders.states import States
from sot.adapters.sqlalchemy.repositories.reconciliation import Reconciliations
from sot.adapters.sqlalchemy.transactions import Transactions
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.application.support.lazy import clear_lazy, lazy
from sot.application.support.system import SystemClock, TimeOrderedIds
from sot.domain.values.errors import ReadOnly, StoreUnavailable
from sot.ports.access import AccessUnitOfWork
from sot.ports.clock import Clock
from sot.ports.ids import IdSource


class _Repositories(AccessUnitOfWork):
    """The repositories over one `WriteBuffer`."""

    _buffer: WriteBuffer = lazy(lambda uow: uow._new_buffer())
    _identifier_cache = lazy(lambda uow: IdentifierCache(uow._buffer))
    instruments: Instruments = lazy(lambda uow: Instruments(uow._buffer))
    requests: Requests = lazy(lambda uow: Requests(uow._buffer))
    orders: Orders = lazy(lambda uow: Orders(uow._buffer, uow.requests))
    identifiers: Identifiers = lazy(lambda uow: Identifiers(uow._buffer, uow._identifier_cache))
    events: Events = lazy(lambda uow: Events(uow._buffer, uow.orders, uow.requests))
    fills: Fills = lazy(lambda uow: Fills(uow._buffer, uow.orders))
    reports: Reports = lazy(lambda uow: Reports(uow._buffer, uow._identifier_cache))
    costs: Costs = lazy(lambda uow: Costs(uow._buffer, uow.orders, uow.instruments))
    pnl: PnlSnapshots = lazy(lambda uow: PnlSnapshots(uow._buffer))
    account_events: AccountEvents = lazy(lambda uow: AccountEvents(uow._buffer))
    reconciliations: Reconciliations = lazy(lambda uow: Reconciliations(uow._buffer))
    positions: Positions = lazy(lambda uow: Positions(uow._buffer))
    states: States = lazy(lambda uow: States(uow._buffer))
    api_keys: ApiKeys = lazy(lambda uow: ApiKeys(uow._buffer))
    idempotency_records: IdempotencyRecords = lazy(lambda uow: IdempotencyRecords(uow._buffer))
    feed: Feed = lazy(lambda uow: Feed(uow._buffer))
    audit: Audit = lazy(lambda uow: Audit(uow._buffer, uow.instruments))
    checkpoints: Checkpoints = lazy(lambda uow: Checkpoints(uow._buffer))

    def _new_buffer(self) -> WriteBuffer:
        """What is read and given out lasts as long as this."""
        raise NotImplementedError

    def __enter__(self) -> Self:
        return self


class StoreUnitOfWork(_Repositories):
    """A transaction of a store's own. It begins when it is first used; after a commit, the next one may follow."""

    def __init__(
        self,
        transactions: Transactions,
        url: str,
        clock: Clock,
        ids: IdSource,
        read_only: bool,
        alone: "Lock | None",
    ) -> None:
        self.clock = clock
        self.ids = ids
        self._transactions = transactions
        self._url = url
        self._read_only = read_only
        self._alone = alone
        self._holds = False
        self._connection: Connection | None = None

    def _new_buffer(self) -> WriteBuffer:
        return WriteBuffer(self._connect, self._url, self._read_only)

    def _connect(self) -> Connection:
        if self._connection is None:
            if self._alone is not None and not self._holds:
                self._holds = self._alone.acquire(timeout=BUSY_SECONDS)
                if not self._holds:
                    raise StoreUnavailable(self._url, "another unit of work has not ended; end it first")
            try:
                self._connection, self._buffer.driver_connection = self._transactions.begun(self._read_only)
            except Exception as error:
                meant = translated(error, self._url)
                if meant is None or meant is error:
                    raise
                raise meant from error
        return self._connection

    def commit(self) -> None:
        """Keep everything, durably.

        Raises: ConcurrentUpdate: a lost race, nothing was kept. CommitUnknown: the answer was lost. ReadOnly.
            StoreUnavailable: nothing was kept.
        """
        if self._read_only:
            raise ReadOnly("commit")
        try:
            self._buffer.flush()
            if self._connection is not None:
                self._commit(self._connection)
        finally:
            self.rollback()

    def _commit(self, connection: Connection) -> None:
        try:
            connection.commit()
        except Exception as error:
            meant = translated(error, self._url, committing=True)
            if meant is None:
                raise
            raise meant from error

    def rollback(self) -> None:
        """Keep nothing of what was done since `begin` or the last commit."""
        try:
            self._end()
        finally:
            clear_lazy(self)

    def _end(self) -> None:
        connection, self._connection = self._connection, None
        try:
            if connection is not None:
                self._buffer.driver_connection = (
                    None  # a repository that somebody kept must not read what is another's by then
                )
                _close(connection)
        finally:
            if self._holds and self._alone is not None:
                self._holds = False
                self._alone.release()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.rollback()


def _close(connection: Connection) -> None:
    """Roll back what was not committed. A connection that is lost has nothing left to roll back."""
    try:
        connection.close()
    except Exception as error:
        connection.invalidate()
        if translated(error, "") is None:
            raise


class SqlAlchemyUnitOfWork(_Repositories):
    """Joins the transaction of a `Session` that an application owns.

    Everything is written at once through the session's connection, where the application's own queries see it. The
    session is never committed or rolled back here: `commit` only makes sure that everything is written, and leaving the
    block does nothing. When the session's transaction ends, or rolls back to a savepoint, what was read and given out
    is forgotten. After an error the session's transaction, or its savepoint, has to be rolled back.

    Under asyncio: `await async_session.run_sync(lambda session: use_case(SqlAlchemyUnitOfWork(session)))`.
    """

    def __init__(self, session: Session, clock: Clock | None = None, ids: IdSource | None = None) -> None:
        self.clock = clock or SystemClock()
        self.ids = ids or TimeOrderedIds()
        self._session = session
        _follow(session).add(self)

    def _new_buffer(self) -> WriteBuffer:
        return WriteBuffer(self._connect, "of the session", write_through=True)

    def _connect(self) -> Connection:
        return self._session.connection(bind_arguments={"mapper": OrderRow})

    def forget(self) -> None:
        """Forget what was read and given out: the next look at it reads the database."""
        clear_lazy(self)

    def commit(self) -> None:
        """Nothing is left to write; the application commits its session."""
        self._buffer.flush()

    def rollback(self) -> None:
        """Forget what was read and given out; the application rolls back its session."""
        self.forget()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.forget()


_JOINED = "sot_joined"


def _follow(session: Session) -> "weakref.WeakSet[SqlAlchemyUnitOfWork]":
    """The units of work that joined a session; its ends of transactions are listened to from the first one on."""
    joined: weakref.WeakSet[SqlAlchemyUnitOfWork] | None = session.info.get(_JOINED)
    if joined is None:
        joined = session.info[_JOINED] = weakref.WeakSet()
        event.listen(session, "after_soft_rollback", _after_rollback)
        event.listen(session, "after_transaction_end", _after_end)
    return joined


def _after_rollback(session: Session, previous_transaction: Any) -> None:
    for unit_of_work in list(session.info[_JOINED]):
        unit_of_work.forget()


def _after_end(session: Session, transaction: Any) -> None:
    if transaction.parent is None:
        _after_rollback(session, transaction)
