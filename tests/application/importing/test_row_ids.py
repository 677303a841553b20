"""Ids of rows without one, and the order of rows within a moment."""

from hypothesis import given
from hypothesis import strategies as st

from sot.application.importing.row_ids import MomentSequence, RowIds

ROWS = st.lists(st.dictionaries(st.sampled_from("abc"), st.text("12a", max_size=3)), max_size=12)


def ids(rows):
    given_ids = RowIds()
    return [given_ids.next_id(row) for row in rows]


@given(ROWS)
def test_ids_are_unique_and_follow_from_the_rows(rows):
    assert len(set(ids(rows))) == len(rows)
    assert ids(rows) == ids(rows)
    assert sorted(ids(rows)) == sorted(ids(rows[::-1]))


@given(ROWS, st.integers(0, 12))
def test_a_row_has_the_same_id_in_a_file_that_ends_earlier(rows, end):
    assert ids(rows)[:end] == ids(rows[:end])


def test_equal_rows_are_numbered_and_others_do_not_count():
    equal, other = {"a": "1"}, {"a": "2"}
    assert ids([equal, other, equal])[2] == ids([equal, equal])[1]


def test_what_rows_say_cannot_be_mistaken_for_their_number():
    first = ids([{"a": ""}, {"a": ""}])
    assert len(set(first + ids([{"a": "2"}]))) == 3


def test_rows_of_a_moment_are_numbered():
    sequence = MomentSequence()
    assert [sequence.next_number(moment) for moment in (1, 1, 2, 1)] == [1, 2, 1, 3]
