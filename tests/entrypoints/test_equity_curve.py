"""Cumulative results, their drawdown, and the values at their axes."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sot.entrypoints.equity_curve import amount_text, equity_curves, tick_labels, ticks

START = datetime(2026, 1, 2, 22, tzinfo=UTC)


def part(hours, gross, currency="EUR", **fields):
    """What a chart reads of a contribution."""
    values = {
        "at": START + timedelta(hours=hours),
        "currency": currency,
        "realized_gross": Decimal(gross),
        "currency_gain": Decimal(0),
        "closed_fees": Decimal(0),
        "account_results": Decimal(0),
        "unvalued": {},
        "unvalued_results": {},
        "unvalued_entry_values": {},
    }
    return SimpleNamespace(**{**values, **fields})


def test_net_and_drawdown_by_hand():
    (curve,) = equity_curves([part(0, 10), part(1, 5), part(2, -12), part(3, 20), part(4, -1)])
    assert [(int(point.net), int(point.drawdown)) for point in curve.points] == [
        (10, 0), (15, 0), (3, -12), (23, 0), (22, -1),
    ]  # fmt: skip
    assert (curve.last, curve.deepest.drawdown) == (22, -12)
    assert curve.drawdown_text(UTC) == "drawdown, at most -12.00 EUR on 2026-01-03"


def test_a_loss_in_the_beginning_is_a_drawdown_from_zero():
    (curve,) = equity_curves([part(0, -3)])
    assert curve.points[0].drawdown == -3


def test_net_has_fees_results_without_orders_and_the_currency():
    fields = {"currency_gain": Decimal(-2), "closed_fees": Decimal("0.5"), "account_results": Decimal(1)}
    (curve,) = equity_curves([part(0, 10, **fields)])
    assert curve.last == Decimal("8.5")


def test_contributions_of_several_positions_come_in_the_order_of_time():
    (curve,) = equity_curves([part(5, 1), part(1, 2), part(3, 4)])
    assert [point.net for point in curve.points] == [2, 6, 7]


def test_currencies_are_never_added():
    curves = equity_curves([part(0, 1, "USDT"), part(1, 2, "BTC", unvalued={"BNB": Decimal(1)})])
    assert [(curve.currency, curve.last, curve.unvalued) for curve in curves] == [("BTC", 2, ["BNB"]), ("USDT", 1, [])]


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=30))
def test_a_drawdown_is_the_distance_to_the_highest_value(gross):
    (curve,) = equity_curves([part(hours, value) for hours, value in enumerate(gross)])
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
