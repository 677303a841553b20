"""Add account events, positions with their snapshots, and the position that each fill moves."""

from sqlalchemy import Connection

from sot.adapters.sqlalchemy.migrations import run_frozen
from sot.adapters.sqlalchemy.place import Place

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade(connection: Connection, place: Place) -> None:
    """Run the frozen statements; a rebuild makes the positions afterwards."""
    run_frozen(connection, place, revision)


def downgrade() -> None:
    """Refuse: facts are never removed."""
    raise NotImplementedError("facts are never removed; restore a backup instead")
