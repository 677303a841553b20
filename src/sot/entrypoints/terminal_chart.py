"""A chart of cumulative results as text, with braille dots: two by four in a character."""

from collections.abc import Sequence
from datetime import datetime, tzinfo

import attrs
from rich.text import Text

from sot.application.accounting.curves import ResultCurve
from sot.entrypoints.chart_curve import amount_text, drawdown_text, tick_labels, ticks

_DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bits of a braille character (U+2800) by row and column."""

_DOTS_ACROSS, _DOTS_DOWN = 2, 4
_DRAWDOWN_LINES = 4
_OTHER_LINES = 5
"""The title, the heading of the drawdown, the axis of time, its labels and its zone."""

_SMALLEST = (40, 16)
_SHORT_DAYS = 3


@attrs.frozen
class _Span:
    """What a series does within one column of dots: where it comes from, its extremes, and where it ends."""

    low: float
    high: float
    last: float


def draw(curve: ResultCurve, title: str, zone: tzinfo, width: int = 80, height: int = 20) -> Text:
    """Draw a curve and its drawdown.

    Args:
        curve: The curve.
        title: What it shows.
        zone: The time zone of the labels.
        width: The characters of a line; at least 40 are used.
        height: The lines; at least 16 are used.
    """
    width, height = max(width, _SMALLEST[0]), max(height, _SMALLEST[1])
    times = [point.at.timestamp() for point in curve.points]
    nets = [float(point.net) for point in curve.points]
    falls = [float(point.drawdown) for point in curve.points]
    lines = height - _OTHER_LINES - _DRAWDOWN_LINES
    net_ticks, fall_ticks = _value_ticks(nets, lines // 2), _value_ticks(falls, 3)
    margin = max(len(label) for label in (*tick_labels(net_ticks), *tick_labels(fall_ticks)))
    columns = (width - margin - 2) * _DOTS_ACROSS
    net_panel = _Panel(_spans(times, nets, columns), net_ticks, lines, margin)
    fall_panel = _Panel(_spans(times, falls, columns), fall_ticks, _DRAWDOWN_LINES, margin)
    text = Text(f"{title}, {curve.currency}: {amount_text(curve.last)} net of fees", style="bold", no_wrap=True)
    text.append("\n").append_text(net_panel.line_chart())
    text.append(f"{' ' * margin}  {drawdown_text(curve, zone)}\n", style="not bold red")
    text.append_text(fall_panel.area_chart("red"))
    text.append_text(_time_axis(times[0], times[-1], zone, margin, columns // _DOTS_ACROSS))
    if curve.unvalued:
        text.append(f"\nincomplete: no rate for {', '.join(curve.unvalued)}", style="not bold yellow")
    return text


def _value_ticks(values: Sequence[float], count: int) -> Sequence[float]:
    """Round values that enclose zero and all values."""
    low, high = min(0.0, *values), max(0.0, *values)
    inner = ticks(low, high, count)
    step = inner[1] - inner[0] if len(inner) > 1 else (high - low) or 1.0
    first = inner[0] - step if inner[0] > low else inner[0]
    last = inner[-1] + step if inner[-1] < high else inner[-1]
    return [first + step * number for number in range(round((last - first) / step) + 1)]


def _spans(times: Sequence[float], values: Sequence[float], columns: int) -> Sequence[_Span]:
    """Put a series of steps into columns, with the extremes within each."""
    start, length = times[0], (times[-1] - times[0]) or 1.0
    spans, place, current = [], 0, 0.0
    for column in range(columns):
        ends = start + length * (column + 1) / columns
        within = [current]
        while place < len(times) and (times[place] < ends or column == columns - 1):
            current = values[place]
            within.append(current)
            place += 1
        spans.append(_Span(min(within), max(within), current))
    return spans


@attrs.frozen
class _Panel:
    """A series with the labels of its values beside it."""

    spans: Sequence[_Span]
    ticks: Sequence[float]
    lines: int
    margin: int

    def line_chart(self) -> Text:
        """The series as a line."""
        return self._text([(self._row(span.high), self._row(span.low)) for span in self.spans], "")

    def area_chart(self, style: str) -> Text:
        """The area between zero and the series."""
        zero = self._row(0.0)
        return self._text([(zero, self._row(span.low)) for span in self.spans], style)

    def _row(self, value: float) -> int:
        """The row of dots of a value; 0 is the top."""
        low, high = self.ticks[0], self.ticks[-1]
        return round((high - value) / ((high - low) or 1.0) * (self.lines * _DOTS_DOWN - 1))

    def _text(self, rows_of_columns: Sequence[tuple[int, int]], style: str) -> Text:
        cells = [[0] * (len(self.spans) // _DOTS_ACROSS) for _ in range(self.lines)]
        for column, (top, bottom) in enumerate(rows_of_columns):
            for row in range(top, bottom + 1):
                cells[row // _DOTS_DOWN][column // _DOTS_ACROSS] |= _DOTS[row % _DOTS_DOWN][column % _DOTS_ACROSS]
        labels = self._labels()
        zero = self._row(0.0) // _DOTS_DOWN
        text = Text(style="not bold")
        for line, cells_of_line in enumerate(cells):
            label = labels.get(line, "")
            text.append(f"{label:>{self.margin}} {'┤' if label else '│'}", style="dim")
            empty = "┈" if line == zero else " "
            for cell in cells_of_line:
                text.append(chr(0x2800 + cell) if cell else empty, style=style if cell else "dim")
            text.append("\n")
        return text

    def _labels(self) -> dict[int, str]:
        """The labels by line; of two on one line the first."""
        labels: dict[int, str] = {}
        values = sorted(self.ticks, key=abs)
        texts = dict(zip(self.ticks, tick_labels(self.ticks), strict=True))
        for value in values:
            labels.setdefault(self._row(value) // _DOTS_DOWN, texts[value])
        return labels


def _time_axis(start: float, end: float, zone: tzinfo, margin: int, width: int) -> Text:
    """The axis of time with as many labels as there is room for."""
    days = (end - start) / 86400
    form = "%Y-%m-%d" if days > _SHORT_DAYS else "%m-%d %H:%M"
    size = len(datetime.fromtimestamp(start, zone).strftime(form))
    count = min(6, width // (size + 6)) if end > start else 1
    axis, labels, shown = ["─"] * width, [" "] * width, set[str]()
    for number in range(count):
        place = round(number * (width - 1) / max(count - 1, 1))
        moment = start + (end - start) * place / (width - 1)
        label = datetime.fromtimestamp(moment, zone).strftime(form)
        if label in shown:
            continue
        shown.add(label)
        left = min(max(0, place - size // 2), width - size)
        axis[place] = "┬"
        labels[left : left + size] = label
    lines = (f"{' ' * margin} └{''.join(axis)}", f"{' ' * margin}  {''.join(labels).rstrip()}")
    return Text("\n".join((*lines, f"{' ' * margin}  times in {zone}")), style="not bold dim")
