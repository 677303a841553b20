"""Waiting for new facts: one look at the feed for everybody who waits."""

import asyncio
import time
from concurrent.futures import Executor as Pool

from sot.domain.values.errors import SotError
from sot.ports.store import Store

_PAUSE_PER_LOOK = 9
"""How many times as long as a look the pause after it lasts at least: looking takes a tenth of a thread at most."""
_PAUSE_AFTER_FAILURE = 0.5


class FeedWatch:
    """Looks at the end of the feed while somebody waits for it; used on one event loop.

    Args:
        store: The store.
        pool: The threads to look in.
        seconds: How often to look. A store where a look takes long is looked at less often, and so is one that fails.
    """

    def __init__(self, store: Store, pool: Pool, seconds: float) -> None:
        self._store = store
        self._pool = pool
        self._seconds = seconds
        self._waiting: dict[asyncio.Future[int], int] = {}
        self._task: asyncio.Task[None] | None = None

    async def wait(self, horizon: int, seconds: float) -> int:
        """Wait until the feed grows beyond a horizon, or for some seconds.

        Returns:
            The new horizon; the same one after the time, or if the store cannot be read.
        """
        waiter: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._waiting[waiter] = horizon
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look())
        try:
            await asyncio.wait([waiter], timeout=seconds)
            return waiter.result() if waiter.done() else horizon
        finally:
            del self._waiting[waiter]

    async def _look(self) -> None:
        loop = asyncio.get_running_loop()
        pause = self._seconds
        while self._waiting:
            await asyncio.sleep(pause)
            if not self._waiting:
                return
            try:
                known = min(self._waiting.values())
                horizon, took = await loop.run_in_executor(self._pool, self._timed_look, known)
            except SotError:
                self._answer_all()
                pause = max(self._seconds, _PAUSE_AFTER_FAILURE)
                continue
            self._answer_beyond(horizon)
            pause = max(self._seconds, took * _PAUSE_PER_LOOK)

    def _timed_look(self, known: int) -> tuple[int, float]:
        """Return the horizon, or the end of the feed if it is not beyond a known horizon; and the seconds it took."""
        started = time.monotonic()
        with self._store.begin(read_only=True) as uow:
            end = uow.feed.last()  # one look-up; a horizon asks for the open transactions, too
        return self._store.horizon() if end > known else end, time.monotonic() - started

    def _answer_beyond(self, horizon: int) -> None:
        for waiter, known in self._waiting.items():
            if known < horizon and not waiter.done():
                waiter.set_result(horizon)

    def _answer_all(self) -> None:
        """Let everybody read for himself, and see the error."""
        for waiter, known in self._waiting.items():
            if not waiter.done():
                waiter.set_result(known)
