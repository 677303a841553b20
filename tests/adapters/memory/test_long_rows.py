"""Rows of an order are found in the same way whether they are few or many, committed or not."""

import sys

import attrs
import pytest

from sot.adapters.memory.long_rows import SMALL, LongRows, find, with_row, without_row

SIZES = (0, 1, SMALL - 1, SMALL, SMALL + 1, 3 * SMALL)
KEYS = {"number": lambda row: row.number, "text": lambda row: row.text}


@attrs.frozen
class Row:
    number: int
    text: str


def made(size, first=0):
    return [Row(number, "even" if number % 2 == 0 else "odd") for number in range(first, first + size)]


def rows_with(rows, added):
    for row in added:
        rows = with_row(rows, row, KEYS)
    return rows


def committed(rows):
    return rows.committed() if isinstance(rows, LongRows) else rows


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("more", SIZES)
def test_rows_are_found_and_read_in_part_whatever_is_committed(size, more):
    all_rows = made(size + more)
    rows = rows_with(committed(rows_with((), all_rows[:size])), all_rows[size:])
    check(rows, all_rows)
    check(committed(rows), all_rows)


def check(rows, expected):
    size = len(expected)
    assert list(rows) == expected
    assert len(rows) == size
    assert find(rows, "text", "even", KEYS) == expected[::2]
    assert find(rows, "text", "odd", KEYS) == expected[1::2]
    assert find(rows, "number", size, KEYS) == []
    for number, row in enumerate(expected):
        assert find(rows, "number", number, KEYS) == [row]
    for start in range(size + 2):
        for stop in (start, start + 1, start + 3, size, None):
            assert list(rows[start:stop]) == expected[start:stop]


@pytest.mark.parametrize("size", SIZES)
def test_what_is_added_is_not_seen_by_others_before_the_commit(size):
    before = committed(rows_with((), made(size)))
    seen = list(before)
    mine, others = rows_with(before, made(2, size)), rows_with(before, made(1, 1000))
    assert list(before) == seen
    assert list(mine) == made(size + 2)
    assert list(others) == [*made(size), *made(1, 1000)]
    after = committed(mine)
    assert list(after) == made(size + 2)
    assert list(rows_with(after, made(1, size + 2))) == made(size + 3)


@pytest.mark.parametrize("size", SIZES[1:])
def test_a_row_is_left_out_and_others_see_it_still(size):
    all_rows = made(size)
    before = committed(rows_with((), all_rows))
    gone = all_rows[size // 2]
    rest = [row for row in all_rows if row is not gone]
    after = without_row(before, gone, KEYS)
    assert list(before) == all_rows
    assert list(after) == rest
    assert find(after, "number", gone.number, KEYS) == []
    assert isinstance(after, tuple) == (len(rest) <= SMALL)
    assert list(committed(rows_with(after, [gone]))) == [*rest, gone]


def test_few_rows_take_no_more_places_than_there_are():
    rows = rows_with((), made(SMALL))
    assert sys.getsizeof(rows) == sys.getsizeof(tuple(range(SMALL)))


class Unscanned(list):
    """Rows that nobody may go through from the first on."""

    def __iter__(self):
        raise AssertionError("a scan")


def test_many_rows_are_found_and_read_in_part_without_going_through_them():
    reads = []

    def number_of(row):
        reads.append(row)
        return row.number

    keys = {"number": number_of}
    rows = ()
    for row in made(100):
        rows = with_row(rows, row, keys)
    rows = rows.committed()
    rows._rows = Unscanned(rows._rows)
    reads.clear()
    mine = with_row(rows, Row(1000, ""), keys)
    assert find(mine, "number", 3, keys) == made(1, 3)
    assert mine[98:] == [*made(2, 98), Row(1000, "")]
    assert len(mine.committed()) == 101
    assert {row.number for row in reads} == {1000}
