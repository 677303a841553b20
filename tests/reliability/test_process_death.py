"""Acknowledged is durable and atomic: a writer is killed at random instants, and what it acknowledged is all there."""

import random
import signal
import subprocess
import sys
import time

import pytest

from sot import OrderHistory, OrderStatus
from sot.adapters.sqlalchemy import SqlAlchemyStore
from tests.support.postgres import fresh_url

WRITER = """
import sys
from sot.adapters.sqlalchemy import SqlAlchemyStore
from sot.testing.contract.samples import trade_report
from sot.testing.contract.transactions import submit_and_send, write_history
store = SqlAlchemyStore.open(sys.argv[1])
number = int(sys.argv[2])
while True:
    name = f"C{number}"
    submit_and_send(store, name)
    write_history(store, lambda h: [h.record(trade_report(name, f"{name}.{n}", "5")) for n in (1, 2)])
    print(name, flush=True)
    number += 1
"""


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_killed_writer_loses_nothing_it_acknowledged(kind, tmp_path):
    url = f"sqlite:///{tmp_path}/killed.db" if kind == "sqlite" else fresh_url()
    SqlAlchemyStore.open(url).close()
    acknowledged: list[str] = []
    chance = random.Random(7)
    for round_number in range(6):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, url, str(round_number * 10_000)], stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        first = writer.stdout.readline()  # it is at work now
        time.sleep(chance.uniform(0.01, 0.15))
        writer.send_signal(signal.SIGKILL)
        acknowledged += [first.strip(), *writer.stdout.read().split()]
        writer.wait()
        writer.stdout.close()
    store = SqlAlchemyStore.open(url)
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        orders, page = [], history.orders(limit=500)
        while True:
            orders += page.items
            if page.next is None:
                break
            page = history.orders(after=page.next, limit=500)
        # Half of a use case would be an order with one of its two executions.
        assert {order.status for order in orders} <= {OrderStatus.FILLED, OrderStatus.PENDING_NEW}
        for order in orders:
            events = list(history.events(order.order_id))
            assert [event.sequence for event in events] == list(range(1, order.last_sequence + 1))
            assert order.last_hash == events[-1].hash
    filled = {order.client_order_id for order in orders if order.status is OrderStatus.FILLED}
    store.close()
    assert len(acknowledged) >= 6
    assert set(acknowledged) <= filled
