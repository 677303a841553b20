"""Fields that few values set, together in one slot.

A slot takes 8 bytes of each value, and time whenever a value is made or copied, whether its field is set or not. Values
that set none of the rare fields have None for all of them.
"""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar, cast

import attrs

from sot.domain.values.value import Value

T = TypeVar("T", bound=Value)

Rare = tuple[Any, ...]
"""The rare fields that a value sets: the tuple of their names, which such values share, and then their values."""

_SHARED: dict[tuple[str, ...], tuple[str, ...]] = {}


def packed(values: Mapping[str, Any]) -> Rare | None:
    """Pack the rare fields that are set; None if there are none."""
    if not values:
        return None
    names = tuple(values)
    return (_SHARED.setdefault(names, names), *values.values())


def with_rare_fields(cls: type[T], names: Collection[str]) -> type[T]:
    """Create an attrs class with slots anew, with one slot, `_rare`, for some of its fields.

    These fields are properties, through which they are read, and set by `object.__setattr__`, as any other.
    """
    defaults = {field.name: field.default for field in attrs.fields(cls)}
    assert all(defaults[name] == cls.KINDS[name].none for name in names)  # absent from the canonical form
    held = vars(cls)
    body = {name: value for name, value in held.items() if name not in held["__slots__"]}
    body["__slots__"] = (*(name for name in held["__slots__"] if name not in names), "_rare")
    body |= {name: _property_of(name, defaults[name]) for name in names}
    return cast("type[T]", type(cls.__name__, cls.__bases__, body))


def _property_of(name: str, default: Any) -> property:
    def read(value: Any) -> Any:
        rare = value._rare
        if rare is None:
            return default
        names = rare[0]
        return rare[names.index(name) + 1] if name in names else default

    def write(value: Any, new: Any) -> None:
        rare = value._rare
        held = {} if rare is None else dict(zip(rare[0], rare[1:], strict=True))
        held.pop(name, None)
        if new is not default:
            held[name] = new
        object.__setattr__(value, "_rare", packed(held))

    return property(read, write)
