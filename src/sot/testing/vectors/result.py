"""The result of running vectors."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

import attrs

from sot.domain.values.errors import InvalidInput, SotError, StoreError
from sot.domain.values.numbers import plain, subtract

T = TypeVar("T")

EXACT = Decimal(0)
QUOTIENT_TOLERANCE = Decimal("1e-12")
"""What a quotient may differ by: vectors cannot print it in full."""


@attrs.define
class Result:
    """How many expectations there were, and which did not hold.

    Attributes:
        expected: The number of expectations.
        held: How many of them held.
        failures: A line for each of the others.
    """

    expected: int = 0
    held: int = 0
    failures: list[str] = attrs.field(factory=list)

    def expect(self, where: str, name: str, expected: object, actual: object, tolerance: Decimal = EXACT) -> None:
        """Compare one figure: numbers as numbers, everything else as text.

        Args:
            where: The vector and the fact, for the failure's line.
            name: The figure's name.
            expected: What the vector expects.
            actual: What was computed.
            tolerance: What numbers may differ by, relative to the larger of 1 and the figure.
        """
        self.expected += 1
        if _equal(expected, actual, QUOTIENT_TOLERANCE if name == "avg_price" else tolerance):
            self.held += 1
        else:
            self.failures.append(f"{where}: {name} is {_text(actual)}, expected {_text(expected)}")

    def attempt(self, where: str, wanted: Mapping[str, Any], take: Callable[[], T]) -> T | None:
        """Take a step that a vector may want to be refused; returns what it gave, or None if it was refused.

        Raises:
            StoreError: The store failed, which says nothing about the step.
        """
        try:
            taken = take()
        except StoreError:
            raise
        except SotError as error:
            expected = wanted.get("refused", False)
            name = name_of(error) if " " in str(expected) else type(error).__name__
            self.expect(where, "refused", expected, name)
            return None
        if "refused" in wanted:
            self.expect(where, "refused", wanted["refused"], False)
        return taken

    def fail(self, where: str, reason: str) -> None:
        """Count an expectation that could not be compared."""
        self.expected += 1
        self.failures.append(f"{where}: {reason}")


def name_of(error: SotError) -> str:
    """What a vector calls an error: its class, and the field that is invalid."""
    name = type(error).__name__
    return f"{name} {error.field}" if isinstance(error, InvalidInput) else name


def _text(value: object) -> str:
    return plain(value) if isinstance(value, Decimal) else str(value)


def _equal(expected: object, actual: object, tolerance: Decimal) -> bool:
    if isinstance(actual, Decimal) and isinstance(expected, (str, int)) and not isinstance(expected, bool):
        try:
            return abs(subtract(Decimal(expected), actual)) <= tolerance * max(Decimal(1), abs(actual))
        except ArithmeticError:  # the expectation is no number
            return False
    if isinstance(actual, (list, tuple)) and isinstance(expected, list):
        return [str(item) for item in actual] == [str(item) for item in expected]
    if isinstance(actual, bool) or isinstance(expected, bool) or expected is None or actual is None:
        return expected is actual
    return str(expected) == str(actual)
