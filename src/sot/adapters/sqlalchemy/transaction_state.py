"""What the units of work in one transaction have in common."""

from threading import get_ident
from typing import Any

from sot.domain.values.errors import InvalidInput

Values = dict[str, Any]
"""The values of a row, by column."""


class TransactionState:
    """What the units of work in one transaction have in common.

    Attributes:
        lock_timeout: For how many seconds to wait for a lock at most; None if the connection is one of the store, which
            has a limit and the right isolation level already.
        may_write: Whether waits are limited and the isolation level was checked.
        failure: The error of a use case that failed halfway, so that the transaction must not be committed.
        thread: The thread whose command or query began last; None if none did.
        last_fact: The entry in the feed of the fact that was written last.
    """

    def __init__(self, lock_timeout: float | None = None) -> None:
        self.lock_timeout = lock_timeout
        self.may_write = lock_timeout is None
        self.failure: BaseException | None = None
        self.thread: int | None = None
        self.last_fact: Values | None = None

    def fail(self, error: BaseException) -> None:
        """Note that a use case failed halfway."""
        if self.failure is None:
            self.failure = error

    def begin_use(self) -> None:
        """Note that a command or query of this thread begins."""
        self.thread = get_ident()

    def check_thread(self) -> None:
        """Check that no other thread has begun a command or query since this one did.

        Raises:
            InvalidInput: One has: the changes of both would be mixed.
        """
        if self.thread not in (None, get_ident()):
            allowed = "one thread at a time; begin a unit of work, or a session, for each"
            raise InvalidInput("thread", "another one in the same transaction", allowed)
