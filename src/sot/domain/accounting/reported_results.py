"""Results in a reporting currency: what each entry of a position adds, at the rate of its own time."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.amounts import plus
from sot.domain.accounting.converter import Converter
from sot.domain.accounting.figures import Entry
from sot.domain.accounting.missing_units import MissingUnits
from sot.domain.accounting.reporting import ReportingFold
from sot.domain.accounting.results import Contribution
from sot.domain.values.numbers import ZERO, add, subtract
from sot.domain.values.position_key import PositionKey


def reported_contributions(
    key: PositionKey, fold: ReportingFold, entries: Iterable[Entry], splits: Iterable[AccountEvent] = ()
) -> Iterator[Contribution]:
    """Fold entries one by one, and yield the contribution of each in the reporting currency.

    Args:
        key: The position.
        fold: The fold to continue.
        entries: The fills and account events, in the order of their fold keys.
        splits: All splits of the symbol that take effect.

    Rules: RATE-5, RATE-6, RATE-7.
    """
    missing = MissingUnits(splits)
    before, fees_before = fold.figures(), fold.valuation.fees
    for entry in entries:
        count = fold.entries
        fold.fold((entry,))
        if fold.entries == count:
            continue
        after, fees_after = fold.figures(), fold.valuation.fees
        results = _Results(fold.converter, fold.instrument.currency, entry.happened_at)
        gross = results.value(subtract(after.realized_gross, before.realized_gross))
        account_results = results.value(subtract(after.account_total, before.account_total))
        for currency, amount in _differences(after.unvalued_results, before.unvalued_results):
            account_results = add(account_results, results.value(amount, currency))
        unvalued_entry = {fold.instrument.currency: fold.unvalued_entry_value} if fold.unvalued_entry_value else {}
        yield Contribution(
            key=key,
            currency=fold.converter.into,
            entry=entry,
            realized_gross=gross,
            closed_fees=subtract(fold.paid_fees, subtract(fees_after, fees_before)),
            paid_fees=fold.paid_fees,
            account_results=account_results,
            unvalued=dict(fold.unvalued_fees),
            unvalued_results=plus(results.unvalued, fold.unvalued_closing),
            missing_quantity=missing.added_by(entry, after),
            conversions=tuple(fold.converter.take_conversions()),
            currency_gain=fold.currency_gain,
            unvalued_entry_values=plus(unvalued_entry, fold.closed_unvalued_cost),
        )
        before, fees_before = after, fees_after


class _Results:
    """Values the results of one entry, and collects those without a rate."""

    def __init__(self, converter: Converter, currency: str, at: datetime) -> None:
        self.unvalued: dict[str, Decimal] = {}
        self._converter = converter
        self._currency = currency
        self._at = at

    def value(self, amount: Decimal, currency: str | None = None) -> Decimal:
        if not amount:
            return ZERO
        currency = currency or self._currency
        value = self._converter.value(amount, currency, self._at)
        if value is None:
            self.unvalued[currency] = add(self.unvalued.get(currency, ZERO), amount)
            return ZERO
        return value


def _differences(after: Mapping[str, Decimal], before: Mapping[str, Decimal]) -> Iterator[tuple[str, Decimal]]:
    for name in {**before, **after}:
        change = subtract(after.get(name, ZERO), before.get(name, ZERO))
        if change:
            yield name, change
