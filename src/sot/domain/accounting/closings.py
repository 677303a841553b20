"""Folds that note what each entry closed, lot by lot: what capital gains are made of.

`ClosingFold` has amounts in settlement currency, `ReportedClosingFold` in a reporting currency. Both fold as their base
does; what they note adds up to what it counts.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.amounts import NOTHING, Amounts, minus, plus
from sot.domain.accounting.carried_units import Source, carries_nothing
from sot.domain.accounting.converter import Converter
from sot.domain.accounting.event_effects import ENDED_DIRECTIONS
from sot.domain.accounting.figures import Entry
from sot.domain.accounting.fold import PositionFold
from sot.domain.accounting.lots import Lot, RemovedUnits, WatchedLots, watched
from sot.domain.accounting.rates import Rates
from sot.domain.accounting.reporting import LotKey, ReportingFold
from sot.domain.accounting.valuation import NO_VALUATION
from sot.domain.values.instrument import Instrument
from sot.domain.values.numbers import ZERO, share, split_by_weights
from sot.domain.values.vocabulary import AccountEventType, Method

_ENDS = frozenset({AccountEventType.EXPIRY, AccountEventType.EXERCISE, AccountEventType.ASSIGNMENT})


class Closing(NamedTuple):
    """Units of one lot that an entry closed. Call what follows inside `numbers.exactly()`.

    Attributes:
        direction: 1 for long units, -1 for short ones.
        quantity: The units.
        opened_at: When they were acquired, or sold short; None where no lot tells it.
        opened_by: The order that they came with.
        opening: The value at which they entered; None if it is not known.
        closing: The value for which they were closed; None if it is not known.
        fees: Their fees, entry and exit, as far as they could be valued.
        result: What the position counts as their result, before fees.
        gains_by_value: Whether the result is the closing value less the opening one, and not the reverse.
        is_payment: Whether `closing` is a payment that is the whole result, as at the end of a future.
        is_missing: Whether the units were not there.
        has_unvalued_fees: Whether a fee of theirs has no rate.
    """

    direction: int
    quantity: Decimal
    opened_at: datetime | None = None
    opened_by: str | None = None
    opening: Decimal | None = None
    closing: Decimal | None = None
    fees: Decimal = ZERO
    result: Decimal = ZERO
    gains_by_value: bool = True
    is_payment: bool = False
    is_missing: bool = False
    has_unvalued_fees: bool = False


class _Part(NamedTuple):
    """Units of one lot that were removed, with their entry value and fees in settlement currency."""

    quantity: Decimal
    entry_value: Decimal
    fees: Decimal
    lot: Lot | None
    has_unvalued_fees: bool
    unvalued_cost: Amounts = NOTHING

    @property
    def key(self) -> LotKey | None:
        return None if self.lot is None else _key(self.lot)


def _key(lot: Lot) -> LotKey:
    return lot.number, lot.opened_at


class ClosingFold(PositionFold):
    """The fold of a position that notes what each entry closes."""

    def __init__(
        self,
        instruments: Sequence[Instrument],
        method: Method,
        rates: Rates | None = None,
        source: Source = carries_nothing,
    ) -> None:
        """Begin a fold with nothing.

        Args:
            instruments: All versions of the instrument, oldest first.
            method: Which lot a closing trade reduces. AVERAGE has none: what is closed at once is one closing.
            rates: Rates for fees and results in other currencies than the settlement currency.
            source: What account events about other symbols bring to this position.
        """
        super().__init__(instruments, method, rates, source=source)
        self._begin_notes()

    def _begin_notes(self) -> None:
        self._closings: list[Closing] = []
        self._parts: list[_Part] = []
        self._has_opened = False
        self._unvalued_before: dict[str, Decimal] = {}
        self._has_unvalued_average = False
        self._unvalued_lots: set[LotKey] = set()

    def take_closings(self) -> list[Closing]:
        """Return what was closed since the last call."""
        taken, self._closings = self._closings, []
        return taken

    @property
    def has_opened(self) -> bool:
        """Whether the last entry opened units."""
        return self._has_opened

    # -------------------------------------------------------------------------------------------------- an entry

    def _fold_entry(self, entry: Entry) -> None:
        self._parts, self._has_opened, self._unvalued_before = [], False, dict(self._unvalued)
        super()._fold_entry(entry)

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
        super()._open(direction, quantity, value, fees, price, entry, acquired_at)
        self._has_opened = True
        if self._pays_unvalued_fees:
            if self._lots is None:
                self._has_unvalued_average = True
            else:
                self._unvalued_lots.add((self._entries, acquired_at or entry.happened_at))

    def _close(self, quantity: Decimal, value: Decimal, fees: Decimal) -> Decimal:
        direction, gains_by_value = self._direction, self._gains_by_value
        fees_left = self._fees_left_to_count(fees)
        gross = super()._close(quantity, value, fees)
        exit_fees = fees_left - self._fees_left_to_count(ZERO)
        parts, self._parts = self._parts, []
        amounts = value, exit_fees, self._carried_difference
        for part, part_of_value, part_of_fees, difference in _split(parts, *amounts):
            closing = self._valued(part, part_of_value, difference, 1 if gains_by_value else -1)
            self._closings.append(
                closing._replace(
                    direction=direction,
                    fees=closing.fees + part_of_fees,
                    gains_by_value=gains_by_value,
                    has_unvalued_fees=part.has_unvalued_fees or self._pays_unvalued_fees,
                )
            )
        return gross

    def _remove(self, quantity: Decimal) -> RemovedUnits:
        has_unvalued_fees = self._has_unvalued_average
        if self._lots is None:
            removed = super()._remove(quantity)
            entry_value, fees, unvalued_cost = removed
            self._parts = [_Part(quantity, entry_value, fees, None, has_unvalued_fees, unvalued_cost)]
        else:
            lots = self._lots = watched(self._lots)
            removed = super()._remove(quantity)
            self._parts = self._parts_of(lots)
        if not self._direction:
            self._has_unvalued_average = False
        return removed

    def _parts_of(self, lots: WatchedLots) -> list[_Part]:
        """What left each lot: what was taken of it less what was put back."""
        parts: dict[LotKey, _Part] = {}
        for lot, sign in (*((lot, 1) for lot in lots.taken), *((lot, -1) for lot in lots.added)):
            before = parts.get(_key(lot), _Part(ZERO, ZERO, ZERO, lot, _key(lot) in self._unvalued_lots))
            parts[_key(lot)] = before._replace(
                quantity=before.quantity + lot.quantity * sign,
                entry_value=before.entry_value + lot.entry_value * sign,
                fees=before.fees + lot.fees * sign,
                unvalued_cost=(plus if sign > 0 else minus)(before.unvalued_cost, lot.unvalued_cost),
            )
        return list(parts.values())

    def _enter(
        self,
        direction: int,
        quantity: Decimal,
        value: Decimal,
        fees: Decimal,
        price: Decimal | None,
        entry: Entry,
        acquired_at: datetime | None = None,
    ) -> None:
        traded, moved = self._missing_traded, self._missing_moved
        exit_fees = self._fees_left_to_count(fees)
        super()._enter(direction, quantity, value, fees, price, entry, acquired_at)
        missing = self._missing_traded - traded
        if _leaves_for_cost(entry):
            missing = max((moved - self._missing_moved) * direction, ZERO)
        if missing:
            filled = quantity - missing
            paid, fees_of_missing = (amount - share(amount, filled, quantity) for amount in (value, exit_fees))
            self._note_missing(-direction, missing, paid, fees_of_missing)

    def _account_event(self, event: AccountEvent) -> None:
        """Fold an account event, and note the units that it ends, unless they go to another position.

        Rules: GAIN-5.
        """
        traded, gross, direction = self._missing_traded, self._realized_gross, self._direction
        super()._account_event(event)
        if event.type not in _ENDS or event.to_symbol == self._instrument.symbol:
            return
        missing = self._missing_traded - traded
        if missing:
            self._note_missing(ENDED_DIRECTIONS.get(event.type, direction or 1), missing, None, ZERO)
        if self._parts and self._outgoing is None:
            self._note_settled(direction, self._realized_gross - gross)

    def _note_missing(self, direction: int, quantity: Decimal, closing: Decimal | None, fees: Decimal) -> None:
        self._closings.append(
            Closing(
                direction,
                quantity,
                closing=None if closing is None else self._value_now(closing),
                fees=fees,
                gains_by_value=self._instrument.gains_by_value(direction > 0),
                is_missing=True,
                has_unvalued_fees=self._pays_unvalued_fees,
            )
        )

    def _note_settled(self, direction: int, result: Decimal) -> None:
        """Note units that ended for a payment, which is their whole result.

        Rules: GAIN-4.
        """
        parts, self._parts = self._parts, []
        for part, part_of_result in _split(parts, result):
            valued = self._value_now(part_of_result)
            self._closings.append(
                self._valued(part, ZERO, ZERO, 1)._replace(
                    direction=direction,
                    opening=None,
                    closing=valued,
                    result=valued or ZERO,
                    is_payment=True,
                    has_unvalued_fees=part.has_unvalued_fees,
                )
            )

    # ----------------------------------------------------------------------- amounts, here in settlement currency

    @property
    def _pays_unvalued_fees(self) -> bool:
        """Whether the entry pays a fee without a rate."""
        before = self._unvalued_before
        return any(amount != before.get(name, ZERO) for name, amount in self._unvalued.items())

    def _fees_left_to_count(self, fees: Decimal) -> Decimal:
        """The fees of the entry that no units have taken yet. Those in settlement currency are `fees`."""
        return fees

    def _value_now(self, amount: Decimal) -> Decimal | None:
        """Value an amount in settlement currency at the rate of the entry; None without a rate."""
        return amount

    @property
    def _carried_difference(self) -> Decimal:
        """How much more a value from another position is, at the rates of its own entry, than at that of the entry."""
        return ZERO

    def _valued(self, part: _Part, value: Decimal, difference: Decimal, sign: int) -> Closing:
        """Value removed units, but for the fees of closing them."""
        result = (value - part.entry_value) * sign
        opening = None if part.unvalued_cost else part.entry_value
        return Closing(0, part.quantity, *_origin(part), opening, value, part.fees, result)


class ReportedClosingFold(ClosingFold, ReportingFold):
    """The fold of a position in a reporting currency that notes what each entry closes."""

    def __init__(
        self,
        instruments: Sequence[Instrument],
        method: Method,
        converter: Converter,
        source: Source = carries_nothing,
    ) -> None:
        """Begin a fold with nothing.

        Args:
            instruments: All versions of the instrument, oldest first.
            method: Which lot a closing trade reduces.
            converter: Values amounts in the reporting currency.
            source: What account events about other symbols bring to this position.
        """
        ReportingFold.__init__(self, instruments, method, converter, source)
        self._begin_notes()

    @property
    def _pays_unvalued_fees(self) -> bool:
        return any(self.unvalued_fees.values())

    def _fees_left_to_count(self, fees: Decimal) -> Decimal:
        return self._fees_left

    def _value_now(self, amount: Decimal) -> Decimal | None:
        return None if self._now is None else amount * self._now.rate

    @property
    def _carried_difference(self) -> Decimal:
        return self._closing_difference

    def _valued(self, part: _Part, value: Decimal, difference: Decimal, sign: int) -> Closing:
        """Value removed units at the rates of their entry and of the closing.

        What units are closed for is not known where a part of it comes from another position and had no rate there.

        Rules: GAIN-7, GAIN-8.
        """
        key = part.key
        valuation = self._removed[1] if key is None else self._removed_by_lot.get(key, NO_VALUATION)
        paid = part.entry_value if self._holds_value else valuation.paid
        closing, unvalued = self._value_now(value), self._value_now(valuation.unvalued)
        owed = part.entry_value - paid  # of contracts that are settled by their result
        settled = self._value_now(owed) if owed else ZERO
        opening: Decimal | None = None
        result = ZERO
        if closing is not None and unvalued is not None and settled is not None:
            closing += difference
            result = (closing - settled - unvalued - valuation.value) * sign
        if settled is not None and not valuation.unvalued and not part.unvalued_cost:
            opening = settled + valuation.value
        if self._has_unvalued_closing:
            closing = None
        return Closing(0, part.quantity, *_origin(part), opening, closing, valuation.fees, result)


def _leaves_for_cost(entry: Entry) -> bool:
    """Whether units leave by a transfer that states for what they are closed."""
    if not isinstance(entry, AccountEvent) or entry.type is not AccountEventType.TRANSFER:
        return False
    return not entry.enters and entry.entry_cost is not None


def _origin(part: _Part) -> tuple[datetime | None, str | None]:
    return (None, None) if part.lot is None else (part.lot.opened_at, part.lot.order_id)


def _split(parts: Sequence[_Part], *amounts: Decimal) -> Iterator[Any]:
    """Split amounts by the quantities of parts; each part with its shares."""
    weights = [part.quantity for part in parts]
    return zip(parts, *(split_by_weights(amount, weights) for amount in amounts), strict=True)
