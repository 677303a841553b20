"""What is kept of a filled order is small."""

import gc
import tracemalloc
from datetime import UTC, datetime
from decimal import Decimal

from sot import Fee, OrderHistory, VenueReport
from sot.adapters.memory import MemoryStore
from sot.testing.contract.samples import new_order_request, spot_instrument
from sot.venue import Liquidity

COUNT = 200


def fill_order(store, name, liquidity=(Liquidity.TAKER, Liquidity.TAKER)):
    """One order, filled by two executions with fees."""
    said = {"account_id": "account", "venue": "VENUE", "client_order_id": name, "venue_order_id": f"V{name}"}
    with store.begin() as uow:
        history = OrderHistory(uow)
        request = history.submit(new_order_request(name, quantity=Decimal(2)))
        history.mark_sent(request.request_id)
        history.record(VenueReport(type="NEW", exec_id=f"{name}.1", **said))
        for number, (quantity, maker_or_taker) in enumerate(zip(("0.5", "1.5"), liquidity, strict=True), 2):
            history.record(
                VenueReport(
                    type="TRADE",
                    exec_id=f"{name}.{number}",
                    last_quantity=Decimal(quantity),
                    last_price=Decimal("99.5"),
                    fees=[Fee("0.01", "USDT")],
                    liquidity=maker_or_taker,
                    occurred_at=datetime(2026, 1, 5, 10, tzinfo=UTC),
                    **said,
                )
            )
        uow.commit()
    return request.request_id


def new_store():
    store = MemoryStore()
    store.run(lambda uow: OrderHistory(uow).register(spot_instrument()))
    return store


def order_and_costs(store, request_id):
    with store.begin(read_only=True) as uow:
        history = OrderHistory(uow)
        order = history.order(history.request(request_id).order_id)
        return order, history.costs(order.order_id)


def test_a_filled_order_takes_less_than_ten_kilobytes():
    store = new_store()
    for number in range(50):
        fill_order(store, f"first{number}")
    gc.collect()
    tracemalloc.start()
    for number in range(COUNT):
        fill_order(store, f"c{number}")
    gc.collect()
    taken, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert taken / COUNT < 10_000


def test_figures_that_are_the_same_are_one_object():
    store = new_store()
    order, costs = order_and_costs(store, fill_order(store, "c1"))
    assert order.state.cum_quantity is costs.quantity is order.state.order_quantity
    assert order.state.notional is costs.notional is costs.weighted is costs.taker_notional
    order, costs = order_and_costs(store, fill_order(store, "c2", (Liquidity.TAKER, Liquidity.MAKER)))
    assert order.state.notional is costs.notional
    assert (costs.taker_notional, costs.maker_notional) == (Decimal("49.75"), Decimal("149.25"))
