"""Add API keys, idempotency records, and the traces of requests and events."""

from sqlalchemy import Connection

from sot.adapters.sqlalchemy.migrations import run_frozen
from sot.adapters.sqlalchemy.place import Place

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade(connection: Connection, place: Place) -> None:
    """Run the frozen statements."""
    run_frozen(connection, place, revision)


def downgrade() -> None:
    """Refuse: facts are never removed."""
    raise NotImplementedError("facts are never removed; restore a backup instead")
