"""The memory store: what two units of work that are open at once may do. (SQLite has one writer at a time.)"""

import pytest

from sot import ConcurrentUpdate, OrderHistory
from sot.adapters.memory import MemoryStore
from sot.testing.contract import place, read, trade


def test_an_order_that_was_changed_since_it_was_read_is_a_lost_race():
    store = MemoryStore()
    order_id = place(store, "C1")
    with store.begin() as one, store.begin() as other:
        before = OrderHistory(one).order(order_id)
        OrderHistory(other).record(trade("C1", "E1"))
        other.commit()
        assert before.cum_quantity == 0
        with pytest.raises(ConcurrentUpdate):
            OrderHistory(one).record(trade("C1", "E2"))
    assert read(store, lambda h: h.order(order_id)).cum_quantity == 1


def test_a_unit_of_work_that_only_reads_never_loses():
    store = MemoryStore()
    order_id = place(store, "C1")
    with store.begin() as one, store.begin() as other:
        OrderHistory(one).order(order_id)
        OrderHistory(other).record(trade("C1", "E1"))
        other.commit()
        one.commit()
