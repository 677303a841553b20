"""What a double-entry ledger tells: each fact in the order of time, what it moved, and how it changed lots.

Nothing here writes, and nothing knows a format of ledgers.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sot.application.accounting.balances import BalanceFilter
from sot.application.accounting.other_positions import source_of
from sot.application.accounting.position_entries import entries, positions_of_facts
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.balances import Movement, asset_quantity, event_movements, position_movements
from sot.domain.accounting.capital_gains import PAYMENTS
from sot.domain.accounting.figures import Entry
from sot.domain.accounting.fold import PositionFold
from sot.domain.accounting.lots import Lot
from sot.domain.accounting.reporting import LotKey, holds_value
from sot.domain.values.instrument import Instrument, version_at
from sot.domain.values.numbers import ZERO, add, canonical, multiply, quotient, rounded, subtract
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import Method
from sot.ports.store import UnitOfWork

COST_DIGITS = 12
"""The fraction digits of the cost of one unit. What that leaves of an entry value is in no lot."""

_SAME_COST = Decimal("1e-9")


class LotChange(NamedTuple):
    """Units that a lot gained or lost.

    Attributes:
        number: The number of the entry that the lot came with.
        opened_at: When its units were acquired.
        units: Units of the asset: what came (positive) or went (negative). Of a short lot it is the other way round.
        unit_cost: The entry value of one unit of the asset.
    """

    number: int
    opened_at: datetime
    units: Decimal
    unit_cost: Decimal


class LedgerEntry(NamedTuple):
    """One fact, and what it changed.

    Attributes:
        entry: The execution or account event.
        key: The position that it changed; None of a payment of the account.
        instrument: The version that held; None without a position, or if it is not registered.
        venue_account: The venue account in which it happened.
        movements: What it moved of each asset.
        lots: How it changed the lots of the asset of the instrument; none by AVERAGE.
        gain: The result that it realized, before fees, where there are lots.
    """

    entry: Entry
    key: PositionKey | None
    instrument: Instrument | None
    venue_account: str
    movements: Sequence[Movement]
    lots: Sequence[LotChange] = ()
    gain: Decimal = ZERO


def list_ledger(uow: UnitOfWork, filter: BalanceFilter, method: Method) -> list[LedgerEntry]:
    """The entries of a ledger, in the order of time; an event that moves two positions has one for each.

    The movements are those of balances.
    """
    found: list[LedgerEntry] = []
    for key in positions_of_facts(uow, filter.account_id, filter.venue):
        if filter.includes_place(key.venue, key.venue_account):
            found += _of_position(uow, key, method)
    for event in uow.account_events.effective(filter.account_id, filter.venue):
        if event.symbol is None and filter.includes_place(event.venue, event.venue_account):
            found.append(LedgerEntry(event, None, None, event.venue_account, tuple(event_movements(event))))
    return sorted(found, key=lambda item: item.entry.fold_key)


def _of_position(uow: UnitOfWork, key: PositionKey, method: Method) -> Iterator[LedgerEntry]:
    instruments = uow.instruments.versions(key.account_id, key.venue, key.symbol)
    moves = position_movements(key, instruments, entries(uow, key), source_of(uow))
    move = next(moves, None)
    has_lots = bool(instruments) and method is not Method.AVERAGE and holds_value(instruments[0])
    book = _LotBook(PositionFold(instruments, method, source=source_of(uow, method))) if has_lots else None
    for entry in entries(uow, key):
        moved: list[Movement] = []
        while move is not None and move.entry.fold_key == entry.fold_key:
            moved.append(move)
            move = next(moves, None)
        instrument = version_at(instruments, entry.happened_at) if instruments else None
        changes, gain = ((), ZERO) if book is None else book.fold(entry)
        yield LedgerEntry(entry, key, instrument, key.venue_account, tuple(moved), changes, gain)


class _Units(NamedTuple):
    lot: Lot
    units: Decimal
    unit_cost: Decimal


class _LotBook:
    """The lots of a position in units of its asset, each with the cost of one unit."""

    def __init__(self, fold: PositionFold) -> None:
        self._fold = fold
        self._lots: Mapping[LotKey, _Units] = {}
        self._result = ZERO

    def fold(self, entry: Entry) -> tuple[Sequence[LotChange], Decimal]:
        """Fold the next entry; returns how it changed lots, and the result that it realized."""
        self._fold.fold((entry,))
        before, self._lots = self._lots, self._read_lots()
        changes = [
            LotChange(key[0], key[1], canonical(units), cost)
            for key in sorted(_changed(before, self._lots), key=lambda key: (key[1], key[0]))
            for units, cost in _changes(before.get(key), self._lots.get(key))
        ]
        figures = self._fold.figures()
        result = add(figures.realized_gross, figures.account_total)
        gain, self._result = subtract(result, self._result), result
        is_payment = isinstance(entry, AccountEvent) and entry.type in PAYMENTS
        return changes, ZERO if is_payment else canonical(gain)

    def _read_lots(self) -> dict[LotKey, _Units]:
        """Read the lots. Most of many lots are as they were, and are not computed again."""
        direction = Decimal(self._fold.figures().direction)
        lots: dict[LotKey, _Units] = {}
        for lot in self._fold.kept_lots():
            key = lot.number, lot.opened_at
            known = self._lots.get(key)
            lots[key] = known if known is not None and known.lot is lot else self._units(lot, direction, known)
        return lots

    def _units(self, lot: Lot, direction: Decimal, known: _Units | None) -> _Units:
        units = asset_quantity(self._fold.instrument, lot.quantity)
        cost = known.unit_cost if known is not None else ZERO
        if known is None or not _is_cost(cost, units, lot.entry_value):
            cost = rounded(quotient(lot.entry_value, units), COST_DIGITS)
        return _Units(lot, multiply(units, direction), canonical(cost))


def _changed(before: Mapping[LotKey, _Units], after: Mapping[LotKey, _Units]) -> set[LotKey]:
    """The lots that came, left or are others now."""
    changed = {key for key, units in after.items() if before.get(key) is not units}
    return changed | (before.keys() - after.keys())


def _is_cost(unit_cost: Decimal, units: Decimal, value: Decimal) -> bool:
    return abs(subtract(value, multiply(unit_cost, units))) <= multiply(units, _SAME_COST)


def _changes(before: _Units | None, after: _Units | None) -> Iterator[tuple[Decimal, Decimal]]:
    if before is not None and after is not None and before.unit_cost == after.unit_cost:
        if before.units != after.units:
            yield subtract(after.units, before.units), after.unit_cost
        return
    if before is not None:
        yield subtract(ZERO, before.units), before.unit_cost
    if after is not None:
        yield after.units, after.unit_cost
