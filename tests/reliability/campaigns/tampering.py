"""Rows are changed, removed, added and exchanged behind the store's back, and verification finds each of it.

Each trial is a transaction that is rolled back in the end: it drops the triggers of a table, changes one thing in it,
makes the triggers again, and verifies the store against exported checkpoints.
"""

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from sot import InvalidInput
from sot.adapters.sqlalchemy import SqlAlchemyStore, SqlAlchemyUnitOfWork
from sot.adapters.sqlalchemy.models import metadata
from sot.application.audit.verification import verify_within
from sot.audit import Checkpoint, seal
from tests.reliability.campaigns.report import CampaignReport
from tests.support.tampering import record_every_table
from tests.support.unguarded import triggers_dropped

EXEMPT = {"api_keys", "idempotency_records", "sot_schema", "sot_alembic_version"}
"""Tables with no facts and nothing that is derived from them."""
EXEMPT_COLUMNS = {("orders", "version")}
"""What only counts changes."""
TABLES = {
    table.name: [column.name for column in table.columns if (table.name, column.name) not in EXEMPT_COLUMNS]
    for table in metadata.sorted_tables
    if table.name not in EXEMPT
}

Row = dict[str, Any]


@contextmanager
def recorded_store() -> Iterator[tuple[Session, list[Checkpoint]]]:
    """A session in a database with rows in every table, and the checkpoints over them."""
    intervals = {
        "sot.application.accounting.positions.SNAPSHOT_INTERVAL": 2,
        "sot.application.orders.state_snapshots.STATE_SNAPSHOT_INTERVAL": 4,
    }
    patches = [patch(name, interval) for name, interval in intervals.items()]
    with tempfile.TemporaryDirectory() as folder:
        for each in patches:
            each.start()
        url = f"sqlite:///{Path(folder)}/recorded.db"
        store = SqlAlchemyStore.open(url)
        engine = create_engine(url)
        try:
            checkpoints = record_every_table(url)
            last = store.run(seal)  # no checkpoint vouches for the positions of later facts
            assert last is not None
            checkpoints.append(last)
            with Session(engine) as session:
                yield session, checkpoints
        finally:
            engine.dispose()
            store.close()
            for each in patches:
                each.stop()


def other_value(chance: random.Random, value: Any, others: list[Any]) -> Any:
    """Another value: that of another row, nothing, or one that differs a little."""
    changed: Any = f"{value}x" if value is not None else "x"
    if isinstance(value, int):
        changed = value + chance.choice((1, -1, 1_000_000))
    elif isinstance(value, str) and value and chance.random() < 0.7:
        place = chance.randrange(len(value))
        changed = value[:place] + chance.choice("0123456789abcdefXYZ ") + value[place + 1 :]
    return chance.choice([changed, changed, None, *chance.sample(others, min(3, len(others)))])


def _where(table: str) -> str:
    return " AND ".join(f"{column.name} = :key_{column.name}" for column in metadata.tables[table].primary_key.columns)


def _key(table: str, row: Row) -> Row:
    return {f"key_{column.name}": row[column.name] for column in metadata.tables[table].primary_key.columns}


def set_value(connection: Connection, chance: random.Random, table: str, rows: list[Row]) -> str:
    """Set a column of a row."""
    row, column = chance.choice(rows), chance.choice(TABLES[table])
    new = other_value(chance, row[column], [other[column] for other in rows])
    if new == row[column]:
        return ""
    change = f"UPDATE {table} SET {column} = :new WHERE {_where(table)}"
    connection.execute(text(change), {"new": new, **_key(table, row)})
    return f"{table}.{column}: {row[column]!r} as {new!r}"


def exchange_values(connection: Connection, chance: random.Random, table: str, rows: list[Row]) -> str:
    """Exchange the values of a column between two rows."""
    if len(rows) < 2:
        return ""
    keys = {column.name for column in metadata.tables[table].primary_key.columns}
    column = chance.choice([name for name in TABLES[table] if name not in keys] or [TABLES[table][0]])
    one, other = chance.sample(rows, 2)
    if one[column] == other[column] or column in keys:
        return ""
    change = text(f"UPDATE {table} SET {column} = :new WHERE {_where(table)}")
    for row, new in ((one, other[column]), (other, one[column])):
        connection.execute(change, {"new": new, **_key(table, row)})
    return f"{table}.{column}: {one[column]!r} and {other[column]!r} exchanged"


def remove_row(connection: Connection, chance: random.Random, table: str, rows: list[Row]) -> str:
    """Remove a row."""
    row = chance.choice(rows)
    connection.execute(text(f"DELETE FROM {table} WHERE {_where(table)}"), _key(table, row))
    return f"{table}: {row} removed"


def add_row(connection: Connection, chance: random.Random, table: str, rows: list[Row]) -> str:
    """Add a copy of a row, with another key and perhaps other values."""
    row, key = dict(chance.choice(rows)), [column.name for column in metadata.tables[table].primary_key.columns]
    for column in (chance.choice(key), *chance.sample(TABLES[table], 2)):
        row[column] = other_value(chance, row[column], [other[column] for other in rows])
    places = ", ".join(f":{name}" for name in row)
    connection.execute(text(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})"), row)
    return f"{table}: {row} added"


WAYS = (set_value, set_value, set_value, exchange_values, remove_row, add_row)


def tamper(session: Session, checkpoints: list[Checkpoint], report: CampaignReport, chance: random.Random) -> None:
    """Change one thing, verify, and roll back."""
    connection = session.connection()
    connection.exec_driver_sql("BEGIN")
    table, way = chance.choice(list(TABLES)), chance.choice(WAYS)
    rows = [dict(row) for row in connection.execute(text(f"SELECT * FROM {table}")).mappings()]
    try:
        with triggers_dropped(connection.exec_driver_sql, mentioned_in=table):
            changed = way(connection, chance, table, rows) if rows else ""
        if not changed:
            return
        with report.trial(changed[:300]):
            assert _is_found(session, checkpoints), "it went unnoticed"
    except DBAPIError:
        report.counts["refused by the database"] += 1
    finally:
        session.rollback()


def _is_found(session: Session, checkpoints: list[Checkpoint]) -> bool:
    try:
        return bool(verify_within(SqlAlchemyUnitOfWork(session), checkpoints).problems)
    except InvalidInput:
        return True  # the checkpoints are of another store


def run(seconds: float, seed: int) -> CampaignReport:
    """Tamper for some time."""
    report = CampaignReport("tampering", seed)
    with recorded_store() as (session, checkpoints):
        for number, chance in report.rounds(seconds):
            if number % 1_000 == 0:
                check_untouched(session, checkpoints)
            tamper(session, checkpoints, report, chance)
        check_untouched(session, checkpoints)
    return report


def check_untouched(session: Session, checkpoints: list[Checkpoint]) -> None:
    """Check that nothing is found where nothing was changed."""
    problems = verify_within(SqlAlchemyUnitOfWork(session), checkpoints).problems
    session.rollback()
    assert problems == [], problems[0]
