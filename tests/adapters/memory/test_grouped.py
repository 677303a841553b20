"""Rows in groups are found in the same way in small groups and in large ones, committed or not."""

import sys

import attrs
import pytest

from sot import ConcurrentUpdate
from sot.adapters.memory.grouped import SMALL, GroupedTable

SIZES = (1, SMALL - 1, SMALL, SMALL + 1, 3 * SMALL)


@attrs.frozen
class Row:
    number: int
    word: str | None = None
    text: str = ""


def table_of_rows():
    return GroupedTable(
        "row",
        unique={"number": lambda row: row.number, "word": lambda row: row.word},
        keys={"text": lambda row: row.text},
        plain={"word": lambda row: row.word},
    )


def committed(table, group, rows):
    changes = table.changes()
    for row in rows:
        changes.append(group, row)
    changes.check()
    changes.commit()


def rows_of(size):
    return [Row(number, f"w{number}", "even" if number % 2 == 0 else "odd") for number in range(size)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("at_once", [1, 3, 100])
def test_rows_are_found_whatever_is_committed(size, at_once):
    table, rows = table_of_rows(), rows_of(size)
    for first in range(0, size, at_once):
        committed(table, "a", rows[first : first + at_once])
    committed(table, "b", [Row(0, "other", "odd")])
    half = table_of_rows()
    committed(half, "a", rows[: size // 2])
    halfway = half.changes()
    for row in rows[size // 2 :]:
        halfway.append("a", row)
    for changes in (table.changes(), halfway):
        assert changes.in_group("a") == rows
        assert changes.in_group("none") == changes.find("none", "number", 1) == []
        for row in rows:
            assert changes.find("a", "number", row.number) == changes.find("a", "word", row.word) == [row]
            assert changes.many("word", row.word) == [row]
        assert changes.find("a", "text", "even") == rows[::2]
        assert changes.find("a", "text", "odd") == rows[1::2]
        assert changes.find("a", "number", size) == []
        assert [row for group, row in changes.all() if group == "a"] == rows
        for after in range(size + 1):
            assert changes.in_group("a", after) == rows[after:]
            assert changes.in_group("a", after, 2) == rows[after : after + 2]
    assert halfway.added() == rows[size // 2 :]


@pytest.mark.parametrize("size", SIZES)
def test_what_is_added_is_seen_by_others_after_the_commit(size):
    table, rows = table_of_rows(), rows_of(size)
    mine, others = table.changes(), table.changes()
    for row in rows:
        mine.append("a", row)
    assert mine.in_group("a") == rows
    assert others.in_group("a") == others.find("a", "text", "even") == others.many("word", "w0") == []
    mine.commit()
    assert others.in_group("a") == rows
    assert others.find("a", "text", "even") == rows[::2]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("again", [Row(0), Row(100, "w0")])
def test_no_two_rows_of_a_group_have_the_same_unique_value(size, again):
    table = table_of_rows()
    mine, others = table.changes(), table.changes()
    for row in rows_of(size):
        mine.append("a", row)
    with pytest.raises(ConcurrentUpdate, match="row a .* exists"):
        mine.append("a", again)
    mine.append("b", again)
    others.append("a", again)
    others.check()
    mine.commit()
    with pytest.raises(ConcurrentUpdate, match="row a .* exists"):
        others.check()
    with pytest.raises(ConcurrentUpdate, match="row a .* exists"):
        table.changes().append("a", again)


def test_rows_of_another_unit_of_work_that_have_other_values_are_no_conflict():
    table = table_of_rows()
    mine, others = table.changes(), table.changes()
    mine.append("a", Row(1))
    others.append("a", Row(2))
    mine.commit()
    others.check()
    others.commit()
    assert table.changes().in_group("a") == [Row(1), Row(2)]


def test_a_value_of_none_is_not_unique_and_not_found():
    changes = table_of_rows().changes()
    for number in range(2 * SMALL):
        changes.append("a", Row(number))
    assert changes.find("a", "number", SMALL) == [Row(SMALL)]
    assert changes.many("word", None) == []


def test_a_small_group_takes_no_more_places_than_it_has_rows():
    table = table_of_rows()
    for row in rows_of(SMALL):
        committed(table, "a", [row])
    assert sys.getsizeof(table.groups.rows["a"]) == sys.getsizeof(tuple(range(SMALL)))
    assert not table.groups._indexes


def test_a_row_of_a_large_group_is_found_without_reading_the_others():
    reads = []

    def number_of(row):
        reads.append(row)
        return row.number

    table = GroupedTable("row", unique={"number": number_of})
    rows = rows_of(10 * SMALL)
    committed(table, "a", rows)
    reads.clear()
    changes = table.changes()
    assert changes.find("a", "number", 3) == [rows[3]]
    changes.append("a", Row(1000))
    changes.check()
    changes.commit()
    assert {row.number for row in reads} == {1000}


def test_a_row_stands_in_its_place_whoever_was_faster():
    table = GroupedTable("row", unique={}, place=lambda row: row.number)
    first, second = table.changes(), table.changes()
    first.append("a", Row(1))
    second.append("a", Row(1))
    with pytest.raises(ConcurrentUpdate, match="row a 1 exists"):
        first.append("a", Row(1))
    committed(table, "b", [Row(1), Row(2)])
    first.check()
    first.commit()
    with pytest.raises(ConcurrentUpdate, match="row a 1 exists"):
        second.check()
    with pytest.raises(ConcurrentUpdate, match="row b 2 exists"):
        table.changes().append("b", Row(2))
    with pytest.raises(AssertionError):
        table.changes().append("b", Row(4))


@pytest.mark.parametrize("size", SIZES)
def test_a_discarded_row_is_gone_wherever_it_is_looked_for(size):
    table, rows = table_of_rows(), rows_of(size)
    committed(table, "a", rows)
    changes, gone = table.changes(), rows[size // 2]
    rest = [row for row in rows if row is not gone]

    def is_gone(view):
        assert view.in_group("a") == [row for _, row in view.all()] == rest
        assert view.find("a", "word", gone.word) == view.many("word", gone.word) == []
        assert [view.find("a", "word", row.word) for row in rest] == [[row] for row in rest]

    changes.discard("a", gone)
    changes.discard("a", Row(1000))
    assert changes.count == 1
    is_gone(changes)
    assert table.changes().in_group("a") == rows
    changes.check()
    changes.commit()
    is_gone(table.changes())
    committed(table, "a", [gone])
    assert table.changes().in_group("a") == [*rest, gone]


def test_a_row_that_is_discarded_and_added_again_is_there():
    table = table_of_rows()
    committed(table, "a", rows_of(2))
    changes = table.changes()
    changes.discard("a", Row(0, "w0", "even"))
    changes.append("a", Row(0, "w0", "even"))
    changes.append("a", Row(2))
    changes.discard("a", Row(2))
    changes.check()
    changes.commit()
    assert table.changes().in_group("a") == rows_of(2)


def test_what_came_in_place_of_a_discarded_row_is_seen_by_who_was_slower():
    table = table_of_rows()
    committed(table, "a", rows_of(2))
    faster, slower = table.changes(), table.changes()
    faster.discard("a", Row(0, "w0", "even"))
    faster.append("a", Row(5))
    slower.append("a", Row(5))
    faster.check()
    faster.commit()
    with pytest.raises(ConcurrentUpdate, match="row a number 5 exists"):
        slower.check()


class Unscanned(list):
    """Rows that nobody may go through from the first on."""

    def __iter__(self):
        raise AssertionError("a scan")


@pytest.mark.parametrize("size", [0, 1, SMALL, 30])
@pytest.mark.parametrize("more", [0, 1, 5])
def test_a_part_of_a_group_is_read_without_what_comes_before(size, more):
    table, rows = table_of_rows(), rows_of(size + more)
    committed(table, "a", rows[:size])
    changes = table.changes()
    for row in rows[size:]:
        changes.append("a", row)
    if size > SMALL:
        table.groups.rows["a"] = Unscanned(rows[:size])
    for after in range(size + more + 2):
        for limit in (0, 1, 3, size + more, None):
            end = None if limit is None else after + limit
            assert changes.in_group("a", after, limit) == rows[after:end]
