"""`sot` joins a session that the application owns, and never commits or rolls it back."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session
from tests.support.postgres import fresh_url

from sot import OrderHistory
from sot.adapters.sqlalchemy import SqlAlchemyStore, SqlAlchemyUnitOfWork
from sot.adapters.sqlalchemy.models import OrderEventRow, OrderRow
from sot.domain.values.vocabulary import Outcome
from sot.errors import ConcurrentUpdate, NotFound, UnitOfWorkFailed
from sot.testing.contract.samples import ACCOUNT, new_order_request, trade_report
from sot.testing.contract.transactions import failing_fills, read_history, submit_and_send, write_history


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


def fail_halfway(session):
    """Record a trade whose event is written and whose fill is not."""
    uow = SqlAlchemyUnitOfWork(session)
    with failing_fills(uow, RuntimeError("halfway")), pytest.raises(RuntimeError):
        OrderHistory(uow).record(trade_report("C1", "E1"))
    uow.forget()
    return uow


def sequences(store, order_id):
    return [event.sequence for event in read_history(store, lambda h: list(h.events(order_id)))]


def test_half_of_a_use_case_cannot_be_committed(store):
    order_id = submit_and_send(store, "C1")
    with Session(store.engine) as session:
        uow = fail_halfway(session)
        for joined in (uow, SqlAlchemyUnitOfWork(session)):
            with pytest.raises(UnitOfWorkFailed):
                OrderHistory(joined).record(trade_report("C1", "E2"))
            with pytest.raises(UnitOfWorkFailed):
                OrderHistory(joined).order(order_id)
            with pytest.raises(UnitOfWorkFailed):
                joined.commit()
            joined.rollback()  # forgets what was read; the transaction is the session's
        with pytest.raises(UnitOfWorkFailed):
            session.commit()
        session.rollback()
        OrderHistory(uow).record(trade_report("C1", "E1"))
        session.commit()
    assert read_history(store, lambda h: h.order(order_id)).cum_quantity == 1
    assert sequences(store, order_id) == [1, 2, 3]


def test_the_connection_beneath_cannot_commit_half_of_a_use_case(store):
    order_id = submit_and_send(store, "C1")
    with store.engine.connect() as connection, Session(connection, join_transaction_mode="rollback_only") as session:
        connection.begin()
        fail_halfway(session)
        with pytest.raises(UnitOfWorkFailed):
            connection.commit()
        session.rollback()
        connection.begin()
        OrderHistory(SqlAlchemyUnitOfWork(session)).record(trade_report("C1", "E2"))
        session.commit()
        connection.commit()
    assert sequences(store, order_id) == [1, 2, 3]


def test_a_refusal_leaves_the_session_usable(store):
    order_id = submit_and_send(store, "C1")
    with Session(store.engine) as session:
        history = OrderHistory(SqlAlchemyUnitOfWork(session))
        history.record(trade_report("C1", "E1"))
        with pytest.raises(NotFound):
            history.withdraw("00000000-0000-7000-8000-00000000ffff")
        history.record(trade_report("C1", "E2"))
        session.commit()
    assert read_history(store, lambda h: h.order(order_id)).cum_quantity == 2


@pytest.mark.parametrize("of_connection", [False, True], ids=["session", "connection"])
def test_a_rollback_to_the_savepoint_before_it_undoes_a_failure(store, of_connection):
    order_id = submit_and_send(store, "C1")
    with Session(store.engine) as session:
        OrderHistory(SqlAlchemyUnitOfWork(session)).record(trade_report("C1", "E2"))
        savepoint = session.connection().begin_nested() if of_connection else session.begin_nested()
        fail_halfway(session)
        if not of_connection:
            with pytest.raises(UnitOfWorkFailed):
                savepoint.commit()
        savepoint.rollback()
        OrderHistory(SqlAlchemyUnitOfWork(session)).record(trade_report("C1", "E3"))
        session.commit()
    assert sequences(store, order_id) == [1, 2, 3, 4]


@pytest.mark.parametrize("of_connection", [False, True], ids=["session", "connection"])
def test_a_rollback_to_a_later_savepoint_does_not_undo_a_failure(store, of_connection):
    order_id = submit_and_send(store, "C1")
    with Session(store.engine) as session:
        fail_halfway(session)
        (session.connection().begin_nested() if of_connection else session.begin_nested()).rollback()
        with pytest.raises(UnitOfWorkFailed):
            session.commit()
    assert sequences(store, order_id) == [1, 2]


def _roll_back_by_sql(session, use_case):
    session.execute(text("SAVEPOINT own"))
    use_case()
    session.execute(text("ROLLBACK TO SAVEPOINT own"))


def _roll_back_by_connection(session, use_case):
    savepoint = session.connection().begin_nested()
    use_case()
    savepoint.rollback()


@pytest.mark.parametrize("roll_back", [_roll_back_by_sql, _roll_back_by_connection], ids=["sql", "connection"])
def test_what_was_rolled_back_to_any_savepoint_is_no_repeat(store, roll_back):
    order_id = submit_and_send(store, "C1")
    report = trade_report("C1", "E1")
    with Session(store.engine) as session:
        history = OrderHistory(SqlAlchemyUnitOfWork(session))
        other = OrderHistory(SqlAlchemyUnitOfWork(session))
        history.record(trade_report("C1", "E0"))
        roll_back(session, lambda: (history.record(report), history.submit(new_order_request("C2"))))
        assert other.order(order_id).cum_quantity == history.order(order_id).cum_quantity == 1
        assert history.find_request(ACCOUNT, "C2") is None
        assert history.record(report).outcome is Outcome.RECORDED
        assert not history.submit(new_order_request("C2")).repeated
        session.commit()
    assert read_history(store, lambda h: h.order(order_id)).cum_quantity == 2
    assert sequences(store, order_id) == [1, 2, 3, 4]
