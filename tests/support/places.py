"""Histories in other places of a database than the default one."""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy import Engine, event
from sqlalchemy.dialects import postgresql, sqlite

from sot.adapters.sqlalchemy import triggers
from sot.adapters.sqlalchemy.grants import FEED_SEQUENCE
from sot.adapters.sqlalchemy.place import DEFAULT, Place
from sot.adapters.sqlalchemy.placed_tables import part_names, tables_at

PLACES: Mapping[str, Mapping[str, str]] = {
    "sqlite": {"prefix": "sot_"},
    "postgresql": {"schema": "oms", "prefix": "sot_"},
}
"""A place of each kind of database."""


def names_in(place: Place) -> dict[str, set[str]]:
    """The names of a place by what has them: relations, functions and triggers share none of their namespaces."""
    tables = tables_at(place)
    dialects = (postgresql.dialect(), sqlite.dialect())
    definitions = [
        *(triggers.sqlite_definitions(table, place) for table in tables.values()),
        *(triggers.postgresql_definitions(table, place) for table in tables.values()),
    ]
    return {
        "table": {table.name for table in tables.values()},
        "part": {name for dialect in dialects for name in part_names(place, dialect).values()},
        "trigger": {name for pairs in definitions for name, _ in pairs},
        "other": {place.name(triggers.FUNCTION_NAME), place.name(FEED_SEQUENCE)},
    }


_DEFAULT_NAMES = sorted(set().union(*names_in(DEFAULT).values()), key=len, reverse=True)
_UNPLACED = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, _DEFAULT_NAMES))})(?!\w)")


def foreign_names(statements: Iterable[str]) -> set[str]:
    """The names of parts of the default place in some statements."""
    return {name for statement in statements for name in _UNPLACED.findall(statement)}


@contextmanager
def noted_by_sqlalchemy() -> Iterator[set[str]]:
    """Note every statement that goes through SQLAlchemy in the block; then all do."""
    noted: set[str] = set()

    def note(connection, cursor, statement, parameters, context, executemany):
        noted.add(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield noted
    finally:
        event.remove(Engine, "before_cursor_execute", note)
