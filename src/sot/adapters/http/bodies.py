"""Bodies: JSON read strictly, in bytes that are counted, into fields that the value classes check."""

import re
from collections.abc import Awaitable, Callable, Iterator, Mapping, MutableMapping, Sequence
from contextlib import contextmanager
from typing import Any

from sot.adapters.http.refusals import BodyTooLarge, MalformedBody, UnsupportedMediaType
from sot.adapters.http.schemas import check_decimal
from sot.domain.orders.report import FEES, Fee
from sot.domain.values import fields
from sot.domain.values.documents import read_document
from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import Kind, Value

LARGEST_BODY = 1_000_000
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

_JSON = re.compile(r'application/json(?:\s*;\s*charset\s*=\s*"?utf-8"?)?\s*', re.ASCII | re.IGNORECASE)


async def received(receive: Receive, headers: Mapping[bytes, bytes], limit: int) -> bytes:
    """The bytes of a body.

    Raises: BodyTooLarge, as soon as that is known. MalformedBody: the client left before its end, so that what came of
        it is not what was meant: nothing at all would be taken for a body that may be left out.
    """
    said = headers.get(b"content-length", b"")
    if said.isdigit() and int(said[:19]) > limit:
        raise BodyTooLarge(limit)
    parts: list[bytes] = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise MalformedBody("The connection ended before the body did.")
        part = message.get("body", b"")
        size += len(part)
        if size > limit:
            raise BodyTooLarge(limit)
        parts.append(part)
        if not message.get("more_body", False):
            return b"".join(parts)


def read_body(data: bytes, headers: Mapping[bytes, bytes], needed: bool) -> dict[str, Any]:
    """The JSON object that a body is; an empty one where none is needed and none was sent.

    Raises: UnsupportedMediaType. MalformedBody: not UTF-8, not JSON, a key given twice, NaN, or no object.
    """
    if not data and not needed:
        return {}
    coding = headers.get(b"content-encoding", b"identity").strip().lower()
    if coding != b"identity" or not _JSON.fullmatch(headers.get(b"content-type", b"").decode("latin-1")):
        raise UnsupportedMediaType("Declare the body as application/json in UTF-8, without a content encoding.")
    try:
        document = read_document(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise MalformedBody("The body is not UTF-8.") from None
    except InvalidInput as error:
        raise MalformedBody(f"The body is not as it has to be: give {_said(error)}.") from None
    if not isinstance(document, dict):
        raise MalformedBody("The body is not a JSON object.")
    return document


def _said(error: InvalidInput) -> str:
    """What is allowed, without what the decoder quotes of the body."""
    return "valid JSON" if error.allowed.startswith("valid JSON") else error.allowed


def strict(cls: type[Value], said: Mapping[str, Any]) -> None:
    """Hold what only JSON can get wrong against a class: amounts are strings, in plain notation.

    Raises: InvalidInput.
    """
    for name, kind in cls.KINDS.items():
        value = said.get(name)
        if value is not None:
            _strict(kind, name, value)


def _strict(kind: Kind, field: str, value: Any) -> None:
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
            _strict(fields.POSITIVE, f"{field}.{currency}", rate)
    elif kind is FEES and isinstance(value, list):
        for number, fee in enumerate(value):
            where = f"{field}.{number}"
            if not isinstance(fee, dict):
                raise InvalidInput(where, fee, "an object of amount and currency")
            _strict(fields.NUMBER, f"{where}.amount", fee.get("amount", ""))
            with inside(where):
                Fee.read(fee, where)


@contextmanager
def inside(where: str) -> Iterator[None]:
    """What cannot be read of a part of a body is named from its beginning on. Raises: InvalidInput."""
    try:
        yield
    except InvalidInput as error:
        if f"{error.field}.".startswith(f"{where}."):
            raise
        raise InvalidInput(f"{where}.{error.field}", error.value, error.allowed) from None


def objects(said: Mapping[str, Any], field: str) -> Sequence[Mapping[str, Any]]:
    """A field that is a list of objects; absent, it is empty. Raises: InvalidInput."""
    given = said.get(field)
    if given is None:
        return ()
    if not isinstance(given, list):
        raise InvalidInput(field, given, "a list of objects")
    for number, item in enumerate(given):
        if not isinstance(item, dict):
            raise InvalidInput(f"{field}.{number}", item, "an object")
    return given
