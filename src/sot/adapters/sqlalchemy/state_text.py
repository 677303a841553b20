"""The fold of an order's facts as compact JSON text: fields that have their default are left out."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from json.encoder import encode_basestring as quoted
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs

from sot.domain.orders.state import OrderState
from sot.domain.values.canonical import read_canonical
from sot.domain.values.numbers import plain
from sot.domain.values.times import time_text

_Write = Callable[[Any], str]
_Read = Callable[[Any], Any]


def _codec(hint: Any) -> tuple[_Write, _Read]:
    """How values of a type are written as JSON text, and read from what JSON gives for it."""
    if get_origin(hint) in (UnionType, Union):
        (hint,) = (part for part in get_args(hint) if part is not NoneType)
    if get_origin(hint) is tuple:
        write, read = _codec(get_args(hint)[0])
        return (
            lambda values: "[" + ",".join(map(write, values)) + "]",
            lambda values: tuple([read(value) for value in values]),
        )
    if hint is Decimal:
        return (lambda value: f'"{plain(value)}"'), Decimal
    if hint is datetime:
        return (lambda value: f'"{time_text(value)}"'), datetime.fromisoformat
    if hint is bool:
        return (lambda value: "true" if value else "false"), bool
    if hint is int:
        return str, int
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return (lambda value: f'"{value}"'), {str(member): member for member in hint}.__getitem__
    if isinstance(hint, type) and attrs.has(hint):
        write, read = _object_codec(hint)
        return write, lambda written: hint(**read(written))
    return quoted, str


def _object_codec(cls: type[Any]) -> tuple[_Write, Callable[[Any], dict[str, Any]]]:
    """How objects of a class are written, and their fields read."""
    hints = get_type_hints(cls)
    table = []
    readers = {}
    for field in attrs.fields(cls):
        write, read = _codec(hints[field.name])
        table.append((field.name, field.default, f'"{field.name}":', write))
        readers[field.name] = read

    def write_object(value: Any) -> str:
        parts = []
        for name, default, prefix, write in table:
            held = getattr(value, name)
            if held is not default and held is not None and held != default:
                parts.append(prefix + write(held))
        return "{" + ",".join(parts) + "}"

    def read_fields(written: Any) -> dict[str, Any]:
        return {name: readers[name](value) for name, value in written.items()}

    return write_object, read_fields


_write, _read = _object_codec(OrderState)
_BLANK = OrderState()


def state_text(state: OrderState) -> str:
    """The state as JSON text."""
    return _write(state)


def read_state(text: str) -> OrderState:
    """The state that `state_text` wrote."""
    state = _BLANK.copy()  # its fields are values, and most are as they are there
    state.__dict__.update(_read(read_canonical(text)))
    return state
