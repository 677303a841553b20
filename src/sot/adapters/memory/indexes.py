"""Plain indexes: the rows that have a value, in the order in which they were added.

An index has a bare row for a value that one row has, and a list for one that several have. Most values have one row,
and the garbage collector looks at every long-lived list.
"""

from collections.abc import Hashable, Iterable
from typing import Any

Entries = dict[Hashable, Any]


def add_entry(entries: Entries, value: Hashable, row: Any) -> None:
    """Add a row to an index."""
    entry = entries.get(value)
    if entry is None:
        entries[value] = row
    elif type(entry) is list:
        entry.append(row)
    else:
        entries[value] = [entry, row]


def rows_of(entry: Any) -> list[Any]:
    """Return the rows of an entry, as a new list."""
    if entry is None:
        return []
    return entry[:] if type(entry) is list else [entry]


def replace_entry(entries: Entries, value: Hashable, old: Any, new: Any) -> None:
    """Replace a row of an index in its place."""
    entry = entries.get(value)
    if entry is old:
        entries[value] = new
    elif type(entry) is list:
        entries[value] = [new if row is old else row for row in entry]


def _remove_entry(entries: Entries, value: Hashable, removed: Any) -> None:
    entry = entries.get(value)
    if entry is removed:
        del entries[value]
    elif type(entry) is list:
        # A new list: who reads the old one in another thread goes on with it.
        entries[value] = [row for row in entry if row is not removed]


class IndexChanges:
    """What one unit of work changed in an index, and a view of the index with these changes."""

    __slots__ = ("_added", "_committed", "_expected", "_removed")

    def __init__(self, committed: Entries) -> None:
        self._committed = committed
        self._added: Entries = {}
        self._expected: dict[Hashable, list[Any]] = {}
        self._removed: list[tuple[Hashable, Any]] = []

    def add(self, value: Hashable, row: Any) -> None:
        """Add a row of a value."""
        add_entry(self._added, value, row)

    def replace(self, value: Hashable, old: Any, new: Any) -> None:
        """Replace a row that this unit of work added."""
        replace_entry(self._added, value, old, new)

    def remove(self, value: Hashable, row: Any) -> None:
        """Remove a row of a value, if it is there."""
        _remove_entry(self._added, value, row)
        self._removed.append((value, row))

    def many(self, value: Hashable) -> list[Any]:
        """Return the rows of a value, committed ones first, in the order in which they were added."""
        committed, added = self._committed.get(value), self._added.get(value)
        if committed is None:
            return [] if added is None else rows_of(added)
        rows = rows_of(committed)
        if self._removed:
            gone = [row for other, row in self._removed if other == value]
            rows = [row for row in rows if not any(row is removed for removed in gone)]
        return rows if added is None else rows + rows_of(added)

    def many_unchanged(self, value: Hashable) -> list[Any]:
        """Like `many`, and require that the committed rows of the value are still the same at commit."""
        if value not in self._expected:
            self._expected[value] = rows_of(self._committed.get(value))
        return self.many(value)

    def values(self) -> Iterable[Any]:
        """Return all values that may have rows."""
        return self._committed.keys() | self._added.keys()

    def changed_values(self) -> list[Hashable]:
        """Return the values whose committed rows should have stayed the same, and have not."""
        return [value for value, rows in self._expected.items() if rows_of(self._committed.get(value)) != rows]

    def commit(self) -> None:
        """Write the changes to the index."""
        committed, added = self._committed, self._added
        for value, row in self._removed:
            _remove_entry(committed, value, row)
        if committed.keys().isdisjoint(added.keys()):
            committed.update(added)
            return
        for value, entry in added.items():
            for row in rows_of(entry):
                add_entry(committed, value, row)
