"""Rows in dictionaries: committed ones in the store, new ones in a unit of work until it commits."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from copy import copy
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from sot.adapters.memory.indexes import Entries, IndexChanges, replace_entry, rows_of
from sot.domain.values.errors import ConcurrentUpdate

Row = TypeVar("Row")
KeyOf = Callable[[Any], Hashable | None]
PartedKeyOf = Callable[[Any], tuple[Hashable, Hashable] | None]


NOTHING: Any = MappingProxyType({})
"""The changes of who has made none: most units of work change few tables."""


class Table(Generic[Row]):
    """Committed rows by primary key, with unique and plain indexes. An index value of None is not indexed.

    A value of a unique index has two parts, as an account and a key in it. Values with the same first part are in one
    dictionary, so that no tuple is kept for each row.

    `version` counts the commits that changed it.
    """

    def __init__(
        self,
        name: str,
        unique: Mapping[str, PartedKeyOf] | None = None,
        plain: Mapping[str, KeyOf] | None = None,
    ) -> None:
        self.name = name
        self.version = 0
        self.unique = dict(unique or {})
        self.plain = dict(plain or {})
        self.rows: dict[Hashable, Row] = {}
        self.uniques: dict[str, dict[Hashable, dict[Hashable, Row]]] = {index: {} for index in self.unique}
        self.plains: dict[str, Entries] = {index: {} for index in self.plain}
        self.no_uniques: dict[str, dict[tuple[Hashable, Hashable], Row]] = dict.fromkeys(self.unique, NOTHING)

    def changes(self) -> "Changes[Row]":
        """Return a view of the table, with no changes yet."""
        return Changes(self)


class Changes(Generic[Row]):
    """What one unit of work changed in a table, and a view of the table with these changes.

    Attributes:
        count: How many changes were made.
    """

    __slots__ = (
        *("_added", "_plains", "_removed", "_replaced", "_table", "_uniques", "_version", "_watched"),
        "count",
    )

    def __init__(self, table: Table[Row]) -> None:
        self.count = 0
        self._table = table
        self._version = table.version
        self._added: dict[Hashable, Row] = NOTHING
        self._replaced: dict[Hashable, tuple[Row, Row]] = NOTHING
        self._removed: dict[Hashable, Row] = NOTHING
        self._watched: dict[Hashable, Row] = NOTHING
        self._uniques: dict[str, dict[tuple[Hashable, Hashable], Row]] = table.no_uniques
        self._plains: dict[str, IndexChanges] = NOTHING

    def add(self, key: Hashable, row: Row) -> None:
        """Add a row.

        Raises:
            ConcurrentUpdate: This unit of work sees a row of that key, or of a unique value, already.
        """
        self.count += 1
        table = self._table
        if self._removed and key in self._removed:
            del self._removed[key]
            self.replace(key, row)
            self._add_plains(row)
            return
        if self._added is NOTHING:
            self._added = {}
            self._uniques = {index: {} for index in table.unique}
        if key in self._added or key in table.rows:
            raise ConcurrentUpdate(f"{table.name} {key} exists")
        for index, key_of in table.unique.items():
            value = key_of(row)
            if value is not None:
                added = self._uniques[index]
                if value in added or self._committed_of(index, value) is not None:
                    raise ConcurrentUpdate(f"{table.name} {index} {value} exists")
                added[value] = row
        self._added[key] = row
        self._add_plains(row)

    def _add_plains(self, row: Row) -> None:
        """Add a row to the plain indexes."""
        for index, key_of in self._table.plain.items():
            value = key_of(row)
            if value is not None:
                self._plain(index).add(value, row)

    def _plain(self, index: str) -> IndexChanges:
        """Return the view of a plain index."""
        changes = self._plains.get(index)
        if changes is None:
            if self._plains is NOTHING:
                self._plains = {}
            changes = self._plains[index] = IndexChanges(self._table.plains[index])
        return changes

    def replace(self, key: Hashable, row: Row) -> None:
        """Replace the row of a key by one that has the same index values."""
        self.count += 1
        if key in self._added:
            for index, key_of in self._table.plain.items():
                if (value := key_of(row)) is not None:
                    self._plain(index).replace(value, self._added[key], row)
            self._added[key] = row
            for index, key_of in self._table.unique.items():
                value = key_of(row)
                if value is not None:
                    self._uniques[index][value] = row
            return
        if key in self._replaced:
            original = self._replaced[key][0]
        else:
            watched = self._watched.get(key)
            original = self._table.rows[key] if watched is None else watched
        if self._replaced is NOTHING:
            self._replaced = {}
        self._replaced[key] = (original, row)

    def remove(self, key: Hashable) -> None:
        """Remove the row of a key, if there is one."""
        row = self.get(key)
        if row is not None:
            self.count += 1
            if self._removed is NOTHING:
                self._removed = {}
            self._removed[key] = row
            for index, key_of in self._table.plain.items():
                if (value := key_of(row)) is not None:
                    self._plain(index).remove(value, row)

    def get(self, key: Hashable) -> Row | None:
        """Return the row of a key."""
        if not self.count:
            return self._table.rows.get(key)
        if key in self._removed:
            return None
        if key in self._added:
            return self._added[key]
        if key in self._replaced:
            return self._replaced[key][1]
        return self._table.rows.get(key)

    def get_for_update(self, key: Hashable) -> Row | None:
        """Return the row of a key. If it is replaced later, it must be unchanged at commit."""
        row = self.get(key)
        if row is not None:
            if self._watched is NOTHING:
                self._watched = {}
            self._watched.setdefault(key, row)
        return row

    def expect_unchanged(self, key: Hashable) -> None:
        """Require that no other unit of work changes the committed row of a key, or requires the same, until commit."""
        if key in self._table.rows and key not in self._replaced:
            row = self._table.rows[key]
            if self._replaced is NOTHING:
                self._replaced = {}
            self._replaced[key] = (row, row)

    def one(self, index: str, value: tuple[Hashable, Hashable]) -> Row | None:
        """Return the row of a value of a unique index."""
        row = self._uniques[index].get(value)
        return row if row is not None else self._committed_of(index, value)

    def _committed_of(self, index: str, value: tuple[Hashable, Hashable]) -> Row | None:
        part, rest = value
        rows = self._table.uniques[index].get(part)
        return None if rows is None else rows.get(rest)

    def only(self, index: str, value: Hashable) -> Row | None:
        """Return the row of a value of a plain index, if there is just one and it is committed; None otherwise."""
        row = self._table.plains[index].get(value)
        return None if self.count or isinstance(row, list) else row

    def many(self, index: str, value: Hashable) -> list[Row]:
        """Return the rows of a value of a plain index, committed ones first, in the order in which they were added."""
        changes = self._plains.get(index)
        return rows_of(self._table.plains[index].get(value)) if changes is None else changes.many(value)

    def many_unchanged(self, index: str, value: Hashable) -> list[Row]:
        """Like `many`, and require that the committed rows of the value are still the same at commit."""
        return self._plain(index).many_unchanged(value)

    def all(self) -> Iterator[tuple[Hashable, Row]]:
        """Iterate over all rows, each with its key."""
        for key in [*self._table.rows, *self._added]:
            row = self.get(key)
            if row is not None:
                yield key, row

    def check(self) -> None:
        """Check that everything can still be committed.

        Raises:
            ConcurrentUpdate: Another unit of work was faster.
        """
        if self._table.version != self._version:
            self._check_against_others()

    def _check_against_others(self) -> None:
        """Check what others committed in the meantime."""
        table = self._table
        if not self._added.keys().isdisjoint(table.rows.keys()):
            raise ConcurrentUpdate(f"{table.name} {next(key for key in self._added if key in table.rows)} exists")
        for index, entries in self._uniques.items():
            for name in entries:
                if self._committed_of(index, name) is not None:
                    raise ConcurrentUpdate(f"{table.name} {index} {name} exists")
        for key, (original, _) in self._replaced.items():
            if table.rows.get(key) is not original:
                raise ConcurrentUpdate(f"{table.name} {key} was changed")
        for index, changes in self._plains.items():
            for value in changes.changed_values():
                raise ConcurrentUpdate(f"{table.name} {index} {value} was changed")

    def commit(self) -> None:
        """Write the changes to the table. Call `check` under the same lock first."""
        if not self.count and not self._replaced:
            return
        table = self._table
        if self._added:
            table.rows.update(self._added)
            for index, entries in self._uniques.items():
                committed = table.uniques[index]
                for (part, rest), row in entries.items():
                    committed.setdefault(part, {})[rest] = row
        for changes in self._plains.values():
            changes.commit()
        for key, (original, row) in self._replaced.items():
            # A copy of a row that was to stay unchanged: another unit of work that required the same has lost, even if
            # this one wrote only elsewhere, as two that lock a row in a database wait for each other.
            self._commit_replaced(key, original, copy(row) if row is original else row)
        for key in self._removed:
            table.rows.pop(key, None)
        # At last: who began to look in the meantime checks what it saw.
        table.version += 1

    def _commit_replaced(self, key: Hashable, old: Row, new: Row) -> None:
        table = self._table
        table.rows[key] = new
        for index, name_of in table.unique.items():
            name = name_of(new)
            if name is not None:
                part, rest = name
                table.uniques[index][part][rest] = new
        for index, key_of in table.plain.items():
            value = key_of(new)
            if value is not None:
                replace_entry(table.plains[index], value, old, new)
