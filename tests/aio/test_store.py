"""Stores whose transactions are awaited: the same answers, retries, lost answers, cancelled tasks, tasks at once."""

import asyncio
import uuid
from decimal import Decimal

import pytest
from sqlalchemy import create_engine, event, make_url, text
from sqlalchemy.ext.asyncio import AsyncSession, async_scoped_session, async_sessionmaker, create_async_engine
from sqlalchemy.util import await_only

import sot
from sot import CommitUnknown, ConcurrentUpdate, InvalidInput, OrderHistory
from sot.adapters.memory import MemoryStore
from sot.adapters.sqlalchemy import SqlAlchemyStore, prepare
from sot.aio import AsyncStore, joined, retry_async
from sot.aio import store as aio_store
from sot.application.orders import requests
from sot.audit import verify
from sot.errors import MissingExtra, ReadOnly, SchemaMismatch, StoreUnavailable, UnitOfWorkFailed
from sot.testing.contract.samples import ACCOUNT, VENUE, new_order_request, spot_instrument, trade_report
from sot.testing.contract.transactions import failing_fills, submit_and_send
from sot.testing.faults import FaultPlan, FaultyStore, StoreFault
from tests.support.awaited_stores import in_event_loop, on_every_database, on_every_store
from tests.support.pooler import pooled_url

TASKS = 8


def register(uow, symbol="BASE/QUOTE"):
    return OrderHistory(uow).register(spot_instrument(symbol=symbol))


def versions(history, symbol="BASE/QUOTE"):
    return len(history.instruments(ACCOUNT, VENUE, symbol))


def record(uow, exec_id):
    return OrderHistory(uow).record(trade_report("C1", exec_id)).outcome


def executed(place):
    return place.read(lambda history: history.find_order(ACCOUNT, "C1")).cum_quantity


# ------------------------------------------------------------------------------------------------- what it answers


@on_every_store
@in_event_loop
async def test_commits_rolls_back_and_reads(place):
    async with await place.open() as store:
        async with store.begin() as uow:
            assert await uow.run(register) == "RECORDED"
        async with store.begin() as uow:
            assert await uow.run(register) == "RECORDED"
            await uow.rollback()
            assert await uow.run(register) == "RECORDED"
            await uow.commit()
            assert await uow.run(lambda uow: register(uow, "OTHER/QUOTE")) == "RECORDED"
        assert await store.run(register) == "REPEATED"
        assert await store.horizon() >= 1
        assert await store.run(lambda uow: versions(OrderHistory(uow)), read_only=True) == 1
        assert await store.run(lambda uow: versions(OrderHistory(uow), "OTHER/QUOTE"), read_only=True) == 0
        with pytest.raises(ReadOnly):
            async with store.begin(read_only=True) as uow:
                await uow.run(lambda uow: versions(OrderHistory(uow)))
                await uow.commit()
        assert (await store.run_sync(verify)).problems == []
    assert place.read(versions) == 1


@on_every_store
@in_event_loop
async def test_tasks_at_once_record_each_fact_once(place):
    async with await place.open() as store:
        outcomes = await asyncio.gather(*(store.run(register) for _ in range(TASKS)))
        assert sorted(outcomes) == ["RECORDED"] + ["REPEATED"] * (TASKS - 1)
        await store.run_sync(lambda own: submit_and_send(own, "C1"))
        outcomes = await asyncio.gather(
            *(store.run(lambda uow, number=number: record(uow, f"E{number % 2}")) for number in range(TASKS))
        )
        assert sorted(outcomes) == ["RECORDED"] * 2 + ["REPEATED"] * (TASKS - 2)
        assert (await store.run_sync(verify)).problems == []
    assert executed(place) == 2


@on_every_store
@in_event_loop
async def test_a_block_that_is_left_stores_nothing_of_another_task(place):
    async with await place.open() as store:
        begun, may_go_on = asyncio.Event(), asyncio.Event()

        def slow(uow):
            register(uow)
            begun.set()
            await_only(may_go_on.wait())
            register(uow, "OTHER/QUOTE")

        with pytest.raises(InvalidInput, match="another one in the same transaction"):
            async with store.begin() as uow:
                task = asyncio.ensure_future(uow.run(slow))
                await begun.wait()
        may_go_on.set()
        with pytest.raises((InvalidInput, UnitOfWorkFailed)):
            await task
        with pytest.raises(InvalidInput, match="block was left"):
            await uow.run(register)
        assert await store.run(register) == "RECORDED"  # nobody holds a lock
        assert await store.run(lambda uow: versions(OrderHistory(uow), "OTHER/QUOTE"), read_only=True) == 0


@in_event_loop
async def test_a_database_in_memory_is_refused():
    """A task that is cancelled in a statement takes the connection with it, and the database would be gone."""
    for source in ("sqlite://", "sqlite+aiosqlite:///:memory:"):
        with pytest.raises(InvalidInput, match="MemoryStore"):
            await AsyncStore.open(source)
    with pytest.raises(InvalidInput, match="MemoryStore"):
        AsyncStore(create_async_engine("sqlite+aiosqlite://"))


@on_every_database
@in_event_loop
async def test_a_database_is_opened_as_by_other_stores(place):
    with pytest.raises((SchemaMismatch, StoreUnavailable)):
        await place.open(create=False)
    async with await place.open() as store:
        await store.run(register)
        async with AsyncSession(store.engine) as session:
            assert (await session.execute(text("SELECT count(*) FROM instruments"))).scalar() == 1
    async with await place.open(create=False) as store:
        assert await store.run(register) == "REPEATED"
    with pytest.raises(StoreUnavailable, match="closed"):
        store.begin()


@on_every_database
@in_event_loop
async def test_a_store_that_is_closed_meanwhile_closes_the_connection_of_a_unit_of_work_when_it_ends(place):
    store = await place.open()
    taken, closed = [], []
    event.listen(store._store.engine, "checkout", lambda connection, record, pooled: taken.append(connection))
    event.listen(store._store.engine, "close", lambda connection, record: closed.append(connection))
    async with store.begin() as uow:
        assert await uow.run(register) == "RECORDED"
        await store.close()
        assert closed == []
        await uow.commit()
    assert closed == taken != []
    assert place.read(versions) == 1


@on_every_database
@in_event_loop
async def test_an_application_gives_its_engine_or_its_sessionmaker(place):
    await (await place.open()).close()
    engine = create_async_engine(place.awaited_url)
    for source in (engine, async_sessionmaker(engine)):
        store = AsyncStore(source)
        outcomes = await asyncio.gather(*(store.run(register) for _ in range(TASKS)))
        assert outcomes.count("RECORDED") == (1 if source is engine else 0)
    await engine.dispose()


# ------------------------------------------------------------------------------------------------ what is refused


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql+psycopg2://me:secret@host/orders", r"postgresql://.*SqlAlchemyStore\.open"),
        ("sqlite+pysqlite:///orders.db", r"sqlite://.*SqlAlchemyStore\.open"),
        ("postgresql+pg8000://me:secret@host/orders", "the driver psycopg or psycopg_async or asyncpg"),
        ("mysql+aiomysql://me:secret@host/orders", "sqlite:// or postgresql://"),
        ("nonsense", "an address such as"),
    ],
)
@in_event_loop
async def test_an_address_of_another_driver_says_what_to_give(url, says):
    with pytest.raises(InvalidInput, match=says) as caught:
        await AsyncStore.open(url)
    assert "secret" not in str(caught.value)


def test_what_would_stop_the_event_loop_is_refused(tmp_path):
    synchronous = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/a.db")
    for source in (synchronous, synchronous.engine, async_sessionmaker(), None, MemoryStore, "sqlite://"):
        with pytest.raises(InvalidInput, match="an AsyncEngine"):
            AsyncStore(source)
    with pytest.raises(InvalidInput, match="own clock"):
        AsyncStore(MemoryStore(), clock=synchronous.clock)
    with pytest.raises(InvalidInput, match="lock_timeout: .*own"):
        AsyncStore(MemoryStore(), lock_timeout=1.0)
    with pytest.raises(InvalidInput, match="over an AsyncEngine"):
        AsyncStore(MemoryStore()).engine  # noqa: B018
    synchronous.close()


def test_without_greenlet_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(aio_store, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"\[asyncio\]"):
        AsyncStore(MemoryStore())


@in_event_loop
async def test_a_use_case_that_is_awaited_is_refused():
    async def use_case(uow):
        raise AssertionError("it runs")

    store = AsyncStore(MemoryStore())
    with pytest.raises(InvalidInput, match="a function that is not awaited"):
        await store.run(use_case)
    with pytest.raises(InvalidInput, match="retry_async"):
        sot.retry(lambda: use_case(None))


# ---------------------------------------------------------------------------------------- retries and lost answers


@in_event_loop
async def test_a_lost_race_is_run_again_a_limited_number_of_times(monkeypatch):
    paused = []

    async def sleep(seconds):
        paused.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    runs = []

    async def loses(times):
        runs.append(times)
        if len(runs) <= times:
            raise ConcurrentUpdate("somebody was faster")
        return "won"

    assert await retry_async(lambda: loses(2)) == "won"
    assert (len(runs), len(paused)) == (3, 2)
    runs.clear()
    with pytest.raises(ConcurrentUpdate):
        await retry_async(lambda: loses(9), attempts=3)
    assert len(runs) == 3
    with pytest.raises(InvalidInput):
        await retry_async(lambda: loses(0), attempts=0)


@pytest.mark.parametrize("fault", [StoreFault.COMMIT_LOST, StoreFault.ANSWER_LOST])
@in_event_loop
async def test_a_lost_answer_to_commit_is_not_run_again(fault):
    plan = FaultPlan(chances={fault: 1})
    runs = []
    store = AsyncStore(FaultyStore(MemoryStore(), plan))
    with pytest.raises(CommitUnknown):
        await store.run(lambda uow: runs.append(register(uow)))
    plan.pause()
    assert len(runs) == 1
    assert await store.run(register) == ("REPEATED" if fault is StoreFault.ANSWER_LOST else "RECORDED")


@on_every_database
@pytest.mark.parametrize("arrives", [True, False])
@in_event_loop
async def test_a_connection_lost_in_commit_leaves_the_outcome_unknown(place, arrives):
    async with await place.open() as store:
        await store.run(lambda uow: register(uow, "OTHER/QUOTE"))
        dialect = store.engine.sync_engine.dialect
        commit = dialect.do_commit

        def loses(connection):
            if arrives:
                commit(connection)
            raise dialect.loaded_dbapi.OperationalError("the connection was lost")

        dialect.do_commit = loses
        with pytest.raises(CommitUnknown):
            await store.run(register)
        dialect.do_commit = commit
        assert await store.run(register) == ("REPEATED" if arrives else "RECORDED")


@on_every_database
@in_event_loop
async def test_a_server_that_ends_the_connection_in_commit_leaves_the_outcome_unknown(place):
    if place.kind != "postgresql":
        pytest.skip("SQLite has no server")
    async with await place.open() as store:
        await store.run(lambda uow: register(uow, "OTHER/QUOTE"))
        event.listen(store.engine.sync_engine, "commit", lambda connection: _terminate(place.url), once=True)
        with pytest.raises(CommitUnknown):
            await store.run(register)
        assert await store.run(register) == "RECORDED"


def _terminate(url):
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
    engine.dispose()


# ------------------------------------------------------------------------------------------------------ cancellation


class Gate:
    """Holds a transaction at one point, until it is opened or its task is cancelled."""

    def __init__(self):
        self.reached = asyncio.Event()
        self.opened = asyncio.Event()

    def __call__(self, *args):
        self.reached.set()
        await_only(self.opened.wait())


@on_every_store
@in_event_loop
async def test_a_task_that_is_cancelled_before_commit_leaves_nothing(place):
    async with await place.open() as store:
        await store.run_sync(lambda own: submit_and_send(own, "C1"))
        gate = Gate()

        def use_case(uow):
            record(uow, "E1")
            gate()

        task = asyncio.create_task(store.run(use_case))
        await gate.reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert executed(place) == 0
        assert await store.run(lambda uow: record(uow, "E1")) == "RECORDED"
        assert (await store.run_sync(verify)).problems == []
    assert executed(place) == 1


@on_every_database
@in_event_loop
async def test_a_task_that_is_cancelled_in_commit_leaves_all(place):
    async with await place.open() as store:
        await store.run_sync(lambda own: submit_and_send(own, "C1"))
        gate = Gate()
        event.listen(store.engine.sync_engine, "commit", gate, once=True)
        task = asyncio.create_task(store.run(lambda uow: record(uow, "E1")))
        await gate.reached.wait()
        for _ in range(3):  # a scope of anyio cancels until the task has ended
            task.cancel()
            await asyncio.sleep(0)
        assert not task.done()
        gate.opened.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert executed(place) == 1
        assert await store.run(lambda uow: record(uow, "E1")) == "REPEATED"


@on_every_database
@in_event_loop
async def test_a_commit_that_fails_after_the_task_was_cancelled_leaves_nothing(place):
    async with await place.open() as store:
        await store.run_sync(lambda own: submit_and_send(own, "C1"))
        gate = Gate()

        def fails(connection):
            gate()
            raise ConcurrentUpdate("somebody was faster")

        event.listen(store.engine.sync_engine, "commit", fails, once=True)
        task = asyncio.create_task(store.run(lambda uow: record(uow, "E1")))
        await gate.reached.wait()
        task.cancel()
        await asyncio.sleep(0)
        gate.opened.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert executed(place) == 0
        assert await store.run(lambda uow: record(uow, "E1")) == "RECORDED"


@on_every_database
@in_event_loop
async def test_a_task_that_is_cancelled_while_it_waits_for_a_lock_leaves_the_connections_usable(place):
    async with await place.open() as store:
        await store.run_sync(lambda own: submit_and_send(own, "C1"))
        async with store.begin() as first:
            await first.run(lambda uow: record(uow, "E1"))
            await first.run(lambda uow: OrderHistory(uow).orders())
            waiting = [asyncio.create_task(store.run(lambda uow: record(uow, "E1"))) for _ in range(3)]
            for _ in range(50):  # they wait, or are about to: both must hold
                await asyncio.sleep(0)
            for task in waiting:
                task.cancel()
            await first.commit()
        results = await asyncio.gather(*waiting, return_exceptions=True)
        assert {type(result) for result in results} == {asyncio.CancelledError}
        assert executed(place) == 1
        outcomes = await asyncio.gather(*(store.run(lambda uow: record(uow, "E2")) for _ in range(TASKS)))
        assert sorted(outcomes) == ["RECORDED"] + ["REPEATED"] * (TASKS - 1)
        assert (await store.run_sync(verify)).problems == []


@on_every_store
@in_event_loop
async def test_a_time_limit_around_a_use_case_is_a_timeout(place):
    async with await place.open() as store:
        gate = Gate()

        def use_case(uow):
            register(uow)
            gate()

        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await store.run(use_case)
        assert await store.run(register) == "RECORDED"


# ------------------------------------------------------------------------------------------- two tasks at the same time


@on_every_store
@in_event_loop
async def test_another_task_in_the_same_unit_of_work_is_told_so(place):
    async with await place.open() as store, store.begin() as uow:
        gate = Gate()

        def use_case(own):
            register(own)
            gate()

        task = asyncio.create_task(uow.run(use_case))
        await gate.reached.wait()
        for other in (uow.run(register), uow.commit(), uow.rollback()):
            with pytest.raises(InvalidInput, match="task: .*another one in the same transaction.*one task at a time"):
                await other
        gate.opened.set()
        await task
        await asyncio.create_task(uow.commit())  # tasks take turns
    assert place.read(versions) == 1


@on_every_database
@in_event_loop
async def test_another_task_in_the_same_session_is_told_so(place, monkeypatch):
    await (await place.open()).close()
    engine = create_async_engine(place.awaited_url)
    gate = Gate()
    submit = requests.submit

    def waits(*args, **kwargs):
        gate()
        return submit(*args, **kwargs)

    monkeypatch.setattr(requests, "submit", waits)
    async with AsyncSession(engine) as session:
        await joined(session, register)
        request = new_order_request("C1")
        task = asyncio.create_task(joined(session, lambda uow: OrderHistory(uow).submit(request)))
        await gate.reached.wait()
        with pytest.raises(InvalidInput, match="one task at a time"):
            await joined(session, register)
        gate.opened.set()
        await task
        await session.commit()
    await engine.dispose()
    assert place.read(lambda history: history.find_request(ACCOUNT, "C1")) is not None


# ---------------------------------------------------------------------------------------- the application's sessions


@on_every_database
@in_event_loop
async def test_a_store_and_a_joined_session_use_the_tables_with_a_prefix(place):
    store = await place.open(prefix="sot_")
    engine = create_async_engine(place.awaited_url)
    async with AsyncSession(engine) as session:
        assert await joined(session, register, prefix="sot_") == "RECORDED"
        await session.commit()
        with pytest.raises(SchemaMismatch, match=r"prepare\(engine\)"):
            await joined(session, register)
    assert await store.run(register) == await AsyncStore(engine, prefix="sot_").run(register) == "REPEATED"
    await store.close()
    await engine.dispose()


@on_every_database
@in_event_loop
async def test_a_use_case_joins_the_session_of_the_application(place):
    await (await place.open()).close()
    engine = create_async_engine(place.awaited_url)
    sessions = async_sessionmaker(engine)
    async with sessions() as session:
        assert await joined(session, register) == "RECORDED"
    async with sessions.begin() as session:
        assert await joined(session, register) == "RECORDED"
    async with sessions() as session, session.begin():
        await session.run_sync(lambda own: prepare(own.connection(), prefix="sot_"))
        assert await joined(session, register, prefix="sot_") == "RECORDED"  # in tables of their own
    scoped = async_scoped_session(sessions, scopefunc=asyncio.current_task)
    assert await joined(scoped, register) == "REPEATED"
    await scoped.remove()
    with pytest.raises(InvalidInput, match="an AsyncSession"):
        await joined(session.sync_session, register)
    await engine.dispose()


@on_every_database
@in_event_loop
async def test_requests_of_an_application_at_once_are_run_again(place):
    await (await place.open()).close()
    engine = create_async_engine(place.awaited_url)

    async def request():
        async with AsyncSession(engine) as session, session.begin():
            return await joined(session, register)

    outcomes = await asyncio.gather(*(retry_async(request) for _ in range(TASKS)))
    assert sorted(outcomes) == ["RECORDED"] + ["REPEATED"] * (TASKS - 1)
    await engine.dispose()


@on_every_database
@in_event_loop
async def test_a_session_whose_use_case_was_cancelled_halfway_cannot_commit(place):
    async with await place.open() as store:
        await store.run_sync(lambda own: submit_and_send(own, "C1"))
    engine = create_async_engine(place.awaited_url)
    async with AsyncSession(engine) as session:

        def use_case(uow):
            with failing_fills(uow, asyncio.CancelledError()):
                record(uow, "E1")

        with pytest.raises(asyncio.CancelledError):
            await joined(session, use_case)
        with pytest.raises(UnitOfWorkFailed):
            await session.commit()
        await session.rollback()
        await joined(session, lambda uow: record(uow, "E1"))
        await session.commit()
    await engine.dispose()
    assert executed(place) == 1


# ------------------------------------------------------------------------------------------- settings and poolers


@pytest.mark.parametrize(("kind", "driver"), [("postgresql", "asyncpg"), ("postgresql", "psycopg")])
@in_event_loop
async def test_a_commit_is_durable_and_waits_are_limited(place):
    engine = create_engine(place.url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        name = connection.execute(text("SELECT current_database()")).scalar()
        connection.execute(text(f"ALTER DATABASE {name} SET synchronous_commit = off"))
    engine.dispose()
    async with await place.open(lock_timeout=7) as store:
        settings = ("synchronous_commit", "lock_timeout", "TimeZone")
        async with store.engine.connect() as connection:
            found = [(await connection.execute(text(f"SHOW {name}"))).scalar() for name in settings]
        assert found == ["on", "7s", "UTC"]


@pytest.mark.parametrize(("kind", "driver"), [("postgresql", "asyncpg"), ("postgresql", "psycopg")])
@in_event_loop
async def test_works_behind_a_pooler_of_transactions(place):
    await (await place.open()).close()
    pooled = make_url(pooled_url(place.url)).set(drivername=make_url(place.awaited_url).drivername)
    address = pooled.render_as_string(hide_password=False)
    if place.awaited_url.startswith("postgresql+asyncpg"):  # it has to be told as it connects
        arguments = {
            "statement_cache_size": 0,
            "prepared_statement_cache_size": 0,
            "prepared_statement_name_func": lambda: f"__asyncpg_{uuid.uuid4()}__",
        }
        store = AsyncStore(create_async_engine(address, connect_args=arguments))
    else:
        store = await AsyncStore.open(address)
    async with store:
        await store.run_sync(lambda own: submit_and_send(own, "C1", quantity=Decimal(1000)))
        for start in range(0, 4 * TASKS, TASKS):
            outcomes = await asyncio.gather(
                *(store.run(lambda uow, n=start + n: record(uow, f"E{n}")) for n in range(TASKS))
            )
            assert outcomes == ["RECORDED"] * TASKS
        assert (await store.run_sync(verify)).problems == []
    assert executed(place) == 4 * TASKS
