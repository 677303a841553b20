"""Attributes that are made on first access: a unit of work has many repositories, a use case needs few."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast

T = TypeVar("T")


class _Lazy:
    """Like `functools.cached_property`, without a lock, which would cost more than what is made."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self._make = make

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    def __get__(self, instance: Any, owner: type) -> Any:
        if instance is None:
            return self
        value = instance.__dict__[self._name] = self._make(instance)
        return value


def lazy(make: Callable[[Any], T]) -> T:
    """An attribute of a class whose value `make` makes from the instance on first access."""
    return cast("T", _Lazy(make))


def clear_lazy(instance: Any) -> None:
    """Clear the lazy attributes of an instance: they are made again on next access."""
    attributes = instance.__dict__
    for name in attributes.keys() & _lazy_names(instance.__class__):
        del attributes[name]


@cache
def _lazy_names(cls: type) -> frozenset[str]:
    return frozenset(name for base in cls.__mro__ for name, value in vars(base).items() if isinstance(value, _Lazy))
