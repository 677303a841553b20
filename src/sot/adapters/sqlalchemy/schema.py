"""Creation, version check and migration of the schema."""

from collections.abc import Iterable, Sequence
from importlib.util import find_spec

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.orm import Session
from sqlalchemy.schema import CreateSchema

from sot.adapters.sqlalchemy import views
from sot.adapters.sqlalchemy.changed_rows import changes, read_derived_rows
from sot.adapters.sqlalchemy.drivers import check_engine_kind
from sot.adapters.sqlalchemy.engine import read_only_engine
from sot.adapters.sqlalchemy.errors import raise_translated, shown_url
from sot.adapters.sqlalchemy.isolation import check_level, ensure_transaction
from sot.adapters.sqlalchemy.migrations import run_revisions
from sot.adapters.sqlalchemy.models import VERSION, metadata, revision_of, revisions
from sot.adapters.sqlalchemy.place import Place, place_at
from sot.adapters.sqlalchemy.placed_tables import metadata_at, placed, tables_at
from sot.adapters.sqlalchemy.schema_version import note_preparing, stored_version
from sot.adapters.sqlalchemy.unit_of_work import SqlAlchemyUnitOfWork
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.application.audit.rebuild import rebuild_within
from sot.application.support.log import facts, log
from sot.domain.values.errors import MissingExtra, SchemaMismatch

_schema = metadata.tables["sot_schema"]
_LOCK = 7_318_349_394_477_055
"""The advisory lock of processes that prepare the schema, on PostgreSQL; chosen freely."""
_SAME_PROJECTIONS_SINCE = 7
"""Derived rows of this version or a later one need no rebuild."""
_VIEWS_SINCE = 8
"""Stores of this version or a later one have the views."""
_LISTS_CHANGES_SINCE = 5
"""Stores of this version or a later one have the columns whose changes are listed."""


def prepare(
    engine_or_connection: Engine | Connection, *, schema: str | None = None, prefix: str = "", create: bool = True
) -> None:
    """Make the tables of a history in a database, or migrate older ones, in one transaction.

    Given an engine, the transaction is one of its own, and other processes that prepare the same database wait. Given a
    connection, it is the connection's, which its owner commits.

    Under asyncio: `await async_connection.run_sync(prepare)`.

    Args:
        engine_or_connection: An engine or a connection, on SQLite or PostgreSQL.
        schema: The schema of the tables on PostgreSQL, which is made if it is missing; None is the connection's
            default.
        prefix: What the names of the tables begin with.
        create: False to check the version only.

    Raises:
        InvalidInput: The place is none of this database, or the engine or the connection commits each statement, or
            sees one snapshot for all statements of a transaction.
        SchemaMismatch: A newer `sot`, or another program, made the tables, or `create` is false and they are missing.
        MissingExtra: A migration needs Alembic.
        StoreUnavailable: The database is out of reach.
        StoreDamaged: The database cannot be read.
    """
    place = place_at(schema, prefix)
    if isinstance(engine_or_connection, Connection):
        prepare_within(engine_or_connection, place, create)
    else:
        check_engine_kind(engine_or_connection)
        prepare_engine(engine_or_connection, place, create)


def prepare_engine(engine: Engine, place: Place, create: bool = True) -> None:
    """Make the tables of a place, or migrate older ones, in a transaction of its own; see `prepare`."""
    place.check_database(engine.dialect.name)
    url = shown_url(engine.url)
    try:
        with read_only_engine(engine).connect() as connection:
            # The usual case, which does not wait for writers.
            if stored_version(connection, place) == VERSION:
                return
        with engine.begin() as connection:
            _prepare(connection, "engine", place, create)
    except Exception as error:
        raise_translated(error, url)


def prepare_within(connection: Connection, place: Place, create: bool = True) -> None:
    """Make the tables of a place, or migrate older ones, in the transaction of a connection; see `prepare`."""
    place.check_database(connection.dialect.name)
    url = shown_url(connection.engine.url)
    try:
        if stored_version(connection, place) == VERSION:
            return
        _prepare(connection, "connection", place, create)
    except Exception as error:
        raise_translated(error, url)


def _prepare(connection: Connection, subject: str, place: Place, create: bool) -> None:
    """Make or migrate the tables in a transaction that is undone as a whole, and that no other one is beside."""
    url = shown_url(connection.engine.url)
    ensure_transaction(connection, subject)
    note_preparing(connection)
    if connection.dialect.name == "postgresql":
        check_level(connection.execute(text("SHOW transaction_isolation")).scalar_one(), "to prepare the schema")
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    version = stored_version(connection, place)
    if version == VERSION:
        return
    if version is None:
        if not create:
            raise SchemaMismatch(url, "none", str(VERSION), "open it with create=True to make it")
        own = (table.name for table in tables_at(place).values())
        _check_names_are_free(connection, url, place, [*own, *_view_names(connection, place)])
        create_tables(connection, place)
        log.info("made the tables of version %d in %s", VERSION, url, extra=facts(schema_version=VERSION))
    elif version > VERSION:
        raise SchemaMismatch(url, str(version), str(VERSION), "install a newer sot")
    elif not create:
        raise SchemaMismatch(url, str(version), str(VERSION), "open it with create=True to migrate it")
    else:
        migrate(connection, url, place, version)
        log.info(
            "migrated %s from version %d to %d", url, version, VERSION,
            extra=facts(schema_version=VERSION, from_version=version),
        )  # fmt: skip


def _check_names_are_free(
    connection: Connection, url: str, place: Place, names: Iterable[str], version: str = "none"
) -> None:
    inspector = inspect(connection)
    # Views count too: `create_all` takes a view for the table, and would not create the table.
    taken = sorted(name for name in names if inspector.has_table(name, schema=place.schema))
    if taken:
        advice = "choose another schema= or prefix=, or another database"
        if version != "none":
            advice = f"rename your table or view {taken[0]}, then open again"  # another place has another history
        hint = f"table {taken[0]} belongs to something else; {advice}"
        raise SchemaMismatch(url, version, str(VERSION), hint)


def _view_names(connection: Connection, place: Place) -> Sequence[str]:
    return [place.name(view.name) for view in views.views(connection.dialect.name, place)]


def create_tables(connection: Connection, place: Place) -> None:
    """Create all tables, triggers and views, and their schema if it is missing."""
    # IF NOT EXISTS would ask for the right to create schemas even where there is nothing to do.
    if place.schema is not None and not inspect(connection).has_schema(place.schema):
        connection.execute(CreateSchema(place.schema))
    metadata_at(place).create_all(connection)
    views.create_views(connection, place)
    _insert_version(connection, place)
    connection.execute(placed(revisions.insert(), place), [{"version_num": revision_of(VERSION)}])


def _insert_version(connection: Connection, place: Place) -> None:
    connection.execute(placed(_schema.insert(), place), [{"version": VERSION}])


def migrate(connection: Connection, url: str, place: Place, version: int) -> None:
    """Migrate an older schema with the revisions of `migrations`, in the connection's transaction.

    Derived rows are made again from the facts. Each order and position that differs is logged as a warning.
    """
    if find_spec("alembic") is None:
        raise MissingExtra("migrations", f"migrating store {url} from version {version} to {VERSION}")
    if version < _VIEWS_SINCE:
        _check_names_are_free(connection, url, place, _view_names(connection, place), str(version))
    # The first revision does not create the tables that have the version.
    tables = tables_at(place)
    metadata_at(place).create_all(connection, tables=[tables[_schema.name], tables[revisions.name]])
    _lock_tables(connection, place)
    before = read_derived_rows(connection, place) if version >= _LISTS_CHANGES_SINCE else None
    views.drop_views(connection, place)
    run_revisions(connection, place)
    views.create_views(connection, place)
    connection.execute(placed(_schema.delete(), place))
    _insert_version(connection, place)
    if version >= _SAME_PROJECTIONS_SINCE:
        return
    with Session(bind=connection, join_transaction_mode="rollback_only") as session:
        unit_of_work = _Rebuild(session, schema=place.schema, prefix=place.prefix)
        rebuild_within(unit_of_work)
        unit_of_work.commit()
    if before is not None:
        for change in changes(before, read_derived_rows(connection, place)):
            log.warning(
                "migration of %s to version %d changed %s", url, VERSION, change, extra=facts(schema_version=VERSION)
            )


class _Rebuild(SqlAlchemyUnitOfWork):
    """Makes derived rows again, whatever the triggers of facts are; `verify` tells which are missing."""

    def _new_buffer(self) -> WriteBuffer:
        buffer = super()._new_buffer()
        buffer.triggers_are_checked = True
        return buffer


def _lock_tables(connection: Connection, place: Place) -> None:
    """Wait for transactions of other programs, and keep new ones out until the migration ends, on PostgreSQL."""
    if connection.dialect.name == "postgresql":
        known = set(inspect(connection).get_table_names(schema=place.schema))
        ours = [name for name in (table.name for table in metadata.sorted_tables) if place.name(name) in known]
        names = ", ".join(map(place.qualified, ours))
        connection.execute(text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))
