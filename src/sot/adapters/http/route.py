"""What a route is: one value in a table. From it come the endpoint, its checks, and its part of the document."""

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import Enum, auto
from typing import TYPE_CHECKING, Any

import attrs

from sot.adapters.http.named import Schema
from sot.domain.values.errors import SotError
from sot.domain.values.vocabulary import AccessScope

if TYPE_CHECKING:
    from sot.adapters.http.asked import Asked


class Work(Enum):
    """In what an answer is made."""

    READ = auto()
    """One read-only transaction."""
    WRITE = auto()
    """One transaction, with the record of its Idempotency-Key in it."""
    CALL = auto()
    """Transactions of its own, around calls of the venue."""
    STREAM = auto()
    """As long as the client listens."""
    TELL = auto()
    """Nothing that is stored: anybody may ask."""


class Keyed(Enum):
    """What the header Idempotency-Key is for."""

    NOT = auto()
    """What is asked for is recognised by itself when it comes again: the header is not looked at."""
    ALLOWED = auto()
    """A repeat is recognised by itself; with the header it is answered as it was."""
    INTENT = auto()
    """The intent has a key of its own in the body, or else takes that of the header."""
    NEEDED = auto()
    """Nothing else tells a repeat."""


@attrs.frozen(kw_only=True)
class Parameter:
    """A query parameter: `read` makes its value of the texts that were given, and raises InvalidInput."""

    name: str
    about: str
    schema: Schema
    read: Callable[[str, Sequence[str]], Any]
    many: bool = False
    required: bool = False


@attrs.frozen(kw_only=True)
class Answer:
    """What a handler gives. `replayed` tells that nothing was done now, since it was done before."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = attrs.field(factory=dict)
    etag: str | None = None
    replayed: bool = False
    media_type: str = "application/json"


@attrs.frozen(kw_only=True)
class Link:
    """That an answer names what another operation takes: its parameter, from this field of the answer."""

    to: str
    parameter: str
    field: str


@attrs.frozen(kw_only=True)
class Told:
    """A successful answer, for the document: the name of its schema, and the links that lead on."""

    about: str
    shape: str | None = None
    links: Sequence[Link] = ()
    headers: Sequence[str] = ()


Handler = Callable[["Asked"], Answer]


@attrs.frozen(kw_only=True)
class Route:
    """One operation. `name` is its operationId; `conditional` answers have an ETag, `matching` ones heed If-Match.

    `brief` ones read a few rows, however much is stored.
    """

    name: str
    method: str
    path: str
    summary: str
    tag: str
    work: Work
    handler: Handler
    told: Mapping[int, Told]
    about: str = ""
    scope: AccessScope | None = None
    query: Sequence[Parameter] = ()
    body: Schema | None = None
    body_needed: bool = True
    example: Mapping[str, Any] | None = None
    problems: Sequence[type[SotError]] = ()
    keyed: Keyed = Keyed.NOT
    conditional: bool = False
    matching: bool = False
    brief: bool = False
    media_type: str = "application/json"

    @property
    def path_names(self) -> Sequence[str]:
        """The names in its path."""
        return [part[1:-1] for part in self.path.split("/") if part.startswith("{")]

    @property
    def parameters(self) -> Collection[str]:
        """What it takes in its path and its query."""
        return {*self.path_names, *(parameter.name for parameter in self.query)}

    @property
    def fields(self) -> Collection[str]:
        """What it takes in its body."""
        found: Collection[str] = (self.body or {}).get("properties", {})
        return found

    @property
    def reads(self) -> bool:
        """Whether it is a GET, which answers HEAD, too."""
        return self.method == "GET"
