"""Long work of a command: in several processes, and with few collections of garbage."""

import gc
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

from sot.domain.values.errors import StoreUnavailable

_THRESHOLDS = (50_000, 10, 10)
"""Long work makes many objects and no circles of them: collecting as often as Python does takes a tenth of its time."""


@contextmanager
def few_collections() -> Iterator[None]:
    """Collect garbage less often meanwhile."""
    thresholds = gc.get_threshold()
    _collect_less_often()
    try:
        yield
    finally:
        gc.set_threshold(*thresholds)


def _collect_less_often() -> None:
    gc.set_threshold(*_THRESHOLDS)


@contextmanager
def workers(jobs: int, store_url: str) -> Iterator[Executor | None]:
    """Run processes that work on a store; None for one job, which this process does.

    Raises:
        StoreUnavailable: A process was ended from outside.
    """
    if jobs == 1:
        yield None
        return
    # Started anew: a copy of this process would share its connections.
    with ProcessPoolExecutor(jobs, get_context("spawn"), _collect_less_often) as executor:
        try:
            yield executor
        except BrokenExecutor as error:
            raise StoreUnavailable(store_url, "a process that verified it was ended; run it again") from error
