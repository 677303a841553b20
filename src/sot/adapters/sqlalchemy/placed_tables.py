"""The tables of each place, and statements about them.

The models describe the tables of the default place, and every statement is written with them. For another place the
tables are copied once, with other names, and each statement is copied with these tables in it.
"""

from collections.abc import Mapping
from functools import cache, lru_cache
from operator import attrgetter
from threading import RLock
from typing import Any, TypeVar, cast

from sqlalchemy import (
    Alias,
    CheckConstraint,
    Column,
    Constraint,
    Dialect,
    ForeignKeyConstraint,
    FromClause,
    Identity,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    UniqueConstraint,
)
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import ClauseElement, conv

from sot.adapters.sqlalchemy import triggers
from sot.adapters.sqlalchemy.models import add_finite_constraints, metadata
from sot.adapters.sqlalchemy.place import Place, place_at

S = TypeVar("S", bound=ClauseElement)


def tables(*, schema: str | None = None, prefix: str = "") -> Mapping[str, Table]:
    """Return the tables of a place, by the names that they have without a schema and a prefix.

    For an application's own queries: `tables(prefix="sot_")["orders"].c.status`.

    Args:
        schema: The schema of the tables on PostgreSQL; None is the connection's default.
        prefix: What the names of the tables begin with.

    Raises:
        InvalidInput: One is no plain name in small letters, or too long.
    """
    return tables_at(place_at(schema, prefix))


def metadata_at(place: Place) -> MetaData:
    """Return the tables of a place, with their triggers."""
    if place.is_default:
        return metadata
    with _copying:
        return _copied_once(place)


_copying = RLock()
"""Held while tables are copied: a cache does not keep threads from making two copies, which must not mix."""


@cache
def _copied_once(place: Place) -> MetaData:
    return copied_metadata(place)


@cache
def tables_at(place: Place) -> Mapping[str, Table]:
    """Return the tables of a place by their names in the default place."""
    return {place.default_name(table.name): table for table in metadata_at(place).sorted_tables}


def copied_metadata(place: Place) -> MetaData:
    """Return a copy of the models' tables as they are in a place."""
    copies = MetaData()
    for table in metadata.sorted_tables:
        _copy(table, copies, place)
    triggers.attach(copies, place)
    return copies


def _copy(table: Table, target: MetaData, place: Place) -> None:
    copy = Table(place.name(table.name), target, *map(_column, table.columns), schema=place.schema, **table.kwargs)
    # In the models' order, which frozen statements of migrations have, too: SQLite keeps the text of the statement.
    for constraint in sorted(table.constraints, key=attrgetter("_creation_order")):
        _copy_constraint(constraint, copy, place)
    add_finite_constraints(copy, lambda name: _name(place, f"ck_{table.name}_{name}"))
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        Index(_name(place, index.name), *(copy.c[column.name] for column in index.columns), **index.kwargs)


def _name(place: Place, default: object) -> conv:
    """The name of a constraint or an index, which SQLAlchemy may shorten for PostgreSQL."""
    return conv(place.name(str(default)))


def _column(column: Column[Any]) -> Column[Any]:
    identity = () if column.identity is None else (Identity(),)
    return Column(
        column.name,
        column.type,
        *identity,
        primary_key=column.primary_key,
        nullable=column.nullable,
        autoincrement=column.autoincrement,
    )


def _copy_constraint(constraint: Constraint, copy: Table, place: Place) -> None:
    name = _name(place, constraint.name)
    if isinstance(constraint, PrimaryKeyConstraint):
        copy.primary_key.name = name
    elif isinstance(constraint, UniqueConstraint):
        copy.append_constraint(UniqueConstraint(*(column.name for column in constraint.columns), name=name))
    elif isinstance(constraint, ForeignKeyConstraint):
        referred = _key(place, constraint.referred_table.name)
        columns = [f"{referred}.{element.column.name}" for element in constraint.elements]
        copy.append_constraint(ForeignKeyConstraint(constraint.column_keys, columns, name=name))
    else:
        assert isinstance(constraint, CheckConstraint), constraint  # `add_finite_constraints` makes these


def _key(place: Place, default: str) -> str:
    name = place.name(default)
    return name if place.schema is None else f"{place.schema}.{name}"


def part_names(place: Place, dialect: Dialect) -> Mapping[str, str]:
    """Return the names of constraints and indexes in a place, by those in the default place, as a database has them.

    PostgreSQL has some of them shortened.
    """
    own = _shown_names(metadata_at(place), dialect)
    return {shown: own[place.name(name)] for name, shown in _shown_names(metadata, dialect).items()}


def _shown_names(tables: MetaData, dialect: Dialect) -> Mapping[str, str]:
    shown = dialect.identifier_preparer
    names: dict[str, str] = {}
    for table in tables.sorted_tables:
        names.update(
            (str(constraint.name), str(shown.format_constraint(constraint))) for constraint in table.constraints
        )
        names.update((str(index.name), shown.format_index(index)) for index in table.indexes)
    return names


def placed(statement: S, place: Place) -> S:
    """Return a statement about the models' tables as one about the tables of a place."""
    if place.is_default:
        return statement
    with _copying:
        return cast("S", _placed(statement, place))


@lru_cache(maxsize=256)  # for the statements that are made once; others are written for one use
def _placed(statement: ClauseElement, place: Place) -> Any:
    def replace(element: Any, **_: Any) -> Any:
        if not isinstance(element, Column):
            return _source_at(element, place) if isinstance(element, (Table, Alias)) else None
        source = _source_at(element.table, place)
        return None if source is None else source.c[element.key]

    return visitors.replacement_traverse(statement, {}, replace)


@lru_cache(maxsize=256)
def _source_at(source: Any, place: Place) -> FromClause | None:
    """Return the table of a place for one of the models, or an alias of it for an alias; None for anything else."""
    if isinstance(source, Table):
        return tables_at(place)[source.name] if source.metadata is metadata else None
    table = _source_at(source.element, place) if isinstance(source, Alias) else None
    return None if table is None else table.alias(source.name)
