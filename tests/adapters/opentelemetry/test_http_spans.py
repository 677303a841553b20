"""Spans of requests to the HTTP server: below the client's or the application's, without path and query."""

import subprocess
import sys

import pytest
from opentelemetry.trace import SpanKind, StatusCode
from starlette.testclient import TestClient
from tests.support.span_context import events_of, traceparent

from sot.adapters.http import Settings, create_app
from sot.testing.contract.samples import ACCOUNT, VENUE
from sot.testing.contract.transactions import submit_and_send

SECRET = "hunter2hunter2"
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


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
