"""What must not be left in the middle when a task is cancelled."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def finish(work: Coroutine[Any, Any, T]) -> T:
    """Await something to its end, even if the task is cancelled meanwhile, or the event loop is shut down.

    Raises:
        CancelledError: The task was cancelled meanwhile. The work has ended; its own error is the cause of this one.
    """
    task = asyncio.ensure_future(work)
    _hide_from_shutdown(task)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        raise cancelled from (None if task.cancelled() else task.exception())
    return task.result()


def _hide_from_shutdown(task: asyncio.Future[Any]) -> None:
    """Take a task out of `asyncio.all_tasks`, all of which `asyncio.run` cancels before it ends.

    It cancels the task that awaits this one, too, and waits for it. The work needs a task of its own, since time limits
    cancel the task that they are in. The function is what the page "Extending" of asyncio's documentation offers to
    implementations of tasks; where it is missing, a shutdown cancels the work.
    """
    unregister = getattr(asyncio, "_unregister_task", None)
    if unregister is not None:
        unregister(task)
