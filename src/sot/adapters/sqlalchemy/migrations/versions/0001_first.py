"""Create the first schema: all tables with indexes and triggers, except the two that have the version."""

from sqlalchemy import Connection

from sot.adapters.sqlalchemy.migrations import run_frozen
from sot.adapters.sqlalchemy.place import Place

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade(connection: Connection, place: Place) -> None:
    """Run the frozen statements."""
    run_frozen(connection, place, revision)


def downgrade() -> None:
    """Refuse: facts are never removed."""
    raise NotImplementedError("facts are never removed; restore a backup instead")
