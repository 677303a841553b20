"""Execution at a venue that is awaited: its outcomes, one call only, cancelled tasks, recovery, reconciliation."""

import asyncio
import inspect
from datetime import timedelta
from decimal import Decimal as D

import attrs
import pytest
from sqlalchemy import event
from sqlalchemy.util import await_only

from sot import CommitUnknown, Executor, InvalidInput, NotFound, OrderHistory, OrderRequest, OrderStatus
from sot.adapters.memory import MemoryStore
from sot.adapters.venues.simulated import SimulatedVenue
from sot.aio import AsyncExecutor, AsyncStore, AsyncVenue, threaded
from sot.application.execution.recovery import recover
from sot.audit import verify
from sot.errors import StoreUnavailable, VenueNotReached, VenueOutcomeUnknown, VenueRefused
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, new_order_request, spot_instrument, trade_report
from sot.testing.faults import FaultPlan, FaultyStore, StoreFault
from sot.venue import FoundOrder, RecoveryLimits, Replacement, Venue, VenueCapabilities, reconcile
from tests.support.awaited_stores import in_event_loop, on_every_database, on_every_store


class OurVenue(AsyncVenue):
    """Answers as the test says."""

    name = VENUE

    def __init__(self, answer=None):
        self.answer = answer
        self.calls = []
        self.called = asyncio.Event()
        self.released = asyncio.Event()
        self.limit = timedelta(seconds=30)

    @property
    def capabilities(self):
        return VenueCapabilities(
            cancels=True,
            replaces=Replacement.AMENDS,
            finds_orders=True,
            client_order_ids=True,
            finds_by_client_order_id=True,
            history=None,
            settled_after=timedelta(0),
            time_limit=self.limit,
        )

    async def submit(self, request):
        self.calls.append(request.client_order_id)
        self.called.set()
        if isinstance(self.answer, BaseException):
            raise self.answer
        if self.answer == "hangs":
            await self.released.wait()
        if self.answer is not None and self.answer != "hangs":
            return self.answer
        return [trade_report(request.client_order_id, "E1", "10", "99")]

    async def find(self, order):
        await asyncio.sleep(0)
        reports = [trade_report(order.client_order_id, "E1", "10", "99")] if self.calls else []
        return FoundOrder(asked_at=order.sent_at, reports=reports)


async def submitted(store, request=None):
    def use_case(uow):
        history = OrderHistory(uow)
        history.register(spot_instrument())
        return history.submit(request or new_order_request("C1")).request_id

    return await store.run(use_case)


async def events(store, order_id):
    found = await store.run(lambda uow: list(OrderHistory(uow).events(order_id)), read_only=True)
    return [str(each.type) for each in found]


async def order(store):
    try:
        return await store.run(lambda uow: OrderHistory(uow).find_order(ACCOUNT, "C1"), read_only=True)
    except NotFound:
        return None


# ----------------------------------------------------------------------------------------------------- the outcomes


@on_every_store
@pytest.mark.parametrize(
    ("answer", "status", "in_doubt", "last"),
    [
        (None, OrderStatus.FILLED, False, "TRADE"),
        (VenueRefused("INSUFFICIENT_FUNDS"), OrderStatus.REJECTED, False, "REJECTED"),
        (VenueNotReached("no route"), OrderStatus.FAILED, False, "FAILED"),
        (VenueOutcomeUnknown("time-out"), OrderStatus.PENDING_NEW, True, "SUBMISSION_UNKNOWN"),
        (ValueError("a bug in the adapter"), OrderStatus.PENDING_NEW, True, "SUBMISSION_UNKNOWN"),
        ("hangs", OrderStatus.PENDING_NEW, True, "SUBMISSION_UNKNOWN"),
        (7, OrderStatus.PENDING_NEW, True, "SUBMISSION_UNKNOWN"),
        ([{"status": "ok"}], OrderStatus.PENDING_NEW, True, "SUBMISSION_UNKNOWN"),
    ],
)
@in_event_loop
async def test_tells_outcomes_apart_and_calls_once(place, answer, status, in_doubt, last):
    async with await place.open() as store:
        request_id = await submitted(store)
        venue = OurVenue(answer)
        if answer == "hangs":
            venue.limit = timedelta(milliseconds=1)
        executed = await AsyncExecutor(store, venue).execute(request_id, mark=D(110))
        assert (executed.status, executed.in_doubt) == (status, in_doubt)
        kinds = [kind for kind in await events(store, executed.order_id) if kind != "MARKED"]
        assert kinds == ["CREATED", "SUBMITTED", last]
        again = await AsyncExecutor(store, venue).execute(request_id)
        assert (again.order_id, again.status, venue.calls) == (executed.order_id, status, ["C1"])


@on_every_store
@in_event_loop
async def test_tasks_that_execute_a_request_at_once_call_once(place):
    async with await place.open() as store:
        request_id = await submitted(store)
        executor = AsyncExecutor(store, venue := OurVenue())
        orders = await asyncio.gather(*(executor.execute(request_id) for _ in range(8)))
        assert len({executed.order_id for executed in orders}) == 1
        assert venue.calls == ["C1"]
        assert (await order(store)).status == "FILLED"
        assert (await store.run_sync(verify)).problems == []


@on_every_store
@in_event_loop
async def test_cancels_and_replaces_at_a_blocking_venue_in_threads(place):
    async with await place.open() as store:
        simulated = SimulatedVenue(VENUE, prices={SYMBOL: D(101)}, clock=place.clock)
        executor = AsyncExecutor(store, threaded(simulated), actor="trader")
        resting = await executor.execute(await submitted(store))
        assert resting.status == "NEW"
        for action, status, terms in (("REPLACE", "NEW", {"quantity": D(5)}), ("CANCEL", "CANCELED", {})):
            asked = OrderRequest(
                account_id=ACCOUNT, action=action, client_order_id=action, target_order_id=resting.order_id, **terms
            )
            executed = await executor.execute(await submitted(store, asked))
            assert (executed.status, executed.order_quantity) == (status, 5)
        result = await executor.reconcile(ACCOUNT, heal=True)
        assert (result.agrees, list(result.failures)) == (True, [])


@in_event_loop
async def test_steps_can_be_run_alone():
    store = AsyncStore(MemoryStore())
    request_id = await submitted(store)
    executor = AsyncExecutor(store, OurVenue())
    prepared = await executor.prepare(request_id)
    assert prepared.send and not (await executor.prepare(request_id)).send
    concluded = await executor.conclude(prepared, VenueRefused("CLOSED"), mark=D(1))
    assert concluded.status == "REJECTED"
    with pytest.raises(NotFound):
        await executor.execute("00000000-0000-7000-8000-000000000000")


@pytest.mark.parametrize("fault", [StoreFault.COMMIT_LOST, StoreFault.ANSWER_LOST])
@pytest.mark.parametrize("number", [1, 2])
@in_event_loop
async def test_a_lost_answer_to_commit_neither_sends_twice_nor_not_at_all(fault, number):
    plan = FaultPlan()
    store = AsyncStore(FaultyStore(MemoryStore(), plan))
    request_id = await submitted(store)
    plan.once(fault, number)
    venue = OurVenue()
    executed = await AsyncExecutor(store, venue).execute(request_id)
    assert not plan.is_pending
    assert (executed.status, executed.cum_quantity, venue.calls) == ("FILLED", 10, ["C1"])
    assert await events(store, executed.order_id) == ["CREATED", "SUBMITTED", "TRADE"]


@in_event_loop
async def test_two_lost_answers_are_told():
    plan = FaultPlan()
    store = AsyncStore(FaultyStore(MemoryStore(), plan))
    request_id = await submitted(store)
    plan.chances = {StoreFault.ANSWER_LOST: 1}
    venue = OurVenue()
    with pytest.raises(CommitUnknown):
        await AsyncExecutor(store, venue).execute(request_id)
    assert venue.calls == []


# ----------------------------------------------------------------------------------------------------- cancelled tasks


@on_every_store
@in_event_loop
async def test_a_call_that_is_cancelled_is_recorded_as_unknown_and_recovered(place):
    async with await place.open() as store:
        executor = AsyncExecutor(store, venue := OurVenue("hangs"))
        task = asyncio.create_task(executor.execute(await submitted(store)))
        await venue.called.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        found = await order(store)
        assert (found.status, found.in_doubt) == ("PENDING_NEW", True)
        assert (await events(store, found.order_id))[-1] == "SUBMISSION_UNKNOWN"
        assert (await executor.recover()).too_recent == [found.order_id]
        place.clock.move(timedelta(minutes=5))
        assert (await executor.recover(ACCOUNT)).settled == [found.order_id]
        assert (await order(store)).status == "FILLED"


@on_every_store
@in_event_loop
async def test_a_call_that_takes_too_long_for_the_caller_is_a_timeout(place):
    async with await place.open() as store:
        request_id = await submitted(store)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01 if place.kind == "memory" else 0.5):
                await AsyncExecutor(store, OurVenue("hangs")).execute(request_id)
        assert await order(store) is None or (await order(store)).status in ("PENDING_NEW", "FAILED")


@on_every_store
@in_event_loop
async def test_a_task_that_is_cancelled_before_it_has_prepared_leaves_nothing(place):
    async with await place.open() as store:
        request_id = await submitted(store)
        venue = OurVenue()
        task = asyncio.create_task(AsyncExecutor(store, venue).execute(request_id))
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await order(store), venue.calls) == (None, [])
        assert (await AsyncExecutor(store, venue).execute(request_id)).status == "FILLED"


@on_every_database
@pytest.mark.parametrize("stored", [True, False])
@in_event_loop
async def test_what_was_prepared_and_not_sent_has_failed(place, stored):
    async with await place.open() as store:
        request_id = await submitted(store)
        venue = OurVenue()
        reached, opened = asyncio.Event(), asyncio.Event()

        def waits(connection):
            reached.set()
            await_only(opened.wait())
            if not stored:
                raise StoreUnavailable("sqlite://", "no space is left")

        event.listen(store.engine.sync_engine, "commit", waits, once=True)
        task = asyncio.create_task(AsyncExecutor(store, venue).execute(request_id))
        await reached.wait()
        task.cancel()
        await asyncio.sleep(0)
        opened.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert venue.calls == []
        found = await order(store)
        assert (found and found.status) == ("FAILED" if stored else None)


@on_every_database
@in_event_loop
async def test_what_the_venue_has_answered_is_recorded_though_the_task_is_cancelled(place):
    async with await place.open() as store:
        request_id = await submitted(store)
        commits = []
        reached, opened = asyncio.Event(), asyncio.Event()

        def second_waits(connection):
            commits.append(connection)
            if len(commits) == 2:
                reached.set()
                await_only(opened.wait())

        event.listen(store.engine.sync_engine, "commit", second_waits)
        task = asyncio.create_task(AsyncExecutor(store, OurVenue()).execute(request_id))
        await reached.wait()
        task.cancel()
        await asyncio.sleep(0)
        opened.set()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert (await order(store)).status == "FILLED"


@on_every_database
@pytest.mark.parametrize("in_a_task", [False, True], ids=["the driver awaits", "the driver makes a task"])
def test_what_the_venue_has_answered_is_recorded_though_the_event_loop_is_shut_down(place, in_a_task):
    background = []

    async def main():
        store = await place.open()
        request_id = await submitted(store)
        commits = []
        reached = asyncio.Event()

        async def until_shutdown():
            while not background[0].cancelling():
                await asyncio.sleep(0)

        def second_waits(connection):
            commits.append(connection)
            if len(commits) == 2:
                reached.set()
                await_only(asyncio.create_task(until_shutdown()) if in_a_task else until_shutdown())

        event.listen(store.engine.sync_engine, "commit", second_waits)

        async def execute():
            try:
                await AsyncExecutor(store, OurVenue()).execute(request_id)
            finally:
                await store.close()

        background.append(asyncio.create_task(execute()))
        await reached.wait()

    asyncio.run(main())
    assert background[0].cancelled()
    found = place.read(lambda history: history.find_order(ACCOUNT, "C1"))
    kinds = place.read(lambda history: [str(each.type) for each in history.events(found.order_id)])
    assert (kinds, found.in_doubt) == (["CREATED", "SUBMITTED", "TRADE"], False)


# --------------------------------------------------------------------------------------------------------- the port


def test_the_awaited_port_has_every_method_of_the_port():
    def methods(port):
        return {name: value for name, value in vars(port).items() if inspect.isfunction(value) and name[0] != "_"}

    blocking, awaited = methods(Venue), methods(AsyncVenue)
    assert set(awaited) == set(blocking)
    for name, method in awaited.items():
        assert inspect.iscoroutinefunction(method)
        assert inspect.signature(method).replace() == inspect.signature(blocking[name])


class OnlySubmits(AsyncVenue):
    name = VENUE

    async def submit(self, request):
        return []


class OnlySubmitsBlocking(Venue):
    name = VENUE

    def submit(self, request):
        return []


@pytest.mark.parametrize("wrap", [OnlySubmits, lambda: threaded(OnlySubmitsBlocking())])
@in_event_loop
async def test_what_a_venue_does_not_support_is_refused_as_by_the_port(wrap):
    awaited, blocking = wrap(), OnlySubmitsBlocking()
    assert awaited.capabilities == VenueCapabilities()
    for name in ("cancel", "replace", "find", "open_orders", "executions", "positions", "balances"):
        arguments = (None, None) if name in ("cancel", "replace") else (None,)
        with pytest.raises(VenueRefused) as expected:
            getattr(blocking, name)(*arguments)
        with pytest.raises(VenueRefused) as refused:
            await getattr(awaited, name)(*arguments)
        assert str(refused.value) == str(expected.value)
    with pytest.raises(InvalidInput, match="asked for orders"):
        await AsyncExecutor(AsyncStore(MemoryStore()), awaited).recover()


def test_a_venue_of_the_other_kind_is_refused():
    with pytest.raises(InvalidInput, match=r"sot\.aio\.threaded"):
        AsyncExecutor(AsyncStore(MemoryStore()), OnlySubmitsBlocking())
    with pytest.raises(InvalidInput, match=r"sot\.aio\.AsyncExecutor"):
        Executor(MemoryStore(), OnlySubmits())


class CancelsBlocking(OnlySubmits):
    def cancel(self, request, target):
        raise AssertionError("it is called though nobody would read its answer")


class FindsAwaited(OnlySubmitsBlocking):
    capabilities = VenueCapabilities(finds_orders=True)

    async def find(self, order):
        raise AssertionError("nobody awaits it")


def test_a_venue_with_a_method_of_the_other_kind_is_refused_by_all_that_call_it():
    store = MemoryStore()
    with pytest.raises(InvalidInput, match=r"CancelsBlocking\.cancel.*sot\.aio\.threaded"):
        AsyncExecutor(AsyncStore(store), CancelsBlocking())
    mixed = FindsAwaited()
    for refuses in (
        lambda: Executor(store, mixed),
        lambda: recover(store, mixed),
        lambda: reconcile(store, mixed, ACCOUNT),
    ):
        with pytest.raises(InvalidInput, match=r"FindsAwaited\.find.*sot\.aio\.AsyncExecutor"):
            refuses()
    with pytest.raises(InvalidInput, match=r"FindsAwaited\.submit"):
        AsyncExecutor(AsyncStore(store), mixed)


@on_every_store
@in_event_loop
async def test_recovery_pages_its_queries_without_stopping_the_loop(place):
    """The pauses between queries and after lost races are awaited: other tasks run meanwhile."""
    async with await place.open() as store:
        venue = OurVenue(VenueOutcomeUnknown("time-out"))
        executor = AsyncExecutor(store, venue)
        for number in range(3):
            await executor.execute(await submitted(store, new_order_request(f"C{number}")))
        place.clock.move(timedelta(minutes=5))
        turns = 0

        async def counts():
            nonlocal turns
            while True:
                await asyncio.sleep(0)
                turns += 1

        counting = asyncio.create_task(counts())
        result = await executor.recover(limits=attrs.evolve(RecoveryLimits(), pause=timedelta(milliseconds=1)))
        counting.cancel()
        assert (len(result.settled), result.queries, turns > 3) == (3, 3, True)
