"""The text of every statement that reaches a driver."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from unittest.mock import patch

from sqlalchemy import Engine, create_engine, event

MARK = "Zq7"
"""What every hostile text begins with."""


def hostile(name: str) -> str:
    """A text with the metacharacters of SQL, of both placeholder styles, and of LIKE and JSON."""
    return f"{MARK}{name}'\"`;--/*%s:x?%(a)s\\_%{{0}}$1||chr(0)/**/OR/**/1=1"


class _NotedCursor(sqlite3.Cursor):
    def execute(self, statement, *parameters):
        self.connection.noted.add(statement)
        return super().execute(statement, *parameters)

    def executemany(self, statement, parameters):
        self.connection.noted.add(statement)
        return super().executemany(statement, parameters)


class _NotedConnection(sqlite3.Connection):
    """Statements of SQLite go past SQLAlchemy's events, so that they are noted on their way into the driver."""

    noted: set[str]

    def cursor(self, factory=_NotedCursor):
        return super().cursor(factory)

    def execute(self, statement, *parameters):
        return self.cursor().execute(statement, *parameters)

    def executemany(self, statement, parameters):
        return self.cursor().executemany(statement, parameters)

    def executescript(self, script):
        self.noted.add(script)
        return super().executescript(script)


@contextmanager
def noted_statements() -> Iterator[set[str]]:
    """Note the text of every statement of stores that are opened in the block."""
    noted: set[str] = set()
    factory = type("Connection", (_NotedConnection,), {"noted": noted})

    def make_engine(url, **options):
        if url.get_backend_name() == "sqlite":
            options["connect_args"] = {**options.get("connect_args", {}), "factory": factory}
        return create_engine(url, **options)

    def note(connection, cursor, statement, parameters, context, executemany):
        noted.add(statement)

    listen = partial(event.listen, Engine, "before_cursor_execute", note)
    with patch("sot.adapters.sqlalchemy.engine.create_engine", make_engine):
        # An engine with a listener sends its statements through SQLAlchemy: PostgreSQL's pass there anyway.
        dispatched = patch("sot.adapters.sqlalchemy.transactions.Transactions._has_listeners", lambda self: False)
        listen()
        try:
            with dispatched:
                yield noted
        finally:
            event.remove(Engine, "before_cursor_execute", note)


def with_literals(noted: set[str], *literals: str) -> list[str]:
    """The statements that contain a literal of an input, which all have to be bound."""
    return [statement for statement in noted if any(literal in statement for literal in (MARK, *literals))]
