"""Values as JSON: numbers as exact text, times as RFC 3339 in UTC."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import attrs

from sot.domain.values.fields import Value
from sot.domain.values.numbers import plain
from sot.domain.values.times import time_text

_SIMPLE: dict[type, Callable[[Any], Any]] = {
    str: str,
    Decimal: plain,
    type(None): lambda value: None,
    bool: bool,
    int: int,
    datetime: time_text,
}


def plain_value(value: Any) -> Any:
    """A value as JSON values: numbers and times as text."""
    simple = _SIMPLE.get(type(value))
    if simple is not None:
        return simple(value)
    if isinstance(value, str):
        _SIMPLE[type(value)] = str  # a vocabulary, whose words come again
        return str(value)
    if isinstance(value, Value):
        return value.as_json()
    if isinstance(value, Mapping):
        return {str(key): plain_value(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [plain_value(item) for item in value]
    return plain_value(attrs.asdict(value, recurse=False))


def picked(source: object, names: Sequence[str]) -> dict[str, Any]:
    """Some attributes, as JSON values."""
    view = {}
    for name in names:
        value = getattr(source, name)
        simple = _SIMPLE.get(type(value))
        view[name] = plain_value(value) if simple is None else simple(value)
    return view


def whole(value: Value) -> dict[str, Any]:
    """All fields of a value, absent ones as null."""
    return {**dict.fromkeys(value.KINDS), **value.as_json()}
