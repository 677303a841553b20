"""Curves of results: what a chart draws, and the same as a table."""

import json
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from functools import cached_property

import attrs

from sot.adapters.http.page.models.values import Amount, amount, places
from sot.application.accounting.curves import Point, ResultCurve
from sot.domain.values.times import day_of

_COLUMNS = 400
"""How many parts of its width a chart tells apart."""
_MOST_DAYS = 366


@attrs.frozen(kw_only=True)
class CurveDay:
    """The results at the end of a day, and the deepest drawdown of the day."""

    day: str
    net: Amount | None
    drawdown: Amount | None


@attrs.frozen(kw_only=True)
class Curve:
    """The results in a currency over time.

    Attributes:
        last: The results in the end.
        deepest: The largest drawdown; None if there was none.
        deepest_day: The day of the largest drawdown.
        unvalued: Currencies without a rate, whose amounts are missing; empty if there are none.
        chart: What the chart draws, as JSON; empty where the results never changed. Numbers are floats, which are exact
            enough for a chart.
        days: The days with results, the last one first.
        has_more_days: Whether there are days before those.
    """

    currency: str
    last: Amount | None
    deepest: Amount | None
    deepest_day: str
    unvalued: str
    chart: str
    days: Sequence[CurveDay]
    has_more_days: bool

    @cached_property
    def places(self) -> dict[str, int]:
        """The width of the fractions of each column."""
        return {name: places(getattr(day, name) for day in self.days) for name in ("net", "drawdown")}


def curves_of(curves: Iterable[ResultCurve], zone: tzinfo) -> Sequence[Curve]:
    """Return curves, those that changed most often first."""
    return [curve_of(curve, zone) for curve in sorted(curves, key=lambda curve: (-curve.moves, curve.currency))]


def curve_of(curve: ResultCurve, zone: tzinfo) -> Curve:
    """Return a curve, with days of a zone."""
    days = list(curve.days(zone))
    deepest = curve.deepest
    return Curve(
        currency=curve.currency,
        last=amount(curve.last),
        deepest=amount(deepest.drawdown or None),
        deepest_day=str(day_of(deepest.at, zone)),
        unvalued=", ".join(curve.unvalued),
        chart=_chart(curve.thinned(_COLUMNS), curve.currency, zone) if curve.moves else "",
        days=[
            CurveDay(day=str(day), net=amount(point.net), drawdown=amount(point.drawdown))
            for day, point in days[-_MOST_DAYS:][::-1]
        ],
        has_more_days=len(days) > _MOST_DAYS,
    )


def _chart(points: Sequence[Point], currency: str, zone: tzinfo) -> str:
    data = {
        "currency": currency,
        "zone": str(zone),
        "at": [point.at.timestamp() for point in points],
        "net": [float(point.net) for point in points],
        "drawdown": [float(point.drawdown) for point in points],
    }
    return json.dumps(data, separators=(",", ":"))
