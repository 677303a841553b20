"""Finding an order in lists, at an exchange without a query by id."""

from decimal import Decimal

import pytest
from tests.adapters.ccxt.orders import NAME, reference, request

from sot import EventType, OrderStatus
from sot.adapters.ccxt import ExchangeFacts
from sot.errors import VenueOutcomeUnknown
from sot.ports.venue import OrderReference


@pytest.fixture
def searching(venue):
    """A venue for an exchange without a query by id."""
    venue._facts = ExchangeFacts(client_order_ids=True, by_venue_order_id=False)
    return venue


def sent(venue, name=NAME, **terms):
    placed = venue.submit(request(name, **terms))
    return reference(name, sent_at=placed[0].occurred_at)


def test_among_open_orders(searching):
    found = searching.find(sent(searching))
    assert found.reports[-1].reported_status is OrderStatus.NEW
    assert found.complete


def test_among_those_that_are_over(searching, server):
    sent_order = sent(searching)
    server.execute(NAME, "0.5", "40000")
    found = searching.find(sent_order)
    assert [report.type for report in found.reports] == [EventType.TRADE, EventType.ORDER_STATUS]
    assert (found.reports[-1].reported_status, found.complete) == (OrderStatus.FILLED, True)


def test_by_the_exchanges_own_id(searching):
    placed = searching.submit(request())
    sent_order = OrderReference(account_id="main", symbol="BTC/USDT", venue_order_id=placed[0].venue_order_id)
    assert searching.find(sent_order).reports[-1].client_order_id == NAME


def test_an_order_that_ends_between_two_lists_is_found(searching, server):
    sent_order = sent(searching)
    exchange = searching._connection.exchange
    ask = exchange.fetch_open_orders

    def just_filled(*arguments):
        server.execute(NAME, "0.5", "40000")
        return [order for order in ask(*arguments) if order["status"] == "open"]

    exchange.fetch_open_orders = just_filled
    assert searching.find(sent_order).reports[-1].reported_status is OrderStatus.FILLED


def test_in_none_of_lists_that_are_whole_means_that_there_is_none(searching):
    sent_order = sent(searching)
    found = searching.find(reference("never-sent", sent_at=sent_order.sent_at))
    assert (found.reports, found.complete) == ((), False)


def test_in_none_of_lists_that_need_not_be_whole_proves_nothing(searching):
    sent_order = sent(searching)
    with pytest.raises(VenueOutcomeUnknown) as raised:
        searching.find(reference("never-sent"))  # without a time of sending
    assert raised.value.reason == "SEARCH_INCOMPLETE"
    exchange = searching._connection.exchange
    exchange.has["fetchOrders"] = exchange.has["fetchCanceledOrders"] = False
    with pytest.raises(VenueOutcomeUnknown):
        searching.find(reference("never-sent", sent_at=sent_order.sent_at))
    exchange.has["fetchOrders"] = True
    exchange.features["spot"]["fetchOrders"] |= {"limit": 1}
    with pytest.raises(VenueOutcomeUnknown):
        searching.find(reference("never-sent", sent_at=sent_order.sent_at))


@pytest.mark.parametrize("path", ["openOrders", "allOrders", "myTrades"])
def test_a_list_that_fails_is_no_answer(searching, server, path):
    sent_order = sent(searching)
    server.add_fault("GET", path, "503")
    with pytest.raises(VenueOutcomeUnknown):
        searching.find(reference("never-sent", sent_at=sent_order.sent_at))


def test_an_order_that_only_its_trades_tell_of(searching, server):
    placed = searching.submit(request(order_type="MARKET"))
    sent_order = reference(NAME, venue_order_id=placed[0].venue_order_id, sent_at=placed[0].occurred_at)
    server.orders.clear()
    found = searching.find(sent_order)
    assert [report.type for report in found.reports] == [EventType.TRADE, EventType.ORDER_STATUS]
    assert (found.reports[-1].reported_status, found.complete) == (None, False)
    assert found.reports[-1].occurred_at == found.asked_at
    assert found.reports[0].last_quantity == Decimal("0.5")


def test_an_answer_about_another_order_is_no_answer(venue):
    venue.submit(request())
    venue.submit(request("my-2"))
    exchange = venue._connection.exchange
    ask = exchange.fetch_order
    exchange.fetch_order = lambda order_id, symbol, parameters: ask("", symbol, {"clientOrderId": "my-2"})
    with pytest.raises(VenueOutcomeUnknown) as raised:
        venue.find(reference())
    assert raised.value.reason == "ANOTHER_ORDER"
