"""Tables are split by account where their keys allow it; facts stay append-only in each partition, and verify looks."""

import psycopg
import pytest
from sqlalchemy import create_engine, text
from tests.support.command_line import sot
from tests.support.partitioned import PARTITIONS, execute, fresh_partitioned_url
from tests.support.postgres import fresh_url
from tests.support.tampering import record_every_table

from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.adapters.sqlalchemy.citus import distribution
from sot.adapters.sqlalchemy.creation import creation_statements
from sot.adapters.sqlalchemy.models import metadata
from sot.adapters.sqlalchemy.partitions import is_by_account
from sot.adapters.sqlalchemy.place import DEFAULT, place_at
from sot.audit import rebuild, verify
from sot.errors import InvalidInput

pytestmark = pytest.mark.parametrize("kind", ["postgresql"])
WHOLE = {"api_keys", "checkpoints", "fact_feed", "idempotency_records", "sot_alembic_version", "sot_schema"}


@pytest.fixture
def recorded():
    """The address of partitioned tables with rows in each, an open store, and its checkpoints."""
    url = fresh_partitioned_url()
    checkpoints = record_every_table(url)
    store = SqlAlchemyStore.open(url)
    yield url, store, checkpoints
    store.close()


def rows(url, query):
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return list(map(tuple, connection.execute(text(query))))
    finally:
        engine.dispose()


def test_every_table_of_an_account_is_split(kind, recorded):
    query = "SELECT relname, (SELECT count(*) FROM pg_inherits WHERE inhparent = c.oid) FROM pg_class c"
    split = dict(rows(recorded[0], f"{query} WHERE relkind = 'p'"))
    assert split == dict.fromkeys(set(metadata.tables) - WHOLE, PARTITIONS)
    assert {name for name, table in metadata.tables.items() if not is_by_account(table)} == WHOLE


def test_what_was_recorded_holds(kind, recorded):
    _, store, checkpoints = recorded
    found = verify(store, checkpoints)
    assert found.problems == []
    assert found.counts["event"] > 8
    assert rebuild(store) == found.counts["order"]


@pytest.mark.parametrize("table", ["order_events", "order_events_p0", "order_events_p1", "order_events_p2"])
@pytest.mark.parametrize("change", ["TRUNCATE {} CASCADE", "DELETE FROM {}", "UPDATE {} SET hash = 'x'"])
def test_a_fact_is_never_changed(kind, recorded, table, change):
    url = recorded[0]
    has_rows = rows(url, f"SELECT count(*) FROM {table}")[0][0] > 0
    if has_rows or change.startswith("TRUNCATE"):
        for role in ("origin", "replica"):
            with pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
                execute(url, f"SET session_replication_role = {role}", change.format(table))


@pytest.mark.parametrize(
    ("statement", "part", "problem"),
    [
        (
            "ALTER TABLE orders_p1 ENABLE ROW LEVEL SECURITY",
            "row security orders_p1",
            "sot did not make it, and it may change what is stored",
        ),
        (
            "ALTER TABLE order_events_p1 DISABLE TRIGGER order_events_no_change",
            "trigger order_events_p1 order_events_no_change",
            "it is disabled",
        ),
        (
            "ALTER TABLE order_events_p1 ENABLE TRIGGER order_events_no_change",
            "trigger order_events_p1 order_events_no_change",
            "it is not as that of its table",
        ),
        (
            "DROP TRIGGER order_events_no_truncate ON order_events_p2",
            "trigger order_events_p2 order_events_no_truncate",
            "it is missing",
        ),
        (
            "CREATE TRIGGER other BEFORE INSERT ON orders_p0 FOR EACH ROW EXECUTE FUNCTION sot_append_only()",
            "trigger orders_p0 other",
            "it is not as that of its table",
        ),
        (
            "CREATE RULE other AS ON DELETE TO order_events_p0 DO INSTEAD NOTHING",
            "rule order_events_p0 other",
            "sot did not make it, and it may change what is stored",
        ),
    ],
)
def test_a_partition_that_was_changed_is_found(kind, recorded, statement, part, problem):
    url, store, _ = recorded
    execute(url, statement)
    assert [(each.what, each.key, each.problem) for each in verify(store).problems] == [("schema", part, problem)]


def test_a_partition_that_was_detached_is_found(kind, recorded):
    url, store, _ = recorded
    ((name,),) = rows(url, "SELECT DISTINCT CAST(tableoid AS regclass)::text FROM order_risk_checks")
    execute(url, f"ALTER TABLE order_risk_checks DETACH PARTITION {name}")
    assert {each.what for each in verify(store).problems} >= {"risk_check"}


def test_what_the_command_line_prints_makes_the_tables(kind):
    url = fresh_url()
    printed = sot("schema", "--partitions", "2", "--schema", "oms", "--prefix", "sot_")
    assert printed.exit_code == 0
    execute(url, printed.stdout.removeprefix("BEGIN;").removesuffix("COMMIT;\n"))
    store = SqlAlchemyStore.open(url, create=False, schema="oms", prefix="sot_")
    assert verify(store).problems == []
    store.close()


def test_what_it_prints_by_default_makes_what_opening_makes(kind):
    printed, opened = fresh_url(), fresh_url()
    execute(printed, sot("schema").stdout.removeprefix("BEGIN;").removesuffix("COMMIT;\n"))
    SqlAlchemyStore.open(opened).close()
    columns = "SELECT table_name, column_name, data_type FROM information_schema.columns"
    query = f"{columns} WHERE table_schema = 'public' ORDER BY 1, 2"
    assert rows(printed, query) == rows(opened, query)
    store = SqlAlchemyStore.open(printed, create=False)
    assert verify(store).problems == []
    store.close()


def test_layouts_that_a_database_lacks_are_refused(kind):
    for database, place, layout in [
        ("sqlite", DEFAULT, {"partition_count": 2}),
        ("sqlite", DEFAULT, {"is_on_citus": True}),
        ("sqlite", place_at("oms"), {}),
        ("postgresql", DEFAULT, {"partition_count": 2, "is_on_citus": True}),
        ("postgresql", DEFAULT, {"partition_count": 1025}),
        ("postgresql", DEFAULT, {"partition_count": -1}),
    ]:
        with pytest.raises(InvalidInput):
            creation_statements(database, place, **layout)
    assert sot("schema", "--database", "sqlite", "--distributed", "citus").exit_code == 2


def test_the_longest_name_of_a_partition_is_not_cut(kind):
    statements = creation_statements("postgresql", place_at(prefix="p" * 20), partition_count=1024)
    names = {statement.split()[2] for statement in statements if " PARTITION OF " in statement}
    assert len(names) == 1024 * (len(metadata.tables) - len(WHOLE))
    assert max(map(len, names)) <= 63


def test_citus_has_every_table_of_an_account_beside_the_others(kind):
    """They are written by its documentation; no cluster runs them here."""
    place = place_at("oms", "sot_")
    statements = list(distribution(place))
    references = [each for each in statements if "create_reference_table" in each]
    split = [each for each in statements if "create_distributed_table" in each]
    assert references == [
        "SELECT create_reference_table('oms.sot_sot_schema')",
        "SELECT create_reference_table('oms.sot_sot_alembic_version')",
    ]
    assert split[0] == "SELECT create_distributed_table('oms.sot_account_events', 'account_id')"
    assert all(each.endswith("'account_id', colocate_with => 'oms.sot_account_events')") for each in split[1:])
    names = [each.split("'")[1].removeprefix("oms.sot_") for each in split]
    assert set(names) == set(metadata.tables) - WHOLE
    for name in names:  # what a table refers to is distributed before it
        for key in metadata.tables[name].foreign_key_constraints:
            assert names.index(key.referred_table.name) <= names.index(name)
    printed = creation_statements("postgresql", place, is_on_citus=True)
    assert printed[1] == "SET LOCAL citus.enable_unsafe_triggers TO on"
    assert [each for each in printed if each in statements] == statements
