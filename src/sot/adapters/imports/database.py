"""The rows of a store of another program: an SQLite file or a database, which is only read."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, inspect, text
from sqlalchemy.exc import SQLAlchemyError

from sot.adapters.imports.figures import document_value, exact_number, read_number
from sot.adapters.imports.row_error import RowError
from sot.domain.values.errors import InvalidInput

DatabaseRow = Mapping[str, Any]
"""A row by column: floats are numbers by their shortest text, times are text."""


class Database:
    """The tables of a store of another program."""

    def __init__(self, connection: Connection, source: str) -> None:
        self._connection = connection
        self._source = source
        self._tables = frozenset(inspect(connection).get_table_names())

    def require(self, *tables: str) -> None:
        """Check that there are tables.

        Raises:
            InvalidInput: One is missing.
        """
        missing = [table for table in tables if table not in self._tables]
        if missing:
            raise InvalidInput(self._source, f"no table {missing[0]}", f"a store with the tables {', '.join(tables)}")

    def rows(self, table: str) -> list[DatabaseRow]:
        """Return all rows of a table, ordered by all of its columns; none if there is no such table."""
        if table not in self._tables:
            return []
        quoted = self._connection.dialect.identifier_preparer.quote(table)
        rows = self._connection.execute(text(f"SELECT * FROM {quoted}")).mappings()
        found = [{name: _value(value) for name, value in row.items()} for row in rows]
        return sorted(found, key=lambda row: [(value is not None, str(value)) for value in row.values()])


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, bytes):
        return value.hex()
    return document_value(value)


@contextmanager
def open_database(source: str) -> Iterator[Database]:
    """Open a store for reading.

    Args:
        source: The path of an SQLite file, or the URL of a database as SQLAlchemy has it.

    Raises:
        InvalidInput: It is no such store, or cannot be read.
        FileNotFoundError: There is no such file.
    """
    url = source
    if "://" not in source:
        path = Path(source)
        if not path.exists():
            raise FileNotFoundError(2, "there is no such file", source)
        url = f"sqlite:///file:{path.resolve().as_posix()}?mode=ro&uri=true"
    try:
        engine = create_engine(url)
        try:
            with engine.connect() as connection:
                yield Database(connection, source)
        finally:
            engine.dispose()
    except SQLAlchemyError as error:
        raise InvalidInput("FILE", source, f"a store that can be read ({' '.join(str(error).split())[:200]})") from None


def number(row: DatabaseRow, name: str) -> Decimal | None:
    """Return a number of a row as a fact may have it; None if the row has none.

    Raises:
        RowError: It is no number, or has too many digits.
    """
    value = row.get(name)
    if value is None or value == "":
        return None
    return exact_number(name, value if isinstance(value, Decimal) else read_number(name, str(value)))


def required_number(row: DatabaseRow, name: str) -> Decimal:
    """Return a number of a row.

    Raises:
        RowError: It has none, or it is no number.
    """
    found = number(row, name)
    if found is None:
        raise RowError(f"{name} is empty")
    return found


def utc(row: DatabaseRow, *names: str) -> datetime | None:
    """Return the first time of a row that is not empty; the store keeps naive times in UTC.

    Raises:
        RowError: It is no time.
    """
    for name in names:
        value = row.get(name)
        if value:
            try:
                time = datetime.fromisoformat(str(value))
            except ValueError:
                raise RowError(f"{name}: {str(value)[:40]!r} is no time") from None
            return time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    return None
