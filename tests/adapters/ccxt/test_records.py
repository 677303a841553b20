"""Unified records become exact reports, or none: records from practice, and arbitrary ones."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sot import EventType, OrderHistory, OrderStatus, OrderType, TimeInForce
from sot.accounting import PositionSide
from sot.adapters.ccxt import Account, convert_new_order, convert_order_status, convert_trades
from sot.adapters.memory import MemoryStore
from sot.domain.values.vocabulary import Outcome
from sot.venue import Liquidity

ASKED_AT = datetime(2026, 1, 5, 10, tzinfo=UTC)


def account(exchange="binance"):
    return Account(exchange=exchange, venue=exchange.upper(), account_id="main", venue_account="sub-1", id_scope="d1")


def order(**fields):
    plain = {
        "id": "77",
        "clientOrderId": "my-1",
        "symbol": "BTC/USDT",
        "type": "limit",
        "side": "buy",
        "amount": "5",
        "price": "100",
        "filled": "0",
        "remaining": "5",
        "status": "open",
        "timestamp": 1_700_000_000_000,
        "info": {"a": "1"},
    }
    return {**plain, **fields}


def trade(**fields):
    plain = {
        "id": "t1",
        "order": "77",
        "symbol": "BTC/USDT",
        "side": "buy",
        "amount": "2",
        "price": "100",
        "timestamp": 1_700_000_000_000,
        "fees": [],
        "info": {},
    }
    return {**plain, **fields}


def status_report(exchange="binance", **fields):
    (report,) = convert_order_status(order(**fields), account(exchange), ASKED_AT).reports
    return report


def traded(*trades, exchange="binance"):
    return list(convert_trades(trades, account(exchange)).reports)


def test_reports_carry_the_names_of_the_account():
    report = status_report()
    assert (report.account_id, report.venue, report.venue_account, report.id_scope) == (
        "main",
        "BINANCE",
        "sub-1",
        "d1",
    )
    assert (report.client_order_id, report.venue_order_id, report.symbol) == ("my-1", "77", "BTC/USDT")
    assert report.raw_payload == {"a": "1"}
    assert report.occurred_at == ASKED_AT


@pytest.mark.parametrize(
    ("fields", "status", "leaves"),
    [
        ({"status": "open"}, OrderStatus.NEW, 5),
        ({"status": "open", "filled": "2", "remaining": "3"}, OrderStatus.PARTIALLY_FILLED, 3),
        ({"status": "closed", "filled": "5", "remaining": "0"}, OrderStatus.FILLED, 0),
        ({"status": "canceled", "filled": "2", "remaining": "3"}, OrderStatus.CANCELED, 0),
        ({"status": "cancelled"}, OrderStatus.CANCELED, 0),
        ({"status": "closed", "filled": "2", "remaining": "3"}, OrderStatus.CANCELED, 0),
        ({"status": "expired", "filled": "2", "remaining": "3"}, OrderStatus.EXPIRED, 0),
        ({"status": "rejected"}, OrderStatus.REJECTED, 0),
        ({"status": "canceling", "filled": "2", "remaining": "3"}, OrderStatus.PENDING_CANCEL, 3),
        ({"status": "expiring"}, None, 5),
        ({"status": None}, None, 5),
    ],
)
def test_statuses(fields, status, leaves):
    report = status_report(**fields)
    assert (report.reported_status, report.leaves_quantity) == (status, leaves)
    assert report.cum_quantity == Decimal(fields.get("filled", "0"))


def test_a_word_that_is_not_known_is_kept_as_text():
    assert status_report(status="expiring").text == "expiring"
    assert status_report(status="open").text is None


def test_polls_never_repeat_one_another():
    store, later = MemoryStore(), datetime(2026, 1, 5, 11, tzinfo=UTC)
    first, second = (convert_order_status(order(), account(), at).reports[0] for at in (ASKED_AT, later))
    assert first.content_digest != second.content_digest
    outcomes = [
        store.run(lambda uow, r=report: OrderHistory(uow).record(r).outcome) for report in (first, second, first)
    ]
    assert outcomes == [Outcome.FLAGGED, Outcome.FLAGGED, Outcome.REPEATED]


def test_money_is_no_quantity():
    spent = status_report(type="market", amount="50", filled="0.0016", remaining="49.9984", status="closed")
    assert (spent.order_quantity, spent.leaves_quantity, spent.cum_quantity) == (None, None, Decimal("0.0016"))
    assert spent.reported_status is OrderStatus.FILLED
    part = status_report(type="market", amount="50", filled="0.0016", remaining="49.9984", status="canceled")
    assert (part.order_quantity, part.leaves_quantity, part.reported_status) == (None, 0, OrderStatus.CANCELED)
    contracts = status_report(type="market", symbol="BTC/USDT:USDT", filled="2", remaining="3", status="closed")
    assert (contracts.order_quantity, contracts.reported_status) == (5, OrderStatus.CANCELED)


def test_what_ccxt_adds_to_market_orders_is_not_taken():
    report = status_report(type="market", price="101", timeInForce="IOC", filled="5", remaining="0", status="closed")
    assert (report.limit_price, report.time_in_force) == (None, None)
    report = status_report(type="market", timeInForce="IOC", info={"tif": "ioc"})
    assert report.time_in_force is TimeInForce.IOC
    assert status_report(timeInForce="IOC").time_in_force is TimeInForce.IOC
    assert status_report(timeInForce="PO").time_in_force is None


@pytest.mark.parametrize(
    ("fields", "kind", "stop"),
    [
        ({"type": "limit", "stopLossPrice": "90", "triggerPrice": "90"}, OrderType.STOP_LIMIT, 90),
        ({"type": "market", "takeProfitPrice": "110", "triggerPrice": "110"}, OrderType.MARKET_IF_TOUCHED, 110),
        ({"type": "limit", "triggerPrice": "90"}, OrderType.OTHER, 90),
        ({"type": "limit"}, OrderType.LIMIT, None),
        ({"type": None}, None, None),
        ({"type": "iceberg"}, OrderType.OTHER, None),
    ],
)
def test_order_types(fields, kind, stop):
    report = status_report(**fields)
    assert (report.order_type, report.stop_price) == (kind, stop)


@pytest.mark.parametrize(
    ("exchange", "named", "ours"),
    [
        ("kraken", "0", None),
        ("gate", "apiv4", None),
        ("gate", "t-my-1", "my-1"),
        ("bitget", "77", None),  # the exchange's own id again
        ("binance", "t-my-1", "t-my-1"),
        ("binance", None, None),
    ],
)
def test_client_order_ids(exchange, named, ours):
    assert status_report(exchange, clientOrderId=named).client_order_id == ours


def test_a_placed_order_with_executions_inside():
    inside = {"id": "t1", "price": "100", "amount": "2", "order": None, "symbol": None, "side": None, "timestamp": None}
    placed = order(filled="2", remaining="3", trades=[inside])
    new, execution, status = convert_new_order(placed, account(), ASKED_AT).reports
    assert [new.type, execution.type, status.type] == [EventType.NEW, EventType.TRADE, EventType.ORDER_STATUS]
    assert (execution.venue_order_id, execution.symbol, execution.occurred_at) == ("77", "BTC/USDT", None)
    assert new.occurred_at == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)


def test_an_order_that_was_refused_in_the_answer():
    (report,) = convert_new_order(order(status="rejected"), account(), ASKED_AT).reports
    assert (report.type, report.reason) == (EventType.REJECTED, "REJECTED")


def test_one_trade_id_for_two_executions_of_a_position_that_flips():
    one, other = trade(side="sell", amount="1"), trade(side="sell", amount="3")
    legs = {(report.leg, report.last_quantity) for report in traded(one, other)}
    assert legs == {("", 1), ("2", 3)}
    assert traded(other, one) == traded(one, other)
    assert {report.leg for report in traded(one, dict(one))} == {""}
    assert {report.leg for report in traded(one, {**other, "order": "78"}, {**other, "id": "t2"})} == {""}


@given(st.permutations([trade(amount=str(n), side=side) for n in (1, 2, 3) for side in ("buy", "sell")] * 2))
def test_legs_do_not_depend_on_the_order_in_which_trades_are_listed(trades):
    found = {(report.side, report.last_quantity): report.leg for report in traded(*trades)}
    assert sorted(found.values()) == ["", "2", "3", "4", "5", "6"]
    assert found == {(report.side, report.last_quantity): report.leg for report in traded(*reversed(trades))}


@pytest.mark.parametrize("info", [{"execType": "Funding"}, {"exec_type": "Settle"}, {"tradeType": "Funding"}])
def test_funding_is_no_execution(info):
    converted = convert_trades([trade(info=info)], account("bybit"))
    assert list(converted.reports) == []
    assert "no execution" in converted.left_out[0]
    assert traded(trade(info={"execType": "Trade"}), exchange="bybit")


def test_trades_of_both_sides_of_a_hedged_position():
    sides = [{"positionSide": "LONG"}, {"posSide": "short"}, {"positionIdx": 2}, {"positionSide": "BOTH"}, {}]
    found = [traded(trade(info=info))[0].position_side for info in sides]
    assert found == [PositionSide.LONG, PositionSide.SHORT, PositionSide.SHORT, None, None]


def test_a_trade_tells_more_than_its_unified_fields():
    (report,) = traded(
        trade(info={"orderLinkId": "my-1", "create_time_ns": "1700000000000000123"}, takerOrMaker="maker")
    )
    assert (report.client_order_id, report.venue_time_ns) == ("my-1", 1_700_000_000_000_000_123)
    assert report.liquidity is Liquidity.MAKER


def test_fees():
    paid = [
        {"cost": "-0.00018", "currency": "USDT"},
        {"cost": "0.01", "currency": "BNB"},
        {"cost": None, "currency": "X"},
        {"cost": "0.02", "currency": None},
    ]
    converted = convert_trades([trade(fees=paid)], account())
    (report,) = converted.reports
    assert [(fee.amount, fee.currency) for fee in report.fees] == [
        (Decimal("-0.00018"), "USDT"),
        (Decimal("0.01"), "BNB"),
    ]
    assert "no currency" in converted.left_out[0]
    alone = convert_trades([trade(fees=[], fee={"cost": "0.02", "currency": None})], account())
    assert "no currency" in alone.left_out[0]
    assert alone.reports[0].left_out == {"fees": "the fee of 0.02 names no currency"}


@pytest.mark.parametrize(
    "missing",
    [{"price": None}, {"amount": None}, {"amount": "0"}, {"price": 100.5}, {"amount": 0.1}, {"amount": "1e-19"}],
)
def test_executions_that_cannot_be_said_exactly_are_left_out(missing):
    converted = convert_trades([trade(**missing)], account())
    assert (list(converted.reports), len(converted.left_out)) == ([], 1)


def test_figures_of_an_order_that_cannot_be_said_exactly_stay_absent():
    converted = convert_order_status(
        order(average=100.1, amount="1.0000000000000000001", filled="2"), account(), ASKED_AT
    )
    (report,) = converted.reports
    assert (report.avg_price, report.order_quantity, report.cum_quantity) == (None, None, 2)
    assert len(converted.left_out) == 2


def test_a_raw_record_with_floats_is_not_kept_as_if_it_were_exact():
    converted = convert_order_status(order(info={"price": 0.1}), account(), ASKED_AT)
    assert converted.reports[0].raw_payload is None
    assert "float" in converted.left_out[0]


figures = st.one_of(
    st.none(), st.floats(), st.integers(-5, 5), st.text(max_size=3), st.decimals(-9, 9, places=3).map(str)
)
texts = st.one_of(
    st.none(), st.text(max_size=4), st.sampled_from(["open", "closed", "canceled", "buy", "sell", "market"])
)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            **dict.fromkeys(("amount", "price", "filled", "remaining", "average", "triggerPrice"), figures),
            **dict.fromkeys(("id", "clientOrderId", "symbol", "type", "side", "status", "timeInForce", "order"), texts),
            "timestamp": st.one_of(st.none(), st.integers(0, 2**41), st.floats(), st.text(max_size=3)),
            "fees": st.lists(st.fixed_dictionaries({"cost": figures, "currency": texts}), max_size=2),
            "info": st.one_of(
                st.none(), st.dictionaries(st.text(max_size=3), figures, max_size=2), st.text(max_size=3)
            ),
        },
    )
)
def test_whatever_a_record_holds_it_is_converted_or_said_why_not(record):
    for converted in (
        convert_new_order(record, account(), ASKED_AT),
        convert_order_status(record, account(), ASKED_AT),
        convert_trades([record, record], account()),
    ):
        assert converted.reports or converted.left_out
        for report in converted.reports:
            for name in (
                "order_quantity",
                "cum_quantity",
                "leaves_quantity",
                "avg_price",
                "last_quantity",
                "last_price",
            ):
                assert getattr(report, name) is None or type(getattr(report, name)) is Decimal


# ------------------------------------------------------------------------------------------- values that are left out


def left_out_of_status(**fields):
    converted = convert_order_status(order(**fields), account(), ASKED_AT)
    (report,) = converted.reports
    reasons = dict(report.left_out or {})
    assert sorted(converted.left_out) == sorted(
        why if why.startswith(name) else f"{name}: {why}" for name, why in reasons.items()
    )
    return reasons


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"type": None}, {"limit_price": "price is 100, and the record names no type of order"}),
        ({"type": "market", "triggerPrice": None, "price": "99", "filled": "5", "average": "100", "remaining": "0"},
         {"limit_price": "price is 99, and a MARKET order has no limit price"}),
        ({"type": "market", "stopLossPrice": "90", "price": None},
         {"order_quantity": "amount is 5, which may be money",
          "leaves_quantity": "remaining is 5, which may be money"}),
        ({"type": "market", "stopLossPrice": "90", "price": None, "status": "canceled"},
         {"order_quantity": "amount is 5, which may be money"}),
        ({"takeProfitPrice": "110", "stopLossPrice": "90"},
         {"stop_price": "stopLossPrice is 90; the stop price is takeProfitPrice"}),
        ({"timeInForce": "PO"}, {"time_in_force": "timeInForce is PO, which is no time in force of this library"}),
        ({"side": "long"}, {"side": "side is long, not buy or sell"}),
        ({"average": 1.5}, {"avg_price": None}),
        ({"average": "0.012346666666666666667"}, {"avg_price": None}),
    ],
)  # fmt: skip
def test_a_value_that_is_dropped_is_named_with_its_field(fields, expected):
    reasons = left_out_of_status(**fields)
    assert reasons.keys() == expected.keys()
    assert all(why in (None, reasons[name]) for name, why in expected.items())


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"type": "market", "price": "100", "average": "100", "filled": "5", "remaining": "0"},
        {"type": "market", "price": "0", "filled": "5", "remaining": "0"},
        {"type": "market", "price": None, "timeInForce": "IOC", "filled": "5", "remaining": "0"},
        {"takeProfitPrice": "90", "triggerPrice": "90"},
        {"timestamp": None},
    ],
)
def test_what_ccxt_computed_or_repeats_is_not_dropped(fields):
    assert left_out_of_status(**fields) == {}


def test_a_time_that_is_no_whole_number_is_named():
    (new, *_) = convert_new_order(order(timestamp=1.5), account(), ASKED_AT).reports
    assert (new.occurred_at, new.left_out) == (
        None,
        {"occurred_at": "timestamp is 1.5, not a whole number of milliseconds"},
    )
    (execution,) = traded(trade(timestamp="now", takerOrMaker="both"))
    assert [*execution.left_out] == ["liquidity", "occurred_at"]


@pytest.mark.parametrize("timestamp", [1767607205000000, 1767607205000000000, -(10**18), 10**400])
def test_a_time_that_is_out_of_range_is_named(timestamp):
    execution, plain = traded(trade(id="1"), trade(id="2", timestamp=timestamp))
    assert execution.last_quantity == plain.last_quantity
    assert execution.occurred_at is None
    assert "out of the years 1 to 9999" in execution.left_out["occurred_at"]
    (new, *_) = convert_new_order(order(timestamp=timestamp), account(), ASKED_AT).reports
    assert new.occurred_at is None


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"fee": "0.1"}, "the fee '0.1' is no object"),
        ({"fees": {"cost": "0.1", "currency": "USD"}}, None),
        ({"fees": "0.1"}, "the fee '0.1' is no object"),
        ({"fees": ["0.1", 7]}, "the fee '0.1' is no object"),
    ],
)
def test_fees_of_another_form_are_read_or_named(fields, reason):
    (execution,) = traded(trade(**{"fee": None, "fees": None, **fields}))
    if reason is None:
        assert [(fee.amount, fee.currency) for fee in execution.fees] == [(Decimal("0.1"), "USD")]
    else:
        assert execution.fees == ()
        assert reason in execution.left_out["fees"]


@pytest.mark.parametrize(
    ("exchange", "fields", "amount"),
    [
        ("binance", {"info": {"quoteQty": "200.01"}, "cost": "200.01"}, Decimal("200.01")),
        ("kraken", {"info": {"cost": "22.16892001"}}, Decimal("22.16892001")),
        ("bybit", {"info": {"execValue": "200"}}, 200),
        ("okx", {"info": {"quoteQty": "200"}, "cost": "200"}, None),
        ("binance", {"info": {}, "cost": "200"}, None),
        ("binance", {"info": {"quoteQty": "200"}, "symbol": "BTC/USDT:USDT"}, None),
    ],
)
def test_the_money_that_moved_is_that_of_the_exchange_alone(exchange, fields, amount):
    (report,) = traded(trade(**fields), exchange=exchange)
    assert (report.last_amount, report.left_out) == (amount, None)


def test_an_amount_of_money_that_is_not_exact_is_left_out_and_the_execution_counts():
    (report,) = traded(trade(info={"quoteQty": "0.0000000000000000001"}))
    assert (report.last_amount, report.last_quantity, [*report.left_out]) == (None, 2, ["last_amount"])


@pytest.mark.parametrize(
    ("exchange", "info", "number"),
    [
        ("bybit", {"seq": 9517074055}, 9517074055),
        ("bybit", {"seq": "19157444346"}, 19157444346),
        ("deribit", {"trade_seq": 3}, 3),
        ("gate", {"sequence_id": "588018"}, 588018),
        ("bybit", {"seq": "x"}, None),
        ("bybit", {"seq": -1}, None),
        ("bybit", {"seq": "9" * 19}, None),
        ("binance", {"seq": 7}, None),
        ("bybit", {}, None),
    ],
)
def test_the_running_number_of_a_trade(exchange, info, number):
    (report,) = traded(trade(info=info), exchange=exchange)
    assert report.venue_sequence == number


def test_reasons_do_not_make_another_record(store):
    polled = [convert_order_status(order(type=None, price=p), account(), ASKED_AT).reports[0] for p in ("100", "101")]
    assert polled[0].left_out != polled[1].left_out
    assert polled[0].content_digest == polled[1].content_digest
    outcomes = [store.run(lambda uow, r=report: OrderHistory(uow).record(r).outcome) for report in polled]
    assert outcomes == [Outcome.FLAGGED, Outcome.REPEATED]


@pytest.mark.parametrize(
    ("fields", "left_out"),
    [
        ({"timestamp": 1_767_607_205_000_000}, "timestamp is 1767607205000000"),
        ({"timestamp": 1_767_607_205_000_000_000}, "timestamp is 1767607205000000000"),
        ({"fee": "0.1"}, "the fee '0.1' is no object"),
        ({"fees": ["0.1"]}, "the fee '0.1' is no object"),
    ],
    ids=["microseconds", "nanoseconds", "text", "texts"],
)
def test_what_has_another_form_is_left_out_and_its_trade_counts(fields, left_out):
    trade = {"id": "t1", "order": "1", "symbol": "BTC/USDT", "side": "buy", "amount": "1", "price": "100", **fields}
    conversion = convert_trades([trade], account())
    assert len(conversion.reports) == 1
    assert left_out in " ".join(conversion.left_out)


def test_one_fee_as_an_object_is_a_list_of_one():
    trade = {"id": "t1", "order": "1", "symbol": "BTC/USDT", "side": "buy", "amount": "1", "price": "100"}
    conversion = convert_trades([{**trade, "fees": {"cost": "0.1", "currency": "USDT"}}], account())
    assert [fee.amount for report in conversion.reports for fee in report.fees] == [Decimal("0.1")]
