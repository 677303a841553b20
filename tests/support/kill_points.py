"""A process that is killed before or after one of its statements or commits, or at any instant."""

import gc
import os
import signal
import sqlite3
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from unittest.mock import patch

import attrs
from sqlalchemy import create_engine, event

Reach = Callable[[str], None]
"""Is called with what comes, or has been, at each point."""


def _counted_connection(reach: Reach) -> type[sqlite3.Connection]:
    """A connection of SQLite with points around its statements, which go past SQLAlchemy's events."""

    class Cursor(sqlite3.Cursor):
        def execute(self, statement, *parameters):
            reach("before a statement")
            result = super().execute(statement, *parameters)
            reach("after a statement")
            return result

        def executemany(self, statement, parameters):
            reach("before a statement")
            result = super().executemany(statement, parameters)
            reach("after a statement")
            return result

    class Connection(sqlite3.Connection):
        def cursor(self, factory=Cursor):
            return super().cursor(factory)

        def execute(self, statement, *parameters):
            return self.cursor().execute(statement, *parameters)

        def executemany(self, statement, parameters):
            return self.cursor().executemany(statement, parameters)

    return Connection


@contextmanager
def points(reach: Reach) -> Iterator[None]:
    """Call `reach` before and after each statement and commit of stores that are opened in the block."""

    def make_engine(url, **options):
        if url.get_backend_name() == "sqlite":
            options["connect_args"] = {**options.get("connect_args", {}), "factory": _counted_connection(reach)}
        engine = create_engine(url, **options)
        if url.get_backend_name() != "sqlite":
            event.listen(engine, "before_cursor_execute", lambda *_: reach("before a statement"))
            event.listen(engine, "after_cursor_execute", lambda *_: reach("after a statement"))
        engine.dialect.do_commit = partial(_commit, engine.dialect.do_commit, reach)
        return engine

    with patch("sot.adapters.sqlalchemy.engine.create_engine", make_engine):
        yield


def _commit(commit, reach, connection):
    reach("before COMMIT")
    commit(connection)
    reach("after COMMIT")


def count_points(run: Callable[[], object]) -> list[str]:
    """Run something that opens a store, and list the points at which it could be killed."""
    reached: list[str] = []
    with points(reached.append):
        run()
    return reached


@attrs.frozen
class Death:
    """How a process ended.

    Attributes:
        killed: Whether it was killed.
        acknowledged: Whether it had finished before.
    """

    killed: bool
    acknowledged: bool


def run_and_kill(run: Callable[[], object], at_point: int = 0, after_seconds: float = 0) -> Death:
    """Run something in a process of its own, which is killed at a point, or after some time, or not at all.

    The caller has no open connection: a process inherits the locks that SQLite believes to hold.

    Raises:
        RuntimeError: The process ended with an error.
    """
    read_end, write_end = os.pipe()
    gc.freeze()  # a collection in the child would copy the memory that it shares with this process
    child = os.fork()
    if child == 0:
        _be_killed(run, at_point, after_seconds, write_end)
    os.close(write_end)
    with os.fdopen(read_end, "rb") as pipe:
        said = pipe.read()
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status) and said != b"finished":
        raise RuntimeError(said.decode(errors="replace"))
    return Death(os.WIFSIGNALED(status), said == b"finished")


def _be_killed(run, at_point, after_seconds, write_end):
    reached = 0

    def reach(point):
        nonlocal reached
        reached += 1
        if reached == at_point:
            os.kill(os.getpid(), signal.SIGKILL)

    try:
        if after_seconds:
            # The default action of the signal ends the process at once, whatever it is doing.
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.setitimer(signal.ITIMER_REAL, after_seconds)
        with points(reach):
            run()
        os.write(write_end, b"finished")
    except BaseException:
        os.write(write_end, traceback.format_exc()[-2000:].encode())
    finally:
        os._exit(0)
