"""One transaction's way to the database: reads, buffered writes, and what a failure leaves."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Executable, Row, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.selectable import SelectBase

from sot.adapters.sqlalchemy.errors import translated
from sot.adapters.sqlalchemy.statements import FEED, IN_ORDER, INSERTS, PLACED, UPDATES, Prepared, PreparedQuery, Query
from sot.domain.values.errors import ConcurrentUpdate, ReadOnly, StoreDamaged
from sot.domain.values.vocabulary import FactKind

T = TypeVar("T")
UNREADABLE = (ValueError, LookupError, TypeError, ArithmeticError)
"""What reading a damaged row raises."""

Values = dict[str, Any]

FEED_LOCK = 1_936_684_132
"""Any number of 32 bits: the class of the advisory locks of those who write to the feed, on PostgreSQL."""
LAST_POSITION = "SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM fact_feed_position_seq"
ANNOUNCE = text(f"SELECT pg_advisory_xact_lock_shared({FEED_LOCK}, (({LAST_POSITION}) % 2147483648)::integer)")
GO_ON = text(
    "SELECT setval('fact_feed_position_seq', greatest(last_value, (SELECT max(position) FROM fact_feed)))"
    " FROM fact_feed_position_seq"
)
_LONGEST_INTEGER = 2**63
_AT_A_TIME = 500


class Work:
    """What the repositories of one unit of work share.

    `connect` gives the connection of the transaction. `direct` is the driver's own connection, where nobody listens to
    what SQLAlchemy executes: that halves the time of a statement. Writes wait in a buffer and go to the database
    together, one statement per table, when `flush` is called; with `write_through` that is after every change.
    """

    def __init__(
        self, connect: Callable[[], Connection], url: str, read_only: bool = False, write_through: bool = False
    ) -> None:
        self._connect = connect
        self.url = url
        self.read_only = read_only
        self._write_through = write_through
        self.direct: Any = None
        self._failed: BaseException | None = None
        self._collectors: list[Callable[[], None]] = []
        self._inserts: dict[str, list[Values]] = {}
        self._updates: dict[str, list[Values]] = {}
        self._announced = False
        self.position: int | None = None

    def before_flush(self, collect: Callable[[], None]) -> None:
        """Call `collect` when the buffer is about to be written: it adds the rows that are only final then."""
        self._collectors.append(collect)

    def writable(self, what: str) -> None:
        """Raises: ReadOnly. Or what made the transaction fail before."""
        if self.read_only:
            raise ReadOnly(what)
        if self._failed is not None:
            raise self._failed

    def insert(self, table: str, row: Values) -> None:
        """Add a row to the buffer."""
        rows = self._inserts.get(table)
        if rows is None:
            self._inserts[table] = [row]
        else:
            rows.append(row)

    def fact(self, kind: FactKind, table: str, row: Values, key: str, recorded_at: datetime, number: int = 0) -> None:
        """Add a row that is a fact to the buffer, and its place in the feed."""
        self.insert(table, row)
        place: Values = {
            "account_id": row["account_id"],
            "kind": kind,
            "key": key,
            "number": number,
            "hash": row["hash"],
            "recorded_at": recorded_at,
        }
        if self.position is not None:
            place["position"], self.position = self.position, None
            self.insert(PLACED, place)
            self.flush()  # what comes next takes a position behind this one
        else:
            self.insert(FEED, place)

    def update(self, table: str, row: Values) -> None:
        """Add a change of a row to the buffer; its keys are given as `was_<name>`."""
        self._updates.setdefault(table, []).append(row)

    def changed(self) -> None:
        """A repository has changed something."""
        if self._write_through:
            self.flush()

    def flush(self) -> None:
        """Write the buffer. Raises: ConcurrentUpdate, StoreUnavailable."""
        if self._failed is not None:
            raise self._failed
        for collect in self._collectors:
            collect()
        if self._inserts or self._updates:
            inserts, self._inserts = self._inserts, {}
            updates, self._updates = self._updates, {}
            try:
                self._write(inserts, updates)
            except BaseException as error:
                # A part may have been written: whoever goes on after this error must not be able to commit it.
                self._failed = error
                raise

    def _write(self, inserts: Mapping[str, list[Values]], updates: Mapping[str, list[Values]]) -> None:
        dialect = self._connect().dialect
        for table in IN_ORDER:
            rows = inserts.get(table)
            if rows is not None:
                if table in (FEED, PLACED) and dialect.name == "postgresql":
                    self._announce()
                statement = INSERTS[table].prepared(dialect)
                self._run(statement, [statement.parameters(row) for row in rows])
                if table == PLACED and dialect.name == "postgresql":
                    self.execute(GO_ON)
            for row in updates.get(table, ()):
                statement = UPDATES[table].prepared(dialect)
                if self._run(statement, statement.parameters(row)).rowcount != 1:
                    keys = " ".join(str(row[name]) for name in row if name.startswith("was_"))
                    raise ConcurrentUpdate(f"{table} {keys} was changed")

    def _announce(self) -> None:
        """Let readers of the feed know that positions behind the last one given may be taken, until this ends.

        A sequence numbers facts before they are committed. Whoever reads the feed looks at the locks that are held,
        each of which tells where its transaction began to number, and reads up to the lowest.
        """
        if not self._announced:
            self._announced = True
            self.execute(ANNOUNCE)

    def _understood(self, action: Callable[[], T]) -> T:
        """What an action gives; its error as one of ours, where it is one."""
        try:
            return action()
        except Exception as error:
            meant = self._meaning(error)
            if meant is error:
                raise
            raise meant from error

    def _run(self, statement: Prepared, parameters: Any) -> Any:
        try:
            connection = self._connect()
            if self.direct is None:
                return connection.exec_driver_sql(statement.text, parameters)
            if type(parameters) is list:
                return self.direct.executemany(statement.text, parameters)
            return self.direct.execute(statement.text, parameters)
        except Exception as error:
            meant = self._meaning(error)
            if meant is error:
                raise
            raise meant from error

    def _meaning(self, error: Exception) -> Exception:
        """What to raise for an error, after which the transaction can only be rolled back."""
        meant = translated(error, self.url) or error
        self._failed = meant
        return meant

    def execute(self, statement: Executable, parameters: Any = None) -> Any:
        """Run a statement. After an error the transaction can only be rolled back."""
        if self._failed is not None:
            raise self._failed
        return self._understood(lambda: self._connect().execute(statement, parameters))

    def rows(self, query: Query, parameters: Mapping[str, Any]) -> Sequence[Any]:
        """The rows of a query; none, if it asks for a value that no store can hold."""
        if self._failed is not None:
            raise self._failed
        for value in parameters.values():
            if not _storable(value):
                return ()
        connection = self._connect()
        prepared = query.prepared(connection.dialect)
        found = self._run(prepared, prepared.parameters(parameters))
        try:
            return [prepared.read(row) for row in found]
        except UNREADABLE as error:
            raise self._unreadable(error) from error

    def _unreadable(self, error: Exception) -> StoreDamaged:
        return StoreDamaged(self.url, f"a row cannot be read ({type(error).__name__}: {error})")

    def selected(self, statement: SelectBase, parameters: Mapping[str, Any]) -> Sequence[Row[Any]]:
        """The rows of a query that is made for the occasion."""
        if not all(map(_storable, parameters.values())):
            return ()
        result = self.execute(cast("Executable", statement), parameters)
        try:
            found: Sequence[Row[Any]] = result.all()
        except UNREADABLE as error:
            raise self._unreadable(error) from error
        return found

    def prepared(self, query: Query) -> PreparedQuery:
        """The query for the database of this transaction."""
        return query.prepared(self._connect().dialect)

    def streamed(self, query: Query, parameters: Mapping[str, Any]) -> Iterator[Any]:
        """The rows of a query, some at a time, so that any number of them fits."""
        read = query.prepared(self._connect().dialect).read
        for row in self.raw(query, parameters):
            try:
                made = read(row)
            except UNREADABLE as error:
                raise self._unreadable(error) from error
            yield made

    def raw(self, query: Query, parameters: Mapping[str, Any]) -> Iterator[Any]:
        """The same as the driver gives them, for who has to tell which of them cannot be read."""
        connection = self._connect()
        prepared = query.prepared(connection.dialect)
        values = prepared.parameters(parameters)
        if self.direct is not None:
            found = self._run(prepared, values)
        else:
            options = {"stream_results": True, "max_row_buffer": _AT_A_TIME}
            found = self._understood(
                lambda: connection.exec_driver_sql(prepared.text, values, execution_options=options)
            )
        try:
            while rows := found.fetchmany(_AT_A_TIME):
                yield from rows
        finally:
            # One that was left in the middle is closed whenever it is collected, perhaps after its connection.
            with suppress(sqlite3.ProgrammingError, DBAPIError):
                found.close()

    @property
    def is_postgresql(self) -> bool:
        """Whether the database is PostgreSQL."""
        return self._connect().dialect.name == "postgresql"


def _storable(value: Any) -> bool:
    if type(value) is str:
        if value.isascii():
            return "\x00" not in value
        try:
            value.encode()
        except UnicodeEncodeError:
            return False
        return "\x00" not in value
    if type(value) is int:
        return -_LONGEST_INTEGER <= value < _LONGEST_INTEGER
    return True
