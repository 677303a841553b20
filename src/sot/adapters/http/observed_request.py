"""Tell the store's observer of a request: method, template of the route and status, never a path, a query or a body."""

from collections.abc import Iterator
from contextlib import contextmanager

from sot.adapters.http.http_message import HttpMessage
from sot.adapters.http.metrics import known_method
from sot.ports.observer import Observation, Observer, Operation


@contextmanager
def observed_request(observer: Observer, message: HttpMessage) -> Iterator[Observation]:
    """Observe the block that responds to a request. Its events get the trace of the observer, if there is one."""
    facts = {"method": known_method(message.method), "route": message.route, "request": message.request_id}
    with observer.observe(Operation.SERVE, message.trace_parent, **facts) as observation:
        message.trace_parent = observer.trace() or message.trace_parent
        yield observation


def add_status(observation: Observation, status: int) -> None:
    """Add the status of the response; one of the server's errors is an error."""
    observation.add(status_code=status, error=str(status) if status >= 500 else None)
