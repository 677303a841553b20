"""Indexes in which pages of lists are read, however long the lists are, and whatever is asked for."""

from sot.adapters.sqlalchemy.migrations import run_frozen

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the frozen statements for this kind of database."""
    run_frozen(revision)


def downgrade() -> None:
    """There is no way back: facts are never taken back."""
    raise NotImplementedError("facts are never taken back")
