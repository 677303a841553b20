"""Creation, version check and migration of the schema."""

from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from typing import NoReturn

from sqlalchemy import Connection, Engine, inspect, select, text
from sqlalchemy.exc import NoSuchTableError
from sqlalchemy.orm import Session

from sot.adapters.sqlalchemy import triggers, views
from sot.adapters.sqlalchemy.changed_rows import changes, read_derived_rows
from sot.adapters.sqlalchemy.engine import read_only_engine
from sot.adapters.sqlalchemy.errors import shown_url, translate
from sot.adapters.sqlalchemy.isolation import check_level, ensure_transaction
from sot.adapters.sqlalchemy.migrations import run_revisions
from sot.adapters.sqlalchemy.models import VERSION, SchemaRow, metadata, revision_of, revisions
from sot.adapters.sqlalchemy.unit_of_work import SqlAlchemyUnitOfWork
from sot.application.audit.rebuild import rebuild_within
from sot.application.support.log import facts, log
from sot.domain.values.errors import MissingExtra, SchemaMismatch

_TRIGGERS = triggers.REFUSAL  # importing the module attaches the triggers to the tables

_schema = metadata.tables["sot_schema"]
_LOCK = 7_318_349_394_477_055
"""The advisory lock of processes that prepare the schema, on PostgreSQL; chosen freely."""
_SAME_PROJECTIONS_SINCE = 7
"""Derived rows of this version or a later one need no rebuild."""
_VIEWS_SINCE = 8
"""Stores of this version or a later one have the views."""
_LISTS_CHANGES_SINCE = 5
"""Stores of this version or a later one have the columns whose changes are listed."""


def prepare(engine: Engine, create: bool = True) -> None:
    """Create the schema in a new database, and migrate an older one, in one transaction.

    Other processes that open the same database wait.

    Args:
        engine: The engine of the database.
        create: False to check the version only.

    Raises:
        SchemaMismatch: A newer `sot`, or another program, made the tables, or `create` is false and they are missing.
        MissingExtra: A migration needs Alembic.
        StoreUnavailable: The database is out of reach.
        StoreDamaged: The database cannot be read.
    """
    url = shown_url(engine.url)
    try:
        with read_only_engine(engine).connect() as connection:
            # The usual case, which does not wait for writers.
            if stored_version(connection) == VERSION:
                return
        with engine.begin() as connection:
            _prepare(connection, url, create)
    except Exception as error:
        _raise_translated(error, url)


def prepare_within(connection: Connection, create: bool = True) -> None:
    """Create the schema, or migrate an older one, in the transaction of a connection, which its owner commits.

    Args:
        connection: A connection, on SQLite or PostgreSQL.
        create: False to check the version only.

    Raises:
        InvalidInput: The connection commits each statement, or sees one snapshot for all of its statements.
        SchemaMismatch: A newer `sot`, or another program, made the tables, or `create` is false and they are missing.
        MissingExtra: A migration needs Alembic.
        StoreUnavailable: The database is out of reach.
        StoreDamaged: The database cannot be read.
    """
    url = shown_url(connection.engine.url)
    try:
        if stored_version(connection) == VERSION:
            return
        ensure_transaction(connection, "connection")
        if connection.dialect.name == "postgresql":
            check_level(connection.execute(text("SHOW transaction_isolation")).scalar_one(), "to prepare the schema")
        _prepare(connection, url, create)
    except Exception as error:
        _raise_translated(error, url)


def _raise_translated(error: Exception, url: str) -> NoReturn:
    translated = translate(error, url)
    if translated is None or translated is error:
        raise error
    raise translated from error


def _prepare(connection: Connection, url: str, create: bool) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    version = stored_version(connection)
    if version == VERSION:
        return
    if version is None:
        if not create:
            raise SchemaMismatch(url, "none", str(VERSION), "open it with create=True to make it")
        _check_names_are_free(connection, url, [*metadata.tables, *_view_names(connection)])
        create_tables(connection)
        log.info("made the tables of version %d in %s", VERSION, url, extra=facts(schema_version=VERSION))
    elif version > VERSION:
        raise SchemaMismatch(url, str(version), str(VERSION), "install a newer sot")
    elif not create:
        raise SchemaMismatch(url, str(version), str(VERSION), "open it with create=True to migrate it")
    else:
        migrate(connection, url, version)
        log.info(
            "migrated %s from version %d to %d", url, version, VERSION,
            extra=facts(schema_version=VERSION, from_version=version),
        )  # fmt: skip


def stored_version(connection: Connection) -> int | None:
    """Return the version of the schema; None if there is none, or another program has a table of that name."""
    try:
        columns = {column["name"] for column in inspect(connection).get_columns("sot_schema")}
    except NoSuchTableError:
        return None
    if "version" not in columns:
        return None
    version: object = connection.execute(select(SchemaRow.version)).scalar()
    return version if isinstance(version, int) else None


def _check_names_are_free(connection: Connection, url: str, names: Iterable[str], version: str = "none") -> None:
    inspector = inspect(connection)
    # Views count too: `create_all` takes a view for the table, and would not create the table.
    taken = sorted(name for name in names if inspector.has_table(name))
    if taken:
        hint = f"table {taken[0]} belongs to something else; use another database or schema"
        raise SchemaMismatch(url, version, str(VERSION), hint)


def _view_names(connection: Connection) -> Sequence[str]:
    return [view.name for view in views.views(connection.dialect.name)]


def create_tables(connection: Connection) -> None:
    """Create all tables, triggers and views."""
    metadata.create_all(connection)
    views.create_views(connection)
    connection.execute(_schema.insert(), [{"version": VERSION}])
    connection.execute(revisions.insert(), [{"version_num": revision_of(VERSION)}])


def migrate(connection: Connection, url: str, version: int) -> None:
    """Migrate an older schema with the revisions of `migrations`, in the connection's transaction.

    Derived rows are made again from the facts. Each order and position that differs is logged as a warning.
    """
    if find_spec("alembic") is None:
        raise MissingExtra("migrations", f"migrating store {url} from version {version} to {VERSION}")
    if version < _VIEWS_SINCE:
        _check_names_are_free(connection, url, _view_names(connection), str(version))
    # The first revision does not create the tables that have the version.
    metadata.create_all(connection, tables=[_schema, revisions])
    _lock_tables(connection)
    before = read_derived_rows(connection) if version >= _LISTS_CHANGES_SINCE else None
    views.drop_views(connection)
    run_revisions(connection)
    views.create_views(connection)
    connection.execute(_schema.delete())
    connection.execute(_schema.insert(), [{"version": VERSION}])
    if version >= _SAME_PROJECTIONS_SINCE:
        return
    with Session(bind=connection, join_transaction_mode="rollback_only") as session:
        unit_of_work = SqlAlchemyUnitOfWork(session)
        rebuild_within(unit_of_work)
        unit_of_work.commit()
    if before is not None:
        for change in changes(before, read_derived_rows(connection)):
            log.warning(
                "migration of %s to version %d changed %s", url, VERSION, change, extra=facts(schema_version=VERSION)
            )


def _lock_tables(connection: Connection) -> None:
    """Wait for transactions of other programs, and keep new ones out until the migration ends, on PostgreSQL."""
    if connection.dialect.name == "postgresql":
        known = set(inspect(connection).get_table_names())
        names = ", ".join(table.fullname for table in metadata.sorted_tables if table.name in known)
        connection.execute(text(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE"))
