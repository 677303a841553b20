"""Refuse a function that has to be awaited, where one is called that must have done its work when it returns."""

from typing import TypeVar

from sot.domain.values.errors import InvalidInput

T = TypeVar("T")


def refuse_coroutine(field: str, result: T, allowed: str) -> T:
    """Return what a function returned, unless it is a coroutine, of which nothing has run yet.

    Raises:
        InvalidInput: It is a coroutine.
    """
    if hasattr(result, "send") and hasattr(result, "__await__"):
        result.close()  # type: ignore[attr-defined]  # else Python warns that nobody awaited it
        raise InvalidInput(field, "a function that is awaited", allowed)
    return result
