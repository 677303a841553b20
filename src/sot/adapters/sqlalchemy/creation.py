"""The statements that make the schema, as text: for a script, or for `alembic upgrade --sql`."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any

from sqlalchemy import Dialect, Table, create_mock_engine, exists, insert, literal, select
from sqlalchemy.schema import CreateSchema

from sot.adapters.sqlalchemy import citus, partitions, views
from sot.adapters.sqlalchemy.models import VERSION, SchemaRow, revision_of, revisions
from sot.adapters.sqlalchemy.place import DEFAULT, Place
from sot.adapters.sqlalchemy.placed_tables import metadata_at, tables_at
from sot.domain.values.errors import InvalidInput


def creation_statements(
    database: str, place: Place = DEFAULT, *, partition_count: int = 0, is_on_citus: bool = False
) -> list[str]:
    """Return the statements that make the schema in a database of a kind, the same each time.

    Args:
        database: `sqlite` or `postgresql`.
        place: The schema and the prefix of the tables.
        partition_count: Into how many partitions by account to split each table that can be; 0 splits none.
        is_on_citus: Whether to distribute the tables over a cluster of Citus.

    Raises:
        InvalidInput: The database has no such place, no partitions or no Citus, there are too many partitions, or they
            are wanted on Citus.
    """
    place.check_database(database)
    _check_layout(database, partition_count, is_on_citus)
    statements: list[str] = []

    def note(statement: Any, *_: object, **__: object) -> None:
        statements.append(_text(statement, engine.dialect))

    # With another style of parameters, percent signs would be doubled.
    engine = create_mock_engine(f"{database}://", note, paramstyle="named")
    if is_on_citus:
        statements.extend(citus.SETTINGS)
    if place.schema is not None:
        note(CreateSchema(place.schema, if_not_exists=True))
    tables = partitions.partitioned_metadata(place, partition_count) if partition_count else metadata_at(place)
    tables.create_all(engine, checkfirst=False)
    statements = _with_sorted_indexes(statements)
    if is_on_citus:
        statements.extend(citus.distribution(place))
    statements.extend(views.creation(database, place))
    statements.extend(_version_rows(engine.dialect, place))
    return statements


def _check_layout(database: str, partition_count: int, is_on_citus: bool) -> None:
    if not 0 <= partition_count <= partitions.MOST:
        raise InvalidInput("partitions", partition_count, f"1 to {partitions.MOST}")
    if is_on_citus and partition_count:
        raise InvalidInput("partitions", partition_count, "none on Citus, which splits tables itself")
    if database != "postgresql" and (is_on_citus or partition_count):
        raise InvalidInput("database", database, "postgresql, for tables that are split by account")


def _with_sorted_indexes(statements: list[str]) -> list[str]:
    """The statements with the indexes of each table sorted: SQLAlchemy keeps them in a set."""
    runs = groupby(statements, key=lambda text: text.startswith(("CREATE INDEX", "CREATE UNIQUE INDEX")))
    return [text for is_index, run in runs for text in (sorted(run) if is_index else run)]


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
