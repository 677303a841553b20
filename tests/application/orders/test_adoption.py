"""Adopting takes in what no order of ours can be, and nothing else."""

from decimal import Decimal

import pytest

from sot import Instrument, InstrumentKind, OrderHistory, OrderRequest, OrderType, Side, VenueReport
from sot.domain.values.vocabulary import Anomaly, EventType, Outcome
from sot.errors import InvalidInput
from sot.testing.contract.samples import ACCOUNT, SYMBOL, VENUE, trade_report
from sot.testing.contract.transactions import read_history, submit_and_send, write_history


@pytest.fixture
def history(store):
    with store.begin() as uow:
        history = OrderHistory(uow)
        spot = InstrumentKind.SPOT
        history.register(Instrument(account_id="main", venue="X", symbol="A/B", kind=spot, base="A", quote="B"))
        yield history


def trade(exec_id, **fields):
    return VenueReport(
        **{
            "account_id": "main",
            "venue": "X",
            "type": EventType.TRADE,
            "client_order_id": "c1",
            "exec_id": exec_id,
            "symbol": "A/B",
            "side": Side.BUY,
            "last_quantity": Decimal(1),
            "last_price": Decimal(10),
            **fields,
        }
    )


def test_what_a_request_is_about_to_send_is_waited_for(history):
    request = history.submit(
        OrderRequest(
            account_id="main",
            client_order_id="c1",
            venue="X",
            symbol="A/B",
            side=Side.BUY,
            order_type=OrderType.MARKET,
            quantity=Decimal(1),
        )
    )
    early = history.adopt(trade("e1", venue_order_id="V1"))
    assert (early.outcome, early.anomalies, history.orders().items) == (
        Outcome.FLAGGED,
        (Anomaly.UNKNOWN_REFERENCE,),
        [],
    )
    order_id = history.mark_sent(request.request_id).order_id
    assert history.order(order_id).cum_quantity == 1
    assert len(history.orders().items) == 1


def test_of_two_orders_of_one_name_no_third_is_made(history):
    for day in ("2026-01-05", "2026-01-06"):
        history.adopt(trade("e1", id_scope=day))
    assert history.adopt(trade("e2")).order_id is None
    assert [order.cum_quantity for order in history.orders().items] == [1, 1]


@pytest.mark.parametrize(("changes", "words"), [({"side": "SELL"}, "side SELL"), ({"symbol": "OTHER"}, "symbol OTHER")])
def test_an_order_of_another_side_or_symbol_is_not_attributed(store, changes, words):
    """Its executions would count nowhere."""
    ours = submit_and_send(store, "C1")
    fields = {"symbol": SYMBOL, "side": "BUY", "venue_order_id": "V9", **changes}
    write_history(store, lambda h: h.adopt(trade_report("outside", "E9", **fields)))
    external = read_history(store, lambda h: h.find_order(ACCOUNT, venue=VENUE, venue_order_id="V9").order_id)
    with pytest.raises(InvalidInput, match=words):
        write_history(store, lambda h: h.attribute(external, ours, reason="it is ours"))
    assert read_history(store, lambda h: h.order(external)).cum_quantity == 1
