"""Alembic migrations of the schema, run by `schema.migrate` in the transaction of its caller.

1. A revision only adds, and removes only empty tables and derived rows, which are made again. Facts are never
   rewritten: a table of facts that needs another key or column is made anew, and its rows are copied as they are.
2. Its statements are frozen text per database, so that a later change of the models does not change an old revision.
3. There is no downgrade.
4. Views hold nothing: a migration drops them first, and makes those of the latest version in the end.
5. A revision is given its connection. `alembic.op` and `alembic.context`, of which a process has one each, may belong
   to a migration of the application within which ours runs.
"""

from pathlib import Path

from sqlalchemy import DDL, Connection, select

from sot.adapters.sqlalchemy.models import revisions

_FOLDER = Path(__file__).parent


def run_revisions(connection: Connection) -> None:
    """Run the revisions that a database lacks, in the connection's transaction.

    Raises:
        ModuleNotFoundError: Alembic is not installed.
    """
    from alembic.script import ScriptDirectory

    script = ScriptDirectory(str(_FOLDER))
    current = connection.execute(select(revisions.c.version_num)).scalar()
    missing = list(script.iterate_revisions("head", current or "base"))
    for revision in reversed(missing):
        revision.module.upgrade(connection)
    connection.execute(revisions.delete())
    connection.execute(revisions.insert(), [{"version_num": script.get_current_head()}])


def run_frozen(connection: Connection, revision: str) -> None:
    """Run the statements of a revision for the database that is migrated."""
    path = _FOLDER / "versions" / f"{revision}_{connection.dialect.name}.sql"
    if not path.exists():  # one text for all databases
        path = path.with_name(f"{revision}.sql")
    for statement in path.read_text("utf-8").split("\n-- next\n"):
        connection.execute(DDL(statement.strip().replace("%", "%%")))  # type: ignore[no-untyped-call]
