"""Alembic migrations of the schema, run by `SqlAlchemyStore.open` in one transaction.

1. A revision only adds, and removes only empty tables and derived rows, which are made again. Facts are never
   rewritten: a table of facts that needs another key or column is made anew, and its rows are copied as they are.
2. Its statements are frozen text per database, so that a later change of the models does not change an old revision.
3. There is no downgrade.
"""

from pathlib import Path


def run_frozen(revision: str) -> None:
    """Run the statements of a revision for the database that is migrated."""
    from alembic import op
    from sqlalchemy import DDL

    folder = Path(__file__).parent / "versions"
    path = folder / f"{revision}_{op.get_bind().dialect.name}.sql"
    if not path.exists():  # one text for all databases
        path = folder / f"{revision}.sql"
    for statement in path.read_text("utf-8").split("\n-- next\n"):
        op.execute(DDL(statement.strip().replace("%", "%%")))  # type: ignore[no-untyped-call]
