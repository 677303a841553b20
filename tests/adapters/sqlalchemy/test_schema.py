"""The schema is created, migrated, or refused."""

import json
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Connection, create_engine, event, inspect, text
from sqlalchemy.exc import OperationalError
from tests.support.golden import golden_url
from tests.support.postgres import fresh_url

from sot import Fee, OrderHistory
from sot.adapters.sqlalchemy import SqlAlchemyStore, migrations, prepare, schema
from sot.adapters.sqlalchemy.models import VERSION, metadata
from sot.adapters.sqlalchemy.place import DEFAULT
from sot.adapters.sqlalchemy.views import drop_views
from sot.errors import InvalidInput, MissingExtra, SchemaMismatch, StoreDamaged, StoreUnavailable
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, spot_instrument, trade_report
from sot.testing.contract.transactions import submit_and_send, write_history

KINDS = ["sqlite", "postgresql"]


@pytest.fixture
def new_url(tmp_path):
    def make(kind: str) -> str:
        return fresh_url() if kind == "postgresql" else f"sqlite:///{tmp_path}/{len(list(tmp_path.iterdir()))}.db"

    return make


def schema_of(connection: Connection) -> dict[str, object]:
    """All parts of a schema, as the database describes them."""
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


def with_connection(url: str, action: Callable[[Connection], object]) -> object:
    engine = create_engine(url)
    try:
        with engine.begin() as connection:
            return action(connection)
    finally:
        engine.dispose()


def make_version_0(url: str) -> None:
    """Make a database of version 0, which has nothing but its version."""

    def make(connection: Connection) -> None:
        metadata.create_all(connection, tables=[metadata.tables["sot_schema"], metadata.tables["sot_alembic_version"]])
        connection.execute(text("INSERT INTO sot_schema (version) VALUES (0)"))

    with_connection(url, make)


@pytest.mark.parametrize("kind", KINDS)
def test_a_created_schema_and_a_migrated_one_are_the_same(kind, new_url):
    created, migrated = new_url(kind), ""
    SqlAlchemyStore.open(created).close()
    migrated = new_url(kind)
    make_version_0(migrated)
    SqlAlchemyStore.open(migrated).close()
    one, other = with_connection(created, schema_of), with_connection(migrated, schema_of)
    assert one == other
    assert len(str(one)) > 5_000
    for url in (created, migrated):
        assert with_connection(url, lambda c: c.execute(text("SELECT version FROM sot_schema")).all()) == [(VERSION,)]
        assert with_connection(url, lambda c: c.execute(text("SELECT version_num FROM sot_alembic_version")).all()) == [
            (schema.revision_of(VERSION),)
        ]


@pytest.mark.parametrize("kind", KINDS)
def test_a_migrated_store_works(kind, new_url):
    url = new_url(kind)
    make_version_0(url)
    store = SqlAlchemyStore.open(url)
    submit_and_send(store, "C1")
    store.close()
    again = SqlAlchemyStore.open(url, create=False)
    assert len(again.run(lambda uow: OrderHistory(uow).orders().items)) == 1
    again.close()


NOT_COPIED = ("sot_schema", "sot_alembic_version", "exchange_reconciliation")


def copy_as_version_1(source: str, target: str) -> None:
    """Make a database of version 1 with the facts of another one, as far as its columns can hold them."""
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

        with_connection(target, make)
    store.dispose()


@pytest.mark.parametrize("kind", KINDS)
def test_a_migration_from_version_1_makes_positions(kind, new_url):
    source, target = new_url(kind), ""
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
    target = new_url(kind)
    copy_as_version_1(source, target)
    migrated = SqlAlchemyStore.open(target)
    migrated.close()
    tables = (
        "orders",
        "order_fills",
        "positions",
        "order_events",
        "order_costs",
        "position_checkpoints",
        "instruments",
    )

    def everything(connection: Connection) -> dict[str, list[object]]:
        return {name: sorted(map(str, connection.execute(text(f"SELECT * FROM {name}")).mappings())) for name in tables}

    expected, found = with_connection(source, everything), with_connection(target, everything)
    for name in tables:
        assert found[name] == expected[name], name
    assert len(found["positions"]) == 2
    again = SqlAlchemyStore.open(target)
    write_history(again, lambda h: h.record(trade_report("C1", "E4")))
    position = write_history(
        again, lambda h: h.position(ACCOUNT, VENUE, SYMBOL, position_side="LONG", position_id='it\'s "one"')
    )
    assert position.quantity == 4
    again.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_migration_that_would_remove_rows_is_refused(kind, new_url):
    """Version 1 never wrote to the table; the schema and the rows stay as they were."""
    source, target = new_url(kind), ""
    SqlAlchemyStore.open(source).close()
    target = new_url(kind)
    copy_as_version_1(source, target)
    row = "'a', '00000000-0000-7000-8000-000000000001', {}, '[]', {}, '{{}}', ''"
    values = row.format(*(("0", "0") if kind == "sqlite" else ("false", "now()")))
    columns = "account_id, reconciliation_id, mismatch, findings, checked_at, body, hash"
    with_connection(
        target, lambda c: c.execute(text(f"INSERT INTO exchange_reconciliation ({columns}) VALUES ({values})"))
    )
    before = with_connection(target, schema_of)
    with pytest.raises(SchemaMismatch, match="exchange_reconciliation has rows") as caught:
        SqlAlchemyStore.open(target)
    assert (caught.value.found, caught.value.needed) == ("3", "4")
    assert with_connection(target, schema_of) == before
    assert (
        with_connection(target, lambda c: c.execute(text("SELECT count(*) FROM exchange_reconciliation")).scalar()) == 1
    )


@pytest.mark.parametrize("kind", KINDS)
def test_a_migration_from_version_5_adds_indexes_and_makes_executions_and_positions_again(kind, new_url, caplog):
    url = new_url(kind)
    store = SqlAlchemyStore.open(url)
    write_history(store, lambda h: h.register(spot_instrument()))
    order_id = submit_and_send(store, "C1")
    write_history(store, lambda h: h.record(trade_report("C1", "E1", "2", venue_account="sub")))
    executed = store.run(lambda uow: (OrderHistory(uow).fills(order_id), OrderHistory(uow).positions(ACCOUNT).items))
    store.close()
    added = (Path(migrations.__file__).parent / "versions" / "0006.sql").read_text("utf-8").split("\n-- next\n")
    before = with_connection(url, schema_of)

    def as_version_5(connection: Connection) -> None:
        drop_views(connection, DEFAULT)
        for statement in added:
            connection.execute(text(f"DROP INDEX {statement.split()[2]}"))
        connection.execute(text("DROP INDEX ix_order_events_of_report"))
        connection.execute(text("UPDATE orders SET status = 'NEW', cum_quantity = 1"))
        connection.execute(text("UPDATE sot_schema SET version = 5"))
        connection.execute(text("UPDATE sot_alembic_version SET version_num = '0005'"))

    with_connection(url, as_version_5)
    assert with_connection(url, schema_of) != before
    migrated = SqlAlchemyStore.open(url)
    assert with_connection(url, schema_of) == before
    again = migrated.run(lambda uow: (OrderHistory(uow).fills(order_id), OrderHistory(uow).positions(ACCOUNT).items))
    assert again == executed
    assert [position.key.venue_account for position in executed[1]] == ["sub"]
    (change,) = [record.getMessage() for record in caplog.records if "migration" in record.getMessage()]
    assert f"order {ACCOUNT} {order_id}: status NEW -> PARTIALLY_FILLED, cum_quantity 1 -> 2" in change
    migrated.close()


def test_a_migration_waits_for_who_writes_before_it_reads(tmp_path, caplog):
    """Else it would list what an older version wrote meanwhile as changes of its own, and miss those that it makes."""
    url = golden_url(6, "postgresql", tmp_path)
    engine = create_engine(url)
    migration = threading.Thread(target=lambda: SqlAlchemyStore.open(url).close())
    with engine.begin() as connection:
        connection.execute(text("UPDATE orders SET cum_quantity = 999 WHERE cum_quantity = 2"))
        migration.start()
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        with engine.connect() as other:
            while migration.is_alive() and not other.execute(waiting).scalar():
                other.rollback()
        assert migration.is_alive()
    migration.join()
    engine.dispose()
    assert "cum_quantity 999 -> 2" in caplog.text


@pytest.mark.parametrize("kind", KINDS)
def test_a_migration_without_alembic_names_the_extra_and_changes_nothing(kind, new_url, monkeypatch):
    url = new_url(kind)
    make_version_0(url)
    before = with_connection(url, schema_of)
    monkeypatch.setitem(sys.modules, "alembic", None)
    with pytest.raises(MissingExtra, match=r"sot-orders\[migrations\]"):
        SqlAlchemyStore.open(url)
    assert with_connection(url, schema_of) == before


def test_a_new_schema_needs_no_alembic(new_url, monkeypatch):
    monkeypatch.setitem(sys.modules, "alembic", None)
    SqlAlchemyStore.open(new_url("sqlite")).close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_migration_that_fails_changes_nothing(kind, new_url):
    url = new_url(kind)
    make_version_0(url)
    with_connection(url, lambda c: c.execute(text("CREATE TABLE order_pnl (x INTEGER)")))
    before = with_connection(url, schema_of)
    with pytest.raises(Exception, match="order_pnl"):
        SqlAlchemyStore.open(url)
    assert with_connection(url, schema_of) == before


@pytest.mark.parametrize("kind", KINDS)
def test_a_newer_schema_is_refused(kind, new_url):
    url = new_url(kind)
    SqlAlchemyStore.open(url).close()
    with_connection(url, lambda c: c.execute(text("UPDATE sot_schema SET version = 99")))
    with pytest.raises(SchemaMismatch, match="newer") as caught:
        SqlAlchemyStore.open(url)
    assert (caught.value.found, caught.value.needed) == ("99", str(VERSION))


@pytest.mark.parametrize("kind", KINDS)
def test_tables_of_another_program_are_not_touched(kind, new_url):
    url = new_url(kind)
    with_connection(url, lambda c: c.execute(text("CREATE TABLE orders (x INTEGER)")))
    with pytest.raises(SchemaMismatch, match="orders"):
        SqlAlchemyStore.open(url)
    assert with_connection(url, lambda c: inspect(c).get_table_names()) == ["orders"]


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
def test_anything_with_the_name_of_a_table_is_not_touched(kind, new_url, name, statement):
    url = new_url(kind)
    with_connection(url, lambda c: c.execute(text(statement)))
    before = with_connection(url, schema_of)
    with pytest.raises(SchemaMismatch, match=f"table {name} belongs to something else"):
        SqlAlchemyStore.open(url)
    assert with_connection(url, schema_of) == before


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("found", "hint"), [("none", "to make it"), ("0", "to migrate it")])
def test_without_create_nothing_is_changed(kind, new_url, found, hint):
    url = new_url(kind)
    with_connection(url, lambda c: c.execute(text("CREATE TABLE app_notes (note TEXT)")))
    if found == "0":
        make_version_0(url)
    before = with_connection(url, schema_of)
    with pytest.raises(SchemaMismatch, match=f"create=True {hint}") as caught:
        SqlAlchemyStore.open(url, create=False)
    assert caught.value.found == found
    assert with_connection(url, schema_of) == before


def test_missing_databases_are_unavailable(tmp_path):
    with pytest.raises(StoreUnavailable, match="does not exist"):
        SqlAlchemyStore.open(f"sqlite:///{tmp_path}/nowhere/a.db")
    with pytest.raises(StoreUnavailable, match="no such file"):
        SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db", create=False)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(StoreUnavailable, match="127.0.0.1") as caught:
        SqlAlchemyStore.open("postgresql://me:secret@127.0.0.1:1/nothing")
    assert "secret" not in str(caught.value)


def test_a_damaged_file_is_named_and_not_changed(tmp_path):
    path = tmp_path / "a.db"
    path.write_bytes(b"this is no database, but long enough to be one" * 100)
    before = path.read_bytes()
    with pytest.raises(StoreDamaged, match="not a database"):
        SqlAlchemyStore.open(f"sqlite:///{path}")
    assert path.read_bytes() == before


@pytest.mark.parametrize("kind", KINDS)
def test_many_threads_open_a_new_database_at_once(kind, new_url):
    url = new_url(kind)
    errors: list[BaseException] = []
    barrier = threading.Barrier(5)

    def open_it() -> None:
        barrier.wait()
        try:
            SqlAlchemyStore.open(url).close()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    store = SqlAlchemyStore.open(url)
    assert store.run(lambda uow: OrderHistory(uow).register(spot_instrument())) == "RECORDED"
    store.close()


@pytest.mark.parametrize("kind", KINDS)
def test_a_store_opens_while_another_writes(kind, new_url):
    url = new_url(kind)
    store = SqlAlchemyStore.open(url, lock_timeout=0.2)
    with store.begin() as uow:
        OrderHistory(uow).register(spot_instrument())
        SqlAlchemyStore.open(url, lock_timeout=0.2).close()
        uow.commit()
    assert len(store.run(lambda uow: uow.instruments.versions(ACCOUNT, VENUE, SYMBOL))) == 1
    store.close()


# ----------------------------------------------------------------------------------------- the application's engine


@pytest.mark.parametrize("kind", KINDS)
def test_tables_half_made_with_the_application_engine_are_undone(new_url, kind):
    engine = create_engine(new_url(kind))
    made = []

    def fail_at_the_sixth(connection, cursor, statement, *_):
        if statement.lstrip().startswith("CREATE TABLE"):
            made.append(statement)
            if len(made) == 6:
                raise RuntimeError("stopped")

    event.listen(engine, "before_cursor_execute", fail_at_the_sixth)
    with pytest.raises(RuntimeError, match="stopped"):
        prepare(engine)
    event.remove(engine, "before_cursor_execute", fail_at_the_sixth)
    assert inspect(engine).get_table_names() == []
    prepare(engine)
    submit_and_send(SqlAlchemyStore(engine), "C1")
    engine.dispose()


def test_who_prepares_a_file_with_the_application_engine_keeps_other_writers_out(new_url):
    url = new_url("sqlite")
    engine, other = create_engine(url), create_engine(url, connect_args={"timeout": 0})
    refused = []

    def write_beside(connection, cursor, statement, *_):
        if statement.lstrip().startswith("CREATE TABLE"):
            with other.connect() as beside, pytest.raises(OperationalError, match="locked"):
                beside.exec_driver_sql("BEGIN IMMEDIATE")
            refused.append(statement)

    event.listen(engine, "before_cursor_execute", write_beside)
    prepare(engine)
    assert len(refused) == len(metadata.tables)
    engine.dispose()
    other.dispose()


@pytest.mark.parametrize(
    ("kind", "level"),
    [
        ("sqlite", "AUTOCOMMIT"),
        ("postgresql", "AUTOCOMMIT"),
        ("postgresql", "REPEATABLE READ"),
        ("postgresql", "SERIALIZABLE"),
    ],
)
def test_an_engine_whose_transactions_cannot_prepare_is_refused(new_url, kind, level):
    engine = create_engine(new_url(kind), isolation_level=level)
    with pytest.raises(InvalidInput, match=f"(?i){level}"):
        prepare(engine)
    assert inspect(engine).get_table_names() == []
    engine.dispose()
