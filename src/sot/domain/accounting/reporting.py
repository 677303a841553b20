"""Results, positions and round trips in a reporting currency: each part at the rate of its own time.

A position is folded as always; beside that, its open units have an entry value and fees in the reporting currency,
valued when the units entered. When units are closed at a rate r,

- `realized_gross` is their gross result in settlement currency, times r;
- `currency_gain` is their entry value times r, less what that was in the reporting currency at entry (of short
  positions the opposite);
- the sum of both is exactly the value at the exit's rate less the value at the entry's rate.

Of futures and perpetuals, and of inverse contracts, no entry value was paid: they have a result and no currency gain.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sot.domain.accounting.balances import SETTLED_BY_RESULT
from sot.domain.accounting.converter import Converter
from sot.domain.accounting.figures import Entry
from sot.domain.accounting.fold import PositionFold
from sot.domain.accounting.lots import Lot, Lots, RemovedUnits
from sot.domain.accounting.results import Contribution
from sot.domain.orders.fill import Fill
from sot.domain.values.instrument import Instrument, version_at
from sot.domain.values.numbers import ZERO, add, multiply, share, subtract
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import Method


class Valuation(NamedTuple):
    """What open units are worth in the reporting currency, at the rates of their entry.

    Attributes:
        value: The entry value, as far as it could be valued.
        unvalued: The part of the entry value without a rate, in settlement currency.
        fees: The entry fees, as far as they could be valued.
    """

    value: Decimal = ZERO
    unvalued: Decimal = ZERO
    fees: Decimal = ZERO

    def plus(self, other: "Valuation") -> "Valuation":
        """The sum of both."""
        return Valuation(*map(add, self, other))

    def minus(self, other: "Valuation") -> "Valuation":
        """The difference of both."""
        return Valuation(*map(subtract, self, other))

    def part(self, quantity: Decimal, whole: Decimal) -> "Valuation":
        """The share of some units of a whole."""
        return Valuation(*(share(figure, quantity, whole) if figure else ZERO for figure in self))


_NOTHING = Valuation()

_LotKey = tuple[int, datetime]


class _WatchedLots:
    """Lots that remember what was put and taken since `watch`."""

    def __init__(self, lots: Lots) -> None:
        self._lots = lots
        self.watch()

    def watch(self) -> None:
        """Forget what was put and taken."""
        self.taken: list[Lot] = []
        self.added: list[Lot] = []

    def put(self, lot: Lot) -> None:
        """Add a lot, or what is left of one."""
        self.added.append(lot)
        self._lots.put(lot)

    def pop(self) -> Lot:
        """Remove the lot that is reduced next."""
        lot = self._lots.pop()
        self.taken.append(lot)
        return lot

    def __iter__(self) -> Iterator[Lot]:
        return iter(self._lots)


class ReportingFold(PositionFold):
    """The fold of a position that values its open units in a reporting currency, too.

    It begins with nothing, since stored states have no reporting currency.

    Attributes:
        converter: Values amounts in the reporting currency.
        valuation: What the open units are worth in it, at the rates of their entry.
        currency_gain: The gain from the currency of the units that the last entry closed.
        paid_fees: The fees that the last entry paid, as far as they could be valued.
        unvalued_fees: Its fees without a rate, by currency.
        unvalued_entry_value: The entry value of the units that it closed, of which the gain from the currency is not
            known, in settlement currency.
    """

    __slots__ = (
        "_at",
        "_fees_left",
        "_has_moved",
        "_lot_valuations",
        "_now",
        "_quantity_left",
        "_rates_by_time",
        "_removed",
        "_valued_entry_value",
        "converter",
        "currency_gain",
        "paid_fees",
        "unvalued_entry_value",
        "unvalued_fees",
        "valuation",
    )

    def __init__(self, instruments: Sequence[Instrument], method: Method, converter: Converter) -> None:
        """Begin a fold.

        Args:
            instruments: All versions of the instrument, oldest first.
            method: Which lot a closing trade reduces.
            converter: Values amounts in the reporting currency.
        """
        super().__init__(instruments, method)
        self.converter = converter
        self.valuation = _NOTHING
        self._lot_valuations: dict[_LotKey, Valuation] = {}
        self._valued_entry_value = ZERO
        self._removed: tuple[Decimal, Valuation] = (ZERO, _NOTHING)

    def fold(self, entries: Iterable[Entry]) -> None:
        """Fold entries, which must be in the order of their `fold_key`."""
        for entry in entries:
            self._value_entry(entry)  # rates are functions of the caller, which do not run in our context
            super().fold((entry,))
            self._value_adjustment()

    # ------------------------------------------------------------------------------------------- before an entry

    def _value_entry(self, entry: Entry) -> None:
        instrument = version_at(self._instruments, entry.happened_at)
        converter, at, currency = self.converter, entry.happened_at, instrument.currency
        self._at, self._now = at, converter.rate(currency, at)
        times = [] if isinstance(entry, Fill) else [lot.acquired_at for lot in getattr(entry, "lots", ())]
        self._rates_by_time = {time: converter.rate(currency, time) for time in times}
        self.currency_gain = self.paid_fees = self.unvalued_entry_value = ZERO
        self.unvalued_fees: dict[str, Decimal] = {}
        self._has_moved, self._fees_left, self._quantity_left = False, ZERO, ZERO
        for fee in entry.fees if isinstance(entry, Fill) else ():
            if instrument.pays_in_quantity(fee.currency):
                continue
            value = converter.value(fee.amount, fee.currency, at)
            if value is None:
                self.unvalued_fees[fee.currency] = add(self.unvalued_fees.get(fee.currency, ZERO), fee.amount)
            else:
                self.paid_fees = add(self.paid_fees, value)

    # -------------------------------------------------------------------------------------------------- an entry

    def _move(
        self, direction: int, quantity: Decimal, value: Decimal, fees: Decimal, price: Decimal | None, entry: Entry
    ) -> None:
        has_fees = not self._has_moved and not (price is None and not value)  # else a base fee took all that was bought
        self._has_moved = True
        self._fees_left, self._quantity_left = (self.paid_fees if has_fees else ZERO), quantity
        super()._move(direction, quantity, value, fees, price, entry)

    def _open(
        self,
        direction: int,
        quantity: Decimal,
        value: Decimal,
        fees: Decimal,
        price: Decimal | None,
        entry: Entry,
        acquired_at: datetime | None = None,
    ) -> None:
        quantity_before, value_before = self._open_quantity, self._entry_value
        lots = self._watched_lots()
        super()._open(direction, quantity, value, fees, price, entry, acquired_at)
        opened = subtract(self._open_quantity, quantity_before)
        if not opened:
            return
        entry_fees = share(self._fees_left, opened, self._quantity_left) if self._fees_left else ZERO
        if lots is None:
            for cost, time in _costs_by_time(entry, subtract(self._entry_value, value_before)):
                self.valuation = self.valuation.plus(self._valuation_of(cost, time))
            self.valuation = self.valuation.plus(Valuation(fees=entry_fees))
        else:
            for lot in lots.added:
                valuation = self._valuation_of(lot.entry_value, lot.opened_at)
                fees_of_lot = share(entry_fees, lot.quantity, opened) if entry_fees else ZERO
                valuation = valuation.plus(Valuation(fees=fees_of_lot))
                self._lot_valuations[lot.number, lot.opened_at] = self._valuation_of_lot(lot).plus(valuation)
                self.valuation = self.valuation.plus(valuation)
        self._valued_entry_value = self._entry_value

    def _close(self, quantity: Decimal, value: Decimal, fees: Decimal) -> Decimal:
        direction = self._direction
        if self._fees_left:
            self._fees_left = subtract(self._fees_left, share(self._fees_left, quantity, self._quantity_left))
        self._quantity_left = subtract(self._quantity_left, quantity)
        gross = super()._close(quantity, value, fees)
        if self._holds_value:
            self._add_currency_gain(direction, *self._removed)
        return gross

    def _remove(self, quantity: Decimal) -> RemovedUnits:
        quantity_before = self._open_quantity
        lots = self._watched_lots()
        removed = super()._remove(quantity)
        if lots is None:
            part = self.valuation if quantity == quantity_before else self.valuation.part(quantity, quantity_before)
        else:
            part = self._remove_from_lots(lots)
        self.valuation = _NOTHING if self.is_flat else self.valuation.minus(part)
        self._valued_entry_value = self._entry_value
        self._removed = (removed.entry_value, part)
        return removed

    def _remove_from_lots(self, lots: _WatchedLots) -> Valuation:
        left = {(lot.number, lot.opened_at): lot.quantity for lot in lots.added}
        total = _NOTHING
        for lot in lots.taken:
            key = lot.number, lot.opened_at
            whole = self._lot_valuations.pop(key, _NOTHING)
            rest = left.get(key, ZERO)
            part = whole.part(subtract(lot.quantity, rest), lot.quantity)
            if rest:
                self._lot_valuations[key] = whole.minus(part)
            total = total.plus(part)
        return total

    def _add_currency_gain(self, direction: int, entry_value: Decimal, valuation: Valuation) -> None:
        if self._now is None:
            self.unvalued_entry_value = add(self.unvalued_entry_value, entry_value)
            return
        valued = subtract(entry_value, valuation.unvalued)
        self.converter.note(valued, self._settle, self._at, self._now)
        gain = subtract(multiply(valued, self._now.rate), valuation.value)
        self.currency_gain = add(self.currency_gain, gain if direction > 0 else subtract(ZERO, gain))
        self.unvalued_entry_value = add(self.unvalued_entry_value, valuation.unvalued)

    # -------------------------------------------------------------------------------------------- after an entry

    def _value_adjustment(self) -> None:
        """Value what an entry changed in the entry value without units, such as a return of capital."""
        change = subtract(self._entry_value, self._valued_entry_value)
        self._valued_entry_value = self._entry_value
        if not change or self.is_flat:
            return
        valuation = self._valuation_of(change, None)
        self.valuation = self.valuation.plus(valuation)
        rest, open_quantity = valuation, self._open_quantity
        lots = self.lots()
        for lot in lots:
            part = rest if lot is lots[-1] else valuation.part(lot.quantity, open_quantity)
            self._lot_valuations[lot.number, lot.opened_at] = self._valuation_of_lot(lot).plus(part)
            rest = rest.minus(part)

    # --------------------------------------------------------------------------------------------------- helpers

    @property
    def _holds_value(self) -> bool:
        """Whether an entry value was paid, so that its currency gains or loses."""
        return holds_value(self._instrument)

    def _watched_lots(self) -> _WatchedLots | None:
        if self._lots is None:
            return None
        if not isinstance(self._lots, _WatchedLots):
            self._lots = _WatchedLots(self._lots)
        self._lots.watch()
        return self._lots

    def _valuation_of_lot(self, lot: Lot) -> Valuation:
        return self._lot_valuations.get((lot.number, lot.opened_at), _NOTHING)

    def _valuation_of(self, amount: Decimal, time: datetime | None) -> Valuation:
        """Value an amount in settlement currency at the rate of a time; None is that of the entry."""
        if not self._holds_value:
            return _NOTHING
        rate = self._now if time is None else self._rates_by_time.get(time, self._now)
        if rate is None:
            return Valuation(unvalued=amount)
        self.converter.note(amount, self._settle, time or self._at, rate)
        return Valuation(value=multiply(amount, rate.rate))


def holds_value(instrument: Instrument) -> bool:
    """Whether the entry value of an instrument was paid or received, so that its currency gains or loses."""
    return instrument.kind not in SETTLED_BY_RESULT and not instrument.inverse


def _costs_by_time(entry: Entry, cost: Decimal) -> list[tuple[Decimal, datetime | None]]:
    """The entry value of what an entry opened, by the time when it was acquired; None is that of the entry."""
    lots = () if isinstance(entry, Fill) else getattr(entry, "lots", ())
    costs: list[tuple[Decimal, datetime | None]] = [(lot.cost or ZERO, lot.acquired_at) for lot in lots]
    total = ZERO
    for amount, _ in costs:
        total = add(total, amount)
    return costs if costs and total == cost else [(cost, None)]


def reported_contributions(key: PositionKey, fold: ReportingFold, entries: Iterable[Entry]) -> Iterator[Contribution]:
    """Fold entries one by one, and yield the contribution of each in the reporting currency.

    Args:
        key: The position.
        fold: The fold to continue.
        entries: The fills and account events, in the order of their fold keys.
    """
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
        unvalued_entry = fold.unvalued_entry_value
        yield Contribution(
            key=key,
            currency=fold.converter.into,
            entry=entry,
            realized_gross=gross,
            closed_fees=subtract(fold.paid_fees, subtract(fees_after, fees_before)),
            paid_fees=fold.paid_fees,
            account_results=account_results,
            unvalued=dict(fold.unvalued_fees),
            unvalued_results=results.unvalued,
            missing_quantity=max(subtract(after.missing_traded, before.missing_traded), ZERO),
            conversions=fold.converter.take_conversions(),
            currency_gain=fold.currency_gain,
            unvalued_entry_values={fold.instrument.currency: unvalued_entry} if unvalued_entry else {},
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
