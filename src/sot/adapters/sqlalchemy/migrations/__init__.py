"""Alembic migrations of the schema, run by `SqlAlchemyStore.open` in one transaction.

A revision only adds, and removes only what is empty: what facts say is never rewritten. Its statements are frozen text
per database, so that an old revision stays what it was when the models change.
"""

from pathlib import Path


def run_frozen(revision: str) -> None:
    """Run the statements of a revision for the kind of database that is migrated."""
    from alembic import op
    from sqlalchemy import DDL

    folder = Path(__file__).parent / "versions"
    path = folder / f"{revision}_{op.get_bind().dialect.name}.sql"
    if not path.exists():  # the same text for every kind
        path = folder / f"{revision}.sql"
    for statement in path.read_text("utf-8").split("\n-- next\n"):
        op.execute(DDL(statement.strip().replace("%", "%%")))  # type: ignore[no-untyped-call]
