"""Attributes that are made when they are asked for: a unit of work has many repositories, a use case needs few."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast

T = TypeVar("T")


class _Lazy:
    """Unlike `functools.cached_property` without a lock, which costs more than what is made here."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self._make = make

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        made = instance.__dict__[self._name] = self._make(instance)
        return made


def lazy(make: Callable[[Any], T]) -> T:
    """What stands in a class body for an attribute that `make` makes of an instance."""
    return cast("T", _Lazy(make))


def clear_lazy(instance: Any) -> None:
    """Let everything be made anew when it is asked for again."""
    held = instance.__dict__
    for name in _lazy_names(instance.__class__) & held.keys():
        del held[name]


@cache
def _lazy_names(cls: type) -> frozenset[str]:
    return frozenset(name for base in cls.__mro__ for name, value in vars(base).items() if isinstance(value, _Lazy))
