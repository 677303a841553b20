"""What a database's errors mean to a caller."""

import sqlite3

from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, IntegrityError, PendingRollbackError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from sot.domain.values.errors import CommitUnknown, ConcurrentUpdate, SotError, StoreDamaged, StoreUnavailable

_LOST_RACES = frozenset({"40001", "40P01", "55P03"})  # serialization failure, deadlock, lock not available
_DAMAGED = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB"})
_NOT_COMMITTED = frozenset({"SQLITE_BUSY", "SQLITE_LOCKED", "SQLITE_FULL", "SQLITE_READONLY", "SQLITE_CONSTRAINT"})
# Data corrupted, index corrupted, no such table, no such column: reported while reading, by the server.
_DAMAGED_STATES = frozenset({"XX001", "XX002", "42P01", "42703"})


def shown_url(url: URL) -> str:
    """The address of a store without its password and options, fit for messages."""
    return url.set(query={}).render_as_string(hide_password=True)


def translated(error: Exception, url: str, committing: bool = False) -> SotError | None:
    """The error of ours that stands for a driver's; None for what is neither a race nor the store's condition.

    With `committing`, a connection that was lost leaves open what became of the transaction.
    """
    if isinstance(error, SotError):
        return error
    if isinstance(error, PoolTimeout):
        return StoreUnavailable(url, "all connections are in use; end other units of work first")
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error, url, committing)
    if isinstance(error, PendingRollbackError):
        return ConcurrentUpdate("the transaction failed before and has to be rolled back")
    if isinstance(error, DBAPIError):
        driver = _driver_error(error)
        if isinstance(driver, sqlite3.Error):
            return _of_sqlite(driver, url, committing)
        return _of_server(error, driver, url, committing)
    cause = getattr(error, "orig", None)
    return cause if isinstance(error, SQLAlchemyError) and isinstance(cause, SotError) else None


def _driver_error(error: DBAPIError) -> BaseException | None:
    """The error as the driver raised it; asynchronous drivers' errors arrive wrapped."""
    found: BaseException | None = error.orig
    if found is not None and not isinstance(found, sqlite3.Error) and isinstance(found.__cause__, sqlite3.Error):
        found = found.__cause__
    return found


def _of_sqlite(error: sqlite3.Error, url: str, committing: bool) -> SotError | None:
    name = getattr(error, "sqlite_errorname", None) or ""
    family = "_".join(name.split("_")[:2])
    detail = str(error)
    if name == "SQLITE_BUSY_SNAPSHOT":
        return ConcurrentUpdate("the database was changed after it was read")
    if isinstance(error, sqlite3.IntegrityError):
        return ConcurrentUpdate(detail.removeprefix("UNIQUE constraint failed: "))
    if family in _DAMAGED or "malformed" in detail:
        return StoreDamaged(url, f"{detail}; restore it from a backup")
    if detail.startswith(("no such table", "no such column")):
        return StoreDamaged(url, f"{detail}; let SqlAlchemyStore.open make the schema, or restore it from a backup")
    if committing and family not in _NOT_COMMITTED:
        return CommitUnknown(detail)
    if family in ("SQLITE_BUSY", "SQLITE_LOCKED"):
        return StoreUnavailable(url, f"{detail}; another program is writing for too long")
    if family == "SQLITE_CANTOPEN":
        return StoreUnavailable(url, f"{detail}; check that the directory exists and may be written to")
    if family in ("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH", "SQLITE_NOMEM"):
        return StoreUnavailable(url, detail)
    return None


def _of_server(error: DBAPIError, driver: BaseException | None, url: str, committing: bool) -> SotError | None:
    state = getattr(driver, "sqlstate", None) or ""
    lost = error.connection_invalidated or state[:2] == "08" or state in ("57P01", "57P02", "57P03")
    if state in _LOST_RACES:
        return ConcurrentUpdate(_first_line(driver))
    if isinstance(error, IntegrityError):
        constraint = getattr(getattr(driver, "diag", None), "constraint_name", None)
        return ConcurrentUpdate(constraint or _first_line(driver))
    if state in _DAMAGED_STATES:
        return StoreDamaged(url, _first_line(driver))
    if committing and (lost or not state):
        return CommitUnknown(_first_line(driver))
    # Without a state the server did not answer: it was not reached, or the connection was lost.
    if lost or state[:2] in ("53", "57", "58") or (not state and _is_operational(error)):
        return StoreUnavailable(url, f"{_first_line(driver)}; check that the server runs and can be reached")
    if state in ("28P01", "28000", "3D000"):
        return StoreUnavailable(url, _first_line(driver))
    return None


def _is_operational(error: DBAPIError) -> bool:
    return type(error).__name__ in ("OperationalError", "InterfaceError")


def _first_line(error: BaseException | None) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else type(error).__name__
