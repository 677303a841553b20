"""A request as it came over the wire, and the headers that tell who asked, in what state, and because of what."""

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


class Wire:
    """One request: its headers by lower-case name, its path, query and ids.

    What comes in several lines is one list (RFC 9110, section 5.3). A header that is no list cannot be read then, so
    that no line of it counts that somebody in front did not look at.
    """

    def __init__(self, scope: MutableMapping[str, Any], ids: IdSource) -> None:
        self.headers: Mapping[bytes, bytes] = _joined(scope["headers"])
        self.method: str = scope["method"]
        self.root_path: str = scope.get("root_path", "")
        path: str = scope["path"]
        self.path = path.removeprefix(self.root_path) if self.root_path else path
        self.query: bytes = scope["query_string"]
        self.path_parameters: Mapping[str, str] = scope.get("path_params", {})
        given = self.headers.get(b"x-request-id", b"")
        self.request_id = given.decode() if _REQUEST_ID.fullmatch(given) else ids.new_id()

    @lazy
    def trace(self) -> str:
        """What events keep of their cause: the request id and, where it was given, the W3C trace context."""
        parent = self.headers.get(b"traceparent", b"")
        traced = f" traceparent={parent.decode()}" if _TRACE_PARENT.fullmatch(parent) else ""
        return f"request={self.request_id}{traced}"

    @property
    def instance(self) -> str:
        """The path, as problem details name it."""
        return self.root_path + quote(self.path, safe="/~!$&'()*+,;=:@-._")

    def query_with(self, name: str, value: str) -> str:
        """The query with another value of a parameter."""
        given = parse_qsl(self.query.decode("ascii", "replace"), keep_blank_values=True)
        return urlencode([*(pair for pair in given if pair[0] != name), (name, value)])


def _joined(lines: Sequence[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    headers = dict(lines)
    if len(headers) < len(lines):
        for name in headers:
            headers[name] = b", ".join(value for known, value in lines if known == name)
    return headers


def etag_of(order: Order) -> str:
    """The entity tag of an order and of all that follows from its events alone: the head of its chain."""
    return etag_at(order.last_sequence, order.last_hash)


def etag_at(sequence: int, hash: str) -> str:
    """The entity tag of an order whose last event is this one."""
    return f'"{sequence}-{hash[:_HASH_DIGITS]}"'


def matches(header: bytes, etag: str, weakly: bool) -> bool:
    """Whether If-Match or If-None-Match names a tag (RFC 9110, sections 8.8.3.2 and 13.1)."""
    if header.strip() == b"*":
        return True
    wanted = etag.encode("latin-1")
    return any(tag == wanted and (weakly or not weak) for weak, tag in _TAG.findall(header))
