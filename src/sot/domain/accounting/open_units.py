"""The open units of a position: how they enter, and what they take along when they leave."""

from datetime import datetime
from decimal import Decimal

from sot.domain.accounting.amounts import NOTHING, Amounts, minus, part_of, plus
from sot.domain.accounting.carried_units import EnteringUnits
from sot.domain.accounting.figures import Entry
from sot.domain.accounting.lots import Lot, Lots, RemovedUnits, remove_units
from sot.domain.accounting.moment import may_open
from sot.domain.accounting.position import price_of
from sot.domain.orders.fill import Fill
from sot.domain.values.instrument import Instrument
from sot.domain.values.numbers import ZERO, share
from sot.domain.values.vocabulary import AccountEventType


class OpenUnits:
    """The part of a position fold that moves units, with their value and their fees."""

    __slots__ = (
        "_closed_fees",
        "_closed_unvalued_cost",
        "_direction",
        "_entering",
        "_entries",
        "_entry_value",
        "_instrument",
        "_lots",
        "_missing_moved",
        "_missing_traded",
        "_open_fees",
        "_open_quantity",
        "_opened_at",
        "_realized_gross",
        "_unvalued_cost",
    )

    _closed_fees: Decimal
    _closed_unvalued_cost: Amounts
    _direction: int
    _entering: EnteringUnits | None
    _entries: int
    _entry_value: Decimal
    _instrument: Instrument
    _lots: Lots | None
    _missing_moved: Decimal
    _missing_traded: Decimal
    _open_fees: Decimal
    _open_quantity: Decimal
    _opened_at: datetime | None
    _realized_gross: Decimal
    _unvalued_cost: Amounts

    @property
    def _gains_by_value(self) -> bool:
        """Whether the result of open units is what they bring less their entry value, and not the reverse."""
        return self._instrument.gains_by_value(self._direction > 0)

    # A price of None: the units did not enter at the price of the trade; their price follows from their value.

    def _move(
        self, direction: int, quantity: Decimal, value: Decimal, fees: Decimal, price: Decimal | None, entry: Entry
    ) -> None:
        """Close open units of the other direction, and enter the rest.

        Rules: ACCOUNT-8.
        """
        open_quantity = self._open_quantity
        if direction == -self._direction:
            if quantity <= open_quantity:
                self._realized_gross += self._close(quantity, value, fees)
                return
            # It flips the position: one part closes, the rest opens at the same price; value and fees go by quantity.
            closing_value = share(value, open_quantity, quantity)
            closing_fees = share(fees, open_quantity, quantity) if fees else ZERO
            self._realized_gross += self._close(open_quantity, closing_value, closing_fees)
            quantity, value, fees = quantity - open_quantity, value - closing_value, fees - closing_fees
        self._enter(direction, quantity, value, fees, price, entry)

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
        """Fold units that no open ones stand against: they fill missing ones, open the position, or are missing.

        What fills units that a transfer took has left with it: its value makes no result, and its fees are closed.

        Rules: MISSING-3, MISSING-4.
        """
        if self._missing_moved * direction > ZERO:
            filled = min(quantity, self._missing_moved.copy_abs())
            filling_fees = share(fees, filled, quantity) if fees else ZERO
            self._missing_moved -= filled * direction
            self._closed_fees += filling_fees
            value -= share(value, filled, quantity)
            quantity, fees = quantity - filled, fees - filling_fees
        if not quantity:
            return
        if may_open(self._instrument, entry, direction):
            self._open(direction, quantity, value, fees, price, entry, acquired_at)
        elif isinstance(entry, Fill) or entry.type is not AccountEventType.TRANSFER:
            self._missing_traded += quantity
            self._closed_fees += fees
        else:
            self._missing_moved -= quantity * direction

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
        """Open units, as a lot of their own where the method has lots.

        Rules: LOT-1.
        """
        if not self._direction:
            self._direction = direction
            self._opened_at = entry.happened_at
        self._open_quantity += quantity
        self._entry_value += value
        self._open_fees += fees
        unvalued = NOTHING if self._entering is None else self._entering.part_of_unvalued(quantity)
        if unvalued:
            self._unvalued_cost = plus(self._unvalued_cost, unvalued)
        if self._lots is not None:
            if price is None:
                price = price_of(self._instrument, quantity, value) or ZERO
            opened_at = acquired_at or entry.happened_at
            self._lots.put(Lot(self._entries, quantity, price, value, fees, opened_at, entry.order_id, unvalued))

    def _close(self, quantity: Decimal, value: Decimal, fees: Decimal) -> Decimal:
        """Close open units for a value; returns the gross result.

        Rules: ACCOUNT-5.
        """
        gains_by_value = self._gains_by_value
        removed = self._remove(quantity)
        self._closed_fees += removed.fees + fees
        self._closed_unvalued_cost = plus(self._closed_unvalued_cost, removed.unvalued_cost)
        return value - removed.entry_value if gains_by_value else removed.entry_value - value

    def _remove(self, quantity: Decimal) -> RemovedUnits:
        """Remove open units. What they take along is subtracted from the position, so that sums stay exact.

        Rules: ACCOUNT-5, LOT-2.
        """
        open_quantity, fees = self._open_quantity, self._open_fees
        if self._lots is not None:
            removed = remove_units(self._lots, quantity)
        elif quantity == open_quantity:
            removed = RemovedUnits(self._entry_value, fees, self._unvalued_cost)
        else:
            removed_fees = share(fees, quantity, open_quantity) if fees else ZERO
            unvalued = self._unvalued_cost and part_of(self._unvalued_cost, quantity, open_quantity)
            removed = RemovedUnits(share(self._entry_value, quantity, open_quantity), removed_fees, unvalued)
        if quantity == open_quantity:
            # A flat position has no rest, not even zeros with many digits.
            self._entry_value = self._open_fees = self._open_quantity = ZERO
            self._direction = 0
            self._opened_at = None
            self._unvalued_cost = NOTHING
        else:
            self._open_quantity = open_quantity - quantity
            self._entry_value -= removed.entry_value
            self._open_fees -= removed.fees
            self._unvalued_cost = minus(self._unvalued_cost, removed.unvalued_cost)
        return removed
