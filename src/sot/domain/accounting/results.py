"""The contribution of each fill and account event to the results of its position, and sums of contributions."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import ClassVar, NamedTuple

import attrs

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.figures import Entry
from sot.domain.accounting.fold import PositionFold
from sot.domain.accounting.missing_units import MissingUnits
from sot.domain.accounting.rates import Conversion
from sot.domain.values.json_form import JsonForm
from sot.domain.values.numbers import ZERO, add, canonical, subtract
from sot.domain.values.position_key import PositionKey


class _ContributionFields(NamedTuple):
    key: PositionKey
    currency: str
    entry: Entry
    realized_gross: Decimal
    closed_fees: Decimal
    paid_fees: Decimal
    account_results: Decimal
    unvalued: Mapping[str, Decimal]
    unvalued_results: Mapping[str, Decimal]
    missing_quantity: Decimal
    conversions: Sequence[Conversion]
    currency_gain: Decimal = ZERO
    unvalued_entry_values: Mapping[str, Decimal] = MappingProxyType({})


class Contribution(_ContributionFields, JsonForm):
    """The contribution of one entry to the results of its position, in settlement currency.

    Attributes:
        entry: The fill or account event.
        realized_gross: The result of the units that it closed, before fees.
        closed_fees: The fees of the units that it closed, entry and exit.
        paid_fees: The fees that it paid.
        account_results: The result that it brought without an order.
        unvalued: Fees without a rate, by currency.
        unvalued_results: Results without an order and without a rate, by currency.
        missing_quantity: The units that it sold or took without their being there, in units after all splits; negative
            where it brought units that were missing.
        conversions: Each amount that was valued in `currency`, with its rate.
        currency_gain: In a reporting currency: what the settlement currency gained while the closed units were held.
        unvalued_entry_values: The parts of the cost of closed units that have no rate, by currency. In a reporting
            currency also their entry values of which the gain from the currency is not known.
    """

    DERIVED: ClassVar = ("at",)

    __slots__ = ()

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.entry.happened_at


def contributions(
    key: PositionKey, fold: PositionFold, entries: Iterable[Entry], splits: Iterable[AccountEvent] = ()
) -> Iterator[Contribution]:
    """Fold entries one by one, and yield the contribution of each. Their sum is the result of the position.

    A split before the first other entry has no contribution.

    Args:
        key: The position.
        fold: The fold to continue.
        entries: The fills and account events, in the order of their fold keys.
        splits: All splits of the symbol that take effect.

    Rules: RESULT-1.
    """
    before, missing = fold.figures(), MissingUnits(splits)
    for entry in entries:
        count = fold.entries
        fold.fold((entry,))
        if fold.entries == count:
            continue
        after = fold.figures()
        yield Contribution(
            key=key,
            currency=fold.instrument.currency,
            entry=entry,
            realized_gross=subtract(after.realized_gross, before.realized_gross),
            closed_fees=subtract(after.closed_fees, before.closed_fees),
            paid_fees=subtract(add(after.closed_fees, after.open_fees), add(before.closed_fees, before.open_fees)),
            account_results=subtract(after.account_total, before.account_total),
            unvalued=_difference(after.unvalued, before.unvalued),
            unvalued_results=_difference(after.unvalued_results, before.unvalued_results),
            missing_quantity=missing.added_by(entry, after),
            conversions=tuple(fold.conversions[before.conversions : after.conversions]),
            unvalued_entry_values=fold.closed_unvalued_cost,
        )
        before = after


def _difference(after: Mapping[str, Decimal], before: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {
        name: subtract(amount, before.get(name, ZERO))
        for name, amount in after.items()
        if amount != before.get(name, ZERO)
    }


_SUMS = ("realized_gross", "currency_gain", "closed_fees", "paid_fees", "account_results", "missing_quantity")
"""The figures that contributions and their groups both have."""


@attrs.define(kw_only=True)
class Realized(JsonForm):
    """The realized results of a group. The fields that it is grouped by are set; the others are None.

    Attributes:
        currency: The currency of amounts.
        day: The day, in UTC or in the time zone that was asked for, on which results were realized.
        strategy_code: The strategy of the order that closed; '' if there is none.
        order_id: The order that closed; '' if no order did.
        realized_gross: The result of closed units, before fees.
        closed_fees: The fees of closed units, entry and exit.
        paid_fees: The fees that were paid.
        account_results: The results without an order.
        unvalued: Fees without a rate, by currency.
        unvalued_results: Results without an order and without a rate, by currency.
        missing_quantity: The units that were sold or taken without being there, less those that came later to fill
            them, in units after all splits. All rows together have the missing units of the positions.
        conversions: Each amount that was valued in `currency`, with its rate.
        currency_gain: In a reporting currency: what the settlement currency gained while closed units were held.
        unvalued_entry_values: The parts of the cost of closed units that have no rate, by currency. In a reporting
            currency also their entry values of which the gain from the currency is not known.
    """

    DERIVED: ClassVar = ("realized_net", "realized_paid", "complete")

    currency: str
    day: date | None = None
    venue: str | None = None
    symbol: str | None = None
    strategy_code: str | None = None
    order_id: str | None = None
    realized_gross: Decimal = ZERO
    closed_fees: Decimal = ZERO
    paid_fees: Decimal = ZERO
    account_results: Decimal = ZERO
    unvalued: dict[str, Decimal] = attrs.field(factory=dict)
    unvalued_results: dict[str, Decimal] = attrs.field(factory=dict)
    missing_quantity: Decimal = ZERO
    conversions: list[Conversion] = attrs.field(factory=list)
    currency_gain: Decimal = ZERO
    unvalued_entry_values: dict[str, Decimal] = attrs.field(factory=dict)

    @property
    def realized_net(self) -> Decimal:
        """Gross and gain from the currency, minus the fees of closed units, plus results without an order."""
        return self._less(self.closed_fees)

    @property
    def realized_paid(self) -> Decimal:
        """Gross and gain from the currency, minus the fees that were paid, plus results without an order."""
        return self._less(self.paid_fees)

    def _less(self, fees: Decimal) -> Decimal:
        """The results less some fees.

        Rules: RESULT-3, RATE-9.
        """
        trading = add(self.realized_gross, self.currency_gain)
        return canonical(add(subtract(trading, fees), self.account_results))

    @property
    def complete(self) -> bool:
        """Whether every fee and every result is counted, and no unit left without being there.

        Rules: RESULT-3.
        """
        is_valued = not (self.unvalued or self.unvalued_results or self.unvalued_entry_values)
        return is_valued and self.missing_quantity <= ZERO

    def add(self, contribution: Contribution) -> None:
        """Add a contribution."""
        for name in _SUMS:
            setattr(self, name, canonical(add(getattr(self, name), getattr(contribution, name))))
        for name in ("unvalued", "unvalued_results", "unvalued_entry_values"):
            _add_amounts(getattr(self, name), getattr(contribution, name))
        self.conversions.extend(contribution.conversions)

    def add_result(self, amount: Decimal) -> None:
        """Add a result in `currency` that belongs to no position."""
        self.account_results = canonical(add(self.account_results, amount))

    def add_unvalued_result(self, amount: Decimal, currency: str) -> None:
        """Add a result without a rate that belongs to no position."""
        _add_amounts(self.unvalued_results, {currency: amount})


def _add_amounts(sums: dict[str, Decimal], amounts: Mapping[str, Decimal]) -> None:
    for currency, amount in amounts.items():
        result = canonical(add(sums.get(currency, ZERO), amount))
        if result:
            sums[currency] = result
        else:
            sums.pop(currency, None)
