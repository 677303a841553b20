"""Figures of a server, in the text format of Prometheus.

Labels are closed sets: routes by their template, methods by their standard names. None comes from a request as it is,
so that a client can neither add series without end nor put a secret into one.
"""

from collections.abc import Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
NO_ROUTE = "none"
OTHER_METHOD = "OTHER"
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


def known_method(method: str) -> str:
    """Return a method that is in the standard, or OTHER for any text that a client made up."""
    return method if method in _METHODS else OTHER_METHOD


class Metrics:
    """The figures of one server; each may be counted from any thread.

    Attributes:
        requests: Responses, by method, route and status; `none` for a client that left before.
        seconds: How long they took, by route; streams of events are left out.
        refused: What the server's limits ended, by reason.
        streams: Open streams of events.
        connections: Open connections.
        commits: Committed units of work.
        conflicts: Lost races, also those that were run again.
        store_errors: Errors of the store, by their class.
    """

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self.requests = Counter(
            "sot_http_requests", "Requests by method, route and status.", ["method", "route", "status"],
            registry=registry,
        )  # fmt: skip
        self.seconds = Histogram(
            "sot_http_request_seconds", "Duration of requests by route, without streams of events.", ["route"],
            buckets=_SECONDS, registry=registry,
        )  # fmt: skip
        self.refused = Counter(
            "sot_http_refused", "Connections, streams and bodies that a limit ended, by reason.", ["reason"],
            registry=registry,
        )  # fmt: skip
        self.streams = Gauge("sot_http_streams_open", "Open streams of events.", registry=registry)
        self.connections = Gauge("sot_http_connections_open", "Open connections.", registry=registry)
        self.commits = Counter("sot_store_commits", "Units of work that were committed.", registry=registry)
        self.conflicts = Counter("sot_store_conflicts", "Races that units of work lost.", registry=registry)
        self.store_errors = Counter("sot_store_errors", "Errors of the store by class.", ["kind"], registry=registry)

    def count_connections(self, count: Callable[[], float]) -> None:
        """Read the number of open connections from a function."""
        self.connections.set_function(count)

    def text(self) -> bytes:
        """The figures in the text format."""
        return generate_latest(self._registry)
