"""Whoever listens to a store's engine hears of its transactions; only where nobody does are they told to nobody."""

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


HEARD = [
    "before_cursor_execute",
    "after_cursor_execute",
    "before_execute",
    "after_execute",
    "engine_connect",
    "begin",
    "commit",
    "rollback",
]


@pytest.mark.parametrize("what", HEARD)
def test_what_a_unit_of_work_does_is_heard(what, store):
    heard = []

    def note(*told, **named):
        heard.append(told)

    store.run(lambda uow: OrderHistory(uow).register(SPOT))
    event.listen(store.engine, what, note)
    store.run(lambda uow: OrderHistory(uow).orders(), read_only=True)
    store.run(lambda uow: OrderHistory(uow).register(SPOT))
    count = len(heard)
    assert count > 0
    event.remove(store.engine, what, note)
    store.run(lambda uow: OrderHistory(uow).orders(), read_only=True)
    assert len(heard) == count


def test_a_log_of_statements_has_them(tmp_path, caplog):
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/orders.db")
    store.engine.echo = True
    with caplog.at_level("INFO", "sqlalchemy.engine"):
        store.run(lambda uow: OrderHistory(uow).register(SPOT))
    assert "INSERT INTO instruments" in caplog.text and "COMMIT" in caplog.text
    store.close()


def test_an_engine_that_was_disposed_of_gives_new_connections(store):
    """As a process does after a fork, so that it does not use connections that are another's, too."""
    store.run(lambda uow: OrderHistory(uow).register(SPOT))
    before = store.engine.pool
    store.engine.dispose(close=False)
    assert store.run(lambda uow: OrderHistory(uow).instruments("main", "VENUE", "BTC/USDT"), read_only=True)
    store.run(lambda uow: OrderHistory(uow).register(SPOT))
    assert store.engine.pool is not before
    assert store.engine.pool.checkedin() == 1
    before.dispose()


@pytest.mark.parametrize("heard", [True, False])
@pytest.mark.parametrize("read_only", [True, False])
def test_a_writer_is_alone_from_its_first_look_on_and_a_reader_hinders_nobody(read_only, heard, tmp_path):
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/orders.db")
    if heard:
        event.listen(store.engine, "before_cursor_execute", lambda *told: None)
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


def test_a_repository_that_was_kept_does_not_see_the_transaction_that_has_its_connection_now(tmp_path):
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/orders.db")
    order_id = submit_and_send(store, "C1")
    uow = store.begin(read_only=True)
    kept = uow.events
    told = kept.list(ACCOUNT, order_id)
    uow.rollback()
    with store.begin() as other:
        OrderHistory(other).record(trade_report("C1", "E1"))
        assert len(other.events.list(ACCOUNT, order_id)) == len(told) + 1
        assert kept.list(ACCOUNT, order_id) == told
    uow.rollback()
    store.close()
