"""How the statements of a transaction reach the database: through SQLAlchemy, or straight to its driver.

Straight to the driver takes less than half of the time, and nobody notices where nobody listens to SQLAlchemy's events.
"""

from abc import ABC, abstractmethod
from typing import Any

from sqlalchemy import Connection, Dialect, Pool

_STREAMED_ROWS = 500


class Link(ABC):
    """The way to the database in one transaction.

    Statements are texts with the driver's parameters; a list has those of several rows. Errors are those of SQLAlchemy
    or the driver.

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
        """Execute a statement; return its cursor, which has the rows and their `rowcount`."""

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
        return self._connection.exec_driver_sql(statement, parameters)
