"""A pooler that gives each transaction another server connection: nothing prepared, nothing lost, nothing left behind.

The same holds behind pgbouncer with `pool_mode = transaction`, of which `tests.support.pooler` has what matters.
"""

import uuid
from decimal import Decimal

import psycopg
import pytest
from sqlalchemy import AsyncAdaptedQueuePool, QueuePool, create_engine, text
from sqlalchemy.orm import Session
from tests.support.joined_store import engine_of, run_awaited, synchronous_side
from tests.support.pooler import SERVER_CONNECTIONS, pooled_url
from tests.support.postgres import fresh_url

from sot import ConcurrentUpdate, OrderHistory
from sot.adapters.sqlalchemy import SqlAlchemyStore, SqlAlchemyUnitOfWork
from sot.audit import verify
from sot.errors import StoreUnavailable
from sot.testing.contract.samples import ACCOUNT, trade_report
from sot.testing.contract.transactions import read_history, run_in_threads, submit_and_send, write_history

USE_CASES = 30
"""More than psycopg runs before it prepares a statement (5), on each server connection."""
SETTINGS = ("lock_timeout", "synchronous_commit", "TimeZone")


@pytest.fixture
def direct():
    """A database whose server does not wait for the disk, unless it is told to."""
    url = fresh_url()
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as admin:
        name = admin.execute("SELECT current_database()").fetchone()[0]
        admin.execute(f"ALTER DATABASE {name} SET synchronous_commit = off")
        admin.execute(f"ALTER DATABASE {name} SET TimeZone = 'Asia/Tokyo'")
    return url


@pytest.fixture
def pooled(direct):
    return pooled_url(direct)


def shown(engine):
    with engine.connect() as connection:
        return tuple(connection.execute(text(f"SHOW {name}")).scalar() for name in SETTINGS)


def server_processes(engine):
    processes = set()
    for _ in range(2 * SERVER_CONNECTIONS):
        with engine.connect() as connection:
            processes.add(connection.execute(text("SELECT pg_backend_pid()")).scalar())
    return processes


@pytest.mark.parametrize("driver", ["psycopg", "psycopg2"])
def test_a_store_works_and_leaves_no_setting_to_others(pooled, driver):
    store = SqlAlchemyStore.open(pooled.replace("+psycopg", f"+{driver}"), lock_timeout=7)
    submit_and_send(store, "C1", quantity=Decimal(1000))
    assert len(server_processes(store.engine)) == SERVER_CONNECTIONS
    for number in range(USE_CASES):
        assert write_history(store, lambda h, n=number: h.record(trade_report("C1", f"E{n}"))).outcome == "RECORDED"
        assert shown(store.engine) == ("7s", "on", "UTC")
    assert read_history(store, lambda h: h.find_order(ACCOUNT, "C1")).cum_quantity == USE_CASES
    assert verify(store).problems == []
    other = create_engine(pooled)
    assert {shown(other) for _ in range(2 * SERVER_CONNECTIONS)} == {("0", "off", "Asia/Tokyo")}
    with other.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM pg_prepared_statements")).scalar() == 0
    other.dispose()
    store.close()


def test_many_threads_write_through_few_server_connections(pooled):
    store = SqlAlchemyStore.open(pooled)
    orders = [submit_and_send(store, f"C{number}") for number in range(6)]

    def record_five(number):
        for execution in range(5):
            report = trade_report(f"C{number}", f"E{execution}", quantity="0.1")
            write_history(store, lambda h, report=report: h.record(report))

    assert run_in_threads(6, record_five) == [None] * 6
    quantities = [read_history(store, lambda h, order=order: h.order(order)).cum_quantity for order in orders]
    assert quantities == [Decimal("0.5")] * 6
    store.close()


def test_a_wait_for_a_lock_is_limited(pooled):
    store = SqlAlchemyStore.open(pooled, lock_timeout=0.2)
    submit_and_send(store, "C1", quantity=Decimal(1000))
    with store.begin() as uow:
        OrderHistory(uow).record(trade_report("C1", "E1"))
        uow._buffer.flush()
        with store.begin() as other, pytest.raises(ConcurrentUpdate, match="lock timeout"):
            OrderHistory(other).record(trade_report("C1", "E1"))
            other.commit()
        uow.commit()
    store.close()


def test_stores_that_open_at_once_make_the_tables_once(pooled):
    stores = run_in_threads(3, lambda _: SqlAlchemyStore.open(pooled))
    assert all(isinstance(store, SqlAlchemyStore) for store in stores)
    assert verify(stores[0]).problems == []
    for store in stores:
        store.close()


def test_a_direct_connection_has_its_settings_for_all_transactions(direct):
    store = SqlAlchemyStore.open(direct)
    statements = []
    with store.engine.connect() as connection:
        assert connection.connection.driver_connection.prepare_threshold == 5
        assert connection.info["sot_is_pooled"] is False
        statements = [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in SETTINGS]
        connection.rollback()
        assert [connection.exec_driver_sql(f"SHOW {name}").scalar() for name in SETTINGS] == statements
    assert statements == ["30s", "on", "UTC"]
    store.close()


def join_often(session_of, count=USE_CASES):
    """How many of so many use cases, each in a session of its own, raised StoreUnavailable."""
    errors = []
    for number in range(count):
        with session_of() as session:
            try:
                OrderHistory(SqlAlchemyUnitOfWork(session)).record(trade_report("C1", f"E{number}"))
                session.commit()
            except StoreUnavailable as error:
                errors.append(str(error))
                session.rollback()
    return errors


def join_with(url, driver, options):
    """Join sessions over one connection of a driver."""
    chosen = url.replace("+psycopg", f"+{driver}")
    if driver in ("psycopg_async", "asyncpg"):
        engine = engine_of(chosen, poolclass=AsyncAdaptedQueuePool, connect_args=options)
        errors = run_awaited(lambda: (join_often(lambda: synchronous_side(engine)), engine.dispose())[0])
    else:
        engine = engine_of(chosen, poolclass=QueuePool, connect_args=options)
        errors = join_often(lambda: Session(engine))
        engine.dispose()
    return errors


@pytest.fixture
def recorded(pooled):
    """How many executions there are."""
    store = SqlAlchemyStore.open(pooled)
    submit_and_send(store, "C1", quantity=Decimal(1000))
    yield lambda: read_history(store, lambda h: h.find_order(ACCOUNT, "C1")).cum_quantity
    store.close()


def test_a_hosts_engine_that_prepares_statements_is_told_what_to_change(pooled, recorded):
    errors = join_with(pooled, "psycopg", {})
    assert errors
    assert all("prepared statement" in error and "prepare_threshold" in error for error in errors)
    assert recorded() == USE_CASES - len(errors)


@pytest.mark.parametrize(
    ("driver", "options"),
    [
        ("psycopg", {"prepare_threshold": None}),
        ("psycopg2", {}),
        ("psycopg_async", {"prepare_threshold": None}),
        (
            "asyncpg",
            {
                "statement_cache_size": 0,
                "prepared_statement_cache_size": 0,
                "prepared_statement_name_func": lambda: f"__asyncpg_{uuid.uuid4()}__",
            },
        ),
    ],
)
def test_a_hosts_engine_with_the_setting_of_its_driver_works(pooled, recorded, driver, options):
    errors = join_with(pooled, driver, options)
    assert errors == []
    assert recorded() == USE_CASES


def test_statements_that_asyncpg_caches_fail(pooled, recorded):
    """Why it needs its settings."""
    errors = join_with(pooled, "asyncpg", {})
    assert errors
    assert all("prepared statement" in error and "sot's reference" in error for error in errors)
    assert recorded() == USE_CASES - len(errors)
