"""The head of an HTTP request, and entity tags."""

import re
from collections.abc import Mapping, MutableMapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from sot.application.support.lazy import lazy
from sot.domain.orders.order import Order
from sot.ports.ids import IdSource

_REQUEST_ID = re.compile(rb"[A-Za-z0-9._:@/+=-]{1,64}")
_TRACE_PARENT = re.compile(rb"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
_TAG = re.compile(rb'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')
_HASH_DIGITS = 16
_SCOPE_KEY = "sot.message"


class HttpMessage:
    """A request without its body: method, path, query, headers and request id.

    Header names are in lower case. Repeated header lines are joined to one list (RFC 9110, section 5.3). A header that
    is not a list is malformed then, so that no line takes effect that a proxy in front may not have checked.

    Attributes:
        route: The path template of the route that it reached; None for an unknown path.
        is_stream: Whether its response is a stream of events, which lasts as long as the client likes.
        key_id: The id of its API key, once that is checked.
        trace_parent: The W3C trace context of what caused it: that of its header, or of the observer's span for it.
    """

    route: str | None = None
    is_stream: bool = False
    key_id: str | None = None
    trace_parent: str | None = None

    @classmethod
    def of(cls, scope: MutableMapping[str, Any], ids: IdSource) -> "HttpMessage":
        """Return the request of an ASGI scope, the same one for each call."""
        message = scope.get(_SCOPE_KEY)
        if message is None:
            message = scope[_SCOPE_KEY] = cls(scope, ids)
        found: HttpMessage = message
        return found

    def __init__(self, scope: MutableMapping[str, Any], ids: IdSource) -> None:
        self.headers: Mapping[bytes, bytes] = _joined_headers(scope["headers"])
        self.method: str = scope["method"]
        self.root_path: str = scope.get("root_path", "")
        path: str = scope["path"]
        self.path = path.removeprefix(self.root_path) if self.root_path else path
        self.query: bytes = scope["query_string"]
        self._scope = scope
        client_id = self.headers.get(b"x-request-id", b"")
        self.request_id = client_id.decode() if _REQUEST_ID.fullmatch(client_id) else ids.new_id()
        trace_parent = self.headers.get(b"traceparent", b"")
        if _TRACE_PARENT.fullmatch(trace_parent):
            self.trace_parent = trace_parent.decode()

    @property
    def path_parameters(self) -> Mapping[str, str]:
        """The values of the path parameters, once the router has found the route."""
        parameters: Mapping[str, str] = self._scope.get("path_params", {})
        return parameters

    @lazy
    def trace(self) -> str:
        """The `trace` of the events that this request causes: its id and its W3C trace context."""
        suffix = f" traceparent={self.trace_parent}" if self.trace_parent else ""
        return f"request={self.request_id}{suffix}"

    @property
    def is_read(self) -> bool:
        """Whether the method changes nothing."""
        return self.method in ("GET", "HEAD")

    @property
    def instance(self) -> str:
        """The path, as the `instance` of problem details."""
        return self.root_path + quote(self.path, safe="/~!$&'()*+,;=:@-._")

    def query_with(self, name: str, value: str) -> str:
        """The query string with another value of one parameter."""
        pairs = parse_qsl(self.query.decode("ascii", "replace"), keep_blank_values=True)
        return urlencode([*(pair for pair in pairs if pair[0] != name), (name, value)])


def _joined_headers(lines: Sequence[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    headers = dict(lines)
    if len(headers) < len(lines):
        for name in headers:
            headers[name] = b", ".join(value for line_name, value in lines if line_name == name)
    return headers


def order_etag(order: Order) -> str:
    """The entity tag of an order and of everything derived from its events alone: the head of its hash chain."""
    return event_etag(order.last_sequence, order.last_hash)


def event_etag(sequence: int, hash: str) -> str:
    """The entity tag of an order whose last event has this sequence and hash."""
    return f'"{sequence}-{hash[:_HASH_DIGITS]}"'


def etag_matches(header: bytes, etag: str, weak: bool) -> bool:
    """Whether If-Match or If-None-Match lists an entity tag (RFC 9110, sections 8.8.3.2 and 13.1).

    Args:
        header: The value of the header.
        etag: A strong entity tag.
        weak: Whether weak tags match, too, as in If-None-Match.
    """
    if header.strip() == b"*":
        return True
    expected = etag.encode("latin-1")
    return any(tag == expected and (weak or not prefix) for prefix, tag in _TAG.findall(header))
