"""What an observer is told of an AsyncStore: executions in tasks, those that are cancelled too, and the trace."""

import asyncio
from contextlib import suppress

from sot import OrderHistory
from sot.aio import AsyncExecutor, AsyncVenue
from sot.ports.observer import NO_OBSERVER, Operation
from sot.testing.contract.samples import VENUE, new_order_request, spot_instrument, trade_report
from sot.testing.fakes import RecordingObserver
from sot.venue import VenueCapabilities
from tests.support.awaited_stores import in_event_loop, on_every_store


class OurVenue(AsyncVenue):
    """Answers with an execution, or not at all."""

    name = VENUE
    capabilities = VenueCapabilities(finds_orders=True)

    def __init__(self, hangs=False):
        self.hangs = hangs
        self.called = asyncio.Event()

    async def submit(self, request):
        self.called.set()
        if self.hangs:
            await asyncio.Event().wait()
        return [trade_report(request.client_order_id, "E1", "10", "99")]


async def submitted(store):
    await store.run(lambda uow: OrderHistory(uow).register(spot_instrument()))
    return (await store.run(lambda uow: OrderHistory(uow).submit(new_order_request("C1")))).request_id


@on_every_store
@in_event_loop
async def test_an_execution_is_observed_and_its_events_are_traced(place):
    async with await place.open() as store:
        assert store.observer is NO_OBSERVER
        request_id = await submitted(store)
        observer = store.observer = RecordingObserver("the cause")
        order = await AsyncExecutor(store, OurVenue()).execute(request_id)
        assert [(facts["operation"], facts["above"], facts.get("outcome")) for facts in observer.seen] == [
            (Operation.EXECUTE, None, "ANSWERED"),
            (Operation.PREPARE, Operation.EXECUTE, None),
            (Operation.RUN, Operation.PREPARE, "DONE"),
            (Operation.CALL_VENUE, Operation.EXECUTE, "ANSWERED"),
            (Operation.CONCLUDE, Operation.EXECUTE, None),
            (Operation.RUN, Operation.CONCLUDE, "DONE"),
        ]
        assert observer.seen[0]["status"] == order.status
        again = await AsyncExecutor(store, OurVenue()).execute(request_id)
        assert (again.order_id, observer.seen[6]["outcome"]) == (order.order_id, "REPEATED")
        await AsyncExecutor(store, OurVenue()).recover()
        assert observer.seen[9]["operation"] is Operation.RECOVER  # through `run_sync`, as its transactions
        assert observer.seen[10]["above"] is Operation.RECOVER
    events = place.read(lambda h: list(h.events(order.order_id)))
    assert {event.trace for event in events} == {"the cause"}


@on_every_store
@in_event_loop
async def test_an_execution_that_is_cancelled(place):
    async with await place.open() as store:
        request_id = await submitted(store)
        observer = store.observer = RecordingObserver()
        venue = OurVenue(hangs=True)
        task = asyncio.create_task(AsyncExecutor(store, venue).execute(request_id))
        await venue.called.wait()
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        execution, call = (
            facts for facts in observer.seen if facts["operation"] in (Operation.EXECUTE, Operation.CALL_VENUE)
        )
        assert (execution["outcome"], execution["raised"]) == ("UNKNOWN", "CancelledError")
        assert (call.get("outcome"), call["raised"]) == (None, "CancelledError")
        assert observer.seen[-2]["operation"] is Operation.CONCLUDE
