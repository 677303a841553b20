"""Listeners of a store's engine get all of its events; without listeners the events are skipped."""

import sqlite3

import pytest
from sqlalchemy import event

from sot import Instrument, OrderHistory
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.testing.contract.samples import ACCOUNT, trade_report
from sot.testing.contract.transactions import submit_and_send

SPOT = Instrument(account_id="main", venue="VENUE", symbol="BTC/USDT", kind="SPOT", base="BTC", quote="USDT")


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request, make_store):
    return make_store(request.param)


EVENTS = [
    "before_cursor_execute",
    "after_cursor_execute",
    "before_execute",
    "after_execute",
    "engine_connect",
    "begin",
    "commit",
    "rollback",
]


@pytest.mark.parametrize("event_name", EVENTS)
def test_a_listener_gets_the_events_of_a_unit_of_work(event_name, store):
    events = []

    def add_event(*arguments, **named):
        events.append(arguments)

    store.run(lambda uow: OrderHistory(uow).register(SPOT))
    event.listen(store.engine, event_name, add_event)
    store.run(lambda uow: OrderHistory(uow).orders(), read_only=True)
    store.run(lambda uow: OrderHistory(uow).register(SPOT))
    count = len(events)
    assert count > 0
    event.remove(store.engine, event_name, add_event)
    store.run(lambda uow: OrderHistory(uow).orders(), read_only=True)
    assert len(events) == count


def test_the_log_of_an_engine_has_the_statements(tmp_path, caplog):
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/orders.db")
    store.engine.echo = True
    with caplog.at_level("INFO", "sqlalchemy.engine"):
        store.run(lambda uow: OrderHistory(uow).register(SPOT))
    assert "INSERT INTO instruments" in caplog.text and "COMMIT" in caplog.text
    store.close()


def test_an_engine_that_was_disposed_of_makes_new_connections(store):
    """A process disposes of the engine after a fork, so that it does not share connections with its parent."""
    store.run(lambda uow: OrderHistory(uow).register(SPOT))
    before = store.engine.pool
    store.engine.dispose(close=False)
    assert store.run(lambda uow: OrderHistory(uow).instruments("main", "VENUE", "BTC/USDT"), read_only=True)
    store.run(lambda uow: OrderHistory(uow).register(SPOT))
    assert store.engine.pool is not before
    assert store.engine.pool.checkedin() == 1
    before.dispose()


@pytest.mark.parametrize("has_listener", [True, False])
@pytest.mark.parametrize("read_only", [True, False])
def test_a_writer_locks_from_its_first_query_and_a_reader_does_not(read_only, has_listener, tmp_path):
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/orders.db")
    if has_listener:
        event.listen(store.engine, "before_cursor_execute", lambda *arguments: None)
    other = sqlite3.connect(tmp_path / "orders.db", timeout=0, isolation_level=None)
    with store.begin(read_only) as uow:
        assert not uow.instruments.versions("main", "VENUE", "BTC/USDT")
        if read_only:
            other.execute("BEGIN IMMEDIATE")
        else:
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
    other.close()
    store.close()


def test_a_repository_of_an_ended_transaction_does_not_see_the_next_one(tmp_path):
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/orders.db")
    order_id = submit_and_send(store, "C1")
    uow = store.begin(read_only=True)
    events = uow.events
    before = events.list(ACCOUNT, order_id)
    uow.rollback()
    with store.begin() as other:
        OrderHistory(other).record(trade_report("C1", "E1"))
        assert len(other.events.list(ACCOUNT, order_id)) == len(before) + 1
        assert events.list(ACCOUNT, order_id) == before
    uow.rollback()
    store.close()
