"""Which schema a database has, and whether units of work can begin with it."""

import weakref
from threading import Lock

from sqlalchemy import Connection, Engine, Pool, Transaction, inspect, select, text
from sqlalchemy.exc import NoSuchTableError

from sot.adapters.sqlalchemy import triggers
from sot.adapters.sqlalchemy.errors import raise_translated, shown_url
from sot.adapters.sqlalchemy.link import Link
from sot.adapters.sqlalchemy.models import VERSION, SchemaRow
from sot.adapters.sqlalchemy.other_servers import check_server
from sot.adapters.sqlalchemy.place import Place
from sot.adapters.sqlalchemy.placed_tables import placed, tables_at
from sot.adapters.sqlalchemy.postgresql_structure import OWN_TABLES, own_tables
from sot.domain.values.errors import SchemaMismatch

_versions_seen: "weakref.WeakKeyDictionary[Pool, set[Place]]" = weakref.WeakKeyDictionary()
_triggers_seen: "weakref.WeakKeyDictionary[Pool, set[Place]]" = weakref.WeakKeyDictionary()
"""The places in which the connections of a pool have found a schema of this version, and its triggers."""
_preparing: "weakref.WeakSet[Transaction]" = weakref.WeakSet()
"""Transactions that made or migrated tables: what is seen within them may be rolled back."""
_lock = Lock()
_SQLITE_TRIGGERS = text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
_POSTGRESQL_TRIGGERS = text(
    f"SELECT t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE {OWN_TABLES} AND t.tgenabled <> 'D'"
)


def stored_version(connection: Connection, place: Place) -> int | None:
    """Return the version of the schema; None if there is none, or another program has a table of that name.

    Raises:
        InvalidInput: The server is none that the store knows.
    """
    check_server(connection)
    table = SchemaRow.__tablename__
    try:
        columns = {column["name"] for column in inspect(connection).get_columns(place.name(table), schema=place.schema)}
    except NoSuchTableError:
        return None
    if "version" not in columns:
        return None
    version: object = connection.execute(placed(select(SchemaRow.version), place)).scalar()
    return version if isinstance(version, int) else None


def check_version(link: Link, place: Place) -> None:
    """Check that the tables of a place are there, in this version; the database is asked once per engine.

    Raises:
        InvalidInput: The place is none of this database.
        SchemaMismatch: They are missing, or of another version.
    """
    if _is_seen(_versions_seen, link.pool, place):
        return
    connection = link.connection
    place.check_database(connection.dialect.name)
    url = shown_url(connection.engine.url)
    try:
        version = stored_version(connection, place)
    except Exception as error:
        raise_translated(error, url)
    if version is None:
        raise SchemaMismatch(url, "none", str(VERSION), f"make its tables with {_call(place)}")
    if version > VERSION:
        raise SchemaMismatch(url, str(version), str(VERSION), "install a newer sot")
    if version < VERSION:
        raise SchemaMismatch(url, str(version), str(VERSION), f"migrate its tables with {_call(place)}")
    _note_committed(_versions_seen, connection, place)


def check_triggers(link: Link, place: Place) -> None:
    """Check that the tables of a place have their triggers; the database is asked once per engine.

    Raises:
        SchemaMismatch: Facts could be changed.
    """
    if _is_seen(_triggers_seen, link.pool, place):
        return
    connection = link.connection
    missing = sorted(_expected_triggers(connection, place) - _triggers(connection, place))
    if missing:
        hint = f"but trigger {missing[0]} is missing, so that facts could be changed: make tables with {_call(place)}"
        raise SchemaMismatch(shown_url(connection.engine.url), str(VERSION), str(VERSION), hint)
    _note_committed(_triggers_seen, connection, place)


def note_preparing(connection: Connection) -> None:
    """Note that the transaction of a connection makes or migrates tables."""
    transaction = connection.get_transaction()
    if transaction is not None:
        with _lock:
            _preparing.add(transaction)


def note_version(engine: Engine, place: Place) -> None:
    """Note that a place was prepared, so that the database is not asked for its version."""
    _note(_versions_seen, engine, place)


def _is_seen(seen: "weakref.WeakKeyDictionary[Pool, set[Place]]", pool: Pool, place: Place) -> bool:
    with _lock:
        return place in seen.get(pool, ())


def _note_committed(seen: "weakref.WeakKeyDictionary[Pool, set[Place]]", connection: Connection, place: Place) -> None:
    with _lock:
        is_preparing = connection.get_transaction() in _preparing
    if not is_preparing:
        _note(seen, connection.engine, place)


def _note(seen: "weakref.WeakKeyDictionary[Pool, set[Place]]", engine: Engine, place: Place) -> None:
    with _lock:
        seen.setdefault(engine.pool, set()).add(place)


def _call(place: Place) -> str:
    arguments = "".join(f", {name}={value!r}" for name, value in place.arguments().items())
    return f"sot.adapters.sqlalchemy.prepare(engine{arguments})"


def _expected_triggers(connection: Connection, place: Place) -> set[str]:
    is_sqlite = connection.dialect.name == "sqlite"
    definitions = triggers.sqlite_definitions if is_sqlite else triggers.postgresql_definitions
    return {name for table in tables_at(place).values() for name, _ in definitions(table, place)}


def _triggers(connection: Connection, place: Place) -> set[str]:
    if connection.dialect.name == "sqlite":
        return set(connection.execute(_SQLITE_TRIGGERS).scalars())
    return set(connection.execute(_POSTGRESQL_TRIGGERS, own_tables(place)).scalars())
