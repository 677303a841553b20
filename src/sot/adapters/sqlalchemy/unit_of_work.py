"""The two kinds of transaction: one of the store, and one that the application owns."""

from collections.abc import Sequence
from threading import Lock
from types import TracebackType
from typing import Any, NamedTuple, Self

from sqlalchemy.orm import Session, scoped_session

from sot.adapters.sqlalchemy.drivers import checked_session
from sot.adapters.sqlalchemy.engine import LOCK_TIMEOUT, checked_lock_timeout
from sot.adapters.sqlalchemy.errors import raise_translated
from sot.adapters.sqlalchemy.joined_session import joined_session
from sot.adapters.sqlalchemy.link import ConnectionLink
from sot.adapters.sqlalchemy.place import DEFAULT, Place, place_at
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
from sot.adapters.sqlalchemy.repositories.read_ahead import ReadAhead
from sot.adapters.sqlalchemy.repositories.reconciliation import Reconciliations
from sot.adapters.sqlalchemy.schema_version import check_version
from sot.adapters.sqlalchemy.store_transactions import StoreTransaction
from sot.adapters.sqlalchemy.transaction_state import TransactionState
from sot.adapters.sqlalchemy.transactions import Transactions
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.application.support.exclusive_use import ExclusiveUse
from sot.application.support.lazy import clear_lazy, lazy
from sot.application.support.system import SystemClock, TimeOrderedIds
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.values.errors import ReadOnly, StoreUnavailable
from sot.ports.access import AccessUnitOfWork
from sot.ports.clock import Clock
from sot.ports.ids import IdSource


class _Repositories(AccessUnitOfWork):
    """The repositories over one `WriteBuffer`."""

    _threads: ExclusiveUse
    _buffer: WriteBuffer = lazy(lambda uow: uow._new_buffer())
    _identifier_cache = lazy(lambda uow: IdentifierCache(uow._buffer, uow.orders))
    instruments: Instruments = lazy(lambda uow: Instruments(uow._buffer))
    requests: Requests = lazy(lambda uow: Requests(uow._buffer))
    orders: Orders = lazy(lambda uow: Orders(uow._buffer, uow.requests))
    identifiers: Identifiers = lazy(lambda uow: Identifiers(uow._buffer, uow._identifier_cache))
    events: Events = lazy(lambda uow: Events(uow._buffer, uow.orders, uow.requests))
    fills: Fills = lazy(lambda uow: Fills(uow._buffer, uow.orders))
    reports: Reports = lazy(lambda uow: Reports(uow._buffer, uow._identifier_cache))
    costs: Costs = lazy(lambda uow: Costs(uow._buffer, uow.orders, uow.requests, uow.instruments))
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
        """Return a new buffer. The repositories, with what they cache, live as long as it does."""
        raise NotImplementedError

    def read_ahead(self, reports: Sequence[VenueReport], requests: Sequence[OrderRequest] = ()) -> None:
        """Read together what recording these is going to look up, on a server. In a file, each look-up is as fast."""
        if len(reports) + len(requests) > 1 and self._buffer.is_postgresql:
            together = ReadAhead(self._identifier_cache, self.orders, self.requests, self.events, self.costs)
            together.read(reports, requests)

    @property
    def changes(self) -> int:
        """How many changes were made since `begin`, the last commit or the last rollback."""
        return self._buffer.changes

    def resume(self) -> None:
        """Check that no use case failed halfway, and forget what a rollback to a savepoint has undone.

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
        try:
            self._make_ready()
        except BaseException:
            self._threads.end_command()
            raise

    def end_command(self) -> None:
        """Let other threads in."""
        self._threads.end_command()

    def _make_ready(self) -> None:
        self._buffer.check_usable()

    def fail(self, error: BaseException) -> None:
        """Refuse everything until a rollback."""
        self._buffer.transaction.fail(error)

    def _forget(self) -> None:
        """Forget the buffer and the repositories: the next access makes them anew."""
        buffer = self.__dict__.get("_buffer")
        if buffer is not None:
            buffer.end()
        clear_lazy(self)

    def __enter__(self) -> Self:
        return self


class Waits(NamedTuple):
    """How the units of work of a store wait for one another.

    Attributes:
        lock_timeout: For how many seconds at most.
        connections_are_limited: Whether each connection has this limit already.
        exclusive: The lock of a store that has one connection, for which units of work take turns.
    """

    lock_timeout: float
    connections_are_limited: bool
    exclusive: "Lock | None"


class StoreUnitOfWork(_Repositories):
    """A transaction of a store. It begins at the first access to the database; after a commit another may follow."""

    def __init__(
        self,
        transactions: Transactions,
        url: str,
        clock: Clock,
        ids: IdSource,
        read_only: bool,
        waits: Waits,
        place: Place = DEFAULT,
    ) -> None:
        self.clock = clock
        self.ids = ids
        self._transactions = transactions
        self._url = url
        self._read_only = read_only
        self._waits = waits
        self._place = place
        self._threads = ExclusiveUse()
        self._has_lock = False
        self._transaction: StoreTransaction | None = None

    def _new_buffer(self) -> WriteBuffer:
        to_set = None if self._waits.connections_are_limited else self._waits.lock_timeout
        return WriteBuffer(
            self._begin, self._url, TransactionState(self._threads, to_set), self._read_only, place=self._place
        )

    def _begin(self) -> StoreTransaction:
        """Begin the transaction, if it has not begun."""
        if self._transaction is None:
            exclusive = self._waits.exclusive
            if exclusive is not None and not self._has_lock:
                self._has_lock = exclusive.acquire(timeout=self._waits.lock_timeout)
                if not self._has_lock:
                    raise StoreUnavailable(self._url, "another unit of work has not ended; end it first")
            try:
                self._transaction = self._transactions.begin(self._read_only)
                check_version(self._transaction, self._place)
            except Exception as error:
                raise_translated(error, self._url)
        return self._transaction

    def commit(self) -> None:
        """Store everything durably.

        Raises:
            ConcurrentUpdate: Another transaction was faster; nothing was stored.
            CommitUnknown: The answer to COMMIT was lost; read what is stored, then decide.
            StoreUnavailable: The database is out of reach; nothing was stored.
            ReadOnly: The unit of work was begun with `read_only`.
        """
        if self._read_only:
            raise ReadOnly("commit")
        try:
            self._buffer.flush()
            if self._transaction is not None:
                self._commit(self._transaction)
        finally:
            self.rollback()

    def _commit(self, transaction: StoreTransaction) -> None:
        try:
            transaction.commit()
        except Exception as error:
            raise_translated(error, self._url, committing=True)

    def rollback(self) -> None:
        """Discard everything since `begin` or the last commit."""
        try:
            self._end()
        finally:
            self._forget()

    def _end(self) -> None:
        transaction, self._transaction = self._transaction, None
        try:
            if transaction is not None:
                self._transactions.end(transaction)
        finally:
            if self._has_lock and self._waits.exclusive is not None:
                self._has_lock = False
                self._waits.exclusive.release()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.rollback()


class SqlAlchemyUnitOfWork(_Repositories):
    """A unit of work in the transaction of a `Session` that the application owns.

    1. Changes are written at once through the session's connection, where the application's own queries see them.
    2. The session is never committed or rolled back here. `commit` only flushes; leaving the block does nothing.
    3. When the session's transaction ends, or rolls back to a savepoint, everything that was read is forgotten, however
       the savepoint was made.
    4. A use case that fails halfway keeps the session from committing. Roll back the session's transaction, or its
       savepoint, and go on.

    Under asyncio: `await async_session.run_sync(lambda session: use_case(SqlAlchemyUnitOfWork(session)))`.

    Args:
        session: The application's session. Of a `scoped_session`, it is the one of this thread or request.
        clock: The time; the system's by default.
        ids: Where new ids come from; ids that ascend with time by default.
        lock_timeout: For how many seconds to wait for another transaction's lock at most, on PostgreSQL, if the session
            has no limit (`lock_timeout`) of its own. It holds for the rest of the session's transaction. On SQLite the
            engine's `timeout` counts.
        schema: The schema of the tables on PostgreSQL; None is the connection's default.
        prefix: What the names of the tables begin with.

    Raises:
        InvalidInput: It is an AsyncSession, its engine is of a database or driver that was not tried, or the place of
            the tables is none of its database. The first access raises SchemaMismatch where there are no such tables.
    """

    def __init__(
        self,
        session: Session | scoped_session[Any],
        clock: Clock | None = None,
        ids: IdSource | None = None,
        lock_timeout: float = LOCK_TIMEOUT,
        *,
        schema: str | None = None,
        prefix: str = "",
    ) -> None:
        self.clock = clock or SystemClock()
        self.ids = ids or TimeOrderedIds()
        self._place = place_at(schema, prefix)
        self._version_is_checked = False
        self._session = checked_session(session, self._place)
        self._joined = joined_session(self._session, checked_lock_timeout(lock_timeout))
        self._joined.add(self)
        self._threads = self._joined.threads

    def _new_buffer(self) -> WriteBuffer:
        return WriteBuffer(self._begin, "of the session", self._joined, write_through=True, place=self._place)

    def _begin(self) -> ConnectionLink:
        link = ConnectionLink(self._joined.connection)
        if not self._version_is_checked:
            check_version(link, self._place)
            self._version_is_checked = True
        return link

    def _make_ready(self) -> None:
        super()._make_ready()
        self._joined.follow_savepoints()

    def forget(self) -> None:
        """Forget everything that was read: the next access reads the database."""
        self._forget()

    def commit(self) -> None:
        """Flush. The application commits its session."""
        self._buffer.flush()

    def rollback(self) -> None:
        """Forget everything that was read. The application rolls back its session."""
        self.forget()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.forget()
