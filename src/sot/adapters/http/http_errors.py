"""Errors that only an HTTP request can cause."""

from collections.abc import Mapping

from sot.domain.values.errors import SotError


class HttpRefusal(SotError):
    """Base of the errors that only an HTTP request can cause.

    Attributes:
        detail: What the client should do.
        headers: Headers of the error response.
    """

    def __init__(self, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.headers = dict(headers or {})


class NotAuthenticated(HttpRefusal):
    """The request has no API key, or an invalid one."""


class NotAllowed(HttpRefusal):
    """The API key lacks the required `scope`."""

    def __init__(self, detail: str, headers: Mapping[str, str], scope: str) -> None:
        super().__init__(detail, headers)
        self.scope = scope


class MalformedBody(HttpRefusal):
    """The body is not a valid JSON object."""


class InvalidParameter(HttpRefusal):
    """The query parameter `field` is unknown, repeated, missing, or has a value that is not allowed."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(f"{field}: {detail}")
        self.field = field


class InvalidPageToken(HttpRefusal):
    """The page token was issued for another list or other parameters, or by another server."""


class IdempotencyKeyMissing(HttpRefusal):
    """The operation requires an Idempotency-Key."""


class IdempotencyKeyInvalid(HttpRefusal):
    """The Idempotency-Key is malformed."""


class IdempotencyKeyReused(HttpRefusal):
    """The Idempotency-Key was used for another request."""


class InProgress(HttpRefusal):
    """A request with the same Idempotency-Key is in progress."""


class PreconditionFailed(HttpRefusal):
    """The order's entity tag is none of those in If-Match."""


class BodyTooLarge(HttpRefusal):
    """The body has more than `limit` bytes. The connection is closed, since the rest is not read."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"The body has more than {limit} bytes.", {"Connection": "close"})
        self.limit = limit


class BodyTooSlow(HttpRefusal):
    """The body did not arrive in time. The connection is closed, since the rest is not read."""

    def __init__(self) -> None:
        super().__init__("The body did not arrive in time; send it again, at once.", {"Connection": "close"})


class TooManyStreams(HttpRefusal):
    """The API key has as many open streams as it may have."""


class ServerBusy(HttpRefusal):
    """The server has as many connections, streams or unfinished bodies as it can serve."""


class UnsupportedMediaType(HttpRefusal):
    """The body is not declared as JSON."""


class NoSnapshot(HttpRefusal):
    """No profit and loss of the order has been recorded."""


class NoVenue(HttpRefusal):
    """The server was started without a venue."""


class RouteNotFound(HttpRefusal):
    """No route has this path."""


class MethodNotAllowed(HttpRefusal):
    """The path does not support this method."""


class Misdirected(HttpRefusal):
    """The request's Host or Origin is not one of the server's host names."""


class ServerError(HttpRefusal):
    """An unexpected error."""
