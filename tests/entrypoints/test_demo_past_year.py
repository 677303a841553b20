"""What the demonstration records of the year before: months with results, past moments, orders filled in part."""

from datetime import UTC, date, datetime, timedelta

import pytest

from sot import OrderHistory
from sot.adapters.memory import MemoryStore
from sot.domain.values.vocabulary import GroupBy, OrderStatus
from sot.entrypoints.demo.past_year import MONTHS, SYMBOL, VENUE, record_past_year
from sot.entrypoints.demo.real_records import ACCOUNT
from sot.testing.contract.transactions import read_history
from sot.testing.fakes import ManualClock

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)


@pytest.fixture
def store():
    store = MemoryStore(ManualClock(NOW))
    assert record_past_year(store) > 2 * MONTHS
    return store


def test_it_adds_nothing_the_second_time(store):
    before = store.horizon()
    assert record_past_year(store) == 0
    assert store.horizon() == before
    assert store.clock.now() == NOW


def test_march_earned_something(store):
    months = {"since": datetime(2025, 3, 1, tzinfo=UTC), "before": datetime(2025, 4, 1, tzinfo=UTC)}
    (march,) = read_history(store, lambda h: h.realized(ACCOUNT, by=(GroupBy.SYMBOL,), **months))
    assert (march.symbol, march.realized_gross) == (SYMBOL, 120)


def test_every_month_until_now_has_results(store):
    days = read_history(store, lambda h: h.realized(ACCOUNT, by=(GroupBy.DAY,)))
    sold = {date(row.day.year, row.day.month, 1) for row in days if row.realized_gross}
    assert len(sold) == MONTHS - 1
    assert max(sold) == date(2025, 12, 1)


def test_a_past_moment_knows_less(store):
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        then = history.as_of(known_at=NOW - timedelta(days=5))
        assert 0 < len(list(then.orders())) < len(list(history.orders()))


def test_orders_are_filled_in_part_for_different_reasons(store):
    def reasons(history):
        names = ("canceled-by-us", "canceled-there", "nothing-left", "expired", "working")
        orders = [history.find_order(ACCOUNT, f"demo-{name}", VENUE) for name in names]
        assert {order.cum_quantity for order in orders} == {4}
        assert [order.status for order in orders[3:]] == [OrderStatus.EXPIRED, OrderStatus.PARTIALLY_FILLED]
        return [history.explain(order.order_id).words for order in orders]

    by_us, there, nothing_left, expired, working = read_history(store, reasons)
    assert "at the request of ann" in by_us
    assert "self-trade prevention" in there
    assert "IOC" in nothing_left
    assert "since it was DAY" in expired
    assert "still" not in expired
    assert "the other 6 are working" in working
