"""A chart of cumulative realized results, drawn by matplotlib (extra `chart`)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from sot.domain.accounting.equity import equity_curve
from sot.domain.accounting.results import Contribution
from sot.domain.values.errors import InvalidInput, MissingExtra

_FORMATS = (".svg", ".png")


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


def cumulative(contributions: Iterable[Contribution]) -> dict[str, list[tuple[datetime, Decimal, Decimal]]]:
    """Sum up contributions: for each currency (time, gross, net) in the order of time."""
    series: dict[str, list[tuple[datetime, Decimal, Decimal]]] = {}
    for point in equity_curve(contributions):
        series.setdefault(point.currency, []).append((point.at, point.cumulative_gross, point.cumulative_net))
    return series


def draw(contributions: Sequence[Contribution], path: Path, title: str) -> None:
    """Draw a panel per currency into a file, with floats, which are exact enough for a chart."""
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter
    from matplotlib.figure import Figure

    series = cumulative(contributions)
    figure = Figure(figsize=(9, 1 + 3.2 * max(len(series), 1)), layout="constrained")
    figure.suptitle(title)
    panels = figure.subplots(max(len(series), 1), 1, squeeze=False)[:, 0]
    for panel, (currency, points) in zip(panels, sorted(series.items()), strict=False):
        times = [at for at, _, _ in points]
        gross, net = [float(value) for _, value, _ in points], [float(value) for _, _, value in points]
        panel.axhline(0, color="0.7", linewidth=0.8)
        panel.step(times, gross, where="post", color="0.55", linewidth=1, label="gross")
        panel.step(times, net, where="post", color="#1f6f8b", linewidth=1.8, label="net of fees")
        panel.fill_between(times, net, step="post", color="#1f6f8b", alpha=0.12)
        panel.set_ylabel(currency)
        unvalued = {name for part in contributions if part.currency == currency for name in part.unvalued}
        if unvalued:
            panel.set_title(f"incomplete: fees in {', '.join(sorted(unvalued))} have no rate", fontsize=9, loc="right")
        locator = AutoDateLocator()  # type: ignore[no-untyped-call]
        panel.xaxis.set_major_locator(locator)
        panel.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
        panel.spines[["top", "right"]].set_visible(False)
        panel.legend(frameon=False, loc="upper left")
    if not series:
        panels[0].text(0.5, 0.5, "nothing was traded", ha="center", va="center")
        panels[0].set_axis_off()
    figure.savefig(path, format=path.suffix.lower()[1:], dpi=120)
