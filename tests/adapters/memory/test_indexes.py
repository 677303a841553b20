"""Plain indexes, and what one unit of work changes in them."""

import pytest

from sot.adapters.memory.indexes import IndexChanges


class Row:
    """A row that is equal to nothing but itself."""


def committed(*rows):
    entries = {}
    changes = IndexChanges(entries)
    for row in rows:
        changes.add("a", row)
    changes.commit()
    return entries


def test_a_value_that_one_row_has_takes_no_list():
    one, two = Row(), Row()
    assert committed(one) == {"a": one}
    assert committed(one, two) == {"a": [one, two]}


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_rows_are_found_in_the_order_in_which_they_were_added(count):
    rows = [Row() for _ in range(3)]
    entries = committed(*rows[:count])
    changes = IndexChanges(entries)
    for row in rows[count:]:
        changes.add("a", row)
    assert changes.many("a") == rows
    assert IndexChanges(entries).many("a") == rows[:count]
    assert changes.many("b") == []
    assert set(changes.values()) == {"a"}
    changes.commit()
    assert IndexChanges(entries).many("a") == rows


@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("place", [0, -1])
def test_a_removed_row_is_gone_and_can_come_back(count, place):
    rows = [Row() for _ in range(count)]
    entries = committed(*rows)
    changes, gone = IndexChanges(entries), rows[place]
    rest = [row for row in rows if row is not gone]
    changes.remove("a", gone)
    changes.remove("b", gone)
    assert changes.many("a") == rest
    assert IndexChanges(entries).many("a") == rows
    changes.commit()
    assert IndexChanges(entries).many("a") == rest
    again = IndexChanges(entries)
    again.add("a", gone)
    again.commit()
    assert IndexChanges(entries).many("a") == [*rest, gone]


def test_a_row_that_is_removed_and_added_again_is_found_at_the_end():
    one, two = Row(), Row()
    entries = committed(one, two)
    changes = IndexChanges(entries)
    changes.remove("a", one)
    changes.add("a", one)
    changes.commit()
    assert IndexChanges(entries).many("a") == [two, one]


def test_an_added_row_that_is_removed_was_never_there():
    entries = committed()
    changes = IndexChanges(entries)
    row = Row()
    changes.add("a", row)
    changes.remove("a", row)
    assert changes.many("a") == []
    changes.commit()
    assert IndexChanges(entries).many("a") == []


@pytest.mark.parametrize("others", [1, 2])
def test_an_added_row_is_replaced_in_its_place(others):
    entries = committed()
    changes = IndexChanges(entries)
    rows = [Row() for _ in range(others)]
    for row in rows:
        changes.add("a", row)
    new = Row()
    changes.replace("a", rows[0], new)
    assert changes.many("a") == [new, *rows[1:]]


def test_what_others_add_to_an_expected_value_is_told_and_what_they_add_elsewhere_is_not():
    entries = committed(Row())
    changes = IndexChanges(entries)
    (row,) = changes.many_unchanged("a")
    assert changes.many_unchanged("b") == []
    changes.add("a", Row())
    others = IndexChanges(entries)
    others.add("c", Row())
    others.commit()
    assert changes.changed_values() == []
    others = IndexChanges(entries)
    others.add("b", Row())
    others.remove("a", row)
    others.commit()
    assert changes.changed_values() == ["a", "b"]


def test_what_is_expected_is_what_was_seen_first():
    entries = committed()
    changes, others = IndexChanges(entries), IndexChanges(entries)
    changes.many_unchanged("a")
    others.add("a", Row())
    others.commit()
    assert len(changes.many_unchanged("a")) == 1
    assert changes.changed_values() == ["a"]
