"""Connections that the server ends: between statements, in the middle of a stream, before BEGIN."""

import psycopg
import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from tests.support.postgres import fresh_url

from sot import OrderHistory
from sot.adapters.sqlalchemy import SqlAlchemyStore, SqlAlchemyUnitOfWork, write_buffer
from sot.application.audit.archive import archive
from sot.domain.values.vocabulary import FactKind
from sot.errors import StoreUnavailable
from sot.testing.contract.samples import ACCOUNT, new_order_request, trade_report
from sot.testing.contract.transactions import read_history, submit_and_send, write_history

ENDED = "terminat|closed|lost|server"


@pytest.fixture(scope="module")
def url():
    url = fresh_url()
    store = SqlAlchemyStore.open(url)
    for name in ("C1", "C2", "C3", "C4", "C5", "C6"):
        submit_and_send(store, name)
    for number in range(30):
        write_history(store, lambda h, n=number: h.record(trade_report("C1", f"E{n}", "0.01")))
    store.close()
    return url


@pytest.fixture
def store(url):
    store = SqlAlchemyStore.open(url)
    yield store
    store.close()


@pytest.fixture
def end_connections(url):
    def end():
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    return end


READS = {
    "a list": lambda history: history.orders(),
    "an order": lambda history: history.find_request(ACCOUNT, "C1"),
    "waiting reports": lambda history: history.waiting(ACCOUNT),
}


@pytest.mark.parametrize("read_only", [True, False])
@pytest.mark.parametrize("read", READS)
def test_between_statements(store, end_connections, read, read_only):
    with store.begin(read_only) as uow:
        history = OrderHistory(uow)
        history.orders()
        end_connections()
        with pytest.raises(StoreUnavailable, match=ENDED):
            READS[read](OrderHistory(uow))
    assert len(read_history(store, lambda h: h.orders()).items) == 6


STREAMS = {
    "the feed": lambda uow: uow.feed.leaves(),
    "the facts": lambda uow: archive(uow, 0, uow.feed.last()),
    "rows that verify reads": lambda uow: uow.audit.facts(FactKind.REQUEST),
}


@pytest.mark.parametrize("stream", STREAMS)
def test_in_the_middle_of_a_stream(store, end_connections, monkeypatch, stream):
    monkeypatch.setattr(write_buffer, "_BATCH", 2)
    with store.begin(read_only=True) as uow:
        rows = iter(STREAMS[stream](uow))
        next(rows)
        end_connections()
        with pytest.raises(StoreUnavailable, match=ENDED):
            list(rows)
    assert len(read_history(store, lambda h: h.orders()).items) == 6


def test_before_the_next_transaction_of_a_store(store, end_connections):
    assert len(read_history(store, lambda h: h.orders()).items) == 6
    end_connections()
    assert len(read_history(store, lambda h: h.orders()).items) == 6  # the pool looks first whether it is alive


def test_of_a_session_of_the_application(url, end_connections):
    engine = create_engine(url)
    with Session(engine) as session:
        history = OrderHistory(SqlAlchemyUnitOfWork(session))
        history.orders()
        end_connections()
        with pytest.raises(StoreUnavailable, match=ENDED):
            history.submit(new_order_request("C9"))
        session.rollback()
        assert len(OrderHistory(SqlAlchemyUnitOfWork(session)).orders().items) == 6
    engine.dispose()


def test_of_a_session_before_its_transaction_begins(url, end_connections):
    engine = create_engine(url)
    with engine.connect():
        pass
    end_connections()
    with Session(engine) as session, pytest.raises(StoreUnavailable, match=ENDED):
        OrderHistory(SqlAlchemyUnitOfWork(session)).orders()
    engine.dispose()


def test_a_server_that_is_out_of_reach():
    with pytest.raises(StoreUnavailable, match="check that the server runs"):
        SqlAlchemyStore.open("postgresql+psycopg://nobody@127.0.0.1:1/none")
    engine = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    with Session(engine) as session, pytest.raises(StoreUnavailable, match="check that the server runs"):
        OrderHistory(SqlAlchemyUnitOfWork(session)).orders()
    engine.dispose()
