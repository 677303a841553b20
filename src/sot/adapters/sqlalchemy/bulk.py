"""COPY: many rows of one table on PostgreSQL, with one statement that the server parses once."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError

from sot.adapters.sqlalchemy.link import discard_lost
from sot.adapters.sqlalchemy.place import Place

SMALLEST_COPY = 50
"""From how many rows on a COPY takes less time than an INSERT for each."""


def copies(dialect: Dialect, count: int) -> bool:
    """Whether so many rows are worth a COPY, and the driver has one that is not awaited: that of psycopg."""
    return count >= SMALLEST_COPY and dialect.driver == "psycopg" and not dialect.is_async


def copy_rows(connection: Connection, place: Place, table: str, rows: Sequence[dict[str, Any]]) -> None:
    """Copy rows into a table, in their order.

    Args:
        connection: The connection, in a transaction.
        place: Where the tables are.
        table: The name of the table in the default place.
        rows: The values of each row as the driver wants them, by column; all have the same columns.

    Raises:
        DBAPIError: What SQLAlchemy raises where an INSERT of these rows fails.
    """
    statement = f"COPY {place.qualified(table)} ({', '.join(map(_quoted, rows[0]))}) FROM STDIN"
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(tuple(row.values()))
    except connection.dialect.loaded_dbapi.Error as error:
        is_lost = discard_lost(connection, error)
        raise DBAPIError.instance(
            statement, None, error, connection.dialect.loaded_dbapi.Error, True, is_lost, connection.dialect
        ) from error


def _quoted(column: str) -> str:
    return f'"{column}"'
