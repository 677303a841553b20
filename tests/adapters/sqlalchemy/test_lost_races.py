"""Lost races are found in every store: changed orders, identifiers given at once, and what a server says of them."""

import threading
import time
from contextlib import ExitStack

import psycopg
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError
from tests.support.postgres import fresh_url

from sot import CommitUnknown, ConcurrentUpdate, OrderHistory
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.adapters.sqlalchemy.errors import translate
from sot.errors import StoreDamaged, StoreUnavailable
from sot.testing.contract.samples import ACCOUNT, new_order_request, spot_instrument, trade_report
from sot.testing.contract.transactions import read_history, submit_and_send, write_history

LOST_RACES = ("40001", "40P01", "55P03")
BY_SQLSTATE = {
    **dict.fromkeys(LOST_RACES, ConcurrentUpdate),
    "23505": ConcurrentUpdate,
    **dict.fromkeys(("XX001", "XX002", "42P01", "42703", "23502", "23514"), StoreDamaged),
    **dict.fromkeys(("53100", "53300", "57P01", "57P03", "58030", "08006"), StoreUnavailable),
    "22012": StoreUnavailable,  # whatever else a server says
}
LOST_CONNECTION = frozenset({"57P01", "57P03", "08006"})
WAITING = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


@pytest.mark.parametrize("kind", ["memory", "postgresql"])
def test_an_order_that_changed_meanwhile_is_not_overwritten(kind, make_store):
    store = make_store(kind)
    order_id = submit_and_send(store, "C1")
    with store.begin() as first, store.begin() as second:
        orders = [(uow.orders.get(order_id), uow) for uow in (first, second)]
        for number, (order, uow) in enumerate(orders, 1):
            order.state.polled = f"by {number}"
            uow.orders.save(order)
        first.commit()
        with pytest.raises(ConcurrentUpdate, match=r"order.* was changed"):
            second.commit()


@pytest.mark.parametrize("kind", ["memory", "postgresql"])
def test_an_order_that_changed_after_it_was_read_is_not_overwritten(kind, make_store):
    store = make_store(kind)
    order_id = submit_and_send(store, "C1")
    with store.begin() as uow:
        order = uow.orders.get(order_id)
        write_history(store, lambda h: h.record(trade_report("C1", "E1")))
        with pytest.raises(ConcurrentUpdate, match=r"order.* was changed"):
            uow.orders.rewrite(order)
            uow.commit()
    assert read_history(store, lambda h: h.order(order_id)).cum_quantity == 1


def test_an_order_that_changed_meanwhile_is_not_overwritten_on_sqlite(make_store):
    store = make_store("sqlite")
    order_id = submit_and_send(store, "C1")
    with store.begin() as uow:
        order = uow.orders.get(order_id)
        # One transaction writes at a time, so that only the same one can change the row behind the repository.
        uow._begin().connection.exec_driver_sql("UPDATE orders SET version = version + 1")
        uow.orders.save(order)
        with pytest.raises(ConcurrentUpdate, match="was changed"):
            uow.commit()


def test_a_part_is_not_committed_after_an_update_that_found_no_row(make_store):
    store = make_store("sqlite")
    order_id = submit_and_send(store, "C1")
    with store.begin() as uow:
        order = uow.orders.get(order_id)
        uow._begin().connection.exec_driver_sql("UPDATE orders SET version = version + 1")
        OrderHistory(uow).record(trade_report("UNKNOWN", "E1"))
        uow.orders.save(order)
        with pytest.raises(ConcurrentUpdate, match="was changed"):
            OrderHistory(uow).orders()  # the report is written now, and the order is not
        with pytest.raises(ConcurrentUpdate, match="was changed"):
            uow.commit()
    assert read_history(store, lambda h: h.waiting(ACCOUNT).items) == []


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_what_was_written_and_not_committed_is_rolled_back(kind, make_store):
    store = make_store(kind)
    write_history(store, lambda h: h.register(spot_instrument()))
    with store.begin() as uow:
        history = OrderHistory(uow)
        make_order(history)
        assert len(history.orders().items) == 1  # it is in the database now, in a transaction that is open
    assert read_history(store, lambda h: h.orders()).items == []


def make_order(history):
    history.mark_sent(history.submit(new_order_request("C1")).request_id)


def record_execution(history):
    history.record(trade_report("C1", "E1"))


@pytest.mark.parametrize(("first", "second"), [(record_execution, make_order), (make_order, record_execution)])
def test_a_report_and_its_order_that_come_at_once_find_each_other_in_memory(first, second, make_store):
    store = make_store("memory")
    write_history(store, lambda h: h.register(spot_instrument()))
    with store.begin() as uow:
        first(OrderHistory(uow))
        write_history(store, second)
        with pytest.raises(ConcurrentUpdate):
            uow.commit()
    write_history(store, first)
    assert read_history(store, lambda h: h.find_order(ACCOUNT, "C1")).cum_quantity == 1


@pytest.mark.parametrize(("first", "second"), [(record_execution, make_order), (make_order, record_execution)])
def test_a_report_and_its_order_that_come_at_once_find_each_other_on_postgresql(first, second):
    store = SqlAlchemyStore.open(fresh_url())
    write_history(store, lambda h: h.register(spot_instrument()))
    done = threading.Event()
    other = threading.Thread(target=lambda: (write_history(store, second), done.set()), daemon=True)
    with ExitStack() as stack:
        watching = stack.enter_context(store.engine.connect().execution_options(isolation_level="AUTOCOMMIT"))
        uow = stack.enter_context(store.begin())
        first(OrderHistory(uow))
        uow._buffer.flush()
        other.start()
        deadline = time.monotonic() + 20
        while not done.is_set() and not watching.execute(text(WAITING)).scalar():
            assert time.monotonic() < deadline, "neither waits nor ends"
            time.sleep(0.01)
        uow.commit()
    other.join(timeout=20)
    assert done.is_set()
    assert read_history(store, lambda h: h.find_order(ACCOUNT, "C1")).cum_quantity == 1
    store.close()


def raising(sqlstate):
    return text(f"DO $$ BEGIN RAISE EXCEPTION 'planned' USING ERRCODE = '{sqlstate}'; END $$")


@pytest.fixture(scope="module")
def engine():
    engine = create_engine(fresh_url())
    yield engine
    engine.dispose()


@pytest.mark.parametrize("sqlstate", BY_SQLSTATE)
def test_what_a_server_says_is_translated_by_its_sqlstate(engine, sqlstate):
    with engine.connect() as connection, pytest.raises(DBAPIError) as caught:
        connection.execute(raising(sqlstate))
    expected = BY_SQLSTATE[sqlstate]
    assert type(translate(caught.value, "postgresql://host")) is expected
    committing = CommitUnknown if sqlstate in LOST_CONNECTION else expected
    assert type(translate(caught.value, "postgresql://host", committing=True)) is committing


@pytest.mark.parametrize("sqlstate", LOST_RACES)
def test_a_use_case_that_lost_a_race_is_run_again(sqlstate, make_store):
    store = make_store("postgresql")
    attempts = []

    def use_case(uow):
        attempts.append(uow)
        OrderHistory(uow).register(spot_instrument())
        if len(attempts) < 3:
            uow._buffer.execute(raising(sqlstate))

    store.run(use_case)
    assert len(attempts) == 3


def update_twice(first, second):
    """Change a row that the other transaction has changed since this one began."""
    for connection in (first, second):
        connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ")
        connection.execute("SELECT * FROM a").fetchall()
    first.execute("UPDATE a SET x = 2")
    first.execute("COMMIT")
    second.execute("UPDATE a SET x = 3")


def wait_for_each_other(first, second):
    """Let each transaction wait for a lock that the other one has."""
    for number, connection in enumerate((first, second)):
        connection.execute("BEGIN")
        connection.execute("SET deadlock_timeout = '10ms'")
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (number,))
    errors = []

    def wait():
        try:
            first.execute("SELECT pg_advisory_xact_lock(1)")
        except psycopg.Error as error:
            errors.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    try:
        second.execute("SELECT pg_advisory_xact_lock(0)")
    except psycopg.Error as error:
        errors.append(error)
    second.execute("ROLLBACK")
    thread.join(timeout=20)
    raise errors[0]


def refuse_to_wait(first, second):
    """Ask for a locked row without waiting for it."""
    first.execute("BEGIN")
    first.execute("SELECT * FROM a FOR UPDATE")
    second.execute("SELECT * FROM a FOR UPDATE NOWAIT")


@pytest.mark.parametrize("lose", [update_twice, wait_for_each_other, refuse_to_wait])
def test_a_race_that_a_server_decides_is_a_lost_race(lose):
    url = fresh_url().replace("+psycopg", "")
    with psycopg.connect(url, autocommit=True) as first, psycopg.connect(url, autocommit=True) as second:
        first.execute("CREATE TABLE a (x INTEGER)")
        first.execute("INSERT INTO a VALUES (1)")
        with pytest.raises(psycopg.Error) as caught:
            lose(first, second)
        for connection in (first, second):
            connection.execute("ROLLBACK")
    error = DBAPIError.instance("SELECT 1", None, caught.value, psycopg.Error, False)
    assert isinstance(translate(error, "postgresql://host"), ConcurrentUpdate)
