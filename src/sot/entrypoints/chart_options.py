"""The options of charts: what is drawn, and where."""

from collections.abc import Sequence
from datetime import tzinfo
from pathlib import Path

import attrs
import typer
from rich.console import Console

from sot.application.accounting.curves import ResultCurve, result_curves
from sot.domain.accounting.results import Contribution
from sot.domain.values.errors import InvalidInput
from sot.entrypoints import chart, terminal_chart
from sot.entrypoints.terminal import console

_WIDTH, _HEIGHT = 80, 20
"""Of a chart that goes to no terminal."""

_WIDEST, _LOWEST, _LINES_FOR_OTHERS = 120, 16, 3


@attrs.frozen
class ChartOptions:
    """What is drawn, and where: in a file, or in the terminal."""

    path: Path | None
    panels: bool

    def curves(self, contributions: Sequence[Contribution]) -> Sequence[ResultCurve]:
        """The curves to draw.

        Raises:
            InvalidInput: There are several, and one chart is asked for.
        """
        curves = result_curves(contributions)
        if len(curves) > 1 and not self.panels:
            listed = ", ".join(curve.currency for curve in curves)
            raise InvalidInput(
                "--chart", listed, "one currency: --in CUR with --rates FILE, or --symbol; or --panels for all of them"
            )
        return curves

    def draw(self, curves: Sequence[ResultCurve], title: str, zone: tzinfo, as_json: bool) -> None:
        """Draw curves, and say where they are."""
        if self.path is not None:
            chart.draw(curves, self.path, title, zone)
            if not as_json:
                typer.echo(f"The chart is in {self.path}.")
            return
        screen = console()
        width, height = _chart_size(screen)
        for curve in curves:
            screen.print()
            screen.print(terminal_chart.draw(curve, title, zone, width, height))


def _chart_size(screen: Console) -> tuple[int, int]:
    """As large as is legible, and no larger than the terminal; a file or a pipe gets that of a small terminal."""
    if not screen.is_terminal:
        return _WIDTH, _HEIGHT
    return min(screen.width, _WIDEST), max(_LOWEST, min(screen.height - _LINES_FOR_OTHERS, _HEIGHT))


def read_chart_options(with_chart: bool, path: Path | None, panels: bool, as_json: bool) -> ChartOptions | None:
    """Return what is to be drawn, checked before anything is computed.

    Raises:
        InvalidInput: Options exclude one another, or the file cannot be written.
        MissingExtra: A file needs the extra `chart`.
    """
    if not with_chart:
        for name, value in (("FILE", path), ("--panels", panels)):
            if value:
                raise InvalidInput(name, str(value), "it with --chart")
        return None
    if path is None and as_json:
        raise InvalidInput("--chart", "--json", "a FILE for the chart: JSON has no room for it")
    return ChartOptions(None if path is None else chart.check_path(path), panels)
