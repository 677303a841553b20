"""Traces: what caused a unit of work is recorded with its requests and events. Part of the facts level."""

from typing import Any

import attrs
import pytest

from sot.application.audit.verification import verify
from sot.application.executor import Executor
from sot.application.history import OrderHistory
from sot.application.support.tracing import TracedStore
from sot.domain.values.errors import InvalidInput
from sot.ports.observer import Operation
from sot.ports.store import Store
from sot.testing.contract.counting_venue import CountingVenue
from sot.testing.contract.samples import new_order_request, spot_instrument, trade_report
from sot.testing.contract.transactions import read_history, submit_and_send, write_history
from sot.testing.fakes import RecordingObserver

TRACE = "7f1c é 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class TracesContract:
    """Traces of units of work. `store` is a fixture that makes an empty store."""

    def test_requests_and_events_carry_the_trace(self, store: Store) -> None:
        """The trace is recorded as long as it is set, and the hashes cover it."""
        with store.begin() as uow:
            history = OrderHistory(uow)
            assert uow.trace is None
            history.register(spot_instrument())
            uow.trace = TRACE
            request = history.submit(new_order_request("C1"))
            order_id = history.mark_sent(request.request_id).order_id or ""
            uow.trace = None
            history.record(trade_report("C1", "E1"))
            uow.commit()
        with TracedStore(store, "x" * 255).begin() as uow:
            OrderHistory(uow).record(trade_report("C1", "E2"))
            uow.commit()
        events = read_history(store, lambda h: list(h.events(order_id)))
        assert [event.trace for event in events] == [TRACE, TRACE, None, "x" * 255]
        assert ['"trace"' in event.body() for event in events] == [True, True, False, True]
        assert [entry.event for entry in read_history(store, lambda h: list(h.timeline(order_id)))] == events
        assert [
            event.trace for event in read_history(store, lambda h: list(h.as_of(store.horizon()).events(order_id)))
        ] == [event.trace for event in events]
        assert read_history(store, lambda h: h.request(request.request_id)).request.trace == TRACE
        assert verify(store).problems == []

    def test_a_repeat_may_have_another_trace(self, store: Store) -> None:
        """A trace does not make a new fact: what was recorded first stays, with its trace."""
        first = TracedStore(store, TRACE)
        submit_and_send(first, "C1")
        write_history(first, lambda h: h.record(trade_report("C1", "E1")))
        for repeating in (store, first, TracedStore(store, "again")):
            repeated = write_history(repeating, lambda h: h.submit(new_order_request("C1", trace="mine")))
            assert (repeated.repeated, repeated.request.trace) == (True, TRACE)
            assert write_history(repeating, lambda h: h.record(trade_report("C1", "E1"))).outcome == "REPEATED"
        order = read_history(store, lambda h: h.orders().items)[0]
        assert {event.trace for event in read_history(store, lambda h, o=order.order_id: list(h.events(o)))} == {TRACE}  # type: ignore[misc]

    def test_an_observer_traces_units_of_work_and_sees_what_is_run(self, store: Store) -> None:
        """Its trace is recorded where none is given, also in `begin`; it is told how each use case ended."""
        submit_and_send(store, "C1")
        observer = store.observer = RecordingObserver(TRACE)
        write_history(store, lambda h: h.record(trade_report("C1", "E1")))
        with store.begin() as uow:
            OrderHistory(uow).record(trade_report("C1", "E2"))
            uow.commit()
        write_history(TracedStore(store, "given"), lambda h: h.record(trade_report("C1", "E3")))
        with pytest.raises(ZeroDivisionError):
            store.run(lambda uow: 1 // 0)
        order = read_history(store, lambda h: h.orders().items)[0]
        events = read_history(store, lambda h: list(h.events(order.order_id)))
        assert [event.trace for event in events] == [None, None, TRACE, TRACE, "given"]
        assert {facts["operation"] for facts in observer.seen} == {Operation.RUN}
        told = [(facts["read_only"], facts["attempts"], facts["outcome"]) for facts in observer.seen]
        done = (False, 1, "DONE")
        assert told == [done, done, (False, 1, "FAILED"), (True, 1, "DONE"), (True, 1, "DONE")]
        assert observer.seen[2]["raised"] == "ZeroDivisionError"

    @pytest.mark.parametrize("trace", ["", "x" * 256, "a\0b", "\ud800", 7])
    def test_an_invalid_trace_is_refused(self, store: Store, trace: Any) -> None:
        """InvalidInput, and nothing is stored."""
        submit_and_send(store, "C1")
        for command in (
            lambda h: h.record(trade_report("C1", "E1")),
            lambda h: h.submit(new_order_request("C2")),
        ):
            with store.begin() as uow, pytest.raises(InvalidInput, match="trace"):
                uow.trace = trace
                command(OrderHistory(uow))  # type: ignore[no-untyped-call]
        assert len(read_history(store, lambda h: h.requests().items)) == 1

    def test_an_execution_is_traced_through_all_transactions(self, store: Store) -> None:
        """A `TracedStore` sets the trace of every unit of work of an execution."""
        traced = TracedStore(store, TRACE)
        write_history(store, lambda h: h.register(spot_instrument()))
        request = write_history(store, lambda h: h.submit(new_order_request("C1")))
        order = Executor(traced, CountingVenue()).execute(request.request_id)
        events = read_history(traced, lambda h: list(h.events(order.order_id)))
        assert [str(event.type) for event in events] == ["CREATED", "SUBMITTED", "TRADE"]
        assert {event.trace for event in events} == {TRACE}
        assert read_history(store, lambda h: h.request(request.request_id)).request.trace is None
        assert traced.horizon() == store.horizon()
        traced.close()
        assert attrs.evolve(read_history(store, lambda h: h.order(order.order_id)), version=0) == attrs.evolve(
            order, version=0
        )
