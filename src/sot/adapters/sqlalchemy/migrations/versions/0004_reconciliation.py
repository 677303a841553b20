"""Replace the table of reconciliations, to which nothing was ever written."""

from sqlalchemy import Connection, text

from sot.adapters.sqlalchemy.errors import shown_url
from sot.adapters.sqlalchemy.migrations import run_frozen
from sot.adapters.sqlalchemy.place import Place
from sot.domain.values.errors import SchemaMismatch

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade(connection: Connection, place: Place) -> None:
    """Run the frozen statements.

    Raises:
        SchemaMismatch: The table has rows, which another program wrote.
    """
    if connection.execute(text(place.sql("SELECT 1 FROM {exchange_reconciliation} LIMIT 1"))).first() is not None:
        hint = "table exchange_reconciliation has rows that no sot wrote; take them out first"
        raise SchemaMismatch(shown_url(connection.engine.url), "3", "4", hint)
    run_frozen(connection, place, revision)


def downgrade() -> None:
    """Refuse: facts are never removed."""
    raise NotImplementedError("facts are never removed; restore a backup instead")
