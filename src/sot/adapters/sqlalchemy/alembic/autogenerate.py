"""How autogenerate finds out that `sot` needs another schema, and how it writes that into a revision."""

from collections.abc import Sequence
from typing import Any

from alembic.autogenerate import comparators, renderers
from alembic.autogenerate.api import AutogenContext
from alembic.operations.ops import UpgradeOps

from sot.adapters.sqlalchemy.alembic.operations import KeepSot, UpgradeSot
from sot.adapters.sqlalchemy.alembic.options import OPTION, Guest
from sot.adapters.sqlalchemy.errors import shown_url
from sot.adapters.sqlalchemy.models import VERSION
from sot.adapters.sqlalchemy.schema_version import stored_version
from sot.domain.values.errors import SchemaMismatch

_IMPORT = "import sot.adapters.sqlalchemy.alembic  # noqa: F401 - it adds op.upgrade_sot"
_KEPT = "# The tables of sot stay as they are: an audit trail is never dropped, and nothing depends on an older schema."


@comparators.dispatch_for("schema")
def compare_version(context: AutogenContext, upgrade_ops: UpgradeOps, schemas: Any) -> None:
    """Add an operation to the revision for each place whose schema is missing or older.

    Raises:
        SchemaMismatch: A newer `sot` made the schema.
    """
    guests: Sequence[Guest] = context.opts.get(OPTION, ())
    connection = context.connection
    assert connection is not None, "autogenerate has a connection"
    for guest in guests:
        if guest.migrate:
            stored = stored_version(connection, guest.place)
            if stored is not None and stored > VERSION:
                raise SchemaMismatch(shown_url(connection.engine.url), str(stored), str(VERSION), "install a newer sot")
            if stored != VERSION:
                # The first of all: tables of the application may refer to those of sot.
                upgrade_ops.ops.insert(0, UpgradeSot(VERSION, stored, guest.place))


@renderers.dispatch_for(UpgradeSot)
def _render_upgrade(context: AutogenContext, operation: UpgradeSot) -> str:
    context.imports.add(_IMPORT)
    arguments: dict[str, object] = {"version": operation.version}
    if operation.from_version is not None:
        arguments["from_version"] = operation.from_version
    arguments |= operation.place.arguments()
    listed = ", ".join(f"{name}={value!r}" for name, value in arguments.items())
    return f"{context.opts.get('alembic_module_prefix', 'op.')}upgrade_sot({listed})"


@renderers.dispatch_for(KeepSot)
def _render_keep(context: AutogenContext, operation: KeepSot) -> list[str]:
    return [_KEPT, "pass"]
