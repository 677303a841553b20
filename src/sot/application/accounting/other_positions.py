"""What account events bring to a position from those of other symbols."""

from collections.abc import Sequence
from itertools import takewhile

from sot.application.accounting.position_entries import entries, position_key_of
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.carried_units import CarriedUnits, Source
from sot.domain.accounting.fold import PositionFold
from sot.domain.accounting.position import PositionState
from sot.domain.accounting.rates import Rates
from sot.domain.values.instrument import Instrument
from sot.domain.values.position_key import PositionKey, moment_key
from sot.domain.values.vocabulary import Method
from sot.ports.store import UnitOfWork


def fold_of(
    uow: UnitOfWork,
    instruments: Sequence[Instrument],
    method: Method = Method.AVERAGE,
    rates: Rates | None = None,
    start: PositionState | None = None,
) -> PositionFold:
    """Begin a fold that finds in the store what account events about other symbols bring."""
    return OtherPositions(uow, method, rates).fold_of(instruments, start)


def source_of(uow: UnitOfWork, method: Method = Method.AVERAGE, rates: Rates | None = None) -> Source:
    """What account events about other symbols bring, as a method sees it."""
    return OtherPositions(uow, method, rates).source


class OtherPositions:
    """What account events take out of the positions of their symbols, as a method sees it; each is computed once."""

    def __init__(self, uow: UnitOfWork, method: Method, rates: Rates | None) -> None:
        self._uow = uow
        self._method = method
        self._rates = rates
        self._found: dict[str, CarriedUnits | None] = {}

    def fold_of(self, instruments: Sequence[Instrument], start: PositionState | None) -> PositionFold:
        """Begin a fold to which they bring units."""
        return PositionFold(instruments, self._method, self._rates, start, self.source)

    def source(self, event: AccountEvent) -> CarriedUnits | None:
        """What an event brings; None if the position of its symbol is not known."""
        fold_key = event.fold_key
        if fold_key not in self._found:
            self._found[fold_key] = self._carried_units(event)
        return self._found[fold_key]

    def _carried_units(self, event: AccountEvent) -> CarriedUnits | None:
        uow, key = self._uow, position_key_of(event)
        instruments = uow.instruments.versions(key.account_id, key.venue, key.symbol)
        if not instruments:
            return None
        start = self._start(key, event)
        fold = self.fold_of(instruments, start)
        fold.fold(takewhile(lambda entry: entry.fold_key <= event.fold_key, entries(uow, key, start)))
        return fold.outgoing

    def _start(self, key: PositionKey, event: AccountEvent) -> PositionState | None:
        """The last snapshot before an event; None where a fold must begin with nothing.

        No snapshot tells which part of its unvalued results belongs to the cost of open units.
        """
        if self._rates is not None:
            return None
        is_average = self._method is Method.AVERAGE
        start = self._uow.positions.last_snapshot(key, before=moment_key(event.occurred_at), common=not is_average)
        return None if start is None or start.unvalued_results else start
