"""Alembic migrations of the schema, run by `schema.migrate` in the transaction of its caller.

1. A revision only adds, and removes only empty tables and derived rows, which are made again. Facts are never
   rewritten: a table of facts that needs another key or column is made anew, and its rows are copied as they are.
2. Its statements are frozen text per database, so that a later change of the models does not change an old revision.
3. There is no downgrade.
4. Views hold nothing: a migration drops them first, and makes those of the latest version in the end.
5. A revision is given its connection. `alembic.op` and `alembic.context`, of which a process has one each, may belong
   to a migration of the application within which ours runs.
"""

import re
from pathlib import Path

from sqlalchemy import DDL, Connection, Dialect, select

from sot.adapters.sqlalchemy import triggers
from sot.adapters.sqlalchemy.models import metadata, revisions
from sot.adapters.sqlalchemy.place import Place
from sot.adapters.sqlalchemy.placed_tables import part_names, placed

_FOLDER = Path(__file__).parent


_RELATION = "|".join(metadata.tables)
_NAMES = re.compile(
    # Parts of a table are named without the schema. Revisions keep copies of a table, as `<table>_<version>`.
    rf"\b(?P<part>(?:pk|uq|fk|ck|ix)_\w+|(?:{_RELATION})_no_[a-z]+)\b"
    rf"|\b(?P<own>(?:{_RELATION})(?:_\d+)?|{triggers.FUNCTION_NAME})\b"
)


def run_revisions(connection: Connection, place: Place) -> None:
    """Run the revisions that the tables of a place lack, in the connection's transaction.

    Raises:
        ModuleNotFoundError: Alembic is not installed.
    """
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(_FOLDER))
    current = connection.execute(placed(select(revisions.c.version_num), place)).scalar()
    missing = list(script.iterate_revisions("head", current or "base"))
    for revision in reversed(missing):
        revision.module.upgrade(connection, place)
    connection.execute(placed(revisions.delete(), place))
    connection.execute(placed(revisions.insert(), place), [{"version_num": script.get_current_head()}])


def run_frozen(connection: Connection, place: Place, revision: str) -> None:
    """Run the statements of a revision for the database that is migrated."""
    path = _FOLDER / "versions" / f"{revision}_{connection.dialect.name}.sql"
    if not path.exists():  # one text for all databases
        path = path.with_name(f"{revision}.sql")
    text = _in_place(path.read_text("utf-8"), place, connection.dialect)
    for statement in text.split("\n-- next\n"):
        connection.execute(DDL(statement.strip().replace("%", "%%")))  # type: ignore[no-untyped-call]


def _in_place(frozen: str, place: Place, dialect: Dialect) -> str:
    """Return frozen statements with the names that a place has."""
    if place.is_default:
        return frozen
    parts = part_names(place, dialect)

    def name_in_place(found: re.Match[str]) -> str:
        part = found["part"]
        return parts.get(part, place.name(part)) if part else place.qualified(found["own"])

    return _NAMES.sub(name_in_place, frozen)
