"""Lots: the parts of a position that entered at different prices, and which of them a closing trade takes first."""

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
    """Units that entered together: `entry_value` and the `fees` still to be counted, both in settlement currency.

    `price` is the entry price per unit in quote currency by which HIFO and LOFO choose; settlement fees are not in it,
    fees paid in quantity are. `number` is that of the entry that brought it, of all that moved the position.
    """

    number: int
    quantity: Decimal
    price: Decimal
    entry_value: Decimal
    fees: Decimal
    opened_at: datetime
    order_id: str | None = None


class Taken(NamedTuple):
    """What a closing trade took out of the lots."""

    entry_value: Decimal
    fees: Decimal


class Lots(Protocol):
    """Lots in the order of one method."""

    def put(self, lot: Lot) -> None:
        """A lot that enters now, or what is left of the one that `pop` gave last."""

    def pop(self) -> Lot:
        """The lot that is taken next."""

    def __iter__(self) -> Iterator[Lot]: ...


class _FirstIn:
    """The oldest lot first."""

    def __init__(self) -> None:
        self._lots: deque[Lot] = deque()
        self.pop: Callable[[], Lot] = self._lots.popleft

    def put(self, lot: Lot) -> None:
        lots = self._lots
        # What is left of a lot goes back to where it was taken from.
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
"""How each method orders lots. AVERAGE has none: all units of a position are alike."""


def take(lots: Lots, quantity: Decimal) -> Taken:
    """Take `quantity` units out of the lots, which hold at least as many. To be called inside `exactly()`."""
    value = fees = ZERO
    while True:
        lot = lots.pop()
        left = lot.quantity - quantity
        if left <= ZERO:
            value += lot.entry_value
            fees += lot.fees
            if not left:
                return Taken(value, fees)
            quantity -= lot.quantity
        else:
            value_share = share(lot.entry_value, quantity, lot.quantity)
            fee_share = share(lot.fees, quantity, lot.quantity) if lot.fees else ZERO
            lots.put(lot._replace(quantity=left, entry_value=lot.entry_value - value_share, fees=lot.fees - fee_share))
            return Taken(value + value_share, fees + fee_share)
