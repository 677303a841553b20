"""Rows of one order, in the order in which they were added: a tuple of a few, or many with indexes.

Most orders have a few events. A loop over them takes as long as looking a key up, and an index takes as much memory as
the rows. So only many rows have indexes.
"""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")
Keys = Mapping[str, Callable[[Any], Hashable]]

SMALL = 8
"""The most rows of a tuple."""


class LongRows(Generic[Row]):
    """Many rows, which can be found by the values of some keys.

    A unit of work never adds to committed rows: it has rows of its own, which come after those.

    Args:
        keys: The keys.
        rows: The rows.
        below: The committed rows that come before.
    """

    __slots__ = ("_below", "_indexes", "_keys", "_rows")

    def __init__(self, keys: Keys, rows: Sequence[Row] = (), below: "LongRows[Row] | None" = None) -> None:
        self._keys = keys
        self._below = below
        self._rows: list[Row] = []
        self._indexes: dict[str, dict[Hashable, list[Row]]] = {key: {} for key in keys}
        self._extend(rows)

    def __len__(self) -> int:
        return len(self._rows) if self._below is None else len(self._below) + len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows) if self._below is None else chain(self._below, self._rows)

    def __getitem__(self, part: slice) -> Sequence[Row]:
        if self._below is None:
            return self._rows[part]
        size = len(self._below)
        start, stop, _ = part.indices(size + len(self._rows))
        return [*self._below[start:stop], *self._rows[max(start - size, 0) : max(stop - size, 0)]]

    def find(self, key: str, value: Hashable) -> list[Row]:
        """Return the rows that have a value."""
        found = self._indexes[key].get(value, [])
        return found[:] if self._below is None else self._below.find(key, value) + found

    def plus(self, row: Row) -> "LongRows[Row]":
        """Return the rows with one more, which is not committed."""
        if self._below is None:
            return LongRows(self._keys, (row,), self)
        self._extend((row,))
        return self

    def committed(self) -> "LongRows[Row]":
        """Commit the rows, and return them."""
        if self._below is None:
            return self
        self._below._extend(self._rows)
        return self._below

    def _extend(self, rows: Sequence[Row]) -> None:
        self._rows += rows
        for row in rows:
            for key, value_of in self._keys.items():
                self._indexes[key].setdefault(value_of(row), []).append(row)


Rows = tuple[Row, ...] | LongRows[Row]


def with_row(rows: Rows[Row], row: Row, keys: Keys) -> Rows[Row]:
    """Return rows with one more."""
    if isinstance(rows, tuple):
        if len(rows) < SMALL:
            return *rows, row
        rows = LongRows(keys, rows)
    return rows.plus(row)


def without_row(rows: Rows[Row], row: Row, keys: Keys) -> Rows[Row]:
    """Return rows without one; what is committed stays as it is. It reads all of them."""
    rest = tuple(other for other in rows if other is not row)
    return rest if len(rest) <= SMALL else LongRows(keys, rest)


def find(rows: Rows[Row], key: str, value: Hashable, keys: Keys) -> list[Row]:
    """Return the rows that have a value of one of the keys."""
    if isinstance(rows, tuple):
        value_of = keys[key]
        return [row for row in rows if value_of(row) == value]
    return rows.find(key, value)
