"""The effects of account events on two positions: what they take out of one and bring to another."""

from collections.abc import Callable, Mapping

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.amounts import NOTHING, minus, negated, part_of, plus
from sot.domain.accounting.carried_units import CarriedLot, CarriedUnits, EnteringUnits, joined_lots
from sot.domain.accounting.event_effects import ENDED_DIRECTIONS, EventEffects
from sot.domain.accounting.lots import RemovedUnits
from sot.domain.values.numbers import ONE, ZERO, share, split_by_weights
from sot.domain.values.vocabulary import AccountEventType, OptionRight


class CarryingEffects(EventEffects):
    """The part of a position fold that carries values from one position to another; it folds every account event."""

    __slots__ = ()

    def _account_event(self, event: AccountEvent) -> None:
        if event.to_symbol == self._instrument.symbol:
            self._receive(event)
        elif event.effective or event.type is AccountEventType.TRANSFER:
            EFFECTS[event.type](self, event)

    def _exercise(self, event: AccountEvent) -> None:
        """Close units of an option without a result: their entry value and fees go to the underlying's position.

        Rules: ENTRY-13.
        """
        if event.to_symbol is None:
            self._end(event)
            return
        option_direction = ENDED_DIRECTIONS[event.type]
        instrument = self._instrument
        assert event.quantity is not None
        to_quantity = event.to_quantity
        if to_quantity is None:
            buys = (instrument.right is OptionRight.CALL) is (option_direction > 0)
            to_quantity = event.quantity * instrument.multiplier * (1 if buys else -1)
        direction = 1 if to_quantity > ZERO else -1
        units = self._ending_units(event)
        removed = self._remove(units) if units else RemovedUnits(ZERO, ZERO)
        self._carried = True
        self._outgoing = CarriedUnits(
            direction=direction,
            quantity=to_quantity.copy_abs(),
            price=instrument.strike if event.price is None else event.price,
            value=removed.entry_value * (direction * option_direction),
            fees=removed.fees,
            currency=self._settle,
            unvalued=removed.unvalued_cost if direction == option_direction else negated(removed.unvalued_cost),
        )

    def _spin_off(self, event: AccountEvent) -> None:
        """Move a part of the entry value of the open units to units of another symbol. Their fees stay.

        What long units cost is no part of what short ones brought in: units of the other direction take nothing along.

        Rules: ENTRY-10.
        """
        assert event.to_quantity is not None
        direction = 1 if event.to_quantity > ZERO else -1
        unvalued = NOTHING
        if direction == -self._direction:
            moved = ZERO
        elif event.cost is None:
            moved = share(self._entry_value, event.cost_share or ZERO, ONE)
            unvalued = part_of(self._unvalued_cost, event.cost_share or ZERO, ONE)
        else:
            moved = min(event.cost, self._entry_value)
        quantity = event.to_quantity.copy_abs()
        lots: list[CarriedLot] = []
        self._unvalued_cost = minus(self._unvalued_cost, unvalued)
        if self._lots is None or direction == -self._direction:
            self._entry_value -= moved
        else:
            open_lots = self._sorted_lots()
            values = split_by_weights(moved, [lot.entry_value for lot in open_lots])
            quantities = split_by_weights(quantity, [lot.quantity for lot in open_lots])
            unvalued_share = (event.cost_share or ZERO) if unvalued else ZERO
            parts = [part_of(lot.unvalued_cost, unvalued_share, ONE) for lot in open_lots]
            lots = joined_lots(
                CarriedLot(units, value, lot.opened_at, part)
                for lot, units, value, part in zip(open_lots, quantities, values, parts, strict=True)
            )
            self._replace_lots(
                self._with_value(lot, lot.entry_value - value)._replace(unvalued_cost=minus(lot.unvalued_cost, part))
                for lot, value, part in zip(open_lots, values, parts, strict=True)
            )
        self._carried = True
        self._outgoing = CarriedUnits(
            direction=direction,
            quantity=quantity,
            price=None,
            value=moved,
            fees=ZERO,
            currency=self._settle,
            lots=lots,
            unvalued=unvalued,
        )

    # -------------------------------------------------------------------------------- what comes from elsewhere

    def _receive(self, event: AccountEvent) -> None:
        """Fold what an event about another symbol brings.

        Rules: ENTRY-13.
        """
        carried = self._source(event)
        if carried is None or not carried.quantity:
            return
        self._carried = True
        fees = self._value_in_settlement(carried.fees, carried.currency, event, self._unvalued) or ZERO
        for lot in carried.lots_at(event.happened_at):
            entering = self._entering = self._entering_units(lot, carried.currency, event)
            paid = negated(entering.unvalued) if carried.direction > 0 else entering.unvalued
            self._add_unvalued_money(paid)
            if carried.price is None:
                self._transfer_part(event, carried.direction, lot.quantity, entering.value, lot.opened_at)
            else:
                value = entering.value + self._instrument.value(carried.quantity, carried.price)
                self._move(carried.direction, carried.quantity, value, fees, None, event)
        self._entering = None

    def _entering_units(self, lot: CarriedLot, currency: str, event: AccountEvent) -> EnteringUnits:
        """Value what units bring in settlement currency, each part at the rate of the event.

        Rules: ENTRY-14.
        """
        carried = self._cost_in_settlement(lot.value, currency, event)
        others, unvalued = ZERO, plus(NOTHING, {} if carried is not None else {currency: lot.value})
        for name, amount in lot.unvalued.items():
            part = self._cost_in_settlement(amount, name, event)
            if part is None:
                unvalued = plus(unvalued, {name: amount})
            else:
                others += part
        valuation = None if carried is None else lot.valuation
        paid_fees = None if lot.valuation is None else lot.valuation.fees
        return EnteringUnits(lot.quantity, carried or ZERO, others, unvalued, valuation, paid_fees)


EFFECTS: Mapping[AccountEventType, Callable[[CarryingEffects, AccountEvent], None]] = {
    AccountEventType.TRANSFER: EventEffects._transfer,
    AccountEventType.FUNDING: EventEffects._payment,
    AccountEventType.INTEREST: EventEffects._payment,
    AccountEventType.DIVIDEND: EventEffects._payment,
    AccountEventType.FEE_ADJUSTMENT: EventEffects._payment,
    AccountEventType.SPLIT: EventEffects._split,
    AccountEventType.COST_ADJUSTMENT: EventEffects._adjust_cost,
    AccountEventType.SPIN_OFF: CarryingEffects._spin_off,
    AccountEventType.EXPIRY: EventEffects._end,
    AccountEventType.EXERCISE: CarryingEffects._exercise,
    AccountEventType.ASSIGNMENT: CarryingEffects._exercise,
}
"""The effect of each type on the position of its symbol."""
