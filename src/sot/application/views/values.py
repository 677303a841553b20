"""Values as JSON values: numbers as exact text, times as RFC 3339 text in UTC."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import Any

import attrs

from sot.domain.values.numbers import plain
from sot.domain.values.times import time_text
from sot.domain.values.value import Value

_CONVERTERS: dict[type, Callable[[Any], Any]] = {
    str: str,
    Decimal: plain,
    type(None): lambda value: None,
    bool: bool,
    int: int,
    datetime: time_text,
}


def plain_value(value: Any) -> Any:
    """Convert a value to JSON values."""
    convert = _CONVERTERS.get(type(value))
    if convert is not None:
        return convert(value)
    if isinstance(value, str):
        _CONVERTERS[type(value)] = str  # an enumeration, whose members come again
        return str(value)
    if isinstance(value, Value):
        return value.as_json()
    if isinstance(value, Mapping):
        return {str(key): plain_value(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [plain_value(item) for item in value]
    return plain_value(attrs.asdict(value, recurse=False))


def pick(source: object, names: Iterable[str]) -> dict[str, Any]:
    """Some attributes of an object as JSON values, by name."""
    view = {}
    for name in names:
        value = getattr(source, name)
        convert = _CONVERTERS.get(type(value))
        view[name] = plain_value(value) if convert is None else convert(value)
    return view


def all_fields(value: Value) -> dict[str, Any]:
    """All fields of a value as JSON values, absent ones as null."""
    return {**dict.fromkeys(value.KINDS), **value.as_json()}


_LONGEST_FRACTION = 18
_SHORTENED_DIGITS = 12


def short_number(value: Decimal) -> str:
    """A number for people. Fractions of more than 18 digits, which only quotients have, are shortened to 12."""
    return shortened(value, _LONGEST_FRACTION, _SHORTENED_DIGITS)


def shortened(value: Decimal, longest: int, digits: int) -> str:
    """A number whose fraction, if it has more than `longest` digits, is rounded to `digits`, with an ellipsis."""
    text = plain(value)
    if len(text.partition(".")[2]) <= longest:
        return text
    with localcontext() as context:
        context.prec = 200
        return plain(value.quantize(Decimal((0, (1,), -digits)), rounding=ROUND_HALF_EVEN)) + "…"
