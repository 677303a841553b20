"""Waiting for new facts: one look at the feed for everybody who waits."""

import asyncio
from concurrent.futures import Executor as Pool

from sot.domain.values.errors import SotError
from sot.ports.store import Store


class FeedWatch:
    """Looks at the end of the feed while somebody waits for it; used on one event loop.

    Args:
        store: The store.
        pool: The threads to look in.
        seconds: How often to look.
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
        while self._waiting:
            await asyncio.sleep(self._seconds)
            try:
                horizon: int | None = await loop.run_in_executor(self._pool, self._store.horizon)
            except SotError:
                horizon = None
            for waiter, known in self._waiting.items():
                if waiter.done():
                    continue
                if horizon is None:
                    waiter.set_result(known)  # whoever waits reads for itself, and sees the error
                elif known < horizon:
                    waiter.set_result(horizon)
