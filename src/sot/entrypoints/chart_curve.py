"""The texts of charts of cumulative results: drawdowns, ticks and amounts."""

import math
from collections.abc import Sequence
from datetime import tzinfo
from decimal import Decimal
from itertools import pairwise

from sot.application.accounting.curves import ResultCurve
from sot.domain.values.times import day_of


def drawdown_text(curve: ResultCurve, zone: tzinfo) -> str:
    """The largest drawdown of a curve and its day, for people."""
    deepest = curve.deepest
    if not deepest.drawdown:
        return "no drawdown"
    return f"drawdown, at most {amount_text(deepest.drawdown)} {curve.currency} on {day_of(deepest.at, zone)}"


def ticks(low: float, high: float, count: int) -> Sequence[float]:
    """Return about `count` round values (1, 2 or 5 times a power of ten apart) from `low` to `high`."""
    span = (high - low) or 1.0
    rough = span / max(count, 1)
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


def tick_labels(values: Sequence[float]) -> Sequence[str]:
    """The values as text, with as many digits as tell them apart."""
    step = min((abs(b - a) for a, b in pairwise(values)), default=abs(values[0]) or 1.0)
    digits = max(0, -math.floor(math.log10(step) + 1e-9))
    return [f"{value + 0.0:,.{digits}f}" for value in values]


def amount_text(value: Decimal) -> str:
    """An amount for people: with two digits, or with the first four that are not zero."""
    digits = 2 if not value or abs(value) >= 1 else 3 - value.adjusted()
    return f"{value + 0:,.{digits}f}"
