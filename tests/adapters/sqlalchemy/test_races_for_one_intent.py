"""Two transactions that want the same thing on PostgreSQL: one waits, and then sees what the other did."""

import threading
import time

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session
from tests.support.postgres import fresh_url

from sot import OrderHistory
from sot.adapters.sqlalchemy import SqlAlchemyStore, SqlAlchemyUnitOfWork
from sot.domain.values.vocabulary import Outcome
from sot.errors import ConcurrentUpdate, InvalidInput
from sot.testing.contract.samples import ACCOUNT, VENUE, new_order_request, spot_instrument, trade_report
from sot.testing.contract.transactions import read_history, submit_and_send, write_history

_WAITING = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid <> pg_backend_pid()")


@pytest.fixture
def store():
    store = SqlAlchemyStore.open(fresh_url())
    yield store
    store.close()


def _while_another_waits(store, first, second):
    """Run `first` in a transaction, commit it once `second` waits for it in another; return what `second` returned."""
    results = []

    def run_second():
        try:
            results.append(second())
        except Exception as error:
            results.append(error)

    thread = threading.Thread(target=run_second)
    with store.begin() as uow:
        first(OrderHistory(uow))
        uow._buffer.flush()
        thread.start()
        with store.engine.connect() as connection:
            while thread.is_alive() and not connection.execute(_WAITING).scalar():
                connection.rollback()
                time.sleep(0.01)
        assert thread.is_alive(), results
        uow.commit()
    thread.join()
    return results[0]


REQUEST_ID = "00000000-0000-7000-8000-0000000000aa"


@pytest.mark.parametrize("changes", [{}, {"request_id": REQUEST_ID}], ids=["no id", "id"])
def test_the_same_intent_at_once_is_a_repeat(store, changes):
    write_history(store, lambda h: h.register(spot_instrument()))
    intent = new_order_request("C1", **changes)

    def send(history):
        history.mark_sent(history.submit(intent).request_id)

    result = _while_another_waits(store, send, lambda: write_history(store, lambda h: h.submit(intent)))
    assert result.repeated is True


def test_the_same_intent_at_once_in_joined_sessions_is_a_lost_race_or_a_repeat(store):
    write_history(store, lambda h: h.register(spot_instrument()))
    intent = new_order_request("C1")

    def submit_in_session():
        with Session(store.engine) as session:
            result = OrderHistory(SqlAlchemyUnitOfWork(session)).submit(intent)
            session.commit()
            return result

    def send(history):
        history.mark_sent(history.submit(intent).request_id)

    result = _while_another_waits(store, send, submit_in_session)
    assert isinstance(result, ConcurrentUpdate) or result.repeated


def test_the_same_instrument_at_once_is_a_repeat(store):
    result = _while_another_waits(
        store,
        lambda h: h.register(spot_instrument()),
        lambda: write_history(store, lambda h: h.register(spot_instrument())),
    )
    assert result is Outcome.REPEATED


def test_looking_up_locks_nothing(store):
    order_id = submit_and_send(store, "C1")
    with store.begin() as uow:
        history = OrderHistory(uow)
        assert history.find_order(ACCOUNT, "C1", VENUE).order_id == order_id
        assert history.find_request(ACCOUNT, "C1") is not None
        assert history.order(order_id).order_id == order_id
        history.waiting(ACCOUNT)
        with store.engine.connect() as connection:
            held = connection.execute(
                text("SELECT count(*) FROM pg_locks WHERE locktype <> 'virtualxid' AND mode LIKE '%Exclusive%'")
            ).scalar()
        assert held == 0


def test_a_report_of_a_known_order_locks_no_identifier(store):
    submit_and_send(store, "C1")
    write_history(store, lambda h: h.record(trade_report("C1", "E1")))
    with store.begin() as uow:
        OrderHistory(uow).record(trade_report("C1", "E2"))
        assert uow._identifier_cache._locked == set()


def _host_store(url):
    return SqlAlchemyStore(create_engine(url.replace("postgresql://", "postgresql+psycopg://")), lock_timeout=0.2)


@pytest.mark.parametrize("open_store", [lambda url: SqlAlchemyStore.open(url, lock_timeout=0.2), _host_store])
def test_a_write_waits_for_a_bounded_time(store, open_store):
    order_id = submit_and_send(store, "C1")
    impatient = open_store(store.engine.url.render_as_string(hide_password=False))
    report = trade_report("C1", "E1")
    with store.begin() as uow:
        OrderHistory(uow).record(report)
        uow._buffer.flush()
        with impatient.begin() as other, pytest.raises(ConcurrentUpdate, match="lock timeout"):
            OrderHistory(other).record(report)
            other.commit()
        uow.commit()
    assert write_history(impatient, lambda h: h.record(report)).outcome is Outcome.REPEATED
    assert read_history(impatient, lambda h: h.order(order_id)).cum_quantity == 1
    impatient.close()


def test_a_joined_session_waits_for_a_bounded_time_unless_it_has_a_limit(store):
    submit_and_send(store, "C1")
    shown = text("SHOW lock_timeout")
    engine = create_engine(store.engine.url)
    for own, expected in ((None, "7s"), ("9s", "9s")):
        with Session(engine) as session:
            if own:
                session.execute(text(f"SET LOCAL lock_timeout = '{own}'"))
            OrderHistory(SqlAlchemyUnitOfWork(session, lock_timeout=7)).record(trade_report("C1", f"E{own}"))
            assert session.execute(shown).scalar() == expected
            session.commit()
            assert session.execute(shown).scalar() == "0"
    engine.dispose()


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf"), True, "5", None, 86_401])
def test_a_senseless_lock_timeout_is_refused(seconds, tmp_path):
    with pytest.raises(InvalidInput, match="lock_timeout"):
        SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db", lock_timeout=seconds)
    assert not (tmp_path / "a.db").exists()
