"""The fills of one moment: whether anything tells their order, and whether the result depends on it.

Design section 5: only `venue_time_ns`, `venue_sequence`, or execution ids that differ in one run of digits alone tell
opposite fills of one moment apart.
"""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.figures import Entry
from sot.domain.accounting.position import PositionState
from sot.domain.orders.fill import Fill
from sot.domain.values.instrument import Instrument
from sot.domain.values.numbers import QUOTIENT_DIGITS, ZERO, add, multiply, subtract
from sot.domain.values.position_key import OrderMarks, order_marks
from sot.domain.values.vocabulary import AccountEventType, PositionSide, Side

PURCHASES, SALES = 1, 2

BOTH_SIDES = PURCHASES | SALES

ORDER_KNOWN = 4
"""Added to both sides where each fill of the moment is known to come after the one before it."""

Simulation = Callable[[PositionState, Sequence[Fill]], PositionState]
"""Folds fills from a state by the method AVERAGE."""


def side_of(fill: Fill) -> int:
    """PURCHASES or SALES."""
    return PURCHASES if fill.side is Side.BUY else SALES


def can_continue(state: PositionState, entry: Entry) -> bool:
    """Whether the fold of a position can continue from its state with an entry.

    The entry must be the latest. A fill that is opposite to earlier ones of its moment needs these, unless it is known
    to come after all of them: the position is folded again from before the moment.
    """
    key = entry.fold_key
    if key <= state.last_key:
        return False
    if state.order_assumed or not isinstance(entry, Fill) or entry.happened_at != state.last_at:
        return True
    if (state.moment_sides | side_of(entry)) & BOTH_SIDES != BOTH_SIDES:
        return True
    is_order_known = bool(state.moment_sides & ORDER_KNOWN)
    return is_order_known and _marks_precede(order_marks(state.last_key), order_marks(key))


class Moment:
    """The fills of one moment, in the order in which they fold.

    Args:
        instrument: The instrument.
        start: The state before the first of them.
    """

    __slots__ = ("_alike", "_before", "_fills", "_is_order_known", "_marks", "_start")

    def __init__(self, instrument: Instrument, start: PositionState) -> None:
        self._alike = AlikeFills(instrument, start)
        self._start = start
        self._fills: list[Fill] = []
        self._marks: list[OrderMarks] = []
        self._before: list[int] = []
        self._is_order_known = True

    def add(self, fill: Fill) -> None:
        """Add the next fill."""
        self._fills.append(fill)

    @property
    def is_order_known(self) -> bool:
        """Whether each fill is known to come after the one before it."""
        if self._is_order_known:
            known = max(len(self._marks) - 1, 0)
            self._read_marks()
            marks = self._marks[known:]
            self._is_order_known = all(map(_marks_precede, marks, marks[1:]))
        return self._is_order_known

    def is_order_relevant(self, simulate: Simulation) -> bool:
        """Whether the result is another one if an opposite fill was after the last one instead of before it.

        It is tried with each opposite fill, unless it is known, directly or by fills between, that it was first.

        Rules: FOLD-8.
        """
        if self.is_order_known or self._alike.include(self._fills):
            return False
        fills, state, reached = self._fills, self._start, 0
        expected: PositionState | None = None
        for number in self._opposites_in_unknown_order():
            state, reached = simulate(state, fills[reached:number]), number
            expected = expected or simulate(state, fills[number:])
            if any(_differ(expected, simulate(state, order)) for order in self._other_orders(number)):
                return True
        return False

    def _opposites_in_unknown_order(self) -> Iterator[int]:
        """The numbers of the fills of the other side that are not known to come before the last one."""
        before, last = self._known_predecessors(), self._fills[-1]
        for number in _bits(~before & ((1 << len(self._fills) - 1) - 1)):
            if self._fills[number].side is not last.side:
                yield number

    def _read_marks(self) -> None:
        self._marks += [order_marks(fill.fold_key) for fill in self._fills[len(self._marks) :]]

    def _known_predecessors(self) -> int:
        """The fills that are known to come before the last one, as bits by their number."""
        self._read_marks()
        marks, masks = self._marks, self._before
        for last in range(len(masks), len(marks)):
            mask, untried = 0, (1 << last) - 1
            while untried:  # from the latest on: it tells of most others
                number = untried.bit_length() - 1
                if _marks_precede(marks[number], marks[last]):
                    mask |= 1 << number | masks[number]
                untried &= ~(mask | 1 << number)
            masks.append(mask)
        return masks[-1]

    def _other_orders(self, number: int) -> Iterator[Sequence[Fill]]:
        """The orders, from a fill on, in which the last one comes as early, or that one as late, as is known."""
        fills, before, end = self._fills, self._before, len(self._fills) - 1
        between = range(number + 1, end)
        needed = [each for each in between if before[end] >> each & 1]
        free = [each for each in between if not before[each] >> number & 1]
        for first in (needed, free):
            chosen = set(first)
            rest = [each for each in between if each not in chosen]
            yield [fills[each] for each in (*first, end, number, *rest)]


class AlikeFills:
    """Fills at the price of what is held, with fees in proportion: whatever their order, the result is the same.

    Args:
        instrument: The instrument.
        start: The state before the first of them.
    """

    __slots__ = ("_are_alike", "_bought", "_count", "_first", "_instrument", "_sold", "_start")

    def __init__(self, instrument: Instrument, start: PositionState) -> None:
        self._instrument = instrument
        self._start = start
        self._first: Fill | None = None
        self._are_alike = not start.missing_moved
        self._count = 0
        self._bought = self._sold = ZERO

    def include(self, fills: Sequence[Fill]) -> bool:
        """Whether all fills of a list, which has grown at its end since the last call, are alike."""
        for fill in fills[self._count :]:
            self._are_alike = self._are_alike and self._is_alike(fill)
        self._count = len(fills)
        return self._are_alike and self._is_nothing_missing(fills[-1])

    def _is_alike(self, fill: Fill) -> bool:
        if fill.side is Side.BUY:
            self._bought = add(self._bought, fill.quantity)
        else:
            self._sold = add(self._sold, fill.quantity)
        if fill.amount is not None or any(self._instrument.pays_in_quantity(fee.currency) for fee in fill.fees):
            return False
        if self._first is None:
            self._first = fill
            held, start = self._start.quantity.copy_abs(), self._start
            is_at_price = start.entry_value == self._instrument.value(held, fill.price)
            return not held or (is_at_price and _in_proportion(start.open_fees, held, self._fee(fill), fill.quantity))
        first = self._first
        return fill.price == first.price and _in_proportion(
            self._fee(fill), fill.quantity, self._fee(first), first.quantity
        )

    def _fee(self, fill: Fill) -> Decimal:
        fee = ZERO
        for each in fill.fees:
            fee = add(fee, each.amount) if each.currency == self._instrument.currency else fee
        return fee

    def _is_nothing_missing(self, fill: Fill) -> bool:
        """Whether no order lets one of the fills take more than the side of the position may have."""
        if fill.position_side is PositionSide.SHORT:
            return add(self._start.quantity, self._bought) <= ZERO
        is_net = fill.position_side is PositionSide.NET
        return (is_net and self._instrument.may_be_short) or subtract(self._start.quantity, self._sold) >= ZERO


def _bits(mask: int) -> Iterator[int]:
    """The numbers of the bits that are set, the lowest first."""
    while mask:
        yield (mask & -mask).bit_length() - 1
        mask &= mask - 1


def _in_proportion(amount: Decimal, quantity: Decimal, other: Decimal, other_quantity: Decimal) -> bool:
    return multiply(amount, other_quantity) == multiply(other, quantity)


def is_known_to_precede(earlier: Fill, later: Fill) -> bool:
    """Whether something tells that a fill was before another one, which folds after it."""
    return _marks_precede(order_marks(earlier.fold_key), order_marks(later.fold_key))


def _marks_precede(earlier: OrderMarks, later: OrderMarks) -> bool:
    """Whether what tells the order of fills puts one before another.

    Rules: FOLD-7.
    """
    if 0 < earlier.venue_time_ns < later.venue_time_ns:
        return True
    numbers = earlier.venue_sequence, later.venue_sequence
    if numbers[0] is not None and numbers[1] is not None and numbers[0] < numbers[1]:
        return True
    return _has_lower_number(earlier.exec_id, later.exec_id)


def _has_lower_number(parts: Sequence[str | int], others: Sequence[str | int]) -> bool:
    """Whether two ids differ in one run of digits alone, and the first has the lower number there."""
    if len(parts) != len(others):
        return False
    differing = [(part, each) for part, each in zip(parts, others, strict=True) if part != each]
    if len(differing) != 1:
        return False
    lower, higher = differing[0]
    return isinstance(lower, int) and isinstance(higher, int) and lower < higher


_COMPARED = (
    "quantity",
    "entry_value",
    "open_fees",
    "realized_gross",
    "closed_fees",
    "missing_traded",
    "missing_moved",
)

_TOLERANCE = Decimal((0, (1,), 6 - QUOTIENT_DIGITS))
"""What the rounding of shares can make of the same result."""


def _differ(one: PositionState, other: PositionState) -> bool:
    """Whether two results differ by more than the rounding of shares.

    Rules: FOLD-8.
    """
    return any(subtract(getattr(one, name), getattr(other, name)).copy_abs() > _TOLERANCE for name in _COMPARED)


def may_open(instrument: Instrument, entry: Entry, direction: int) -> bool:
    """Whether an entry may open units, or what it takes beyond what is held is missing.

    A LONG side never passes below zero, a SHORT never above, SPOT never below. A transfer opens a short position only
    where it states the short's own cost.

    Args:
        instrument: The instrument.
        entry: The fill or account event.
        direction: 1 for long units, -1 for short ones.

    Rules: MISSING-1.
    """
    side = entry.position_side
    if isinstance(entry, AccountEvent):
        if entry.to_symbol == instrument.symbol:
            side = PositionSide.NET
        elif entry.type is AccountEventType.TRANSFER and not _may_transfer_open(entry, direction):
            return False
    if side is PositionSide.LONG:
        return direction > ZERO
    if side is PositionSide.SHORT:
        return direction < ZERO
    return direction > ZERO or instrument.may_be_short


def _may_transfer_open(event: AccountEvent, direction: int) -> bool:
    """Whether a transfer states the cost of units that it may bring.

    Rules: MISSING-2.
    """
    return event.entry_cost is not None and not (event.is_short and direction > ZERO)
