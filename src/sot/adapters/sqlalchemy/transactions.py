"""Beginning the transactions of a store."""

from contextlib import suppress
from typing import Any

from sqlalchemy import Connection, Engine

from sot.adapters.sqlalchemy.awaited import run_to_the_end
from sot.adapters.sqlalchemy.database_file import OpenFile, remember_unmanaged
from sot.adapters.sqlalchemy.engine import begin_read_or_write, begin_sqlite, read_only_engine
from sot.adapters.sqlalchemy.errors import shown_url
from sot.adapters.sqlalchemy.isolation import check_engine, ensure_transaction
from sot.domain.values.errors import CommitUnknown


class Transactions:
    """Begins read-only and other transactions on the connections of an engine.

    On SQLite the engine's events are skipped where nobody listens to them: to dispatch them takes longer than to begin
    a transaction.
    """

    def __init__(self, engine: Engine) -> None:
        check_engine(engine)
        self._engine = engine
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._is_awaited = engine.dialect.is_async
        self._url = shown_url(engine.url)
        self._read_only_engine = read_only_engine(engine)
        self._silent_engine = _without_listeners(engine)

    def begin(self, read_only: bool) -> tuple[Connection, Any]:
        """Begin a transaction.

        Returns:
            Its connection, and the driver's own connection where statements may go straight to that, else None.

        Raises:
            InvalidInput: The application's engine commits each statement, or translates schemas.
            StoreUnavailable: The file of the database was deleted.
        """
        while True:
            connection, driver_connection = self._begin(read_only)
            file = self._file(connection)
            if file is None or file.is_in_place():
                return connection, driver_connection
            # It was open before the file was replaced; the next connection opens the file that is there now.
            _discard(connection)

    def commit(self, connection: Connection) -> None:
        """Commit a transaction.

        Raises:
            StoreUnavailable: The file of the database was deleted or replaced before.
            CommitUnknown: It was deleted or replaced meanwhile.
        """
        file = self._file(connection)
        if file is not None and not file.is_in_place():
            connection.invalidate()
            raise file.moved()
        if self._is_awaited:
            run_to_the_end(lambda: _commit(connection))
        else:
            _commit(connection)
        if file is not None and not file.is_in_place():
            raise CommitUnknown("the file of the database was deleted or replaced")

    def _file(self, connection: Connection) -> OpenFile | None:
        if not self._is_sqlite:
            return None
        pooled = connection.connection
        return remember_unmanaged(pooled.dbapi_connection, pooled.info, self._url)

    def _begin(self, read_only: bool) -> tuple[Connection, Any]:
        if not self._is_sqlite or self._has_listeners():
            return _begin(self._read_only_engine if read_only else self._engine, None)
        if self._silent_engine.pool is not self._engine.pool:  # the engine was disposed of, as after a fork
            self._silent_engine = _without_listeners(self._engine)
        return _begin(self._silent_engine, read_only)

    def _has_listeners(self) -> bool:
        """Whether somebody listens to the engine: an event listener, or the log."""
        events = self._engine.dispatch
        listeners = (
            events.before_cursor_execute,
            events.after_cursor_execute,
            events.before_execute,
            events.after_execute,
            events.engine_connect,
            events.commit,
            events.rollback,
        )
        begin_listeners = [listener for listener in events.begin if listener is not begin_read_or_write]
        return bool(self._engine.echo) or any(listeners) or bool(begin_listeners)


def _commit(connection: Connection) -> None:
    try:
        connection.commit()
    except BaseException:
        # SQLAlchemy takes a transaction whose COMMIT failed for rolled back, and sends no ROLLBACK.
        if not connection.invalidated:
            _roll_back(connection)
        raise


def _roll_back(connection: Connection) -> None:
    try:
        connection.connection.rollback()
    except Exception:  # the error of COMMIT says more
        with suppress(Exception):
            connection.invalidate()


def _discard(connection: Connection) -> None:
    connection.invalidate()
    connection.close()


def _without_listeners(engine: Engine) -> Engine:
    """Return an engine with the same connections and no listeners."""
    return Engine(engine.pool, engine.dialect, engine.url)


def _begin(engine: Engine, read_only: bool | None) -> tuple[Connection, Any]:
    """Begin a transaction; with `read_only` None, the engine's listeners begin it."""
    connection = engine.connect()
    try:
        connection.begin()
        driver_connection: Any = None
        if read_only is not None:
            dbapi_connection = connection.connection.dbapi_connection
            begin_sqlite(dbapi_connection, read_only)
            if not engine.dialect.is_async:
                driver_connection = dbapi_connection
        else:
            ensure_transaction(connection, "engine")
    except BaseException:
        connection.close()
        raise
    return connection, driver_connection
