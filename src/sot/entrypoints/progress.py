"""Progress of what takes long: on stderr, only where somebody looks, and gone in the end."""

import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from sot.entrypoints.terminal import console

_PAUSE = 0.1
"""Seconds between two pictures: the work is not to wait for its progress."""


@contextmanager
def counting() -> Iterator[Callable[[str, int], None]]:
    """Told what is looked at and how many more of it were, shows a count of each."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TextColumn("{task.completed:,}"), TimeElapsedColumn())
    counts: Counter[str] = Counter()
    tasks: dict[str, TaskID] = {}
    shown_at = 0.0

    def tell(what: str, more: int) -> None:
        nonlocal shown_at
        counts[what] += more
        if time.monotonic() - shown_at < _PAUSE and what in tasks:
            return
        shown_at = time.monotonic()
        for name, count in counts.items():
            if name not in tasks:
                tasks[name] = progress.add_task(name, total=None)
            progress.update(tasks[name], completed=count)

    with _progress(*columns) as progress:
        yield tell


@contextmanager
def measuring(what: str, total: int) -> Iterator[Callable[[int], None]]:
    """Told how far it came of a total, shows a bar and how long it will take."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    shown_at = 0.0

    def reach(done: int) -> None:
        nonlocal shown_at
        if time.monotonic() - shown_at >= _PAUSE:
            shown_at = time.monotonic()
            progress.update(task, completed=done)

    with _progress(*columns) as progress:
        task = progress.add_task(what, total=total)
        yield reach


def _progress(*columns: SpinnerColumn | TextColumn | BarColumn | TimeElapsedColumn | TimeRemainingColumn) -> Progress:
    return Progress(*columns, console=console(stderr=True), transient=True, disable=not sys.stderr.isatty())
