"""The settings of a store's connections to PostgreSQL, which hold behind a pooler, too.

A pooler that lends a server connection for one transaction only, such as pgbouncer with `pool_mode = transaction`,
loses what was set for a session, or leaves it to the next program. So there each transaction gets its settings anew,
for itself alone, which takes a statement more; and no statement is prepared, because it would be prepared on another
server connection than it is run on.

Such a pooler cannot give the server's own key for cancelling to its clients, of which many share the connection. A
connection is pooled where the process that the driver knows by that key is not the one that answers.
"""

from typing import Any

from sqlalchemy import Connection, Engine, event

_INFO_KEY = "sot_is_pooled"

# In other time zones the driver cannot represent the last hours of the year 9999. Poolers keep it for each client,
# because the server reports its changes.
_TIME_ZONE = "SET TIME ZONE 'UTC'"
_SETTINGS = (
    # With `off` COMMIT answers before the transaction is on disk. Every other value waits for that, at least here.
    "SELECT set_config('lock_timeout', '{milliseconds}', {local}), CASE current_setting('synchronous_commit')"
    " WHEN 'off' THEN set_config('synchronous_commit', 'on', {local}) END"
)


def apply(engine: Engine, lock_timeout: float) -> None:
    """Let every connection of an engine have the settings of the store.

    Args:
        engine: The engine.
        lock_timeout: For how many seconds a transaction waits for a lock at most.
    """
    milliseconds = int(lock_timeout * 1000)
    for_session = _SETTINGS.format(milliseconds=milliseconds, local="false")
    for_transaction = _SETTINGS.format(milliseconds=milliseconds, local="true")

    def set_up(connection: Any, record: Any) -> None:
        autocommit = connection.autocommit
        connection.autocommit = True
        _execute(connection, _TIME_ZONE)
        record.info[_INFO_KEY] = is_pooled(connection)
        if record.info[_INFO_KEY]:
            _prepare_nothing(connection)
        else:
            _execute(connection, for_session)
        connection.autocommit = autocommit

    def begin(connection: Connection) -> None:
        if connection.info.get(_INFO_KEY):
            connection.exec_driver_sql(for_transaction)

    event.listen(engine, "connect", set_up)
    event.listen(engine, "begin", begin)


def is_pooled(connection: Any) -> bool:
    """Whether a pooler may give each transaction of a connection another server connection.

    Args:
        connection: The connection of the driver, or SQLAlchemy's around one that is awaited.
    """
    driver = getattr(connection, "driver_connection", connection)
    known = driver.get_server_pid() if hasattr(driver, "get_server_pid") else driver.info.backend_pid
    return bool(_execute(connection, "SELECT pg_backend_pid()") != known)


def _prepare_nothing(connection: Any) -> None:
    """Let psycopg send statements unprepared; psycopg2 never prepares, asyncpg has to be told as it connects."""
    driver = getattr(connection, "driver_connection", connection)
    if hasattr(driver, "prepare_threshold"):
        driver.prepare_threshold = None


def _execute(connection: Any, statement: str) -> Any:
    """Execute a statement of the driver; return the first value, if there is a row."""
    cursor = connection.cursor()
    try:
        cursor.execute(statement)
        row = cursor.fetchone() if cursor.description else None
        return row[0] if row else None
    finally:
        cursor.close()
