"""Stores in memory.

`MemoryStore` is for unit tests of applications, and the model that databases are compared with: isolation, rollback,
uniqueness and version checks are those of a database; durability is not. `LogStore` makes the same state durable in a
log of facts that somebody else provides (`sot.ports.log.FactLog`).
"""

from sot.adapters.memory.log_store import LogStore, LogUnitOfWork
from sot.adapters.memory.store import MemoryStore, MemoryUnitOfWork

__all__ = ["LogStore", "LogUnitOfWork", "MemoryStore", "MemoryUnitOfWork"]
