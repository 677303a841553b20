"""The databases and drivers that the store knows, and clear errors for all others.

Errors are translated by what a driver attaches to them, and settings are made by what its connections offer, so that a
driver that was not tried is refused before its first statement.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import URL, Connection, Engine
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, scoped_session

from sot.adapters.sqlalchemy.models import OrderRow
from sot.adapters.sqlalchemy.place import Place
from sot.domain.values.errors import InvalidInput

SYNCHRONOUS: Mapping[str, tuple[str, ...]] = {"sqlite": ("pysqlite",), "postgresql": ("psycopg", "psycopg2")}
"""The drivers with which a store opens, by database; the first one is the default."""
AWAITED: Mapping[str, tuple[str, ...]] = {
    "sqlite": ("aiosqlite",),
    "postgresql": ("psycopg", "psycopg_async", "asyncpg"),
}
"""The drivers of engines that are awaited."""
_DATABASES = "an address that starts with sqlite:// or postgresql://"
_ASYNC_ENGINE = (
    "an Engine of create_engine; over an AsyncEngine use sot.aio.AsyncStore(engine), or join its sessions: "
    "await async_session.run_sync(lambda session: use_case(SqlAlchemyUnitOfWork(session)))"
)
_ASYNC_SESSION = (
    "a Session: await async_session.run_sync(lambda session: use_case(SqlAlchemyUnitOfWork(session))), or use "
    "sot.aio.AsyncStore"
)


class _Kind(NamedTuple):
    database: str
    driver: str
    is_async: bool


def url_with_driver(url: URL, is_awaited: bool = False) -> URL:
    """Return an address with the driver that opens it.

    The default is the same with every version of SQLAlchemy, whose own default for PostgreSQL is psycopg2 in 2.0 and
    psycopg in 2.1.

    Args:
        url: The address; without a driver, it gets the default one.
        is_awaited: Whether the driver is to be awaited.

    Raises:
        InvalidInput: It is of another database, or of a driver that was not tried, or that is awaited if it must not
            be, or the other way round.
    """
    database, _, driver = url.drivername.partition("+")
    drivers, others = (AWAITED, SYNCHRONOUS) if is_awaited else (SYNCHRONOUS, AWAITED)
    known = drivers.get(database)
    if known is None:
        raise InvalidInput("url", f"{database}://...", _DATABASES)
    if driver in known or (not driver and not is_awaited and url.get_driver_name() == known[0]):
        return url
    if not driver:
        return url.set(drivername=f"{database}+{known[0]}")
    if driver not in others[database]:
        advice = _drivers(known)
    elif is_awaited:
        advice = f"{database}://... here; with {driver}: SqlAlchemyStore.open"
    else:
        advice = f"{database}://... here; with {driver}: await sot.aio.AsyncStore.open"
    raise InvalidInput("url", f"{database}+{driver}://...", advice)


def check_engine_kind(engine: object) -> None:
    """Check that an engine is one of a database and a driver that the store knows; nothing connects.

    Raises:
        InvalidInput: It is an AsyncEngine, no engine, or of another database or driver.
    """
    if _is_awaited(engine):
        raise InvalidInput("engine", type(engine).__name__, _ASYNC_ENGINE)
    if not isinstance(engine, Engine):
        raise InvalidInput("engine", type(engine).__name__, "an Engine of create_engine")
    _check_kind("engine", engine)


def checked_session(session: object, place: Place) -> Session:
    """Return the session that a unit of work joins, which is the current one where a registry of sessions was given.

    Raises:
        InvalidInput: It is an AsyncSession, or no session, or its engine is of another database or driver, or of one
            that has no such place.
    """
    if _is_awaited(session):
        raise InvalidInput("session", type(session).__name__, _ASYNC_SESSION)
    if isinstance(session, scoped_session):
        session = session()
    if not isinstance(session, Session):
        raise InvalidInput("session", type(session).__name__, "a Session of SQLAlchemy")
    database = check_session_kind(session)
    if database is not None:
        place.check_database(database)
    return session


def check_session_kind(session: Session) -> str | None:
    """Check the engine of a session without connecting; a session without one is left to its first use.

    Returns:
        The kind of database, if it is known.

    Raises:
        InvalidInput: It is of another database or driver.
    """
    try:
        bind = session.get_bind(mapper=OrderRow)
    except SQLAlchemyError:
        return None
    _check_kind("session", bind)
    return bind.dialect.name


def _check_kind(subject: str, bind: Engine | Connection) -> None:
    kind = _kind(bind.dialect)
    known = (AWAITED if kind.is_async else SYNCHRONOUS).get(kind.database)
    if known is None:
        raise InvalidInput(subject, kind.database, "a database of SQLite or PostgreSQL")
    if kind.driver not in known:
        raise InvalidInput(subject, f"{kind.database}+{kind.driver}", _drivers(known))


def _kind(dialect: Any) -> _Kind:
    return _Kind(dialect.name, dialect.driver, bool(getattr(dialect, "is_async", False)))


def _is_awaited(given: object) -> bool:
    """Whether something is of SQLAlchemy's extension for asyncio, which takes long to import."""
    return any(kind.__module__.startswith("sqlalchemy.ext.asyncio") for kind in type(given).__mro__)


def _drivers(known: tuple[str, ...]) -> str:
    return f"the driver {' or '.join(known)}"
