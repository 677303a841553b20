"""Where the transactions of a store begin."""

from typing import Any

from sqlalchemy import Connection, Engine

from sot.adapters.sqlalchemy.engine import begin_read_or_write, begin_sqlite, reading


class Transactions:
    """Begins the transactions of a store, those that only read and the others, on the connections of one engine.

    On SQLite nobody is told of what is done with a connection, unless somebody listens: to tell an engine's listeners
    takes longer than to begin a transaction.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._reading = reading(engine)
        self._unheard = _unheard(engine)

    def begun(self, read_only: bool) -> tuple[Connection, Any]:
        """A connection with its transaction begun, and the driver's own where statements may go straight to that."""
        if self._engine.dialect.name != "sqlite" or self._is_watched():
            return _begun(self._reading if read_only else self._engine, None)
        if self._unheard.pool is not self._engine.pool:  # it was disposed of, as after a fork
            self._unheard = _unheard(self._engine)
        return _begun(self._unheard, read_only)

    def _is_watched(self) -> bool:
        """Whether somebody follows what is done: a listener, or the log."""
        hooks = self._engine.dispatch
        heard = (
            hooks.before_cursor_execute,
            hooks.after_cursor_execute,
            hooks.before_execute,
            hooks.after_execute,
            hooks.engine_connect,
            hooks.commit,
            hooks.rollback,
        )
        return bool(self._engine.echo) or any(heard) or any(one is not begin_read_or_write for one in hooks.begin)


def _unheard(engine: Engine) -> Engine:
    """The same connections, with no listeners to what is done with them."""
    return Engine(engine.pool, engine.dialect, engine.url)


def _begun(engine: Engine, read_only: bool | None) -> tuple[Connection, Any]:
    """As `Transactions.begun`; `read_only` is None where the engine's listeners begin the transaction."""
    connection = engine.connect()
    try:
        connection.begin()
        direct = None
        if read_only is not None:
            direct = connection.connection.driver_connection
            begin_sqlite(direct, read_only)
    except BaseException:
        connection.close()
        raise
    return connection, direct
