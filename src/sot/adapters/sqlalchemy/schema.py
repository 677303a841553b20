"""Making the schema, checking its version, and bringing an older one up to date."""

from sqlalchemy import Connection, Engine, inspect, select, text
from sqlalchemy.exc import NoSuchTableError
from sqlalchemy.orm import Session

from sot.adapters.sqlalchemy import triggers
from sot.adapters.sqlalchemy.engine import reading
from sot.adapters.sqlalchemy.errors import shown_url, translated
from sot.adapters.sqlalchemy.models import VERSION, SchemaRow, metadata, revisions
from sot.adapters.sqlalchemy.unit_of_work import SqlAlchemyUnitOfWork
from sot.application.audit.rebuild import rebuild_within
from sot.domain.values.errors import MissingExtra, SchemaMismatch

_TRIGGERS = triggers.REFUSAL  # importing them attaches them to the tables

_schema = metadata.tables["sot_schema"]
# Any number: it only has to be the same for every process that makes this schema.
_LOCK = 7_318_349_394_477_055
_DERIVES_THE_SAME = 5
"""What is derived from facts is the same from this version on: it need not be made anew."""


def revision_of(version: int) -> str:
    """The name of the migration that leads to a version of the schema."""
    return f"{version:04d}"


def prepare(engine: Engine, create: bool = True) -> None:
    """Make the schema where there is none, and migrate an older one; with `create` false, only check it.

    One transaction does it, and other processes that open the same database wait for it.

    Raises: SchemaMismatch: made by a newer version, or by something else. MissingExtra: an older one, without Alembic.
        StoreUnavailable, StoreDamaged.
    """
    url = shown_url(engine.url)
    try:
        with reading(engine).connect() as connection:
            # Usually all is well, and nobody who is writing has to be waited for.
            if stored_version(connection) == VERSION:
                return
        with engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            _prepare(connection, url, create)
    except Exception as error:
        meant = translated(error, url)
        if meant is None or meant is error:
            raise
        raise meant from error


def _prepare(connection: Connection, url: str, create: bool) -> None:
    found = stored_version(connection)
    if found == VERSION:
        return
    if found is None:
        if not create:
            raise SchemaMismatch(url, "none", str(VERSION), "open it with create=True to make it")
        _refuse_strangers(connection, url)
        make(connection)
    elif found > VERSION:
        raise SchemaMismatch(url, str(found), str(VERSION), "install a newer sot")
    elif not create:
        raise SchemaMismatch(url, str(found), str(VERSION), "open it with create=True to migrate it")
    else:
        migrate(connection, url, found)


def stored_version(connection: Connection) -> int | None:
    """The version of the schema that is there; None if there is none, or a table of that name is something else's."""
    try:
        columns = {column["name"] for column in inspect(connection).get_columns("sot_schema")}
    except NoSuchTableError:
        return None
    if "version" not in columns:
        return None
    version: object = connection.execute(select(SchemaRow.version)).scalar()
    return version if isinstance(version, int) else None


def _refuse_strangers(connection: Connection, url: str) -> None:
    inspector = inspect(connection)
    # Views count too: `create_all` takes one for the table, and would go on without it.
    taken = sorted(name for name in metadata.tables if inspector.has_table(name))
    if taken:
        hint = f"table {taken[0]} belongs to something else; use another database or schema"
        raise SchemaMismatch(url, "none", str(VERSION), hint)


def make(connection: Connection) -> None:
    """Make every table and trigger, directly from the models."""
    metadata.create_all(connection)
    connection.execute(_schema.insert(), [{"version": VERSION}])
    connection.execute(revisions.insert(), [{"version_num": revision_of(VERSION)}])


def migrate(connection: Connection, url: str, found: int) -> None:
    """Bring an older schema up to date with Alembic, in the connection's transaction."""
    try:
        from alembic import command
        from alembic.config import Config
    except ModuleNotFoundError as error:
        raise MissingExtra("migrations", f"migrating store {url} from version {found} to {VERSION}") from error
    config = Config()
    config.set_main_option("script_location", "sot.adapters.sqlalchemy:migrations")
    config.attributes["connection"] = connection
    # The tables that tell the version are there already, or are made now; a revision brings all others.
    metadata.create_all(connection, tables=[_schema, revisions])
    command.upgrade(config, "head")
    connection.execute(_schema.delete())
    connection.execute(_schema.insert(), [{"version": VERSION}])
    if found >= _DERIVES_THE_SAME:
        return
    with Session(bind=connection, join_transaction_mode="rollback_only") as session:
        unit_of_work = SqlAlchemyUnitOfWork(session)
        rebuild_within(unit_of_work)  # what was not derived before
        unit_of_work.commit()
