"""Options of Alembic's `context.configure` that keep autogenerate away from the tables of `sot`."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from attrs import frozen
from sqlalchemy import MetaData, Table

from sot.adapters.sqlalchemy.place import Place, place_at
from sot.adapters.sqlalchemy.placed_tables import tables_at
from sot.adapters.sqlalchemy.triggers import FUNCTION_NAME
from sot.adapters.sqlalchemy.views import views
from sot.domain.values.errors import InvalidInput

OPTION = "sot"
"""The option in which Alembic keeps the databases' `Guest`s for `autogenerate`."""


@frozen
class Guest:
    """The tables of `sot` in one place of the application's database.

    Attributes:
        place: Where they are.
        migrate: Whether the application's revisions make and migrate them.
    """

    place: Place
    migrate: bool


def with_sot(*, migrate: bool = False, schema: str | None = None, prefix: str = "", **options: Any) -> dict[str, Any]:
    """Return options of Alembic's `context.configure`, with what the tables of `sot` need.

    Autogenerate, and `alembic check`, do not see the tables and views of `sot`, nor what belongs to them.
    Filters that the options have already (`include_name`, `include_object`) are asked about everything else.

    Example, in `env.py`:
        `context.configure(**with_sot(connection=connection, target_metadata=target_metadata, migrate=True))`

    Args:
        migrate: Whether autogenerate writes `op.upgrade_sot` into a revision when the database has no schema of `sot`,
            or an older one. If false, the application makes the tables in another way, such as `SqlAlchemyStore.open`.
        schema: The schema of the tables on PostgreSQL; None is the connection's default.
        prefix: What the names of the tables begin with.
        **options: The options of `context.configure`.

    Returns:
        The options to configure with.

    Raises:
        InvalidInput: `schema` or `prefix` is none, or `target_metadata` has another table with the name, and in the
            schema, of one of `sot`.
    """
    if not isinstance(migrate, bool):
        raise InvalidInput("migrate", migrate, "True or False")
    guest = Guest(place_at(schema, prefix), migrate)
    default_schema = _default_schema(options.get("connection"))
    _check_names_are_free(options.get("target_metadata"), guest.place, default_schema)
    return {
        **options,
        "include_name": _name_filter(guest.place, default_schema, options.get("include_name")),
        "include_object": _object_filter(guest.place, default_schema, options.get("include_object")),
        OPTION: (*options.get(OPTION, ()), guest),
    }


def _default_schema(connection: Any) -> str | None:
    """The name of the connection's default schema, which an application may spell out; None if it is not known."""
    name: str | None = None if connection is None else connection.dialect.default_schema_name
    return name


def _check_names_are_free(target: MetaData | Sequence[MetaData] | None, place: Place, default: str | None) -> None:
    for table in _tables(target):
        if _has_table(place, table.schema, table.name, default) and not _is_like_ours(table, place):
            allowed = f"{table.name} another name or schema: sot has a table of that name"
            raise InvalidInput("target_metadata", table.fullname, allowed)


def _tables(target: MetaData | Sequence[MetaData] | None) -> Iterator[Table]:
    for metadata in [target] if isinstance(target, MetaData) else target or ():
        yield from metadata.tables.values()


def _has_table(place: Place, schema: str | None, name: str | None, default: str | None) -> bool:
    """Whether a table is one of `sot` in a place; a schema of None is the connection's default."""
    return _without_default(schema, default) == _without_default(place.schema, default) and name in _names(place)


def _names(place: Place) -> Collection[str]:
    return {place.name(name) for name in tables_at(place)}


def _is_like_ours(table: Table, place: Place) -> bool:
    """Whether a table is one of `sot`, or the application's copy of it."""
    return table.columns.keys() == tables_at(place)[place.default_name(table.name)].columns.keys()


def _name_filter(place: Place, default: str | None, others: Callable[..., bool] | None) -> Callable[..., bool]:
    def include_name(name: str | None, type_: str, parent_names: Mapping[str, str | None]) -> bool:
        if type_ == "table" and _has_table(place, parent_names.get("schema_name"), name, default):
            return False
        return others is None or others(name, type_, parent_names)

    return include_name


def _object_filter(place: Place, default: str | None, others: Callable[..., bool] | None) -> Callable[..., bool]:
    def include_object(item: Any, name: str | None, type_: str, reflected: bool, compare_to: Any) -> bool:
        schema, table = _table_of(item, type_)
        is_ours = _has_table(place, schema, table, default) or _has_view(place, default, item, name, type_)
        if is_ours or _is_our_function(place, name, type_):
            return False
        return others is None or others(item, name, type_, reflected, compare_to)

    return include_object


def _table_of(item: Any, type_: str) -> tuple[str | None, str | None]:
    """The schema and name of the table that an item is, or belongs to.

    Items that extensions of Alembic compare, such as the triggers and grants of alembic_utils, name it as text.
    """
    if isinstance(item, Table):
        return item.schema, item.name
    named = getattr(item, "on_entity", None) or getattr(item, "table", None)
    if not isinstance(named, str):
        return None, None
    schema, _, table = named.replace('"', "").rpartition(".")
    return schema or getattr(item, "schema", None), table


def _has_view(place: Place, default: str | None, item: Any, name: str | None, type_: str) -> bool:
    """Whether an item is one of the views, which extensions name as `schema.view`."""
    if type_ != "view":
        return False
    schema, _, view = (name or "").replace('"', "").rpartition(".")
    schema = getattr(item, "schema", None) or schema
    if _without_default(schema or None, default) != _without_default(place.schema, default):
        return False
    return view in {place.name(own.name) for own in views("postgresql", place)}


def _is_our_function(place: Place, name: str | None, type_: str) -> bool:
    """Whether an item is the function of the triggers, which extensions name as `schema.function(arguments)`."""
    return type_ == "function" and (name or "").partition("(")[0].rpartition(".")[2] == place.name(FUNCTION_NAME)


def _without_default(schema: str | None, default: str | None) -> str | None:
    return None if schema == default else schema
