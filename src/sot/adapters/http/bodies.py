"""Request bodies: one JSON object, limited in bytes, with decimals as strings."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from typing import Any

import attrs

from sot.adapters.http.http_errors import BodyTooLarge, BodyTooSlow, MalformedBody, ServerBusy, UnsupportedMediaType
from sot.adapters.http.schemas.decimals import check_decimal
from sot.domain.accounting.account_event import TRANSFER_LOTS, TransferLot
from sot.domain.orders.report import FEES, Fee
from sot.domain.values import fields
from sot.domain.values.documents import read_document
from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import Kind
from sot.domain.values.value import Value

MAX_BODY_BYTES = 1_000_000
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

_JSON = re.compile(r'application/json(?:\s*;\s*charset\s*=\s*"?utf-8"?)?\s*', re.ASCII | re.IGNORECASE)


class BodyMemory:
    """The memory of all bodies of a server that are being received or processed; used on its event loop only.

    Args:
        limit: The largest body, in bytes.
        total_limit: The largest sum of all bodies, in bytes.
        seconds: How long one may take to arrive.
    """

    def __init__(self, limit: int, total_limit: int, seconds: float) -> None:
        self._limit = limit
        self._total_limit = total_limit
        self._seconds = seconds
        self._total = 0

    @contextmanager
    def hold(self) -> Iterator["HeldBody"]:
        """Hold the memory of one body until the end of the block."""
        body = HeldBody(self)
        try:
            yield body
        finally:
            self._total -= body.size

    def take(self, body: "HeldBody", size: int) -> None:
        """Count more bytes of a body.

        Raises:
            BodyTooLarge: It has too many.
            ServerBusy: All bodies together have too many.
        """
        if body.size + size > self._limit:
            raise BodyTooLarge(self._limit)
        if self._total + size > self._total_limit:
            raise ServerBusy("Too many bodies are being processed.", {"Connection": "close"})
        body.size += size
        self._total += size

    async def receive(self, body: "HeldBody", receive: Receive, headers: Mapping[bytes, bytes]) -> bytes:
        """Receive the bytes of a body; see `HeldBody.receive`."""
        length = headers.get(b"content-length", b"")
        if length.isdigit() and int(length[:19]) > self._limit:
            raise BodyTooLarge(self._limit)
        try:
            async with asyncio.timeout(self._seconds):
                return await _receive_parts(receive, lambda size: self.take(body, size))
        except TimeoutError:
            raise BodyTooSlow() from None


class HeldBody:
    """The memory of one body.

    Attributes:
        size: How many of its bytes have arrived.
    """

    def __init__(self, memory: BodyMemory) -> None:
        self.size = 0
        self._memory = memory

    async def receive(self, receive: Receive, headers: Mapping[bytes, bytes]) -> bytes:
        """Receive the bytes of the body.

        Raises:
            BodyTooLarge: It has too many bytes; raised as soon as that is known.
            BodyTooSlow: It did not arrive in time.
            ServerBusy: There is no memory for it.
            MalformedBody: The client disconnected before the end. An incomplete body must not pass for an absent one.
        """
        return await self._memory.receive(self, receive, headers)


async def _receive_parts(receive: Receive, take: Callable[[int], None]) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise MalformedBody("The connection ended before the body did.")
        part = message.get("body", b"")
        take(len(part))
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def read_body(data: bytes, headers: Mapping[bytes, bytes], required: bool) -> dict[str, Any]:
    """Return the JSON object of a body; an empty one if the body is optional and absent.

    Raises:
        UnsupportedMediaType: It is not declared as JSON in UTF-8, or has a content encoding.
        MalformedBody: It is not UTF-8, not JSON, not an object, repeats a key, or contains NaN or Infinity.
    """
    if not data and not required:
        return {}
    coding = headers.get(b"content-encoding", b"identity").strip().lower()
    if coding != b"identity" or not _JSON.fullmatch(headers.get(b"content-type", b"").decode("latin-1")):
        raise UnsupportedMediaType("Declare the body as application/json in UTF-8, without a content encoding.")
    try:
        document = read_document(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise MalformedBody("The body is not UTF-8.") from None
    except InvalidInput as error:
        raise MalformedBody(f"The body is malformed: give {_allowed(error)}.") from None
    if not isinstance(document, dict):
        raise MalformedBody("The body is not a JSON object.")
    return document


def _allowed(error: InvalidInput) -> str:
    """What is allowed, without what the decoder quotes of the body."""
    return "valid JSON" if error.allowed.startswith("valid JSON") else error.allowed


def check_json_types(cls: type[Value], values: Mapping[str, Any]) -> None:
    """Check the JSON types that a value class alone would accept: decimals and ids have to be strings.

    Raises:
        InvalidInput: A value has another type, or is not in plain notation.
    """
    for name, kind in cls.KINDS.items():
        value = values.get(name)
        if value is not None:
            _check_json_type(kind, name, value)


def _check_json_type(kind: Kind, field: str, value: Any) -> None:
    if kind is fields.NUMBER or kind is fields.POSITIVE:
        check_decimal(field, value)
    elif kind is fields.NANOSECONDS:
        if type(value) is not str:
            raise InvalidInput(field, value, "nanoseconds since 1970 as a string")
    elif kind is fields.IDENTITY:
        if type(value) is not str:
            raise InvalidInput(field, value, "a UUID")
    elif kind is fields.RATES and isinstance(value, dict):
        for currency, rate in value.items():
            _check_json_type(fields.POSITIVE, f"{field}.{currency}", rate)
    elif isinstance(value, list):
        cls = next((cls for known, cls in _LISTS if known is kind), None)
        for number, item in enumerate(value if cls else ()):
            assert cls is not None
            _check_item(cls, f"{field}.{number}", item)


_LISTS: Sequence[tuple[Kind, type[Value]]] = ((FEES, Fee), (TRANSFER_LOTS, TransferLot))


def _check_item(cls: type[Value], field: str, item: Any) -> None:
    if not isinstance(item, dict):
        raise InvalidInput(field, item, f"an object of {', '.join(cls.KINDS)}")
    for name, kind in cls.KINDS.items():
        required = attrs.fields_dict(cls)[name].default is attrs.NOTHING
        if required or item.get(name) is not None:
            _check_json_type(kind, f"{field}.{name}", item.get(name, ""))
    with errors_inside(field):
        cls.read(item, field)


@contextmanager
def errors_inside(parent: str) -> Iterator[None]:
    """Prefix the field of each InvalidInput with the field that contains it.

    Raises:
        InvalidInput: Raised in the block, with the path from the root of the body.
    """
    try:
        yield
    except InvalidInput as error:
        if f"{error.field}.".startswith(f"{parent}."):
            raise
        raise InvalidInput(f"{parent}.{error.field}", error.value, error.allowed) from None


def read_objects(values: Mapping[str, Any], field: str) -> Sequence[Mapping[str, Any]]:
    """Return a field that is a list of objects; an empty list if it is absent.

    Raises:
        InvalidInput: It is not a list of objects.
    """
    items = values.get(field)
    if items is None:
        return ()
    if not isinstance(items, list):
        raise InvalidInput(field, items, "a list of objects")
    for number, item in enumerate(items):
        if not isinstance(item, dict):
            raise InvalidInput(f"{field}.{number}", item, "an object")
    return items
