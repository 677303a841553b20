"""A store in memory: for unit tests of applications, and as the model that databases are compared with."""

from sot.adapters.memory.store import MemoryStore, MemoryUnitOfWork

__all__ = ["MemoryStore", "MemoryUnitOfWork"]
