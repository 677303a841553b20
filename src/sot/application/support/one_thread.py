"""One thread at a time: a transaction whose commands never mix with what another thread does in it."""

from threading import RLock, get_ident

from sot.domain.values.errors import InvalidInput


class OneThread:
    """Lets one thread at a time use a transaction. Threads may take turns between commands."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._thread: int | None = None

    def begin_command(self) -> None:
        """Keep other threads out until `end_command`. Commands of one thread may be nested.

        Raises:
            InvalidInput: A command of another thread has not ended.
        """
        if not self._lock.acquire(blocking=False):
            raise _in_use()
        self._thread = get_ident()

    def end_command(self) -> None:
        """Let other threads in."""
        self._lock.release()

    def check(self) -> None:
        """Check that no other thread has begun a command since this one did.

        Raises:
            InvalidInput: One has: the changes of both would be mixed.
        """
        if self._thread not in (None, get_ident()):
            raise _in_use()


def _in_use() -> InvalidInput:
    allowed = "one thread at a time; begin a unit of work, or a session, for each"
    return InvalidInput("thread", "another one in the same transaction", allowed)
