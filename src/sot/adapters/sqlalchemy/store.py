"""A store in a SQLite file or a PostgreSQL database."""

from collections.abc import Callable
from functools import partial
from threading import Lock
from typing import NamedTuple, Self, TypeVar

from sqlalchemy import Engine

from sot.adapters.sqlalchemy.drivers import check_engine_kind
from sot.adapters.sqlalchemy.engine import (
    LOCK_TIMEOUT,
    absolute_url,
    checked_lock_timeout,
    is_in_memory,
    open_engine,
    parsed_url,
    refuse_awaited_memory,
)
from sot.adapters.sqlalchemy.errors import shown_url
from sot.adapters.sqlalchemy.place import place_at, without_place
from sot.adapters.sqlalchemy.schema import prepare_engine
from sot.adapters.sqlalchemy.schema_version import note_version
from sot.adapters.sqlalchemy.transactions import Transactions
from sot.adapters.sqlalchemy.unit_of_work import StoreUnitOfWork, Waits
from sot.application.support.retry import run_with_retries
from sot.application.support.system import SystemClock, TimeOrderedIds
from sot.application.support.watched_run import WatchedRun
from sot.ports.access import AccessStore
from sot.ports.clock import Clock
from sot.ports.ids import IdSource

T = TypeVar("T")


class _Opening(NamedTuple):
    """How an address is opened."""

    create: bool
    lock_timeout: float
    schema: str | None
    prefix: str
    is_awaited: bool


class SqlAlchemyStore(AccessStore):
    """A store in a database; any number of threads and processes may use it.

    On SQLite one unit of work writes at a time; others wait, up to `lock_timeout`. A reader sees the database as it was
    at its first query, and waits for nobody. A database in memory (`sqlite://`) has one connection: its units of work
    take turns, readers too.

    COMMIT answers when the transaction is on disk: on SQLite every connection has `synchronous = FULL`, on PostgreSQL
    `synchronous_commit` is raised to `on` where the server, the database or the role has it `off`.

    Args:
        engine: An engine whose database has the schema; `open` makes both.
        clock: The time; the system's by default.
        ids: Where new ids come from; ids that ascend with time by default.
        lock_timeout: For how many seconds to wait for another transaction's lock at most, on PostgreSQL, where the
            engine's connections have no limit (`lock_timeout`) of their own. On SQLite the engine's `timeout` counts.
        schema: The schema of the tables on PostgreSQL; None is the connection's default.
        prefix: What the names of the tables begin with.

    Raises:
        InvalidInput: It is an AsyncEngine, its connections have no transactions, or its database or driver is none that
            was tried, or has no such place. The first access raises SchemaMismatch where there are no such tables.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Clock | None = None,
        ids: IdSource | None = None,
        lock_timeout: float = LOCK_TIMEOUT,
        *,
        schema: str | None = None,
        prefix: str = "",
    ) -> None:
        check_engine_kind(engine)
        if engine.dialect.is_async:
            refuse_awaited_memory("engine", engine.url)
        self._place = place_at(schema, prefix)
        self._place.check_database(engine.dialect.name)
        self._lock_timeout = checked_lock_timeout(lock_timeout)
        self._connections_are_limited = False
        self.clock = clock or SystemClock()
        self.ids = ids or TimeOrderedIds()
        self._engine = engine
        self._transactions = Transactions(engine)
        self._url = shown_url(engine.url)
        self._address = absolute_url(engine.url)
        self._exclusive = Lock() if is_in_memory(engine.url) else None

    @classmethod
    def open(
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
            url: `sqlite:///path`, `sqlite://` (in memory) or `postgresql://...`, which is `postgresql+psycopg://...`;
                `postgresql+psycopg2://...` works, too.
            clock: The time; the system's by default.
            ids: Where new ids come from; ids that ascend with time by default.
            create: Whether a new database gets its tables, and an older one is migrated.
            lock_timeout: For how many seconds to wait for another transaction's lock at most. Then a write raises
                ConcurrentUpdate (PostgreSQL) or StoreUnavailable (SQLite); it can be tried again.
            schema: The schema of the tables on PostgreSQL, which is made if it is missing; None is the connection's
                default. The address can say it, too: `?sot_schema=oms`.
            prefix: What the names of the tables begin with, `?sot_prefix=sot_` in an address.

        Returns:
            The store.

        Raises:
            InvalidInput: `url` is no address of SQLite or PostgreSQL, its driver is awaited or was not tried, or
                `schema` or `prefix` is none.
            StoreUnavailable: The database is missing or out of reach.
            StoreDamaged: The database cannot be read.
            SchemaMismatch: A newer `sot`, or another program, made the tables.
            MissingExtra: A driver, or Alembic, is not installed.
        """
        return cls._open(url, clock, ids, _Opening(create, lock_timeout, schema, prefix, is_awaited=False))

    @classmethod
    def open_awaited(
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
        """Open the store at an address with a driver that is awaited; see `open`.

        It is for `sot.aio.AsyncStore.open`: this method, and all others of the store, must run in a greenlet of an
        event loop.
        """
        return cls._open(url, clock, ids, _Opening(create, lock_timeout, schema, prefix, is_awaited=True))

    @classmethod
    def _open(cls, url: str, clock: Clock | None, ids: IdSource | None, opening: "_Opening") -> Self:
        create, lock_timeout = opening.create, checked_lock_timeout(opening.lock_timeout)
        parsed, place = without_place(parsed_url(url), opening.schema, opening.prefix)
        engine = open_engine(parsed, create, lock_timeout, opening.is_awaited)
        try:
            prepare_engine(engine, place, create or is_in_memory(engine.url))
            store = cls(engine, clock, ids, lock_timeout, schema=place.schema, prefix=place.prefix)
        except BaseException:
            engine.dispose()
            raise
        store._connections_are_limited = True
        note_version(engine, place)
        return store

    @property
    def engine(self) -> Engine:
        """The engine, for the application's own queries and sessions."""
        return self._engine

    def begin(self, read_only: bool = False) -> StoreUnitOfWork:
        """Begin a transaction; it begins in the database at the first access.

        Raises:
            StoreUnavailable: The store is closed.
        """
        self._transactions.check_open()
        waits = Waits(self._lock_timeout, self._connections_are_limited, self._exclusive)
        uow = StoreUnitOfWork(self._transactions, self._url, self.clock, self.ids, read_only, waits, self._place)
        uow.trace = self.observer.trace()
        return uow

    def run(self, use_case: Callable[[StoreUnitOfWork], T], read_only: bool = False) -> T:
        """Run a use case in a transaction of its own and commit it; again, after a pause, if it lost a race."""
        with WatchedRun(use_case, self.observer, read_only) as watched:
            return run_with_retries(lambda: self.begin(read_only), watched, commits=not read_only)

    def horizon(self) -> int:
        """The feed position up to which everything is settled, for units of work that begin after this call.

        Raises:
            StoreUnavailable: The database is out of reach.
        """
        # On PostgreSQL a read-only unit of work has one snapshot, which may be older than the locks that it reads.
        with self.begin(read_only=self._engine.dialect.name == "sqlite") as uow:
            return uow.feed.horizon()

    def opener(self) -> "Callable[[], SqlAlchemyStore] | None":
        """A function that opens the same database again, by its address, in another process too.

        None for a database in memory, and for a driver that is awaited.
        """
        if self._exclusive is not None or self._engine.dialect.is_async:
            return None
        url = self._address.render_as_string(hide_password=False)
        return partial(SqlAlchemyStore._open_again, url, self._url, self._place.schema, self._place.prefix)

    @classmethod
    def _open_again(cls, url: str, shown_url: str, schema: str | None, prefix: str) -> Self:
        """Open a store whose messages have the same address as those of the store that was opened before."""
        store = cls.open(url, create=False, schema=schema, prefix=prefix)
        store._url = shown_url
        return store

    def close(self) -> None:
        """Close all connections, those of units of work that have not ended when they do."""
        self._transactions.close()
