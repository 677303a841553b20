"""Add the indexes in which pages of lists are read, for every filter."""

from sot.adapters.sqlalchemy.migrations import run_frozen

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the frozen statements."""
    run_frozen(revision)


def downgrade() -> None:
    """Refuse: facts are never removed."""
    raise NotImplementedError("facts are never removed; restore a backup instead")
