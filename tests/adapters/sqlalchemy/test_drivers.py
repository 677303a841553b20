"""Each driver: what is refused, how its errors are translated, and what holds in a session over it."""

import threading
import time
import types

import pytest
from sqlalchemy import URL, create_engine, make_url, text
from sqlalchemy.dialects import registry
from sqlalchemy.dialects.postgresql.psycopg2 import PGDialect_psycopg2
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker
from tests.support.joined_store import engine_of, run_awaited, synchronous_side
from tests.support.postgres import fresh_url, server

from sot import CommitUnknown, ConcurrentUpdate, OrderHistory
from sot.adapters.sqlalchemy import SqlAlchemyStore, SqlAlchemyUnitOfWork
from sot.adapters.sqlalchemy.errors import translate
from sot.audit import verify
from sot.errors import InvalidInput, StoreDamaged, StoreUnavailable
from sot.testing.contract.samples import ACCOUNT, spot_instrument, trade_report
from sot.testing.contract.transactions import read_history, submit_and_send, write_history

JOINED = ("psycopg", "psycopg2", "asyncpg", "psycopg_async")
AWAITED = ("asyncpg", "psycopg_async")


# ------------------------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql+asyncpg://me:secret@host/orders", r"postgresql://.*sot\.aio\.AsyncStore\.open"),
        ("postgresql+psycopg_async://host/orders", r"postgresql://.*sot\.aio\.AsyncStore\.open"),
        ("sqlite+aiosqlite:///orders.db", r"sqlite://.*sot\.aio\.AsyncStore\.open"),
        ("postgresql+pg8000://me:secret@host/orders", "the driver psycopg or psycopg2"),
        ("sqlite+pysqlcipher://:secret@/orders.db", "the driver pysqlite"),
        ("mysql+pymysql://me:secret@host/orders", "sqlite:// or postgresql://"),
        ("cockroachdb://me:secret@host/orders", "sqlite:// or postgresql://"),
        ("duckdb:///orders.db", "sqlite:// or postgresql://"),
        ("oracle+oracledb://me:secret@host/orders", "sqlite:// or postgresql://"),
    ],
)
def test_an_address_of_another_driver_or_database_says_what_to_give(url, says):
    with pytest.raises(InvalidInput, match=says) as caught:
        SqlAlchemyStore.open(url)
    assert "secret" not in str(caught.value)


def test_an_address_without_a_driver_is_psycopgs_with_every_sqlalchemy(make_store):
    url = make_url(fresh_url()).set(drivername="postgresql").render_as_string(hide_password=False)
    store = SqlAlchemyStore.open(url)
    assert store.engine.dialect.driver == "psycopg"
    store.close()


class _Duckdb(PGDialect_psycopg2):
    name = "duckdb"
    driver = "duckdb_engine"


registry.register("duckdb.duckdb_engine", __name__, "_Duckdb")


def _other_engine(drivername):
    """An engine of a database that is not supported, whose driver is not there and must not be asked."""
    module = types.SimpleNamespace(paramstyle="pyformat", __name__="driver", version="9", __version__="9.9.9")
    return create_engine(URL.create(drivername, host="host", database="orders"), module=module, creator=_connects)


def _connects():
    raise AssertionError("it connects")


@pytest.mark.parametrize("name", ["mysql+pymysql", "mssql+pymssql", "duckdb+duckdb_engine", "postgresql+pg8000"])
def test_a_session_or_engine_of_another_database_or_driver_is_refused_before_it_connects(name):
    says = "psycopg or psycopg2" if name.startswith("postgresql") else "SQLite or PostgreSQL"
    engine = _other_engine(name)
    with Session(engine) as session, pytest.raises(InvalidInput, match=says):
        SqlAlchemyUnitOfWork(session)
    with pytest.raises(InvalidInput, match=says):
        SqlAlchemyStore(engine)
    with Session() as session:
        history = OrderHistory(SqlAlchemyUnitOfWork(session))
        session.bind = engine
        with pytest.raises(InvalidInput, match=says):
            history.orders()


def test_what_is_awaited_is_refused_where_something_synchronous_is_needed(tmp_path):
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/a.db")
    with pytest.raises(InvalidInput, match=r"AsyncEngine.*sot\.aio\.AsyncStore.*run_sync"):
        SqlAlchemyStore(engine)

    class OwnSession(AsyncSession):
        """As SQLModel's."""

    for session in (AsyncSession(engine), OwnSession(engine), async_sessionmaker(engine)()):
        with pytest.raises(InvalidInput, match=r"session: .*run_sync"):
            SqlAlchemyUnitOfWork(session)


@pytest.mark.parametrize("given", [None, "sqlite://", object()])
def test_what_is_no_engine_and_no_session_is_refused(given):
    with pytest.raises(InvalidInput, match="an Engine"):
        SqlAlchemyStore(given)
    with pytest.raises(InvalidInput, match="a Session"):
        SqlAlchemyUnitOfWork(given)


def test_an_awaited_engine_outside_of_run_sync_says_so(tmp_path):
    SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db").close()
    engine = create_async_engine(f"sqlite+aiosqlite:///{tmp_path}/a.db")
    with pytest.raises(InvalidInput, match="run_sync"):
        OrderHistory(SqlAlchemyUnitOfWork(AsyncSession(engine).sync_session)).orders()


def test_of_a_registry_of_sessions_the_current_one_joins(tmp_path):
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db")
    registered = scoped_session(sessionmaker(store.engine))
    OrderHistory(SqlAlchemyUnitOfWork(registered)).register(spot_instrument())
    registered.rollback()
    with pytest.raises(RuntimeError), registered.begin():
        uow = SqlAlchemyUnitOfWork(registered)
        OrderHistory(uow).register(spot_instrument())
        uow.fail(RuntimeError("halfway"))
        raise RuntimeError("halfway")
    registered.remove()
    with Session(store.engine) as other:  # another session is not concerned
        OrderHistory(SqlAlchemyUnitOfWork(other)).register(spot_instrument())
        other.commit()
    assert write_history(store, lambda h: h.register(spot_instrument())) == "REPEATED"
    store.close()


# ----------------------------------------------------------------------------------------------- in a joined session


class Joined:
    """Sessions over one driver, and what runs with them."""

    def __init__(self, driver: str) -> None:
        self.driver = driver
        self.direct = fresh_url()
        self.url = self.direct.replace("+psycopg", f"+{driver}", 1)
        self.store = SqlAlchemyStore.open(self.direct)
        submit_and_send(self.store, "C1")

    def run(self, function):
        return run_awaited(function) if self.driver in AWAITED else function()

    def session(self, **options):
        engine = engine_of(self.url, **options)
        return synchronous_side(engine) if self.driver in AWAITED else Session(engine)

    def executions(self):
        return read_history(self.store, lambda h: h.find_order(ACCOUNT, "C1")).cum_quantity


@pytest.fixture(params=JOINED)
def joined(request):
    joined = Joined(request.param)
    yield joined
    joined.store.close()


def record(session, exec_id, **options):
    return OrderHistory(SqlAlchemyUnitOfWork(session, **options)).record(trade_report("C1", exec_id))


AUTOCOMMIT = {"isolation_level": "AUTOCOMMIT"}


def _by_hand(session):
    session.connection().connection.dbapi_connection.autocommit = True


def _by_session(session):
    session.connection(execution_options=AUTOCOMMIT)


@pytest.mark.parametrize(
    ("options", "set_up"),
    [
        (AUTOCOMMIT, None),
        ({"execution_options": AUTOCOMMIT}, None),
        ({}, _by_session),
        ({}, _by_hand),
    ],
)
def test_autocommit_is_recognised(joined, options, set_up):
    def use_case():
        with joined.session(**options) as session:
            if set_up is not None:
                set_up(session)
            with pytest.raises(InvalidInput, match="AUTOCOMMIT"):
                record(session, "E1")

    joined.run(use_case)
    assert joined.executions() == 0


@pytest.mark.parametrize("level", ["REPEATABLE READ", "SERIALIZABLE"])
def test_a_snapshot_reads_and_does_not_write(joined, level):
    def use_case():
        with joined.session(isolation_level=level) as session:
            with pytest.raises(InvalidInput, match="READ COMMITTED"):
                record(session, "E1")
            assert OrderHistory(SqlAlchemyUnitOfWork(session)).find_order(ACCOUNT, "C1").cum_quantity == 0

    joined.run(use_case)


def test_a_savepoint_takes_back_what_was_recorded_in_it(joined):
    def use_case():
        with joined.session() as session:
            record(session, "E1")
            with session.begin_nested() as savepoint:
                record(session, "E2")
                savepoint.rollback()
            assert record(session, "E2").outcome == "RECORDED"
            session.commit()
            record(session, "E3")
            session.rollback()

    joined.run(use_case)
    assert joined.executions() == 2
    assert verify(joined.store).problems == []


def test_a_wait_for_a_lock_is_limited_and_can_be_tried_again(joined):
    def use_case():
        with joined.session() as session:
            with pytest.raises(ConcurrentUpdate, match="lock timeout"):
                record(session, "E1", lock_timeout=0.2)
            session.rollback()
            uow.rollback()
            assert record(session, "E1").outcome == "RECORDED"
            assert session.execute(text("SHOW lock_timeout")).scalar() == "30s"
            session.commit()
            assert session.execute(text("SHOW lock_timeout")).scalar() == "0"

    with joined.store.begin() as uow:
        OrderHistory(uow).record(trade_report("C1", "E1"))
        uow._buffer.flush()
        joined.run(use_case)
    assert joined.executions() == 1


def test_a_row_that_another_transaction_committed_first_is_a_lost_race(joined):
    """Neither sees the other's row before it is committed: the unique key decides."""
    written, waiting = threading.Event(), threading.Event()

    def other():
        with joined.store.begin() as uow:
            OrderHistory(uow).register(instrument)
            uow._buffer.flush()
            written.set()
            waiting.wait(20)
            time.sleep(0.2)
            uow.commit()

    def use_case():
        with joined.session() as session:
            history = OrderHistory(SqlAlchemyUnitOfWork(session))
            assert history.orders().items
            written.wait(20)
            waiting.set()
            with pytest.raises(ConcurrentUpdate) as caught:
                history.register(instrument)
            session.rollback()
            assert history.register(instrument) == "REPEATED"
            return str(caught.value)

    instrument = spot_instrument(symbol="NEW/QUOTE")
    thread = threading.Thread(target=other)
    thread.start()
    said = joined.run(use_case)
    thread.join(20)
    assert "pk_instruments" in said


def _terminate(joined):
    with joined.store.engine.connect().execution_options(**AUTOCOMMIT) as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


def test_a_lost_connection_leaves_the_store_unavailable_and_nothing_stored(joined):
    def use_case():
        with joined.session() as session:
            record(session, "E1")
            _terminate(joined)
            with pytest.raises(StoreUnavailable):
                record(session, "E2")
            session.rollback()
            assert record(session, "E3").outcome == "RECORDED"
            session.commit()

    joined.run(use_case)
    assert joined.executions() == 1


@pytest.mark.parametrize("host", ["127.0.0.1", "/no/such/directory"])
def test_a_server_that_does_not_answer_is_unavailable(joined, host):
    joined.url = f"postgresql+{joined.driver}://nobody@/orders?host={host}&port=9"

    def use_case():
        with joined.session() as session, pytest.raises(StoreUnavailable, match="check that the server runs"):
            OrderHistory(SqlAlchemyUnitOfWork(session)).orders()

    joined.run(use_case)


def test_a_database_that_is_not_there_is_unavailable(joined):
    directory = make_url(joined.direct).query["host"]
    joined.url = f"postgresql+{joined.driver}://postgres@/missing?host={directory}"

    def use_case():
        with joined.session() as session, pytest.raises(StoreUnavailable, match="missing"):
            OrderHistory(SqlAlchemyUnitOfWork(session)).orders()

    joined.run(use_case)


BY_SQLSTATE = {
    **dict.fromkeys(("40001", "40P01", "55P03", "23505", "25P02"), ConcurrentUpdate),
    **dict.fromkeys(("XX001", "42P01", "23502", "23514"), StoreDamaged),
    **dict.fromkeys(("53300", "57P01", "08006", "22012", "26000", "42P05"), StoreUnavailable),
}


def test_what_a_server_says_is_translated_by_its_sqlstate(joined):
    def use_case():
        with joined.session() as session:
            for state, expected in BY_SQLSTATE.items():
                planned = f"DO $$ BEGIN RAISE EXCEPTION 'planned' USING ERRCODE = '{state}'; END $$"
                with pytest.raises(DBAPIError) as caught:
                    session.execute(text(planned))
                session.rollback()
                translated = translate(caught.value, "postgresql://host")
                assert type(translated) is expected, state
                assert "planned" in str(translated) or state == "25P02"
                assert "<class" not in str(translated)
                lost = state in ("57P01", "08006")
                committing = translate(caught.value, "postgresql://host", committing=True)
                assert type(committing) is (CommitUnknown if lost else expected), state

    joined.run(use_case)


def test_what_a_session_streams_is_what_the_store_holds(joined):
    """More rows than one batch, to the end and not to the end."""
    for number in range(3):
        write_history(joined.store, lambda h, n=number: [h.record(trade_report("C1", f"E{n}.{i}")) for i in range(200)])
    keys = [entry.key for entry in joined.store.run(lambda uow: list(uow.feed.leaves()), read_only=True)]

    def use_case():
        with joined.session() as session:
            uow = SqlAlchemyUnitOfWork(session)
            assert [entry.key for entry in uow.feed.leaves()] == keys
            rows = iter(uow.feed.leaves())
            assert next(rows).key == keys[0]
            del rows
            assert record(session, "E9").outcome != "REPEATED"

    joined.run(use_case)
    assert len(keys) > 600


def test_a_use_case_that_lost_its_snapshot_on_sqlite_can_be_tried_again(tmp_path):
    """With a BEGIN that is deferred, SQLite refuses at once to write after another transaction began to."""
    store = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db")
    submit_and_send(store, "C1")
    for driver in ("pysqlite", "aiosqlite"):
        engine = engine_of(f"sqlite+{driver}:///{tmp_path}/a.db", begin="BEGIN")

        def use_case(engine=engine, driver=driver):
            session = synchronous_side(engine) if engine.dialect.is_async else Session(engine)
            with session, store.begin() as uow:
                OrderHistory(SqlAlchemyUnitOfWork(session)).orders()
                OrderHistory(uow).record(trade_report("C1", f"E1 {driver}"))
                with pytest.raises(ConcurrentUpdate):
                    record(session, f"E2 {driver}")
                uow.commit()
                session.rollback()
                assert record(session, f"E2 {driver}").outcome == "RECORDED"
                session.commit()

        run_awaited(use_case) if engine.dialect.is_async else use_case()
    assert read_history(store, lambda h: h.find_order(ACCOUNT, "C1")).cum_quantity == 4
    store.close()


def test_the_engine_of_an_async_session_is_known_by_its_synchronous_side():
    engine = create_async_engine(server().fresh().replace("+psycopg", "+asyncpg"))
    assert isinstance(engine, AsyncEngine)
    SqlAlchemyStore(engine.sync_engine)  # as sot.aio makes its store
