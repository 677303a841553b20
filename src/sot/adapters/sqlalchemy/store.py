"""A store in a SQLite file or a PostgreSQL database."""

from collections.abc import Callable
from threading import Lock
from typing import Self, TypeVar

from sqlalchemy import Engine

from sot.adapters.sqlalchemy import schema
from sot.adapters.sqlalchemy.engine import is_in_memory, open_engine
from sot.adapters.sqlalchemy.errors import shown_url
from sot.adapters.sqlalchemy.transactions import Transactions
from sot.adapters.sqlalchemy.unit_of_work import StoreUnitOfWork
from sot.application.support.retry import run_with_retries
from sot.application.support.system import SystemClock, TimeOrderedIds
from sot.domain.values.errors import StoreUnavailable
from sot.ports.access import AccessStore
from sot.ports.clock import Clock
from sot.ports.ids import IdSource

T = TypeVar("T")


class SqlAlchemyStore(AccessStore):
    """Histories in a database; any number of threads and processes may use it.

    On SQLite one unit of work writes at a time and others wait, up to 30 seconds; readers see one moment and wait for
    nobody. A database in memory (`sqlite://`) has one connection, so that its units of work take turns, readers too.
    """

    def __init__(self, engine: Engine, clock: Clock | None = None, ids: IdSource | None = None) -> None:
        self.clock = clock or SystemClock()
        self.ids = ids or TimeOrderedIds()
        self._engine = engine
        self._transactions = Transactions(engine)
        self._url = shown_url(engine.url)
        self._alone = Lock() if is_in_memory(engine.url) else None
        self._closed = False

    @classmethod
    def open(cls, url: str, clock: Clock | None = None, ids: IdSource | None = None, *, create: bool = True) -> Self:
        """The store at `url`: `sqlite:///path`, `sqlite://` (in memory) or `postgresql://...`.

        A new database gets its tables; an older version is migrated. With `create` false, neither is done.

        Raises: StoreUnavailable, StoreDamaged. SchemaMismatch: made by a newer `sot`, or by something else.
            MissingExtra: a driver, or Alembic, is not installed. InvalidInput: not such an address.
        """
        engine = open_engine(url, create)
        try:
            schema.prepare(engine, create or is_in_memory(engine.url))
        except BaseException:
            engine.dispose()
            raise
        return cls(engine, clock, ids)

    @property
    def engine(self) -> Engine:
        """The engine, for the application's own queries and sessions."""
        return self._engine

    def begin(self, read_only: bool = False) -> StoreUnitOfWork:
        """A new transaction; the database is asked when it is first used.

        Raises: StoreUnavailable: the store is closed.
        """
        if self._closed:
            raise StoreUnavailable(self._url, "it is closed; open it again")
        return StoreUnitOfWork(self._transactions, self._url, self.clock, self.ids, read_only, self._alone)

    def run(self, use_case: Callable[[StoreUnitOfWork], T], read_only: bool = False) -> T:
        """Run a use case in a transaction of its own and commit it; again, after a pause, if a race was lost."""
        return run_with_retries(lambda: self.begin(read_only), use_case, commits=not read_only)

    def horizon(self) -> int:
        """The position of the feed up to which everything is settled, for units of work that begin after this answer.

        Raises: StoreUnavailable.
        """
        # On PostgreSQL a read-only unit sees one moment, and that may be before the locks are looked at.
        with self.begin(read_only=self._engine.dialect.name == "sqlite") as uow:
            return uow.feed.horizon()

    def close(self) -> None:
        """Close all connections."""
        self._closed = True
        self._engine.dispose()
