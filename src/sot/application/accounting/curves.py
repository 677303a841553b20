"""Cumulative results over time, with drawdown: what charts draw."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from itertools import groupby, pairwise
from typing import NamedTuple, Self

import attrs

from sot.domain.accounting.equity import equity_curve
from sot.domain.accounting.results import Contribution, Realized
from sot.domain.values.numbers import ZERO, subtract
from sot.domain.values.times import day_of


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
class ResultCurve:
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
    def moves(self) -> int:
        """How often the results changed."""
        nets = [ZERO, *(point.net for point in self.points)]
        return sum(before != after for before, after in pairwise(nets))

    @property
    def deepest(self) -> Point:
        """The point of the largest drawdown, the first of several."""
        return _deepest(self.points)

    def days(self, zone: tzinfo) -> Iterator[tuple[date, Point]]:
        """Iterate over the days with points: the results at the end of each, and its deepest drawdown."""
        for day, group in groupby(self.points, key=lambda point: day_of(point.at, zone)):
            points = list(group)
            yield day, points[-1]._replace(drawdown=_deepest(points).drawdown)

    def thinned(self, columns: int) -> Sequence[Point]:
        """Return the points that a chart of so many columns shows: the extremes and the last one of each column.

        Args:
            columns: How many parts of equal length the time is divided into.
        """
        if len(self.points) <= columns:
            return self.points
        first, length = self.points[0].at, self.points[-1].at - self.points[0].at

        def column_of(point: Point) -> int:
            return int((point.at - first) / length * columns) if length else 0

        return [shown for _, group in groupby(self.points, key=column_of) for shown in _extremes(list(group))]


def _deepest(points: Sequence[Point]) -> Point:
    return min(points, key=lambda point: point.drawdown)


def _extremes(points: Sequence[Point]) -> Sequence[Point]:
    """The lowest, the highest, the deepest and the last of some points, in their order."""
    nets = [point.net for point in points]
    places = {nets.index(min(nets)), nets.index(max(nets)), points.index(_deepest(points)), len(points) - 1}
    return [points[place] for place in sorted(places)]


def result_curves(contributions: Iterable[Contribution]) -> Sequence[ResultCurve]:
    """Sum up contributions, which are in the order of time: a curve for each currency, by name."""
    parts = list(contributions)
    sums: dict[str, list[tuple[datetime, Decimal]]] = {}
    unvalued: dict[str, set[str]] = {}
    for part, point in zip(parts, equity_curve(parts), strict=True):
        sums.setdefault(part.currency, []).append((point.at, point.cumulative_net))
        unvalued.setdefault(part.currency, set()).update(
            part.unvalued, part.unvalued_results, part.unvalued_entry_values
        )
    return [ResultCurve.of(currency, sums[currency], unvalued[currency]) for currency in sorted(sums)]


def total_results(contributions: Iterable[Contribution]) -> Sequence[Realized]:
    """Sum up contributions: a row for each currency, by name; the same as results that are grouped by nothing."""
    sums: dict[str, Realized] = {}
    for part in contributions:
        sums.setdefault(part.currency, Realized(currency=part.currency)).add(part)
    return [sums[currency] for currency in sorted(sums)]
