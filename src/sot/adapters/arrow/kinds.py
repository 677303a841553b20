"""The Arrow type of each kind of field, and the conversion of its values.

Both follow from the JSON schema of the kind, which says what the JSON values are that are converted.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

import pyarrow as pa

from sot.application.tables.figures import Figures
from sot.domain.values.documents import document_text
from sot.domain.values.fields import NANOSECONDS, decimal_schema
from sot.domain.values.numbers import FRACTION_DIGITS, INTEGER_DIGITS, QUOTIENT_DIGITS, rounded

_WIDE_INTEGER_DIGITS = 40


class DoesNotFit(Exception):
    """A figure has more digits than its column.

    Attributes:
        text: The figure.
    """

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class ArrowKind(NamedTuple):
    """A type of Arrow.

    Attributes:
        type: The type.
        convert: Makes what pyarrow takes of a JSON value that is not null.
    """

    type: pa.DataType
    convert: Callable[[Any], Any]

    def value(self, json: Any) -> Any:
        """What pyarrow takes of a JSON value."""
        return None if json is None else self.convert(json)


def _bounded(integer_digits: int, fraction_digits: int) -> Callable[[str], Decimal]:
    def convert(text: str) -> Decimal:
        head, _, tail = text.removeprefix("-").partition(".")
        if len(head) > integer_digits or len(tail) > fraction_digits:
            raise DoesNotFit(text)
        return Decimal(text)

    return convert


_fitting = _bounded(INTEGER_DIGITS, FRACTION_DIGITS)


def _rounded(text: str) -> Decimal:
    number = rounded(Decimal(text), FRACTION_DIGITS)
    if number.copy_abs() >= Decimal(10) ** INTEGER_DIGITS:
        raise DoesNotFit(text)
    return number


TEXT = ArrowKind(pa.string(), str)
_TIME = ArrowKind(pa.timestamp("us", tz="UTC"), datetime.fromisoformat)
_DATE = ArrowKind(pa.date32(), date.fromisoformat)
_WHOLE = ArrowKind(pa.int64(), int)
_FLAG = ArrowKind(pa.bool_(), bool)
_DOCUMENT = ArrowKind(pa.string(), document_text)

_FIGURES: Mapping[Figures, ArrowKind] = {
    Figures.EXACT: ArrowKind(pa.decimal128(INTEGER_DIGITS + FRACTION_DIGITS, FRACTION_DIGITS), _fitting),
    Figures.TEXT: TEXT,
    Figures.DECIMAL256: ArrowKind(
        pa.decimal256(_WIDE_INTEGER_DIGITS + QUOTIENT_DIGITS, QUOTIENT_DIGITS),
        _bounded(_WIDE_INTEGER_DIGITS, QUOTIENT_DIGITS),
    ),
    Figures.ROUNDED: ArrowKind(pa.decimal128(INTEGER_DIGITS + FRACTION_DIGITS, FRACTION_DIGITS), _rounded),
}

_FORMATS: Mapping[str, ArrowKind] = {"date-time": _TIME, "date": _DATE}
_PATTERN_OF_NANOSECONDS = NANOSECONDS.schema(True)["pattern"]
_PATTERN_OF_FIGURES = decimal_schema(True)["pattern"]


def arrow_kind(schema: Mapping[str, Any], figures: Figures) -> ArrowKind:
    """Return the Arrow type of the values of a JSON schema. What has no type of its own is JSON text.

    Args:
        schema: The schema.
        figures: The type of amounts.
    """
    for alternative in schema.get("anyOf", ()):
        if alternative != {"type": "null"}:
            return arrow_kind(alternative, figures)
    named = schema.get("type")
    make = _MAKERS.get(named[0] if isinstance(named, list) else str(named))
    return _DOCUMENT if make is None else make(schema, figures)


def _text(schema: Mapping[str, Any], figures: Figures) -> ArrowKind:
    if schema.get("pattern") == _PATTERN_OF_FIGURES:
        return _FIGURES[figures]
    if schema.get("pattern") == _PATTERN_OF_NANOSECONDS:
        return _WHOLE
    return _FORMATS.get(schema.get("format", ""), TEXT)


def _list(schema: Mapping[str, Any], figures: Figures) -> ArrowKind:
    if "items" not in schema:
        return _DOCUMENT
    item = arrow_kind(schema["items"], figures)
    return ArrowKind(pa.list_(item.type), lambda values: [item.value(value) for value in values])


def _object(schema: Mapping[str, Any], figures: Figures) -> ArrowKind:
    if "properties" in schema:
        kinds = {name: arrow_kind(field, figures) for name, field in schema["properties"].items()}
        type = pa.struct([(name, kind.type) for name, kind in kinds.items()])
        return ArrowKind(type, lambda fields: {name: kind.value(fields[name]) for name, kind in kinds.items()})
    if isinstance(schema.get("additionalProperties"), Mapping):
        item = arrow_kind(schema["additionalProperties"], figures)
        type = pa.map_(pa.string(), item.type)
        return ArrowKind(type, lambda fields: [(name, item.value(value)) for name, value in sorted(fields.items())])
    return _DOCUMENT


_MAKERS: Mapping[str, Callable[[Mapping[str, Any], Figures], ArrowKind]] = {
    "string": _text,
    "integer": lambda schema, figures: _WHOLE,
    "boolean": lambda schema, figures: _FLAG,
    "array": _list,
    "object": _object,
}
