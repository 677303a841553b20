"""Errors of a database reach the caller as errors of `sot`."""

import sqlite3
import threading
import time

import psycopg
import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from tests.support.postgres import fresh_url

from sot import CommitUnknown, ConcurrentUpdate, OrderHistory
from sot.adapters.sqlalchemy import SqlAlchemyStore, SqlAlchemyUnitOfWork
from sot.adapters.sqlalchemy.errors import translate
from sot.adapters.sqlalchemy.statements import INSERTS
from sot.errors import ReadOnly, StoreDamaged, StoreUnavailable
from sot.testing.contract.samples import ACCOUNT, new_order_request, spot_instrument, trade_report
from sot.testing.contract.transactions import read_history, submit_and_send, write_history


def test_a_locked_file_is_unavailable_and_nothing_is_lost(tmp_path):
    path = tmp_path / "a.db"
    store = SqlAlchemyStore.open(f"sqlite:///{path}", lock_timeout=0.2)
    order_id = submit_and_send(store, "C1")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable, match="locked"):
        write_history(store, lambda h: h.record(trade_report("C1", "E1")))
    assert read_history(store, lambda h: h.order(order_id)).cum_quantity == 0  # readers wait for nobody
    other.execute("ROLLBACK")
    other.close()
    write_history(store, lambda h: h.record(trade_report("C1", "E1")))
    assert read_history(store, lambda h: h.order(order_id)).cum_quantity == 1
    store.close()


def test_a_closed_store_is_unavailable(tmp_path):
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db")
    store.close()
    with pytest.raises(StoreUnavailable, match="closed"):
        store.begin()


@pytest.mark.parametrize(("when", "expected"), [("before the writes", StoreUnavailable), ("at COMMIT", CommitUnknown)])
def test_a_server_that_ends_the_connection_leaves_all_or_nothing(when, expected):
    url = fresh_url()
    store = SqlAlchemyStore.open(url)
    order_id = submit_and_send(store, "C1")

    def end_connections(connection: object = None) -> None:
        with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as admin:
            admin.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )

    with pytest.raises(expected), store.begin() as uow:
        OrderHistory(uow).record(trade_report("C1", "E1"))
        if when == "at COMMIT":
            event.listen(store.engine, "commit", end_connections, once=True)
        else:
            end_connections()
        uow.commit()
    assert read_history(store, lambda h: h.order(order_id)).cum_quantity == 0
    write_history(store, lambda h: h.record(trade_report("C1", "E1")))
    assert read_history(store, lambda h: h.order(order_id)).cum_quantity == 1
    store.close()


def test_a_full_disk_is_unavailable_and_nothing_is_lost(tmp_path):
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db")
    order_id = submit_and_send(store, "C1")
    recorded = 0
    with store.engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar()
    event.listen(store.engine, "connect", lambda c, _: c.execute(f"PRAGMA max_page_count = {pages + 3}"))
    store.engine.dispose()
    with pytest.raises(StoreUnavailable, match="full"):
        for number in range(10_000):
            write_history(store, lambda h, n=number: h.record(trade_report("C1", f"E{n}")))
            recorded += 1
    store.close()
    again = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db")
    assert read_history(again, lambda h: h.order(order_id)).cum_quantity == recorded > 0
    again.close()


def test_tables_of_another_version_are_no_lost_race(tmp_path):
    """A column that this version does not know is required: running the use case again would not help."""
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db")
    order_id = submit_and_send(store, "C1")
    with store.engine.begin() as connection:
        connection.execute(text("ALTER TABLE order_fills ADD COLUMN newer INTEGER CHECK (newer IS NOT NULL)"))
    tries = []
    with pytest.raises(StoreDamaged, match="not those of this version"):
        write_history(store, lambda h: tries.append(h.record(trade_report("C1", "E1"))))
    assert len(tries) == 1
    assert read_history(store, lambda h: h.order(order_id)).cum_quantity == 0
    store.close()


def test_threads_share_a_store(tmp_path):
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db")
    order_id = submit_and_send(store, "C1")

    def record(number: int) -> None:
        write_history(store, lambda h: h.record(trade_report("C1", f"E{number}")))

    threads = [threading.Thread(target=record, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read_history(store, lambda h: h.order(order_id)).cum_quantity == 12
    store.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_part_cannot_be_committed_after_an_error(kind, make_store, monkeypatch):
    store = make_store(kind)
    write_history(store, lambda h: h.register(spot_instrument()))
    with store.begin() as uow:
        history = OrderHistory(uow)
        history.mark_sent(history.submit(new_order_request("C1")).request_id)
        with monkeypatch.context() as patched:
            # The request and the order are written before the event; that one then fails in an unforeseen way.
            patched.setattr(INSERTS["order_events"].compiled(store.engine.dialect), "text", "INSERT INTO nowhere")
            with pytest.raises(Exception, match=r"nowhere|syntax|incomplete"):
                history.orders()
        with pytest.raises(Exception, match=r"nowhere|syntax|incomplete"):
            uow.commit()
    assert read_history(store, lambda h: h.requests()).items == []
    assert submit_and_send(store, "C1")


def error_of(action):
    with pytest.raises(sqlite3.Error) as caught:
        action()
    return caught.value


def busy(path):
    writer, other = (sqlite3.connect(path, isolation_level=None, timeout=0) for _ in range(2))
    writer.execute("BEGIN IMMEDIATE")
    try:
        return error_of(lambda: other.execute("BEGIN IMMEDIATE"))
    finally:
        writer.close()
        other.close()


def read_too_early(path):
    reader, writer = (sqlite3.connect(path, isolation_level=None) for _ in range(2))
    try:
        reader.execute("PRAGMA journal_mode = WAL")
        reader.execute("CREATE TABLE a (x INTEGER)")
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM a").fetchall()
        writer.execute("INSERT INTO a VALUES (1)")
        return error_of(lambda: reader.execute("INSERT INTO a VALUES (2)"))
    finally:
        reader.close()
        writer.close()


def statement(*statements):
    def run(path):
        connection = sqlite3.connect(path)
        try:
            for before in statements[:-1]:
                connection.execute(before)
            return error_of(lambda: connection.execute(statements[-1]))
        finally:
            connection.close()

    return run


def of_a_text_file(path):
    path.write_bytes(b"no database at all " * 100)
    return statement("SELECT * FROM sqlite_master")(path)


def of_a_read_only_file(path):
    sqlite3.connect(path).close()
    connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    try:
        return error_of(lambda: connection.execute("CREATE TABLE a (x)"))
    finally:
        connection.close()


UNIQUE = statement("CREATE TABLE a (x UNIQUE)", "INSERT INTO a VALUES (1)", "INSERT INTO a VALUES (1)")


@pytest.mark.parametrize(
    ("provoke", "committing", "expected"),
    [
        (busy, False, StoreUnavailable),
        (busy, True, StoreUnavailable),
        (read_too_early, False, ConcurrentUpdate),
        (UNIQUE, False, ConcurrentUpdate),
        (UNIQUE, True, ConcurrentUpdate),
        (of_a_text_file, False, StoreDamaged),
        (of_a_text_file, True, StoreDamaged),
        (of_a_read_only_file, False, StoreUnavailable),
        (lambda path: error_of(lambda: sqlite3.connect(path / "nowhere" / "a.db")), False, StoreUnavailable),
        (statement("SELECT * FROM nowhere"), False, StoreDamaged),
        (statement("SELECT nonsense("), False, StoreDamaged),
    ],
)
def test_an_error_of_sqlite_is_translated_also_when_it_is_wrapped(tmp_path, provoke, committing, expected):
    error = provoke(tmp_path / "a.db")
    for raised in (error, OperationalError("SELECT 1", None, error)):
        translated = translate(raised, "sqlite:///a.db", committing)
        assert type(translated) is expected
        if expected in (StoreUnavailable, StoreDamaged):
            assert "sqlite:///a.db" in str(translated) and str(error) in str(translated)


def test_the_same_order_from_a_session_and_a_store_is_a_lost_race():
    store = SqlAlchemyStore.open(fresh_url())
    submit_and_send(store, "C1")
    outcomes: list[BaseException | None] = []

    def submit_too() -> None:
        try:
            with store.begin() as uow:
                OrderHistory(uow).submit(new_order_request("C2"))
                uow.commit()
            outcomes.append(None)
        except BaseException as error:
            outcomes.append(error)

    other = threading.Thread(target=submit_too, daemon=True)
    waits = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    with Session(store.engine) as session:
        request_id = OrderHistory(SqlAlchemyUnitOfWork(session)).submit(new_order_request("C2")).request_id
        other.start()
        deadline = time.monotonic() + 10
        with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while not connection.execute(waits).scalar():
                assert time.monotonic() < deadline, outcomes
                time.sleep(0.01)
        session.commit()
    other.join(timeout=10)
    assert [type(error) for error in outcomes] == [ConcurrentUpdate]
    assert "order_requests" in str(outcomes[0])
    assert read_history(store, lambda h: h.find_request(ACCOUNT, "C2")).request_id == request_id
    store.close()


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_read_only_unit_of_work_cannot_write(make_store, kind):
    store = make_store(kind)
    order_id = submit_and_send(store, "C1")
    with store.begin(read_only=True) as uow:
        with pytest.raises(ReadOnly):
            OrderHistory(uow).record(trade_report("C1", "E1"))
        with pytest.raises(ReadOnly):
            uow.commit()
    assert read_history(store, lambda h: h.order(order_id)).cum_quantity == 0
    write_history(store, lambda h: h.record(trade_report("C1", "E1")))
    assert read_history(store, lambda h: h.order(order_id)).cum_quantity == 1


def _failed_check(module):
    """An assertion that fails in the code of a module."""
    code = compile("def check():\n    assert False", module, "exec")
    names = {"__name__": module}
    exec(code, names)
    try:
        names["check"]()
    except AssertionError as error:
        return error


@pytest.mark.parametrize("module", ["psycopg.generators", "asyncpg.connection"])
@pytest.mark.parametrize(("committing", "expected"), [(False, StoreUnavailable), (True, CommitUnknown)])
def test_a_failed_check_of_a_driver_is_a_lost_connection(module, committing, expected):
    """Psycopg's own checks fail where the server ends the connection while rows are sent."""
    assert type(translate(_failed_check(module), "url", committing)) is expected


def test_a_failed_check_of_the_application_is_its_own():
    assert translate(_failed_check("application.orders"), "url") is None
