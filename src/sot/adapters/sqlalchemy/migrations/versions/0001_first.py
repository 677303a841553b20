"""The first schema: every table but the two that tell the version, with indexes and triggers."""

from pathlib import Path

from alembic import op
from sqlalchemy import DDL

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the frozen statements for this kind of database."""
    connection = op.get_bind()
    statements = Path(__file__).with_name(f"0001_{connection.dialect.name}.sql").read_text("utf-8")
    for statement in statements.split("\n-- next\n"):
        op.execute(DDL(statement.strip().replace("%", "%%")))  # type: ignore[no-untyped-call]


def downgrade() -> None:
    """There is no way back: facts are never taken back."""
    raise NotImplementedError("facts are never taken back")
