"""Queries for what results leave out, because its symbol is not registered. Nothing here writes."""

from collections.abc import Callable, Iterator

from sot.application.accounting.positions import entries, positions_of_facts
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.figures import Entry
from sot.domain.accounting.unregistered import UnregisteredSymbol
from sot.domain.orders.fill import Fill
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import AccountEventType
from sot.ports.store import UnitOfWork


def unregistered_positions(
    uow: UnitOfWork,
    account_id: str,
    venue: str | None = None,
    symbol: str | None = None,
    venue_account: str | None = None,
) -> Iterator[PositionKey]:
    """The keys of the positions that facts name, of symbols that are not registered."""
    for key in positions_of_facts(uow, account_id, venue, symbol):
        is_wanted = venue_account in (None, key.venue_account)
        if is_wanted and not uow.instruments.versions(key.account_id, key.venue, key.symbol):
            yield key


def unregistered_symbols(
    uow: UnitOfWork,
    account_id: str,
    venue: str | None,
    symbol: str | None,
    venue_account: str | None,
    includes: Callable[[Entry], bool],
) -> list[UnregisteredSymbol]:
    """The symbols that are not registered, and how many facts of each a query would include; those with none are not.

    Args:
        uow: The unit of work to read from.
        account_id: The account.
        venue: Only this venue.
        symbol: Only this symbol.
        venue_account: Only this account at the venue.
        includes: Whether the query includes an entry.
    """
    counts: dict[tuple[str, str, str], list[int]] = {}
    for key in unregistered_positions(uow, account_id, venue, symbol, venue_account):
        for entry in entries(uow, key):
            if includes(entry) and not _is_split(entry):
                counts.setdefault(key[:3], [0, 0])[0 if isinstance(entry, Fill) else 1] += 1
    return [UnregisteredSymbol(*names, *counts[names]) for names in sorted(counts)]


def _is_split(entry: Entry) -> bool:
    return isinstance(entry, AccountEvent) and entry.type is AccountEventType.SPLIT
