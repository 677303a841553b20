"""A chart of cumulative results as a picture, drawn by matplotlib (extra `chart`)."""

from collections.abc import Sequence
from datetime import UTC, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sot.application.accounting.curves import ResultCurve
from sot.domain.values.errors import InvalidInput, MissingExtra
from sot.entrypoints.chart_curve import amount_text, drawdown_text

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_FORMATS = (".svg", ".png")
_CURVE, _DRAWDOWN, _INK, _LINES = "#1f6f8b", "#b5433a", "#333333", "#cccccc"
"""On white, so that a picture can be read beside dark text and light text alike."""

_TIMES = ["%Y", "%b %Y", "%d %b", "%H:%M", "%H:%M", "%S.%f"]
_FIRST_TIMES = ["", "%Y", "%b %Y", "%d %b", "%H:%M", "%H:%M"]
"""Labels of years, months, days, hours, minutes and seconds, and of the first one within what is longer."""


def check_path(path: Path) -> Path:
    """Check the path of a chart before anything is computed.

    Raises:
        InvalidInput: The format is another one, or the folder does not exist.
        MissingExtra: The extra `chart` is not installed.
    """
    if path.suffix.lower() not in _FORMATS:
        raise InvalidInput("--chart", str(path), "a file name that ends in .svg or .png")
    if not path.parent.is_dir():
        raise InvalidInput("--chart", str(path), "a file in a folder that exists")
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise MissingExtra("chart", "drawing a chart") from None
    return path


def draw(curves: Sequence[ResultCurve], path: Path, title: str, zone: tzinfo = UTC) -> None:
    """Draw curves with their drawdowns into a file, with floats, which are exact enough for a chart.

    Args:
        curves: The curves, one above the other.
        path: The file.
        title: What they show.
        zone: The time zone of the labels.
    """
    from matplotlib.figure import Figure

    count = max(len(curves), 1)
    figure = Figure(figsize=(9, 0.4 + 4.4 * count), layout="constrained", facecolor="white")
    figure.suptitle(title, fontsize=13, fontweight="bold", color=_INK)
    if curves:
        axes = figure.subplots(2 * count, 1, squeeze=False, height_ratios=[3, 1] * count)[:, 0]
        for number, curve in enumerate(curves):
            _draw_curve(axes[2 * number], axes[2 * number + 1], curve, zone)
    else:
        _draw_nothing(figure)
    figure.savefig(path, format=path.suffix.lower()[1:], dpi=120)


def _draw_nothing(figure: "Figure") -> None:
    axes = figure.subplots()
    axes.text(0.5, 0.5, "nothing was traded", ha="center", va="center", color=_INK)
    axes.set_axis_off()


def _draw_curve(upper: Any, lower: Any, curve: ResultCurve, zone: tzinfo) -> None:
    times = [point.at for point in curve.points]
    nets = [float(point.net) for point in curve.points]
    falls = [float(point.drawdown) for point in curve.points]
    upper.step(times, nets, where="post", color=_CURVE, linewidth=1.8)
    upper.plot(times[-1:], nets[-1:], "o", color=_CURVE, markersize=4)
    upper.set_title(f"{amount_text(curve.last)} {curve.currency} net of fees", loc="left", fontsize=11, color=_CURVE)
    upper.set_ylabel(f"cumulative, {curve.currency}")
    if curve.unvalued:
        upper.set_title(
            f"incomplete: no rate for {', '.join(curve.unvalued)}", loc="right", fontsize=9, color=_DRAWDOWN
        )
    lower.fill_between(times, falls, step="post", color=_DRAWDOWN, alpha=0.3, linewidth=0)
    lower.step(times, falls, where="post", color=_DRAWDOWN, linewidth=1)
    lower.set_title(drawdown_text(curve, zone), loc="left", fontsize=9, color=_DRAWDOWN)
    lower.set_ylabel(curve.currency)
    lower.set_xlabel(f"times in {zone}", fontsize=8)
    lower.sharex(upper)
    upper.tick_params(labelbottom=False)
    for axes, bins in ((upper, 6), (lower, 3)):
        _style(axes, zone, bins)


def _style(axes: Any, zone: tzinfo, bins: int) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
    from matplotlib.ticker import MaxNLocator, StrMethodFormatter

    locator = AutoDateLocator(tz=zone, minticks=5, maxticks=9)  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(
        ConciseDateFormatter(locator, zone, formats=_TIMES, zero_formats=_FIRST_TIMES)  # type: ignore[no-untyped-call]
    )
    axes.yaxis.set_major_locator(MaxNLocator(bins, steps=[1, 2, 5, 10]))
    if max(map(abs, axes.get_ylim())) >= 1000:
        axes.yaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
    axes.axhline(0, color=_INK, linewidth=0.8)
    axes.grid(axis="y", color=_LINES, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.spines[["top", "right"]].set_visible(False)
    axes.tick_params(colors=_INK, labelsize=9)
