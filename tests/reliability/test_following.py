"""A reader that follows misses nothing and sees nothing twice, whatever is written at the same time."""

import threading

import pytest

from sot import InvalidInput, OrderHistory
from sot.adapters.memory import MemoryStore
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.audit import follow, seal
from sot.testing.contract.samples import new_order_request, trade_report
from sot.testing.contract.transactions import submit_and_send, write_history
from tests.support.postgres import fresh_url

WRITERS, ORDERS = 4, 12


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request, tmp_path):
    if request.param == "memory":
        made = MemoryStore()
    else:
        made = SqlAlchemyStore.open(f"sqlite:///{tmp_path}/f.db" if request.param == "sqlite" else fresh_url())
    yield made
    made.close()


def test_many_write_while_one_follows(store):
    submit_and_send(store, "first")
    seen = list(follow(store))
    done = threading.Event()
    problems = []

    def work(writer):
        try:
            for number in range(ORDERS):
                name = f"{writer}-{number}"

                def both(history, name=name):
                    history.mark_sent(history.submit(new_order_request(name)).request_id)
                    history.record(trade_report(name, f"E{name}"))

                if number % 4 == 3:  # some give up
                    with store.begin() as uow:
                        both(OrderHistory(uow))
                else:
                    write_history(store, both)
                    write_history(store, lambda h, name=name: h.record(trade_report(name, f"F{name}")))
        except BaseException as error:
            problems.append(error)

    writers = [threading.Thread(target=work, args=(writer,)) for writer in range(WRITERS)]
    for thread in writers:
        thread.start()
    waiter = threading.Thread(target=lambda: ([thread.join() for thread in writers], done.set()))
    waiter.start()
    finished = False
    while not finished:
        finished = done.is_set()  # once more after the last has ended
        seen += follow(store, seen[-1].cursor, batch=7)
    waiter.join()
    assert problems == []
    with store.begin(read_only=True) as uow:
        orders = OrderHistory(uow).orders(limit=500).items
        expected = {(order.order_id, n) for order in orders for n in range(1, order.last_sequence + 1)}
    followed = [(found.event.order_id, found.event.sequence) for found in seen]
    assert len(followed) == len(set(followed)) == len(expected) == 2 + WRITERS * ORDERS * 3 // 4 * 4
    assert set(followed) == expected
    assert [found.cursor for found in seen] == sorted(found.cursor for found in seen)
    for order in orders:
        assert [n for order_id, n in followed if order_id == order.order_id] == list(range(1, order.last_sequence + 1))


def test_what_is_still_open_is_waited_for_on_postgresql():
    """Of two transactions the one that numbers first commits last: a reader must not pass it by."""
    store = SqlAlchemyStore.open(fresh_url())
    submit_and_send(store, "C1"), submit_and_send(store, "C2", "other")
    start = store.horizon()
    with store.begin() as slow:
        OrderHistory(slow).record(trade_report("C1", "SLOW"))
        assert slow.feed.last() > start  # it is written, not committed
        write_history(store, lambda h: h.record(trade_report("C2", "FAST", account_id="other")))
        assert store.horizon() == start
        assert list(follow(store, start)) == []
        slow.commit()
    found = [one.event.report.exec_id for one in follow(store, start)]
    assert found == ["SLOW", "FAST"]
    with store.begin() as gone:
        OrderHistory(gone).record(trade_report("C1", "GONE"))
        gone.feed.last()
    write_history(store, lambda h: h.record(trade_report("C2", "LAST", account_id="other")))
    assert [one.event.report.exec_id for one in follow(store, start)] == ["SLOW", "FAST", "LAST"]
    store.close()


def test_what_is_still_open_is_not_sealed_and_the_next_checkpoint_has_it():
    store = SqlAlchemyStore.open(fresh_url())
    submit_and_send(store, "C1"), submit_and_send(store, "C2", "other")
    with store.begin() as slow:
        OrderHistory(slow).record(trade_report("C1", "SLOW"))
        slow.feed.last()
        write_history(store, lambda h: h.record(trade_report("C2", "FAST", account_id="other")))
        first = store.run(seal)
        slow.commit()
    second = store.run(seal)
    assert second.upto - first.upto == second.count == 2
    store.close()


def test_who_sees_one_moment_only_cannot_ask_for_the_horizon():
    store = SqlAlchemyStore.open(fresh_url())
    with store.begin(read_only=True) as uow, pytest.raises(InvalidInput, match="READ COMMITTED"):
        uow.feed.horizon()
    store.close()
