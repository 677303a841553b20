"""The kinds of fields that have no table: derived values, whose type hints say what their fields are.

Figures that are computed have no bounds, unlike those of facts: any exact decimal of up to 190 digits before and behind
the point is read.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import cache
from types import NoneType, UnionType
from typing import Any, Protocol, Union, get_args, get_origin

from sot.domain.values import fields
from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import Kind, MakeSchema
from sot.domain.values.numbers import bounded, plain
from sot.domain.values.times import MICROSECOND

_DIGITS = 190
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


class JsonClass(Protocol):
    """A class whose values have a JSON form of their own."""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form of the value."""

    @classmethod
    def restore_recorded(cls, field: str, document: Any) -> Any:
        """Read the JSON form of a value that was recorded or derived before."""

    @classmethod
    def json_schema(cls, written: bool = True) -> dict[str, Any]:
        """Return the JSON schema of the form."""


def kind_of_hint(hint: Any) -> Kind:
    """Return the kind of the values that a type hint allows.

    Args:
        hint: A resolved type hint. None in a union is allowed as null.

    Raises:
        NotImplementedError: The hint is none that values have.
    """
    return _kind_of_hint(hint)


@cache
def _kind_of_hint(hint: Any) -> Kind:
    if hint in _SIMPLE:
        return _SIMPLE[hint]
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        return _kind_of_union(arguments)
    if origin is tuple and arguments[-1] is not Ellipsis:
        return _tuple_of([kind_of_hint(argument) for argument in arguments])
    if isinstance(origin, type):
        return _kind_of_generic(origin, arguments)
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return fields.member_of(hint)
    if hasattr(hint, "restore_recorded"):
        return kind_of_class(hint)
    raise NotImplementedError(f"a value has a field of type {hint!r}: give it a kind in KINDS")


def _unwritten(value: Any) -> str:
    raise NotImplementedError("only facts have a canonical form")


def json_kind(dump: Callable[[Any], Any] | None, restore: Callable[[str, Any], Any], schema: MakeSchema) -> Kind:
    """Create the kind of a field that has a JSON form, and no canonical form.

    Args:
        dump: Makes the JSON value.
        restore: Takes (field name, JSON value) and returns the value.
        schema: Makes the JSON schema.
    """
    return Kind(restore, _unwritten, dump=dump, restore=restore, schema=schema)


def kind_of_class(cls: type[JsonClass]) -> Kind:
    """Return the kind of the values of a class with a JSON form."""

    def restore(field: str, value: Any) -> Any:
        return value if isinstance(value, cls) else cls.restore_recorded(field, value)

    return json_kind(lambda value: value.to_dict(), restore, cls.json_schema)


def one_of(classes: Sequence[type[JsonClass]]) -> Kind:
    """Return the kind of the values of several classes: an object with one key, which names the class."""
    kinds = {_key_of(cls): kind_of_class(cls) for cls in classes}
    allowed = "an object with one key of " + ", ".join(kinds)

    def dump(value: Any) -> dict[str, Any]:
        return {_key_of(type(value)): value.to_dict()}

    def restore(field: str, value: Any) -> Any:
        if isinstance(value, tuple(classes)):
            return value
        if not isinstance(value, Mapping) or len(value) != 1 or next(iter(value)) not in kinds:
            raise InvalidInput(field, value, allowed)
        ((key, document),) = value.items()
        return kinds[key].restored(f"{field}.{key}", document)

    def schema(written: bool) -> dict[str, Any]:
        return {
            "oneOf": [
                {
                    "type": "object",
                    "properties": {key: kind.schema(written)},
                    "required": [key],
                    "additionalProperties": False,
                }
                for key, kind in kinds.items()
            ]
        }

    return json_kind(dump, restore, schema)


def optional(kind: Kind) -> Kind:
    """Return the kind that allows None, too, which is null."""

    def schema(written: bool) -> dict[str, Any]:
        inner = kind.schema(written)
        simple = isinstance(inner.get("type"), str) and "enum" not in inner
        return {**inner, "type": [inner["type"], "null"]} if simple else {"anyOf": [inner, {"type": "null"}]}

    return json_kind(kind.dumped, lambda field, value: None if value is None else kind.restored(field, value), schema)


def _key_of(cls: type) -> str:
    return re.sub(r"(?<=.)(?=[A-Z])", "_", cls.__name__).lower()


def _amount(field: str, value: Any) -> Decimal:
    return bounded(field, value, _DIGITS, _DIGITS, "an exact decimal")


def _any_text(field: str, value: Any) -> str:
    if isinstance(value, str):
        return str(value)
    raise InvalidInput(field, value, "text")


def _whole(field: str, value: Any) -> int:
    if type(value) is int:
        return value
    raise InvalidInput(field, value, "a whole number")


def _date(field: str, value: Any) -> date:
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    if isinstance(value, str) and _DATE.fullmatch(value):
        try:
            return date.fromisoformat(value)
        except ValueError:
            pass
    raise InvalidInput(field, value, "a date such as 2026-01-31")


def seconds_text(duration: timedelta) -> str:
    """Return the exact text of a duration in seconds."""
    return plain(Decimal(duration // MICROSECOND).scaleb(-6))


def _duration(field: str, value: Any) -> timedelta:
    if isinstance(value, timedelta):
        return value
    seconds = bounded(field, value, 14, 6, "seconds as an exact decimal, with at most 6 fraction digits")
    try:
        return timedelta(microseconds=int(seconds.scaleb(6)))
    except OverflowError:
        raise InvalidInput(field, value, "seconds, at most those of 999999999 days") from None


_SIMPLE: Mapping[Any, Kind] = {
    str: json_kind(str, _any_text, fields.text_schema),
    int: json_kind(None, _whole, lambda written: {"type": "integer"}),
    bool: fields.FLAG,
    Decimal: json_kind(plain, _amount, fields.decimal_schema),
    datetime: fields.TIME,
    date: json_kind(date.isoformat, _date, lambda written: {"type": "string", "format": "date"}),
    timedelta: json_kind(seconds_text, _duration, fields.decimal_schema),
}


def _kind_of_union(arguments: tuple[Any, ...]) -> Kind:
    given = [argument for argument in arguments if argument is not NoneType]
    kind = kind_of_hint(given[0]) if len(given) == 1 else one_of(given)
    return kind if len(given) == len(arguments) else optional(kind)


def _kind_of_generic(origin: type, arguments: tuple[Any, ...]) -> Kind:
    if issubclass(origin, Mapping):
        return _mapping_of(kind_of_hint(arguments[1]), dict)
    kind = kind_of_hint(arguments[0])
    if issubclass(origin, AbstractSet):
        return _list_of(kind, frozenset if origin is frozenset else set, sorted)
    if issubclass(origin, Sequence):
        return _list_of(kind, list if origin is list else tuple, list)
    raise NotImplementedError(f"a value has a field of type {origin!r}")


def _list_of(kind: Kind, make: Callable[[list[Any]], Any], order: Callable[[Any], list[Any]]) -> Kind:
    def restore(field: str, values: Any) -> Any:
        if isinstance(values, (str, bytes, Mapping)) or not isinstance(values, (Sequence, AbstractSet)):
            raise InvalidInput(field, values, "a list")
        return make([kind.restored(f"{field}.{number}", value) for number, value in enumerate(order(values))])

    return json_kind(
        lambda values: [kind.dumped(value) for value in order(values)], restore, fields.array_schema(kind.schema)
    )


def _mapping_of(kind: Kind, make: Callable[[dict[str, Any]], Any]) -> Kind:
    def restore(field: str, values: Any) -> Any:
        if not isinstance(values, Mapping):
            raise InvalidInput(field, values, "an object")
        return make({_any_text(field, key): kind.restored(f"{field}.{key}", value) for key, value in values.items()})

    return json_kind(
        lambda values: {str(key): kind.dumped(value) for key, value in values.items()},
        restore,
        fields.object_schema(kind.schema),
    )


def kind_of_pair(kind: Kind) -> Kind:
    """Return the kind of pairs of two values of one kind."""
    return _tuple_of([kind, kind])


def _tuple_of(kinds: Sequence[Kind]) -> Kind:
    """Return the kind of tuples with one value of each kind."""

    def restore(field: str, values: Any) -> tuple[Any, ...]:
        if not isinstance(values, (list, tuple)) or len(values) != len(kinds):
            raise InvalidInput(field, values, f"a list of {len(kinds)}")
        return tuple(
            kind.restored(f"{field}.{number}", value)
            for number, (kind, value) in enumerate(zip(kinds, values, strict=True))
        )

    def schema(written: bool) -> dict[str, Any]:
        return {
            "type": "array",
            "prefixItems": [kind.schema(written) for kind in kinds],
            "minItems": len(kinds),
            "maxItems": len(kinds),
        }

    return json_kind(
        lambda values: [kind.dumped(value) for kind, value in zip(kinds, values, strict=True)], restore, schema
    )
