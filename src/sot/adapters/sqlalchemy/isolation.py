"""Refusing connections that commit each statement by themselves or translate schemas, and writing in one snapshot.

Where each statement is committed, a rollback would keep what it should discard. The driver's own connection says it,
whatever it was set by: the engine, its execution options, the session, or a program that set it by hand.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine

from sot.domain.values.errors import InvalidInput

_LEVELS = ("read committed", "read uncommitted")
"""The levels of PostgreSQL at which a statement sees what was committed before it began; it treats them alike."""
_AUTOCOMMIT = "AUTOCOMMIT"
_ALLOWED = "transactions: take isolation_level='AUTOCOMMIT' away from the engine, the session and the driver"
_TRANSLATION = "schema_translate_map"
_TRANSLATION_ALLOWED = (
    "none: say schema= where you join, open or prepare, and use an engine or session without this option"
)
_SAVEPOINT_ALLOWED = (
    "a transaction that begins before its first savepoint, with the listeners of SQLAlchemy's "
    '"Serializable isolation / Savepoints / Transactional DDL" for SQLite, or use sot before the savepoint'
)


def check_engine(engine: Engine) -> None:
    """Check that the connections of an engine have transactions, as far as that is known without connecting.

    Raises:
        InvalidInput: The engine commits each statement, or translates schemas.
    """
    _check_translation("engine", engine.get_execution_options())
    levels = (
        engine.get_execution_options().get("isolation_level"),
        getattr(engine.dialect, "_on_connect_isolation_level", None),
    )
    if _AUTOCOMMIT in levels:
        raise InvalidInput("engine", _AUTOCOMMIT, _ALLOWED)


def ensure_transaction(connection: Connection, subject: str = "session") -> None:
    """Check that a connection is in a transaction; begin it where the driver would do so too late.

    The `sqlite3` driver begins a transaction only before the first statement that writes, so that a savepoint made
    earlier would commit when it is released.

    Args:
        connection: A connection on which SQLAlchemy began a transaction.
        subject: What the error names.

    Raises:
        InvalidInput: The connection commits each statement, or each savepoint, or translates schemas.
    """
    _check_translation(subject, connection.get_execution_options())
    pooled = connection.connection
    driver: Any = pooled.driver_connection
    if _is_autocommit(connection, pooled.dbapi_connection, driver):
        raise InvalidInput(subject, _AUTOCOMMIT, _ALLOWED)
    if connection.dialect.name != "sqlite":
        return
    if driver.isolation_level is None or getattr(driver, "autocommit", None) is False:
        if not driver.in_transaction:
            raise InvalidInput(subject, _AUTOCOMMIT, _ALLOWED)
    elif not driver.in_transaction:
        # A transaction that begins to write after a read could fail at once: its snapshot may be too old by then.
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    elif connection.in_nested_transaction():
        raise InvalidInput(subject, "a savepoint that commits when it is released", _SAVEPOINT_ALLOWED)


def _check_translation(subject: str, options: Mapping[str, Any]) -> None:
    """Check that names of schemas stay as they are.

    The option changes statements that SQLAlchemy compiles when they run, and not those that `sot` compiled before: one
    history would be in two schemas. A map of other schemas than the default one is the application's own affair.
    """
    if None in (options.get(_TRANSLATION) or ()):
        raise InvalidInput(subject, _TRANSLATION, _TRANSLATION_ALLOWED)


def _is_autocommit(connection: Connection, *drivers: Any) -> bool:
    if connection.get_execution_options().get("isolation_level") == _AUTOCOMMIT:
        return True
    return any(getattr(driver, "autocommit", None) is True for driver in drivers)


def check_level(level: str, purpose: str) -> None:
    """Check that each statement of a transaction on PostgreSQL sees what was committed before it began.

    Who has waited for a lock must see what its holder committed. A transaction with one snapshot for all of its
    statements does not: a report would wait for an order that has its identifier, and a withdrawn request be sent.

    Raises:
        InvalidInput: The transaction has one snapshot.
    """
    if level not in _LEVELS:
        raise InvalidInput("isolation", level, f"READ COMMITTED, {purpose}; at other levels the history can be read")
