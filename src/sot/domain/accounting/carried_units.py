"""What an account event takes out of one position and brings to another: by a spin-off, an exercise, an assignment."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from sot.domain.accounting.account_event import AccountEvent


class CarriedLot(NamedTuple):
    """Units of the position that they come to, with the value that they bring, and the time of their acquisition."""

    quantity: Decimal
    value: Decimal
    opened_at: datetime


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
    """

    direction: int
    quantity: Decimal
    price: Decimal | None
    value: Decimal
    fees: Decimal
    currency: str
    lots: Sequence[CarriedLot] = ()


Source = Callable[[AccountEvent], CarriedUnits | None]
"""Returns what an account event brings to the position of its `to_symbol`; None if the other one is not known."""


def carries_nothing(event: AccountEvent) -> CarriedUnits | None:
    """The source of a position to which nothing comes from another one."""
    return None
