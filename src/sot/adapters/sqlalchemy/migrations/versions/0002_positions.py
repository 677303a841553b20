"""Positions: account events, positions with their checkpoints, and the position that each fill moves."""

from sot.adapters.sqlalchemy.migrations import run_frozen

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the frozen statements for this kind of database; positions are made from the facts afterwards."""
    run_frozen(revision)


def downgrade() -> None:
    """There is no way back: facts are never taken back."""
    raise NotImplementedError("facts are never taken back")
