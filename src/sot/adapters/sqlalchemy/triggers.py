"""Triggers with which the database refuses to change or delete facts.

Idempotency records are as append-only as facts. API keys are too, except that they can be revoked.
"""

from collections.abc import Iterator, Sequence

from sqlalchemy import DDL, MetaData, PrimaryKeyConstraint, Table, UniqueConstraint, event

from sot.adapters.sqlalchemy.models import API_KEYS, FACTS, IDEMPOTENCY_RECORDS, metadata
from sot.adapters.sqlalchemy.place import DEFAULT, Place

REFUSAL = "sot: facts are append-only"
TAKEN = "sot: this key is taken"

FUNCTION_NAME = "sot_append_only"
FUNCTION_BODY = f"""
BEGIN
    RAISE EXCEPTION '{REFUSAL}: % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END """
_NO_TRUNCATE = "_no_truncate"
APPEND_ONLY = frozenset(table.name for table in (*FACTS, IDEMPOTENCY_RECORDS, API_KEYS))
"""The tables with triggers, by their names in the default place."""


def _unique_keys(table: Table) -> list[list[str]]:
    return sorted(
        [column.name for column in constraint.columns]
        for constraint in table.constraints
        if isinstance(constraint, (PrimaryKeyConstraint, UniqueConstraint))
    )


def _changes_more_than_revocation(dialect: str) -> str:
    """Return the condition that an UPDATE of an API key is not its first revocation."""
    differ = "IS NOT" if dialect == "sqlite" else "IS DISTINCT FROM"
    fixed = [column.name for column in API_KEYS.columns if column.name != "revoked_at"]
    if dialect == "sqlite":
        fixed.append("rowid")  # with which UPDATE OR REPLACE would replace one row by another
    changes = [f"NEW.{name} {differ} OLD.{name}" for name in fixed]
    return " OR ".join(["OLD.revoked_at IS NOT NULL", *changes])


def sqlite_definitions(table: Table, place: Place) -> Sequence[tuple[str, str]]:
    """Return the triggers of a table on SQLite: the name of each, and the statement that creates it.

    INSERT OR REPLACE deletes rows without firing a delete trigger, unless `recursive_triggers` is on. So every unique
    key is checked, and the row id that an INSERT may choose.
    """
    if place.default_name(table.name) not in APPEND_ONLY:
        return ()
    name = table.name
    taken = [
        "EXISTS (SELECT 1 FROM {} WHERE {})".format(
            name, " AND ".join(f"{column} = NEW.{column}" for column in columns)
        )
        for columns in _unique_keys(table)
    ]
    taken.append(f"EXISTS (SELECT 1 FROM {name} WHERE rowid = NEW.rowid)")
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}: {name}'); END"
    when = f"WHEN {_changes_more_than_revocation('sqlite')} " if _has_api_keys(table, place) else ""
    triggers = [
        (f"{name}_no_update", f"BEFORE UPDATE ON {name} {when}{refuse}"),
        (f"{name}_no_delete", f"BEFORE DELETE ON {name} {refuse}"),
        (
            f"{name}_no_replace",
            f"BEFORE INSERT ON {name} WHEN {' OR '.join(taken)} BEGIN SELECT RAISE(ABORT, '{TAKEN}: {name}'); END",
        ),
    ]
    return [(trigger, f"CREATE TRIGGER {trigger} {when}") for trigger, when in triggers]


def postgresql_definitions(table: Table, place: Place) -> Sequence[tuple[str, str]]:
    """Return the triggers of a table on PostgreSQL: the name of each, and the statement that creates it."""
    default_name = place.default_name(table.name)
    if default_name not in APPEND_ONLY:
        return ()
    name, qualified = table.name, place.qualified(default_name)
    triggers = [
        (f"{name}_no_change", f"BEFORE UPDATE OR DELETE ON {qualified} FOR EACH ROW"),
        (f"{name}{_NO_TRUNCATE}", f"BEFORE TRUNCATE ON {qualified} FOR EACH STATEMENT"),
    ]
    if _has_api_keys(table, place):
        unless_revocation = f"FOR EACH ROW WHEN ({_changes_more_than_revocation('postgresql')})"
        triggers[:1] = [
            (f"{name}_no_update", f"BEFORE UPDATE ON {qualified} {unless_revocation}"),
            (f"{name}_no_delete", f"BEFORE DELETE ON {qualified} FOR EACH ROW"),
        ]
    function = place.qualified(FUNCTION_NAME)
    return [(trigger, f"CREATE TRIGGER {trigger} {when} EXECUTE FUNCTION {function}()") for trigger, when in triggers]


def truncate_statements(table: Table, place: Place, partition: str) -> Iterator[str]:
    """Yield the statements with which a partition of a table, too, refuses TRUNCATE on PostgreSQL."""
    for trigger, statement in postgresql_definitions(table, place):
        if trigger.endswith(_NO_TRUNCATE):
            yield statement.replace(f" ON {place.qualified(place.default_name(table.name))} ", f" ON {partition} ")
            yield f"ALTER TABLE {partition} ENABLE ALWAYS TRIGGER {trigger}"


def _has_api_keys(table: Table, place: Place) -> bool:
    return place.default_name(table.name) == API_KEYS.name


def _postgresql_statements(table: Table, place: Place) -> Iterator[str]:
    """The statements that make a table append-only on PostgreSQL, in replica mode too."""
    for trigger, statement in postgresql_definitions(table, place):
        yield statement
        yield f"ALTER TABLE {place.qualified(place.default_name(table.name))} ENABLE ALWAYS TRIGGER {trigger}"


def ddl(statement: str) -> DDL:
    """Return a statement as it is."""
    return DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]


def attach(tables: MetaData, place: Place) -> None:
    """Let tables be created with their triggers."""
    function = (
        f"CREATE OR REPLACE FUNCTION {place.qualified(FUNCTION_NAME)}() RETURNS trigger LANGUAGE plpgsql"
        f" AS $${FUNCTION_BODY}$$"
    )
    event.listen(tables, "before_create", ddl(function).execute_if(dialect="postgresql"))
    for table in tables.tables.values():
        for _, statement in sqlite_definitions(table, place):
            event.listen(table, "after_create", ddl(statement).execute_if(dialect="sqlite"))
        for statement in _postgresql_statements(table, place):
            event.listen(table, "after_create", ddl(statement).execute_if(dialect="postgresql"))


attach(metadata, DEFAULT)
