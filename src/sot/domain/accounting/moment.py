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
from sot.domain.values.numbers import QUOTIENT_DIGITS, ZERO, subtract
from sot.domain.values.position_key import natural_parts
from sot.domain.values.vocabulary import AccountEventType, PositionSide, Side

PURCHASES, SALES = 1, 2

BOTH_SIDES = PURCHASES | SALES

Simulation = Callable[[PositionState, Sequence[Fill]], PositionState]
"""Folds fills from a state by the method AVERAGE."""


def side_of(fill: Fill) -> int:
    """PURCHASES or SALES."""
    return PURCHASES if fill.side is Side.BUY else SALES


def can_continue(state: PositionState, entry: Entry) -> bool:
    """Whether the fold of a position can continue from its state with an entry.

    The entry must be the latest. A fill that is opposite to earlier ones of its moment needs these: the position is
    folded again from before the moment.
    """
    if entry.fold_key <= state.last_key:
        return False
    if state.order_assumed or not isinstance(entry, Fill) or entry.happened_at != state.last_at:
        return True
    return state.moment_sides | side_of(entry) != BOTH_SIDES


class Moment:
    """The fills of one moment, in the order in which they fold.

    Args:
        start: The state before the first of them.
    """

    __slots__ = ("_before", "_fills", "_start")

    def __init__(self, start: PositionState) -> None:
        self._start = start
        self._fills: list[Fill] = []
        self._before: list[frozenset[int]] = []

    def add(self, fill: Fill) -> None:
        """Add the next fill."""
        before: set[int] = set()
        for number, earlier in enumerate(self._fills):
            if is_told(earlier, fill):
                before |= {number, *self._before[number]}
        self._fills.append(fill)
        self._before.append(frozenset(before))

    def is_order_relevant(self, simulate: Simulation) -> bool:
        """Whether the result is another one if an opposite fill was after the last one instead of before it.

        It is tried with each opposite fill, unless it is told, directly or by fills between, that it was first.
        """
        last = self._fills[-1]
        expected: PositionState | None = None
        for number, fill in enumerate(self._fills[:-1]):
            if fill.side is not last.side and number not in self._before[-1]:
                expected = expected or simulate(self._start, self._fills)
                if any(_differ(expected, simulate(self._start, order)) for order in self._other_orders(number)):
                    return True
        return False

    def _other_orders(self, number: int) -> Iterator[Sequence[Fill]]:
        """The orders in which the last fill comes as early, or a fill as late, as what is told allows."""
        fills, end = self._fills, len(self._fills) - 1
        between = range(number + 1, end)
        needed = [each for each in between if each in self._before[end]]
        free = [each for each in between if number not in self._before[each]]
        for first in (needed, free):
            rest = [each for each in between if each not in first]
            yield [fills[each] for each in (*range(number), *first, end, number, *rest)]


def is_told(earlier: Fill, later: Fill) -> bool:
    """Whether something tells that a fill was before another one, which folds after it."""
    return (
        _is_less(earlier.venue_time_ns, later.venue_time_ns)
        or _is_less(earlier.venue_sequence, later.venue_sequence)
        or _has_lower_number(earlier.first_exec_id, later.first_exec_id)
    )


def _is_less(one: int | None, other: int | None) -> bool:
    return one is not None and other is not None and one < other


def _has_lower_number(one: str | None, other: str | None) -> bool:
    """Whether two ids differ in one run of digits alone, and the first has the lower number there."""
    if one is None or other is None:
        return False
    parts, others = natural_parts(one), natural_parts(other)
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
    return any(subtract(getattr(one, name), getattr(other, name)).copy_abs() > _TOLERANCE for name in _COMPARED)


def may_open(instrument: Instrument, entry: Entry, direction: int) -> bool:
    """Whether an entry may open units, or what it takes beyond what is held is missing.

    A LONG side never passes below zero, a SHORT never above, SPOT never below. A transfer opens a short position only
    where it states the short's own cost.

    Args:
        instrument: The instrument.
        entry: The fill or account event.
        direction: 1 for long units, -1 for short ones.
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
    return event.entry_cost is not None and not (event.is_short and direction > ZERO)
