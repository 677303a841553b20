"""Quantities in the dealt currency of FX deals: converted exactly, or left out with the reason."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.fix_messages import message_of

from sot import Instrument, InstrumentKind, OrderHistory, Side
from sot.adapters.fix import FixDecoder

HEAD = "8=FIX.4.4|35=8|34=1|49=BRK|56=C|52=20260119-10:01:00|37=V1|11=c1|17=e1|150=F"
FIGURES = ("side", "last_quantity", "cum_quantity", "leaves_quantity", "order_quantity", "last_amount")


def instrument(kind=InstrumentKind.FX, base="EUR", quote="USD", symbol="EUR/USD"):
    return Instrument(account_id="main", venue="X", symbol=symbol, kind=kind, base=base, quote=quote)


def decoded(fields, registered=None, symbol="EUR/USD"):
    found = (lambda *names: registered) if registered else (lambda *names: None)
    decoder = FixDecoder(account_id="main", venue="X", find_instrument=found)
    return decoder.decode(message_of(f"{HEAD}|55={symbol}|{fields}"))


def figures(report):
    return tuple(
        value if isinstance(value := getattr(report, name), Side) or value is None else str(value) for name in FIGURES
    )


@pytest.mark.parametrize("registered", [None, instrument()])
@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        # one fill is the whole order
        ("54=2|15=USD|38=110000|32=110000|31=1.1|14=110000|151=0|6=1.1", ("BUY", "1E5", "1E5", "0", "1E5", "110000")),
        ("54=1|15=USD|38=110000|32=110000|31=1.1|14=110000|151=0|6=1.1", ("SELL", "1E5", "1E5", "0", "1E5", "110000")),
        # the first of several fills: what is left has no price yet
        ("54=2|15=USD|38=220000|32=110000|31=1.1|14=110000|151=9|6=1.1", ("BUY", "1E5", "1E5", None, None, "110000")),
        # the last of several fills: the executed quantity follows from the average, if that is exact
        ("54=2|15=USD|38=230000|32=120000|31=1.2|14=230000|151=0|6=1.15", ("BUY", "1E5", "2E5", "0", "2E5", "120000")),
        ("54=2|15=USD|38=230000|32=120000|31=1.2|14=230000|151=0|6=1.152", ("BUY", "1E5", None, "0", None, "120000")),
        # without a last price, the first fill was dealt at the average
        ("54=2|15=USD|38=110000|32=110000|14=110000|151=0|6=1.1", ("BUY", "1E5", "1E5", "0", "1E5", "110000")),
        # the venue states the other amount
        ("54=2|15=USD|38=100|32=100|31=1.13|14=100|151=0|1056=88.5", ("BUY", "88.5", "88.5", "0", "88.5", "100")),
    ],
)  # fmt: skip
def test_what_was_dealt_in_the_quote_currency(fields, expected, registered):
    report = decoded(fields, registered)
    assert figures(report) == tuple(
        value if value is None or value in ("BUY", "SELL") else str(Decimal(format(Decimal(value), "f")))
        for value in expected
    )
    assert "last_quantity" not in report.invalid_fields()


@pytest.mark.parametrize(
    "fields",
    [
        "54=2|15=USD|32=110000|31=1.13|14=110000|38=110000|151=0|6=1.13",  # the quotient does not end
        "54=2|15=USD|32=110000|31=0|14=110000|38=110000",
        "54=2|15=USD|32=110000|31=-1.1|14=110000|38=110000",
        "54=2|15=USD|32=110000|31=1.13|1056=x|14=5",
        "54=2|15=USD|32=110000|31=1.13|1056=-5|14=5",
        "54=2|15=JPY|32=110000|31=1.1|14=110000|38=110000|151=0",
    ],
)
def test_what_does_not_follow_exactly_is_invalid_with_the_reason(fields):
    report = decoded(fields, instrument())
    assert "last_quantity" in report.invalid_fields()
    assert report.last_quantity is report.cum_quantity is report.last_amount is None
    assert {"last_quantity", "cum_quantity"} <= report.left_out.keys()
    assert ("USD" in report.left_out["last_quantity"]) or ("JPY" in report.left_out["last_quantity"])


def test_an_average_of_several_fills_is_the_price_of_none():
    report = decoded("54=2|15=USD|32=110000|14=220000|6=1.1", instrument())
    assert (report.last_quantity, report.cum_quantity) == (None, 200000)


def test_a_gross_amount_of_a_deal_in_the_quote_currency_is_no_money_in_it():
    report = decoded("54=2|15=USD|32=110000|31=1.1|381=100000", instrument())
    assert (report.last_amount, report.left_out["last_amount"]) == (110000, "100000 is not in USD")


@pytest.mark.parametrize(
    ("symbol", "currency", "registered"),
    [
        ("EUR/USD", "EUR", instrument()),
        ("EUR/USD", "EUR", None),
        ("ACME", "USD", instrument(InstrumentKind.EQUITY, "ACME", "USD", "ACME")),
        ("ACME", "USD", None),
        ("BTC/USD", "USD", None),
        ("BTC/USD", "USD", instrument(InstrumentKind.SPOT, "BTC", "USD", "BTC/USD")),
        ("EUR/USD", "USD", instrument(InstrumentKind.PERPETUAL)),
        ("EURUSDX", "USD", None),
    ],
)
def test_a_currency_of_prices_says_nothing_about_quantities(symbol, currency, registered):
    report = decoded(f"54=1|15={currency}|38=5|32=5|31=2|14=5|151=0|6=2", registered, symbol)
    assert figures(report) == ("BUY", "5", "5", "0", "5", None)
    assert report.left_out is None


@pytest.mark.parametrize("symbol", ["EUR/USD", "EURUSD", "EUR.USD", "EUR/USD 1M", "XAU/USD"])
def test_the_form_of_a_symbol_tells_a_currency_pair(symbol):
    assert decoded("54=2|15=USD|32=11|31=1.1", symbol=symbol).last_quantity == 10


@pytest.mark.parametrize("kind", ["460=4", "167=FXSPOT", "167=FOR"])
def test_a_message_may_say_that_it_is_about_foreign_exchange(kind):
    assert decoded(f"54=2|15=USD|32=11|31=1.1|{kind}", symbol="QQQ/USD").last_quantity == 10
    assert decoded("54=2|15=USD|32=11|31=1.1|167=CS", symbol="QQQ/USD").last_quantity == 11


amounts = st.decimals(min_value="0.01", max_value=10**9, places=2)
prices = st.decimals(min_value="0.0001", max_value=1000, places=4)


@given(amounts, prices, st.sampled_from(["1", "2"]))
def test_nothing_is_ever_counted_that_is_not_exact(amount, price, side):
    report = decoded(f"54={side}|15=USD|38={amount}|32={amount}|31={price}|14={amount}|151=0|6={price}", instrument())
    assert report.side is (Side.SELL if side == "1" else Side.BUY)
    if report.last_quantity is None:
        assert "last_quantity" in report.left_out
    else:
        assert report.last_quantity * price == amount == report.last_amount
        assert report.last_quantity == report.cum_quantity == report.order_quantity


def test_a_deal_in_the_quote_currency_moves_the_base(store):
    with store.begin() as uow:
        history = OrderHistory(uow)
        history.register(instrument())
        report = decoded("54=2|15=USD|38=110000|32=110000|31=1.1|14=110000|151=0|6=1.1|39=2|60=20260119-10:01:00")
        invalid = decoded("54=2|15=USD|32=5|31=1.1|14=110005|6=1.1|60=20260119-10:02:00").changed(exec_id="e2")
        order_id = history.adopt(report).order_id
        assert history.record(invalid).anomalies == ("INVALID",)
        assert history.order(order_id).status == "FILLED"
        position = history.position("main", "X", "EUR/USD")
        assert (position.quantity, position.avg_entry_price) == (100000, Decimal("1.1"))
        uow.commit()
