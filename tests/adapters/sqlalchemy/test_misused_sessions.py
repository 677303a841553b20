"""Joined sessions that are misused: an error of `sot`, or the right behaviour, and never half of a use case."""

import threading
from contextlib import suppress

import pytest
from sqlalchemy import ForeignKey, create_engine, delete, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column
from tests.support.postgres import fresh_url

from sot import InvalidInput, OrderHistory, SotError
from sot.adapters.sqlalchemy import SqlAlchemyStore, SqlAlchemyUnitOfWork
from sot.adapters.sqlalchemy.models import OrderEventRow, OrderRow
from sot.audit import verify
from sot.errors import SchemaMismatch
from sot.testing.contract.samples import ACCOUNT, VENUE, new_order_request, spot_instrument, trade_report
from sot.testing.contract.transactions import read_history, submit_and_send, write_history

KINDS = ["sqlite", "postgresql"]


class Base(DeclarativeBase):
    pass


class Note(Base):
    """A table of the application, in the same database."""

    __tablename__ = "notes"
    id: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str]
    about: Mapped[int | None] = mapped_column(ForeignKey("notes.id"))


@pytest.fixture(params=KINDS)
def store(request, tmp_path):
    url = fresh_url() if request.param == "postgresql" else f"sqlite:///{tmp_path}/a.db"
    store = SqlAlchemyStore.open(url)
    Base.metadata.create_all(store.engine)
    submit_and_send(store, "C1")
    yield store
    assert verify(store).problems == []
    store.close()


@pytest.fixture
def session(store):
    with Session(store.engine) as session:
        yield session


@pytest.fixture
def history(session):
    return OrderHistory(SqlAlchemyUnitOfWork(session))


def filled(store):
    return read_history(store, lambda h: h.find_order(ACCOUNT, "C1", VENUE)).cum_quantity


def record(history, exec_id):
    return history.record(trade_report("C1", exec_id))


def test_a_session_goes_on_after_its_commit(store, session, history):
    record(history, "E1")
    session.commit()
    record(history, "E2")
    session.commit()
    assert filled(store) == 2


def test_a_session_goes_on_after_its_close(store, session, history):
    """SQLAlchemy lets a closed session begin anew; what was not committed is gone."""
    record(history, "E1")
    session.close()
    assert filled(store) == 0
    assert history.find_order(ACCOUNT, "C1", VENUE).cum_quantity == 0
    record(history, "E2")
    session.commit()
    assert filled(store) == 1


def test_a_session_that_ends_with_its_close_is_refused(store):
    with Session(store.engine, close_resets_only=False) as session:
        history = OrderHistory(SqlAlchemyUnitOfWork(session))
        record(history, "E1")
    with pytest.raises(SotError):
        record(history, "E2")
    assert filled(store) == 0


def test_begin_within_begin(store, session, history):
    with session.begin():
        record(history, "E1")
        with session.begin_nested():
            record(history, "E2")
            with session.begin_nested() as innermost:
                record(history, "E3")
                innermost.rollback()
            assert history.find_order(ACCOUNT, "C1", VENUE).cum_quantity == 2
    assert filled(store) == 2


def test_an_error_of_the_applications_own_objects(store, session, history):
    """Their flush fails and rolls back the whole transaction, ours with it."""
    record(history, "E1")
    session.add(Note(id=1, text="one"))
    session.flush()
    session.expunge_all()
    session.add(Note(id=1, text="the same key"))
    with pytest.raises(IntegrityError):
        session.flush()
    with pytest.raises(SotError):
        record(history, "E2")
    session.rollback()
    assert record(history, "E3").outcome == "RECORDED"
    session.commit()
    assert filled(store) == 1


def test_an_error_of_the_applications_own_objects_in_a_savepoint(store, session, history):
    record(history, "E1")
    with pytest.raises(IntegrityError), session.begin_nested():
        record(history, "E2")
        session.execute(text("INSERT INTO notes (id, text) VALUES (1, NULL)"))
    record(history, "E3")
    session.commit()
    assert filled(store) == 2


def test_objects_of_the_application_are_flushed_beside(store, session, history):
    session.add(Note(id=1, text="pending"))
    record(history, "E1")
    session.commit()
    assert filled(store) == 1
    assert session.get(Note, 1).text == "pending"


def test_expiring_and_expunging_everything(store, session, history):
    session.get(Note, 1)
    record(history, "E1")
    session.expire_all()
    record(history, "E2")
    session.expunge_all()
    assert history.find_order(ACCOUNT, "C1", VENUE).cum_quantity == 2
    session.commit()
    assert filled(store) == 2


@pytest.mark.parametrize("statement", [delete(OrderEventRow), update(OrderEventRow).values(sequence=7)])
def test_bulk_changes_of_facts_are_refused_by_the_database(store, session, history, statement):
    record(history, "E1")
    session.commit()
    with pytest.raises(Exception, match="append-only"):
        session.execute(statement)
    session.rollback()
    record(history, "E2")
    session.commit()
    assert filled(store) == 2


def test_an_order_that_the_application_changes_beneath_is_noticed(store, session, history):
    """The version of its row is not the one that was read."""
    history.find_order(ACCOUNT, "C1", VENUE)
    session.execute(update(OrderRow).values(version=OrderRow.version + 1))
    with pytest.raises(SotError):
        record(history, "E1")
    with pytest.raises(SotError):
        session.commit()
    session.rollback()
    record(history, "E2")
    session.commit()
    assert filled(store) == 1


def test_many_rollbacks(store, session, history):
    for number in range(10):
        record(history, f"E{number}")
        session.rollback()
    assert history.find_order(ACCOUNT, "C1", VENUE).cum_quantity == 0
    record(history, "last")
    session.commit()
    assert filled(store) == 1


def test_two_units_of_work_in_one_session(store, session, history):
    other = OrderHistory(SqlAlchemyUnitOfWork(session))
    record(history, "E1")
    assert other.find_order(ACCOUNT, "C1", VENUE).cum_quantity == 1
    assert record(other, "E1").outcome == "REPEATED"
    session.commit()
    assert filled(store) == 1


def test_two_sessions_on_one_connection(store):
    with store.engine.connect() as connection, connection.begin():
        for exec_id in ("E1", "E2"):
            with Session(connection, join_transaction_mode="create_savepoint") as session:
                record(OrderHistory(SqlAlchemyUnitOfWork(session)), exec_id)
                session.commit()
    assert filled(store) == 2


def test_a_session_in_two_threads_stores_nothing_by_half(store):
    """A session is for one thread. What two of them make of it is an error, or complete."""
    for round_number in range(5):
        with Session(store.engine) as session:
            history = OrderHistory(SqlAlchemyUnitOfWork(session))

            def write(thread, history=history, round_number=round_number):
                with suppress(Exception):
                    for number in range(4):
                        record(history, f"E{round_number}.{thread}.{number}")

            threads = [threading.Thread(target=write, args=(thread,)) for thread in range(2)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            try:
                session.commit()
            except Exception:
                session.invalidate()
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        order = history.find_order(ACCOUNT, "C1", VENUE)
        assert len(list(history.fills(order.order_id))) == order.cum_quantity


def run_in_thread(function):
    """Run a function in a thread of its own. Return the errors that it raised: one or none."""
    errors = []

    def run():
        try:
            function()
        except Exception as error:
            errors.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return errors


@pytest.mark.parametrize("use", [OrderHistory.orders, lambda history: record(history, "E2")], ids=["query", "command"])
def test_what_another_thread_begins_in_the_midst_of_a_command_is_refused(store, session, history, use):
    """Its changes and those of the command would be mixed, and their order in the feed."""
    uow = history._uow
    events, errors = uow.events, []

    class Interrupted:
        def __getattr__(self, name):
            errors.extend(run_in_thread(lambda: use(history)))
            return getattr(events, name)

    uow.events = Interrupted()
    assert record(history, "E1").outcome == "RECORDED"
    assert errors
    assert all(isinstance(error, InvalidInput) and "thread" in str(error) for error in errors)
    session.commit()
    assert filled(store) == 1


def test_a_session_passes_from_one_thread_to_another_between_commands(store, session, history):
    assert run_in_thread(lambda: record(history, "E1")) == []
    record(history, "E2")
    session.commit()
    assert filled(store) == 2


def test_a_session_may_pass_from_one_thread_to_another(tmp_path):
    store = SqlAlchemyStore.open(fresh_url())
    submit_and_send(store, "C1")
    with Session(store.engine) as session:
        history = OrderHistory(SqlAlchemyUnitOfWork(session))
        for number in range(3):
            thread = threading.Thread(target=record, args=(history, f"E{number}"))
            thread.start()
            thread.join()
        session.commit()
    assert filled(store) == 3
    store.close()


def test_a_session_of_another_database_has_no_tables(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/other.db")
    with Session(engine) as session, pytest.raises(SchemaMismatch, match="its schema is version none"):
        OrderHistory(SqlAlchemyUnitOfWork(session)).submit(new_order_request("C1"))
    engine.dispose()


def test_a_session_without_an_engine():
    with Session() as session, pytest.raises(SotError, match="bind|engine"):
        OrderHistory(SqlAlchemyUnitOfWork(session)).register(spot_instrument())


def test_the_session_of_another_unit_of_work_that_waits_is_not_disturbed(store, session, history):
    record(history, "E1")
    session.rollback()
    assert write_history(store, lambda h: record(h, "E2")).outcome == "RECORDED"
    assert history.find_order(ACCOUNT, "C1", VENUE).cum_quantity == 1
