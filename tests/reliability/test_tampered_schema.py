"""Changes of the schema, and damage of a SQLite file, are found."""

import shutil
import sqlite3

import pytest
from sqlalchemy.orm import Session

from sot.adapters.sqlalchemy import SqlAlchemyStore, SqlAlchemyUnitOfWork
from sot.adapters.sqlalchemy.models import VERSION, metadata, revision_of
from sot.adapters.sqlalchemy.place import DEFAULT
from sot.adapters.sqlalchemy.triggers import postgresql_definitions
from sot.audit import verify
from sot.errors import StoreDamaged
from tests.support.postgres import fresh_url
from tests.support.tampering import Tampering, record_every_table


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A SQLite file with rows in every table; everything in it is in the file itself."""
    path = tmp_path_factory.mktemp("schema") / "recorded.db"
    record_every_table(f"sqlite:///{path}")
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.close()
    return path


@pytest.fixture
def sqlite(recorded, tmp_path):
    path = tmp_path / "copy.db"
    shutil.copy(recorded, path)
    tamper = Tampering("sqlite", f"sqlite:///{path}")
    yield tamper
    tamper.engine.dispose()


@pytest.fixture(scope="module")
def postgresql():
    url = fresh_url()
    record_every_table(url)
    tamper = Tampering("postgresql", url)
    yield tamper
    tamper.engine.dispose()


def problems(tamper):
    """What is wrong with the structure, which verification reports first."""
    store = SqlAlchemyStore(tamper.engine)
    with store.begin(read_only=True) as uow:
        return {(problem.table, problem.key) for problem in uow.audit.structure_problems()}


def test_verification_reports_the_structure(sqlite, postgresql):
    for tamper in (sqlite, postgresql):
        tamper.unguarded("DELETE FROM sot_alembic_version")
        assert [(problem.what, problem.key) for problem in tamper.problems()] == [
            ("schema", "rows of sot_alembic_version")
        ]
        tamper.unguarded(f"INSERT INTO sot_alembic_version VALUES ('{revision_of(VERSION)}')")
        assert tamper.problems() == []


def parts(tamper, kind):
    """The triggers or indexes of a SQLite database, each with the statement that makes it."""
    rows = tamper.rows("SELECT name, sql FROM sqlite_master WHERE type = :kind AND sql IS NOT NULL", kind=kind)
    return [(row["name"], row["sql"]) for row in rows]


@pytest.mark.parametrize(("kind", "least"), [("trigger", 42), ("index", 40)])
def test_a_missing_or_changed_part_of_a_sqlite_schema_is_found(sqlite, kind, least):
    made = parts(sqlite, kind)
    assert len(made) >= least
    for name, sql in made:
        sqlite.unguarded(f"DROP {kind} {name}")
        assert problems(sqlite) == {("schema", f"{kind} {name}")}
        changed = sql.replace("RAISE(ABORT", "RAISE(FAIL") if kind == "trigger" else sql.replace(")", " DESC)", 1)
        sqlite.unguarded(changed)
        assert problems(sqlite) == {("schema", f"{kind} {name}")}
        sqlite.unguarded(f"DROP {kind} {name}")
        sqlite.unguarded(sql)
    assert problems(sqlite) == set()


def test_parts_that_an_application_adds_are_no_problem_on_sqlite_unless_they_change_rows(sqlite):
    sqlite.unguarded("CREATE TABLE theirs (name TEXT)")
    sqlite.unguarded("CREATE TRIGGER theirs_only AFTER INSERT ON theirs BEGIN SELECT 1; END")
    sqlite.unguarded("CREATE INDEX theirs_of_events ON order_events (actor)")
    sqlite.unguarded("CREATE VIEW their_orders AS SELECT * FROM orders")
    assert problems(sqlite) == set()
    sqlite.unguarded("CREATE TRIGGER changes AFTER INSERT ON orders BEGIN DELETE FROM order_costs; END")
    assert problems(sqlite) == {("schema", "trigger changes")}


def test_a_changed_table_is_found_on_sqlite(sqlite):
    sqlite.unguarded("ALTER TABLE orders ADD COLUMN another TEXT")
    assert problems(sqlite) == {("schema", "table orders")}


OTHER_VERSIONS = [
    "DELETE FROM sot_alembic_version",
    "UPDATE sot_alembic_version SET version_num = '0001'",
    "INSERT INTO sot_alembic_version VALUES ('0001')",
    f"INSERT INTO sot_schema VALUES ({VERSION + 1})",
]


@pytest.mark.parametrize("statement", OTHER_VERSIONS)
def test_changed_rows_of_the_version_are_found(sqlite, postgresql, statement):
    table = statement.split("sot_")[1].split()[0]
    for tamper in (sqlite, postgresql):
        before = tamper.rows(f"SELECT * FROM sot_{table}")
        tamper.unguarded(statement)
        assert problems(tamper) == {("schema", f"rows of sot_{table}")}
        tamper.unguarded(f"DELETE FROM sot_{table}")
        for row in before:
            value = next(iter(row.values()))
            tamper.unguarded(f"INSERT INTO sot_{table} VALUES ({value!r})")
        assert problems(tamper) == set()


def index_names():
    return sorted(str(index.name) for table in metadata.tables.values() for index in table.indexes)


def test_a_missing_or_changed_index_is_found_on_postgresql(postgresql):
    for name in index_names():
        (row,) = postgresql.rows("SELECT indexdef FROM pg_indexes WHERE indexname = :name", name=name)
        postgresql.unguarded(f"DROP INDEX {name}")
        assert problems(postgresql) == {("schema", f"index {name}")}
        postgresql.unguarded(row["indexdef"].split(" WHERE ")[0].removesuffix(")") + " DESC)")
        assert problems(postgresql) == {("schema", f"index {name}")}
        postgresql.unguarded(f"DROP INDEX {name}")
        postgresql.unguarded(row["indexdef"])
    assert problems(postgresql) == set()


@pytest.mark.parametrize(
    ("change", "undo"),
    [
        ("ALTER TABLE {table} DISABLE TRIGGER {trigger}", "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}"),
        ("ALTER TABLE {table} ENABLE TRIGGER {trigger}", "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}"),
        ("ALTER TABLE {table} ENABLE REPLICA TRIGGER {trigger}", "ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}"),
        (
            "DROP TRIGGER {trigger} ON {table}",
            "{definition}; ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}",
        ),
    ],
)
def test_a_missing_or_disabled_trigger_is_found_on_postgresql(postgresql, change, undo):
    tried = 0
    for table in metadata.sorted_tables:
        for trigger, definition in postgresql_definitions(table, DEFAULT):
            parts = {"table": table.name, "trigger": trigger, "definition": definition}
            postgresql.unguarded(change.format(**parts))
            assert problems(postgresql) == {("schema", f"trigger {table.name} {trigger}")}
            for statement in undo.format(**parts).split("; "):
                postgresql.unguarded(statement)
            tried += 1
    assert tried == 29
    assert problems(postgresql) == set()


BODY = "CREATE OR REPLACE FUNCTION sot_append_only() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN {}; END $$"
CHANGES = [
    (BODY.format("NEW"), "function sot_append_only"),
    ("ALTER FUNCTION sot_append_only() SET search_path = evil", "function sot_append_only"),
    ("ALTER FUNCTION sot_append_only() SECURITY DEFINER", "function sot_append_only"),
    ("CREATE RULE quiet AS ON UPDATE TO orders DO INSTEAD NOTHING", "rule orders quiet"),
    ("ALTER TABLE order_events ENABLE ROW LEVEL SECURITY", "row security order_events"),
    ("ALTER TABLE order_risk_checks ALTER COLUMN message TYPE VARCHAR(40)", "column order_risk_checks.message"),
    ("ALTER TABLE orders ALTER COLUMN status DROP NOT NULL", "column orders.status"),
    ("ALTER TABLE orders ALTER COLUMN status SET DEFAULT 'NEW'", "column orders.status"),
    (
        "ALTER TABLE order_fills DROP CONSTRAINT ck_order_fills_price_finite",
        "constraint order_fills ck_order_fills_price_finite",
    ),
    (
        "ALTER TABLE order_requests DROP CONSTRAINT uq_order_requests_account_id_idempotency_key",
        "constraint order_requests uq_order_requests_account_id_idempotency_key",
    ),
    (
        "CREATE TRIGGER other BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION sot_append_only()",
        "trigger orders other",
    ),
    (
        "DROP TRIGGER checkpoints_no_change ON checkpoints;"
        " CREATE TRIGGER checkpoints_no_change BEFORE DELETE ON checkpoints FOR EACH ROW"
        " EXECUTE FUNCTION sot_append_only(); ALTER TABLE checkpoints ENABLE ALWAYS TRIGGER checkpoints_no_change",
        "trigger checkpoints checkpoints_no_change",
    ),
]


@pytest.mark.parametrize(("statements", "part"), CHANGES)
def test_a_changed_part_of_a_postgresql_schema_is_found(postgresql, statements, part):
    """The change is made in a transaction that is rolled back after the verification in it."""
    with Session(postgresql.engine) as session:
        for statement in [statements] if "$$" in statements else statements.split("; "):
            session.connection().exec_driver_sql(statement)
        found = list(SqlAlchemyUnitOfWork(session).audit.structure_problems())
        session.rollback()
    assert [(problem.table, problem.key) for problem in found] == [("schema", part)]
    assert problems(postgresql) == set()


def test_disabled_foreign_keys_are_found_on_postgresql(postgresql):
    postgresql.unguarded("ALTER TABLE order_costs DISABLE TRIGGER ALL")
    assert {what for what, _ in problems(postgresql)} == {"schema"}
    postgresql.unguarded("ALTER TABLE order_costs ENABLE TRIGGER ALL")
    assert problems(postgresql) == set()


def root_pages(path):
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT name, rootpage FROM sqlite_master WHERE type = 'index' ORDER BY rootpage")
    found = rows.fetchall()
    (size,) = connection.execute("PRAGMA page_size").fetchone()
    connection.close()
    return found, size


@pytest.mark.parametrize("content", ["zeros", "empty page", "page of another index"])
def test_overwritten_root_pages_of_indexes_are_found(recorded, tmp_path, content):
    """Each one is named by a problem, or the store is refused as damaged."""
    pages, size = root_pages(recorded)
    assert len(pages) > 60
    whole = recorded.read_bytes()
    unnoticed = []
    for number, (name, page) in enumerate(pages):
        other = pages[number - 1][1]
        new = {
            "zeros": bytes(size),
            "empty page": b"\x0a" + bytes(4) + (size).to_bytes(2, "big") + bytes(size - 7),
            "page of another index": whole[(other - 1) * size : other * size],
        }[content]
        if new == whole[(page - 1) * size : page * size]:
            continue
        path = tmp_path / f"{number}.db"
        path.write_bytes(whole[: (page - 1) * size] + new + whole[page * size :])
        try:
            store = SqlAlchemyStore.open(f"sqlite:///{path}", create=False)
            try:
                if verify(store).passed:
                    unnoticed.append(name)
            finally:
                store.close()
        except StoreDamaged:
            pass
        path.unlink()
    assert unnoticed == []


def test_a_definition_that_is_bytes_is_found(sqlite):
    """A flipped bit can make bytes of a text in the table of definitions."""
    path = sqlite.url.removeprefix("sqlite:///")
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA writable_schema = ON")
    connection.execute("UPDATE sqlite_master SET sql = CAST(sql AS BLOB) WHERE name = 'order_costs'")
    connection.commit()
    connection.close()
    assert ("schema", "table order_costs") in problems(sqlite)
