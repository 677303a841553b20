"""Statements that go straight to the driver do what they do through SQLAlchemy."""

import psycopg
import pytest
from sqlalchemy import create_engine, event
from sqlalchemy.exc import DBAPIError
from tests.support.postgres import fresh_store_url

from sot import OrderHistory
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.adapters.sqlalchemy.link import Call
from sot.adapters.sqlalchemy.store_transactions import ConnectionTransaction, DriverTransaction, PsycopgTransaction
from sot.errors import StoreUnavailable
from sot.testing.contract.samples import spot_instrument
from sot.testing.contract.transactions import submit_and_send, write_history

KINDS = {"sqlite": DriverTransaction, "postgresql": PsycopgTransaction}
UPDATE = "UPDATE orders SET version = version + 1 WHERE client_order_id = 'C1'"
UPDATE_NONE = "UPDATE orders SET version = version + 1 WHERE client_order_id = 'C9'"
REFUSED = "UPDATE order_events SET hash = ''"
"""A trigger refuses it."""


@pytest.fixture(params=KINDS)
def store(request, make_store):
    store = make_store(request.param)
    write_history(store, lambda h: h.register(spot_instrument()))
    submit_and_send(store, "C1")
    return store


@pytest.fixture(params=[False, True], ids=["straight", "with a listener"])
def listened_store(request, store):
    """A store, of whose statements an application is told in one of two cases."""
    if request.param:
        event.listen(store.engine, "before_cursor_execute", lambda *arguments: None)
    return store


def kind_of_transaction(store, read_only=False):
    with store.begin(read_only) as uow:
        return type(uow._begin())


@pytest.mark.parametrize("read_only", [False, True])
def test_statements_go_straight_to_the_driver_where_nobody_listens(store, read_only):
    assert kind_of_transaction(store, read_only) is KINDS[store.engine.dialect.name]
    for target in (store.engine, store.engine.dialect):
        listener = [target, "handle_error", lambda context: None]
        event.listen(*listener)
        assert kind_of_transaction(store, read_only) is ConnectionTransaction
        event.remove(*listener)
    assert kind_of_transaction(store, read_only) is not ConnectionTransaction


def test_a_listener_of_errors_is_told(store):
    told = []
    event.listen(store.engine, "handle_error", lambda context: told.append(context.statement))
    with store.begin() as uow, pytest.raises(DBAPIError):
        uow._begin().execute(REFUSED, ())
    assert told == [REFUSED]


def test_statements_sent_together_tell_how_many_rows_each_found(listened_store):
    with listened_store.begin() as uow:
        found = uow._begin().execute_all([Call(UPDATE_NONE, ()), Call(UPDATE, ()), Call(UPDATE_NONE, ())])
        assert found == [0, 1, 0]


def test_an_error_among_statements_sent_together_undoes_them(listened_store):
    with listened_store.begin() as uow:
        transaction = uow._begin()
        with pytest.raises(Exception, match="append-only"):
            transaction.execute_all([Call(UPDATE, ()), Call(REFUSED, ()), Call(UPDATE, ())])
    with listened_store.begin(read_only=True) as uow:
        row = uow._begin().execute("SELECT version FROM orders", ()).fetchone()
    assert row[0] == 1


def test_an_error_among_statements_sent_together_is_raised_and_not_logged(make_store, caplog):
    store = make_store("postgresql")
    submit_and_send(store, "C1")
    many = Call("UPDATE order_events SET hash = %s", [("",), ("",)])
    with store.begin() as uow, pytest.raises(psycopg.errors.RestrictViolation, match="append-only"):
        uow._begin().execute_all([Call(UPDATE, ()), many, Call(UPDATE, ())])
    assert caplog.messages == []


def test_core_and_the_driver_work_in_one_transaction(store):
    with store.begin() as uow:
        transaction = uow._begin()
        transaction.execute(UPDATE, ())
        version = transaction.connection.exec_driver_sql("SELECT version FROM orders").scalar()
        assert version == 2
    assert store.engine.pool.checkedout() == 0
    with store.begin(read_only=True) as uow:
        row = uow._begin().execute("SELECT version FROM orders", ()).fetchone()
    assert row[0] == 1


def test_a_lost_connection_takes_the_older_ones_of_its_pool_with_it():
    """An engine of the application does not look whether a connection of its pool is alive."""
    url = fresh_store_url()
    store = SqlAlchemyStore(create_engine(url))
    with store.begin() as one, store.begin() as other:
        OrderHistory(one).orders()
        OrderHistory(other).orders()
    assert store.engine.pool.checkedin() == 2
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as admin:
        admin.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    with pytest.raises(StoreUnavailable):
        store.run(lambda uow: uow.instruments.versions("a", "b", "c"))
    store.run(lambda uow: uow.instruments.versions("a", "b", "c"))
    store.close()
