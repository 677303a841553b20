"""The venue at a test exchange, through ccxt's real client: what is sent, and what it returns."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal, getcontext, localcontext
from unittest.mock import Mock

import ccxt
import ccxt.async_support
import pytest
from tests.adapters.ccxt.binance_server import API_KEY, SECRET
from tests.adapters.ccxt.conftest import impatient, local_exchange
from tests.adapters.ccxt.orders import NAME, as_order, change, reference, request

from sot import Action, EventType, InvalidInput, OrderStatus, OrderType, Side, TimeInForce
from sot.adapters.ccxt import CcxtVenue
from sot.domain.orders.anomalies import DUPLICATE_ORDER
from sot.errors import MissingExtra, VenueNotReached, VenueOutcomeUnknown, VenueRefused
from sot.ports.venue import Replacement, VenueScope


def types(reports):
    return [report.type for report in reports]


# ---------------------------------------------------------------------------------------------------- placing


def test_a_resting_order(venue, server):
    (placed,) = venue.submit(request())
    assert (placed.type, placed.client_order_id, placed.venue_order_id) == (EventType.NEW, NAME, "1001")
    assert (placed.account_id, placed.venue, placed.symbol, placed.side) == ("main", "BINANCE", "BTC/USDT", Side.BUY)
    assert (placed.order_quantity, placed.limit_price) == (Decimal("0.5"), Decimal(40000))
    assert placed.time_in_force is TimeInForce.GTC
    assert placed.raw_payload["orderId"] == 1001
    (sent,) = server.calls("POST", "order")
    assert (sent["newClientOrderId"], sent["quantity"], sent["price"]) == (NAME, "0.5", "40000")


def test_executions_that_are_told_at_once(venue):
    placed, trade, acknowledge_from_status = venue.submit(request(order_type=OrderType.MARKET))
    assert types([placed, trade, acknowledge_from_status]) == [EventType.NEW, EventType.TRADE, EventType.ORDER_STATUS]
    assert (trade.exec_id, trade.last_quantity, trade.last_price) == ("1", Decimal("0.5"), Decimal(50000))
    assert [(fee.amount, fee.currency) for fee in trade.fees] == [(Decimal("0.0005"), "BTC")]
    assert (acknowledge_from_status.reported_status, acknowledge_from_status.cum_quantity) == (
        OrderStatus.FILLED,
        Decimal("0.5"),
    )
    assert all(report.client_order_id == NAME for report in (placed, trade, acknowledge_from_status))


def test_an_order_that_ends_at_once_with_a_part(venue, server):
    server.part_at_once = Decimal("0.2")
    reports = venue.submit(request(limit_price=Decimal(50000), time_in_force=TimeInForce.IOC))
    assert types(reports) == [EventType.NEW, EventType.TRADE, EventType.ORDER_STATUS]
    assert (reports[2].reported_status, reports[2].cum_quantity) == (OrderStatus.EXPIRED, Decimal("0.2"))
    assert reports[2].leaves_quantity == 0


def test_bought_for_an_amount_of_money(venue, server):
    reports = venue.submit(request(order_type=OrderType.MARKET, quote_quantity=Decimal(100)))
    assert server.calls("POST", "order")[0]["quoteOrderQty"] == "100"
    assert "quantity" not in server.calls("POST", "order")[0]
    assert reports[1].last_quantity == Decimal("0.002")


@pytest.mark.parametrize(
    ("terms", "sent"),
    [
        ({"post_only": True}, {"type": "LIMIT_MAKER"}),
        ({"time_in_force": TimeInForce.FOK}, {"timeInForce": "FOK"}),
        (
            {"order_type": OrderType.STOP_LIMIT, "stop_price": Decimal(39000), "limit_price": Decimal(38900)},
            {"type": "STOP_LOSS_LIMIT", "stopPrice": "39000", "price": "38900"},
        ),
        (
            {"order_type": OrderType.LIMIT_IF_TOUCHED, "stop_price": Decimal(60000), "limit_price": Decimal(60001)},
            {"type": "TAKE_PROFIT_LIMIT", "stopPrice": "60000"},
        ),
    ],
)
def test_terms(venue, server, terms, sent):
    venue.submit(request(**terms))
    assert sent.items() <= server.calls("POST", "order")[0].items()


@pytest.mark.parametrize(
    ("terms", "reason"),
    [
        ({"quantity": Decimal("0.123456")}, "NOT_EXACT"),
        ({"limit_price": Decimal("40000.001")}, "NOT_EXACT"),
        ({"order_type": OrderType.MARKET, "quote_quantity": Decimal("100.123")}, "NOT_EXACT"),
        ({"quantity": Decimal("0.000001")}, "INVALID_ORDER"),
        ({"symbol": "DOGE/USDT"}, "UNKNOWN_SYMBOL"),
        ({"order_type": OrderType.PEGGED}, "UNSUPPORTED"),
        ({"time_in_force": TimeInForce.DAY}, "UNSUPPORTED"),
        ({"quote_quantity": Decimal(100)}, "UNSUPPORTED"),
        ({"position_id": "p1"}, "UNSUPPORTED"),
    ],
)
def test_what_cannot_be_sent_as_it_was_asked_for_is_not_sent(venue, server, terms, reason):
    with pytest.raises(VenueNotReached) as raised:
        venue.submit(request(**terms))
    assert raised.value.reason == reason
    assert server.calls("POST", "order") == []


def test_an_order_needs_a_name_by_which_it_is_found_again(venue, server):
    with pytest.raises(VenueNotReached):
        venue.submit(request(client_order_id=None, idempotency_key="k"))
    assert server.calls("POST", "order") == []


def test_the_threads_rules_of_arithmetic_stay_as_they_were(venue):
    with localcontext(Context(rounding=ROUND_HALF_EVEN)):
        context = getcontext()
        before = (context.rounding, context.prec, context.traps.copy())
        venue.submit(request())
        assert (context.rounding, context.prec, context.traps) == before


# ---------------------------------------------------------------------------------------------------- three outcomes


@pytest.mark.parametrize("add_fault", ["hang", "close", "500", "503", "504"])
def test_a_lost_answer_is_unknown_and_the_order_is_there(venue, server, add_fault):
    server.add_fault("POST", "order", add_fault)
    with impatient(venue), pytest.raises(VenueOutcomeUnknown):
        venue.submit(request())
    assert len(server.calls("POST", "order")) == 1
    found = venue.find(reference())
    assert found.reports[-1].reported_status is OrderStatus.NEW


def test_a_request_that_never_arrived_is_as_unknown(venue, server):
    server.add_fault("POST", "order", "lost")
    with impatient(venue), pytest.raises(VenueOutcomeUnknown):
        venue.submit(request())
    found = venue.find(reference())
    assert (found.reports, found.complete) == ((), False)


def test_no_connection_means_that_nothing_was_sent(venue, server):
    server.stop()
    with pytest.raises(VenueNotReached):
        venue.submit(request())
    server.start()
    venue.submit(request())
    assert len(server.orders) == 1


def test_without_the_list_of_markets_nothing_is_sent(make_venue, server):
    server.add_fault("GET", "exchangeInfo", "hang", "503")
    venue = make_venue()
    for _ in range(2):
        with impatient(venue), pytest.raises(VenueNotReached) as raised:
            venue.submit(request())
        assert raised.value.reason == "MARKETS_NOT_LOADED"
    venue.submit(request())
    assert len(server.calls("POST", "order")) == 1


@pytest.mark.parametrize("status", ["429", "418", "403"])
def test_too_many_requests_are_turned_away(venue, server, status):
    server.add_fault("POST", "order", status)
    with pytest.raises(VenueRefused):
        venue.submit(request())
    assert server.orders == []


def test_refusals(venue, server):
    with pytest.raises(VenueRefused) as raised:
        venue.submit(request(quantity=Decimal(1000)))
    assert raised.value.reason == "INSUFFICIENT_FUNDS"
    server.time_offset = 60_000
    with pytest.raises(VenueRefused) as raised:
        venue.submit(request())
    assert raised.value.reason == "INVALID_NONCE"


def test_a_repeated_name_refuses_the_message_and_not_the_order(venue):
    venue.submit(request())
    with pytest.raises(VenueRefused) as raised:
        venue.submit(request())
    assert raised.value.reason == DUPLICATE_ORDER


@pytest.mark.parametrize("error", [KeyError("price"), ccxt.BadSymbol("no such market"), ccxt.ArgumentsRequired("x")])
def test_an_answer_that_ccxt_stumbles_over_is_no_refusal(venue, server, error):
    exchange = venue._connection.exchange

    def stumble(*arguments):
        raise error

    exchange.parse_order = stumble
    with pytest.raises(VenueOutcomeUnknown):
        venue.submit(request())
    assert len(server.orders) == 1


@pytest.mark.parametrize("answer", [None, "", [], {}, {"info": {}}])
def test_an_answer_that_says_nothing_is_unknown(venue, answer):
    venue._connection.exchange.create_order = lambda *arguments: answer
    with pytest.raises(VenueOutcomeUnknown):
        venue.submit(request())


def test_a_busy_venue_sends_nothing(venue, server):
    venue._connection._patience = 0.05
    server.add_fault("POST", "order", "hang")
    with impatient(venue), ThreadPoolExecutor() as pool:
        first = pool.submit(venue.submit, request())
        while not server.calls("POST", "order"):
            time.sleep(0.005)
        with pytest.raises(VenueNotReached) as raised:
            venue.submit(request("my-2"))
        assert isinstance(first.exception(), VenueOutcomeUnknown)
    assert raised.value.reason == "BUSY"
    assert len(server.calls("POST", "order")) == 1


def test_threads_take_turns(venue, server):
    venue._connection._patience = 30
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(venue.submit, [request(f"my-{number}") for number in range(24)]))
    assert sorted(reports[0].client_order_id for reports in answers) == sorted(f"my-{n}" for n in range(24))
    assert len(server.orders) == 24


# ---------------------------------------------------------------------------------------------------- changing


def test_a_cancel_keeps_the_orders_own_names(venue, server):
    order = as_order(venue.submit(request()))
    server.execute(NAME, "0.2", "40000")
    (cancelled,) = venue.cancel(change(Action.CANCEL), order)
    assert (cancelled.type, cancelled.client_order_id, cancelled.venue_order_id) == (EventType.CANCELED, NAME, "1001")
    assert (cancelled.cum_quantity, cancelled.leaves_quantity) == (Decimal("0.2"), 0)
    assert server.order(NAME)["status"] == "CANCELED"


def test_a_cancel_by_the_clients_name(venue, server):
    order = as_order(venue.submit(request()), venue_order_id=None)
    assert types(venue.cancel(change(Action.CANCEL), order)) == [EventType.CANCELED]


def test_a_cancel_of_an_order_that_is_over_is_refused(venue):
    order = as_order(venue.submit(request(order_type=OrderType.MARKET)))
    with pytest.raises(VenueRefused) as raised:
        venue.cancel(change(Action.CANCEL), order)
    assert raised.value.reason == "ORDER_NOT_FOUND"


def test_a_cancel_whose_answer_is_lost_is_unknown(venue, server):
    order = as_order(venue.submit(request()))
    server.add_fault("DELETE", "order", "hang")
    with impatient(venue), pytest.raises(VenueOutcomeUnknown):
        venue.cancel(change(Action.CANCEL), order)
    assert venue.find(reference()).reports[-1].reported_status is OrderStatus.CANCELED


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"info": {}}, EventType.PENDING_CANCEL),
        ("ok", EventType.PENDING_CANCEL),
        ({"status": "open", "filled": "0.1"}, EventType.PENDING_CANCEL),
        ({"status": "canceling"}, EventType.PENDING_CANCEL),
        ({"status": "canceled"}, EventType.CANCELED),
        ({"status": "closed", "filled": "0.5", "remaining": "0"}, EventType.ORDER_STATUS),
    ],
)
def test_answers_to_cancels(venue, answer, expected):
    order = as_order(venue.submit(request()))
    venue._connection.exchange.cancel_order = lambda *arguments: answer
    (report,) = venue.cancel(change(Action.CANCEL), order)
    assert (report.type, report.client_order_id, report.venue_order_id) == (expected, NAME, "1001")


def test_a_replacement_by_a_new_order_works_what_is_left(venue, server):
    assert venue.capabilities.replaces is Replacement.NEW_ORDER
    order = as_order(venue.submit(request()))
    server.execute(NAME, "0.2", "40000")
    order.state.cum_quantity = Decimal("0.2")
    reports = venue.replace(change(Action.REPLACE, "my-2", limit_price=Decimal(41000)), order)
    assert types(reports) == [EventType.CANCELED, EventType.NEW]
    assert (reports[0].client_order_id, reports[0].venue_order_id) == (NAME, "1001")
    assert (reports[1].client_order_id, reports[1].venue_order_id) == ("my-2", "1002")
    assert (reports[1].order_quantity, reports[1].limit_price) == (Decimal("0.3"), Decimal(41000))
    assert server.order(NAME)["status"] == "CANCELED"


def test_half_a_replacement_is_unknown(venue, server):
    order = as_order(venue.submit(request()))
    with pytest.raises(VenueOutcomeUnknown):
        venue.replace(change(Action.REPLACE, "my-2", quantity=Decimal(5000)), order)
    assert server.order(NAME)["status"] == "CANCELED"
    assert venue.find(reference("my-2")).reports == ()


def test_amending_answers_replaced_with_the_terms_that_were_asked_for(venue):
    order = as_order(venue.submit(request()))
    venue._connection.exchange.edit_order = lambda order_id, *arguments: {"id": order_id, "info": {"ok": True}}
    (report,) = venue.replace(change(Action.REPLACE, "my-2", limit_price=Decimal(41000)), order)
    assert (report.type, report.client_order_id, report.limit_price) == (EventType.REPLACED, NAME, Decimal(41000))
    assert report.order_quantity is None


# ---------------------------------------------------------------------------------------------------- queries


def test_finding_an_order_with_its_executions(venue, server):
    venue.submit(request())
    server.execute(NAME, "0.2", "40000")
    server.execute(NAME, "0.1", "39999.99")
    found = venue.find(reference())
    assert found.complete
    assert types(found.reports) == [EventType.TRADE, EventType.TRADE, EventType.ORDER_STATUS]
    assert found.reports[-1].occurred_at == found.asked_at
    assert found.reports[-1].cum_quantity == Decimal("0.3")


def test_executions_that_are_listed_late_are_missing_and_it_says_so(venue, server):
    venue.submit(request())
    server.delayed.add(server.execute(NAME, "0.2", "40000")["id"])
    found = venue.find(reference())
    assert (types(found.reports), found.complete) == ([EventType.ORDER_STATUS], False)
    server.delayed.clear()
    assert venue.find(reference()).complete


def test_an_order_is_found_by_the_exchanges_id_where_the_name_is_not_known_there(venue):
    (placed,) = venue.submit(request())
    found = venue.find(reference("other", venue_order_id=placed.venue_order_id))
    assert found.reports[-1].client_order_id == NAME


def test_a_question_that_fails_is_no_answer(venue, server):
    venue.submit(request())
    for add_fault in ("hang", "503", "close", "429"):
        server.add_fault("GET", "order", add_fault)
        with impatient(venue), pytest.raises((VenueOutcomeUnknown, VenueRefused)):
            venue.find(reference())
    server.stop()
    with pytest.raises(VenueNotReached):
        venue.find(reference())


def test_an_order_is_told_even_if_its_executions_are_not(venue, server):
    venue.submit(request(order_type=OrderType.MARKET))
    server.add_fault("GET", "myTrades", "503")
    found = venue.find(reference())
    assert (types(found.reports), found.complete) == ([EventType.ORDER_STATUS], False)


def test_executions_that_cannot_be_read_are_missing_and_it_says_so(venue):
    venue.submit(request(order_type=OrderType.MARKET))
    exchange = venue._connection.exchange
    ask = exchange.fetch_order_trades
    exchange.fetch_order_trades = lambda *arguments: [{**trade, "price": None} for trade in ask(*arguments)]
    found = venue.find(reference())
    assert (types(found.reports), found.complete) == ([EventType.ORDER_STATUS], False)


def test_open_orders_of_all_symbols_and_of_some(venue):
    venue.submit(request("btc"))
    venue.submit(request("eth", symbol="ETH/USDT", limit_price=Decimal(2000)))
    everything = venue.open_orders(VenueScope(account_id="main"))
    assert sorted(report.client_order_id for report in everything.reports) == ["btc", "eth"]
    assert (everything.symbols, everything.complete) == (None, True)
    some = venue.open_orders(VenueScope(account_id="main", symbols=frozenset({"ETH/USDT", "BNB/USDT"})))
    assert [report.client_order_id for report in some.reports] == ["eth"]
    assert some.symbols == {"ETH/USDT", "BNB/USDT"}
    assert all(report.occurred_at == some.asked_at for report in some.reports)


def test_a_restart_of_the_exchange_and_of_ours(venue, make_venue, server):
    venue.submit(request())
    server.stop()
    server.start()
    server.execute(NAME, "0.5", "40000")
    found = make_venue().find(reference())
    assert found.complete
    assert found.reports[-1].reported_status is OrderStatus.FILLED


def test_spot_has_no_positions(venue):
    held = venue.positions(VenueScope(account_id="main", symbols=frozenset({"BTC/USDT"})))
    assert (held.positions, held.symbols) == ((), frozenset())


# ---------------------------------------------------------------------------------------------------- exchange objects


def test_an_exchange_that_reads_floats_is_refused_before_anything_is_sent(server):
    exchange = local_exchange(server.url)
    exchange.number = float
    with pytest.raises(InvalidInput, match="number = str"):
        CcxtVenue(exchange)
    assert server.requests == []
    exchange.load_markets()
    exchange.number = str
    with pytest.raises(InvalidInput, match="number = str"):
        CcxtVenue(exchange)
    exchange.close()


def test_an_asynchronous_exchange_is_refused():
    exchange = ccxt.async_support.binance()
    exchange.number = str
    with pytest.raises(InvalidInput, match="synchronous"):
        CcxtVenue(exchange)


def test_figures_in_json_are_read_digit_by_digit(venue, server):
    """Binance writes figures as text; other exchanges write JSON numbers, which ccxt would read as floats."""
    exchange = venue._connection.exchange
    text = '{"orderId": 9007199254740993, "origQty": 0.10000000000000000555, "executedQty": 1e-7, "symbol": "BTCUSDT"}'
    read = exchange.parse_order(exchange.parse_json(text))
    assert (read["id"], read["amount"]) == ("9007199254740993", "0.10000000000000000555")
    assert Decimal(read["filled"]) == Decimal("0.0000001")


def test_open(server):
    venue = CcxtVenue.open("kraken", api_key=API_KEY, secret=SECRET, timeout=timedelta(seconds=3), name="KRAKEN-1")
    assert (venue.name, repr(venue)) == ("KRAKEN-1", "CcxtVenue('kraken', name='KRAKEN-1')")
    capabilities = venue.capabilities
    assert (capabilities.settled_after, capabilities.history, capabilities.replaces) == (None, timedelta(0), None)
    assert (capabilities.client_order_ids, capabilities.lists_executions) == (False, False)
    with pytest.raises(InvalidInput):
        CcxtVenue.open("no-such-exchange")
    with pytest.raises(InvalidInput, match="sandbox"):
        CcxtVenue.open("kraken", sandbox=True)


def test_capabilities_of_binance(venue):
    capabilities = venue.capabilities
    assert capabilities.cancels and capabilities.finds_by_client_order_id and capabilities.executions_by_order
    assert capabilities.history == timedelta(days=90)
    assert timedelta(seconds=11) < capabilities.settled_after < timedelta(minutes=10)
    venue._connection.exchange.options["recvWindow"] = None
    assert venue.capabilities.settled_after is None


def test_records_are_read_without_ccxt():
    code = "import sys; sys.modules['ccxt'] = None; import sot.adapters.ccxt, sot.entrypoints.demo.real_records"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_ccxt(monkeypatch):
    monkeypatch.setitem(sys.modules, "ccxt", None)
    with pytest.raises(MissingExtra, match=r"sot-orders\[ccxt\]"):
        CcxtVenue.open("binance")


def test_nothing_secret_is_told(venue, server):
    placed = venue.submit(request())
    texts = [repr(venue), repr(venue.capabilities), repr(placed)]
    server.add_fault("POST", "order", "hang")
    server.add_fault("GET", "order", "hang", "close", "503")
    calls = [lambda: venue.submit(request("my-2")), *[lambda: venue.find(reference())] * 3]
    server_is_down = [lambda: venue.find(reference())]
    for call in (*calls, server.stop, *server_is_down):
        try:
            with impatient(venue):
                call()
        except Exception as error:
            texts += [repr(error), str(error), repr(error.__cause__), repr(error.__context__)]
    assert len(texts) == 3 + 4 * 5
    exchange = venue._connection.exchange
    exchange.fetch_open_orders = Mock(side_effect=ccxt.AuthenticationError(f"{API_KEY} of {SECRET} is not valid"))
    with pytest.raises(VenueNotReached) as raised:
        venue.open_orders(VenueScope(account_id="main"))
    texts += [str(raised.value), repr(raised.value)]
    for text in texts:
        assert API_KEY not in text and SECRET not in text and "signature" not in text
