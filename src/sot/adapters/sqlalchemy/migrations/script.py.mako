"""${message}"""

from sqlalchemy import Connection

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = None
depends_on = None


def upgrade(connection: Connection) -> None:
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    raise NotImplementedError("facts are never removed; restore a backup instead")
