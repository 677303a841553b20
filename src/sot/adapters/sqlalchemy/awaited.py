"""What a store does differently where its driver is awaited: its code runs in a greenlet of an event loop.

`await_only` gives control back to the loop there, so that other tasks run while this one waits.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

from sqlalchemy.util import await_only, greenlet_spawn

from sot.application.support.cancellation import finish


class ExclusiveLock(Protocol):
    """A lock for which units of work wait."""

    def acquire(self, *, timeout: float) -> bool:
        """Wait for some seconds at most; return whether it was acquired."""
        raise NotImplementedError

    def release(self) -> None:
        """Let the next one in."""
        raise NotImplementedError


class AwaitedLock:
    """A lock that lets the other tasks of the event loop run while it is waited for."""

    def __init__(self) -> None:
        self._lock = asyncio.Lock()

    def acquire(self, *, timeout: float) -> bool:
        """Wait for some seconds at most; return whether it was acquired."""
        return await_only(self._acquire(timeout))

    async def _acquire(self, timeout: float) -> bool:
        try:
            async with asyncio.timeout(timeout):
                return await self._lock.acquire()
        except TimeoutError:
            return False

    def release(self) -> None:
        """Let the next one in."""
        self._lock.release()


def run_to_the_end(function: Callable[[], None]) -> None:
    """Run a function that awaits; a task that is cancelled meanwhile stops only after it.

    A COMMIT that is left in the middle takes its connection with it, and nobody would learn what became of it.
    """
    await_only(finish(greenlet_spawn(function)))
