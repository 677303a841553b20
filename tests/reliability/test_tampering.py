"""Changes of the database behind the store's back are found, on SQLite and PostgreSQL."""

import itertools
import json
import shutil
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from sot import (
    InvalidInput,
)
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.adapters.sqlalchemy.models import metadata
from sot.application.accounting import positions
from sot.application.audit.rebuild import rebuild
from sot.application.audit.seal import seal
from sot.application.audit.verification import verify
from sot.application.orders import state_snapshots
from sot.domain.orders.event import OrderEvent
from sot.testing.contract.samples import ACCOUNT
from sot.testing.contract.transactions import submit_and_send
from sot.testing.fakes import ManualClock
from tests.conftest import examples
from tests.support.postgres import fresh_url
from tests.support.tampering import T0, Tampering, record_every_table

KINDS = ["sqlite", "postgresql"]
EXEMPT = {"api_keys", "idempotency_records"}  # no facts, and derived from none
EXEMPT |= {"sot_schema"}  # a store of another version is not opened
EXEMPT_COLUMNS = {("orders", "version")}  # counts changes
DERIVED = (
    "orders", "order_identifiers", "waiting_reports", "order_costs", "order_pnl", "order_states",
    "positions", "position_checkpoints",
)  # fmt: skip
ROWS_TO_CHANGE = {"exchange_reconciliation": 4}  # where two rows are not of every type


@pytest.fixture(scope="module", autouse=True)
def frequent_snapshots():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(positions, "SNAPSHOT_INTERVAL", 2)
        patch.setattr(state_snapshots, "STATE_SNAPSHOT_INTERVAL", 4)
        yield


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """For each kind of database its URL and checkpoints."""
    folder = tmp_path_factory.mktemp("tampering")
    urls = {"sqlite": f"sqlite:///{folder}/recorded.db"}
    return {kind: (url, record_every_table(url)) for kind, url in urls.items()}


@pytest.fixture
def tampering(request, recorded, tmp_path):
    """Makes a copy of the database to tamper with; returns it with the checkpoints."""

    started = []

    def start(kind):
        if kind == "sqlite":
            url, checkpoints = recorded[kind]
            shutil.copy(url.removeprefix("sqlite:///"), tmp_path / "copy.db")
            url = f"sqlite:///{tmp_path}/copy.db"
        else:
            url = fresh_url()
            checkpoints = record_every_table(url)
        started.append(Tampering(kind, url))
        return started[-1], checkpoints

    yield start
    for started_tampering in started:
        started_tampering.engine.dispose()


@pytest.mark.parametrize("kind", KINDS)
def test_an_unchanged_store_has_no_problems(kind, tampering):
    tamper, checkpoints = tampering(kind)
    assert tamper.problems(checkpoints) == []
    assert tamper.problems() == []
    for table in metadata.sorted_tables:
        if table.name not in EXEMPT:
            assert tamper.rows(f"SELECT 1 AS one FROM {table.name}"), f"{table.name} has no rows to tamper with"


def other_value(value, column):
    """Another value that the column can have."""
    kind = column.type.__class__.__name__
    if isinstance(value, bool):
        return not value
    if isinstance(value, int):
        return 1 - value if kind == "Flag" else value + 1_000_000
    if isinstance(value, Decimal):
        return value + 1
    if isinstance(value, datetime):
        return value + timedelta(seconds=1)
    if value is None:
        return {
            "Uuid": "00000000-0000-7000-8000-00000000000a",
            "Amount": "1",
            "UtcTime": 1_000_000,
            "Integer64": 1,
            "Flag": 1,
        }.get(kind, "x")
    if kind == "Uuid" or len(str(value)) == 36:
        return str(value)[:-1] + ("0" if str(value)[-1] != "0" else "1")
    if kind == "Amount":
        return str(Decimal(value) + 1)
    return f"{value}x"


@pytest.mark.parametrize("kind", KINDS)
def test_no_column_can_be_changed_unnoticed(kind, tampering):
    """Change each column of some rows of each table, one after another; each change is found."""
    tamper, checkpoints = tampering(kind)
    changes = 0
    for table in metadata.sorted_tables:
        if table.name in EXEMPT:
            continue
        keys = [column.name for column in table.primary_key.columns]
        rows = tamper.rows(f"SELECT * FROM {table.name}")
        for row, column in itertools.product(rows[: ROWS_TO_CHANGE.get(table.name, 2)], table.columns):
            if (table.name, column.name) in EXEMPT_COLUMNS:
                continue
            new = other_value(row[column.name], column)
            if kind == "postgresql" and isinstance(new, int) and column.type.__class__.__name__ == "UtcTime":
                new = T0
            if kind == "postgresql" and row[column.name] is None and column.type.__class__.__name__ == "Flag":
                new = True
            changed = {**row, column.name: new}
            change = f"UPDATE {table.name} SET {column.name} = :new WHERE "
            tamper(change + " AND ".join(f"{key} = :{key}" for key in keys), new=new, **{k: row[k] for k in keys})
            assert tamper.problems(checkpoints), (
                f"{table.name}.{column.name}: {row[column.name]!r} became {new!r} unnoticed"
            )
            tamper(
                change + " AND ".join(f"{key} = :{key}" for key in keys),
                new=row[column.name],
                **{k: changed[k] for k in keys},
            )
            changes += 1
    assert changes > 390
    assert tamper.problems(checkpoints) == []


# --------------------------------------------------------------------------- forgeries whose hashes are valid


def events_of(tamper, order_id):
    rows = tamper.rows("SELECT * FROM order_events WHERE order_id = :order_id ORDER BY sequence", order_id=order_id)
    return [OrderEvent.from_stored(row["body"], "") for row in rows]


def order_id_of(tamper, client_order_id="C1"):
    (row,) = tamper.rows("SELECT order_id FROM orders WHERE client_order_id = :name", name=client_order_id)
    return str(row["order_id"])


def forge(tamper, order_id, edit, with_feed):
    """Rewrite an order's events with valid hashes, and all that is derived from them; on demand the feed, too."""
    rows = tamper.rows("SELECT * FROM order_events WHERE order_id = :order_id ORDER BY sequence", order_id=order_id)
    bodies = edit([json.loads(row["body"]) for row in rows])
    previous = json.loads(rows[0]["body"])["prev_hash"]
    tamper("DELETE FROM order_fills WHERE order_id = :order_id", order_id=order_id)
    tamper("DELETE FROM order_events WHERE order_id = :order_id", order_id=order_id)
    feed = tamper.rows("SELECT * FROM fact_feed WHERE key = :order_id ORDER BY position", order_id=str(order_id))
    if with_feed:
        tamper("DELETE FROM fact_feed WHERE key = :order_id", order_id=str(order_id))
    positions_in_feed = iter([row["position"] for row in feed] + [900])
    from sot.adapters.sqlalchemy import rows as codec

    for number, body in enumerate(bodies, 1):
        body |= {"prev_hash": previous, "sequence": number}
        event = OrderEvent.from_stored(json.dumps(body), "")
        previous = event.hash
        row = codec.event_row(event)
        table = metadata.tables["order_events"]
        with tamper.engine.begin() as connection:
            if tamper.kind == "postgresql":
                connection.execute(text("SET session_replication_role = replica"))
            connection.execute(table.insert(), [row])
            if with_feed:
                row = {"position": next(positions_in_feed), "account_id": ACCOUNT, "kind": "EVENT", "key": order_id}
                row |= {"number": number, "hash": previous, "recorded_at": event.recorded_at}
                connection.execute(metadata.tables["fact_feed"].insert(), [row])
    store = SqlAlchemyStore.open(tamper.url)
    with store.begin() as uow:
        order = uow.orders.get(order_id)
        from sot.application.audit.rederive import rederive_order

        request = uow.requests.get(order.request_id)
        for fill in rederive_order(uow, order, uow.events.list(order.account_id, order_id), request).fills:
            uow.fills.append(fill)
        uow.commit()
    rebuild(store)
    store.close()


def edit_price(bodies):
    bodies[2]["report"]["last_price"] = "1"
    return bodies


def with_new_exec_id(body):
    return body | {"report": body["report"] | {"exec_id": "N"}}


FORGERIES = {
    "an event edited": edit_price,
    "the tail removed": lambda bodies: bodies[:-2],
    "an event inserted": lambda bodies: [*bodies[:3], with_new_exec_id(bodies[2]), *bodies[3:]],
    "two events swapped": lambda bodies: [*bodies[:2], bodies[4], bodies[3], bodies[2], *bodies[5:]],
    "an event removed": lambda bodies: [*bodies[:3], *bodies[4:]],
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("forgery", FORGERIES)
def test_sealed_facts_cannot_be_forged_with_valid_hashes(kind, forgery, tampering):
    tamper, checkpoints = tampering(kind)
    order_id = order_id_of(tamper)
    forge(tamper, order_id, FORGERIES[forgery], with_feed=False)
    assert order_id in [problem.key for problem in tamper.problems(checkpoints)]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_feed_is_found_by_its_checkpoint(kind, forgery, tampering):
    tamper, checkpoints = tampering(kind)
    forge(tamper, order_id_of(tamper), FORGERIES[forgery], with_feed=True)
    problems = tamper.problems(checkpoints)
    behind = {"order"} if forgery == "an event inserted" else set()  # it is older than its feed position
    assert {problem.what for problem in problems} == {"checkpoint"} | behind, f"all else was forged, too: {problems}"


def remove_order(tamper, order_id):
    derived = ("order_states", "order_fills", "order_pnl", "order_costs", "order_identifiers")
    for table in (*derived, "order_events", "orders"):
        tamper(f"DELETE FROM {table} WHERE order_id = :order_id", order_id=order_id)
    store = SqlAlchemyStore.open(tamper.url)
    rebuild(store)
    store.close()


@pytest.mark.parametrize("kind", KINDS)
def test_an_order_and_a_request_cannot_be_removed_unnoticed(kind, tampering):
    tamper, checkpoints = tampering(kind)
    order_id = order_id_of(tamper)
    (row,) = tamper.rows("SELECT request_id FROM orders WHERE order_id = :order_id", order_id=order_id)
    remove_order(tamper, order_id)
    assert {f.key for f in tamper.problems(checkpoints) if f.what == "order"} == {order_id}
    for table in ("order_risk_checks", "order_decision_context", "order_requests"):
        tamper(f"DELETE FROM {table} WHERE request_id = :request_id", request_id=str(row["request_id"]))
    found = {f.what for f in tamper.problems(checkpoints)}
    assert {"request", "context", "risk_check"} <= found
    tamper("DELETE FROM fact_feed WHERE key IN (:one, :other)", one=order_id, other=str(row["request_id"]))
    assert {f.what for f in tamper.problems(checkpoints)} == {"checkpoint"}, "nothing else names them any more"


@pytest.mark.parametrize("kind", KINDS)
def test_an_order_cannot_be_inserted_behind_a_checkpoint(kind, tampering):
    tamper, checkpoints = tampering(kind)
    store = SqlAlchemyStore.open(tamper.url, ManualClock())  # its clock shows the time of the first facts
    late = submit_and_send(store, "BEHIND")
    store.close()
    assert late in [f.key for f in tamper.problems(checkpoints)]


@pytest.mark.parametrize("kind", KINDS)
def test_an_event_cannot_move_to_another_order(kind, tampering):
    tamper, _ = tampering(kind)
    one, other = order_id_of(tamper), order_id_of(tamper, "LATER")
    tamper("DELETE FROM order_fills WHERE order_id = :one", one=one)
    tamper("UPDATE order_events SET order_id = :other WHERE order_id = :one AND sequence = 7", one=one, other=other)
    assert {f.key for f in tamper.problems() if f.what == "order"} >= {one, other}


@pytest.mark.parametrize("kind", KINDS)
def test_checkpoints_cannot_be_removed_or_replaced(kind, tampering):
    tamper, checkpoints = tampering(kind)
    tamper("DELETE FROM checkpoints")
    assert {(f.what, f.key) for f in tamper.problems(checkpoints)} >= {("checkpoint", "1"), ("checkpoint", "2")}
    store = SqlAlchemyStore.open(tamper.url)
    store.run(seal)
    store.close()
    with pytest.raises(InvalidInput, match="store"):
        tamper.problems(checkpoints)


def test_a_damaged_checkpoint_is_refused(recorded):
    url, checkpoints = recorded["sqlite"]
    store = SqlAlchemyStore.open(url)
    with pytest.raises(InvalidInput, match="as it was exported"):
        verify(store, [checkpoints[0].changed(count=1)])
    store.close()


# -------------------------------------------------------------------------------------------------- at random

COLUMNS = [
    (table.name, column.name)
    for table in metadata.sorted_tables
    if table.name not in EXEMPT
    for column in table.columns
    if (table.name, column.name) not in EXEMPT_COLUMNS
]


@given(data=st.data())
@settings(max_examples=examples(60))
def test_random_tampering_is_found(recorded, tmp_path_factory, data):
    """Set any column of any row to the value of another row, or to nothing."""
    url, checkpoints = recorded["sqlite"]
    name = tmp_path_factory.mktemp("random") / "copy.db"
    shutil.copy(url.removeprefix("sqlite:///"), name)
    tamper = Tampering("sqlite", f"sqlite:///{name}")
    table, column = data.draw(st.sampled_from(COLUMNS))
    rows = tamper.rows(f"SELECT * FROM {table}")
    row = data.draw(st.sampled_from(rows))
    values = {other[column] for other in rows} | {None}
    new = data.draw(st.sampled_from(sorted(values, key=repr)))
    if new == row[column]:
        return
    try:
        tamper(f"UPDATE {table} SET {column} = :new WHERE {of_row(table)}", new=new, **row_key(table, row))
        assert tamper.problems(checkpoints)
    except IntegrityError:
        pass  # the database itself refuses
    finally:
        tamper.engine.dispose()


# ---------------------------------------------------------------------------------------------------- derived rows


def row_key(table, row):
    """The parameters of `of_row`."""
    return {f"key_{column.name}": row[column.name] for column in metadata.tables[table].primary_key.columns}


def of_row(table):
    """The condition that a row is the one of `row_key`."""
    return " AND ".join(f"{column.name} = :key_{column.name}" for column in metadata.tables[table].primary_key.columns)


def insert(tamper, table, row):
    columns = ", ".join(row)
    tamper(f"INSERT INTO {table} ({columns}) VALUES ({', '.join(f':{name}' for name in row)})", **row)


def found_and_repaired(tamper, checkpoints, what):
    """Check that a change is found, and that a rebuild repairs it."""
    assert tamper.problems(checkpoints), f"{what} was not noticed"
    store = SqlAlchemyStore.open(tamper.url)
    rebuild(store)
    store.close()
    assert tamper.problems(checkpoints) == [], f"{what} was not repaired"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("table", [table for table in DERIVED if table != "orders"])
def test_a_derived_row_that_is_removed_or_added_is_found_and_repaired(kind, table, tampering):
    """A row is added by copying one with another key. Rows of `orders` cannot be derived where events remain."""
    tamper, checkpoints = tampering(kind)
    for row in tamper.rows(f"SELECT * FROM {table}")[:3]:
        tamper(f"DELETE FROM {table} WHERE {of_row(table)}", **row_key(table, row))
        found_and_repaired(tamper, checkpoints, f"the removal of {row} from {table}")
        for changed in other_keys(tamper, table, row):
            insert(tamper, table, changed)
            found_and_repaired(tamper, checkpoints, f"the addition of {changed} to {table}")


def other_keys(tamper, table, row):
    """Copies of a row under other keys that the table can have."""
    if table == "waiting_reports":
        return [row | {"value": "another"}, row | {"kind": "VENUE", "value": "V1"}, row | {"kind": "BOGUS"}]
    if table == "order_identifiers":
        (other,) = tamper.rows("SELECT order_id FROM orders WHERE client_order_id = 'LATER'")
        changed = [row | {name: "another"} for name in ("value", "venue_account", "id_scope", "venue")]
        return [*changed, row | {"kind": "BOGUS"}, *([row | other] if other["order_id"] != row["order_id"] else [])]
    if table in ("order_pnl", "order_states"):
        return [row | {"sequence": 2}]
    if table == "order_costs":
        orders = "SELECT order_id FROM orders WHERE order_id NOT IN (SELECT order_id FROM order_costs)"
        return [row | other for other in tamper.rows(orders)[:1]]
    return [row | {"position_id": "another"}, row | {"symbol": "another"}]


SPELLINGS = (" {0}", "{0} ", "+{0}", "0{0}", "{0}.0", "{0}e0", "{0}\n")


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_numbers_that_are_written_in_another_way_are_found(spelling, tampering):
    """They read as the same number, in each table with amounts."""
    tamper, checkpoints = tampering("sqlite")
    tried = 0
    for table in metadata.sorted_tables:
        columns = [column.name for column in table.columns if column.type.__class__.__name__ == "Amount"]
        for name in columns:
            rows = tamper.rows(f"SELECT * FROM {table.name} WHERE {name} IS NOT NULL AND {name} NOT LIKE '%.%'")[:1]
            for row in [row for row in rows if not row[name].startswith("-")]:
                change = f"UPDATE {table.name} SET {name} = :new WHERE {of_row(table.name)}"
                tamper(change, new=spelling.format(row[name]), **row_key(table.name, row))
                assert tamper.problems(checkpoints), f"{table.name}.{name}: {row[name]!r} as {spelling!r}"
                tamper(change, new=row[name], **row_key(table.name, row))
                tried += 1
    assert tried > 25
    assert tamper.problems(checkpoints) == []


def test_trailing_zeros_on_postgresql_are_found(tampering):
    """NUMERIC keeps the digits that it is given."""
    tamper, checkpoints = tampering("postgresql")
    tamper("UPDATE order_fills SET price = 100.0 WHERE price = 100")
    assert [(problem.what, problem.problem) for problem in tamper.problems(checkpoints)][-1:] != []
    tamper("UPDATE order_fills SET price = 100 WHERE price = 100")
    assert tamper.problems(checkpoints) == []
    tamper("UPDATE orders SET cum_quantity = cum_quantity * 1.00")
    found_and_repaired(tamper, checkpoints, "trailing zeros")
