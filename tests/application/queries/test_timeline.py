"""A page of a long story costs what it shows."""

from decimal import Decimal

import attrs
import pytest

from sot import EventType, InvalidInput, OrderHistory
from sot.adapters.memory import MemoryStore
from sot.application.orders import apply, state_snapshots
from sot.application.queries import timeline
from sot.testing.contract.samples import ACCOUNT, trade_report
from sot.testing.contract.transactions import read_history, submit_and_send

EVENTS = 300


@pytest.fixture(scope="module")
def long_order():
    store = MemoryStore()
    order_id = submit_and_send(store, "C1", quantity=Decimal(1000))
    with store.begin() as uow:
        for number in range(EVENTS - 2):
            OrderHistory(uow).record(trade_report("C1", f"E{number}"))
        uow.commit()
    return store, order_id


@pytest.mark.parametrize("after", [0, 1, 15, 16, 100, EVENTS - 5])
def test_few_events_are_folded(long_order, after, monkeypatch):
    store, order_id = long_order
    folded = []
    real = apply.reapply
    monkeypatch.setattr(timeline, "reapply", lambda *given: folded.append(given) or real(*given))
    page = read_history(store, lambda h: h.timeline(order_id, after, 20))
    assert len(folded) < 20 + state_snapshots.STATE_SNAPSHOT_INTERVAL
    assert [entry.event.sequence for entry in page.items] == list(range(after + 1, min(after + 20, EVENTS) + 1))
    assert page.next == (after + 20 if after + 20 < EVENTS else None)


def test_behind_the_end_is_nothing(long_order):
    store, order_id = long_order
    for after in (EVENTS, EVENTS + 1, 10**9):
        page = read_history(store, lambda h, a=after: h.timeline(order_id, a))
        assert (list(page.items), page.next) == ([], None)


@pytest.mark.parametrize("limit", [0, -1, 501])
def test_pages_have_a_size(long_order, limit):
    store, order_id = long_order
    for ask in (
        lambda h: h.timeline(order_id, 0, limit),
        lambda h: h.fills(order_id, 0, limit),
        lambda h: h.positions(ACCOUNT, None, limit),
        lambda h: h.waiting(ACCOUNT, None, limit),
        lambda h: h.as_of().timeline(order_id, 0, limit),
        lambda h: h.as_of().fills(order_id, 0, limit),
        lambda h: h.as_of().positions(ACCOUNT, None, limit),
    ):
        with pytest.raises(InvalidInput, match="limit"):
            read_history(store, ask)


def test_a_correction_reads_the_execution_that_it_moves_and_no_other(long_order, monkeypatch):
    store, order_id = long_order
    correction = attrs.evolve(trade_report("C1", "E5x", "2", "90", exec_ref_id="E5"), type=EventType.TRADE_CORRECT)
    with store.begin() as uow:
        OrderHistory(uow).record(correction)
        monkeypatch.setattr(apply, "executions_before", lambda *given: pytest.fail("all executions were read"))
        page = OrderHistory(uow).timeline(order_id, EVENTS, 5)
        assert page.items[0].changed["cum_quantity"] == (Decimal(EVENTS - 2), Decimal(EVENTS - 1))
