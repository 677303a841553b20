"""Recovering and reconciling with an exchange that loses answers, delays and repeats trades, and restarts."""

from datetime import timedelta
from decimal import Decimal

import pytest
from tests.adapters.ccxt.conftest import impatient
from tests.adapters.ccxt.orders import request

from sot import Executor, Instrument, InstrumentKind, OrderHistory, OrderRequest, OrderStatus
from sot.adapters.memory import MemoryStore
from sot.application.reconciliation.reconciler import reconcile
from sot.application.reconciliation.venue_snapshot import ReconciliationLimits
from sot.testing.fakes import ManualClock
from sot.venue import RecoveryLimits

MAIN = "main"


@pytest.fixture
def store():
    created = MemoryStore()
    bitcoin = Instrument(
        account_id=MAIN, venue="BINANCE", symbol="BTC/USDT", kind=InstrumentKind.SPOT, base="BTC", quote="USDT"
    )
    created.run(lambda uow: OrderHistory(uow).register(bitcoin))
    return created


def submit(store, name, **terms):
    intent = request(client_order_id=name, **terms)
    return store.run(lambda uow: OrderHistory(uow).submit(intent)).request_id


def compared(store, venue, heal=False):
    limits = ReconciliationLimits(grace=timedelta(0), pause=timedelta(0), since=None)
    return reconcile(store, venue, MAIN, symbols=["BTC/USDT"], heal=heal, limits=limits)


def orders(store):
    return store.run(lambda uow: OrderHistory(uow).orders(), read_only=True).items


def recovered(store, make_venue):
    """After a restart, some minutes later."""
    clock = ManualClock(store.clock.now() + timedelta(minutes=10))
    venue = make_venue(clock=clock)
    later = MemoryStoreAt(store, clock)
    limits = RecoveryLimits(grace=timedelta(0), pause=timedelta(0))
    return Executor(later, venue).recover(limits=limits, sleep=lambda seconds: None)


class MemoryStoreAt:
    """The same store, at another time."""

    def __init__(self, store, clock):
        self._store = store
        self.clock = clock
        self.ids = store.ids

    def run(self, use_case, read_only=False):
        return self._store.run(use_case, read_only)


@pytest.mark.parametrize("add_fault", ["hang", "close", "503", "lost"])
def test_after_a_crash_and_restarts_there_is_one_order_on_both_sides(store, make_venue, server, add_fault):
    request_id = submit(store, "mine", order_type="MARKET")
    server.add_fault("POST", "order", add_fault)
    first = make_venue()
    with impatient(first):
        assert Executor(store, first).execute(request_id).in_doubt
    server.stop()
    server.start()
    result = recovered(store, make_venue)
    assert result.in_doubt == []
    (order,) = orders(store)
    arrived = add_fault != "lost"
    assert order.status is (OrderStatus.FILLED if arrived else OrderStatus.FAILED)
    assert len(server.orders) == arrived
    again = Executor(store, make_venue()).execute(request_id)
    assert (again.order_id, len(server.calls("POST", "order"))) == (order.order_id, 1)
    assert compared(store, make_venue()).findings == []


def test_delayed_and_doubled_trades_are_found_and_count_once(store, make_venue, server):
    venue = make_venue()
    executor = Executor(store, venue)
    resting = executor.execute(submit(store, "resting", limit_price=Decimal(40_000)))
    server.execute("resting", "0.2", "40000")
    late = server.execute("resting", "0.3", "40000")
    server.delayed.add(late["id"])
    server.doubled = server.reversed = True
    result = compared(store, venue)
    assert "MISSING_EXECUTION" in [found.row.mismatch for found in result.findings]
    healed = compared(store, venue, heal=True)
    (order,) = orders(store)
    assert order.cum_quantity == Decimal("0.2")
    assert {found.row.mismatch for found in healed.findings} <= {"QUANTITY_DIFFERS"}
    server.delayed.clear()
    assert compared(store, venue, heal=True).findings == []
    (order,) = orders(store)
    assert (order.order_id, order.cum_quantity, order.status) == (resting.order_id, Decimal("0.5"), "FILLED")
    costs = store.run(lambda uow: OrderHistory(uow).costs(order.order_id), read_only=True)
    assert costs.quantity == Decimal("0.5")


def test_an_order_made_by_hand_is_taken_in(store, make_venue, server):
    venue = make_venue()
    venue.submit(request(client_order_id="by-hand", limit_price=Decimal(60_000)))
    assert [found.row.mismatch for found in compared(store, venue).findings] == ["MISSING_LOCAL"]
    assert compared(store, venue, heal=True).findings == []
    (order,) = orders(store)
    assert (order.request_id, order.status, order.cum_quantity) == (None, OrderStatus.FILLED, Decimal("0.5"))


def test_a_replacement_whose_answer_was_lost(store, make_venue, server):
    venue = make_venue()
    executor = Executor(store, venue)
    resting = executor.execute(submit(store, "resting", limit_price=Decimal(40_000)))
    replacement = OrderRequest(
        account_id=MAIN,
        action="REPLACE",
        client_order_id="dearer",
        target_order_id=resting.order_id,
        limit_price=Decimal(41_000),
    )
    request_id = store.run(lambda uow: OrderHistory(uow).submit(replacement)).request_id
    server.add_fault("POST", "order/cancelReplace", "hang")
    with impatient(venue):
        created = executor.execute(request_id)
    assert created.in_doubt
    recovered(store, make_venue)
    old, new = (next(o for o in orders(store) if o.order_id == one.order_id) for one in (resting, created))
    assert (old.status, new.status, new.state.limit_price) == (OrderStatus.CANCELED, OrderStatus.NEW, 41_000)
    assert compared(store, make_venue()).findings == []
