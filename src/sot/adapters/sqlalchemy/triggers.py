"""Triggers with which the database refuses to change or delete facts.

Idempotency records are as append-only as facts. API keys are too, except that they can be revoked.
"""

from collections.abc import Sequence

from sqlalchemy import DDL, PrimaryKeyConstraint, Table, UniqueConstraint, event

from sot.adapters.sqlalchemy.models import API_KEYS, FACTS, IDEMPOTENCY_RECORDS, metadata

REFUSAL = "sot: facts are append-only"
TAKEN = "sot: this key is taken"

FUNCTION_NAME = "sot_append_only"
FUNCTION_BODY = f"""
BEGIN
    RAISE EXCEPTION '{REFUSAL}: % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END """
_FUNCTION = f"CREATE OR REPLACE FUNCTION {FUNCTION_NAME}() RETURNS trigger LANGUAGE plpgsql AS $${FUNCTION_BODY}$$"

APPEND_ONLY = (*FACTS, IDEMPOTENCY_RECORDS, API_KEYS)
"""The tables with triggers."""


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


def sqlite_triggers(table: Table) -> Sequence[str]:
    """Return the statements that make a table append-only on SQLite.

    INSERT OR REPLACE deletes rows without firing a delete trigger, unless `recursive_triggers` is on. So every unique
    key is checked, and the row id that an INSERT may choose.
    """
    name = table.name
    taken = [
        "EXISTS (SELECT 1 FROM {} WHERE {})".format(
            name, " AND ".join(f"{column} = NEW.{column}" for column in columns)
        )
        for columns in _unique_keys(table)
    ]
    taken.append(f"EXISTS (SELECT 1 FROM {name} WHERE rowid = NEW.rowid)")
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}: {name}'); END"
    when = f"WHEN {_changes_more_than_revocation('sqlite')} " if table is API_KEYS else ""
    return [
        f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} {when}{refuse}",
        f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} {refuse}",
        (
            f"CREATE TRIGGER {name}_no_replace BEFORE INSERT ON {name} WHEN {' OR '.join(taken)} "
            f"BEGIN SELECT RAISE(ABORT, '{TAKEN}: {name}'); END"
        ),
    ]


def postgresql_definitions(table: Table) -> Sequence[tuple[str, str]]:
    """Return the triggers of a table on PostgreSQL: the name of each, and the statement that creates it."""
    if table not in APPEND_ONLY:
        return ()
    name = table.name
    triggers = [
        (f"{name}_no_change", f"BEFORE UPDATE OR DELETE ON {name} FOR EACH ROW"),
        (f"{name}_no_truncate", f"BEFORE TRUNCATE ON {name} FOR EACH STATEMENT"),
    ]
    if table is API_KEYS:
        unless_revocation = f"FOR EACH ROW WHEN ({_changes_more_than_revocation('postgresql')})"
        triggers[:1] = [
            (f"{name}_no_update", f"BEFORE UPDATE ON {name} {unless_revocation}"),
            (f"{name}_no_delete", f"BEFORE DELETE ON {name} FOR EACH ROW"),
        ]
    return [
        (trigger, f"CREATE TRIGGER {trigger} {when} EXECUTE FUNCTION {FUNCTION_NAME}()") for trigger, when in triggers
    ]


def postgresql_triggers(table: Table) -> Sequence[str]:
    """Return the statements that make a table append-only on PostgreSQL, in replica mode too."""
    statements = []
    for trigger, statement in postgresql_definitions(table):
        statements.append(statement)
        statements.append(f"ALTER TABLE {table.name} ENABLE ALWAYS TRIGGER {trigger}")
    return statements


def _ddl(statement: str) -> DDL:
    return DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]


event.listen(metadata, "before_create", _ddl(_FUNCTION).execute_if(dialect="postgresql"))
for _table in APPEND_ONLY:
    for _statement in sqlite_triggers(_table):
        event.listen(_table, "after_create", _ddl(_statement).execute_if(dialect="sqlite"))
    for _statement in postgresql_triggers(_table):
        event.listen(_table, "after_create", _ddl(_statement).execute_if(dialect="postgresql"))
