"""The first schema: every table but the two that tell the version, with indexes and triggers."""

from sot.adapters.sqlalchemy.migrations import run_frozen

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the frozen statements for this kind of database."""
    run_frozen(revision)


def downgrade() -> None:
    """There is no way back: facts are never taken back."""
    raise NotImplementedError("facts are never taken back")
