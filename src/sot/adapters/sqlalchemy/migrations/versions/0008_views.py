"""Add the views for analysts, which every migration makes anew (`views`)."""

from sqlalchemy import Connection

from sot.adapters.sqlalchemy.place import Place

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade(connection: Connection, place: Place) -> None:
    """Do nothing to tables."""


def downgrade() -> None:
    """Refuse: facts are never removed."""
    raise NotImplementedError("facts are never removed; restore a backup instead")
