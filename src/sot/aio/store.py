"""Stores whose units of work are awaited, and use cases in an AsyncSession of the application."""

from collections.abc import Callable
from importlib.util import find_spec
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy.util import await_only, greenlet_spawn

from sot.adapters.sqlalchemy import SqlAlchemyStore, SqlAlchemyUnitOfWork
from sot.adapters.sqlalchemy.engine import LOCK_TIMEOUT
from sot.aio.retry import retry_async
from sot.aio.unit_of_work import USE_CASE, AsyncUnitOfWork
from sot.application.support.coroutines import refuse_coroutine
from sot.application.support.watched_run import WatchedRun
from sot.domain.values.errors import InvalidInput, MissingExtra
from sot.ports.clock import Clock
from sot.ports.ids import IdSource
from sot.ports.observer import Observer, observer_of
from sot.ports.store import Store, UnitOfWork

try:
    from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_scoped_session, async_sessionmaker
except ImportError as error:  # SQLAlchemy 2.1 has no asyncio without greenlet
    raise MissingExtra("asyncio", "sot.aio") from error

T = TypeVar("T")


class AsyncStore:
    """A store whose transactions are awaited; any number of tasks may use it, in one event loop.

    Args:
        source: An AsyncEngine whose database has the schema (`open` makes both), an async_sessionmaker over one, or a
            store that waits for nothing, such as a MemoryStore.
        clock: The time; the system's by default, or that of the store.
        ids: Where new ids come from; ids that ascend with time by default, or those of the store.
        lock_timeout: For how many seconds to wait for another transaction's lock at most; by default as long as
            `SqlAlchemyStore` waits, or the store.
        schema: The schema of the tables on PostgreSQL; None is the connection's default.
        prefix: What the names of the tables begin with.

    Raises:
        InvalidInput: It is something else; or the engine's connections have no transactions, its database is in memory,
            or its database or driver is none that was tried.
        MissingExtra: The package greenlet is not installed.
    """

    def __init__(
        self,
        source: AsyncEngine | async_sessionmaker[Any] | Store,
        clock: Clock | None = None,
        ids: IdSource | None = None,
        lock_timeout: float | None = None,
        *,
        schema: str | None = None,
        prefix: str = "",
    ) -> None:
        _check_greenlet()
        bind = source.kw.get("bind") if isinstance(source, async_sessionmaker) else source
        if isinstance(bind, AsyncEngine):
            self._store: Store = SqlAlchemyStore(
                bind.sync_engine,
                clock,
                ids,
                LOCK_TIMEOUT if lock_timeout is None else lock_timeout,
                schema=schema,
                prefix=prefix,
            )
        else:
            self._store = _store_that_waits_for_nothing(bind)
            if clock is not None or ids is not None:
                raise InvalidInput("clock", "given with a store", "the store's own clock and ids")
            if schema is not None or prefix:
                raise InvalidInput("prefix", "given with a store", "the store's own place")
            if lock_timeout is not None:
                raise InvalidInput("lock_timeout", "given with a store", "the store's own")

    @classmethod
    async def open(
        cls,
        url: str,
        clock: Clock | None = None,
        ids: IdSource | None = None,
        *,
        create: bool = True,
        lock_timeout: float = LOCK_TIMEOUT,
        schema: str | None = None,
        prefix: str = "",
    ) -> Self:
        """Open the store at an address.

        Args:
            url: `postgresql://...`, which is `postgresql+psycopg://...`; `postgresql+asyncpg://...`; `sqlite:///path`
                which is `sqlite+aiosqlite:///path`.
            clock: The time; the system's by default.
            ids: Where new ids come from; ids that ascend with time by default.
            create: Whether a new database gets its tables, and an older one is migrated.
            lock_timeout: For how many seconds to wait for another transaction's lock at most. Then a write raises
                ConcurrentUpdate (PostgreSQL) or StoreUnavailable (SQLite); it can be tried again.
            schema: The schema of the tables on PostgreSQL, which is made if it is missing; None is the connection's
                default.
            prefix: What the names of the tables begin with.

        Returns:
            The store.

        Raises:
            InvalidInput: `url` is no address of SQLite or PostgreSQL, or of a database in memory, or its driver is not
                awaited or was not tried.
            StoreUnavailable: The database is missing or out of reach.
            StoreDamaged: The database cannot be read.
            SchemaMismatch: A newer `sot`, or another program, made the tables.
            MissingExtra: The driver, the package greenlet, or Alembic, is not installed.
        """
        _check_greenlet()
        store = await greenlet_spawn(
            SqlAlchemyStore.open_awaited,
            url,
            clock,
            ids,
            create=create,
            lock_timeout=lock_timeout,
            schema=schema,
            prefix=prefix,
        )
        return cls(store)

    @property
    def clock(self) -> Clock:
        """The time, as the store has it."""
        return self._store.clock

    @property
    def ids(self) -> IdSource:
        """Where new ids come from."""
        return self._store.ids

    @property
    def observer(self) -> Observer:
        """Sees the operations on the store; by default there is none."""
        return observer_of(self._store)

    @observer.setter
    def observer(self, observer: Observer) -> None:
        self._store.observer = observer

    @property
    def engine(self) -> AsyncEngine:
        """The engine, for the application's own queries and sessions.

        Raises:
            InvalidInput: It is no store of a database.
        """
        if not isinstance(self._store, SqlAlchemyStore):
            raise InvalidInput("engine", type(self._store).__name__, "a store over an AsyncEngine")
        return AsyncEngine(self._store.engine)

    def begin(self, read_only: bool = False) -> AsyncUnitOfWork:
        """Begin a transaction: `async with store.begin() as uow:`. It begins in the database at its first use.

        Raises:
            StoreUnavailable: The store is closed.
        """
        return AsyncUnitOfWork(self._store.begin(read_only))

    async def run(self, use_case: Callable[[UnitOfWork], T], read_only: bool = False) -> T:
        """Run a use case in a transaction of its own and commit it; again, after a pause, if it lost a race.

        Args:
            use_case: A function of the unit of work, as `Store.run` takes it; it may run several times.
            read_only: Whether it only reads.

        Returns:
            What the use case returns.

        Raises:
            ConcurrentUpdate: It lost the race too often.
            CommitUnknown: The answer to COMMIT was lost. The use case is not run again, since it may have been stored.
            CancelledError: The task was cancelled: all of it was stored, if COMMIT had begun, or nothing.
            InvalidInput: The use case is a function that is awaited.
        """

        async def attempt() -> T:
            async with self.begin(read_only) as uow:
                result = await uow.run(watched)
                if not read_only:
                    await uow.commit()
                return result

        with WatchedRun(use_case, self.observer, read_only) as watched:
            return await retry_async(attempt)

    async def run_sync(self, function: Callable[[Store], T]) -> T:
        """Run a function of the whole library that takes a store: `await store.run_sync(sot.audit.verify)`.

        It begins as many transactions as it likes; tasks take turns while it waits for the database.

        Args:
            function: A function that takes a store, which is for this call alone.

        Returns:
            What the function returns.
        """
        return await greenlet_spawn(function, _StoreInGreenlet(self, self._store))

    async def horizon(self) -> int:
        """The feed position up to which everything is settled, for units of work that begin after this call.

        Raises:
            StoreUnavailable: The store is out of reach.
        """
        return await greenlet_spawn(self._store.horizon)

    async def close(self) -> None:
        """Close all connections."""
        await greenlet_spawn(self._store.close)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()


class _StoreInGreenlet(Store):
    """The store that a function in `run_sync` sees. Its pauses after lost races let other tasks run."""

    def __init__(self, awaited: AsyncStore, store: Store) -> None:
        self.clock = store.clock
        self.ids = store.ids
        self.observer = awaited.observer
        self._awaited = awaited
        self._store = store

    def begin(self, read_only: bool = False) -> UnitOfWork:
        return self._store.begin(read_only)

    def run(self, use_case: Callable[[UnitOfWork], T], read_only: bool = False) -> T:
        return await_only(self._awaited.run(use_case, read_only))

    def horizon(self) -> int:
        return self._store.horizon()

    def close(self) -> None:
        """Do nothing: the store belongs to the tasks that use it."""


async def joined(
    session: AsyncSession | async_scoped_session[Any],
    use_case: Callable[[SqlAlchemyUnitOfWork], T],
    clock: Clock | None = None,
    ids: IdSource | None = None,
    lock_timeout: float = LOCK_TIMEOUT,
    *,
    schema: str | None = None,
    prefix: str = "",
) -> T:
    """Run a use case in the transaction of a session that the application owns, and leave commit to it.

    `await joined(session, lambda uow: OrderHistory(uow).record(report))` is what
    `await session.run_sync(lambda own: use_case(SqlAlchemyUnitOfWork(own)))` does.

    Args:
        session: The application's session.
        use_case: A function of the unit of work.
        clock: The time; the system's by default.
        ids: Where new ids come from; ids that ascend with time by default.
        lock_timeout: For how many seconds to wait for another transaction's lock at most, as `SqlAlchemyUnitOfWork`
            has it.
        schema: The schema of the tables on PostgreSQL; None is the connection's default.
        prefix: What the names of the tables begin with.

    Returns:
        What the use case returns.

    Raises:
        InvalidInput: It is no AsyncSession, or the use case is a function that is awaited, or another task is using
            the session.
        ConcurrentUpdate: It lost a race: roll back the session, and do everything again (`retry_async`).
    """
    if isinstance(session, async_scoped_session):
        session = session()
    if not isinstance(session, AsyncSession):
        raise InvalidInput("session", type(session).__name__, "an AsyncSession; SqlAlchemyUnitOfWork joins a Session")

    def run(own: Any) -> T:
        uow = SqlAlchemyUnitOfWork(own, clock, ids, lock_timeout, schema=schema, prefix=prefix)
        return refuse_coroutine("use_case", use_case(uow), USE_CASE)

    return await session.run_sync(run)


def _check_greenlet() -> None:
    if find_spec("greenlet") is None:
        raise MissingExtra("asyncio", "sot.aio")


def _store_that_waits_for_nothing(source: Any) -> Store:
    """Return a store that does not stop the event loop while it waits for a database."""
    allowed = "an AsyncEngine, an async_sessionmaker that is bound to one, or a store such as MemoryStore"
    if isinstance(source, type) or not all(hasattr(source, name) for name in ("begin", "run", "horizon", "close")):
        raise InvalidInput("source", type(source).__name__, allowed)
    if isinstance(source, SqlAlchemyStore) and not source.engine.dialect.is_async:
        raise InvalidInput("source", "a store whose driver is not awaited", f"{allowed}, or await AsyncStore.open")
    store: Store = source
    return store
