"""A route: one operation as a value in a table. Its endpoint, its checks and its documentation all follow from it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import Enum, auto
from typing import Any

import attrs

from sot.adapters.http.parameters import Parameter
from sot.adapters.http.request_context import RequestContext
from sot.adapters.http.response import Response
from sot.adapters.http.schemas.schema_refs import Schema
from sot.domain.values.errors import SotError
from sot.domain.values.vocabulary import AccessScope


class TransactionMode(Enum):
    """In which transaction a handler runs."""

    READ = auto()
    """One read-only transaction."""
    WRITE = auto()
    """One transaction, which records the response under its Idempotency-Key, too."""
    OWN = auto()
    """The handler runs its own transactions, such as before and after a call of the venue."""
    STREAM = auto()
    """No handler: `stream` sends events until the client disconnects."""
    NONE = auto()
    """None: the operation is open to everybody and reads no history."""


class IdempotencyUse(Enum):
    """How an operation uses the header Idempotency-Key."""

    IGNORED = auto()
    """Not at all."""
    OPTIONAL = auto()
    """A repeat is recognised by its content. With the header, it gets the recorded response."""
    INTENT = auto()
    """As OPTIONAL; the header is the key of the intent, too, if its body has none."""
    REQUIRED = auto()
    """A repeat is recognised by the header only."""


@attrs.frozen(kw_only=True)
class Link:
    """A link of the OpenAPI document: the `parameter` of the operation `to` is the `field` of a response."""

    to: str
    parameter: str
    field: str


@attrs.frozen(kw_only=True)
class ResponseSpec:
    """A successful response in the OpenAPI document.

    Attributes:
        schema: The name of the body's schema; None if it is no JSON.
    """

    description: str
    schema: str | None = None
    links: Sequence[Link] = ()
    headers: Sequence[str] = ()


Handler = Callable[[RequestContext], Response]


@attrs.frozen(kw_only=True)
class Route:
    """One operation.

    Attributes:
        name: Its operationId.
        scope: The scope that the API key needs; None if the operation is open to everybody.
        query: Its query parameters.
        body: The schema of its body; None without a body.
        example: An example of its body.
        responses: Its successful responses by status.
        problems: Errors of its own, beside those that `openapi.operations.errors_of` derives from the route.
        conditional: Whether its responses have an ETag, and If-None-Match is supported.
        supports_if_match: Whether If-Match is supported.
        reads_few_rows: Whether it reads a few rows only, however many there are.
    """

    name: str
    method: str
    path: str
    summary: str
    tag: str
    transaction: TransactionMode
    handler: Handler
    responses: Mapping[int, ResponseSpec]
    description: str = ""
    scope: AccessScope | None = None
    query: Sequence[Parameter] = ()
    body: Schema | None = None
    body_required: bool = True
    example: Mapping[str, Any] | None = None
    problems: Sequence[type[SotError]] = ()
    idempotency: IdempotencyUse = IdempotencyUse.IGNORED
    conditional: bool = False
    supports_if_match: bool = False
    reads_few_rows: bool = False
    media_type: str = "application/json"

    @property
    def path_parameters(self) -> Sequence[str]:
        """The names of its path parameters."""
        return [part[1:-1] for part in self.path.split("/") if part.startswith("{")]

    @property
    def parameter_names(self) -> Collection[str]:
        """The names of its path and query parameters."""
        return {*self.path_parameters, *(parameter.name for parameter in self.query)}

    @property
    def body_fields(self) -> Collection[str]:
        """The fields of its body."""
        properties: Collection[str] = (self.body or {}).get("properties", {})
        return properties

    @property
    def is_get(self) -> bool:
        """Whether it is a GET operation, which supports HEAD, too."""
        return self.method == "GET"
