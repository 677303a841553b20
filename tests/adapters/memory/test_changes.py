"""Rows that one unit of work adds and changes."""

import pytest
from tests.support.interrupted import Interrupted

from sot.adapters.memory.tables import Changes, Table
from sot.domain.values.errors import ConcurrentUpdate


class Row:
    """A row whose key reads are counted."""

    def __init__(self, name, text):
        self.reads = 0
        self._name = name
        self.text = text

    @property
    def name(self):
        self.reads += 1
        return self._name


def table_of_names():
    return Table("row", unique={"name": lambda row: ("names", row.name)})


def test_a_row_that_was_added_and_replaced_is_found_by_its_unique_value_before_and_after_commit():
    table = table_of_names()
    changes = Changes(table)
    for number in range(3):
        changes.add(number, Row(f"n{number}", "added"))
    changes.replace(1, Row("n1", "replaced"))
    assert [changes.one("name", ("names", f"n{number}")).text for number in range(3)] == ["added", "replaced", "added"]
    changes.check()
    changes.commit()
    assert [table.uniques["name"]["names"][f"n{number}"].text for number in range(3)] == ["added", "replaced", "added"]


def test_to_replace_an_added_row_reads_no_other_row():
    changes = Changes(table_of_names())
    rows = [Row(f"n{number}", "added") for number in range(100)]
    for number, row in enumerate(rows):
        changes.add(number, row)
    reads = [row.reads for row in rows]
    changes._uniques["name"] = Watched(changes._uniques["name"])
    changes.replace(99, Row("n99", "replaced"))
    assert [row.reads for row in rows] == reads
    assert changes.one("name", ("names", "n99")).text == "replaced"


class Watched(dict):
    """Entries that nobody may go through."""

    def items(self):
        raise AssertionError("a scan")

    values = keys = __iter__ = items


def test_who_looks_in_the_middle_of_a_commit_is_told_at_its_own():
    """The rows that it saw may be those of before, even if the commit has ended since."""
    table = Table("row", plain={"text": lambda row: row.text})
    seen = []

    def look():
        late = table.changes()
        assert late.many_unchanged("text", "added") == []
        seen.append(late)

    table.rows = Interrupted(look)
    changes = table.changes()
    changes.add(1, Row("n1", "added"))
    changes.check()
    changes.commit()
    (late,) = seen
    with pytest.raises(ConcurrentUpdate):
        late.check()


def test_who_sees_what_is_committed_has_nothing_to_check():
    table = table_of_names()
    first, second, third = table.changes(), table.changes(), table.changes()
    first.add(1, Row("n1", "first"))
    second.add(2, Row("n1", "second"))
    first.check()
    first.commit()
    with pytest.raises(ConcurrentUpdate, match="name .*n1.* exists"):
        second.check()
    third.add(2, Row("n2", "third"))
    third.check()
    third.commit()
    later = table.changes()
    table.rows = table.uniques = None
    later.check()


def texts(view, text):
    return [row.name for row in view.many("text", text)]


def test_a_row_that_is_removed_and_added_again_is_found_once_before_and_after_commit():
    table = Table("row", plain={"text": lambda row: row.text})
    first = table.changes()
    for number in range(3):
        first.add(number, Row(f"n{number}", "old"))
    first.remove(0)
    first.add(0, Row("again", "old"))
    assert texts(first, "old") == ["n1", "n2", "again"]
    first.commit()
    second = table.changes()
    second.remove(1)
    assert texts(second, "old") == ["n2", "again"]
    second.add(1, Row("new", "old"))
    second.remove(7)
    assert texts(second, "old") == ["n2", "again", "new"]
    assert texts(table.changes(), "old") == ["n1", "n2", "again"]
    second.check()
    second.commit()
    assert texts(table.changes(), "old") == ["n2", "again", "new"]
    assert [row.name for _, row in table.changes().all()] == ["again", "new", "n2"]


def test_an_added_row_that_is_replaced_is_found_as_it_is_now():
    table = Table("row", plain={"text": lambda row: row.text})
    changes = table.changes()
    changes.add(1, Row("first", "same"))
    changes.replace(1, Row("second", "same"))
    assert texts(changes, "same") == ["second"]
    changes.commit()
    assert texts(table.changes(), "same") == ["second"]


def test_a_committed_row_that_is_replaced_is_found_as_it_is_after_the_commit():
    table = Table("row", unique={"name": lambda row: ("names", row.name)}, plain={"text": lambda row: row.text})
    changes = table.changes()
    changes.add(1, Row("n1", "same"))
    changes.add(2, Row("n2", "same"))
    changes.commit()
    changes = table.changes()
    replaced = Row("n1", "same")
    changes.replace(1, replaced)
    changes.check()
    changes.commit()
    assert table.changes().one("name", ("names", "n1")) is replaced
    assert table.changes().many("text", "same")[0] is replaced
    assert texts(table.changes(), "same") == ["n1", "n2"]
