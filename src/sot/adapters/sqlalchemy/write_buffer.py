"""One transaction's access to the database: reads, buffered writes, and what follows an error."""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from functools import lru_cache, partial
from typing import Any, NoReturn, TypeVar, cast

from sqlalchemy import Connection, Dialect, Executable, Row, TextClause, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.sql.selectable import SelectBase

from sot.adapters.sqlalchemy.bulk import copies, copy_rows
from sot.adapters.sqlalchemy.errors import UNREADABLE, translate
from sot.adapters.sqlalchemy.feed_positions import ADVANCE_SEQUENCE, LOCK_FEED
from sot.adapters.sqlalchemy.isolation import check_level
from sot.adapters.sqlalchemy.link import Call, Link
from sot.adapters.sqlalchemy.place import DEFAULT, Place
from sot.adapters.sqlalchemy.placed_tables import placed
from sot.adapters.sqlalchemy.schema_version import check_triggers
from sot.adapters.sqlalchemy.statements import (
    DELETES,
    FEED,
    FEED_AT_POSITION,
    INSERTS,
    NAME_LOCK,
    TABLE_OF,
    UPDATES,
    WRITE_ORDER,
    CompiledQuery,
    Query,
)
from sot.adapters.sqlalchemy.transaction_state import TransactionState, Values
from sot.adapters.sqlalchemy.types import are_storable
from sot.domain.values.errors import ConcurrentUpdate, ReadOnly, StoreDamaged, error_after_failure
from sot.domain.values.vocabulary import FactKind

T = TypeVar("T")

_PREPARE_WRITING = text(
    "SELECT current_setting('transaction_isolation'), CASE current_setting('lock_timeout')"
    " WHEN '0' THEN set_config('lock_timeout', :milliseconds, true) END"
)
_BATCH = 500


class WriteBuffer:
    """The reads and writes of one unit of work, shared by its repositories.

    Writes wait in the buffer. `flush` sends them together, one statement per table. With `write_through` every change
    is flushed at once.

    Attributes:
        url: The address of the store, for messages.
        read_only: Whether writing is refused.
        next_position: The feed position of the next fact; None lets the database choose.
        changes: How many changes were made.
        triggers_are_checked: Whether nothing looks for the triggers before it writes.
        place: Where the tables are.
        transaction: What it shares with the other units of work in its transaction.
    """

    def __init__(
        self,
        begin: Callable[[], Link],
        url: str,
        transaction: TransactionState,
        read_only: bool = False,
        write_through: bool = False,
        place: Place = DEFAULT,
    ) -> None:
        self._link = begin
        self.place = place
        self.url = url
        self.read_only = read_only
        self._write_through = write_through
        self.transaction = transaction
        self.changes = 0
        self._error: BaseException | None = None
        self._collectors: list[Callable[[], None]] = []
        self._deletes: dict[str, list[Values]] = {}
        self._inserts: dict[str, list[Values]] = {}
        self._updates: dict[str, list[Values]] = {}
        self._feed_is_locked = False
        self.triggers_are_checked = False
        self.next_position: int | None = None

    @property
    def dialect(self) -> Dialect:
        """The kind of database, and its driver."""
        return self._link().dialect

    @property
    def is_postgresql(self) -> bool:
        """Whether the database is PostgreSQL."""
        return self._link().dialect.name == "postgresql"

    # ---------------------------------------------------------------------------------------------------- writing

    def before_flush(self, collect: Callable[[], None]) -> None:
        """Call `collect` before each flush, to add the rows that are final only then."""
        self._collectors.append(collect)

    def end(self) -> None:
        """Let go of the repositories, so that they are freed at once, and not by the garbage collector."""
        self._collectors.clear()

    def begin_change(self, subject: str) -> None:
        """Check that the transaction accepts a change, and count it.

        Raises:
            ReadOnly: The unit of work was begun with `read_only`.
            InvalidInput: The transaction has one snapshot for all of its statements, or two threads use it at once.
            SotError: The transaction failed before.
        """
        if self.read_only:
            raise ReadOnly(f"writing {subject}")
        transaction = self.transaction
        if self._error is not None or transaction.failure is not None:
            self.check_usable()
        transaction.threads.check()
        if not transaction.may_write:
            self._prepare_writing()
        self.changes += 1

    def check_usable(self) -> None:
        """Check that the transaction has not failed.

        Raises:
            SotError: It has; this is the error with which it failed, or UnitOfWorkFailed.
        """
        error = self._error or self.transaction.failure
        if error is not None:
            raise error_after_failure(error)

    def insert(self, table: str, row: Values) -> None:
        """Buffer a new row."""
        rows = self._inserts.get(table)
        if rows is None:
            self._inserts[table] = [row]
        else:
            rows.append(row)

    def insert_fact(
        self, kind: FactKind, table: str, row: Values, key: str, recorded_at: datetime, number: int = 0
    ) -> None:
        """Buffer a new row of a fact, and its entry in the feed."""
        self.insert(table, row)
        entry: Values = {
            "account_id": row["account_id"],
            "kind": kind,
            "key": key,
            "number": number,
            "hash": row["hash"],
            "recorded_at": recorded_at,
        }
        if self.next_position is not None:
            entry["position"], self.next_position = self.next_position, None
            self.insert(FEED_AT_POSITION, entry)
            self.flush()  # the next entry must get a position after this one
        else:
            self.insert(FEED, entry)

    def update(self, table: str, row: Values) -> None:
        """Buffer a changed row. Keys named `was_<column>` say which row it was."""
        self._updates.setdefault(table, []).append(row)

    def delete(self, table: str, parameters: Values) -> None:
        """Buffer the removal of derived rows. In a flush it precedes the rows that are inserted into the table."""
        self._deletes.setdefault(table, []).append(parameters)

    def autoflush(self) -> None:
        """Flush now if changes are written through. Every repository calls this after a change."""
        if self._write_through:
            self.flush()

    def flush_pending(self, *tables: str) -> None:
        """Flush if changes of these tables wait in the buffer, so that a query of them sees its own transaction.

        Rows of `orders`, `order_costs` and `positions` are collected at a flush; queries of these tables need `flush`.
        """
        if any(table in self._inserts or table in self._updates or table in self._deletes for table in tables):
            self.flush()

    def flush(self) -> None:
        """Write the buffer to the database.

        Raises:
            ConcurrentUpdate: Another transaction was faster.
            InvalidInput: Two threads use the transaction at once.
            StoreUnavailable: The database is out of reach.
        """
        self.check_usable()
        self.transaction.threads.check()
        for collect in self._collectors:
            collect()
        if self._deletes or self._inserts or self._updates:
            deletes, self._deletes = self._deletes, {}
            inserts, self._inserts = self._inserts, {}
            updates, self._updates = self._updates, {}
            try:
                self._write(deletes, inserts, updates)
            except BaseException as error:
                # A part may have been written. A caller that goes on after this error must not commit it.
                self._error = error
                self.transaction.fail(error)
                raise
            facts = inserts.get(FEED) or inserts.get(FEED_AT_POSITION)
            if facts:
                self.transaction.last_fact = (facts[-1], self.place)

    def _write(
        self,
        deletes: Mapping[str, list[Values]],
        inserts: Mapping[str, list[Values]],
        updates: Mapping[str, list[Values]],
    ) -> None:
        link = self._link()
        if not self.triggers_are_checked:
            check_triggers(link, self.place)
            self.triggers_are_checked = True
        dialect, place = link.dialect, self.place
        is_postgresql = dialect.name == "postgresql"
        calls: list[Call] = []
        changed: list[tuple[int, str, Values]] = []
        for table in sorted({*deletes, *inserts, *updates}, key=WRITE_ORDER.__getitem__):
            if table in deletes:
                calls += map(DELETES[table].compiled(dialect, place).call, deletes[table])
            if table in inserts:
                is_locked = is_postgresql and table in (FEED, FEED_AT_POSITION)
                if is_locked:
                    calls += self._lock_feed()
                statement = INSERTS[table].compiled(dialect, place)
                values = list(map(statement.parameters, inserts[table]))
                if is_postgresql and copies(dialect, len(values)):
                    self._send(link, calls, changed)
                    self._translating(partial(copy_rows, link.connection, place, TABLE_OF[table], values))
                else:
                    calls.append(Call(statement.text, values if len(values) > 1 else values[0]))
                if is_locked and table == FEED_AT_POSITION:
                    calls.append(Call(place.sql(ADVANCE_SEQUENCE), None))
            if table in updates:
                rows = updates[table]
                changed += [(number, table, row) for number, row in enumerate(rows, len(calls))]
                calls += map(UPDATES[table].compiled(dialect, place).call, rows)
        self._send(link, calls, changed)

    def _send(self, link: Link, calls: list[Call], changed: list[tuple[int, str, Values]]) -> None:
        """Execute statements together, and forget them; those that change a row, by their places, must have found it.

        Raises:
            ConcurrentUpdate: One did not.
        """
        if not calls:
            return
        try:
            found = link.execute_all(calls)
        except Exception as error:
            self._raise(error)
        for place, table, row in changed:
            if found[place] != 1:
                keys = " ".join(str(row[name]) for name in row if name.startswith("was_"))
                raise ConcurrentUpdate(f"{table} {keys} was changed")
        calls.clear()
        changed.clear()

    def _lock_feed(self) -> Iterator[Call]:
        """Lock the feed after its last position, in shared mode, until the transaction ends.

        A sequence numbers facts before they are committed. Readers of the feed look at these locks, each of which
        says from which position its transaction may have numbered facts, and read up to the lowest.
        """
        if not self._feed_is_locked:
            self._feed_is_locked = True
            yield Call(self.place.sql(LOCK_FEED), None)

    # ---------------------------------------------------------------------------------------------------- reading

    def fetch(self, query: Query, parameters: Mapping[str, Any], lock: str | None = None) -> Sequence[Any]:
        """Fetch all rows of a query; none if a parameter is a value that no database can store.

        Args:
            query: The query.
            parameters: Its parameters, by name.
            lock: On PostgreSQL, a name whose lock is taken before, for which it may have to wait (see `wait_for`).
        """
        if self._error is not None or self.transaction.failure is not None:
            self.check_usable()
        if not are_storable(parameters.values()):
            return ()
        link = self._link()
        compiled = query.compiled(link.dialect, self.place)
        if lock is not None:
            self._prepare_writing()
        try:
            if lock is None:
                cursor = link.execute(compiled.text, compiled.parameters(parameters))
            else:
                locking = NAME_LOCK.compiled(link.dialect, self.place).call({"name": self.place.prefix + lock})
                cursor = link.execute_after(locking, compiled.call(parameters))
        except Exception as error:
            self._raise(error)
        try:
            return list(map(compiled.read, cursor.fetchall()))
        except Exception as error:
            self._raise_unreadable(error)

    def wait_for(self, lock: Query, parameters: Mapping[str, Any]) -> Sequence[Any]:
        """Fetch all rows of a query that locks something on PostgreSQL, for which it may have to wait.

        Raises:
            ConcurrentUpdate: It waited for too long.
            InvalidInput: The transaction has one snapshot for all of its statements.
        """
        self._prepare_writing()
        return self.fetch(lock, parameters)

    def _prepare_writing(self) -> None:
        """Limit how long the transaction waits for a lock, and check its isolation level, on PostgreSQL."""
        if self.transaction.may_write:
            return
        if self.is_postgresql:
            milliseconds = int((self.transaction.lock_timeout or 0) * 1000)
            check_level(self.execute(_PREPARE_WRITING, {"milliseconds": str(milliseconds)}).scalar(), "to write")
        self.transaction.may_write = True

    def fetch_dynamic(self, statement: SelectBase, parameters: Mapping[str, Any]) -> Sequence[Row[Any]]:
        """Fetch all rows of a query that was built for one use, and is not worth compiling."""
        if not are_storable(parameters.values()):
            return ()
        result = self.execute(cast("Executable", statement), parameters)
        try:
            return cast("Sequence[Row[Any]]", result.all())
        except Exception as error:
            self._raise_unreadable(error)

    def compiled(self, query: Query) -> CompiledQuery:
        """Compile a query for the database of this transaction."""
        return query.compiled(self._link().dialect, self.place)

    def stream(self, query: Query, parameters: Mapping[str, Any]) -> Iterator[Any]:
        """Fetch the rows of a query in batches, so that memory does not limit their number."""
        read = self.compiled(query).read
        for values in self.stream_raw(query, parameters):
            try:
                row = read(values)
            except UNREADABLE as error:
                raise self._damaged(error) from error
            yield row

    def stream_raw(self, query: Query, parameters: Mapping[str, Any]) -> Iterator[Any]:
        """Like `stream`, but yield the driver's rows, for callers that report unreadable ones themselves."""
        call = self.compiled(query).call(parameters)
        cursor = self._translating(lambda: self._link().stream(*call))
        try:
            while rows := self._translating(lambda: cursor.fetchmany(_BATCH)):
                yield from rows
        finally:
            # A generator that was left in the middle is closed when it is collected, perhaps after its connection.
            with suppress(sqlite3.Error, SQLAlchemyError):
                cursor.close()

    # -------------------------------------------------------------------------------------------------- executing

    def execute(self, statement: Executable, parameters: Any = None) -> Any:
        """Execute a statement. After an error the transaction can only be rolled back."""
        self.check_usable()
        in_place = placed(cast("ClauseElement", statement), self.place)
        return self._translating(lambda: self._link().connection.execute(cast("Executable", in_place), parameters))

    def execute_text(self, template: str) -> Any:
        """Execute a statement whose names are written as `{orders}`."""
        return self.execute(_text(template, self.place))

    def read_with(self, read: Callable[[Connection], Iterable[T]]) -> Sequence[T]:
        """Read with a function of the connection, for what is no query of tables."""
        if self._error is not None:
            raise self._error
        return self._translating(lambda: list(read(self._link().connection)))

    def _translating(self, action: Callable[[], T]) -> T:
        """Call `action`, and translate the error that it raises."""
        try:
            return action()
        except Exception as error:
            self._raise(error)

    def _raise_unreadable(self, error: Exception) -> NoReturn:
        """Raise an error of fetching rows as it is translated."""
        if isinstance(error, UNREADABLE):
            raise self._damaged(error) from error
        self._raise(error)

    def _raise(self, error: Exception) -> NoReturn:
        """Mark the transaction as failed, and raise the error as it is translated."""
        to_raise = self._error = translate(error, self.url, in_statement=True) or error
        if to_raise is error:
            raise error
        raise to_raise from error

    def _damaged(self, error: Exception) -> StoreDamaged:
        return StoreDamaged(self.url, f"a row cannot be read ({type(error).__name__}: {error})")


@lru_cache
def _text(template: str, place: Place) -> TextClause:
    return text(place.sql(template))
