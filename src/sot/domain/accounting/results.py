"""What each fill and account event contributed to a position's results, and sums of that by day, symbol and so on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

import attrs

from sot.domain.accounting.fold import Entry, PositionFold
from sot.domain.accounting.rates import Conversion
from sot.domain.values.numbers import ZERO, add, canonical, subtract
from sot.domain.values.position_key import PositionKey


class Contribution(NamedTuple):
    """What one entry added to the results of its position, in settlement currency.

    `closed_fees` are the fees that it made count (those of the units it closed, entry and exit), `paid_fees` those that
    it paid. `unvalued` are fees, `unvalued_results` results without an order, that no rate was given for.
    """

    key: PositionKey
    currency: str
    entry: Entry
    realized_gross: Decimal
    closed_fees: Decimal
    paid_fees: Decimal
    account_results: Decimal
    unvalued: Mapping[str, Decimal]
    unvalued_results: Mapping[str, Decimal]
    conversions: Sequence[Conversion]

    @property
    def at(self) -> datetime:
        """When it happened."""
        return self.entry.happened_at


def contributions(key: PositionKey, fold: PositionFold, entries: Iterable[Entry]) -> Iterator[Contribution]:
    """Fold entries one by one, and tell what each contributed. The sum of all is the position's result.

    A split before anything was held is of nothing, and contributes nothing.
    """
    before = fold.figures()
    for entry in entries:
        folded = fold.entries
        fold.fold((entry,))
        if fold.entries == folded:
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
            conversions=fold.conversions[before.conversions : after.conversions],
        )
        before = after


def _difference(after: Mapping[str, Decimal], before: Mapping[str, Decimal]) -> dict[str, Decimal]:
    return {
        name: subtract(amount, before.get(name, ZERO))
        for name, amount in after.items()
        if amount != before.get(name, ZERO)
    }


@attrs.define(kw_only=True)
class Realized:
    """Realized results of one group, in `currency`.

    What it is grouped by is set, the rest is None: the UTC `day` on which it was realized, the `venue` and `symbol`,
    the `strategy_code` or the `order_id` of the order that closed ('' where no order did, or it names none).
    `realized_gross` - `closed_fees` + `account_results` is `realized_net`; with `paid_fees` instead, `realized_paid`.
    """

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
    conversions: list[Conversion] = attrs.field(factory=list)

    @property
    def realized_net(self) -> Decimal:
        """Gross minus the fees of what was closed, plus results without an order."""
        return canonical(add(subtract(self.realized_gross, self.closed_fees), self.account_results))

    @property
    def realized_paid(self) -> Decimal:
        """Gross minus the fees that were paid, plus results without an order."""
        return canonical(add(subtract(self.realized_gross, self.paid_fees), self.account_results))

    @property
    def complete(self) -> bool:
        """Whether every fee and every result is counted."""
        return not self.unvalued and not self.unvalued_results

    def add(self, part: Contribution) -> None:
        """Count one contribution in."""
        for name in ("realized_gross", "closed_fees", "paid_fees", "account_results"):
            setattr(self, name, canonical(add(getattr(self, name), getattr(part, name))))
        for name in ("unvalued", "unvalued_results"):
            _add_amounts(getattr(self, name), getattr(part, name))
        self.conversions.extend(part.conversions)

    def add_result(self, amount: Decimal) -> None:
        """Count in a result in `currency` that belongs to no position."""
        self.account_results = canonical(add(self.account_results, amount))


def _add_amounts(into: dict[str, Decimal], amounts: Mapping[str, Decimal]) -> None:
    for currency, amount in amounts.items():
        held = canonical(add(into.get(currency, ZERO), amount))
        if held:
            into[currency] = held
        else:
            del into[currency]
