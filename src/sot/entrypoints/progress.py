"""Progress of long commands: on the standard error, only in a terminal, and removed in the end."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from sot.application.support.progress import Progress as CountProgress
from sot.entrypoints.terminal import console

_REFRESH_SECONDS = 0.1
"""Between two updates of the display, so that showing progress does not slow the work down."""


@contextmanager
def counting() -> Iterator[CountProgress]:
    """Show a count for each kind of thing that is processed."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed:,}"), TimeElapsedColumn())
    counts: Counter[str] = Counter()
    tasks: dict[str, TaskID] = {}
    shown_at = 0.0

    def report(kind: str, more: int) -> None:
        nonlocal shown_at
        counts[kind] += more
        if time.monotonic() - shown_at < _REFRESH_SECONDS and kind in tasks:
            return
        shown_at = time.monotonic()
        for name, count in counts.items():
            if name not in tasks:
                tasks[name] = progress.add_task(name, total=None)
            progress.update(tasks[name], completed=count)

    with _progress(*columns) as progress:
        yield report


@contextmanager
def measuring(description: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar up to a total, and the time that is left; call the result with what is done so far."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    shown_at = 0.0

    def report(done: int) -> None:
        nonlocal shown_at
        if time.monotonic() - shown_at >= _REFRESH_SECONDS:
            shown_at = time.monotonic()
            progress.update(task, completed=done)

    with _progress(*columns) as progress:
        task = progress.add_task(description, total=total)
        yield report


def _progress(*columns: SpinnerColumn | TextColumn | BarColumn | TimeElapsedColumn | TimeRemainingColumn) -> Progress:
    return Progress(*columns, console=console(stderr=True), transient=True, disable=not sys.stderr.isatty())
