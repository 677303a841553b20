"""Traces of OpenTelemetry (extra `opentelemetry`): spans of what is done on a store, and their context on its events.

`store.observer = OpenTelemetryObserver()` is all: the store, `Executor`, `recover`, `reconcile` and the HTTP server
tell the observer of a store what they do. The application makes the provider and its exporters.

What always holds:

1. A span has names, ids, statuses and numbers of attempts; never an amount, a text of a venue, a payload, the path of a
   request, or the text of an error.
2. Events and requests that are recorded while a span is current carry its W3C traceparent as their `trace`, unless the
   application gives another.
"""

from sot.domain.values.errors import MissingExtra

try:
    from sot.adapters.opentelemetry.observer import OpenTelemetryObserver
except ModuleNotFoundError as error:
    raise MissingExtra("opentelemetry", "tracing by OpenTelemetry") from error

__all__ = ["OpenTelemetryObserver"]
