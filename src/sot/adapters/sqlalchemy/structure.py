"""The structure of a database, compared with what the models and `triggers` make.

A structure is a description of each part as text, by its kind and name. Parts that an application added, such as an
index of its own, are left out; triggers, rules and row security are not, since they change what is stored or read.
"""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from sqlalchemy import Connection, create_engine, select, text

from sot.adapters.sqlalchemy import postgresql_structure, views
from sot.adapters.sqlalchemy.models import VERSION, SchemaRow, revision_of, revisions
from sot.adapters.sqlalchemy.partitions import partition_problems
from sot.adapters.sqlalchemy.place import Place
from sot.adapters.sqlalchemy.placed_tables import metadata_at, tables_at

Structure = Mapping[str, str]

_LISTED = 20
"""The number of problems of a file that are listed: more say nothing new."""


def structure_problems(place: Place, connection: Connection) -> Iterator[tuple[str, str, str]]:
    """Compare the tables of a place with the schema of this version.

    Yields:
        "file" or "schema", the part, and what is wrong with it.
    """
    if connection.dialect.name == "sqlite":
        yield from _file_problems(connection)
        expected, stored = _expected_on_sqlite(place), _stored_on_sqlite(connection, place)
    else:
        expected = postgresql_structure.expected(connection.dialect, place)
        stored = postgresql_structure.stored(connection, place)
    yield from _differences(expected, stored)
    if connection.dialect.name == "postgresql":
        yield from partition_problems(place, connection)
    yield from _version_problems(connection, stored, place)


def _differences(expected: Structure, stored: Structure) -> Iterator[tuple[str, str, str]]:
    for part in sorted({*expected, *stored}):
        if part not in stored:
            yield "schema", part, "it is missing"
        elif part not in expected:
            if part.startswith(_CHANGES_ROWS):
                yield "schema", part, "sot did not make it, and it may change what is stored"
        elif stored[part] != expected[part]:
            yield "schema", part, f"it is not as sot made it, but: {stored[part]}"


_CHANGES_ROWS = ("trigger ", "rule ", "row security ")


def _version_problems(connection: Connection, stored: Structure, place: Place) -> Iterator[tuple[str, str, str]]:
    tables = tables_at(place)
    version_column = tables[SchemaRow.__tablename__].c.version
    for column, version in ((version_column, VERSION), (tables[revisions.name].c.version_num, revision_of(VERSION))):
        name = column.table.name
        if f"table {name}" in stored:
            rows = [row[0] for row in connection.execute(select(column))]
            if rows != [version]:
                yield "schema", f"rows of {name}", f"they are {rows}, and should be [{version!r}]"


# ------------------------------------------------------------------------------------------------------------- SQLite


def _file_problems(connection: Connection) -> Iterator[tuple[str, str, str]]:
    """The problems of the file, such as an index that lacks a row. It reads every page."""
    for (problem,) in connection.execute(text(f"PRAGMA integrity_check({_LISTED})")):
        if problem != "ok":
            yield "file", "", f"{problem}; restore it from a backup"


@lru_cache
def _expected_on_sqlite(place: Place) -> Structure:
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            metadata_at(place).create_all(connection)
            views.create_views(connection, place)
            return _stored_on_sqlite(connection, place)
    finally:
        engine.dispose()


def _stored_on_sqlite(connection: Connection, place: Place) -> Structure:
    own = {table.name for table in tables_at(place).values()}
    own |= {place.name(view.name) for view in views.views("sqlite", place)}
    rows = connection.execute(text("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"))
    return {
        # In a damaged file the texts may be bytes.
        f"{kind} {name}": re.sub(r"\s+", " ", str(sql)).strip()
        for kind, name, table, sql in rows
        if str(table).lower() in own
    }
