"""The operation `op.upgrade_sot` of the application's revisions."""

from typing import Any

from alembic.operations import MigrateOperation, Operations

from sot.adapters.sqlalchemy.alembic.offline import render_creation
from sot.adapters.sqlalchemy.errors import shown_url
from sot.adapters.sqlalchemy.models import VERSION
from sot.adapters.sqlalchemy.place import Place, place_at
from sot.adapters.sqlalchemy.schema import prepare_within
from sot.adapters.sqlalchemy.schema_version import stored_version
from sot.domain.values.errors import InvalidInput, SchemaMismatch

DATABASES = ("sqlite", "postgresql")


@Operations.register_operation("upgrade_sot")
class UpgradeSot(MigrateOperation):
    """Make the tables of `sot`, or migrate older ones.

    Args:
        version: The version of the schema that the revision needs.
        from_version: The version that the database had when the revision was generated; None if it had none.
        place: Where the tables are.

    Raises:
        InvalidInput: A version is none.
    """

    def __init__(self, version: int, from_version: int | None, place: Place) -> None:
        self.version = _checked_version("version", version)
        self.from_version = None if from_version is None else _checked_version("from_version", from_version, 0)
        self.place = place

    @classmethod
    def upgrade_sot(
        cls,
        operations: Operations,
        *,
        version: int,
        from_version: int | None = None,
        schema: str | None = None,
        prefix: str = "",
    ) -> None:
        """Make the tables of `sot` with their triggers, or migrate older ones, in the migration's transaction.

        A database that has the schema of this `sot` is left as it is. A `sot` that is newer than the revision makes its
        own schema. With `--sql` the statements that make the tables are written; older tables need a connection.

        Args:
            operations: Alembic's; `op` gives it.
            version: The version of the schema that the revision needs, at least.
            from_version: The version of the tables that the revision migrates; None if there are none. Only `--sql`,
                which cannot look, needs it.
            schema: The schema of the tables on PostgreSQL, which is made if it is missing; None is the connection's
                default.
            prefix: What the names of the tables begin with.

        Raises:
            InvalidInput: A version, `schema` or `prefix` is none, the database is neither SQLite nor PostgreSQL, the
                connection commits each statement or sees one snapshot, or older tables were to be migrated by `--sql`.
            SchemaMismatch: This `sot` is older than the revision or the tables, or another program made them. Nothing
                of `sot` was written.
        """
        operations.invoke(cls(version, from_version, place_at(schema, prefix)))

    def reverse(self) -> "KeepSot":
        """Return the operation of the downgrade."""
        return KeepSot(self)

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """Return what `alembic check` shows."""
        return "upgrade_sot", self.from_version, self.version


class KeepSot(MigrateOperation):
    """Do nothing: a downgrade keeps the tables of `sot`, because an audit trail is never dropped.

    Args:
        upgrade: The operation that it reverses.
    """

    def __init__(self, upgrade: UpgradeSot) -> None:
        self.upgrade = upgrade

    def reverse(self) -> UpgradeSot:
        """Return the operation of the upgrade."""
        return self.upgrade

    def to_diff_tuple(self) -> tuple[Any, ...]:
        """Return what `alembic check` would show."""
        return "keep_sot", self.upgrade.version


@Operations.implementation_for(UpgradeSot)
def _upgrade(operations: Operations, operation: UpgradeSot) -> None:
    context = operations.migration_context
    if context.dialect.name not in DATABASES:
        raise InvalidInput("database", context.dialect.name, " or ".join(DATABASES))
    operation.place.check_database(context.dialect.name)
    if context.as_sql:
        _check_version(operation, "(--sql)", operation.from_version)
        render_creation(context, operation.place, operation.version, operation.from_version)
        return
    connection = operations.get_bind()
    _check_version(operation, shown_url(connection.engine.url), stored_version(connection, operation.place))
    prepare_within(connection, operation.place)


@Operations.implementation_for(KeepSot)
def _keep(operations: Operations, operation: KeepSot) -> None:
    """Do nothing."""


def _check_version(operation: UpgradeSot, url: str, stored: int | None) -> None:
    if operation.version > VERSION:
        found = "none" if stored is None else str(stored)
        hint = f"but the migration asks for version {operation.version}: install a newer sot"
        raise SchemaMismatch(url, found, str(VERSION), hint)


def _checked_version(field: str, value: object, least: int = 1) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= least:
        return value
    raise InvalidInput(field, value, f"a version of the schema, {least} or more")
