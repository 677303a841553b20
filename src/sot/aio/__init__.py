"""Asyncio over the one implementation: stores, execution and venues that are awaited.

Nothing of the history is written twice. A use case is the same function as everywhere else; it runs in a greenlet, as
in SQLAlchemy's `run_sync`, which gives control back to the event loop while the driver waits. Enter by `AsyncStore`, or
by `joined` where the application owns the session. It comes with the extra `asyncio` (`asyncpg` for that driver).

What always holds:

1. A task that is cancelled leaves all of a transaction or none. A statement is given up; a COMMIT is left to finish.
2. A transaction is for one task at a time; another one gets InvalidInput.
3. A venue is awaited outside of any transaction. What a cancelled execution has sent is recorded as unknown, and what
   it has not sent as FAILED.
"""

from sot.aio.executor import AsyncExecutor
from sot.aio.retry import retry_async
from sot.aio.store import AsyncStore, joined
from sot.aio.unit_of_work import AsyncUnitOfWork
from sot.aio.venue import AsyncVenue, threaded

__all__ = [
    "AsyncExecutor",
    "AsyncStore",
    "AsyncUnitOfWork",
    "AsyncVenue",
    "joined",
    "retry_async",
    "threaded",
]
