"""Lots: the parts of a position that entered at different prices, and which of them a closing trade reduces first."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from heapq import heappop, heappush
from operator import itemgetter
from typing import Any, NamedTuple, Protocol

from sot.domain.values.numbers import ZERO, share
from sot.domain.values.vocabulary import Method


class Lot(NamedTuple):
    """Units that entered together.

    Attributes:
        number: The number of the entry that it came with, among all entries of the position.
        quantity: Units that are open.
        price: The entry price by which HIFO and LOFO choose, in quote currency per unit. It contains fees that were
            paid in units, and no others.
        entry_value: The entry value of the open units, in settlement currency.
        fees: The entry fees of the open units, in settlement currency.
        order_id: The order that it came with; None for an account event.
    """

    number: int
    quantity: Decimal
    price: Decimal
    entry_value: Decimal
    fees: Decimal
    opened_at: datetime
    order_id: str | None = None


class RemovedUnits(NamedTuple):
    """The entry value and the entry fees of units that left a position, in settlement currency."""

    entry_value: Decimal
    fees: Decimal


class Lots(Protocol):
    """The open lots, in the order of one method."""

    def put(self, lot: Lot) -> None:
        """Add a new lot, or what is left of the lot that `pop` returned last."""

    def pop(self) -> Lot:
        """Remove the lot that is reduced next."""

    def __iter__(self) -> Iterator[Lot]: ...


class _FirstIn:
    """The oldest lot first."""

    def __init__(self) -> None:
        self._lots: deque[Lot] = deque()
        self.pop: Callable[[], Lot] = self._lots.popleft

    def put(self, lot: Lot) -> None:
        lots = self._lots
        # What is left of a lot goes back to its place.
        if lots and lot.number < lots[0].number:
            lots.appendleft(lot)
        else:
            lots.append(lot)

    def __iter__(self) -> Iterator[Lot]:
        return iter(self._lots)


class _LastIn:
    """The youngest lot first."""

    def __init__(self) -> None:
        self._lots: list[Lot] = []
        self.put: Callable[[Lot], None] = self._lots.append
        self.pop: Callable[[], Lot] = self._lots.pop

    def __iter__(self) -> Iterator[Lot]:
        return iter(self._lots)


class _ByPrice:
    """The highest or the lowest price first; of equal ones the oldest."""

    def __init__(self, highest: bool) -> None:
        self._heap: list[tuple[Decimal, int, Lot]] = []
        self._highest = highest

    def put(self, lot: Lot) -> None:
        heappush(self._heap, (lot.price.copy_negate() if self._highest else lot.price, lot.number, lot))

    def pop(self) -> Lot:
        return heappop(self._heap)[2]

    def __iter__(self) -> Iterator[Lot]:
        return map(itemgetter(2), self._heap)


LOT_ORDERS: Mapping[Method, Callable[[], Any]] = {
    Method.FIFO: _FirstIn,
    Method.LIFO: _LastIn,
    Method.HIFO: lambda: _ByPrice(highest=True),
    Method.LOFO: lambda: _ByPrice(highest=False),
}
"""How each method orders lots. AVERAGE has no lots: all units of a position are alike."""


def remove_units(lots: Lots, quantity: Decimal) -> RemovedUnits:
    """Remove units from the lots. Call it inside `numbers.exactly()`.

    Args:
        lots: The lots, which have at least so many units.
        quantity: The units to remove.
    """
    value = fees = ZERO
    while True:
        lot = lots.pop()
        left = lot.quantity - quantity
        if left <= ZERO:
            value += lot.entry_value
            fees += lot.fees
            if not left:
                return RemovedUnits(value, fees)
            quantity -= lot.quantity
        else:
            value_share = share(lot.entry_value, quantity, lot.quantity)
            fee_share = share(lot.fees, quantity, lot.quantity) if lot.fees else ZERO
            lots.put(lot._replace(quantity=left, entry_value=lot.entry_value - value_share, fees=lot.fees - fee_share))
            return RemovedUnits(value + value_share, fees + fee_share)
