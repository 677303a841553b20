"""A store whose units of work join sessions of an application, and code that runs as in `AsyncSession.run_sync`.

The contract of stores is written for one thread and synchronous code. `awaited` runs each of its tests in a greenlet of
an event loop, and each of its threads in a loop of its own, so that a driver that is awaited can be tried with it.
"""

import asyncio
import functools
import threading
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, NullPool, create_engine, event
from sqlalchemy.ext.asyncio import AsyncSession, create_async_engine
from sqlalchemy.orm import Session
from sqlalchemy.util import greenlet_spawn

from sot.adapters.sqlalchemy import SqlAlchemyUnitOfWork
from sot.adapters.sqlalchemy.errors import translate
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.application.support.retry import run_with_retries
from sot.application.support.system import SystemClock, TimeOrderedIds
from sot.errors import ReadOnly
from sot.ports.access import AccessStore

_READ_ONLY = "test_read_only"


class JoinedStore(AccessStore):
    """Opens a session for each unit of work, as an application does.

    Args:
        engine: The engine of the sessions, whose database has the tables.
        make_session: Makes a session.
    """

    def __init__(self, engine: Engine, make_session: Callable[[Engine], Session] = Session, clock=None, ids=None):
        self.clock = clock or SystemClock()
        self.ids = ids or TimeOrderedIds()
        self.engine = engine
        self._make_session = make_session

    def begin(self, read_only: bool = False) -> "_OwnUnitOfWork":
        engine = self.engine.execution_options(**{_READ_ONLY: True}) if read_only else self.engine
        return _OwnUnitOfWork(self._make_session(engine), self.clock, self.ids, read_only)

    def run(self, use_case, read_only: bool = False):
        return run_with_retries(lambda: self.begin(read_only), use_case, commits=not read_only)

    def horizon(self) -> int:
        with self.begin() as uow:
            return uow.feed.horizon()

    def close(self) -> None:
        """Leave the connections to the pool, which keeps none."""


class _OwnUnitOfWork(SqlAlchemyUnitOfWork):
    """A joined unit of work together with what the application does with its session."""

    def __init__(self, session, clock, ids, read_only):
        super().__init__(session, clock, ids)
        self._read_only = read_only

    def _new_buffer(self) -> WriteBuffer:
        return WriteBuffer(self._begin, "of the session", self._joined, self._read_only, write_through=True)

    def commit(self) -> None:
        if self._read_only:
            raise ReadOnly("commit")
        try:
            super().commit()
            self._session.commit()
        except Exception as error:
            translated = translate(error, "of the session", committing=True)
            if translated is None or translated is error:
                raise
            raise translated from error
        finally:
            self.rollback()

    def rollback(self) -> None:
        self._session.rollback()
        super().rollback()

    def __exit__(self, kind, error, traceback) -> None:
        self._session.close()
        super().__exit__(kind, error, traceback)


def engine_of(url: str, *, begin: str = "BEGIN IMMEDIATE", **options: Any) -> Engine:
    """An application's engine, by the driver of a URL; of one that is awaited, the side that sessions work with.

    On SQLite it begins transactions as SQLAlchemy's documentation advises for savepoints, those that may write with
    the statement `begin`.
    """
    options.setdefault("poolclass", NullPool)  # a connection belongs to the event loop that made it
    if url.startswith("sqlite"):
        options["connect_args"] = {"timeout": 20}
    if "+aiosqlite" in url or "+asyncpg" in url or "+psycopg_async" in url:
        engine = create_async_engine(url, **options).sync_engine
    else:
        engine = create_engine(url, **options)
    if url.startswith("sqlite"):
        event.listen(engine, "connect", lambda connection, record: setattr(connection, "isolation_level", None))
        event.listen(engine, "begin", lambda connection: _begin_sqlite(connection, begin))
    return engine


def _begin_sqlite(connection: Connection, begin: str) -> None:
    only_reads = connection.get_execution_options().get(_READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if only_reads else begin)


def synchronous_side(engine: Engine) -> Session:
    """The session that `AsyncSession.run_sync` gives its function."""
    from sqlalchemy.ext.asyncio import AsyncEngine

    return AsyncSession(AsyncEngine(engine)).sync_session


def run_awaited(function: Callable[[], Any]) -> Any:
    """Run a function in a greenlet of a new event loop."""
    return asyncio.run(greenlet_spawn(function))


def awaited(cls: type) -> type:
    """Run the tests of a class, and the threads that they start, in greenlets of event loops."""
    run = threading.Thread.run

    def run_thread(thread: threading.Thread) -> None:
        target = getattr(thread, "_target", None)
        if getattr(target, "__module__", "").split(".")[0] in ("sot", "tests"):
            run_awaited(lambda: run(thread))
        else:  # one of the driver or the event loop
            run(thread)

    def wrapped(test):
        @functools.wraps(test)
        def run_test(*args, **kwargs):
            with pytest.MonkeyPatch.context() as patch:
                patch.setattr(threading.Thread, "run", run_thread)
                run_awaited(lambda: test(*args, **kwargs))

        return run_test

    for name in dir(cls):
        if name.startswith("test_"):
            setattr(cls, name, wrapped(getattr(cls, name)))
    return cls
