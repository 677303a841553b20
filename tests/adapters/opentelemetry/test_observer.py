"""Spans of OpenTelemetry: their names, parents and attributes, and their context on events."""

import asyncio

import pytest
from opentelemetry import context, trace
from opentelemetry.trace import SpanKind, StatusCode
from tests.support.span_context import events_of, traceparent

from sot import Executor
from sot.adapters.memory import MemoryStore
from sot.adapters.opentelemetry import OpenTelemetryObserver
from sot.errors import VenueOutcomeUnknown
from sot.ports.observer import Operation
from sot.testing.contract import CountingVenue
from sot.testing.contract.samples import ACCOUNT, VENUE, new_order_request, spot_instrument, trade_report
from sot.testing.contract.transactions import submit_and_send, write_history

SECRET = "hunter2hunter2"


class Venue:
    name = VENUE

    def submit(self, request):
        raise VenueOutcomeUnknown("TIME_OUT", SECRET)


def executed(store, venue, **terms):
    write_history(store, lambda h: h.register(spot_instrument()))
    request = write_history(store, lambda h: h.submit(new_order_request("C1", **terms)))
    return Executor(store, venue).execute(request.request_id)


def test_an_execution_is_a_tree_of_spans(store, spans):
    order = executed(store, CountingVenue())
    execution = spans.one("sot.execute")
    steps = {
        span.name: span for span in spans.ended if span.parent and span.parent.span_id == execution.context.span_id
    }
    assert set(steps) == {"sot.execute.prepare", "sot.execute.call_venue", "sot.execute.conclude"}
    assert {span.context.trace_id for span in steps.values()} == {execution.context.trace_id}
    assert steps["sot.execute.call_venue"].kind is SpanKind.CLIENT
    assert dict(execution.attributes) == {
        "sot.account_id": ACCOUNT,
        "sot.venue": VENUE,
        "sot.request_id": order.request_id,
        "sot.order_id": order.order_id,
        "sot.action": "NEW",
        "sot.outcome": "ANSWERED",
        "sot.status": str(order.status),
    }
    assert execution.status.status_code is StatusCode.UNSET
    events = {event.type: event.trace for event in events_of(store)}
    runs = {span.parent.span_id: span for span in spans.ended if span.name == "sot.store.run" and span.parent}
    assert events["TRADE"] == traceparent(runs[steps["sot.execute.conclude"].context.span_id])
    assert events["SUBMITTED"] == traceparent(runs[steps["sot.execute.prepare"].context.span_id])


def test_what_goes_wrong_has_a_class_and_no_text(store, spans):
    executed(store, Venue(), raw_payload={"key": SECRET}, limit_price="98.76543")
    call = spans.one("sot.execute.call_venue")
    assert (call.attributes["error.type"], call.attributes["sot.outcome"]) == ("VenueOutcomeUnknown", "UNKNOWN")
    assert call.status.status_code is StatusCode.ERROR
    with pytest.raises(ValueError, match=SECRET):
        store.run(lambda uow: int(SECRET))
    run = spans.ended[-1]
    assert (run.name, run.attributes["error.type"], run.attributes["sot.outcome"]) == (
        "sot.store.run",
        "ValueError",
        "FAILED",
    )
    shown = "".join(span.to_json() for span in spans.ended)
    assert SECRET not in shown
    assert "98.76543" not in shown
    assert all(span.events == () for span in spans.ended)


def test_the_span_of_a_run_names_the_use_case(store, spans):
    def record_a_fill(uow):
        return None

    store.run(record_a_fill)
    attributes = spans.one("sot.store.run").attributes
    assert attributes["code.function.name"].endswith("record_a_fill")
    assert (attributes["sot.attempts"], attributes["sot.outcome"], attributes["sot.read_only"]) == (1, "DONE", False)


def test_events_have_the_context_of_the_applications_span(store, spans):
    submit_and_send(store, "C1")
    spans.clear()
    with spans.tracer.start_as_current_span("tick") as tick, store.begin() as uow:
        assert uow.trace == traceparent(tick) == store.observer.trace()
    with spans.tracer.start_as_current_span("tick") as tick:
        write_history(store, lambda h: h.record(trade_report("C1", "E1")))
    run = spans.one("sot.store.run")
    assert run.parent.span_id == tick.get_span_context().span_id
    assert events_of(store)[-1].trace == traceparent(run)


def test_without_a_provider_nothing_is_traced():
    store = MemoryStore()
    store.observer = OpenTelemetryObserver()
    assert not trace.get_current_span().get_span_context().is_valid
    executed(store, CountingVenue())
    assert {event.trace for event in events_of(store)} == {None}


def test_a_malformed_parent_is_none(store, spans):
    with store.observer.observe(Operation.SERVE, "ff-0-0-0", method="GET", route="/"):
        pass
    assert spans.one("GET /").parent is None


def test_tasks_have_their_own_spans(store, spans):
    async def tick(number):
        with spans.tracer.start_as_current_span(f"tick {number}") as span:
            await asyncio.sleep(0)
            return store.observer.trace() == traceparent(span)

    async def main():
        return await asyncio.gather(*(tick(number) for number in range(3)))

    assert asyncio.run(main()) == [True] * 3
    assert context.get_current() == {}
