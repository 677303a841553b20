"""The effects of account events on the position of their symbol alone; docs/reference/accounting.md has the rules."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.amounts import Amounts, minus, negated, part_of, plus
from sot.domain.accounting.carried_units import CarriedLot, CarriedUnits, Source, joined_lots
from sot.domain.accounting.lots import LOT_ORDERS, Lot, named_first
from sot.domain.accounting.open_units import OpenUnits
from sot.domain.accounting.position import price_of
from sot.domain.accounting.rates import Conversion, Rates
from sot.domain.values.numbers import ZERO, share, split_by_weights
from sot.domain.values.vocabulary import AccountEventType, Method


class EventEffects(OpenUnits):
    """The part of a position fold that folds account events, as methods by type."""

    __slots__ = (
        "_account_results",
        "_carried",
        "_conversions",
        "_method",
        "_outgoing",
        "_rates",
        "_settle",
        "_source",
        "_unvalued",
        "_unvalued_results",
    )

    _account_results: dict[str, Decimal]
    _carried: bool
    _conversions: list[Conversion]
    _method: Method
    _outgoing: CarriedUnits | None
    _rates: Rates | None
    _settle: str
    _source: Source
    _unvalued: dict[str, Decimal]
    _unvalued_results: dict[str, Decimal]

    def _value_in_settlement(
        self, amount: Decimal, currency: str, event: AccountEvent, unvalued: dict[str, Decimal]
    ) -> Decimal | None:
        """Return an amount of an event in settlement currency, as `_convert` does."""
        if currency == self._settle:
            return amount
        return self._convert(amount, currency, event.happened_at, unvalued)

    def _cost_in_settlement(self, amount: Decimal, currency: str, event: AccountEvent) -> Decimal | None:
        """Return a part of an entry value, or of what closes units, in settlement currency; None without a rate."""
        return amount if currency == self._settle else self._converted(amount, currency, event.happened_at)

    def _add_unvalued_result(self, amounts: Amounts) -> None:
        """Remember results without a rate; what is paid is negative."""
        for currency, amount in amounts.items():
            self._unvalued_results[currency] = self._unvalued_results.get(currency, ZERO) + amount

    def _add_unvalued_money(self, amounts: Amounts) -> None:
        """Remember money without a rate that was paid (negative) or received for units, and so is in no result."""
        self._add_unvalued_result(amounts)

    def _add_result(self, event: AccountEvent, value: Decimal | None) -> None:
        if value:
            self._account_results[event.type] = self._account_results.get(event.type, ZERO) + value

    def _convert(self, amount: Decimal, currency: str, at: datetime, unvalued: dict[str, Decimal]) -> Decimal | None:
        """Return an amount in settlement currency; None, and remember it as unvalued, where no rate is given."""
        value = self._converted(amount, currency, at)
        if value is None:
            unvalued[currency] = unvalued.get(currency, ZERO) + amount
        return value

    def _converted(self, amount: Decimal, currency: str, at: datetime) -> Decimal | None:
        rate = None if self._rates is None else self._rates(currency, self._settle, at)
        if rate is None:
            return None
        self._conversions.append(Conversion(amount, currency, self._settle, at, rate))
        return amount * rate

    # ------------------------------------------------------------------------------------------------ payments

    def _payment(self, event: AccountEvent) -> None:
        """Add what was received or paid to the results without an order.

        Rules: ENTRY-4.
        """
        assert event.amount is not None and event.currency is not None
        value = self._value_in_settlement(event.amount, event.currency, event, self._unvalued_results)
        self._add_result(event, value)

    # ------------------------------------------------------------------------------------------- changes of cost

    def _adjust_cost(self, event: AccountEvent) -> None:
        """Lower the entry value of the open units by what was received for them; what exceeds it is a result.

        Rules: ENTRY-8, ENTRY-9.
        """
        if event.cost is not None:
            if self._direction:
                self._add_result(event, self._receive_for_units(-event.cost if self._gains_by_value else event.cost))
            return
        assert event.amount is not None and event.currency is not None
        received = self._cost_in_settlement(event.amount, event.currency, event)
        if received:
            self._add_result(event, self._receive_for_units(received))
        elif received is None and self._direction:
            self._receive_unvalued_for_units({event.currency: event.amount})
        elif received is None:
            self._add_unvalued_result({event.currency: event.amount})

    def _receive_for_units(self, received: Decimal) -> Decimal:
        """Change the entry value of the open units by a payment for them, by quantity; returns what exceeds it.

        Rules: ENTRY-8.
        """
        self._carried = True
        if not self._direction:
            return received
        sign = -1 if self._gains_by_value else 1
        excess = ZERO

        def changed(value: Decimal, part: Decimal) -> Decimal:
            nonlocal excess
            value += part * sign
            if value < ZERO:
                excess -= value
                return ZERO
            return value

        if self._lots is None:
            self._entry_value = changed(self._entry_value, received)
        else:
            shares = split_by_weights(received, [lot.quantity for lot in self._sorted_lots()])
            self._replace_lots(
                self._with_value(lot, changed(lot.entry_value, part))
                for lot, part in zip(self._sorted_lots(), shares, strict=True)
            )
        return excess if self._gains_by_value else -excess

    def _receive_unvalued_for_units(self, received: Amounts) -> None:
        """Remember that a payment without a rate changed the cost of the open units, by quantity."""
        self._add_unvalued_money(received)
        change = negated(received) if self._gains_by_value else received
        self._unvalued_cost = plus(self._unvalued_cost, change)
        if self._lots is None:
            return
        lots, whole = self._sorted_lots(), self._open_quantity
        changed = []
        for lot in lots:
            part = part_of(change, lot.quantity, whole)
            change, whole = minus(change, part), whole - lot.quantity
            changed.append(lot._replace(unvalued_cost=plus(lot.unvalued_cost, part)))
        self._replace_lots(changed)

    def _sorted_lots(self) -> list[Lot]:
        return sorted(self._lots or (), key=Lot.age)

    def _with_value(self, lot: Lot, value: Decimal) -> Lot:
        return lot._replace(entry_value=value, price=price_of(self._instrument, lot.quantity, value) or ZERO)

    def _replace_lots(self, lots: Iterable[Lot]) -> None:
        """Replace the open lots by others of the same quantity; the entry value is their sum."""
        replaced = LOT_ORDERS[self._method]()
        value = ZERO
        for lot in lots:
            replaced.put(lot)
            value += lot.entry_value
        self._lots = replaced
        self._entry_value = value

    def _split(self, event: AccountEvent) -> None:
        """Turn every `split_from` units into `split_to`. Their entry value and fees stay.

        Rules: ENTRY-5.
        """
        assert event.split_to is not None and event.split_from is not None
        rest = self._open_quantity = share(event.split_to, self._open_quantity, event.split_from)
        self._missing_traded = share(event.split_to, self._missing_traded, event.split_from)
        self._missing_moved = share(event.split_to, self._missing_moved, event.split_from)
        if self._lots is None:
            return
        lots = self._sorted_lots()
        self._lots = LOT_ORDERS[self._method]()
        for lot in lots:
            quantity = rest if lot is lots[-1] else share(event.split_to, lot.quantity, event.split_from)
            rest -= quantity
            price = share(lot.price, event.split_from, event.split_to)
            self._lots.put(lot._replace(quantity=quantity, price=price))

    # ----------------------------------------------------------------------------------------------- transfers

    def _transfer(self, event: AccountEvent) -> None:
        """Fold units that come or go without a trade.

        Units that enlarge the position enter at their cost. Units that reduce it leave with the cost that they have or,
        if the event has a cost, are closed for it: a result without an order, which no trading figure contains. Units
        that leave without being there are missing, and later ones fill them.

        Rules: ENTRY-7.
        """
        assert event.quantity is not None
        direction = 1 if event.quantity > ZERO else -1
        if event.lots and event.enters:
            for lot in joined_lots(CarriedLot(lot.quantity, lot.cost or ZERO, lot.acquired_at) for lot in event.lots):
                self._transfer_part(event, direction, lot.quantity, lot.value, lot.opened_at)
        else:
            self._transfer_part(event, direction, event.quantity.copy_abs(), event.cost, None)

    def _transfer_part(
        self,
        event: AccountEvent,
        direction: int,
        quantity: Decimal,
        stated_cost: Decimal | None,
        acquired_at: datetime | None,
    ) -> None:
        """Move units that a transfer brings or takes, all of them with one time of acquisition.

        Rules: ENTRY-6.
        """
        cost = stated_cost or ZERO
        if direction == -self._direction:
            reduced = min(quantity, self._open_quantity)
            value = share(cost, reduced, quantity)
            with self._named_lots_first(event):
                if stated_cost is None:
                    self._closed_fees += self._remove(reduced).fees
                else:
                    self._add_result(event, self._close(reduced, value, ZERO))
            quantity, cost = quantity - reduced, cost - value
            self._carried = True
        if quantity:
            self._enter(direction, quantity, cost, ZERO, None, event, acquired_at)

    @contextmanager
    def _named_lots_first(self, event: AccountEvent) -> Iterator[None]:
        """Let units leave the lots first that an event names to leave, and the others as the method orders them.

        Rules: ENTRY-7.
        """
        if self._lots is None or not event.lots or event.enters:
            yield
            return
        self._lots = named_first(self._lots, [(lot.acquired_at, lot.quantity) for lot in event.lots])
        yield
        left, self._lots = self._lots, LOT_ORDERS[self._method]()
        for lot in left:
            self._lots.put(lot)

    # ------------------------------------------------------------------------------------- the end of open units

    def _end(self, event: AccountEvent) -> None:
        """Close units that expired, or were exercised and settled in cash, for what was paid: a gross result.

        What missing units bring adds nothing; what is paid though nothing is open and no units are named is a result.

        Rules: ENTRY-11, ENTRY-12.
        """
        units = self._ending_units(event)
        if not units and (event.quantity is not None or event.amount is None):
            return
        received: Decimal | None = None
        if event.amount is not None:
            assert event.currency is not None
            received = self._cost_in_settlement(event.amount, event.currency, event)
            if received is None:
                self._add_unvalued_result({event.currency: event.amount})
                received = ZERO
            if event.quantity is not None:
                received = share(received, units, event.quantity)
        if not units:
            self._realized_gross += received or ZERO
        elif event.price is not None:
            self._realized_gross += self._close(units, self._instrument.value(units, event.price), ZERO)
        elif self._instrument.settles_by_result:
            self._carried = True  # the amount is the whole result, whatever the units cost
            self._closed_fees += self._remove(units).fees
            self._realized_gross += received or ZERO
        else:
            value = received or ZERO
            self._realized_gross += self._close(units, value if self._gains_by_value else -value, ZERO)

    def _ending_units(self, event: AccountEvent) -> Decimal:
        """The open units that an event ends: those that are open in its direction; what it ends beyond is missing.

        Rules: ENTRY-11, MISSING-3.
        """
        there = self._open_quantity if self._direction == ENDED_DIRECTIONS.get(event.type, self._direction) else ZERO
        if event.quantity is None:
            return there
        units = min(event.quantity, there)
        self._missing_traded += event.quantity - units
        return units


ENDED_DIRECTIONS = {AccountEventType.EXERCISE: 1, AccountEventType.ASSIGNMENT: -1}
"""The direction of the position that an event ends."""
