"""What the store has of an order, seen by units of work that change it at once."""

import pytest
from tests.support.interrupted import Interrupted

from sot import ConcurrentUpdate
from sot.adapters.memory.long_rows import SMALL, with_row
from sot.adapters.memory.order_rows import FILL_KEYS, NO_ROWS, OrderTable


def add_fills(changes, order_id, *fills):
    for fill in fills:
        rows = changes.change(order_id)
        rows.fills = with_row(rows.fills, fill, FILL_KEYS)


def fills_of(table, order_id):
    return list(table.changes().get(order_id).fills)


def committed(changes):
    changes.check()
    changes.commit()


def test_what_one_unit_of_work_adds_is_seen_by_others_after_its_commit():
    table = OrderTable()
    mine, others = table.changes(), table.changes()
    add_fills(mine, "a", "f1", "f2")
    assert mine.count == 2
    assert mine.get("a").fills == ("f1", "f2")
    assert others.get("a") is NO_ROWS
    assert others.count == 0
    committed(mine)
    assert others.get("a").fills == ("f1", "f2")
    assert [rows.fills for rows in others.all()] == [("f1", "f2")]


@pytest.mark.parametrize("size", [0, 1, SMALL, 2 * SMALL])
def test_of_two_that_change_one_order_the_slower_has_lost(size):
    table = OrderTable()
    numbers = list(range(size))
    first = table.changes()
    add_fills(first, "a", *numbers)
    committed(first)
    faster, slower = table.changes(), table.changes()
    add_fills(faster, "a", "faster")
    add_fills(slower, "a", "slower")
    committed(faster)
    with pytest.raises(ConcurrentUpdate, match="order a was changed"):
        slower.check()
    assert fills_of(table, "a") == [*numbers, "faster"]
    again = table.changes()
    add_fills(again, "a", "again")
    committed(again)
    assert fills_of(table, "a") == [*numbers, "faster", "again"]


def test_what_changed_since_it_was_read_for_update_is_refused_at_once():
    table = OrderTable()
    faster, slower = table.changes(), table.changes()
    slower.get_for_update("a")
    add_fills(faster, "a", "f1")
    committed(faster)
    with pytest.raises(ConcurrentUpdate, match="order a was changed"):
        slower.change("a")
    assert slower.count == 0
    slower.check()


def test_who_only_read_an_order_loses_no_race():
    table = OrderTable()
    reader, writer = table.changes(), table.changes()
    reader.get_for_update("a")
    add_fills(writer, "a", "f1")
    add_fills(reader, "b", "f2")
    committed(writer)
    committed(reader)
    assert fills_of(table, "b") == ["f2"]


def test_an_index_that_was_to_stay_the_same_is_checked_and_committed():
    table = OrderTable()
    faster, slower = table.changes(), table.changes()
    assert slower.index("name").many_unchanged("n1") == []
    add_fills(slower, "b", "f2")
    add_fills(faster, "a", "f1")
    faster.index("name").add("n1", "a")
    assert faster.index("name").many("n1") == ["a"]
    committed(faster)
    assert table.changes().index("name").many("n1") == ["a"]
    with pytest.raises(ConcurrentUpdate, match="order name n1 was changed"):
        slower.check()


def test_who_sees_what_is_committed_has_nothing_to_check():
    table = OrderTable()
    changes = table.changes()
    add_fills(changes, "a", "f1")
    committed(changes)
    later = table.changes()
    add_fills(later, "a", "f2")
    table.rows = table.indexes = None
    later.check()


def test_who_looks_in_the_middle_of_a_commit_is_told_at_its_own():
    """The rows that it saw may be those of before, even if the commit has ended since."""
    table, seen = OrderTable(), []

    def look():
        late = table.changes()
        add_fills(late, "a", "late")
        seen.append(late)

    table.rows = Interrupted(look)
    changes = table.changes()
    add_fills(changes, "a", "f1")
    committed(changes)
    (late,) = seen
    with pytest.raises(ConcurrentUpdate):
        late.check()
