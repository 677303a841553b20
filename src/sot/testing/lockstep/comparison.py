"""Run a use case in a store, and compare the outcomes of several stores."""

from collections.abc import Callable
from typing import Any, TypeVar

import attrs

from sot.domain.values.errors import ConcurrentUpdate, SotError
from sot.ports.access import AccessStore, AccessUnitOfWork

T = TypeVar("T")


def first_difference(actual: Any, expected: Any, path: str = "") -> str:
    """Describe where two values differ first, as far down as their parts can be compared."""
    if attrs.has(type(actual)) and type(actual) is type(expected):
        names = [field.name for field in attrs.fields(type(actual)) if field.eq]
        parts = [(f".{name}", getattr(actual, name), getattr(expected, name)) for name in names]
    elif isinstance(actual, (list, tuple)) and isinstance(expected, (list, tuple)) and len(actual) == len(expected):
        parts = [(f"[{number}]", *both) for number, both in enumerate(zip(actual, expected, strict=True))]
    else:
        return f"{path} is {actual!r}, and {expected!r} was expected"
    for step, actual_part, expected_part in parts:
        if actual_part != expected_part:
            return first_difference(actual_part, expected_part, path + step)
    return f"{path} is equal"


def assert_equal(actual: Any, expected: Any, what: str) -> None:
    """Assert that two values are equal, or say where they differ first."""
    assert actual == expected, f"{what}: {first_difference(actual, expected)}"


def outcome_of(
    store: AccessStore, use_case: Callable[[AccessUnitOfWork], T], commit: bool, read_only: bool, trace: str | None
) -> tuple[str, Any]:
    """The word `result` and the result, or the name of an error and its message."""
    try:
        with store.begin(read_only=read_only) as uow:
            uow.trace = trace
            value = use_case(uow)
            if commit and not read_only:
                uow.commit()
            return "result", value
    except ConcurrentUpdate as error:
        return type(error).__name__, ""  # each store has its own message for a lost race
    except SotError as error:
        return type(error).__name__, str(error)
