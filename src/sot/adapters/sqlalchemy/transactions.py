"""Beginning and ending the transactions of a store."""

from sqlalchemy import Connection, Engine, PoolProxiedConnection

from sot.adapters.sqlalchemy.database_file import OpenFile, remember_unmanaged
from sot.adapters.sqlalchemy.engine import begin_read_or_write, begin_sqlite, read_only_engine
from sot.adapters.sqlalchemy.errors import shown_url
from sot.adapters.sqlalchemy.isolation import check_engine, ensure_transaction
from sot.adapters.sqlalchemy.store_transactions import (
    ConnectionTransaction,
    DriverTransaction,
    PsycopgTransaction,
    StoreTransaction,
)
from sot.domain.values.errors import StoreUnavailable


class Transactions:
    """Begins read-only and other transactions on the connections of an engine, and ends them.

    Where nobody listens to the engine, the driver of SQLite begins and ends them; where nobody listens to its
    statements, those go straight to psycopg.
    """

    def __init__(self, engine: Engine) -> None:
        check_engine(engine)
        self._engine = engine
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._is_awaited = engine.dialect.is_async
        self._is_psycopg = engine.dialect.driver == "psycopg" and not self._is_awaited and _has_pipeline()
        self._url = shown_url(engine.url)
        self._read_only_engine = read_only_engine(engine)
        self._silent_engine = _without_listeners(engine)
        self._is_closed = False

    def check_open(self) -> None:
        """Check that transactions can begin.

        Raises:
            StoreUnavailable: The store is closed.
        """
        if self._is_closed:
            raise StoreUnavailable(self._url, "it is closed; open it again")

    def begin(self, read_only: bool) -> StoreTransaction:
        """Begin a transaction.

        Raises:
            InvalidInput: The application's engine commits each statement, or translates schemas.
            StoreUnavailable: The file of the database was deleted, or the store is closed.
        """
        self.check_open()
        while True:
            transaction = self._begin(read_only)
            if transaction.file is None or transaction.file.is_in_place():
                return transaction
            # It was open before the file was replaced; the next connection opens the file that is there now.
            transaction.discard()

    def end(self, transaction: StoreTransaction) -> None:
        """Roll back what a transaction did not commit, and return its connection to the pool."""
        try:
            transaction.close()
        finally:
            if self._is_closed:  # the pool was emptied before this connection came back to it
                transaction.pool.dispose()

    def close(self) -> None:
        """Close all connections: those of transactions under way as they end."""
        self._is_closed = True
        self._engine.dispose()

    def _begin(self, read_only: bool) -> StoreTransaction:
        if not self._is_sqlite or self._has_listeners():
            return self._begin_connection(self._read_only_engine if read_only else self._engine, None)
        if self._silent_engine.pool is not self._engine.pool:  # the engine was disposed of, as after a fork
            self._silent_engine = _without_listeners(self._engine)
        if self._is_awaited:
            return self._begin_connection(self._silent_engine, read_only)
        return self._begin_driver(self._silent_engine, read_only)

    def _begin_connection(self, engine: Engine, read_only: bool | None) -> StoreTransaction:
        """Begin a transaction of SQLAlchemy's; with `read_only` None, the engine's listeners begin it."""
        connection = engine.connect()
        try:
            connection.begin()
            if read_only is None:
                ensure_transaction(connection, "engine")
            else:
                begin_sqlite(connection.connection.dbapi_connection, read_only)
            transaction = self._over(connection)
            transaction.file = self._file(connection.connection)
        except BaseException:
            connection.close()
            raise
        return transaction

    def _over(self, connection: Connection) -> ConnectionTransaction:
        if self._is_psycopg and not self._has_listeners_of_statements():
            return PsycopgTransaction(connection)
        return ConnectionTransaction(connection)

    def _begin_driver(self, engine: Engine, read_only: bool) -> StoreTransaction:
        pooled = engine.raw_connection()
        try:
            begin_sqlite(pooled.dbapi_connection, read_only)
            transaction = DriverTransaction(engine, pooled)
            transaction.file = self._file(pooled)
        except BaseException:
            pooled.close()
            raise
        return transaction

    def _file(self, pooled: PoolProxiedConnection) -> OpenFile | None:
        return remember_unmanaged(pooled.dbapi_connection, pooled.info, self._url) if self._is_sqlite else None

    def _has_listeners(self) -> bool:
        """Whether somebody listens to the engine: an event listener, or the log."""
        events = self._engine.dispatch
        begin_listeners = [listener for listener in events.begin if listener is not begin_read_or_write]
        listeners = (events.engine_connect, events.commit, events.rollback, begin_listeners)
        return any(listeners) or self._has_listeners_of_statements()

    def _has_listeners_of_statements(self) -> bool:
        """Whether somebody listens to the statements of the engine, and their errors."""
        events, calls = self._engine.dispatch, self._engine.dialect.dispatch
        listeners = (
            events.before_cursor_execute,
            events.after_cursor_execute,
            events.before_execute,
            events.after_execute,
            calls.handle_error,
            calls.do_execute,
            calls.do_executemany,
        )
        return bool(self._engine.echo) or any(listeners)


def _has_pipeline() -> bool:
    """Whether the libpq of psycopg can send statements without waiting for the one before."""
    from psycopg import Pipeline

    return Pipeline.is_supported()


def _without_listeners(engine: Engine) -> Engine:
    """Return an engine with the same connections and no listeners."""
    return Engine(engine.pool, engine.dialect, engine.url, hide_parameters=True)
