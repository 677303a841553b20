"""Run a whole use case that is awaited again after a lost race."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sot.application.support.retry import ATTEMPTS, pauses
from sot.domain.values.errors import ConcurrentUpdate

T = TypeVar("T")


async def retry_async(run: Callable[[], Awaitable[T]], attempts: int = ATTEMPTS) -> T:
    """Await a whole use case, and again, after a pause, each time that it lost a race.

    It is for applications that own the session: `run` makes the session, works, and commits. Everything that it did is
    rolled back, and done again from the start. `AsyncStore.run` does the same for a store's own transactions.

    Args:
        run: The whole use case, with its transaction.
        attempts: How often to run it at most. The pauses between them are those of `sot.retry`.

    Returns:
        What `run` returns.

    Raises:
        ConcurrentUpdate: The last attempt lost its race, too.
        InvalidInput: `attempts` is no number of at least 1.
    """
    for pause in pauses(attempts):
        try:
            return await run()
        except ConcurrentUpdate:
            pass
        await asyncio.sleep(pause)
    return await run()
