"""Cumulative results, their drawdown, and the values at their axes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.command_line import INSTRUMENT, SYMBOL, VENUE, account_event, named, request, trade

from sot.adapters.memory import MemoryStore
from sot.application.history import OrderHistory
from sot.entrypoints.chart_curve import ChartCurve, amount_text, chart_curves, tick_labels, ticks
from sot.entrypoints.json_lines import apply_line

START = datetime(2026, 1, 2, 22, tzinfo=UTC)


def curve_of(gains, hours=20, unvalued=()):
    """A curve in euros that gains so much at each step."""
    sums = accumulate(map(Decimal, gains))
    times = (START + timedelta(hours=hours) * place for place in range(len(gains)))
    return ChartCurve.of("EUR", list(zip(times, sums, strict=True)), unvalued)


def test_net_and_drawdown_by_hand():
    curve = curve_of([10, 5, -12, 20, -1])
    assert [(int(point.net), int(point.drawdown)) for point in curve.points] == [
        (10, 0), (15, 0), (3, -12), (23, 0), (22, -1),
    ]  # fmt: skip
    assert (curve.last, curve.deepest.drawdown) == (22, -12)
    assert curve.drawdown_text(UTC) == "drawdown, at most -12.00 EUR on 2026-01-04"


def test_a_loss_in_the_beginning_is_a_drawdown_from_zero():
    assert curve_of([-3]).points[0].drawdown == -3
    assert curve_of([3]).drawdown_text(UTC) == "no drawdown"


def traded():
    """A purchase and two sales at BINANCE, a fee in BNB, interest, and a sale in another currency."""
    euro = {"venue": VENUE, "symbol": "BTC/EUR"}
    fee = {"fees": [{"amount": "0.1", "currency": "BNB"}]}
    instrument = {**INSTRUMENT["instrument"], "symbol": "BTC/EUR", "quote": "EUR"}
    lines = [
        INSTRUMENT,
        {"instrument": instrument},
        account_event("INTEREST", amount="-1", currency="USDT", symbol=SYMBOL),
    ]
    for name, side, price, fields in (
        ("a", "BUY", "100", {}), ("b", "SELL", "110", fee), ("c", "BUY", "50", euro), ("d", "SELL", "40", euro),
    ):  # fmt: skip
        order = request(
            name, side=side, quantity="1", limit_price=None, order_type="MARKET", **(euro if fields is euro else {})
        )
        time = {"occurred_at": f"2026-03-0{ord(name) - ord('a') + 2}T10:00:00Z"}
        lines += [order, named("sent", name), trade(name, name, "1", price, **time, **fields)]
    store = MemoryStore()
    with store.begin() as uow:
        for line in lines:
            ((key, fields),) = line.items()
            apply_line(uow, key, fields)
        uow.commit()
    return store


def test_currencies_are_never_added_and_the_end_is_the_result():
    with traded().begin(read_only=True) as uow:
        history = OrderHistory(uow)
        euros, dollars = chart_curves(history.contributions("main"))
        results = {row.currency: row.realized_net for row in history.realized("main")}
    assert (euros.currency, euros.last, euros.unvalued) == ("EUR", -10, [])
    assert (dollars.currency, dollars.last, dollars.unvalued) == ("USDT", 9, ["BNB"])
    assert results == {"EUR": euros.last, "USDT": dollars.last}
    assert [point.at for point in dollars.points] == sorted(point.at for point in dollars.points)


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=30))
def test_a_drawdown_is_the_distance_to_the_highest_value(gross):
    curve = curve_of(gross)
    nets = [point.net for point in curve.points]
    assert [point.drawdown for point in curve.points] == [
        net - max(0, *nets[: place + 1]) for place, net in enumerate(nets)
    ]


@pytest.mark.parametrize(
    ("low", "high", "count", "labels"),
    [
        (-700, 3600, 5, ["0", "1,000", "2,000", "3,000"]),
        (0, 1, 4, ["0.0", "0.5", "1.0"]),
        (-0.3, 0, 3, ["-0.3", "-0.2", "-0.1", "0.0"]),
        (0, 0.00012, 3, ["0.00000", "0.00005", "0.00010"]),
        (0, 0, 3, ["0"]),
    ],
)
def test_ticks_are_round(low, high, count, labels):
    assert list(tick_labels(ticks(low, high, count))) == labels


@pytest.mark.parametrize(
    ("value", "text"),
    [("0", "0.00"), ("-1234.567", "-1,234.57"), ("0.001234567", "0.001235"), ("-0.5", "-0.5000"), ("1", "1.00")],
)
def test_amounts_for_people(value, text):
    assert amount_text(Decimal(value)) == text
