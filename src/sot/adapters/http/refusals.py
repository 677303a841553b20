"""What only a request over HTTP can get wrong."""

from collections.abc import Mapping

from sot.domain.values.errors import SotError


class HttpRefusal(SotError):
    """What only a request over HTTP can get wrong; `detail` says what to do, `headers` go with the answer."""

    def __init__(self, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.headers = dict(headers or {})


class NotAuthenticated(HttpRefusal):
    """No key, or one that opens nothing."""


class NotAllowed(HttpRefusal):
    """The key does not have the `scope` that this needs."""

    def __init__(self, detail: str, headers: Mapping[str, str], scope: str) -> None:
        super().__init__(detail, headers)
        self.scope = scope


class MalformedBody(HttpRefusal):
    """The body is not JSON as it has to be."""


class InvalidParameter(HttpRefusal):
    """A query parameter that does not exist, is given twice, or has a value that is not allowed; `field` names it."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(f"{field}: {detail}")
        self.field = field


class InvalidPageToken(HttpRefusal):
    """A page token that was not given for this list and these parameters."""


class IdempotencyKeyMissing(HttpRefusal):
    """A request that needs the header Idempotency-Key."""


class IdempotencyKeyInvalid(HttpRefusal):
    """An Idempotency-Key that cannot be read."""


class IdempotencyKeyReused(HttpRefusal):
    """The same Idempotency-Key was used for something else."""


class InProgress(HttpRefusal):
    """The same request is being worked on."""


class PreconditionFailed(HttpRefusal):
    """The order is not as If-Match says."""


class BodyTooLarge(HttpRefusal):
    """More bytes than are read, which is `limit`; the connection ends, since the rest of them is not waited for."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"The body has more than {limit} bytes.", {"Connection": "close"})
        self.limit = limit


class UnsupportedMediaType(HttpRefusal):
    """A body that is not JSON."""


class NoSnapshot(HttpRefusal):
    """No profit and loss of this order was recorded yet."""


class NoVenue(HttpRefusal):
    """The server has no venue."""


class RouteNotFound(HttpRefusal):
    """There is nothing at this path."""


class MethodNotAllowed(HttpRefusal):
    """Nothing here is done by this method."""


class Misdirected(HttpRefusal):
    """The request was meant for another host."""


class ServerError(HttpRefusal):
    """Something that should not have happened."""
