"""Long lists in short ones: a query takes no more values than every database allows."""

from collections.abc import Iterator, Sequence
from typing import TypeVar

T = TypeVar("T")

SIZE = 500
"""How many values one query takes."""


def batches(values: Sequence[T], size: int = SIZE) -> Iterator[Sequence[T]]:
    """Split values into batches, in their order."""
    for start in range(0, len(values), size):
        yield values[start : start + size]
