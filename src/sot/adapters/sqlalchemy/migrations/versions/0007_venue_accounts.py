"""Make executions and positions again, with the venue account and the running number; both follow from events."""

from sqlalchemy import Connection

from sot.adapters.sqlalchemy.migrations import run_frozen
from sot.adapters.sqlalchemy.place import Place

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade(connection: Connection, place: Place) -> None:
    """Run the frozen statements."""
    run_frozen(connection, place, revision)


def downgrade() -> None:
    """Refuse: facts are never removed."""
    raise NotImplementedError("facts are never removed; restore a backup instead")
