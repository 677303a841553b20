"""Queries for balances. Nothing here writes.

They read the facts of an account and venue once, position by position, with a bounded part of them in memory.
"""

from collections.abc import Iterator, Sequence

import attrs

from sot.application.accounting.other_positions import source_of
from sot.application.accounting.position_entries import entries, positions_of_facts
from sot.application.accounting.unregistered import unregistered_positions
from sot.domain.accounting.balances import Balance, Movement, event_movements, position_movements
from sot.domain.values.json_form import JsonForm
from sot.domain.values.position_key import PositionKey
from sot.ports.store import UnitOfWork


@attrs.frozen(kw_only=True)
class BalanceFilter(JsonForm):
    """Which balances a query includes. An absent field does not filter."""

    account_id: str
    venue: str | None = None
    venue_account: str | None = None
    asset: str | None = None

    def includes_place(self, venue: str, venue_account: str) -> bool:
        """Whether it includes balances of a venue account."""
        return self.venue in (None, venue) and self.venue_account in (None, venue_account)


def iterate_movements(uow: UnitOfWork, filter: BalanceFilter) -> Iterator[Movement]:
    """What every fact moved, position by position; then what moved without an instrument."""
    for key in _position_keys(uow, filter):
        instruments = uow.instruments.versions(key.account_id, key.venue, key.symbol)
        for movement in position_movements(key, instruments, entries(uow, key), source_of(uow)):
            if filter.asset in (None, movement.asset):
                yield movement
    for event in uow.account_events.effective(filter.account_id, filter.venue):
        if event.symbol is None and filter.includes_place(event.venue, event.venue_account):
            for movement in event_movements(event):
                if filter.asset in (None, movement.asset):
                    yield movement


def list_movements(uow: UnitOfWork, filter: BalanceFilter) -> list[Movement]:
    """What every fact moved, in the order of time."""
    return sorted(iterate_movements(uow, filter), key=lambda movement: (movement.entry.fold_key, movement.asset))


def list_balances(uow: UnitOfWork, filter: BalanceFilter, include_zero: bool) -> list[Balance]:
    """The balances by venue, venue account and asset.

    Rules: BALANCE-1, BALANCE-9, BALANCE-10.
    """
    balances: dict[tuple[str, str, str], Balance] = {}
    for movement in iterate_movements(uow, filter):
        place = movement.venue, movement.venue_account, movement.asset
        _balance(balances, filter.account_id, *place).add(movement)
    unregistered = unregistered_symbols(uow, filter)
    for (venue, venue_account), symbols in unregistered.items():
        for symbol in symbols:
            if filter.asset in (None, symbol):
                _balance(balances, filter.account_id, venue, venue_account, symbol)
    for (venue, venue_account, _), balance in balances.items():
        balance.unregistered = unregistered.get((venue, venue_account), ())
    shown = (key for key in sorted(balances) if include_zero or _is_worth_showing(balances[key]))
    return [balances[key] for key in shown]


def _is_worth_showing(balance: Balance) -> bool:
    return bool(balance.amount) or balance.asset in balance.unregistered


def _balance(
    balances: dict[tuple[str, str, str], Balance], account_id: str, venue: str, venue_account: str, asset: str
) -> Balance:
    key = venue, venue_account, asset
    if key not in balances:
        balances[key] = Balance(account_id=account_id, venue=venue, venue_account=venue_account, asset=asset)
    return balances[key]


def unregistered_symbols(uow: UnitOfWork, filter: BalanceFilter) -> dict[tuple[str, str], Sequence[str]]:
    """The symbols, by venue and venue account, of which it is not known what their executions moved.

    Rules: BALANCE-9.
    """
    symbols: dict[tuple[str, str], list[str]] = {}
    for key in unregistered_positions(uow, filter.account_id, filter.venue, venue_account=filter.venue_account):
        found = symbols.setdefault((key.venue, key.venue_account), [])
        if key.symbol not in found:
            found.append(key.symbol)
    return {place: tuple(found) for place, found in symbols.items()}


def _position_keys(uow: UnitOfWork, filter: BalanceFilter) -> Iterator[PositionKey]:
    for key in positions_of_facts(uow, filter.account_id, filter.venue):
        if filter.includes_place(key.venue, key.venue_account):
            yield key
