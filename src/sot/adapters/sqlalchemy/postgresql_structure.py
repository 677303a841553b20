"""The structure of a PostgreSQL database, from its catalogs, and as the models and `triggers` make it.

PostgreSQL gives definitions back in words of its own: `_plain` removes what is not part of their meaning.
"""

import re
from collections.abc import Iterator, Mapping

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
from sot.adapters.sqlalchemy.models import metadata

_OWN_TABLES = "c.relname = ANY(:tables) AND c.relkind IN ('r', 'p') AND pg_table_is_visible(c.oid)"

_QUERIES: Mapping[str, str] = {
    "table": f"SELECT c.relname, '' FROM pg_class c WHERE {_OWN_TABLES}",
    "column": "SELECT c.relname || '.' || a.attname, concat_ws(' ', format_type(a.atttypid, a.atttypmod),"
    " CASE WHEN l.collname <> 'default' THEN 'collate ' || l.collname END, CASE WHEN a.attnotnull THEN 'not null' END,"
    " CASE WHEN a.attidentity <> '' THEN 'identity' END, CASE WHEN a.atthasdef THEN 'with a default' END)"
    " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_collation l ON l.oid = a.attcollation"
    f" WHERE {_OWN_TABLES} AND a.attnum > 0 AND NOT a.attisdropped",
    "constraint": "SELECT c.relname || ' ' || o.conname, pg_get_constraintdef(o.oid, true)"
    " || CASE WHEN o.convalidated THEN '' ELSE ' not validated' END"
    " || CASE WHEN i.indisvalid AND i.indisready OR i.indexrelid IS NULL THEN '' ELSE ' without a valid index' END"
    " FROM pg_constraint o JOIN pg_class c ON c.oid = o.conrelid"
    f" LEFT JOIN pg_index i ON i.indexrelid = o.conindid WHERE {_OWN_TABLES} AND o.contype IN ('p', 'u', 'f', 'c')",
    "index": "SELECT x.relname, pg_get_indexdef(i.indexrelid)"
    " || CASE WHEN i.indisvalid AND i.indisready THEN '' ELSE ' not valid' END"
    " FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid JOIN pg_class x ON x.oid = i.indexrelid"
    f" WHERE {_OWN_TABLES} AND NOT EXISTS (SELECT 1 FROM pg_constraint o WHERE o.conindid = i.indexrelid"
    " AND o.contype IN ('p', 'u', 'x'))",
    "trigger": "SELECT c.relname || ' ' || t.tgname, pg_get_triggerdef(t.oid, true)"
    " || CASE t.tgenabled WHEN 'A' THEN ' always' WHEN 'D' THEN ' disabled' ELSE ' not always' END"
    f" FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE {_OWN_TABLES} AND NOT t.tgisinternal",
    "trigger of a foreign key": "SELECT c.relname || ' ' || o.conname || ' ' || t.tgtype, 'disabled'"
    " FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_constraint o ON o.oid = t.tgconstraint"
    f" WHERE {_OWN_TABLES} AND t.tgisinternal AND t.tgenabled <> 'O'",
    "view": "SELECT c.relname, string_agg(a.attname, ' ' ORDER BY a.attnum) FROM pg_class c"
    " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
    " WHERE c.relname = ANY(:views) AND c.relkind = 'v' AND pg_table_is_visible(c.oid) GROUP BY c.relname",
    "rule": "SELECT c.relname || ' ' || r.rulename, pg_get_ruledef(r.oid)"
    f" FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE {_OWN_TABLES}",
    "row security": f"SELECT c.relname, 'enabled' FROM pg_class c WHERE {_OWN_TABLES} AND c.relrowsecurity",
    "function": "SELECT p.proname, concat_ws(' ', l.lanname, p.prosrc, array_to_string(p.proconfig, ' '),"
    " CASE WHEN p.prosecdef THEN 'security definer' END)"
    " FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang"
    f" WHERE p.proname = '{triggers.FUNCTION_NAME}' AND pg_function_is_visible(p.oid)"
    " AND CAST(:tables AS text[]) IS NOT NULL",
}
"""The catalogs of each kind of part: its name and what it is."""


def stored(connection: Connection) -> Mapping[str, str]:
    """Return the structure of the tables of `sot` in a database."""
    names = {"tables": list(metadata.tables), "views": [view.name for view in views.views("postgresql")]}
    return {
        f"{kind} {name}": _plain(description)
        for kind, query in _QUERIES.items()
        for name, description in connection.execute(text(query), _used(query, names))
    }


def _used(query: str, names: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {kind: value for kind, value in names.items() if f":{kind}" in query}


def expected(dialect: Dialect) -> Mapping[str, str]:
    """Return the structure that the models and the triggers make."""
    parts: dict[str, str] = {f"function {triggers.FUNCTION_NAME}": f"plpgsql {triggers.FUNCTION_BODY}"}
    parts |= {f"view {view.name}": " ".join(view.columns) for view in views.views("postgresql")}
    for table in metadata.tables.values():
        parts[f"table {table.name}"] = ""
        for column in table.columns:
            parts[f"column {table.name}.{column.name}"] = _column(column, dialect)
        for name, definition in _constraints(table, dialect):
            parts[f"constraint {table.name} {name}"] = definition
        for index in table.indexes:
            parts[f"index {index.name}"] = str(CreateIndex(index).compile(dialect=dialect))
        for name, statement in triggers.postgresql_definitions(table):
            parts[f"trigger {table.name} {name}"] = f"{statement} always"
    return {part: _plain(description) for part, description in parts.items()}


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


def _plain(definition: str) -> str:
    """Return a definition without what PostgreSQL adds to it: casts, quotes, parentheses, and an order of its own."""
    plain = re.sub(r'::\w+| using btree|["()]', " ", definition, flags=re.IGNORECASE)
    plain = re.sub(r"\bon \w+\.(\w+)", r"on \1", plain, flags=re.IGNORECASE)
    plain = re.sub(r"\s+", " ", plain.replace(",", " , ")).strip().lower()
    return re.sub(r"\bbefore (.+?) on ", lambda found: f"before {_sorted_events(found[1])} on ", plain)


def _sorted_events(events: str) -> str:
    return " or ".join(sorted(events.split(" or ")))
