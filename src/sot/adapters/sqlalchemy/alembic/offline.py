"""The statements that make the tables of `sot`, for `alembic upgrade --sql`."""

from collections.abc import Iterator
from typing import Any

from alembic.migration import MigrationContext
from sqlalchemy import Dialect, Table, create_mock_engine, exists, insert, literal, select
from sqlalchemy.schema import CreateSchema

from sot.adapters.sqlalchemy import views
from sot.adapters.sqlalchemy.models import VERSION, SchemaRow, revision_of, revisions
from sot.adapters.sqlalchemy.place import Place
from sot.adapters.sqlalchemy.placed_tables import metadata_at, tables_at
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


def creation_statements(database: str, place: Place) -> list[str]:
    """Return the statements that make the schema in a database of a kind, "sqlite" or "postgresql"."""
    statements: list[str] = []

    def note(statement: Any, *_: object, **__: object) -> None:
        statements.append(_text(statement, engine.dialect))

    # With another style of parameters, percent signs would be doubled.
    engine = create_mock_engine(f"{database}://", note, paramstyle="named")
    if place.schema is not None:
        note(CreateSchema(place.schema, if_not_exists=True))
    metadata_at(place).create_all(engine, checkfirst=False)
    statements.extend(views.creation(database, place))
    statements.extend(_version_rows(engine.dialect, place))
    return statements


def _version_rows(dialect: Dialect, place: Place) -> Iterator[str]:
    tables = tables_at(place)
    version_column = tables[SchemaRow.__tablename__].c.version
    # A script may go on after an error, such as that of a table that exists: it must not add a second version then.
    for column, value in ((version_column, VERSION), (tables[revisions.name].c.version_num, revision_of(VERSION))):
        table = column.table
        assert isinstance(table, Table)
        unless_stored = select(literal(value, column.type)).where(~exists(select(column)))
        yield _text(insert(table).from_select([column.name], unless_stored), dialect)


def _text(statement: Any, dialect: Dialect) -> str:
    return str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})).strip()
