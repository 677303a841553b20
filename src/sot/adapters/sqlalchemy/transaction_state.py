"""What the units of work in one transaction have in common."""

from typing import Any

from sot.adapters.sqlalchemy.place import Place
from sot.application.support.exclusive_use import ExclusiveUse

Values = dict[str, Any]
"""The values of a row, by column."""


class TransactionState:
    """What the units of work in one transaction have in common.

    Attributes:
        lock_timeout: For how many seconds to wait for a lock at most; None if the connection is one of the store, which
            has a limit and the right isolation level already.
        may_write: Whether waits are limited and the isolation level was checked.
        failure: The error of a use case that failed halfway, so that the transaction must not be committed.
        threads: Lets one thread at a time use it.
        last_fact: The entry in the feed of the fact that was written last, and the place of that feed.
    """

    def __init__(self, threads: ExclusiveUse, lock_timeout: float | None = None) -> None:
        self.lock_timeout = lock_timeout
        self.may_write = lock_timeout is None
        self.failure: BaseException | None = None
        self.threads = threads
        self.last_fact: tuple[Values, Place] | None = None

    def fail(self, error: BaseException) -> None:
        """Note that a use case failed halfway."""
        if self.failure is None:
            self.failure = error
