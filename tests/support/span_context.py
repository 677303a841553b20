"""What is known of spans and events."""

from sot.testing.contract.transactions import read_history


def traceparent(span):
    found = span.get_span_context()
    return f"00-{found.trace_id:032x}-{found.span_id:016x}-{found.trace_flags:02x}"


def events_of(store):
    (order,) = read_history(store, lambda h: h.orders().items)
    return read_history(store, lambda h: list(h.events(order.order_id)))
