"""JSON documents of the caller that are stored with facts: raw payloads, indicators, market snapshots.

Their canonical text has its keys sorted by code point, no white space, and numbers in plain decimal notation.
"""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sot.domain.values.errors import InvalidInput
from sot.domain.values.limits import (
    DOCUMENT_DEPTH,
    DOCUMENT_ITEMS,
    DOCUMENT_LENGTH,
    JSON_DEPTH,
    JSON_ITEMS,
    JSON_LENGTH,
)
from sot.domain.values.numbers import bounded, plain

_NUMBER_DIGITS = 400

_EXACT_BITS = 1_000
"""An integer of so many bits has fewer digits than are allowed."""

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


class _Checker:
    """Checks and copies one document, and stops where it gets too large."""

    def __init__(self, field: str) -> None:
        self._field = field
        self._items = 0
        self._characters = 0

    def copy(self, value: Any, depth: int = 0) -> Any:
        """Check and copy a value at a depth."""
        field = self._field
        self._items += 1
        if depth > DOCUMENT_DEPTH:
            raise InvalidInput(field, "a deeper document", f"a document nested at most {DOCUMENT_DEPTH} deep")
        if self._items > DOCUMENT_ITEMS:
            raise InvalidInput(field, "a larger document", f"a document with at most {DOCUMENT_ITEMS} values")
        kind = type(value)
        if kind is list or kind is tuple:
            return [self.copy(item, depth + 1) for item in value]
        if kind is dict:
            return self._copy_mapping(value, depth)
        if kind is str:
            return self._copy_text(value)
        if kind is int and value.bit_length() <= _EXACT_BITS:
            return Decimal(value)
        return self._copy_other(value, depth)

    def _copy_other(self, value: Any, depth: int) -> Any:
        """Check and copy a value of a type that is not as common."""
        if value is None or value is True or value is False:
            return value
        if isinstance(value, str):
            return self._copy_text(value)
        if isinstance(value, JsonFraction):
            value = Decimal(value)
        if isinstance(value, (int, Decimal)):
            return bounded(self._field, value, _NUMBER_DIGITS, _NUMBER_DIGITS, _ALLOWED)
        if isinstance(value, Mapping):
            return self._copy_mapping(value, depth)
        if isinstance(value, (list, tuple)):
            return [self.copy(item, depth + 1) for item in value]
        raise InvalidInput(self._field, value, _ALLOWED)

    def _copy_mapping(self, value: Mapping[Any, Any], depth: int) -> dict[str, Any]:
        for key in value:
            if not isinstance(key, str):
                raise InvalidInput(self._field, key, "a document whose keys are strings")
        return {self._copy_text(key): self.copy(value[key], depth + 1) for key in value}

    def _copy_text(self, value: str) -> str:
        self._characters += len(value)
        if self._characters > DOCUMENT_LENGTH:
            raise _too_long(self._field)
        return clean_text(self._field, value)


def _too_long(field: str) -> InvalidInput:
    return InvalidInput(field, "a longer document", f"at most {DOCUMENT_LENGTH} characters")


def _text(value: Any) -> str:
    kind = type(value)
    if kind is list:
        return "[" + ",".join(map(_text, value)) + "]"
    if kind is dict:
        return "{" + ",".join([f"{_encode(key)}:{_text(value[key])}" for key in sorted(value)]) + "}"
    if isinstance(value, Decimal):
        return plain(value)
    return _encode(value)


_encode = json.JSONEncoder(ensure_ascii=False).encode

# The same text in a fraction of the time; a Decimal is a type that it does not know.
_encode_without_numbers = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def checked_document(field: str, value: Any) -> Any:
    """Check and copy a document.

    Args:
        field: The name of the field, for the error.
        value: The document: objects, arrays, strings, exact numbers, true, false and null.

    Returns:
        A copy of dicts, lists and texts, with its numbers as Decimal.

    Raises:
        InvalidInput: A float, NaN, a key that is not text, another type, or more levels, values or characters than
            `limits` allows.

    Rules: INPUT-7.
    """
    document = _Checker(field).copy(value)
    if len(document_text(document)) > DOCUMENT_LENGTH:
        raise _too_long(field)
    return document


def document_text(document: Any) -> str:
    """Return the canonical text of a checked document."""
    try:
        return _encode_without_numbers(document)
    except TypeError:
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
        seen: set[str] = set()
        repeated = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise InvalidInput("JSON", repeated, "each key of an object once")
    return result


_DECODER = json.JSONDecoder(
    parse_float=_fraction, parse_int=_integer, parse_constant=_refuse_constant, object_pairs_hook=_object
)


# A string that does not end goes on to the end of the text, so that no part of it is searched twice.
_STRING = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?', re.DOTALL)

_BRACKET = re.compile(r"[\[\]{}]")


def check_json_bounds(text: str) -> None:
    """Check the length, the depth and the number of values of a JSON text, without parsing it.

    Raises:
        InvalidInput: One of them exceeds its bound in `limits`.
    """
    if len(text) > JSON_LENGTH:
        raise InvalidInput("JSON", f"a text of {len(text)} characters", f"at most {JSON_LENGTH} characters")
    # Brackets and commas inside of strings do not count; most texts have too few of them to make a difference.
    is_flat = text.count("[") + text.count("{") <= JSON_DEPTH
    if is_flat and text.count(",") < JSON_ITEMS:
        return
    structure = _STRING.sub("", text)
    if structure.count(",") >= JSON_ITEMS:
        raise InvalidInput("JSON", "a larger text", f"at most {JSON_ITEMS} values")
    depth = 0
    for bracket in _BRACKET.finditer(structure):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > JSON_DEPTH:
            raise InvalidInput("JSON", "a deeper text", f"JSON nested at most {JSON_DEPTH} deep")


def read_document(text: str) -> Any:
    """Parse JSON without losing a digit.

    Returns:
        The JSON value. Integers are int, other numbers `JsonFraction`.

    Raises:
        InvalidInput: It is not JSON, an object has a key twice, a number is NaN, infinite or too long, or the text
            exceeds a bound in `limits`.
    """
    check_json_bounds(text)
    try:
        return _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        if isinstance(error, InvalidInput):
            raise
        raise InvalidInput("JSON", text, f"valid JSON ({error})") from None
