"""Long work of a command: in several processes, here or on other machines, and with few collections of garbage."""

import gc
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor, Executor, ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from multiprocessing import get_context

from sot.domain.values.errors import InvalidInput, MissingExtra, StoreUnavailable

_THRESHOLDS = (50_000, 10, 10)
"""Long work makes many objects and no circles of them: collecting as often as Python does takes a tenth of its time."""
_SCHEDULER_TIMEOUT = "10s"
_ENDED = "a process that worked on it was ended; run it again"


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


def workers(jobs: int, scheduler: str | None, store_url: str) -> AbstractContextManager[Executor | None]:
    """Let some processes, or a Dask cluster, work on a store; None for one job, which this process does.

    Args:
        jobs: How many processes.
        scheduler: The address of the scheduler of the cluster; None: there is none.
        store_url: The store, for messages.

    Raises:
        InvalidInput: Both are asked for, or no scheduler answers.
        MissingExtra: Dask is not installed.
        StoreUnavailable: A process was ended from outside.
    """
    if scheduler is not None and jobs > 1:
        raise InvalidInput("--jobs", jobs, "either --jobs or --scheduler")
    return _processes(jobs, store_url) if scheduler is None else _dask_workers(scheduler, store_url)


@contextmanager
def _processes(jobs: int, store_url: str) -> Iterator[Executor | None]:
    if jobs == 1:
        yield None
        return
    # Started anew: a copy of this process would share its connections.
    with ProcessPoolExecutor(jobs, get_context("spawn"), _collect_less_often) as executor:
        try:
            yield executor
        except BrokenExecutor as error:
            raise StoreUnavailable(store_url, _ENDED) from error


@contextmanager
def _dask_workers(scheduler: str, store_url: str) -> Iterator[Executor]:
    try:
        from distributed import Client, KilledWorker
    except ImportError as error:
        raise MissingExtra("dask", "--scheduler") from error
    try:
        client = Client(scheduler, timeout=_SCHEDULER_TIMEOUT, set_as_default=False)
    except (OSError, ValueError) as error:
        raise InvalidInput("--scheduler", scheduler, "the address of a Dask scheduler that answers") from error
    with client:
        try:
            yield client.get_executor()
        except (BrokenExecutor, KilledWorker) as error:
            raise StoreUnavailable(store_url, _ENDED) from error
