"""How the statements of a transaction reach the database: through SQLAlchemy, or straight to its driver.

Straight to the driver takes less than half of the time, and nobody notices where nobody listens to SQLAlchemy's events.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, Dialect, Pool

_STREAMED_ROWS = 500


class Call(NamedTuple):
    """A statement with what it is executed with.

    Attributes:
        statement: Its text.
        parameters: The driver's parameters; a list has those of several rows. None: in the text, `%` is just that.
    """

    statement: str
    parameters: Any


class Link(ABC):
    """The way to the database in one transaction.

    Statements are texts with the driver's parameters, as in a `Call`. Errors are those of SQLAlchemy or the driver.

    Attributes:
        dialect: The kind of database, and its driver.
        pool: The pool that the connection comes from.
    """

    dialect: Dialect
    pool: Pool

    @property
    @abstractmethod
    def connection(self) -> Connection:
        """SQLAlchemy's connection in this transaction, for statements of SQLAlchemy Core."""

    @abstractmethod
    def execute(self, statement: str, parameters: Any) -> Any:
        """Execute a statement; return its cursor, which has the rows and their `rowcount` until the next statement."""

    def execute_after(self, lock: Call, query: Call) -> Any:
        """Execute a statement that waits for a lock, then a query; return the cursor of the query."""
        self.execute(*lock).close()
        return self.execute(*query)

    def execute_all(self, calls: Sequence[Call]) -> Sequence[int]:
        """Execute statements that write, one after the other; return how many rows each found."""
        return [self.execute(*call).rowcount for call in calls]

    def stream(self, statement: str, parameters: Any) -> Any:
        """Execute a query; return a cursor that does not have all rows in memory."""
        options = {"stream_results": True, "max_row_buffer": _STREAMED_ROWS}
        return self.connection.exec_driver_sql(statement, parameters, execution_options=options)


class ConnectionLink(Link):
    """Through a connection of SQLAlchemy, whose listeners get every statement."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.dialect = connection.dialect
        self.pool = connection.engine.pool

    @property
    def connection(self) -> Connection:
        """SQLAlchemy's connection in this transaction."""
        return self._connection

    def execute(self, statement: str, parameters: Any) -> Any:
        """Execute a statement; return its result."""
        if parameters is None:
            return self._connection.exec_driver_sql(statement, execution_options={"no_parameters": True})
        return self._connection.exec_driver_sql(statement, parameters)


def discard_lost(connection: Connection, error: Exception) -> bool:
    """Do as SQLAlchemy does after an error: discard a connection that is lost, and the pool's older ones.

    Args:
        connection: The connection.
        error: What the driver raised.

    Returns:
        Whether the connection is lost.
    """
    if connection.invalidated:
        return True
    pooled = connection.connection
    is_lost = connection.dialect.is_disconnect(error, pooled.driver_connection, None)  # type: ignore[arg-type]
    if is_lost:
        connection.engine.pool._invalidate(pooled, error, _checkin=False)
        connection.invalidate(error)
    return is_lost
