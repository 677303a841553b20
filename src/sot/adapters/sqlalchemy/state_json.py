"""The state of an order as compact JSON: fields that have their default are left out."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from json.encoder import encode_basestring
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
    """Return a function that writes values of a type as JSON, and one that reads them from parsed JSON."""
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
        return write, lambda document: hint(**read(document))
    return encode_basestring, str


def _object_codec(cls: type[Any]) -> tuple[_Write, Callable[[Any], dict[str, Any]]]:
    """Return a function that writes objects of a class as JSON, and one that reads their fields from parsed JSON."""
    hints = get_type_hints(cls)
    writers = []
    readers = {}
    for field in attrs.fields(cls):
        write, read = _codec(hints[field.name])
        writers.append((field.name, field.default, f'"{field.name}":', write))
        readers[field.name] = read

    def write_object(instance: Any) -> str:
        members = []
        for name, default, prefix, write in writers:
            value = getattr(instance, name)
            if value is not default and value is not None and value != default:
                members.append(prefix + write(value))
        return "{" + ",".join(members) + "}"

    def read_fields(document: Any) -> dict[str, Any]:
        return {name: readers[name](value) for name, value in document.items()}

    return write_object, read_fields


_write_state, _read_fields = _object_codec(OrderState)
_BLANK = OrderState()


def write_state(state: OrderState) -> str:
    """Return the JSON text of a state."""
    return _write_state(state)


def read_state(text: str) -> OrderState:
    """Return the state of a text that `write_state` wrote."""
    state = _BLANK.copy()  # most fields keep their default
    for name, value in _read_fields(read_canonical(text)).items():
        setattr(state, name, value)
    return state
