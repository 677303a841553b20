"""Translation of database errors to those of `sot`."""

import sqlite3
from typing import NoReturn

from sqlalchemy.engine import URL
from sqlalchemy.exc import (
    DBAPIError,
    InvalidRequestError,
    MissingGreenlet,
    PendingRollbackError,
    SQLAlchemyError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeout

from sot.adapters.sqlalchemy.other_servers import refusal_of
from sot.domain.values.errors import (
    CommitUnknown,
    ConcurrentUpdate,
    InvalidInput,
    SotError,
    StoreDamaged,
    StoreUnavailable,
)

UNREADABLE = (ValueError, LookupError, TypeError, ArithmeticError, AttributeError, RecursionError)
"""What reading a damaged row raises."""

_LOST_RACES = frozenset({"40001", "40P01", "55P03"})  # serialization failure, deadlock, lock not available
_FAILED_TRANSACTION = "25P02"
_INTEGRITY = "23"
_DRIVERS = frozenset({"asyncpg", "psycopg", "psycopg2"})
# A prepared statement that there is not, or is already: another server connection has it.
_EXCHANGED_CONNECTION = frozenset({"26000", "42P05"})
_EXCHANGED_HINT = (
    "a pooler such as pgbouncer exchanges connections between transactions: make the engine without prepared "
    "statements, with connect_args={'prepare_threshold': None} for psycopg; sot's reference on storage has all drivers"
)
_AWAITED = "a use case that runs in `await async_session.run_sync(...)`, or sot.aio.AsyncStore"
_DAMAGED = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_FORMAT", "SQLITE_MISMATCH", "SQLITE_TOOBIG"})
# Errors of the driver itself, which have no code of SQLite.
_DAMAGED_TEXTS = ("Could not decode to UTF-8", "string or blob too big", "unsupported file format")
_NOT_COMMITTED = frozenset({"SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_READONLY", "SQLITE_CONSTRAINT"})
_UNDEFINED_TABLE = "42P01"
_OTHER_SEARCH_PATH = (
    "if this connection has another search_path than those before it, name the schema of the tables: schema=...; "
    "else restore it from a backup"
)
# Data corrupted, index corrupted, undefined column and function, wrong type, failed to read a page or a value.
_DAMAGED_STATES = frozenset({"XX000", "XX001", "XX002", "42703", "42883", "42804", "22021", "22P03"})
# A required column was left out, or a check failed: no other transaction causes that.
_WRONG_TABLES = frozenset({"23502", "23514", "SQLITE_CONSTRAINT_NOTNULL", "SQLITE_CONSTRAINT_CHECK"})
_OTHER_VERSION = "its tables are not those of this version: open the store again, or install the sot that migrated it"
_READ_ONLY_HINT = "make the file and its directory writable, or copy the database elsewhere"
# What a person can do, by the family of the error of SQLite.
_HINTS = {
    "SQLITE_BUSY": "another program is writing for too long",
    "SQLITE_LOCKED": "another program is writing for too long",
    "SQLITE_CANTOPEN": "check that the path is a file, and that it and its directory may be read and written to",
    "SQLITE_READONLY": _READ_ONLY_HINT,
    "SQLITE_PERM": _READ_ONLY_HINT,
    "SQLITE_FULL": "make room on the disk, then try again",
    "SQLITE_IOERR": "check the disk, then try again",
    "SQLITE_NOMEM": "give the process more memory",
}


def shown_url(url: URL) -> str:
    """Return an address without its password and options, for messages."""
    return url.set(query={}).render_as_string(hide_password=True)


def translate(error: Exception, url: str, committing: bool = False, in_statement: bool = False) -> SotError | None:
    """Translate an error of SQLAlchemy or a driver.

    Args:
        error: The error.
        url: The address of the store, for the message.
        committing: Whether COMMIT was under way, so that a lost connection leaves the outcome unknown.
        in_statement: Whether a statement of a transaction that had begun raised it.

    Returns:
        The error of `sot`; None if it is no error of a driver.
    """
    if isinstance(error, SotError):
        return error
    if isinstance(error, PoolTimeout):
        return StoreUnavailable(url, "all connections are in use; end other units of work first")
    if isinstance(error, sqlite3.Error):
        return _translate_sqlite(error, url, committing, in_statement)
    if isinstance(error, UnicodeDecodeError):  # also of the message of an error, which quotes a damaged schema
        return StoreDamaged(url, f"text that is not UTF-8 ({error}); restore it from a backup")
    if isinstance(error, PendingRollbackError):
        return ConcurrentUpdate("the transaction failed before; roll it back")
    if isinstance(error, MissingGreenlet):
        return InvalidInput("engine", "a driver that is awaited", _AWAITED)
    if isinstance(error, InvalidRequestError):  # of a session that is closed, has no engine, or is in use elsewhere
        return StoreUnavailable(url, f"{_first_line(error)}; use a session that is open, in one thread")
    if isinstance(error, DBAPIError):
        driver = _driver_error(error.orig)
        if isinstance(driver, sqlite3.Error):
            return _translate_sqlite(driver, url, committing, in_statement)
        if isinstance(driver, SotError):
            return driver
        return _translate_server(driver, url, committing, error.connection_invalidated)
    if isinstance(error, AssertionError):
        if _is_of_driver(error):
            # Psycopg's own checks fail where a connection ends while rows are sent.
            return _translate_server(error, url, committing, connection_invalidated=True)
        return refusal_of(str(error))  # SQLAlchemy cannot read the version of the server
    if isinstance(error, OSError) or type(error).__module__.partition(".")[0] in _DRIVERS:
        # Statements of psycopg go past SQLAlchemy, and 2.0 passes on what asyncpg raises as it connects.
        return _translate_server(error, url, committing)
    cause = getattr(error, "orig", None)
    return cause if isinstance(error, SQLAlchemyError) and isinstance(cause, SotError) else None


def raise_translated(error: Exception, url: str, committing: bool = False, in_statement: bool = False) -> NoReturn:
    """Raise an error as that of `sot`, as far as `translate` knows it."""
    translated = translate(error, url, committing, in_statement)
    if translated is None or translated is error:
        raise error
    raise translated from error


def _is_of_driver(error: BaseException) -> bool:
    """Whether an error was raised in a driver's own code."""
    traceback = error.__traceback__
    while traceback is not None and traceback.tb_next is not None:
        traceback = traceback.tb_next
    module = "" if traceback is None else str(traceback.tb_frame.f_globals.get("__name__", ""))
    return module.partition(".")[0] in _DRIVERS


def _driver_error(original: BaseException | None) -> BaseException | None:
    """Return the error as the driver raised it: SQLAlchemy wraps those of awaited drivers in its own."""
    wrapped = original.__cause__ if original is not None else None
    if wrapped is not None and type(original).__module__.startswith("sqlalchemy."):
        return wrapped
    return original


def _translate_sqlite(error: sqlite3.Error, url: str, committing: bool, in_statement: bool) -> SotError:
    name = getattr(error, "sqlite_errorname", None) or ""
    family = "_".join(name.split("_")[:2])
    detail = str(error) or type(error).__name__
    if name == "SQLITE_BUSY_SNAPSHOT":
        return ConcurrentUpdate("the database was changed after it was read")
    if name == "SQLITE_BUSY" and in_statement:
        # It began to write after it had read: SQLite does not let it wait, because its snapshot is too old soon.
        return ConcurrentUpdate("another transaction writes, and this one has read before")
    if name in _WRONG_TABLES:
        return StoreDamaged(url, f"{detail}; {_OTHER_VERSION}")
    if isinstance(error, sqlite3.IntegrityError):
        return ConcurrentUpdate(detail.removeprefix("UNIQUE constraint failed: "))
    if family in _DAMAGED or detail.startswith(_DAMAGED_TEXTS) or "malformed" in detail:
        return StoreDamaged(url, f"{detail}; restore it from a backup")
    if detail.startswith(("no such table", "no such column")):
        return StoreDamaged(url, f"{detail}; let SqlAlchemyStore.open make the schema, or restore it from a backup")
    if committing and family not in _NOT_COMMITTED:
        return CommitUnknown(detail)
    if family in _HINTS:
        return StoreUnavailable(url, f"{detail}; {_HINTS[family]}")
    if family == "SQLITE_ERROR":
        # The statements never change: what the database does not understand is a schema that was changed.
        return StoreDamaged(url, f"{detail}; its tables are not as sot made them: restore it from a backup")
    return StoreUnavailable(url, detail)


def _translate_server(
    error: BaseException | None, url: str, committing: bool, connection_invalidated: bool = False
) -> SotError:
    state = _state(error)
    lost = connection_invalidated or state[:2] == "08" or state in ("57P01", "57P02", "57P03")
    detail = _first_line(error)
    if state in _LOST_RACES:
        return ConcurrentUpdate(detail)
    if state in _WRONG_TABLES:
        return StoreDamaged(url, f"{detail}; {_OTHER_VERSION}")
    if state[:2] == _INTEGRITY:
        return ConcurrentUpdate(_constraint(error) or detail)
    if state == _FAILED_TRANSACTION:
        return ConcurrentUpdate("the transaction failed before; roll it back")
    if state in _EXCHANGED_CONNECTION:
        return StoreUnavailable(url, f"{detail}; {_EXCHANGED_HINT}")
    if state == _UNDEFINED_TABLE:
        return StoreDamaged(url, f"{detail}; {_OTHER_SEARCH_PATH}")
    if state in _DAMAGED_STATES:
        return StoreDamaged(url, detail)
    if committing and (lost or not state):
        return CommitUnknown(detail)
    # Without a SQLSTATE the server did not answer: it is out of reach, or the connection was lost.
    if lost or state[:2] in ("53", "57", "58") or (not state and _is_operational(error)):
        return StoreUnavailable(url, f"{detail}; check that the server runs and can be reached")
    return StoreUnavailable(url, detail)


def _state(error: BaseException | None) -> str:
    """Return the SQLSTATE of an error; empty if the server did not send the error."""
    return getattr(error, "sqlstate", None) or getattr(error, "pgcode", None) or ""  # psycopg2 has pgcode


def _constraint(error: BaseException | None) -> str | None:
    """Return the name of the constraint that was violated."""
    source = getattr(error, "diag", error)  # asyncpg has no diag
    name: str | None = getattr(source, "constraint_name", None)
    return name


def _is_operational(error: BaseException | None) -> bool:
    return isinstance(error, OSError) or type(error).__name__ in ("OperationalError", "InterfaceError")


def _first_line(error: BaseException | None) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
