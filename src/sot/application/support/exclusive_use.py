"""Exclusive use of a transaction: the commands of one thread or task never mix with those of another."""

import sys
from threading import Lock, get_ident

from sot.domain.values.errors import InvalidInput


class ExclusiveUse:
    """Lets one thread, and of an event loop one task, use a transaction at a time.

    Threads and tasks may take turns between commands.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._user: object = None
        self._depth = 0

    def begin_command(self) -> None:
        """Keep other threads and tasks out until `end_command`. Commands of one user may be nested.

        Raises:
            InvalidInput: A command of another thread or task has not ended.
        """
        user = _current_user()
        if self._depth and self._user == user:  # nobody else sets it to this user
            self._depth += 1
        elif self._lock.acquire(blocking=False):
            self._user = user
            self._depth = 1
        else:
            raise _in_use(user)

    def end_command(self) -> None:
        """Let others in, if it was the outermost command."""
        self._depth -= 1
        if not self._depth:
            self._lock.release()

    def check(self) -> None:
        """Check that nobody else has begun a command since this thread or task did.

        Raises:
            InvalidInput: Somebody has: the changes of both would be mixed.
        """
        if self._user is not None and self._user != (user := _current_user()):
            raise _in_use(user)


def _current_user() -> object:
    """The task that runs in this thread, or else the thread."""
    asyncio = sys.modules.get("asyncio")  # where nobody has imported it, there are no tasks
    if asyncio is not None:
        try:
            # Unlike `get_running_loop`, it raises nothing where no loop runs, which is a fifth of the time.
            loop = asyncio._get_running_loop()
            task: object = loop and asyncio.current_task(loop)
        except AttributeError:  # it is being imported
            return get_ident()
        if task is not None:
            return task
    return get_ident()


def _in_use(user: object) -> InvalidInput:
    kind = "thread" if isinstance(user, int) else "task"
    allowed = f"one {kind} at a time; begin a unit of work, or a session, for each"
    return InvalidInput(kind, "another one in the same transaction", allowed)
