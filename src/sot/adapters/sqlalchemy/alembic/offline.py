"""The statements that make the tables of `sot`, for `alembic upgrade --sql`."""

from collections.abc import Iterator
from typing import Any

from alembic.migration import MigrationContext
from sqlalchemy import Dialect, Table, create_mock_engine, exists, insert, literal, select

from sot.adapters.sqlalchemy import triggers, views
from sot.adapters.sqlalchemy.models import VERSION, SchemaRow, metadata, revision_of, revisions
from sot.domain.values.errors import InvalidInput

_TRIGGERS = triggers.REFUSAL  # importing the module attaches the triggers to the tables
_CREATED = "sot_created"


def render_creation(context: MigrationContext, version: int, from_version: int | None) -> None:
    """Write the statements that make the tables, unless the script has them already.

    Raises:
        InvalidInput: There are older tables, whose rows only a connection can migrate.
    """
    if _CREATED in context.opts:
        return
    if from_version is not None:
        allowed = (
            f"no --sql: the migration of sot from version {from_version} to {version} reads rows; run it connected"
        )
        raise InvalidInput("mode", "--sql", allowed)
    for statement in creation_statements(context.dialect.name):
        context.impl.static_output(f"{statement}{context.impl.command_terminator}")
    context.opts[_CREATED] = True


def creation_statements(database: str) -> list[str]:
    """Return the statements that make the schema in a database of a kind, "sqlite" or "postgresql"."""
    statements: list[str] = []

    def note(statement: Any, *_: object, **__: object) -> None:
        statements.append(_text(statement, engine.dialect))

    # With another style of parameters, percent signs would be doubled.
    engine = create_mock_engine(f"{database}://", note, paramstyle="named")
    metadata.create_all(engine, checkfirst=False)
    statements.extend(views.creation(database))
    statements.extend(_version_rows(engine.dialect))
    return statements


def _version_rows(dialect: Dialect) -> Iterator[str]:
    # A script may go on after an error, such as that of a table that exists: it must not add a second version then.
    for column, value in ((SchemaRow.__table__.c.version, VERSION), (revisions.c.version_num, revision_of(VERSION))):
        table = column.table
        assert isinstance(table, Table)
        unless_stored = select(literal(value, column.type)).where(~exists(select(column)))
        yield _text(insert(table).from_select([column.name], unless_stored), dialect)


def _text(statement: Any, dialect: Dialect) -> str:
    return str(statement.compile(dialect=dialect, compile_kwargs={"literal_binds": True})).strip()
