"""Making, migrating and refusing schemas."""

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, inspect, text
from tests.support.postgres import fresh_url

from sot import Fee, MissingExtra, OrderHistory, SchemaMismatch, StoreDamaged, StoreUnavailable
from sot.adapters.sqlalchemy import SqlAlchemyStore, engine, migrations, schema
from sot.adapters.sqlalchemy.models import VERSION, metadata
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, spot_instrument, trade_report
from sot.testing.contract.transactions import submit_and_send, write_history

KINDS = ["sqlite", "postgresql"]


@pytest.fixture
def url(request, tmp_path):
    def make(kind: str) -> str:
        return fresh_url() if kind == "postgresql" else f"sqlite:///{tmp_path}/{len(list(tmp_path.iterdir()))}.db"

    return make


def described(connection: Connection) -> dict[str, object]:
    """Everything that a schema consists of, as the database tells it."""
    if connection.dialect.name == "sqlite":
        rows = connection.execute(text("SELECT type, name, sql FROM sqlite_master ORDER BY type, name"))
        return {f"{kind} {name}": " ".join((sql or "").split()) for kind, name, sql in rows}
    queries = {
        "columns": "SELECT table_name, column_name, ordinal_position, udt_name, numeric_precision, numeric_scale,"
        " datetime_precision, is_nullable, column_default, collation_name"
        " FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2",
        "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint"
        " WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2",
        "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1",
        "triggers": "SELECT tgname, tgenabled, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal"
        " ORDER BY 1",
        "functions": "SELECT proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY 1",
    }
    return {name: [tuple(row) for row in connection.execute(text(query))] for name, query in queries.items()}


def raw(url: str, action: Callable[[Connection], object]) -> object:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            return action(connection)
    finally:
        engine.dispose()


def pretend_older(url: str) -> None:
    """A database of version 0: it tells its version, and has nothing else."""

    def make(connection: Connection) -> None:
        metadata.create_all(connection, tables=[metadata.tables["sot_schema"], metadata.tables["sot_alembic_version"]])
        connection.execute(text("INSERT INTO sot_schema (version) VALUES (0)"))

    raw(url, make)


@pytest.mark.parametrize("kind", KINDS)
def test_both_ways_lead_to_the_same_schema(kind, url):
    made, migrated = url(kind), ""
    SqlAlchemyStore.open(made).close()
    migrated = url(kind)
    pretend_older(migrated)
    SqlAlchemyStore.open(migrated).close()
    one, other = raw(made, described), raw(migrated, described)
    assert one == other
    assert len(str(one)) > 5_000
    for place_ in (made, migrated):
        assert raw(place_, lambda c: c.execute(text("SELECT version FROM sot_schema")).all()) == [(VERSION,)]
        assert raw(place_, lambda c: c.execute(text("SELECT version_num FROM sot_alembic_version")).all()) == [
            (schema.revision_of(VERSION),)
        ]


@pytest.mark.parametrize("kind", KINDS)
def test_a_migrated_store_works(kind, url):
    place_ = url(kind)
    pretend_older(place_)
    store = SqlAlchemyStore.open(place_)
    submit_and_send(store, "C1")
    store.close()
    again = SqlAlchemyStore.open(place_, create=False)
    assert len(again.run(lambda uow: OrderHistory(uow).orders().items)) == 1
    again.close()


NOT_COPIED = ("sot_schema", "sot_alembic_version", "exchange_reconciliation")


def as_version_1(source: str, target: str) -> None:
    """A database of version 1 with the facts of another: the frozen first schema, and what its columns can hold."""
    folder = Path(migrations.__file__).parent / "versions"
    store = create_engine(source)
    with store.connect() as old:
        kind = old.dialect.name
        frozen = (folder / f"0001_{kind}.sql").read_text("utf-8").split("\n-- next\n")

        def make(connection: Connection) -> None:
            tables = [metadata.tables["sot_schema"], metadata.tables["sot_alembic_version"]]
            metadata.create_all(connection, tables=tables)
            connection.execute(text("INSERT INTO sot_schema (version) VALUES (1)"))
            connection.execute(text("INSERT INTO sot_alembic_version (version_num) VALUES ('0001')"))
            for statement in frozen:
                connection.exec_driver_sql(statement.replace("%", "%%") if kind == "postgresql" else statement)
            names = inspect(connection).get_table_names()
            for table in metadata.sorted_tables:
                if table.name in names and table.name not in NOT_COPIED:
                    columns = [column["name"] for column in inspect(connection).get_columns(table.name)]
                    for row in old.execute(text(f"SELECT {', '.join(columns)} FROM {table.name}")).mappings():
                        values = dict(row)
                        if table.name == "orders":
                            state = json.loads(values["state"])
                            state.pop("position_side", None)
                            state.pop("position_id", None)
                            values["state"] = json.dumps(state, separators=(",", ":"), ensure_ascii=False)
                        places = ", ".join(f":{name}" for name in columns)
                        connection.execute(
                            text(f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES ({places})"), values
                        )

        raw(target, make)
    store.dispose()


@pytest.mark.parametrize("kind", KINDS)
def test_what_version_1_recorded_has_positions_after_the_migration(kind, url):
    source, target = url(kind), ""
    store = SqlAlchemyStore.open(source)
    submit_and_send(store, "C1", position_side="LONG", position_id='it\'s "one"')
    submit_and_send(store, "C2")
    for report in (
        trade_report("C1", "E1"),
        trade_report("C1", "E2", "2", "90", fees=[Fee(1, "QUOTE")]),
        trade_report("C2", "E3", "3"),
    ):
        write_history(store, lambda h, r=report: h.record(r))
    store.close()
    target = url(kind)
    as_version_1(source, target)
    migrated = SqlAlchemyStore.open(target)
    migrated.close()
    tables = ("orders", "order_fills", "positions", "order_events", "order_costs", "position_checkpoints")

    def everything(connection: Connection) -> dict[str, list[object]]:
        return {name: sorted(map(str, connection.execute(text(f"SELECT * FROM {name}")).mappings())) for name in tables}

    expected, found = raw(source, everything), raw(target, everything)
    for name in tables:
        assert found[name] == expected[name], name
    assert len(found["positions"]) == 2
    again = SqlAlchemyStore.open(target)
    write_history(again, lambda h: h.record(trade_report("C1", "E4")))
    held = write_history(
        again, lambda h: h.position(ACCOUNT, VENUE, SYMBOL, position_side="LONG", position_id='it\'s "one"')
    )
    assert held.quantity == 4
    again.close()


@pytest.mark.parametrize("kind", KINDS)
def test_rows_in_the_table_that_version_1_never_wrote_are_not_lost(kind, url):
    """A migration that would remove them is refused, and leaves everything as it was."""
    source, target = url(kind), ""
    SqlAlchemyStore.open(source).close()
    target = url(kind)
    as_version_1(source, target)
    row = "'a', '00000000-0000-7000-8000-000000000001', {}, '[]', {}, '{{}}', ''"
    values = row.format(*(("0", "0") if kind == "sqlite" else ("false", "now()")))
    columns = "account_id, reconciliation_id, mismatch, findings, checked_at, body, hash"
    raw(target, lambda c: c.execute(text(f"INSERT INTO exchange_reconciliation ({columns}) VALUES ({values})")))
    before = raw(target, described)
    with pytest.raises(SchemaMismatch, match="exchange_reconciliation has rows") as caught:
        SqlAlchemyStore.open(target)
    assert (caught.value.found, caught.value.needed) == ("3", "4")
    assert raw(target, described) == before
    assert raw(target, lambda c: c.execute(text("SELECT count(*) FROM exchange_reconciliation")).scalar()) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_version_5_gets_indexes_and_nothing_is_derived_anew(kind, url, monkeypatch):
    place_ = url(kind)
    store = SqlAlchemyStore.open(place_)
    submit_and_send(store, "C1")
    store.close()
    added = (Path(migrations.__file__).parent / "versions" / "0006.sql").read_text("utf-8").split("\n-- next\n")
    before = raw(place_, described)

    def as_version_5(connection: Connection) -> None:
        for statement in added:
            connection.execute(text(f"DROP INDEX {statement.split()[2]}"))
        connection.execute(text("UPDATE sot_schema SET version = 5"))
        connection.execute(text("UPDATE sot_alembic_version SET version_num = '0005'"))

    raw(place_, as_version_5)
    assert raw(place_, described) != before
    monkeypatch.setattr(schema, "rebuild_within", lambda uow: pytest.fail("what is derived was made anew"))
    migrated = SqlAlchemyStore.open(place_)
    assert raw(place_, described) == before
    assert len(migrated.run(lambda uow: OrderHistory(uow).orders().items)) == 1
    migrated.close()


@pytest.mark.parametrize("kind", KINDS)
def test_without_alembic_it_says_what_to_install_and_changes_nothing(kind, url, monkeypatch):
    place_ = url(kind)
    pretend_older(place_)
    before = raw(place_, described)
    monkeypatch.setitem(sys.modules, "alembic", None)
    with pytest.raises(MissingExtra, match=r"sot\[migrations\]"):
        SqlAlchemyStore.open(place_)
    assert raw(place_, described) == before


def test_a_fresh_schema_needs_no_alembic(url, monkeypatch):
    monkeypatch.setitem(sys.modules, "alembic", None)
    SqlAlchemyStore.open(url("sqlite")).close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_migration_that_fails_leaves_what_was_there(kind, url):
    place_ = url(kind)
    pretend_older(place_)
    raw(place_, lambda c: c.execute(text("CREATE TABLE order_pnl (x INTEGER)")))
    before = raw(place_, described)
    with pytest.raises(Exception, match="order_pnl"):
        SqlAlchemyStore.open(place_)
    assert raw(place_, described) == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_newer_schema_is_refused(kind, url):
    place_ = url(kind)
    SqlAlchemyStore.open(place_).close()
    raw(place_, lambda c: c.execute(text("UPDATE sot_schema SET version = 99")))
    with pytest.raises(SchemaMismatch, match="newer") as caught:
        SqlAlchemyStore.open(place_)
    assert (caught.value.found, caught.value.needed) == ("99", str(VERSION))


@pytest.mark.parametrize("kind", KINDS)
def test_tables_of_something_else_are_left_alone(kind, url):
    place_ = url(kind)
    raw(place_, lambda c: c.execute(text("CREATE TABLE orders (x INTEGER)")))
    with pytest.raises(SchemaMismatch, match="orders"):
        SqlAlchemyStore.open(place_)
    assert raw(place_, lambda c: inspect(c).get_table_names()) == ["orders"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("name", "statement"),
    [
        ("orders", "CREATE VIEW orders AS SELECT 1 AS x"),
        ("sot_alembic_version", "CREATE TABLE sot_alembic_version (x INTEGER)"),
        ("sot_schema", "CREATE TABLE sot_schema (x INTEGER)"),
        ("sot_schema", "CREATE TABLE sot_schema (version INTEGER)"),
        ("sot_schema", "CREATE VIEW sot_schema AS SELECT 'first' AS version"),
    ],
)
def test_whatever_has_the_name_of_a_table_is_left_alone(kind, url, name, statement):
    place_ = url(kind)
    raw(place_, lambda c: c.execute(text(statement)))
    before = raw(place_, described)
    with pytest.raises(SchemaMismatch, match=f"table {name} belongs to something else"):
        SqlAlchemyStore.open(place_)
    assert raw(place_, described) == before


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("found", "hint"), [("none", "to make it"), ("0", "to migrate it")])
def test_who_does_not_create_only_looks(kind, url, found, hint):
    place_ = url(kind)
    raw(place_, lambda c: c.execute(text("CREATE TABLE app_notes (note TEXT)")))
    if found == "0":
        pretend_older(place_)
    before = raw(place_, described)
    with pytest.raises(SchemaMismatch, match=f"create=True {hint}") as caught:
        SqlAlchemyStore.open(place_, create=False)
    assert caught.value.found == found
    assert raw(place_, described) == before


def test_missing_places_say_so(tmp_path):
    with pytest.raises(StoreUnavailable, match="does not exist"):
        SqlAlchemyStore.open(f"sqlite:///{tmp_path}/nowhere/a.db")
    with pytest.raises(StoreUnavailable, match="no such file"):
        SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db", create=False)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StoreUnavailable, match="127.0.0.1") as caught:
        SqlAlchemyStore.open("postgresql://me:secret@127.0.0.1:1/nothing")
    assert "secret" not in str(caught.value)


def test_a_damaged_file_is_named_and_left_as_it_is(tmp_path):
    path = tmp_path / "a.db"
    path.write_bytes(b"this is no database, but long enough to be one" * 100)
    before = path.read_bytes()
    with pytest.raises(StoreDamaged, match="not a database"):
        SqlAlchemyStore.open(f"sqlite:///{path}")
    assert path.read_bytes() == before


@pytest.mark.parametrize("kind", KINDS)
def test_many_may_open_a_new_database_at_once(kind, url):
    place_ = url(kind)
    errors: list[BaseException] = []
    barrier = threading.Barrier(5)

    def open_it() -> None:
        barrier.wait()
        try:
            SqlAlchemyStore.open(place_).close()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    store = SqlAlchemyStore.open(place_)
    assert store.run(lambda uow: OrderHistory(uow).register(spot_instrument())) == "RECORDED"
    store.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_store_opens_while_another_writes(kind, url, monkeypatch):
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.2)
    place_ = url(kind)
    store = SqlAlchemyStore.open(place_)
    with store.begin() as uow:
        OrderHistory(uow).register(spot_instrument())
        SqlAlchemyStore.open(place_).close()
        uow.commit()
    assert len(store.run(lambda uow: uow.instruments.versions(ACCOUNT, VENUE, SYMBOL))) == 1
    store.close()
