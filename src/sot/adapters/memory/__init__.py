"""Stores in memory.

`MemoryStore` is for unit tests of applications, and the model that databases are compared with. `LogStore` makes the
same state durable in a log of facts that somebody else provides (`sot.ports.log.FactLog`).

What always holds:

1. A unit of work sees committed rows and its own changes, never those of another open unit of work.
2. A commit applies all changes or none; it raises ConcurrentUpdate if a key, a unique value or a row was changed since.
3. Rows are values and are shared; orders change, and are copied for each unit of work.
4. A fact gets its feed position when it is committed.
"""

from sot.adapters.memory.log_store import LogStore, LogUnitOfWork
from sot.adapters.memory.store import MemoryStore, MemoryUnitOfWork

__all__ = ["LogStore", "LogUnitOfWork", "MemoryStore", "MemoryUnitOfWork"]
