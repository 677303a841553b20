"""The transactions that a store begins, commits and ends by itself."""

from abc import abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Engine, PoolProxiedConnection

from sot.adapters.sqlalchemy.awaited import run_to_the_end
from sot.adapters.sqlalchemy.database_file import OpenFile
from sot.adapters.sqlalchemy.errors import translate
from sot.adapters.sqlalchemy.link import Call, ConnectionLink, Link, discard_lost
from sot.domain.values.errors import CommitUnknown


class StoreTransaction(Link):
    """A transaction of a store.

    Attributes:
        file: The file of the database that its connection opened, if it has one.
    """

    file: OpenFile | None = None

    def commit(self) -> None:
        """Commit the transaction.

        Raises:
            StoreUnavailable: The file of the database was deleted or replaced before.
            CommitUnknown: It was deleted or replaced meanwhile.
        """
        file = self.file
        if file is not None and not file.is_in_place():
            self.discard()
            raise file.moved()
        self._commit()
        if file is not None and not file.is_in_place():
            raise CommitUnknown("the file of the database was deleted or replaced")

    def close(self) -> None:
        """Roll back what was not committed, unless the connection is lost, and return the connection to its pool."""
        try:
            self._close()
        except Exception as error:
            with suppress(Exception):  # the first error says more
                self.discard()
            if translate(error, "") is None:
                raise

    @abstractmethod
    def _commit(self) -> None: ...

    @abstractmethod
    def _close(self) -> None: ...

    @abstractmethod
    def discard(self) -> None:
        """Close the connection, whatever it did; the pool makes another one."""


class ConnectionTransaction(ConnectionLink, StoreTransaction):
    """A transaction of SQLAlchemy's, of which listeners are told."""

    def _commit(self) -> None:
        if self.dialect.is_async:
            run_to_the_end(self._commit_connection)
        else:
            self._commit_connection()

    def _commit_connection(self) -> None:
        try:
            self._connection.commit()
        except BaseException:
            # SQLAlchemy takes a transaction whose COMMIT failed for rolled back, and sends no ROLLBACK.
            if not self._connection.invalidated:
                self._roll_back()
            raise

    def _roll_back(self) -> None:
        try:
            self._connection.connection.rollback()
        except Exception:  # the error of COMMIT says more
            with suppress(Exception):
                self._connection.invalidate()

    def _close(self) -> None:
        self._connection.close()

    def discard(self) -> None:
        """Close the connection, whatever it did; the pool makes another one."""
        self._connection.invalidate()
        self._connection.close()


class PsycopgTransaction(ConnectionTransaction):
    """A transaction of SQLAlchemy's whose statements go straight to psycopg, because nobody listens to them."""

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        driver: Any = connection.connection.driver_connection
        self._driver = driver
        self._cursor = driver.cursor()
        self._driver_error: type[Exception] = connection.dialect.loaded_dbapi.Error

    def execute(self, statement: str, parameters: Any) -> Any:
        """Execute a statement; return psycopg's cursor, the same for all statements."""
        try:
            _execute_on(self._cursor, statement, parameters)
        except self._driver_error as error:
            discard_lost(self._connection, error)
            raise
        return self._cursor

    def execute_after(self, lock: Call, query: Call) -> Any:
        """Execute a statement that waits for a lock, then a query, with one wait for the server.

        The query sees what was committed before it began, which the server lets it when it has the lock.
        """
        return self._execute_together([lock, query])[-1]

    def execute_all(self, calls: Sequence[Call]) -> Sequence[int]:
        """Execute statements that write with one wait for the server; return how many rows each found."""
        if len(calls) == 1:
            return super().execute_all(calls)
        return [cursor.rowcount for cursor in self._execute_together(calls)]

    def _execute_together(self, calls: Sequence[Call]) -> Sequence[Any]:
        cursors = [self._driver.cursor() for _ in calls]
        first: Exception | None = None
        try:
            with self._driver.pipeline():
                try:
                    for cursor, call in zip(cursors, calls, strict=True):
                        _execute_on(cursor, *call)
                except self._driver_error as error:
                    # The end of the pipeline raises what follows from it. Within an error, psycopg logs that instead.
                    first = error
        except self._driver_error as error:
            first = first or error
        if first is not None:
            discard_lost(self._connection, first)
            raise first
        return cursors


class DriverTransaction(StoreTransaction):
    """A transaction of the driver's own on a connection of the pool.

    SQLAlchemy's connection is made around the same connection of the driver when it is first asked for.

    Args:
        engine: An engine without listeners, for SQLAlchemy's connection.
        pooled: The connection of the pool; its transaction has begun.
    """

    def __init__(self, engine: Engine, pooled: PoolProxiedConnection) -> None:
        self.dialect = engine.dialect
        self.pool = engine.pool
        self._engine = engine
        self._pooled = pooled
        self._driver: Any = pooled.dbapi_connection
        self._made: Connection | None = None
        self._is_committed = False

    @property
    def connection(self) -> Connection:
        """SQLAlchemy's connection in this transaction."""
        if self._made is None:
            self._made = Connection(self._engine, self._pooled)
            self._made.begin()
        return self._made

    def execute(self, statement: str, parameters: Any) -> Any:
        """Execute a statement; return the driver's cursor."""
        return _execute_on(self._driver, statement, parameters)

    def stream(self, statement: str, parameters: Any) -> Any:
        """Execute a query; return the driver's cursor, which fetches rows one by one."""
        return self._driver.execute(statement, parameters)

    def _commit(self) -> None:
        self._driver.commit()
        self._is_committed = True

    def _close(self) -> None:
        if not self._is_committed:
            self._driver.rollback()
        (self._made or self._pooled).close()

    def discard(self) -> None:
        """Close the connection, whatever it did; the pool makes another one."""
        if self._made is not None:
            self._made.invalidate()
            self._made.close()
        else:
            self._pooled.invalidate()


def _execute_on(driver: Any, statement: str, parameters: Any) -> Any:
    """Execute a statement on a cursor, or a connection, of the driver; a list has the parameters of several rows."""
    run = driver.executemany if type(parameters) is list else driver.execute
    return run(statement, parameters)
