"""Rows in dictionaries: committed ones in the store, new ones in a unit of work until it commits."""

from collections.abc import Callable, Hashable, Iterator, Mapping
from typing import Any, Generic, TypeVar

from sot.domain.values.errors import ConcurrentUpdate

Row = TypeVar("Row")
KeyOf = Callable[[Any], Hashable | None]


class Table(Generic[Row]):
    """Committed rows by primary key, with unique and plain indexes. An index key of None is not indexed.

    A plain index has a bare row under a key that names one, and a list under a key that names several: most name one,
    and what is kept for good had better be few objects, since the garbage collector looks at all of them.
    """

    def __init__(
        self, name: str, unique: Mapping[str, KeyOf] | None = None, plain: Mapping[str, KeyOf] | None = None
    ) -> None:
        self.name = name
        self.unique = dict(unique or {})
        self.plain = dict(plain or {})
        self.rows: dict[Hashable, Row] = {}
        self.uniques: dict[str, dict[Hashable, Row]] = {index: {} for index in self.unique}
        self.plains: dict[str, dict[Hashable, Row | list[Row]]] = {index: {} for index in self.plain}


def _put(entries: dict[Hashable, Any], value: Hashable, row: Any) -> None:
    """One row more under a key of a plain index."""
    held = entries.get(value)
    if held is None:
        entries[value] = row
    elif type(held) is list:
        held.append(row)
    else:
        entries[value] = [held, row]


def _rows(held: Any) -> list[Any]:
    """The rows under a key of a plain index, as a list of their own."""
    if held is None:
        return []
    return held[:] if type(held) is list else [held]


class Changes(Generic[Row]):
    """What one unit of work added to a table, and a view of the table with it."""

    __slots__ = ("_added", "_expected", "_plains", "_removed", "_replaced", "_seen", "_table", "_uniques")

    def __init__(self, table: Table[Row]) -> None:
        self._table = table
        self._added: dict[Hashable, Row] = {}
        self._replaced: dict[Hashable, tuple[Row, Row]] = {}
        self._removed: dict[Hashable, Row] = {}
        self._seen: dict[Hashable, Row] = {}
        self._expected: dict[tuple[str, Hashable], list[Row]] = {}
        self._uniques: dict[str, dict[Hashable, Row]] = {index: {} for index in table.unique}
        self._plains: dict[str, dict[Hashable, Any]] = {index: {} for index in table.plain}

    def add(self, key: Hashable, row: Row) -> None:
        """A new row. A key that this unit of work can see already is a lost race."""
        table = self._table
        if key in self._removed:
            del self._removed[key]
            self.replace(key, row)
            return
        if key in self._added or key in table.rows:
            raise ConcurrentUpdate(f"{table.name} {key} exists")
        for index, key_of in table.unique.items():
            value = key_of(row)
            if value is not None:
                mine = self._uniques[index]
                if value in mine or value in table.uniques[index]:
                    raise ConcurrentUpdate(f"{table.name} {index} {value} exists")
                mine[value] = row
        for index, key_of in table.plain.items():
            value = key_of(row)
            if value is not None:
                entries = self._plains[index]
                if value in entries:
                    _put(entries, value, row)
                else:
                    entries[value] = row
        self._added[key] = row

    def replace(self, key: Hashable, row: Row) -> None:
        """A row that stands for the one of this key; it must have the same index keys."""
        if key in self._added:
            old = self._added[key]
            self._added[key] = row
            for entries in self._uniques.values():
                for value, entry in entries.items():
                    if entry is old:
                        entries[value] = row
                        break
            return
        if key in self._replaced:
            seen = self._replaced[key][0]
        else:
            found = self._seen.get(key)
            seen = self._table.rows[key] if found is None else found
        self._replaced[key] = (seen, row)

    def expect(self, key: Hashable) -> None:
        """The committed row of this key must still be the same when this unit of work commits."""
        if key in self._table.rows and key not in self._replaced:
            row = self._table.rows[key]
            self._replaced[key] = (row, row)

    def remove(self, key: Hashable) -> None:
        """The row goes when this unit of work commits."""
        row = self.get(key)
        if row is not None:
            self._removed[key] = row

    def get(self, key: Hashable) -> Row | None:
        """The row of this key."""
        if key in self._removed:
            return None
        if key in self._added:
            return self._added[key]
        if key in self._replaced:
            return self._replaced[key][1]
        return self._table.rows.get(key)

    def watch(self, key: Hashable) -> Row | None:
        """The row of this key, which is about to be replaced: it must still be this one when that is committed."""
        row = self.get(key)
        if row is not None:
            self._seen.setdefault(key, row)
        return row

    def one(self, index: str, value: Hashable) -> Row | None:
        """The row that a unique index names."""
        found = self._uniques[index].get(value)
        return found if found is not None else self._table.uniques[index].get(value)

    def many(self, index: str, value: Hashable) -> list[Row]:
        """The rows that a plain index names, committed ones first, in the order in which they were added."""
        rows = _rows(self._table.plains[index].get(value))
        mine = self._plains[index].get(value)
        if mine is not None:
            rows += _rows(mine)
        return [row for row in rows if row not in self._removed.values()] if self._removed else rows

    def expect_many(self, index: str, value: Hashable) -> list[Row]:
        """The same; others may not have changed which they are when this unit of work commits."""
        if (index, value) not in self._expected:
            self._expected[index, value] = _rows(self._table.plains[index].get(value))
        return self.many(index, value)

    def values(self, index: str) -> set[Any]:
        """The keys of a plain index that name rows."""
        return {*self._table.plains[index], *self._plains[index]}

    def added(self) -> list[Row]:
        """The rows that this unit of work added."""
        return list(self._added.values())

    def all(self) -> Iterator[tuple[Hashable, Row]]:
        """Every row with its key."""
        for key in [*self._table.rows, *self._added]:
            row = self.get(key)
            if row is not None:
                yield key, row

    def check(self) -> None:
        """Whether everything can still be committed. Raises: ConcurrentUpdate."""
        table = self._table
        for key in self._added:
            if key in table.rows:
                raise ConcurrentUpdate(f"{table.name} {key} exists")
        for index, entries in self._uniques.items():
            taken = table.uniques[index].keys() & entries.keys() if entries else ()
            if taken:
                raise ConcurrentUpdate(f"{table.name} {index} {next(iter(taken))} exists")
        for key, (seen, _) in self._replaced.items():
            if table.rows.get(key) is not seen:
                raise ConcurrentUpdate(f"{table.name} {key} was changed")
        for (index, value), rows in self._expected.items():
            if _rows(table.plains[index].get(value)) != rows:
                raise ConcurrentUpdate(f"{table.name} {index} {value} was changed")

    def commit(self) -> None:
        """Keep everything; `check` was called under the same lock."""
        table = self._table
        table.rows.update(self._added)
        for index, entries in self._uniques.items():
            table.uniques[index].update(entries)
        for index, mine in self._plains.items():
            committed = table.plains[index]
            for value, held in mine.items():
                if value not in committed:
                    committed[value] = held
                else:
                    for row in _rows(held):
                        _put(committed, value, row)
        for key, (seen, row) in self._replaced.items():
            if row is not seen:
                self._swap(key, seen, row)
        for key, row in self._removed.items():
            self._drop(key, row)

    def _swap(self, key: Hashable, old: Row, new: Row) -> None:
        table = self._table
        table.rows[key] = new
        for index, key_of in table.unique.items():
            value = key_of(new)
            if value is not None:
                table.uniques[index][value] = new
        for index, key_of in table.plain.items():
            value = key_of(new)
            if value is not None:
                table.plains[index][value] = [new if row is old else row for row in _rows(table.plains[index][value])]

    def _drop(self, key: Hashable, row: Row) -> None:
        table = self._table
        table.rows.pop(key, None)
        for index, key_of in table.plain.items():
            value = key_of(row)
            if value is not None and value in table.plains[index]:
                table.plains[index][value] = [other for other in _rows(table.plains[index][value]) if other is not row]
