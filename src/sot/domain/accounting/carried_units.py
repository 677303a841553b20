"""What an account event takes out of one position and brings to another: by a spin-off, an exercise, an assignment."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.amounts import NOTHING, Amounts, part_of, plus
from sot.domain.accounting.valuation import Valuation
from sot.domain.values.numbers import ZERO, add


class CarriedLot(NamedTuple):
    """Units of the position that they come to, with the value that they bring, and the time of their acquisition.

    Attributes:
        quantity: The units.
        value: The value that comes with them, as `CarriedUnits.value`.
        opened_at: When they were acquired.
        unvalued: What comes beside the value, by currency, and had no rate.
        valuation: What comes in a reporting currency, at the rates of its own entry; None if nobody asks for one.
    """

    quantity: Decimal
    value: Decimal
    opened_at: datetime
    unvalued: Amounts = NOTHING
    valuation: Valuation | None = None


class CarriedUnits(NamedTuple):
    """What an account event brings to the position of its `to_symbol`.

    Attributes:
        direction: 1 if the units come in, -1 if they leave.
        quantity: The units, without sign.
        price: The price at which they are bought or sold, in quote currency per unit; None if they are not paid for.
        value: The value that comes from the other position and is added to what is paid for them; of options that were
            sold, or whose exercise sells, it is negative.
        fees: The entry fees that come from the other position.
        currency: The currency of `value` and `fees`.
        lots: The units by their time of acquisition, together `quantity` and `value`; none if they are acquired now.
        unvalued: What comes beside the value, by currency, and had no rate.
        valuation: What comes in a reporting currency, at the rates of its own entry; None if nobody asks for one.
    """

    direction: int
    quantity: Decimal
    price: Decimal | None
    value: Decimal
    fees: Decimal
    currency: str
    lots: Sequence[CarriedLot] = ()
    unvalued: Amounts = NOTHING
    valuation: Valuation | None = None

    def lots_at(self, time: datetime) -> Sequence[CarriedLot]:
        """The units by their time of acquisition; a time if they are acquired now."""
        return self.lots or [CarriedLot(self.quantity, self.value, time, self.unvalued, self.valuation)]


class EnteringUnits(NamedTuple):
    """Units that come from another position, with what they bring in the settlement currency of the one they come to.

    Attributes:
        quantity: The units.
        carried: The value that comes with them.
        others: What comes beside it and had no rate before.
        unvalued: What still has no rate, by currency: it is no part of any value.
        valuation: The value that comes with them, in a reporting currency, at the rates of its own entry; None if
            nobody asks for one, or if `carried` is not known.
        paid_fees: The fees that come with them, in a reporting currency, as they were paid; None as `valuation`, but it
            needs no rate of the event.
    """

    quantity: Decimal
    carried: Decimal
    others: Decimal = ZERO
    unvalued: Amounts = NOTHING
    valuation: Valuation | None = None
    paid_fees: Decimal | None = None

    @property
    def value(self) -> Decimal:
        """All that comes with them and has a rate."""
        return add(self.carried, self.others)

    def part_of_unvalued(self, quantity: Decimal) -> Amounts:
        """What some of the units bring without a rate."""
        return part_of(self.unvalued, quantity, self.quantity) if self.unvalued else self.unvalued


Source = Callable[[AccountEvent], CarriedUnits | None]
"""Returns what an account event brings to the position of its `to_symbol`; None if the other one is not known."""


def carries_nothing(event: AccountEvent) -> CarriedUnits | None:
    """The source of a position to which nothing comes from another one."""
    return None


def joined_lots(lots: Iterable[CarriedLot]) -> list[CarriedLot]:
    """Join lots with the same time of acquisition; oldest first."""
    joined: dict[datetime, CarriedLot] = {}
    for lot in lots:
        same = joined.get(lot.opened_at, CarriedLot(ZERO, ZERO, lot.opened_at))
        unvalued = plus(same.unvalued, lot.unvalued)
        joined[lot.opened_at] = CarriedLot(
            same.quantity + lot.quantity, same.value + lot.value, lot.opened_at, unvalued
        )
    return [joined[at] for at in sorted(joined)]
