"""Copies of values with slots."""

from collections.abc import Callable
from typing import Any, TypeVar

import attrs

T = TypeVar("T")


def copier_of(cls: type[T]) -> Callable[[T], T]:
    """Compile a function that copies an instance of an attrs class with slots, field by field.

    Straight code takes a quarter of the time of a loop over the fields, and an order's state is copied for each event.
    """
    fields: tuple[Any, ...] = attrs.fields(cls)  # type: ignore[arg-type]
    lines = [f" new.{field.name} = old.{field.name}" for field in fields]
    names: dict[str, Any] = {"make": cls.__new__, "cls": cls}
    exec(
        "\n".join(["def copy(old):", " new = make(cls)", *lines, " return new"]), names
    )  # made of names of fields only
    copy: Callable[[T], T] = names["copy"]
    return copy
