"""The texts of charts: drawdowns, the values at the axes, and amounts."""

from datetime import UTC
from decimal import Decimal

import pytest
from tests.application.accounting.test_curves import curve_of

from sot.entrypoints.chart_curve import amount_text, drawdown_text, tick_labels, ticks


def test_the_largest_drawdown_in_words():
    assert drawdown_text(curve_of([10, 5, -12, 20, -1]), UTC) == "drawdown, at most -12.00 EUR on 2026-01-04"
    assert drawdown_text(curve_of([3]), UTC) == "no drawdown"


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
