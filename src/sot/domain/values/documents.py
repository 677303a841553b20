"""JSON documents of the caller that are stored with facts: raw payloads, indicators, market snapshots.

Their canonical text has its keys sorted by code point, no white space, and numbers in plain decimal notation.
"""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import bounded, plain

DOCUMENT_LENGTH = 1_000_000

_NUMBER_DIGITS = 400

_DEPTH = 64

_SURROGATE_OR_NUL = re.compile("[\x00\ud800-\udfff]")

_ALLOWED_TEXT = "text without NUL and lone surrogates"

_ALLOWED = "JSON made of objects, arrays, strings, exact numbers (no floats), true, false and null"


def clean_text(field: str, value: str) -> str:
    """Return a text that every store can hold.

    Args:
        field: The name of the field, for the error.
        value: The text.

    Raises:
        InvalidInput: The text contains NUL or a lone surrogate.
    """
    if not value.isprintable() and _SURROGATE_OR_NUL.search(value):
        raise InvalidInput(field, value, _ALLOWED_TEXT)
    return value


class JsonFraction(Decimal):
    """A JSON number with a fraction or an exponent, read exactly.

    It is allowed in documents, and not as an amount: its writer may have rounded it in a float before.
    """

    def __repr__(self) -> str:
        """Say what it is: it is no Decimal of the caller."""
        return f"the float {self}"


def _checked(field: str, value: Any, depth: int = 0) -> Any:
    if depth > _DEPTH:
        raise InvalidInput(field, "a deeper document", f"a document nested at most {_DEPTH} deep")
    if value is None or value is True or value is False:
        return value
    if isinstance(value, str):
        return clean_text(field, value)
    if isinstance(value, JsonFraction):
        value = Decimal(value)
    if isinstance(value, (int, Decimal)):
        return bounded(field, value, _NUMBER_DIGITS, _NUMBER_DIGITS, _ALLOWED)
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise InvalidInput(field, key, "a document whose keys are strings")
        return {clean_text(field, key): _checked(field, value[key], depth + 1) for key in value}
    if isinstance(value, (list, tuple)):
        return [_checked(field, item, depth + 1) for item in value]
    raise InvalidInput(field, value, _ALLOWED)


def _text(value: Any) -> str:
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{_encode(key)}:{_text(value[key])}" for key in sorted(value)) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(_text, value)) + "]"
    return _encode(value)


_encode = json.JSONEncoder(ensure_ascii=False).encode


def checked_document(field: str, value: Any) -> Any:
    """Check and copy a document.

    Args:
        field: The name of the field, for the error.
        value: The document: objects, arrays, strings, exact numbers, true, false and null.

    Returns:
        A copy of dicts, lists and texts, with its numbers as Decimal.

    Raises:
        InvalidInput: A float, NaN, a key that is not text, another type, more than 64 levels, or a text too long.
    """
    document = _checked(field, value)
    if len(document_text(document)) > DOCUMENT_LENGTH:
        raise InvalidInput(field, "a longer document", f"at most {DOCUMENT_LENGTH} characters")
    return document


def document_text(document: Any) -> str:
    """Return the canonical text of a checked document."""
    return _text(document)


def _refuse_constant(name: str) -> Any:
    raise InvalidInput("JSON", name, "a finite number")


def _integer(text: str) -> int | Decimal:
    return int(text) if len(text) <= _NUMBER_DIGITS else bounded("JSON number", text, 0, 0, _ALLOWED)


def _fraction(text: str) -> JsonFraction:
    try:
        return JsonFraction(bounded("JSON number", text, _NUMBER_DIGITS, _NUMBER_DIGITS, _ALLOWED))
    except ArithmeticError:
        raise InvalidInput("JSON number", text, _ALLOWED) from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        names = [key for key, _ in pairs]
        raise InvalidInput("JSON", next(n for n in names if names.count(n) > 1), "each key of an object once")
    return result


_DECODER = json.JSONDecoder(
    parse_float=_fraction, parse_int=_integer, parse_constant=_refuse_constant, object_pairs_hook=_object
)


def read_document(text: str) -> Any:
    """Parse JSON without losing a digit.

    Returns:
        The JSON value. Integers are int, other numbers `JsonFraction`.

    Raises:
        InvalidInput: It is not JSON, an object has a key twice, or a number is NaN, infinite or too long.
    """
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        if isinstance(error, InvalidInput):
            raise
        raise InvalidInput("JSON", text, f"valid JSON ({error})") from None
