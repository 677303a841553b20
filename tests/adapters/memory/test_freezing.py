"""A memory store that keeps what it holds out of the garbage collector."""

import gc
import weakref

import pytest

from sot import InvalidInput, OrderHistory
from sot.adapters.memory import MemoryStore
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, trade_report
from sot.testing.contract.transactions import read_history, submit_and_send, write_history


@pytest.fixture(autouse=True)
def _unfreeze():
    gc.unfreeze()
    yield
    gc.unfreeze()


class Node:
    """A part of a cycle."""

    def __init__(self):
        self.itself = self


def fill(store, count):
    for number in range(count):
        submit_and_send(store, f"C{number}")
        write_history(store, lambda h, n=number: h.record(trade_report(f"C{n}", f"E{n}")))


def test_what_is_stored_is_frozen_after_so_many_commits():
    store = MemoryStore(freeze_every=5)
    write_history(store, lambda h: None)
    assert gc.get_freeze_count() == 0
    fill(store, 3)
    assert gc.get_freeze_count() > 0
    frozen = gc.get_freeze_count()
    fill_more = [submit_and_send(store, f"D{number}") for number in range(5)]
    assert gc.get_freeze_count() > frozen
    assert len(set(fill_more)) == 5


def test_a_store_freezes_nothing_by_itself():
    fill(MemoryStore(), 3)
    assert gc.get_freeze_count() == 0


def test_a_frozen_store_answers_as_another():
    frozen, other = MemoryStore(freeze_every=1), MemoryStore()
    for store in (frozen, other):
        fill(store, 3)
    positions = [read_history(store, lambda h: h.position(ACCOUNT, VENUE, SYMBOL)) for store in (frozen, other)]
    assert positions[0].quantity == positions[1].quantity == 3


def test_cycles_that_are_garbage_when_it_freezes_are_freed_first():
    gone = weakref.ref(Node())
    gc.disable()
    try:
        write_history(MemoryStore(freeze_every=1), lambda h: None)
    finally:
        gc.enable()
    assert gone() is None


def test_cycles_that_were_alive_then_are_freed_after_unfreeze():
    node = Node()
    gone = weakref.ref(node)
    write_history(MemoryStore(freeze_every=1), lambda h: None)
    del node
    gc.collect()
    assert gone() is not None
    gc.unfreeze()
    gc.collect()
    assert gone() is None


def test_a_frozen_store_itself_is_freed_when_nobody_has_it():
    store = MemoryStore(freeze_every=1)
    fill(store, 2)
    gone = weakref.ref(store)
    with store.begin() as uow:
        assert OrderHistory(uow).orders()
    del store, uow
    assert gone() is None


@pytest.mark.parametrize("wrong", [0, -1, 1.5, True, "10"])
def test_a_number_of_commits_that_is_none_is_refused(wrong):
    with pytest.raises(InvalidInput, match="freeze_every"):
        MemoryStore(freeze_every=wrong)
