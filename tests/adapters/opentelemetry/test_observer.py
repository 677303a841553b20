"""Spans of OpenTelemetry: their names, parents and attributes, and their context on events."""

import asyncio
import subprocess
import sys

import pytest
from opentelemetry import context, trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode
from starlette.testclient import TestClient

from sot import Executor
from sot.adapters.http import Settings, create_app
from sot.adapters.memory import MemoryStore
from sot.adapters.opentelemetry import OpenTelemetryObserver
from sot.errors import VenueOutcomeUnknown
from sot.testing.contract import CountingVenue
from sot.testing.contract.samples import ACCOUNT, VENUE, new_order_request, spot_instrument, trade_report
from sot.testing.contract.transactions import read_history, submit_and_send, write_history

SECRET = "hunter2hunter2"
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Spans:
    def __init__(self):
        self._exporter = InMemorySpanExporter()
        self.provider = TracerProvider(shutdown_on_exit=False)
        self.provider.add_span_processor(SimpleSpanProcessor(self._exporter))
        self.tracer = self.provider.get_tracer("the application")

    def clear(self):
        self._exporter.clear()

    @property
    def ended(self):
        return self._exporter.get_finished_spans()

    def one(self, name):
        (span,) = [span for span in self.ended if span.name == name]
        return span


@pytest.fixture
def spans():
    return Spans()


@pytest.fixture
def store(spans):
    store = MemoryStore()
    store.observer = OpenTelemetryObserver(spans.provider)
    return store


def traceparent(span):
    found = span.get_span_context()
    return f"00-{found.trace_id:032x}-{found.span_id:016x}-{found.trace_flags:02x}"


def events_of(store):
    (order,) = read_history(store, lambda h: h.orders().items)
    return read_history(store, lambda h: list(h.events(order.order_id)))


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


@pytest.fixture
def client(store):
    settings = Settings(page_secret=b"of this store", refusal_seconds=0, keys=False)
    return TestClient(create_app(store, settings=settings), base_url="http://localhost", raise_server_exceptions=False)


def test_a_request_continues_the_clients_trace(client, store, spans):
    submit_and_send(store, "C1")
    spans.clear()
    report = {
        "account_id": ACCOUNT,
        "venue": VENUE,
        "client_order_id": "C1",
        "type": "NEW",
        "occurred_at": "2026-01-05T10:00:00Z",
    }
    response = client.post("/sot/reports?x=1", json=report, headers={"traceparent": PARENT, "x-request-id": "r1"})
    assert response.status_code == 400
    response = client.post("/sot/reports", json=report, headers={"traceparent": PARENT, "x-request-id": "r2"})
    assert response.status_code in (200, 201), response.text
    refused, served = [span for span in spans.ended if span.name == "POST /sot/reports"]
    assert f"{served.context.trace_id:032x}" == PARENT.split("-")[1]
    assert f"{served.parent.span_id:016x}" == PARENT.split("-")[2]
    assert served.kind is SpanKind.SERVER
    assert dict(served.attributes) == {
        "http.request.method": "POST",
        "http.route": "/sot/reports",
        "http.response.status_code": response.status_code,
        "sot.request": "r2",
    }
    assert refused.attributes["http.response.status_code"] == 400
    assert refused.status.status_code is StatusCode.UNSET
    run = spans.one("sot.store.run")
    assert run.parent.span_id == served.context.span_id  # also in a thread of the server
    assert events_of(store)[-1].trace == f"request=r2 traceparent={traceparent(served)}"


def test_a_request_within_a_span_of_the_application(store, spans):
    """An application that mounts the server, and traces its own requests, has one tree."""
    settings = Settings(page_secret=b"of this store", keys=False)
    app = create_app(store, settings=settings)

    async def traced(scope, receive, send):
        with spans.tracer.start_as_current_span("of the application"):
            await app(scope, receive, send)

    response = TestClient(traced, base_url="http://localhost").get("/sot/orders", headers={"traceparent": PARENT})
    assert response.status_code == 200
    served, outer = spans.one("GET /sot/orders"), spans.one("of the application")
    assert served.parent.span_id == outer.context.span_id
    assert served.kind is SpanKind.INTERNAL


SERVE = """
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.testclient import TestClient
from sot.adapters.http import Settings, create_app
from sot.adapters.memory import MemoryStore
from sot.adapters.opentelemetry import OpenTelemetryObserver

exporter, provider, store = InMemorySpanExporter(), TracerProvider(), MemoryStore()
provider.add_span_processor(SimpleSpanProcessor(exporter))
trace.set_tracer_provider(provider)
store.observer = OpenTelemetryObserver()
app = create_app(store, settings=Settings(page_secret=b"of this store", keys=False))
TestClient(app, base_url="http://localhost").get("/sot/orders?symbol=hunter2hunter2")
print([span.name for span in exporter.get_finished_spans() if span.kind is trace.SpanKind.SERVER])
print("hunter2hunter2" in str([span.to_json() for span in exporter.get_finished_spans()]))
"""


def test_the_framework_makes_no_span_of_its_own():
    """With a provider of the process, FastAPI would."""
    result = subprocess.run([sys.executable, "-c", SERVE], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines() == ["['GET /sot/orders']", "False"]


def test_an_internal_error(client, store, spans):
    def broken(**arguments):
        raise RuntimeError(SECRET)

    store.begin = broken
    assert client.get(f"/sot/orders/{SECRET}").status_code == 500
    served = spans.one("GET /sot/orders/{order_id}")
    assert (served.attributes["error.type"], served.status.status_code) == ("500", StatusCode.ERROR)
    assert SECRET not in "".join(span.to_json() for span in spans.ended)


def test_a_malformed_parent_is_none(store, spans):
    from sot.ports.observer import Work

    with store.observer.observe(Work.SERVE, "ff-0-0-0", method="GET", route="/"):
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
