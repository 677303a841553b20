"""Figures of a benchmark: measured in turns, printed as a table, written as JSON with the machine and the versions."""

import gc
import json
import platform
import statistics
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import attrs
from rich.console import Console
from rich.table import Table

PACKAGES = ("sot-orders", "attrs", "sqlalchemy", "psycopg", "nautilus_trader", "eventsourcing", "freqtrade")


@attrs.frozen(kw_only=True)
class Figure:
    """One row of a table.

    Attributes:
        name: What was measured.
        unit: Its unit, such as orders/s.
        values: The value of each round, in the order of the rounds.
        beside: The name of the figure that it is compared with, if any.
        goal: The least ratio to that one that is wanted, if there is such a goal.
    """

    name: str
    unit: str
    values: Sequence[float]
    beside: str | None = None
    goal: float | None = None

    @property
    def median(self) -> float:
        """The value in the middle."""
        return statistics.median(self.values)


def in_turns(measures: Mapping[str, Callable[[], float]], rounds: int) -> Mapping[str, list[float]]:
    """Measure everything once, then everything again, so that a disturbance does not hit one of them alone."""
    values: dict[str, list[float]] = {name: [] for name in measures}
    for number in range(rounds):
        for name, measure in measures.items():
            print(f"round {number + 1} of {rounds}: {name}", file=sys.stderr)
            gc.collect()
            values[name].append(measure())
    return values


def ratio(figure: Figure, figures: Iterable[Figure]) -> float | None:
    """Return the ratio of the medians of a figure and the one beside it; None if it stands alone."""
    beside = next((other for other in figures if other.name == figure.beside), None)
    return None if beside is None else figure.median / beside.median


def print_figures(title: str, figures: Sequence[Figure]) -> None:
    """Print a table: the median and the spread of each figure, and its ratio to the one beside it."""
    table = Table(title, "median", "lowest", "highest", "unit", "ratio", "to", "goal", box=None)
    for figure in figures:
        share = ratio(figure, figures)
        values = (figure.median, min(figure.values), max(figure.values))
        goal = "" if figure.goal is None else f"{figure.goal}"
        table.add_row(
            figure.name, *(f"{value:,.1f}" if value < 100 else f"{value:,.0f}" for value in values), figure.unit,
            "" if share is None else f"{share:.2f}", figure.beside or "", goal,
        )  # fmt: skip
    Console(width=None if sys.stdout.isatty() else 140).print(table)


def write_figures(path: Path, title: str, figures: Sequence[Figure]) -> None:
    """Write figures as JSON: every value of every round, the versions of packages, and the machine."""
    _write(path, title, {"figures": [{**attrs.asdict(figure), "ratio": ratio(figure, figures)} for figure in figures]})


def show_tables(path: Path, title: str, tables: Iterable[Table]) -> None:
    """Print tables as they come, and write their cells as JSON, with the versions of packages and the machine."""
    shown = []
    for table in tables:
        Console().print(table)
        columns = [str(column.header) for column in table.columns]
        rows = zip(*(column.cells for column in table.columns), strict=True)
        shown.append({"columns": columns, "rows": [list(map(str, row)) for row in rows]})
    _write(path, title, {"tables": shown})


def _write(path: Path, title: str, content: Mapping[str, Any]) -> None:
    document = {
        "title": title,
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "python": platform.python_version(),
            "system": platform.platform(),
            "processor": _processor(),
        },
        "versions": {name: found for name in PACKAGES if (found := _version(name))},
        **content,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2) + "\n", "utf-8")


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return f"{len(names)} x {names[0]}" if names else platform.processor()
