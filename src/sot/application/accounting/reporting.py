"""Results and positions in a reporting currency."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import DefaultContext, localcontext

import attrs

from sot.application.accounting.other_positions import OtherPositions
from sot.application.accounting.position_entries import entries, splits_of
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.carried_units import CarriedUnits, Source
from sot.domain.accounting.converter import Converter
from sot.domain.accounting.figures import Entry
from sot.domain.accounting.position import Position, PositionState
from sot.domain.accounting.reported_position import ReportedPosition
from sot.domain.accounting.reported_results import reported_contributions
from sot.domain.accounting.reporting import ReportingFold
from sot.domain.accounting.results import Contribution, Realized
from sot.domain.values.instrument import Instrument
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import Method
from sot.ports.rates import RateSource
from sot.ports.store import UnitOfWork


@attrs.frozen
class Reporting:
    """A reporting currency, and where its rates come from."""

    currency: str
    source: RateSource

    def converter(self) -> Converter:
        """Make a converter, whose conversions belong to one answer."""
        return Converter(self.currency, self.source.quote)

    def carried_source(self, uow: UnitOfWork, method: Method) -> Source:
        """What account events about other symbols bring, as a method sees it, in the reporting currency, too."""
        return _ReportedPositions(uow, method, self).source

    def contributions(
        self,
        uow: UnitOfWork,
        key: PositionKey,
        instruments: Sequence[Instrument],
        method: Method,
        start: PositionState | None,
        following: Iterable[Entry],
    ) -> Iterator[Contribution]:
        """Iterate over the contributions of entries of a position, in the reporting currency.

        Args:
            uow: The unit of work to read from.
            key: The position.
            instruments: All versions of its instrument.
            method: Which lot a closing trade reduces.
            start: The flat state before the entries; None: nothing.
            following: The entries.
        """
        fold = ReportingFold(instruments, method, self.converter(), self.carried_source(uow, method), start)
        return reported_contributions(key, fold, following, splits_of(uow, key))

    def add_payment(self, row: Realized, event: AccountEvent) -> None:
        """Add an account event without a symbol to the results of a group."""
        assert event.amount is not None and event.currency is not None
        converter = self.converter()
        value = converter.value(event.amount, event.currency, event.happened_at)
        if value is None:
            row.add_unvalued_result(event.amount, event.currency)
        else:
            row.add_result(value)
        row.conversions.extend(converter.take_conversions())

    def position(
        self, uow: UnitOfWork, position: Position, instruments: Sequence[Instrument], method: Method
    ) -> ReportedPosition:
        """A position with its figures in the reporting currency.

        Args:
            uow: The unit of work to read from.
            position: The position in its settlement currency.
            instruments: All versions of its instrument.
            method: The method of both.
        """
        fold = ReportingFold(instruments, method, self.converter(), self.carried_source(uow, method))
        results = Realized(currency=self.currency)
        key = position.key
        for contribution in reported_contributions(key, fold, entries(uow, key), splits_of(uow, key)):
            results.add(contribution)
        rate = fold.converter.rate(position.currency, uow.clock.now())
        return ReportedPosition(
            position=position,
            results=results,
            valuation=fold.valuation,
            rate=rate,
            unvalued_cost=fold.unvalued_cost,
        )


class _ReportedPositions(OtherPositions):
    """What account events take out of the positions of their symbols, valued in the reporting currency, too."""

    def __init__(self, uow: UnitOfWork, method: Method, reporting: Reporting) -> None:
        super().__init__(uow, method, None)
        self._reporting = reporting

    def fold_of(self, instruments: Sequence[Instrument], start: PositionState | None) -> ReportingFold:
        return ReportingFold(instruments, self._method, self._reporting.converter(), self.source)

    def _start(self, key: PositionKey, event: AccountEvent) -> None:
        """No stored state has a reporting currency."""

    def _carried_units(self, event: AccountEvent) -> CarriedUnits | None:
        with localcontext(DefaultContext):  # rates are functions of the caller, which do not run in our context
            return super()._carried_units(event)
