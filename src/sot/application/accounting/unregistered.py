"""Queries for what results leave out, because its symbol is not registered. Nothing here writes."""

from collections.abc import Callable, Iterator

from sot.application.accounting.position_entries import entries, positions_of_facts
from sot.application.accounting.result_filter import ResultFilter
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


def left_out(
    uow: UnitOfWork, filter: ResultFilter, includes: Callable[[Entry], bool] = lambda entry: True
) -> list[UnregisteredSymbol]:
    """What a query of results leaves out: the symbols that are not registered, of which it would include facts.

    Args:
        uow: The unit of work to read from.
        filter: What the query includes.
        includes: Whether it includes an entry in the interval of the filter.
    """
    counts: dict[tuple[str, str, str], list[int]] = {}
    for key in unregistered_positions(uow, filter.account_id, filter.venue, filter.symbol, filter.venue_account):
        for entry in entries(uow, key):
            if filter.includes(entry.happened_at) and includes(entry) and not _is_split(entry):
                counts.setdefault(key[:3], [0, 0])[0 if isinstance(entry, Fill) else 1] += 1
    return [UnregisteredSymbol(*names, *counts[names]) for names in sorted(counts)]


def _is_split(entry: Entry) -> bool:
    return isinstance(entry, AccountEvent) and entry.type is AccountEventType.SPLIT
