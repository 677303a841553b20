"""The structure of a PostgreSQL database, from its catalogs, and as the models and `triggers` make it.

PostgreSQL gives definitions back in words of its own: `_plain` removes what is not part of their meaning.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Dialect,
    ForeignKeyConstraint,
    PrimaryKeyConstraint,
    Table,
    text,
)
from sqlalchemy.schema import CreateIndex

from sot.adapters.sqlalchemy import triggers, views
from sot.adapters.sqlalchemy.place import Place
from sot.adapters.sqlalchemy.placed_tables import tables_at


def _own(names: str, *kinds: str) -> str:
    """Return the condition on `pg_class c` that a relation of some kinds is one of those that a parameter names."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    return (
        f"c.relname = ANY(:{names}) AND c.relkind IN ({listed})"
        " AND CASE WHEN CAST(:schema AS text) IS NULL THEN pg_table_is_visible(c.oid)"
        " ELSE c.relnamespace = (SELECT n.oid FROM pg_namespace n WHERE n.nspname = :schema) END"
    )


OWN_TABLES = _own("tables", "r", "p")
"""The condition on `pg_class c` that a table is one of those of `own_tables`."""

_QUERIES: Mapping[str, str] = {
    "table": f"SELECT c.relname, '' FROM pg_class c WHERE {OWN_TABLES}",
    "column": "SELECT c.relname || '.' || a.attname, concat_ws(' ', format_type(a.atttypid, a.atttypmod),"
    " CASE WHEN l.collname <> 'default' THEN 'collate ' || l.collname END, CASE WHEN a.attnotnull THEN 'not null' END,"
    " CASE WHEN a.attidentity <> '' THEN 'identity' END, CASE WHEN a.atthasdef THEN 'with a default' END)"
    " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_collation l ON l.oid = a.attcollation"
    f" WHERE {OWN_TABLES} AND a.attnum > 0 AND NOT a.attisdropped",
    "constraint": "SELECT c.relname || ' ' || o.conname, pg_get_constraintdef(o.oid, true)"
    " || CASE WHEN o.convalidated THEN '' ELSE ' not validated' END"
    " || CASE WHEN i.indisvalid AND i.indisready OR i.indexrelid IS NULL THEN '' ELSE ' without a valid index' END"
    " FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid"
    f" LEFT JOIN pg_index i ON i.indexrelid = o.conindid WHERE {OWN_TABLES} AND o.contype IN ('p', 'u', 'f', 'c')"
    " AND o.conparentid = 0",  # others are those of partitions
    "index": "SELECT x.relname, pg_get_indexdef(i.indexrelid)"
    " || CASE WHEN i.indisvalid AND i.indisready THEN '' ELSE ' not valid' END"
    " FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid"
    f" WHERE {OWN_TABLES} AND NOT EXISTS (SELECT 1 FROM pg_constraint o WHERE o.conindid = i.indexrelid"
    " AND o.contype IN ('p', 'u', 'x'))",
    "trigger": "SELECT c.relname || ' ' || t.tgname, pg_get_triggerdef(t.oid, true)"
    " || CASE t.tgenabled WHEN 'A' THEN ' always' WHEN 'D' THEN ' disabled' ELSE ' not always' END"
    f" FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE {OWN_TABLES} AND NOT t.tgisinternal",
    "trigger of a foreign key": "SELECT c.relname || ' ' || o.conname || ' ' || t.tgtype, 'disabled'"
    " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_constraint o ON o.oid = t.tgconstraint"
    f" WHERE {OWN_TABLES} AND t.tgisinternal AND t.tgenabled <> 'O'",
    "view": "SELECT c.relname, string_agg(a.attname, ' ' ORDER BY a.attnum) FROM pg_class c"
    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    f" WHERE {_own('views', 'v')} GROUP BY c.relname",
    "rule": "SELECT c.relname || ' ' || r.rulename, pg_get_ruledef(r.oid)"
    f" FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE {OWN_TABLES}",
    "row security": f"SELECT c.relname, 'enabled' FROM pg_class c WHERE {OWN_TABLES} AND c.relrowsecurity",
    "function": "SELECT p.proname, concat_ws(' ', l.lanname, p.prosrc, array_to_string(p.proconfig, ' '),"
    " CASE WHEN p.prosecdef THEN 'security definer' END)"
    " FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang"
    " WHERE p.proname = :function AND CASE WHEN CAST(:schema AS text) IS NULL THEN pg_function_is_visible(p.oid)"
    " ELSE p.pronamespace = (SELECT n.oid FROM pg_namespace n WHERE n.nspname = :schema) END",
}
"""The catalogs of each kind of part: its name and what it is."""


def own_tables(place: Place) -> Mapping[str, Any]:
    """Return the parameters of `OWN_TABLES`."""
    return {"tables": [table.name for table in tables_at(place).values()], "schema": place.schema}


def stored(connection: Connection, place: Place) -> Mapping[str, str]:
    """Return the structure of the tables of a place."""
    own_views = [place.name(view.name) for view in views.views("postgresql", place)]
    parameters = {**own_tables(place), "views": own_views, "function": place.name(triggers.FUNCTION_NAME)}
    return {
        f"{kind} {name}": _plain(description, place)
        for kind, query in _QUERIES.items()
        for name, description in connection.execute(text(query), parameters)
    }


def expected(dialect: Dialect, place: Place) -> Mapping[str, str]:
    """Return the structure that the models and the triggers make."""
    function = place.name(triggers.FUNCTION_NAME)
    parts: dict[str, str] = {f"function {function}": f"plpgsql {triggers.FUNCTION_BODY}"}
    for view in views.views("postgresql", place):
        parts[f"view {place.name(view.name)}"] = " ".join(view.columns)
    for table in tables_at(place).values():
        parts[f"table {table.name}"] = ""
        for column in table.columns:
            parts[f"column {table.name}.{column.name}"] = _column(column, dialect)
        for name, definition in _constraints(table, dialect):
            parts[f"constraint {table.name} {name}"] = definition
        for index in table.indexes:
            name = dialect.identifier_preparer.format_index(index)
            parts[f"index {name}"] = str(CreateIndex(index).compile(dialect=dialect))
        for name, statement in triggers.postgresql_definitions(table, place):
            parts[f"trigger {table.name} {name}"] = f"{statement} always"
    return {part: _plain(description, place) for part, description in parts.items()}


def _column(column: Column[object], dialect: Dialect) -> str:
    parts = [column.type.compile(dialect=dialect)]
    if not column.nullable:
        parts.append("not null")
    if column.identity is not None:
        parts.append("identity")
    return " ".join(parts).replace("VARCHAR", "character varying")


def _constraints(table: Table, dialect: Dialect) -> Iterator[tuple[str, str]]:
    format_name = dialect.identifier_preparer.format_constraint
    for constraint in table.constraints:
        name = str(format_name(constraint)).strip('"')
        if isinstance(constraint, CheckConstraint):
            yield name, f"check {constraint.sqltext}"
            continue
        columns = ", ".join(column.name for column in getattr(constraint, "columns", ()))
        if isinstance(constraint, ForeignKeyConstraint):
            referred = ", ".join(element.column.name for element in constraint.elements)
            yield name, f"foreign key {columns} references {constraint.referred_table.name} {referred}"
        else:
            kind = "primary key" if isinstance(constraint, PrimaryKeyConstraint) else "unique"
            yield name, f"{kind} {columns}"


def _plain(definition: str, place: Place) -> str:
    """Return a definition without what PostgreSQL adds to it: casts, quotes, parentheses, and an order of its own.

    It names the schema of what is not on the search path.
    """
    plain = re.sub(r'::\w+| using btree|["()]', " ", definition, flags=re.IGNORECASE)
    if place.schema is not None:
        # Elsewhere the same word may be a row, as in `new.id`, for a schema named so.
        plain = re.sub(rf"(?i:\b(on|references|function))\s+{place.schema}\s*\.\s*", r"\1 ", plain)
    plain = re.sub(r"\bon (?:only )?\w+\.(\w+)", r"on \1", plain, flags=re.IGNORECASE)
    plain = re.sub(r"\s+", " ", plain.replace(",", " , ")).strip().lower()
    return re.sub(r"\bbefore (.+?) on ", lambda found: f"before {_sorted_events(found[1])} on ", plain)


def _sorted_events(events: str) -> str:
    return " or ".join(sorted(events.split(" or ")))
