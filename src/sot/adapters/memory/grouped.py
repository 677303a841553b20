"""Rows in groups: the events, fills or identifiers of one order, in the order in which they were added.

Most orders have a few events. A loop over them takes as long as looking a key up, and an index takes as much memory as
the rows. So a group has indexes of its own only when it is large.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Generic

from sot.adapters.memory.tables import NOTHING, Changes, KeyOf, Row, Table
from sot.domain.values.errors import ConcurrentUpdate

SMALL = 8
"""The most rows of a group without indexes."""


class Groups(Generic[Row]):
    """Rows by group, which can be found in their group by the values of some keys; None is not found.

    A small group is a tuple, which takes no more places than it has rows; a large one is a list, and has indexes.
    """

    __slots__ = ("_indexes", "_keys", "rows")

    def __init__(self, keys: Mapping[str, KeyOf]) -> None:
        self.rows: dict[str, Sequence[Row]] = {}
        self._keys = keys
        self._indexes: dict[str, dict[str, dict[Hashable, list[Row]]]] = {}

    def find(self, group: str, key: str, value: Hashable) -> list[Row]:
        """Return the rows of a group that have a value."""
        rows = self.rows.get(group)
        if rows is None:
            return []
        if type(rows) is list and (indexes := self._indexes.get(group)) is not None:
            return indexes[key].get(value, [])[:]
        value_of = self._keys[key]
        return [row for row in rows if value_of(row) == value]

    def extend(self, group: str, added: Sequence[Row]) -> None:
        """Add rows to a group."""
        rows = self.rows.get(group, ())
        if type(rows) is list:
            rows.extend(added)
            self._add_entries(self._indexes[group], added)
        elif len(rows) + len(added) <= SMALL:
            self.rows[group] = (*rows, *added)
        else:
            self._hold_large(group, [*rows, *added])

    def discard(self, group: str, row: Row) -> None:
        """Remove a row from a group."""
        rows = [other for other in self.rows.get(group, ()) if other != row]
        if len(rows) > SMALL:
            self._hold_large(group, rows)
            return
        self.rows[group] = tuple(rows)
        self._indexes.pop(group, None)

    def _hold_large(self, group: str, rows: list[Row]) -> None:
        indexes: dict[str, dict[Hashable, list[Row]]] = {key: {} for key in self._keys}
        self._add_entries(indexes, rows)
        self._indexes[group] = indexes
        self.rows[group] = rows  # at last: who sees a list finds its indexes

    def _add_entries(self, indexes: Mapping[str, dict[Hashable, list[Row]]], rows: Iterable[Row]) -> None:
        for row in rows:
            for key, value_of in self._keys.items():
                value = value_of(row)
                if value is not None:
                    indexes[key].setdefault(value, []).append(row)


class GroupedTable(Table[Row]):
    """Committed rows in groups. They are never replaced, and seldom removed.

    `was_removed` tells whether one was.

    Args:
        name: The name of the table.
        unique: The keys of which no two rows of a group have the same value.
        place: The place of a row in its group, counted from 1; None where rows do not say it.
        keys: Other keys by which rows are found in their group.
        plain: Indexes over all groups.
    """

    def __init__(
        self,
        name: str,
        unique: Mapping[str, KeyOf],
        keys: Mapping[str, KeyOf] | None = None,
        plain: Mapping[str, KeyOf] | None = None,
        place: Callable[[Any], int] | None = None,
    ) -> None:
        super().__init__(name, plain=plain)
        self.place = place
        self.was_removed = False
        self.unique_in_group = dict(unique)
        self.keys = {**unique, **(keys or {})}
        self.groups: Groups[Row] = Groups(self.keys)

    def changes(self) -> "GroupedChanges[Row]":
        """Return a view of the table, with no changes yet."""
        return GroupedChanges(self)


class GroupedChanges(Changes[Row]):
    """What one unit of work added to groups, and a view of the groups with it."""

    __slots__ = ("_committed", "_groups", "_place", "_sizes", "_unique")

    def __init__(self, table: GroupedTable[Row]) -> None:
        super().__init__(table)
        self._committed = table.groups
        self._unique, self._place = table.unique_in_group, table.place
        self._groups: Groups[Row] = Groups(table.keys)
        self._sizes: dict[str, int] = {}

    def append(self, group: str, row: Row) -> None:
        """Add a row to a group.

        Raises:
            ConcurrentUpdate: This unit of work sees a row in its place, or with one of its unique values, in the group
                already.
        """
        if not self._groups.rows:
            self._begin_plains()
        self.count += 1
        if self._removed and self._removed.pop((group, row), None) is not None:
            return
        committed, added = self._committed.rows.get(group, ()), self._groups.rows.get(group, ())
        if not added:
            self._sizes[group] = len(committed)
        if self._place is not None:
            self._check_place(group, self._place(row), len(committed) + len(added))
        if committed or added:
            for key, value_of in self._unique.items():
                value = value_of(row)
                if value is not None and self.find(group, key, value):
                    raise ConcurrentUpdate(f"{self._table.name} {group} {key} {value} exists")
        self._groups.extend(group, (row,))
        self._add_plains(row)

    def discard(self, group: str, row: Row) -> None:
        """Remove a row from its group, if it is there."""
        if row in self.in_group(group):
            self.count += 1
            if self._removed is NOTHING:
                self._removed = {}
            self._removed[group, row] = row

    def _check_place(self, group: str, place: int, size: int) -> None:
        assert place <= size + 1, "rows are added in their order"
        if place <= size:
            raise ConcurrentUpdate(f"{self._table.name} {group} {place} exists")

    def in_group(self, group: str, after: int = 0, limit: int | None = None) -> list[Row]:
        """Return the rows of a group, committed ones first, in the order in which they were added.

        Args:
            group: The group.
            after: How many rows are left out at the beginning.
            limit: How many rows to return at most.
        """
        committed, added = self._committed.rows.get(group, ()), self._groups.rows.get(group, ())
        size = len(committed)
        end = size + len(added) if limit is None else after + limit
        if self._removed:
            return [row for row in (*committed, *added) if (group, row) not in self._removed][after:end]
        found = list(committed[after:end])
        if end > size and added:
            found += added[max(after - size, 0) : end - size]
        return found

    def find(self, group: str, key: str, value: Hashable) -> list[Row]:
        """Return the rows of a group that have a value, committed ones first."""
        found = self._committed.find(group, key, value)
        if group in self._groups.rows:
            found += self._groups.find(group, key, value)
        return [row for row in found if (group, row) not in self._removed] if self._removed else found

    def added(self) -> list[Row]:
        """Return the rows that this unit of work added."""
        return [row for rows in self._groups.rows.values() for row in rows]

    def all(self) -> Iterator[tuple[Hashable, Row]]:
        """Iterate over all rows, each with its group."""
        for group in [*self._committed.rows, *self._groups.rows.keys() - self._committed.rows.keys()]:
            for row in self.in_group(group):
                yield group, row

    def _check_against_others(self) -> None:
        super()._check_against_others()
        table = self._table
        assert isinstance(table, GroupedTable)
        for group, rows in self._groups.rows.items():
            size = len(self._committed.rows.get(group, ()))
            if size == self._sizes[group] and not table.was_removed:
                continue
            if self._place is not None:
                self._check_place(group, self._place(rows[0]), size)
            for key, value_of in self._unique.items():
                for value in map(value_of, rows):
                    if value is not None and self._committed.find(group, key, value):
                        raise ConcurrentUpdate(f"{self._table.name} {group} {key} {value} exists")

    def commit(self) -> None:
        """Write the changes to the table. Call `check` under the same lock first."""
        for group, rows in self._groups.rows.items():
            self._committed.extend(group, rows)
        super().commit()

    def _commit_removed(self, key: Any, removed: Row) -> None:
        table = self._table
        assert isinstance(table, GroupedTable)
        table.was_removed = True
        group, row = key
        self._committed.discard(group, row)
        super()._commit_removed(key, removed)
