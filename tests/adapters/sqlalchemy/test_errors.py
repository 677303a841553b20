"""What a database's errors mean to a caller."""

import sqlite3
import threading

import psycopg
import pytest
from sqlalchemy import text
from tests.postgres import fresh_url

from sot import CommitUnknown, OrderHistory, StoreUnavailable
from sot.adapters.sqlalchemy import SqlAlchemyStore, engine
from sot.testing.contract import place, read, trade, write


def test_a_locked_file_is_unavailable_and_nothing_is_lost(tmp_path, monkeypatch):
    path = tmp_path / "a.db"
    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.2)
    store = SqlAlchemyStore.open(f"sqlite:///{path}")
    order_id = place(store, "C1")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="locked"):
        write(store, lambda h: h.record(trade("C1", "E1")))
    assert read(store, lambda h: h.order(order_id)).cum_quantity == 0  # readers wait for nobody
    other.execute("ROLLBACK")
    other.close()
    write(store, lambda h: h.record(trade("C1", "E1")))
    assert read(store, lambda h: h.order(order_id)).cum_quantity == 1
    store.close()


def test_a_closed_store_says_so(tmp_path):
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db")
    store.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        store.begin()


def test_a_server_that_ends_the_connection_leaves_all_or_nothing():
    url = fresh_url()
    store = SqlAlchemyStore.open(url)
    order_id = place(store, "C1")
    with pytest.raises((StoreUnavailable, CommitUnknown)), store.begin() as uow:
        OrderHistory(uow).record(trade("C1", "E1"))
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        uow.commit()
    assert read(store, lambda h: h.order(order_id)).cum_quantity == 0
    write(store, lambda h: h.record(trade("C1", "E1")))
    assert read(store, lambda h: h.order(order_id)).cum_quantity == 1
    store.close()


def test_a_full_disk_is_unavailable_and_nothing_is_lost(tmp_path):
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db")
    order_id = place(store, "C1")
    recorded = 0
    with store.engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
    from sqlalchemy import event

    event.listen(store.engine, "connect", lambda c, _: c.execute(f"PRAGMA max_page_count = {pages + 3}"))
    store.engine.dispose()
    with pytest.raises(StoreUnavailable, match="full"):
        for number in range(10_000):
            write(store, lambda h, n=number: h.record(trade("C1", f"E{n}")))
            recorded += 1
    store.close()
    again = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db")
    assert read(again, lambda h: h.order(order_id)).cum_quantity == recorded > 0
    again.close()


def test_threads_share_a_store(tmp_path):
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db")
    order_id = place(store, "C1")

    def record(number: int) -> None:
        write(store, lambda h: h.record(trade("C1", f"E{number}")))

    threads = [threading.Thread(target=record, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read(store, lambda h: h.order(order_id)).cum_quantity == 12
    store.close()
