"""Lots: the parts of a position that entered at different prices, and which of them a closing trade reduces first."""

from bisect import bisect
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from decimal import Decimal
from heapq import heappop, heappush
from operator import itemgetter
from typing import Any, NamedTuple, Protocol

from sot.domain.accounting.amounts import NOTHING, Amounts, minus, part_of, plus
from sot.domain.values.json_form import JsonForm
from sot.domain.values.numbers import ZERO, share
from sot.domain.values.vocabulary import Method


class _LotFields(NamedTuple):
    number: int
    quantity: Decimal
    price: Decimal
    entry_value: Decimal
    fees: Decimal
    opened_at: datetime
    order_id: str | None = None
    unvalued_cost: Mapping[str, Decimal] = NOTHING


class Lot(_LotFields, JsonForm):
    """Units that entered together.

    Attributes:
        number: The number of the entry that it came with, among all entries of the position.
        quantity: Units that are open.
        price: The entry price by which HIFO and LOFO choose, in quote currency per unit. It contains fees that were
            paid in units, and no others.
        entry_value: The entry value of the open units, in settlement currency.
        fees: The entry fees of the open units, in settlement currency.
        order_id: The order that it came with; None for an account event.
        unvalued_cost: What its open units cost beside the entry value, by currency, for which there is no rate;
            negative where a payment lowered their cost.
    """

    __slots__ = ()

    def age(self) -> tuple[datetime, int]:
        """What lots are ordered by in time."""
        return self.opened_at, self.number

    def divided(self, quantity: Decimal) -> tuple["Lot", "Lot"]:
        """Divide it into some of its units, and the others, which get what is left of all amounts.

        Rules: LOT-8.
        """
        whole, unvalued = self.quantity, self.unvalued_cost
        part = self._replace(
            quantity=quantity,
            entry_value=share(self.entry_value, quantity, whole),
            fees=share(self.fees, quantity, whole) if self.fees else ZERO,
            unvalued_cost=part_of(unvalued, quantity, whole) if unvalued else unvalued,
        )
        rest = self._replace(
            quantity=whole - quantity,
            entry_value=self.entry_value - part.entry_value,
            fees=self.fees - part.fees,
            unvalued_cost=minus(unvalued, part.unvalued_cost) if unvalued else unvalued,
        )
        return part, rest


class RemovedUnits(NamedTuple):
    """The entry value and the entry fees of units that left a position, in settlement currency.

    `unvalued_cost` is what they cost beside the entry value, by currency, for which there is no rate.
    """

    entry_value: Decimal
    fees: Decimal
    unvalued_cost: Amounts = NOTHING


class Lots(Protocol):
    """The open lots, in the order of one method."""

    def put(self, lot: Lot) -> None:
        """Add a new lot, or what is left of the lot that `pop` returned last."""

    def pop(self) -> Lot:
        """Remove the lot that is reduced next."""

    def __iter__(self) -> Iterator[Lot]: ...


class _ByAge:
    """Lots by age: when they were acquired, and of the same time, with which entry they came. Most come last."""

    def __init__(self) -> None:
        self._lots: deque[Lot] = deque()

    def put(self, lot: Lot) -> None:
        lots = self._lots
        if not lots or lots[-1].age() < lot.age():
            lots.append(lot)
        elif lot.age() < lots[0].age():
            lots.appendleft(lot)
        else:  # a transfer brought units that were acquired between others
            lots.insert(bisect(lots, lot.age(), key=Lot.age), lot)

    def __iter__(self) -> Iterator[Lot]:
        return iter(self._lots)


class _FirstIn(_ByAge):
    """The oldest lot first.

    Rules: LOT-3.
    """

    def __init__(self) -> None:
        super().__init__()
        self.pop: Callable[[], Lot] = self._lots.popleft


class _LastIn(_ByAge):
    """The youngest lot first.

    Rules: LOT-4.
    """

    def __init__(self) -> None:
        super().__init__()
        self.pop: Callable[[], Lot] = self._lots.pop


class _ByPrice:
    """The highest or the lowest price first; of equal ones the oldest.

    Rules: LOT-5, LOT-6, LOT-7.
    """

    def __init__(self, highest: bool) -> None:
        self._heap: list[tuple[Decimal, tuple[datetime, int], Lot]] = []
        self._highest = highest

    def put(self, lot: Lot) -> None:
        heappush(self._heap, (lot.price.copy_negate() if self._highest else lot.price, lot.age(), lot))

    def pop(self) -> Lot:
        return heappop(self._heap)[2]

    def __iter__(self) -> Iterator[Lot]:
        return map(itemgetter(2), self._heap)


class _InGivenOrder:
    """Lots in the order in which they are given; what is left of one goes back to the front."""

    def __init__(self, lots: Iterable[Lot]) -> None:
        self._lots = deque(lots)
        self.pop: Callable[[], Lot] = self._lots.popleft
        self.put: Callable[[Lot], None] = self._lots.appendleft

    def __iter__(self) -> Iterator[Lot]:
        return iter(self._lots)


class WatchedLots:
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


def watched(lots: Lots) -> WatchedLots:
    """Watch lots from now on; those that are watched already, anew."""
    if not isinstance(lots, WatchedLots):
        return WatchedLots(lots)
    lots.watch()
    return lots


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
    unvalued = NOTHING
    while quantity:
        lot = lots.pop()
        if lot.quantity > quantity:
            lot, rest = lot.divided(quantity)
            lots.put(rest)
        value += lot.entry_value
        fees += lot.fees
        unvalued = plus(unvalued, lot.unvalued_cost)
        quantity -= lot.quantity
    return RemovedUnits(value, fees, unvalued)


def named_first(lots: Lots, named: Iterable[tuple[datetime, Decimal]]) -> Lots:
    """Put named units before all others, which keep their order. Call it inside `numbers.exactly()`.

    Args:
        lots: The lots.
        named: The times at which units were acquired, and how many of each; those that no lot has are left out.

    Rules: ENTRY-7.
    """
    others = [lots.pop() for _ in list(lots)]
    first: list[Lot] = []
    for opened_at, quantity in named:
        for index, lot in enumerate(others):
            if lot.opened_at == opened_at and quantity:
                part, others[index] = lot.divided(min(quantity, lot.quantity))
                first.append(part)
                quantity -= part.quantity
    return _InGivenOrder([*first, *(lot for lot in others if lot.quantity)])
