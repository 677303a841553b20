"""Copies of values with slots, and constructors that make frozen ones quickly."""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

import attrs

T = TypeVar("T")


def copier_of(cls: type[T]) -> Callable[[T], T]:
    """Compile a function that copies an instance of an attrs class with slots, field by field.

    Straight code takes a quarter of the time of a loop over the fields, and an order's state is copied for each event.
    """
    fields: tuple[Any, ...] = attrs.fields(cls)  # type: ignore[arg-type]
    lines = [f" new.{field.name} = old.{field.name}" for field in fields]
    names: dict[str, Any] = {"make": cls.__new__, "cls": cls}
    code = "\n".join(["def copy(old):", " new = make(cls)", *lines, " return new"])
    exec(code, names)  # made of names of fields only
    copy: Callable[[T], T] = names["copy"]
    return copy


def unfrozen(cls: type[Any]) -> type[Any]:
    """Create a class with the same slots as a frozen one, whose instances can be assigned to."""
    assigned = {"__setattr__": object.__setattr__, "__delattr__": object.__delattr__}
    return type(cls.__name__, cls.__bases__, {"__slots__": vars(cls)["__slots__"], **assigned})


def quickly_made(cls: type[T]) -> type[T]:
    """Let the instances of a frozen attrs class with slots be made as quickly as those of one that is not frozen.

    The constructor that attrs makes sets each field of a frozen class by a call of `object.__setattr__`. This one sets
    them by assignment, while the instance is one of a class with the same slots that is not frozen.
    """
    fields: tuple[Any, ...] = attrs.fields(cast("Any", cls))
    assert "__attrs_post_init__" not in vars(cls)
    assert not any(field.converter or field.validator for field in fields)
    names: dict[str, Any] = {"cls": cls, "Unfrozen": unfrozen(cls), "set": object.__setattr__}
    arguments, lines = [], [' set(self, "__class__", Unfrozen)']
    for field in fields:
        default, value = field.default, field.alias
        if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
            names[f"make_{field.name}"] = default.factory
            value, default = f"make_{field.name}() if {field.alias} is None else {field.alias}", None
        names[f"default_{field.name}"] = default
        if field.init:
            arguments.append(field.alias if default is attrs.NOTHING else f"{field.alias}=default_{field.name}")
        lines.append(f" self.{field.name} = {value}")
    star = "*, " if all(field.kw_only for field in fields) else ""
    signature = f"def __init__(self, {star}{', '.join(arguments)}):"
    exec("\n".join([signature, *lines, " self.__class__ = cls"]), names)  # made of names of fields only
    type.__setattr__(cls, "__init__", wraps(cls.__init__)(names["__init__"]))
    return cls


def maker_of(cls: type[T]) -> Callable[..., T]:
    """Compile a function that makes instances of a frozen class with slots from all fields, in their order.

    The class is `quickly_made`, or `slotted` without rare fields. It takes half of the time of the constructor, for
    which Python packs the arguments by name and unpacks them again. What is worked out from a value is not there yet.
    """
    names = [field.name for field in attrs.fields(cast("Any", cls))]
    assert {*names} <= {*vars(cls)["__slots__"]}
    caches = [name for base in cls.__mro__[1:] for name in vars(base).get("__slots__", ())]
    lines = [f"def make({', '.join(names)}):", " self = new(Unfrozen)", *(f" self.{name} = {name}" for name in names)]
    lines += [f" self.{name} = None" for name in caches]
    code: dict[str, Any] = {"cls": cls, "Unfrozen": unfrozen(cls), "new": object.__new__}
    exec("\n".join([*lines, " self.__class__ = cls", " return self"]), code)  # made of names of fields only
    make: Callable[..., T] = code["make"]
    return make
