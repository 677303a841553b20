"""`sot` joins a session that the application owns, and never commits or rolls it back."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from tests.support.postgres import fresh_url

from sot import ConcurrentUpdate, OrderHistory
from sot.adapters.sqlalchemy import SqlAlchemyStore, SqlAlchemyUnitOfWork
from sot.adapters.sqlalchemy.models import OrderEventRow, OrderRow
from sot.testing.contract.samples import ACCOUNT, new_order_request, trade_report
from sot.testing.contract.transactions import read_history, submit_and_send, write_history


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request, tmp_path):
    store = SqlAlchemyStore.open(fresh_url() if request.param == "postgresql" else f"sqlite:///{tmp_path}/a.db")
    with store.engine.begin() as connection:
        connection.execute(text("CREATE TABLE app_notes (note TEXT)"))
    yield store
    store.close()


def test_the_application_commits_both_or_neither(store):
    order_id = submit_and_send(store, "C1")
    for commits, quantity in ((False, 0), (True, 1)):
        with Session(store.engine) as session:
            session.execute(text("INSERT INTO app_notes VALUES ('bought')"))
            with SqlAlchemyUnitOfWork(session) as uow:
                OrderHistory(uow).record(trade_report("C1", "E1"))
                uow.commit()  # only the session's owner commits
            if commits:
                session.commit()
            else:
                session.rollback()
        assert read_history(store, lambda h: h.order(order_id)).cum_quantity == quantity
        with store.engine.connect() as connection:
            assert connection.execute(text("SELECT count(*) FROM app_notes")).scalar() == quantity


def test_the_applications_queries_join_the_models(store):
    submit_and_send(store, "C1")
    with Session(store.engine) as session:
        OrderHistory(SqlAlchemyUnitOfWork(session)).record(trade_report("C1", "E1", "4"))
        query = (
            (
                select(OrderRow.client_order_id, OrderEventRow.type, OrderEventRow.last_quantity)
                .join(
                    OrderEventRow,
                    (OrderEventRow.account_id == OrderRow.account_id) & (OrderEventRow.order_id == OrderRow.order_id),
                )
                .where(OrderRow.cum_quantity > 3, OrderRow.account_id == ACCOUNT)
                .order_by(OrderEventRow.sequence)
            )
            if store.engine.dialect.name == "postgresql"
            else (
                select(OrderRow.client_order_id, OrderEventRow.type, OrderEventRow.last_quantity)
                .join(
                    OrderEventRow,
                    (OrderEventRow.account_id == OrderRow.account_id) & (OrderEventRow.order_id == OrderRow.order_id),
                )
                .order_by(OrderEventRow.sequence)
            )
        )
        found = session.execute(query).all()
    assert [tuple(row) for row in found] == [("C1", "CREATED", None), ("C1", "SUBMITTED", None), ("C1", "TRADE", 4)]


def test_a_rollback_to_a_savepoint_is_followed(store):
    order_id = submit_and_send(store, "C1")
    with Session(store.engine) as session:
        history = OrderHistory(SqlAlchemyUnitOfWork(session))
        history.record(trade_report("C1", "E1"))
        savepoint = session.begin_nested()
        history.record(trade_report("C1", "E2"))
        assert history.order(order_id).cum_quantity == 2
        savepoint.rollback()
        assert history.order(order_id).cum_quantity == 1
        history.record(trade_report("C1", "E3"))
        session.commit()
        assert history.order(order_id).cum_quantity == 2
    events = read_history(store, lambda h: list(h.events(order_id)))
    assert [event.report.exec_id for event in events[2:]] == ["E1", "E3"]
    assert [event.sequence for event in events] == [1, 2, 3, 4]


def test_after_the_sessions_rollback_everything_is_read_again(store):
    order_id = submit_and_send(store, "C1")
    with Session(store.engine) as session:
        history = OrderHistory(SqlAlchemyUnitOfWork(session))
        history.record(trade_report("C1", "E1"))
        session.rollback()
        assert history.order(order_id).cum_quantity == 0
        history.record(trade_report("C1", "E1"))
        session.commit()
    assert read_history(store, lambda h: h.order(order_id)).cum_quantity == 1


def test_after_a_lost_race_the_session_can_go_on(store):
    if store.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    order_id = submit_and_send(store, "C1")
    with Session(store.engine) as session:
        history = OrderHistory(SqlAlchemyUnitOfWork(session))
        assert history.order(order_id).cum_quantity == 0
        write_history(store, lambda h: h.record(trade_report("C1", "E1")))
        with pytest.raises(ConcurrentUpdate):
            history.record(trade_report("C1", "E2"))
        session.rollback()
        history.record(trade_report("C1", "E2"))
        session.commit()
    assert read_history(store, lambda h: h.order(order_id)).cum_quantity == 2


def test_two_units_of_work_share_a_session(store):
    submit_and_send(store, "C1")
    with Session(store.engine) as session:
        OrderHistory(SqlAlchemyUnitOfWork(session)).record(trade_report("C1", "E1"))
        OrderHistory(SqlAlchemyUnitOfWork(session)).record(trade_report("C1", "E2"))
        OrderHistory(SqlAlchemyUnitOfWork(session)).submit(new_order_request("C2"))
        session.commit()
    assert read_history(store, lambda h: h.find_order(ACCOUNT, "C1")).cum_quantity == 2
    assert read_history(store, lambda h: h.find_request(ACCOUNT, "C2")) is not None
