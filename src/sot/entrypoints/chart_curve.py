"""Cumulative results over time, with drawdown: what charts draw."""

import math
from collections.abc import Iterable, Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple, Self

import attrs

from sot.domain.accounting.equity import equity_curve
from sot.domain.accounting.results import Contribution
from sot.domain.values.numbers import ZERO, subtract


class Point(NamedTuple):
    """The results up to a time.

    Attributes:
        at: The time.
        net: The sum of the results net of fees, with what was gained without orders and from the currency.
        drawdown: How far that is below its highest value so far, which is at least zero; never positive.
    """

    at: datetime
    net: Decimal
    drawdown: Decimal


@attrs.frozen
class ChartCurve:
    """The results of an account in a currency over time.

    Attributes:
        currency: The unit of all amounts.
        points: What they were after each contribution, in the order of time; at least one.
        unvalued: Currencies without a rate, whose amounts are missing.
    """

    currency: str
    points: Sequence[Point]
    unvalued: Sequence[str] = ()

    @classmethod
    def of(cls, currency: str, sums: Sequence[tuple[datetime, Decimal]], unvalued: Iterable[str] = ()) -> Self:
        """The curve of net sums in the order of time, with the drawdown at each."""
        points, peak = [], ZERO
        for at, net in sums:
            peak = max(peak, net)
            points.append(Point(at, net, subtract(net, peak)))
        return cls(currency, points, sorted(unvalued))

    @property
    def last(self) -> Decimal:
        """The results in the end."""
        return self.points[-1].net

    @property
    def deepest(self) -> Point:
        """The point of the largest drawdown, the first of several."""
        return min(self.points, key=lambda point: point.drawdown)

    def drawdown_text(self, zone: tzinfo) -> str:
        """The largest drawdown and its day, for people."""
        deepest = self.deepest
        if not deepest.drawdown:
            return "no drawdown"
        day = deepest.at.astimezone(zone).date()
        return f"drawdown, at most {amount_text(deepest.drawdown)} {self.currency} on {day}"


def chart_curves(contributions: Iterable[Contribution]) -> Sequence[ChartCurve]:
    """Sum up contributions, which are in the order of time: a curve for each currency, by name."""
    parts = list(contributions)
    sums: dict[str, list[tuple[datetime, Decimal]]] = {}
    unvalued: dict[str, set[str]] = {}
    for part, point in zip(parts, equity_curve(parts), strict=True):
        sums.setdefault(part.currency, []).append((point.at, point.cumulative_net))
        unvalued.setdefault(part.currency, set()).update(
            part.unvalued, part.unvalued_results, part.unvalued_entry_values
        )
    return [ChartCurve.of(currency, sums[currency], unvalued[currency]) for currency in sorted(sums)]


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
