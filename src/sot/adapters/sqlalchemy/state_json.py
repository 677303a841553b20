"""The state of an order as compact JSON: fields that have their default are left out."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from json.encoder import encode_basestring
from operator import attrgetter
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs

from sot.domain.orders.state import OrderState
from sot.domain.values.canonical import read_canonical
from sot.domain.values.compiled_kinds import ByNames
from sot.domain.values.numbers import plain
from sot.domain.values.times import time_text

_Write = Callable[[Any], str]
_Read = Callable[[Any], Any]
_ReadState = Callable[[Mapping[str, Any]], OrderState]


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
        write, readers = _object_codec(hint)
        return write, lambda document: hint(**{name: readers[name](value) for name, value in document.items()})
    return encode_basestring, str


def _object_codec(cls: type[Any]) -> tuple[_Write, Mapping[str, _Read]]:
    """Return a function that writes objects of a class as JSON, and one for each field that reads it from JSON."""
    hints = get_type_hints(cls)
    codecs = {field.name: _codec(hints[field.name]) for field in attrs.fields(cls)}
    writers = {name: write for name, (write, _) in codecs.items()}
    return _object_writer(cls, writers), {name: read for name, (_, read) in codecs.items()}


def _object_writer(cls: type[Any], writers: Mapping[str, _Write]) -> _Write:
    """Return a function that writes objects of a class, generated as straight code, since most fields write nothing."""
    names: dict[str, Any] = {"get": attrgetter(*writers)}
    values = [f"v{place}" for place in range(len(writers))]
    lines = [f"{', '.join(values)}, = get(instance)", "members = []"]
    for place, (field, value) in enumerate(zip(attrs.fields(cls), values, strict=True)):
        names |= {f"default{place}": field.default, f"write{place}": writers[field.name]}
        is_other = f"{value} is not default{place}"  # as a field whose default is None, and no other one, may be
        is_told = is_other if field.default is None else f"{is_other} and {value} != default{place}"
        prefix = f'"{field.name}":'
        lines.append(f"if {is_told}: members.append({prefix!r} + write{place}({value}))")
    lines.append("return '{' + ','.join(members) + '}'")
    exec("def write(instance):\n " + "\n ".join(lines), names)  # the text has nothing but names of fields
    write: _Write = names["write"]
    return write


_write_state, _readers = _object_codec(OrderState)
_BLANK = OrderState()
_FIELDS = [field.name for field in attrs.fields(OrderState)]


def write_state(state: OrderState) -> str:
    """Return the JSON text of a state."""
    return _write_state(state)


def read_state(text: str) -> OrderState:
    """Return the state of a text that `write_state` wrote."""
    document = read_canonical(text)
    return _states[tuple(document)](document)


def _read_any(document: Mapping[str, Any]) -> OrderState:
    state = _BLANK.copy()  # most fields keep their default
    for name, value in document.items():
        setattr(state, name, _readers[name](value))
    return state


def _reader_of(names: Sequence[str]) -> _ReadState:
    """Return a function that reads states with just these fields, generated as straight code."""
    code: dict[str, Any] = {"make": OrderState.__new__, "cls": OrderState}
    lines = ["def read(document):", " state = make(cls)"]
    for place, name in enumerate(_FIELDS):
        code |= {f"read{place}": _readers[name], f"default{place}": getattr(_BLANK, name)}
        value = f"read{place}(document[{name!r}])" if name in names else f"default{place}"
        lines.append(f" state.{name} = {value}")
    exec("\n".join([*lines, " return state"]), code)  # the text has nothing but names of fields
    read: _ReadState = code["read"]
    return read


_states: ByNames[_ReadState] = ByNames(_FIELDS, (), _read_any, _reader_of, refuses_others=True)
