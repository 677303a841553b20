"""Spans that a test can look at, and a store that makes them."""

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from sot.adapters.memory import MemoryStore
from sot.adapters.opentelemetry import OpenTelemetryObserver


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
