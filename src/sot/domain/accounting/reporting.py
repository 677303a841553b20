"""Results, positions and round trips in a reporting currency: each part at the rate of its own time.

A position is folded as always; beside that, its open units have an entry value and fees in the reporting currency,
valued when the units entered. When units are closed at a rate r,

- `realized_gross` is their gross result in settlement currency, times r;
- `currency_gain` is their entry value times r, less what that was in the reporting currency at entry (of short
  positions the opposite);
- the sum of both is exactly the value at the exit's rate less the value at the entry's rate.

Of futures and perpetuals, and of inverse contracts, no entry value was paid: they have a result and no currency gain.

What an account event brings from another position keeps the rates of its own entry: the premium of an exercised option,
the part of an entry value that a spin-off moved.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal, DefaultContext, localcontext
from operator import attrgetter

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.amounts import NOTHING, Amounts, negated, plus
from sot.domain.accounting.carried_units import CarriedLot, CarriedUnits, EnteringUnits, Source, carries_nothing
from sot.domain.accounting.converter import Converter
from sot.domain.accounting.event_effects import ENDED_DIRECTIONS
from sot.domain.accounting.figures import Entry
from sot.domain.accounting.fold import PositionFold
from sot.domain.accounting.lots import Lot, RemovedUnits, WatchedLots, watched
from sot.domain.accounting.position import PositionState
from sot.domain.accounting.rates import Quote
from sot.domain.accounting.valuation import NO_VALUATION, Valuation
from sot.domain.orders.fill import Fill
from sot.domain.values.instrument import Instrument, version_at
from sot.domain.values.numbers import ZERO, add, multiply, quotient, share, subtract
from sot.domain.values.vocabulary import AccountEventType, Method

LotKey = tuple[int, datetime]
"""What a lot keeps while units leave it: the number of its entry, and when its units were acquired."""


class ReportingFold(PositionFold):
    """The fold of a position that values its open units in a reporting currency, too.

    It begins with nothing, or flat: what open units are worth in a reporting currency is in no stored state.

    Attributes:
        converter: Values amounts in the reporting currency.
        valuation: What the open units are worth in it, at the rates of their entry.
        currency_gain: The gain from the currency of the units that the last entry closed.
        paid_fees: The fees that the last entry paid, as far as they could be valued.
        unvalued_fees: Its fees without a rate, by currency.
        unvalued_entry_value: The entry value of the units that it closed, of which the gain from the currency is not
            known, in settlement currency.
        unvalued_closing: The part of what was paid or received for them that has no rate, by currency.

    Rules: RATE-1.
    """

    __slots__ = (
        "_at",
        "_closing_difference",
        "_fees_left",
        "_has_moved",
        "_has_unvalued_closing",
        "_lot_units",
        "_lot_valuations",
        "_now",
        "_quantity_left",
        "_removed",
        "_removed_by_lot",
        "converter",
        "currency_gain",
        "paid_fees",
        "unvalued_closing",
        "unvalued_entry_value",
        "unvalued_fees",
        "valuation",
    )

    def __init__(
        self,
        instruments: Sequence[Instrument],
        method: Method,
        converter: Converter,
        source: Source = carries_nothing,
        start: PositionState | None = None,
    ) -> None:
        """Begin a fold.

        Args:
            instruments: All versions of the instrument, oldest first.
            method: Which lot a closing trade reduces.
            converter: Values amounts in the reporting currency.
            source: What account events about other symbols bring to this position.
            start: The flat state to continue from; None: nothing.
        """
        assert start is None or not start.quantity, "the value of open units is not in the state"
        super().__init__(instruments, method, start=start, source=source)
        self.converter = converter
        self.valuation = NO_VALUATION
        self._lot_valuations: dict[LotKey, Valuation] = {}
        self._lot_units: dict[LotKey, Decimal] = {}
        self.currency_gain: Decimal = ZERO
        self.paid_fees: Decimal = ZERO
        self.unvalued_entry_value: Decimal = ZERO
        self.unvalued_closing: Amounts = NOTHING
        self._removed: tuple[Decimal, Valuation] = (ZERO, NO_VALUATION)
        self._removed_by_lot: dict[LotKey, Valuation] = {}

    def fold(self, entries: Iterable[Entry]) -> None:
        """Fold entries, which must be in the order of their `fold_key`."""
        for entry in entries:
            self._value_entry(entry)  # rates are functions of the caller, which do not run in our context
            fees_before = self.valuation.fees
            super().fold((entry,))
            if isinstance(entry, AccountEvent):
                taken = self._follow_units(entry)
                if self._outgoing is not None:
                    is_reversed = ENDED_DIRECTIONS.get(entry.type, self._outgoing.direction) != self._outgoing.direction
                    self._outgoing = _with_valuation(self._outgoing, taken, is_reversed)
                if self.outgoing is not None:  # fees that went to another position are not paid here any more
                    self.paid_fees = add(self.paid_fees, subtract(self.valuation.fees, fees_before))

    # ------------------------------------------------------------------------------------------- before an entry

    def _value_entry(self, entry: Entry) -> None:
        """Value the fees of an entry, and begin its figures anew.

        Rules: RATE-4.
        """
        instrument = version_at(self._instruments, entry.happened_at)
        converter, at, currency = self.converter, entry.happened_at, instrument.currency
        self._at, self._now = at, converter.rate(currency, at)
        self.currency_gain = self.paid_fees = self.unvalued_entry_value = self._closing_difference = ZERO
        self.unvalued_closing = NOTHING
        self._has_unvalued_closing = False
        self._removed, self._removed_by_lot = (ZERO, NO_VALUATION), {}
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
        self.unvalued_fees = {currency: amount for currency, amount in self.unvalued_fees.items() if amount}

    # -------------------------------------------------------------------------------------------------- an entry

    def _move(
        self, direction: int, quantity: Decimal, value: Decimal, fees: Decimal, price: Decimal | None, entry: Entry
    ) -> None:
        has_fees = not self._has_moved and not (price is None and not value)  # else a base fee took all that was bought
        self._has_moved = True
        if isinstance(entry, AccountEvent):
            self._pay_carried_fees(fees)
        self._fees_left, self._quantity_left = (self.paid_fees if has_fees else ZERO), quantity
        super()._move(direction, quantity, value, fees, price, entry)

    def _pay_carried_fees(self, fees: Decimal) -> None:
        """Take over the entry fees that come from another position, as they were valued there when they were paid."""
        entering = self._entering
        if entering is not None and entering.paid_fees is not None:
            self.paid_fees = add(self.paid_fees, entering.paid_fees)
        elif not fees:
            return
        elif self._now is None:
            self.unvalued_fees[self._settle] = add(self.unvalued_fees.get(self._settle, ZERO), fees)
        else:
            self.converter.note(fees, self._settle, self._at, self._now)
            self.paid_fees = add(self.paid_fees, multiply(fees, self._now.rate))

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
        """Open units, and value them in the reporting currency.

        Rules: RATE-2, RATE-4.
        """
        quantity_before, value_before = self._open_quantity, self._entry_value
        lots = self._watched_lots()
        super()._open(direction, quantity, value, fees, price, entry, acquired_at)
        opened = subtract(self._open_quantity, quantity_before)
        if not opened:
            return
        entry_fees = share(self._fees_left, opened, self._quantity_left) if self._fees_left else ZERO
        if lots is None:
            valuation = self._entering_valuation(opened, subtract(self._entry_value, value_before), acquired_at)
            self.valuation = self.valuation.plus(valuation).plus(Valuation(fees=entry_fees))
        else:
            for lot in lots.added:
                valuation = self._entering_valuation(lot.quantity, lot.entry_value, lot.opened_at)
                fees_of_lot = share(entry_fees, lot.quantity, opened) if entry_fees else ZERO
                valuation = valuation.plus(Valuation(fees=fees_of_lot))
                key = lot.number, lot.opened_at
                self._lot_valuations[key] = self._lot_valuations.get(key, NO_VALUATION).plus(valuation)
                self._lot_units[key] = add(self._lot_units.get(key, ZERO), lot.quantity)
                self.valuation = self.valuation.plus(valuation)

    def _entering_valuation(self, quantity: Decimal, value: Decimal, acquired_at: datetime | None) -> Valuation:
        """Value units that enter: what another position brings as that tells, the rest at the rate of their time."""
        entering = self._entering
        if entering is None or entering.valuation is None:
            return self._valuation_of(value, acquired_at)
        brought = entering.valuation.part(quantity, entering.quantity)._replace(fees=ZERO)
        return brought.plus(self._valuation_of(subtract(value, brought.paid), None))

    def _close(self, quantity: Decimal, value: Decimal, fees: Decimal) -> Decimal:
        direction = self._direction
        if self._fees_left:
            self._fees_left = subtract(self._fees_left, share(self._fees_left, quantity, self._quantity_left))
        self._quantity_left = subtract(self._quantity_left, quantity)
        gross = super()._close(quantity, value, fees)
        entry_value, valuation = self._removed
        self._add_currency_gain(direction, entry_value if self._holds_value else valuation.paid, valuation)
        if self._entering is not None:
            self._close_for_carried_value(direction, quantity, self._entering)
        return gross

    def _close_for_carried_value(self, direction: int, quantity: Decimal, entering: EnteringUnits) -> None:
        """Count what a value from another position gained since it entered there: units are closed for it."""
        unvalued = entering.part_of_unvalued(quantity)
        self.unvalued_closing = plus(
            self.unvalued_closing, unvalued if self._instrument.gains_by_value(direction > 0) else negated(unvalued)
        )
        self._closing_difference = ZERO
        if entering.valuation is None or self._now is None:
            return
        brought = entering.valuation.part(quantity, entering.quantity)
        at_present = multiply(subtract(brought.paid, brought.unvalued), self._now.rate)
        self._closing_difference = subtract(brought.value, at_present)
        gain = self._closing_difference
        self.currency_gain = add(
            self.currency_gain, gain if self._instrument.gains_by_value(direction > 0) else subtract(ZERO, gain)
        )
        self.unvalued_entry_value = add(self.unvalued_entry_value, brought.unvalued)
        self._has_unvalued_closing = bool(brought.unvalued)

    def _remove(self, quantity: Decimal) -> RemovedUnits:
        """Remove units with their share of the valuation.

        Rules: RATE-5.
        """
        quantity_before = self._open_quantity
        lots = self._watched_lots()
        removed = super()._remove(quantity)
        if lots is None:
            part = self.valuation if quantity == quantity_before else self.valuation.part(quantity, quantity_before)
        else:
            part = self._remove_from_lots(lots)
        self.valuation = NO_VALUATION if self.is_flat else self.valuation.minus(part)
        self._removed = (removed.entry_value, part)
        return removed

    def _remove_from_lots(self, lots: WatchedLots) -> Valuation:
        """Remove the valuation of the units that left each lot.

        Rules: RATE-5.
        """
        gone: dict[LotKey, Decimal] = {}
        for lot, sign in (*((lot, 1) for lot in lots.taken), *((lot, -1) for lot in lots.added)):
            key = lot.number, lot.opened_at
            gone[key] = add(gone.get(key, ZERO), multiply(lot.quantity, Decimal(sign)))
        total = NO_VALUATION
        self._removed_by_lot = {}
        for key, quantity in gone.items():
            whole, units = self._lot_valuations.pop(key, NO_VALUATION), self._lot_units.pop(key, quantity)
            part = whole.part(quantity, units)
            if quantity != units:
                self._lot_valuations[key], self._lot_units[key] = whole.minus(part), subtract(units, quantity)
            self._removed_by_lot[key] = part
            total = total.plus(part)
        return total

    def _add_currency_gain(self, direction: int, entry_value: Decimal, valuation: Valuation) -> None:
        """Add what the settlement currency gained while closed units were held.

        Rules: RATE-6, RATE-7.
        """
        if not entry_value and not valuation.value:
            return
        if self._now is None:
            self.unvalued_entry_value = add(self.unvalued_entry_value, entry_value)
            return
        valued = subtract(entry_value, valuation.unvalued)
        self.converter.note(valued, self._settle, self._at, self._now)
        gain = subtract(multiply(valued, self._now.rate), valuation.value)
        self.currency_gain = add(
            self.currency_gain, gain if self._instrument.gains_by_value(direction > 0) else subtract(ZERO, gain)
        )
        self.unvalued_entry_value = add(self.unvalued_entry_value, valuation.unvalued)

    def _receive_for_units(self, received: Decimal) -> Decimal:
        """Change the entry value of the open units, each by what it really changes, at the rate of the entry's time.

        Rules: RATE-8.
        """
        value_before, by_lot = self._entry_value, self._sums_by_lot(_entry_value_of)
        excess = super()._receive_for_units(received)
        change = subtract(self._entry_value, value_before)
        if change:
            self.valuation = self.valuation.plus(self._valuation_of(change, None))
            for key, value in self._sums_by_lot(_entry_value_of).items():
                part = self._at_rate(subtract(value, by_lot[key]), self._now)
                self._lot_valuations[key] = self._lot_valuations.get(key, NO_VALUATION).plus(part)
        return excess

    # -------------------------------------------------------------------------------------------- after an entry

    def _follow_units(self, event: AccountEvent) -> dict[datetime | None, Valuation]:
        """Follow what an event changed in the open units without moving any.

        A spin-off takes a part of the entry value along at the rates of the entry: returns it, in all (None) and by the
        time of acquisition. Units that were split are as many others.

        Rules: RATE-8, RATE-9.
        """
        if event.type is AccountEventType.SPLIT:
            self._lot_units = self._sums_by_lot(_quantity_of)
        if event.type is AccountEventType.SPIN_OFF and self.outgoing is not None and self.outgoing.value:
            return self._keep_share(self._entry_value, add(self._entry_value, self.outgoing.value))
        if event.type is AccountEventType.SPIN_OFF:
            return {}
        return {None: self._removed[1]}

    def _sums_by_lot(self, figure: Callable[[Lot], Decimal]) -> dict[LotKey, Decimal]:
        sums: dict[LotKey, Decimal] = {}
        for lot in self._lots or ():
            key = lot.number, lot.opened_at
            sums[key] = add(sums.get(key, ZERO), figure(lot))
        return sums

    def _keep_share(self, kept: Decimal, value: Decimal) -> dict[datetime | None, Valuation]:
        """Keep a share of the entry value; returns what goes, in all (None) and by the time of acquisition."""
        before, self.valuation = self.valuation, self.valuation.with_share(kept, value)
        gone: dict[datetime | None, Valuation] = {None: before.minus(self.valuation)}
        for key, whole in self._lot_valuations.items():
            rest = self._lot_valuations[key] = whole.with_share(kept, value)
            gone[key[1]] = gone.get(key[1], NO_VALUATION).plus(whole.minus(rest))
        return gone

    # ------------------------------------------------------------------------------- what comes from another position

    def _cost_in_settlement(self, amount: Decimal, currency: str, event: AccountEvent) -> Decimal | None:
        """Return a part of an entry value in settlement currency, by the rates of both into the reporting currency.

        Rules: RATE-10.
        """
        if currency == self._settle:
            return amount
        quote = self._rate_of(currency, self._at)
        if quote is None or self._now is None:
            return None
        self.converter.note(amount, currency, self._at, quote)
        return quotient(multiply(amount, quote.rate), self._now.rate)

    def _add_unvalued_money(self, amounts: Amounts) -> None:
        """Nothing: `unvalued_cost` and `unvalued_closing` tell what is in no result."""

    def _entering_units(self, lot: CarriedLot, currency: str, event: AccountEvent) -> EnteringUnits:
        """Value what units bring; their valuation has the value that is carried as what was paid for it."""
        entering = super()._entering_units(lot, currency, event)
        valuation = entering.valuation
        if valuation is None:
            return entering
        unvalued = valuation.unvalued
        if unvalued and lot.value:
            unvalued = share(entering.carried, unvalued, lot.value)
        return entering._replace(valuation=valuation._replace(unvalued=unvalued, paid=entering.carried))

    # --------------------------------------------------------------------------------------------------- helpers

    @property
    def _holds_value(self) -> bool:
        """Whether an entry value was paid, so that its currency gains or loses."""
        return holds_value(self._instrument)

    def _watched_lots(self) -> WatchedLots | None:
        if self._lots is None:
            return None
        self._lots = lots = watched(self._lots)
        return lots

    def _valuation_of(self, amount: Decimal, time: datetime | None) -> Valuation:
        """Value an amount in settlement currency at the rate of a time; None is that of the entry."""
        rate = self._now if time is None else self._rate_at(time)
        if self._holds_value and rate is not None:
            self.converter.note(amount, self._settle, time or self._at, rate)
        return self._at_rate(amount, rate)

    def _at_rate(self, amount: Decimal, rate: Quote | None) -> Valuation:
        """An amount in settlement currency at a rate; None: it is not known.

        Rules: RATE-2, RATE-3.
        """
        if not self._holds_value:
            return NO_VALUATION
        if rate is None:
            return Valuation(unvalued=amount, paid=amount)
        return Valuation(value=multiply(amount, rate.rate), paid=amount)

    def _rate_at(self, time: datetime) -> Quote | None:
        """The rate of a time when units were acquired, which only folding the entry has told."""
        return self._now if time == self._at else self._rate_of(self._settle, time)

    def _rate_of(self, currency: str, time: datetime) -> Quote | None:
        with localcontext(DefaultContext):  # the function of the caller does not run in our context
            return self.converter.rate(currency, time)


def _with_valuation(
    outgoing: CarriedUnits, taken: Mapping[datetime | None, Valuation], is_reversed: bool
) -> CarriedUnits:
    """Value what goes to another position by what was taken; reversed if it lowers what is paid or received there.

    Rules: RATE-9.
    """
    whole = taken.get(None, NO_VALUATION)
    lots = [lot._replace(valuation=taken.get(lot.opened_at, NO_VALUATION)) for lot in outgoing.lots]
    return outgoing._replace(lots=lots, valuation=whole.opposite() if is_reversed else whole)


_quantity_of = attrgetter("quantity")
_entry_value_of = attrgetter("entry_value")


def holds_value(instrument: Instrument) -> bool:
    """Whether the entry value of an instrument was paid or received, so that its currency gains or loses.

    Rules: RATE-3.
    """
    return not instrument.settles_by_result and not instrument.inverse
