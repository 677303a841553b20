"""Engines with the settings that the store needs.

Errors hide the parameters of their statement: these have raw payloads, which must not get into a log.
"""

import os
import sqlite3
import time
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.pool import StaticPool

from sot.adapters.sqlalchemy import postgresql_settings
from sot.adapters.sqlalchemy.database_file import DatabaseFile
from sot.adapters.sqlalchemy.drivers import url_with_driver
from sot.adapters.sqlalchemy.errors import shown_url
from sot.domain.values.errors import InvalidInput, MissingExtra

LOCK_TIMEOUT = 30.0
"""For how many seconds a transaction waits for a lock at most, if nothing else is asked for."""
_READ_ONLY = "sot_read_only"

_PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA trusted_schema = OFF",
)


def checked_lock_timeout(seconds: object) -> float:
    """Check for how many seconds to wait for a lock.

    Raises:
        InvalidInput: It is no number from 0.001 to 86,400.
    """
    if isinstance(seconds, (int, float)) and not isinstance(seconds, bool) and 0.001 <= seconds <= 86_400:
        return float(seconds)
    raise InvalidInput("lock_timeout", seconds, "a number of seconds from 0.001 to 86400")


def parsed_url(url: str | URL) -> URL:
    """Return the parts of an address.

    Raises:
        InvalidInput: It is none.
    """
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        # The address is not shown: it may have a password.
        raise InvalidInput("url", "...", "an address such as sqlite:///orders.db or postgresql://host/name") from None


def open_engine(url: str | URL, create: bool, lock_timeout: float = LOCK_TIMEOUT, is_awaited: bool = False) -> Engine:
    """Make an engine for an address. With `create` false, the file of a SQLite database must exist.

    With `is_awaited` it is the synchronous side of an engine whose driver is awaited.

    Raises:
        InvalidInput: `url` is no address of SQLite or PostgreSQL, or its driver is none that `url_with_driver` takes.
        MissingExtra: The driver is not installed.
        StoreUnavailable: The file or its directory is missing.
    """
    parsed = url_with_driver(parsed_url(url), is_awaited)
    if is_awaited:
        refuse_awaited_memory("url", parsed)
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, create, lock_timeout, is_awaited)
    return _postgresql(parsed, lock_timeout, is_awaited)


def read_only_engine(engine: Engine) -> Engine:
    """Return an engine with the same pool whose transactions only read, all from one snapshot."""
    options: dict[str, Any] = {_READ_ONLY: True}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    return engine.execution_options(**options)


def is_in_memory(url: URL) -> bool:
    """Whether an address is that of a SQLite database in memory."""
    return url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:")


def absolute_url(url: URL) -> URL:
    """Return an address that is the same in every directory."""
    path = url.database
    if url.get_backend_name() != "sqlite" or is_in_memory(url) or not path or path.startswith("file:"):
        return url
    return url.set(database=os.path.abspath(path))


def refuse_awaited_memory(field: str, url: URL) -> None:
    """Check that a database whose driver is awaited outlives its connection.

    A task that is cancelled in a statement takes the connection with it, and a database in memory would be gone.

    Raises:
        InvalidInput: It is in memory.
    """
    if is_in_memory(url):
        raise InvalidInput(field, "a database in memory", "a file, or sot.aio.AsyncStore(MemoryStore())")


def _create(url: URL, is_awaited: bool, **options: Any) -> Engine:
    try:
        if not is_awaited:
            return create_engine(url, **options)
        from sqlalchemy.ext.asyncio import create_async_engine

        return create_async_engine(url, **options).sync_engine
    except ModuleNotFoundError as error:
        raise MissingExtra(_extra_of(url), f"store {shown_url(url)}") from error


def _extra_of(url: URL) -> str:
    """The extra that has the driver of an address."""
    return {"aiosqlite": "asyncio", "asyncpg": "asyncpg"}.get(url.get_driver_name(), "postgresql")


def _sqlite(url: URL, create: bool, lock_timeout: float, is_awaited: bool) -> Engine:
    options: dict[str, Any] = {"connect_args": {"timeout": lock_timeout}, "hide_parameters": True}
    if is_in_memory(url):
        options["poolclass"] = StaticPool
        options["connect_args"]["check_same_thread"] = False
    engine = _create(url, is_awaited, **options)
    event.listen(engine, "connect", lambda connection, record: _set_up_sqlite(connection, lock_timeout))
    event.listen(engine, "begin", begin_read_or_write)
    if url.database and not is_in_memory(url) and not url.database.startswith("file:"):
        file = DatabaseFile(url.database, shown_url(url), create)
        event.listen(engine, "do_connect", file.connect)
        event.listen(engine, "connect", file.remember)
    return engine


def _set_up_sqlite(connection: Any, lock_timeout: float) -> None:
    # The driver begins transactions too late, and leaves out DDL and savepoints; `begin_read_or_write` begins ours.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {int(lock_timeout * 1000)}")
    _use_write_ahead_log(connection, lock_timeout)
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _use_write_ahead_log(connection: Any, lock_timeout: float) -> None:
    """Switch to the write-ahead log. SQLite does not wait here by itself when several connections open a new file."""
    deadline = time.monotonic() + lock_timeout
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            name = getattr(error, "sqlite_errorname", "")
            if name.startswith("SQLITE_READONLY"):
                return  # it is open for reading
            if name != "SQLITE_BUSY" or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def begin_read_or_write(connection: Connection) -> None:
    """Begin the kind of transaction that a connection's options say; the listener of every SQLite engine."""
    begin_sqlite(connection.connection.dbapi_connection, connection.get_execution_options().get(_READ_ONLY, False))


def begin_sqlite(driver: Any, read_only: bool) -> None:
    """Begin a transaction on the driver's connection.

    Raises:
        OperationalError: The database is locked for too long.
    """
    # A transaction that begins to write after a read could fail at once: its snapshot may be too old by then.
    statement = "BEGIN" if read_only else "BEGIN IMMEDIATE"
    try:
        driver.execute(statement)
    except sqlite3.Error as error:
        raise OperationalError(statement, None, error) from error


def _postgresql(url: URL, lock_timeout: float, is_awaited: bool) -> Engine:
    options = {"isolation_level": "READ COMMITTED", "pool_pre_ping": True, "hide_parameters": True}
    engine = _create(url, is_awaited, **options)
    postgresql_settings.apply(engine, lock_timeout)
    return engine
