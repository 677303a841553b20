"""An observer that makes spans."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from opentelemetry.context import Context
from opentelemetry.trace import (
    Span,
    SpanKind,
    StatusCode,
    TracerProvider,
    format_span_id,
    format_trace_id,
    get_current_span,
    get_tracer,
)
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from sot.ports.observer import Fact, Observation, Observer, Operation

_STANDARD_NAMES: Mapping[str, str] = {
    "error": "error.type",
    "method": "http.request.method",
    "route": "http.route",
    "status_code": "http.response.status_code",
    "use_case": "code.function.name",
}
"""Facts that have a name in the semantic conventions of OpenTelemetry. All others are attributes `sot.NAME`."""
_KINDS: Mapping[Operation, SpanKind] = {Operation.CALL_VENUE: SpanKind.CLIENT, Operation.SERVE: SpanKind.SERVER}
_PROPAGATOR = TraceContextTextMapPropagator()


class OpenTelemetryObserver(Observer):
    """Makes a span of each operation, below the current one.

    Without a current span, a request over HTTP continues the trace of its header `traceparent`.

    Args:
        tracer_provider: The provider; the one of the process by default.
    """

    def __init__(self, tracer_provider: TracerProvider | None = None) -> None:
        self._tracer = get_tracer("sot", tracer_provider=tracer_provider)

    @contextmanager
    def observe(self, operation: Operation, parent: str | None = None, /, **facts: Fact) -> Iterator[Observation]:
        """Make the span of an operation. Of an error that leaves the block it has the class, and not the text."""
        is_local = get_current_span().get_span_context().is_valid
        with self._tracer.start_as_current_span(
            _name(operation, facts),
            None if is_local else _remote(parent),
            _kind(operation, is_local),
            record_exception=False,
            set_status_on_exception=False,
        ) as span:
            observation = _SpanObservation(span)
            observation.add(**facts)
            try:
                yield observation
            except BaseException as error:
                observation.add(error=type(error).__qualname__)
                raise

    def trace(self) -> str | None:
        """Return the W3C traceparent of the current span; None if there is none."""
        context = get_current_span().get_span_context()
        if not context.is_valid:
            return None
        ids = f"{format_trace_id(context.trace_id)}-{format_span_id(context.span_id)}"
        return f"00-{ids}-{context.trace_flags:02x}"


class _SpanObservation(Observation):
    def __init__(self, span: Span) -> None:
        self._span = span

    def add(self, **facts: Fact) -> None:
        for name, value in facts.items():
            if value is not None:
                attribute = _STANDARD_NAMES.get(name, f"sot.{name}")
                self._span.set_attribute(attribute, str(value) if isinstance(value, str) else value)
        if facts.get("error") is not None:
            self._span.set_status(StatusCode.ERROR)


def _name(operation: Operation, facts: Mapping[str, Fact]) -> str:
    """The name of a span: few different ones, as the conventions ask for."""
    return f"{facts['method']} {facts['route']}" if operation is Operation.SERVE else f"sot.{operation}"


def _kind(operation: Operation, is_local: bool) -> SpanKind:
    """The kind of a span: a request that a span of the application serves already is no second server."""
    if is_local and operation is Operation.SERVE:
        return SpanKind.INTERNAL
    return _KINDS.get(operation, SpanKind.INTERNAL)


def _remote(parent: str | None) -> Context | None:
    return None if parent is None else _PROPAGATOR.extract({"traceparent": parent}, Context())
