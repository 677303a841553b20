"""Results and positions in a reporting currency."""

from collections.abc import Iterator, Sequence

import attrs

from sot.application.accounting.positions import entries, source_of
from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.converter import Converter
from sot.domain.accounting.position import Position
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

    def contributions(
        self, uow: UnitOfWork, key: PositionKey, instruments: Sequence[Instrument], method: Method
    ) -> Iterator[Contribution]:
        """Iterate over the contributions of the entries of a position, in the reporting currency."""
        fold = ReportingFold(instruments, method, self.converter(), source_of(uow, method))
        return reported_contributions(key, fold, entries(uow, key))

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
        fold = ReportingFold(instruments, method, self.converter(), source_of(uow, method))
        results = Realized(currency=self.currency)
        for contribution in reported_contributions(position.key, fold, entries(uow, position.key)):
            results.add(contribution)
        rate = fold.converter.rate(position.currency, uow.clock.now())
        return ReportedPosition(position=position, results=results, valuation=fold.valuation, rate=rate)
