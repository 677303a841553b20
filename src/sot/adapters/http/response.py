"""What a handler returns: a response before it is rendered as bytes."""

from collections.abc import Callable, Mapping
from json import JSONEncoder
from typing import Any

import attrs

json_text: Callable[[Any], str] = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
"""Return a value as compact JSON text."""


@attrs.frozen(kw_only=True)
class Response:
    """The response of a handler.

    Attributes:
        body: A JSON value; text or bytes are sent as they are.
        etag: The entity tag, with its quotes.
        replayed: Whether the effect had been recorded before, so that this request added nothing.
    """

    body: Any
    status: int = 200
    headers: Mapping[str, str] = attrs.field(factory=dict)
    etag: str | None = None
    replayed: bool = False
    media_type: str = "application/json"
