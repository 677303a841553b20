"""The records of the demonstration: each becomes the right reports, and nothing is guessed."""

from decimal import Decimal

import pytest

from sot.adapters.ccxt.records import is_amount_money
from sot.domain.values.numbers import plain
from sot.domain.values.vocabulary import EventType, Liquidity, OrderStatus, OrderType, Side, TimeInForce
from sot.entrypoints.demo.real_records import convert_order_record, convert_trade_record, order_of_trade, real_records

RECORDS = real_records()
ORDERS = {record["unified"]["id"]: record for record in RECORDS.orders}
TRADES = {record["unified"].get("id"): record for record in RECORDS.trades}


def order(venue_order_id):
    return convert_order_record(ORDERS[venue_order_id])


def trade(exec_id):
    return convert_trade_record(TRADES[exec_id])


def fees(report):
    return [(plain(fee.amount), fee.currency) for fee in report.fees]


def test_the_file_is_broad_and_says_where_it_comes_from():
    assert len({record["exchange"] for record in (*RECORDS.orders, *RECORDS.trades)}) == 16
    assert "ccxt" in RECORDS.about["what"]
    assert all(record["source"] for record in (*RECORDS.orders, *RECORDS.trades))


@pytest.mark.parametrize("record", [*RECORDS.orders, *RECORDS.trades], ids=lambda record: record["exchange"])
def test_amounts_in_the_file_are_text(record):
    for name in ("price", "amount", "cost", "filled", "remaining", "average"):
        assert isinstance(record["unified"].get(name, ""), str)
    for fee in record["unified"].get("fees", ()):
        assert isinstance(fee.get("cost", ""), str)


@pytest.mark.parametrize("record", [*RECORDS.orders, *RECORDS.trades], ids=lambda record: record["exchange"])
def test_every_record_is_reported_or_says_why_not(record):
    converted = (convert_order_record if record in RECORDS.orders else convert_trade_record)(record)
    assert converted.reports or converted.left_out
    for report in converted.reports:
        assert report.venue == record["exchange"].upper()
        assert report.symbol == record.get("symbol")
        assert report.raw_payload


def test_an_acknowledgement_with_only_an_id():
    (report,) = order("1609920528435648000").reports
    assert (report.type, report.venue_order_id, report.symbol) == (EventType.NEW, "1609920528435648000", "LTC/USDT")
    assert (report.order_quantity, report.side, report.occurred_at) == (None, None, None)


def test_what_stands_in_for_a_client_order_id_names_nothing():
    for venue_order_id in ("OR6EGN-KQSEG-AMI6CL", "62364648575", "123028481731"):
        assert order(venue_order_id).reports[0].client_order_id is None
    assert order("1").reports[0].client_order_id == "myOrder1"


def test_an_amount_in_quote_currency_is_no_quantity():
    placed, acknowledge_from_status = order("1609602210852247040").reports
    assert (placed.order_quantity, acknowledge_from_status.order_quantity) == (None, None)
    assert (acknowledge_from_status.reported_status, plain(acknowledge_from_status.cum_quantity)) == (
        OrderStatus.FILLED,
        "0.001614",
    )
    assert fees(acknowledge_from_status) == [("0.000001614", "BTC")]
    assert [is_amount_money(record["unified"]) for record in RECORDS.orders].count(True) == 1


def test_terms():
    stop_limit = order("OIIQBL-6PV3A-7M2AJJ").reports[0]
    assert (stop_limit.order_type, stop_limit.limit_price, stop_limit.stop_price) == (OrderType.STOP_LIMIT, 54, 55)
    take_profit = order("OXCZ7B-EMVZQ-MTJTQJ").reports[0]
    assert (take_profit.order_type, take_profit.stop_price) == (OrderType.MARKET_IF_TOUCHED, 120)
    assert order("OF7S76-H2IMS-N2ML4U").reports[0].order_type is OrderType.TRAILING_STOP
    assert order("431375349042380800").reports[0].order_type is OrderType.OTHER
    # An average price that the record repeats as the price of a market order is no limit.
    assert order("OGMZCL-KC6MC-ZRBGM6").reports[0].limit_price is None
    # "PO" says post-only, which is no time in force.
    assert order("664082074").reports[0].time_in_force is None
    assert order("9780331417").reports[0].time_in_force is TimeInForce.GTC


def test_a_closed_order_without_executions_only_has_a_status():
    converted = order("3397148653")
    assert [report.type for report in converted.reports] == [EventType.NEW, EventType.ORDER_STATUS]
    acknowledge_from_status = converted.reports[1]
    assert (acknowledge_from_status.cum_quantity, acknowledge_from_status.avg_price) == (
        Decimal("0.1"),
        Decimal("90.8"),
    )
    assert acknowledge_from_status.occurred_at is None
    assert fees(acknowledge_from_status) == []


def test_three_fee_currencies_on_one_execution():
    (report,) = trade("2876130500").reports
    assert fees(report) == [("0.00301420496", "USDT"), ("2.2", "GT"), ("1.1", "GATEPOINT")]


@pytest.mark.parametrize("exec_id", ["698759", "477128891"])
def test_rebates_stay_negative(exec_id):
    (report,) = trade(exec_id).reports
    assert report.fees[0].amount < 0


@pytest.mark.parametrize("exec_id", ["1322441401010528257", "152022944"])
def test_a_takers_cost_whose_sign_was_turned_on_the_way_is_no_rebate(exec_id):
    converted = trade(exec_id)
    assert fees(converted.reports[0]) == []
    assert "sign is in doubt" in converted.left_out[0]


def test_a_trade_without_an_id_a_side_and_a_time():
    (report,) = trade(None).reports
    assert (report.exec_id, report.side, report.occurred_at, report.symbol) == (None, None, None, None)
    assert (plain(report.last_quantity), plain(report.last_price)) == ("0.1", "106.75")


def test_a_trade_of_an_unknown_order_tells_of_its_order():
    (report,) = trade("309520010").reports
    assert (report.side, report.liquidity) == (Side.SELL, Liquidity.TAKER)
    behind = order_of_trade(report)
    assert (behind.type, behind.venue_order_id, behind.symbol) == (EventType.ORDER_STATUS, "3784695242", "LTC/USDT")
    assert behind.last_quantity is None
    assert order_of_trade(trade(None).reports[0]) is None


@pytest.mark.parametrize(
    ("exec_id", "why"),
    [
        ("cdc39e45-bbd3-44ec-bf02-61742dfb16a1", "quotients"),
        ("209895701", "no price or no amount"),
        ("b01671a1-5ddc-5def-b80a-5311522fd4bf", "no price or no amount"),
        ("00000000-0000-0000-0000-000000000000", "no price or no amount"),
    ],
)
def test_trades_that_are_not_forced(exec_id, why):
    converted = trade(exec_id)
    assert list(converted.reports) == []
    assert why in converted.left_out[0]


@pytest.mark.parametrize(
    ("exec_id", "why"), [("36237072", "at most 20 integer and 18 fraction digits"), ("128423918764978", "no currency")]
)
def test_fees_that_are_not_forced(exec_id, why):
    converted = trade(exec_id)
    assert len(converted.reports) == 1
    assert fees(converted.reports[0]) == []
    assert why in converted.left_out[0]
    assert converted.reports[0].raw_payload["fee" if "fee" in converted.reports[0].raw_payload else "commission"]


def test_an_order_whose_instrument_nobody_names_keeps_its_ids():
    for venue_order_id, status in (("731693945", OrderStatus.FILLED), ("468646390", OrderStatus.CANCELED)):
        converted = order(venue_order_id)
        (report,) = converted.reports
        assert (report.reported_status, report.order_quantity, report.cum_quantity) == (status, None, None)
        assert "names no instrument" in converted.left_out[0]
