"""Fills: the versions of executions. One event states an execution; later ones may correct, supplement or bust it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

import attrs

from sot.domain.orders.event import OrderEvent
from sot.domain.orders.order import Order
from sot.domain.orders.report import FEES, Fee, VenueReport, is_execution_id
from sot.domain.values import fields
from sot.domain.values.copying import maker_of
from sot.domain.values.numbers import ONE, multiply, quotient
from sot.domain.values.position_key import PositionKey, Stage, fold_key
from sot.domain.values.slotted import SlottedValue, slotted
from sot.domain.values.times import is_between
from sot.domain.values.vocabulary import Liquidity, PositionSide, ReportingType, Side


class _Folded(SlottedValue):
    """What folds into a position, with a slot for its key."""

    __slots__ = ("_fold_key",)

    _fold_key: str | None


@slotted
@attrs.frozen(kw_only=True, weakref_slot=False, getstate_setstate=False)
class Fill(_Folded):
    """One version of an execution. The latest version is the current one.

    A correction keeps the times, the venue order id and the `first_exec_id` of the first version.

    Attributes:
        execution: The number of the execution within its order: the sequence of the event that first stated it.
        version: Counts from 0 per execution.
        sequence: The sequence of the event that made this version.
        quantity: Units of the instrument, positive.
        price: Quote currency per unit.
        busted: Whether the execution does not count any more.
        exec_id: The current execution id (FIX tag 17).
        first_exec_id: The execution id of the first version.
        in_legs: Whether it sums up legs, which move the positions in its place. It has no fees while a leg has some.
        split_factor: The order's split factor when this version was made. To have the quantity in units after all
            splits, multiply it by the present factor over this one.
        amount: The money that moved with it, where the venue states it, in the settlement currency.
        venue_account: The venue account of the order.
        venue_sequence: The running number of the report that first stated it.
        position_side: The position that it changes, where the venue keeps several.
    """

    DERIVED: ClassVar = ("counts", "happened_at")
    _IS_CHECKED: ClassVar = False  # fills are created from checked reports by `sot` alone

    account_id: str
    order_id: str
    execution: int
    version: int
    sequence: int
    venue: str
    symbol: str
    side: Side
    quantity: Decimal
    price: Decimal
    recorded_at: datetime
    busted: bool = False
    exec_id: str | None = None
    first_exec_id: str | None = None
    leg: str = ""
    fees: Sequence[Fee] = ()
    liquidity: Liquidity | None = None
    reporting_type: ReportingType | None = None
    in_legs: bool = False
    split_factor: Decimal = ONE
    venue_order_id: str | None = None
    occurred_at: datetime | None = None
    received_at: datetime | None = None
    venue_time_ns: int | None = None
    venue_sequence: int | None = None
    amount: Decimal | None = None
    venue_account: str = ""
    position_side: PositionSide = PositionSide.NET
    position_id: str = ""

    KINDS: ClassVar = {
        "account_id": fields.NAME,
        "order_id": fields.IDENTITY,
        "execution": fields.COUNT,
        "version": fields.COUNT,
        "sequence": fields.COUNT,
        "venue": fields.NAME,
        "symbol": fields.NAME,
        "side": fields.member_of(Side),
        "quantity": fields.NUMBER,
        "price": fields.NUMBER,
        "recorded_at": fields.TIME,
        "busted": fields.FLAG,
        "exec_id": fields.NAME,
        "first_exec_id": fields.NAME,
        "leg": fields.SCOPE,
        "fees": FEES,
        "liquidity": fields.member_of(Liquidity),
        "reporting_type": fields.member_of(ReportingType),
        "in_legs": fields.FLAG,
        "split_factor": fields.NUMBER,
        "venue_order_id": fields.NAME,
        "occurred_at": fields.TIME,
        "received_at": fields.TIME,
        "venue_time_ns": fields.NANOSECONDS,
        "venue_sequence": fields.COUNT,
        "amount": fields.NUMBER,
        "venue_account": fields.SCOPE,
        "position_side": fields.member_of(PositionSide),
        "position_id": fields.SCOPE,
    }

    @property
    def counts(self) -> bool:
        """Whether it is part of the order's executed quantity: it is not busted, and not a leg of a strategy.

        Rules: EXEC-3, EXEC-13.
        """
        return not self.busted and self.reporting_type is not ReportingType.LEG

    @property
    def moves_position(self) -> bool:
        """Whether it moves a position, if only by its fees: of a summary, legs move the units."""
        return not self.busted and (not self.in_legs or bool(self.fees))

    def quantity_after_splits(self, split_factor: Decimal) -> Decimal:
        """Return its quantity in units after all splits, of which the order's split factor tells.

        Rules: EXEC-16.
        """
        if self.split_factor == split_factor:
            return self.quantity
        return quotient(multiply(self.quantity, split_factor), self.split_factor)

    @property
    def happened_at(self) -> datetime:
        """The best known time of the execution."""
        return self.occurred_at or self.received_at or self.recorded_at

    @property
    def position_key(self) -> PositionKey:
        """The position that it changes."""
        return PositionKey(
            self.account_id, self.venue, self.symbol, self.position_side, self.position_id, self.venue_account
        )

    @property
    def fold_key(self) -> str:
        """The key by which fills and account events fold into positions; all versions have the same.

        Rules: FOLD-4.
        """
        key = self._fold_key
        if key is None:
            key = fold_key(
                self.happened_at,
                Stage.FILLS,
                self.order_id,
                self.execution,
                venue_time_ns=self.venue_time_ns or 0,
                venue=self.venue,
                venue_sequence=self.venue_sequence,
                exec_id=self.first_exec_id,
                venue_order_id=self.venue_order_id,
                leg=self.leg,
            )
            object.__setattr__(self, "_fold_key", key)
        return key

    def forget_fold_key(self) -> None:
        """Forget the key, which takes half of the memory of a fill. It is made again when asked for."""
        object.__setattr__(self, "_fold_key", None)


make_fill = maker_of(Fill)
"""Makes a fill from all of its fields, which were checked before."""


class Executions:
    """The executions of one order: their current versions by number and by execution id, and what led to these.

    The versions of an execution are put in their order; those of different executions in any order.
    """

    def __init__(self, versions: Iterable[Fill] = ()) -> None:
        self._latest: dict[int, Fill] = {}
        self._known: dict[int, _Execution] = {}
        self._by_exec_id: dict[tuple[str, str], tuple[int, int]] = {}
        for fill in versions:
            self.put(fill)

    def put(self, fill: Fill) -> None:
        """Add a version, which replaces the one before."""
        number, before, happened_at = fill.execution, self._latest.get(fill.execution), fill.happened_at
        self._latest[number] = fill
        if before is None:
            execution = self._known[number] = _Execution(fill.sequence, happened_at)
        else:
            execution = self._known[number]
            execution.earliest = min(execution.earliest, happened_at)
            if (before.quantity, before.price) != (fill.quantity, fill.price):
                execution.stated_by = fill.sequence
        if fill.exec_id is not None:
            execution.ids.add(fill.exec_id)
            given, name = (fill.sequence, number), (fill.exec_id, fill.leg)
            self._by_exec_id[name] = max(given, self._by_exec_id.get(name, given))
        if fill.busted and (before is None or not before.busted):
            execution.busted_by = fill.sequence
        if fill.fees or not fill.in_legs:
            execution.reported_fees = fill.fees

    def find(self, exec_id: str, leg: str) -> Fill | None:
        """Return the current version of the execution to which an id was given last; None if there is none.

        Rules: EXEC-1.
        """
        given = self._by_exec_id.get((exec_id, leg))
        return None if given is None else self._latest[given[1]]

    def ids(self, execution: int) -> Collection[str]:
        """Return all ids that an execution has or had."""
        known = self._known.get(execution)
        return () if known is None else known.ids

    def stated_by(self, execution: int) -> int:
        """Return the sequence of the event that stated the quantity and the price of an execution."""
        return self._known[execution].stated_by

    def busted_by(self, execution: int) -> int:
        """Return the sequence of the event by which an execution that is busted stopped counting."""
        return self._known[execution].busted_by

    def reported_fees(self, fill: Fill) -> Sequence[Fee]:
        """Return all fees reported of an execution. As a fill, a summary has none while its legs have fees."""
        known = self._known.get(fill.execution)
        return () if known is None else known.reported_fees

    def earliest(self, execution: int) -> datetime:
        """Return the earliest time at which any version of an execution happened."""
        return self._known[execution].earliest

    def latest(self) -> Sequence[Fill]:
        """Return the current versions, in the order in which the executions were first stated."""
        return [self._latest[execution] for execution in sorted(self._latest)]

    def by_execution(self) -> Mapping[int, Fill]:
        """Return the current versions by the number of the execution."""
        return self._latest


class _Execution:
    """What led to the current version of an execution."""

    __slots__ = ("busted_by", "earliest", "ids", "reported_fees", "stated_by")

    def __init__(self, stated_by: int, earliest: datetime) -> None:
        self.stated_by = stated_by
        self.busted_by = 0
        self.earliest = earliest
        self.ids: set[str] = set()
        self.reported_fees: Sequence[Fee] = ()


def current_versions(versions: Iterable[Fill], since: datetime | None, before: datetime | None) -> Sequence[Fill]:
    """Return the current versions of executions that move a position and happened in an interval.

    A later version may have happened at another time than an earlier one, and counts in its place.

    Args:
        versions: All versions of those executions of which one happened in the interval.
        since: Only executions that happened at this time or later.
        before: Only executions that happened before this time.
    """
    latest: dict[tuple[str, int], Fill] = {}
    for fill in versions:
        other = latest.get((fill.order_id, fill.execution))
        if other is None or other.version <= fill.version:
            latest[fill.order_id, fill.execution] = fill
    return [fill for fill in latest.values() if fill.moves_position and is_between(fill.happened_at, since, before)]


def first_version(event: OrderEvent, report: VenueReport, sequence: int, order: Order, side: Side) -> Fill:
    """Create the fill that a report states. The order supplies what the report does not have.

    Args:
        event: The event of the report.
        report: Its report.
        sequence: The sequence of the event that is applied; another one than `event` if that was parked.
        order: The order.
        side: The side, if the report has none.

    Rules: EXEC-1.
    """
    assert report.last_quantity is not None and report.last_price is not None
    exec_id = report.exec_id if is_execution_id(report.exec_id) else None
    state = order.state
    return make_fill(
        account_id=event.account_id,
        order_id=event.order_id,
        execution=event.sequence,
        version=0,
        sequence=sequence,
        venue=order.venue,
        symbol=report.symbol or order.symbol,
        side=report.side or side,
        quantity=report.last_quantity,
        price=report.last_price,
        recorded_at=event.recorded_at,
        busted=False,
        exec_id=exec_id,
        first_exec_id=exec_id,
        leg=report.leg,
        fees=report.fees,
        liquidity=report.liquidity,
        reporting_type=report.reporting_type,
        in_legs=state.has_legs and report.reporting_type is ReportingType.SUMMARY,
        split_factor=state.split_factor,
        venue_order_id=report.venue_order_id,
        occurred_at=report.occurred_at,
        received_at=report.received_at,
        venue_time_ns=report.venue_time_ns,
        venue_sequence=report.venue_sequence,
        amount=report.last_amount,
        venue_account=order.venue_account or state.venue_account,
        position_side=report.position_side or state.position_side,
        position_id=report.position_id or state.position_id,
    )
