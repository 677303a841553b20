"""Engines with the settings that the store needs.

Errors hide the parameters of their statement: these have raw payloads, which must not get into a log.
"""

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlalchemy.pool import StaticPool

from sot.adapters.sqlalchemy.errors import shown_url
from sot.domain.values.errors import InvalidInput, MissingExtra, StoreUnavailable

BUSY_SECONDS = 30.0
_READ_ONLY = "sot_read_only"

_PRAGMAS = (
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA recursive_triggers = ON",
    "PRAGMA trusted_schema = OFF",
)


def open_engine(url: str, create: bool) -> Engine:
    """Make an engine for an address. With `create` false, the file of a SQLite database must exist.

    Raises:
        InvalidInput: `url` is no address of SQLite or PostgreSQL.
        MissingExtra: The driver is not installed.
        StoreUnavailable: The file or its directory is missing.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # The address is not shown: it may have a password.
        raise InvalidInput("url", "...", "an address such as sqlite:///orders.db or postgresql://host/name") from None
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return _sqlite(parsed, create)
    if backend == "postgresql":
        return _postgresql(parsed)
    raise InvalidInput("url", f"{backend}://...", "an address that starts with sqlite:// or postgresql://")


def read_only_engine(engine: Engine) -> Engine:
    """Return an engine with the same pool whose transactions only read, all from one snapshot."""
    options: dict[str, Any] = {_READ_ONLY: True}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    return engine.execution_options(**options)


def is_in_memory(url: URL) -> bool:
    """Whether an address is that of a SQLite database in memory."""
    return url.get_backend_name() == "sqlite" and url.database in (None, "", ":memory:")


def _sqlite(url: URL, create: bool) -> Engine:
    options: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS}, "hide_parameters": True}
    if is_in_memory(url):
        options["poolclass"] = StaticPool
        options["connect_args"]["check_same_thread"] = False
    elif url.database is not None and not url.database.startswith("file:"):
        path = Path(url.database)
        if not path.absolute().parent.is_dir():
            raise StoreUnavailable(shown_url(url), f"directory {path.absolute().parent} does not exist; create it")
        if not create and not path.exists():
            raise StoreUnavailable(shown_url(url), "there is no such file; check the path, or open it with create=True")
    engine = create_engine(url, **options)
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", begin_read_or_write)
    return engine


def _set_up_sqlite(connection: Any, record: object) -> None:
    # The driver begins transactions too late, and leaves out DDL and savepoints; `begin_read_or_write` begins ours.
    connection.isolation_level = None
    connection.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
    _use_write_ahead_log(connection)
    for pragma in _PRAGMAS:
        connection.execute(pragma)


def _use_write_ahead_log(connection: Any) -> None:
    """Switch to the write-ahead log. SQLite does not wait here by itself when several connections open a new file."""
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except connection.OperationalError as error:
            if getattr(error, "sqlite_errorname", "") != "SQLITE_BUSY" or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def begin_read_or_write(connection: Connection) -> None:
    """Begin the kind of transaction that a connection's options say; the listener of every SQLite engine."""
    begin_sqlite(connection.connection.driver_connection, connection.get_execution_options().get(_READ_ONLY, False))


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


def _postgresql(url: URL) -> Engine:
    try:
        engine = create_engine(url, isolation_level="READ COMMITTED", pool_pre_ping=True, hide_parameters=True)
    except ModuleNotFoundError as error:
        raise MissingExtra("postgresql", f"store {shown_url(url)}") from error
    event.listen(engine, "connect", _set_up_postgresql)
    return engine


def _set_up_postgresql(connection: Any, record: object) -> None:
    # In other time zones the driver cannot represent the last hours of the year 9999.
    autocommit = connection.autocommit
    connection.autocommit = True
    connection.execute("SET TIME ZONE 'UTC'")
    connection.autocommit = autocommit
