"""Opening a store by its URL: the only place that names several store adapters."""

from collections.abc import Sequence

from sot.adapters.memory import MemoryStore
from sot.domain.values.errors import InvalidInput
from sot.ports.access import AccessStore
from sot.ports.store import Store, UnitOfWork

MEMORY = "memory"

_LISTED_ACCOUNTS = 20


def open_store(url: str, create: bool = True, account_id: str | None = None) -> AccessStore:
    """Open the store at a URL.

    Args:
        url: `memory`, a database URL such as `postgresql://host/name`, or the path of an SQLite file.
        create: Create missing tables, and the file of an SQLite store.
        account_id: An account that the store must know; None for any.

    Raises:
        InvalidInput: The URL is empty, or no fact names the account.
        StoreUnavailable: The store is missing, locked or out of reach.
        SchemaMismatch: The schema was made by another version of `sot`.
        MissingExtra: The driver of the database is not installed.
    """
    store = _open(url, create)
    try:
        if account_id is not None:
            store.run(lambda uow: _check_account(uow, account_id), read_only=True)
    except BaseException:
        store.close()
        raise
    return store


def account_or_only(store: Store, account_id: str | None) -> str:
    """Return an account, or the only one of the store if none is given.

    Raises:
        InvalidInput: None is given, and the store has several accounts, or none yet.
    """
    if account_id is not None:
        return account_id
    known = store.run(lambda uow: uow.audit.known_accounts(), read_only=True)
    if len(known) != 1:
        raise InvalidInput("--account", None, f"an account of this store: {_listed(known)}")
    return known[0]


def _check_account(uow: UnitOfWork, account_id: str) -> None:
    if not uow.audit.is_known_account(account_id):
        known = _listed(uow.audit.known_accounts())
        raise InvalidInput("--account", account_id, f"an account of this store: {known}")


def _listed(accounts: Sequence[str]) -> str:
    more = "" if len(accounts) <= _LISTED_ACCOUNTS else f" and {len(accounts) - _LISTED_ACCOUNTS} more"
    return ", ".join(accounts[:_LISTED_ACCOUNTS]) + more or "it has none yet"


def _open(url: str, create: bool) -> AccessStore:
    if url == MEMORY:
        return MemoryStore()
    if not url.strip():
        raise InvalidInput("--store", url, "memory, a database URL, or the path of an SQLite file")
    from sot.adapters.sqlalchemy import SqlAlchemyStore

    return SqlAlchemyStore.open(url if "://" in url else f"sqlite:///{url}", create=create)
