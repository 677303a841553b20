"""The statements that make the tables of `sot`, for `alembic upgrade --sql`."""

from alembic.migration import MigrationContext

from sot.adapters.sqlalchemy.creation import creation_statements
from sot.adapters.sqlalchemy.place import Place
from sot.domain.values.errors import InvalidInput

_CREATED = "sot_created"


def render_creation(context: MigrationContext, place: Place, version: int, from_version: int | None) -> None:
    """Write the statements that make the tables, unless the script has them already.

    Raises:
        InvalidInput: There are older tables, whose rows only a connection can migrate.
    """
    created: set[Place] = context.opts.setdefault(_CREATED, set())
    if place in created:
        return
    if from_version is not None:
        allowed = (
            f"no --sql: the migration of sot from version {from_version} to {version} reads rows; run it connected"
        )
        raise InvalidInput("mode", "--sql", allowed)
    for statement in creation_statements(context.dialect.name, place):
        context.impl.static_output(f"{statement}{context.impl.command_terminator}")
    created.add(place)
