"""Triggers that keep facts as they are: the database itself refuses to change or to remove them.

Recorded answers are kept as facts are. Keys of the API are too, but for one thing: that they are revoked.
"""

from collections.abc import Sequence

from sqlalchemy import DDL, PrimaryKeyConstraint, Table, UniqueConstraint, event

from sot.adapters.sqlalchemy.models import API_KEYS, FACTS, IDEMPOTENCY_RECORDS, metadata

REFUSAL = "sot: facts are append-only"
TAKEN = "sot: this key is taken"

_FUNCTION = f"""CREATE OR REPLACE FUNCTION sot_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{REFUSAL}: % on %', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$"""


def _keys(table: Table) -> list[list[str]]:
    found = [
        [column.name for column in constraint.columns]
        for constraint in table.constraints
        if isinstance(constraint, (PrimaryKeyConstraint, UniqueConstraint))
    ]
    return sorted(found)


def _other_than_revoking(dialect: str) -> str:
    """Whether an UPDATE does anything but revoke a key that was not."""
    differ = "IS NOT" if dialect == "sqlite" else "IS DISTINCT FROM"
    fixed = [column.name for column in API_KEYS.columns if column.name != "revoked_at"]
    if dialect == "sqlite":
        fixed.append("rowid")  # UPDATE OR REPLACE would put one row in the place of another by it
    changes = [f"NEW.{name} {differ} OLD.{name}" for name in fixed]
    return " OR ".join(["OLD.revoked_at IS NOT NULL", *changes])


def sqlite_triggers(table: Table) -> Sequence[str]:
    """The statements for a table that is only added to, on SQLite.

    INSERT OR REPLACE deletes rows without a delete trigger, unless `recursive_triggers` is on; hence the look at every
    unique key, and at the row id that an INSERT may choose.
    """
    name = table.name
    taken = [
        "EXISTS (SELECT 1 FROM {} WHERE {})".format(
            name, " AND ".join(f"{column} = NEW.{column}" for column in columns)
        )
        for columns in _keys(table)
    ]
    taken.append(f"EXISTS (SELECT 1 FROM {name} WHERE rowid = NEW.rowid)")
    refuse = f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}: {name}'); END"
    when = f"WHEN {_other_than_revoking('sqlite')} " if table is API_KEYS else ""
    return [
        f"CREATE TRIGGER {name}_no_update BEFORE UPDATE ON {name} {when}{refuse}",
        f"CREATE TRIGGER {name}_no_delete BEFORE DELETE ON {name} {refuse}",
        (
            f"CREATE TRIGGER {name}_no_replace BEFORE INSERT ON {name} WHEN {' OR '.join(taken)} "
            f"BEGIN SELECT RAISE(ABORT, '{TAKEN}: {name}'); END"
        ),
    ]


def postgresql_triggers(table: Table) -> Sequence[str]:
    """The statements for a table that is only added to, on PostgreSQL; they hold in replica mode too."""
    name = table.name
    refused = [
        (f"{name}_no_change", f"BEFORE UPDATE OR DELETE ON {name} FOR EACH ROW"),
        (f"{name}_no_truncate", f"BEFORE TRUNCATE ON {name} FOR EACH STATEMENT"),
    ]
    if table is API_KEYS:
        unless_revoking = f"FOR EACH ROW WHEN ({_other_than_revoking('postgresql')})"
        refused[:1] = [
            (f"{name}_no_update", f"BEFORE UPDATE ON {name} {unless_revoking}"),
            (f"{name}_no_delete", f"BEFORE DELETE ON {name} FOR EACH ROW"),
        ]
    statements = []
    for trigger, when in refused:
        statements.append(f"CREATE TRIGGER {trigger} {when} EXECUTE FUNCTION sot_append_only()")
        statements.append(f"ALTER TABLE {name} ENABLE ALWAYS TRIGGER {trigger}")
    return statements


def _literal(statement: str) -> DDL:
    return DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]


event.listen(metadata, "before_create", _literal(_FUNCTION).execute_if(dialect="postgresql"))
for _table in (*FACTS, IDEMPOTENCY_RECORDS, API_KEYS):
    for _statement in sqlite_triggers(_table):
        event.listen(_table, "after_create", _literal(_statement).execute_if(dialect="sqlite"))
    for _statement in postgresql_triggers(_table):
        event.listen(_table, "after_create", _literal(_statement).execute_if(dialect="postgresql"))
