"""API keys and idempotency records in databases: damaged rows, lost races, traces."""

import pytest
from sqlalchemy import select, text

from sot import ConcurrentUpdate
from sot.adapters.sqlalchemy.models import OrderEventRow, OrderRequestRow
from sot.application.support.tracing import TracedStore
from sot.errors import StoreDamaged
from sot.testing.contract.samples import api_key, idempotency_record
from sot.testing.contract.transactions import add_api_keys, find_idempotency_record, list_api_keys, submit_and_send


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request, make_store):
    return make_store(request.param)


@pytest.mark.parametrize(
    ("table", "column", "damaged"),
    [
        ("api_keys", "scopes", "READ,EVERYTHING"),
        ("api_keys", "accounts", "[1]"),
        ("api_keys", "accounts", "all"),
        ("api_keys", "secret_hash", "short"),
        ("idempotency_records", "headers", "["),
        ("idempotency_records", "fingerprint", ""),
        ("idempotency_records", "status", -1),
    ],
)
def test_a_damaged_row_raises_store_damaged(store, table, column, damaged):
    add_api_keys(store, api_key("k1"))
    store.run(lambda uow: uow.idempotency_records.add(idempotency_record("k1")))
    with store.engine.begin() as connection:
        if store.engine.dialect.name == "sqlite":
            connection.execute(text(f"DROP TRIGGER {table}_no_update"))
        else:
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER ALL"))
        connection.execute(text(f"UPDATE {table} SET {column} = :damaged"), {"damaged": damaged})
    read = list_api_keys if table == "api_keys" else lambda store: find_idempotency_record(store, "k1")
    with pytest.raises(StoreDamaged, match=f"{table} .*k1 cannot be read"):
        read(store)


@pytest.mark.parametrize("kind", ["memory", "postgresql"])
def test_the_second_commit_of_the_same_key_is_a_lost_race(make_store, kind):
    """Neither sees the row of the other before a commit. (SQLite has one writer at a time.)"""
    store = make_store(kind)
    with store.begin() as one, store.begin() as other:
        assert one.idempotency_records.get("account", "k") is other.idempotency_records.get("account", "k") is None
        one.idempotency_records.add(idempotency_record("k", body="one"))
        one.api_keys.add(api_key("k1", name="one"))
        other.idempotency_records.add(idempotency_record("k", body="other"))
        other.api_keys.add(api_key("k1", name="other"))
        one.commit()
        with pytest.raises(ConcurrentUpdate):
            other.commit()
    assert (find_idempotency_record(store, "k").body, list_api_keys(store)[0].name) == ("one", "one")


def test_the_applications_queries_find_traces(store):
    submit_and_send(store, "C1")
    order_id = submit_and_send(TracedStore(store, "mine"), "C2")
    with store.engine.connect() as connection:
        assert connection.scalars(select(OrderEventRow.order_id).where(OrderEventRow.trace == "mine")).all() == [
            order_id, order_id
        ]  # fmt: skip
        assert connection.scalars(
            select(OrderRequestRow.client_order_id).where(OrderRequestRow.trace == "mine")
        ).all() == ["C2"]
        assert len(connection.scalars(select(OrderEventRow.trace).where(OrderEventRow.trace.is_(None))).all()) == 2
