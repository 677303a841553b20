"""Opening a store by its URL: the only place that names several adapters."""

from sot.adapters.memory import MemoryStore
from sot.domain.values.errors import InvalidInput
from sot.ports.access import AccessStore

MEMORY = "memory"


def open_store(url: str, create: bool = True) -> AccessStore:
    """The store at `url`: `memory`, a database URL such as `postgresql://host/name`, or a path to an SQLite file.

    With `create`, tables that are missing are made, and the file of an SQLite store, too.

    Raises: StoreUnavailable, SchemaMismatch. MissingExtra: the database needs a driver that is not installed.
    """
    if url == MEMORY:
        return MemoryStore()
    if not url.strip():
        raise InvalidInput("--store", url, "memory, a database URL, or the path of an SQLite file")
    from sot.adapters.sqlalchemy import SqlAlchemyStore

    return SqlAlchemyStore.open(url if "://" in url else f"sqlite:///{url}", create=create)
