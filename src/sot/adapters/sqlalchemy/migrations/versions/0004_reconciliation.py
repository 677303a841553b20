"""The rows of reconciliations, in a table that takes the place of the one that nothing was ever kept in."""

from alembic import op
from sqlalchemy import text

from sot.adapters.sqlalchemy.errors import shown_url
from sot.adapters.sqlalchemy.migrations import run_frozen
from sot.domain.values.errors import SchemaMismatch

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Run the frozen statements for this kind of database.

    Raises: SchemaMismatch: there are rows in the table, which somebody else has put there.
    """
    connection = op.get_bind()
    if connection.execute(text("SELECT 1 FROM exchange_reconciliation LIMIT 1")).first() is not None:
        hint = "table exchange_reconciliation has rows that no sot wrote; take them out first"
        raise SchemaMismatch(shown_url(connection.engine.url), "3", "4", hint)
    run_frozen(revision)


def downgrade() -> None:
    """There is no way back: facts are never taken back."""
    raise NotImplementedError("facts are never taken back")
