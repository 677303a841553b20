"""Compare what two stores returned."""

from typing import Any

import attrs


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
