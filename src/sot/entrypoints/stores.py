"""Opening a store by its URL: the only place that names several store adapters."""

from sot.adapters.memory import MemoryStore
from sot.domain.values.errors import InvalidInput
from sot.ports.access import AccessStore

MEMORY = "memory"


def open_store(url: str, create: bool = True) -> AccessStore:
    """Open the store at a URL.

    Args:
        url: `memory`, a database URL such as `postgresql://host/name`, or the path of an SQLite file.
        create: Create missing tables, and the file of an SQLite store.

    Raises:
        InvalidInput: The URL is empty.
        StoreUnavailable: The store is missing, locked or out of reach.
        SchemaMismatch: The schema was made by another version of `sot`.
        MissingExtra: The driver of the database is not installed.
    """
    if url == MEMORY:
        return MemoryStore()
    if not url.strip():
        raise InvalidInput("--store", url, "memory, a database URL, or the path of an SQLite file")
    from sot.adapters.sqlalchemy import SqlAlchemyStore

    return SqlAlchemyStore.open(url if "://" in url else f"sqlite:///{url}", create=create)
