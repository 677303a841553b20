"""Executions: each stated by one event, and perhaps corrected, supplemented or busted by later ones."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

import attrs

from sot.domain.orders.event import OrderEvent
from sot.domain.orders.order import Order
from sot.domain.orders.report import FEES, Fee, VenueReport
from sot.domain.values import fields
from sot.domain.values.numbers import ONE
from sot.domain.values.position_key import PositionKey, fold_key
from sot.domain.values.vocabulary import Liquidity, PositionSide, ReportingType, Side


@attrs.frozen(slots=False, kw_only=True)
class Fill(fields.Value):
    """One version of an execution; the latest `version` of an `execution` is what holds.

    `execution` is the sequence of the event that first stated it, `sequence` of the event from which this version
    holds. A correction keeps the place of its original: times, venue order id and `first_exec_id` stay, `exec_id` is
    the one by which the execution is now known. `quantity` is in units of the instrument (positive), `price` in quote
    currency per unit. `split_factor` is the order's at the time: quantities count times what it became since.
    """

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
    split_factor: Decimal = ONE
    venue_order_id: str | None = None
    occurred_at: datetime | None = None
    received_at: datetime | None = None
    venue_time_ns: int | None = None
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
        "split_factor": fields.NUMBER,
        "venue_order_id": fields.NAME,
        "occurred_at": fields.TIME,
        "received_at": fields.TIME,
        "venue_time_ns": fields.NANOSECONDS,
        "position_side": fields.member_of(PositionSide),
        "position_id": fields.SCOPE,
    }

    def __attrs_post_init__(self) -> None:
        """Nothing is checked: fills are made from checked reports by `sot` alone."""

    @property
    def counts(self) -> bool:
        """Whether it is part of the order's executed quantity: not busted, and not one leg of a strategy."""
        return not self.busted and self.reporting_type is not ReportingType.LEG

    @property
    def happened_at(self) -> datetime:
        """The best known time of the execution."""
        return self.occurred_at or self.received_at or self.recorded_at

    @property
    def position_key(self) -> PositionKey:
        """The position that it moves."""
        return PositionKey(self.account_id, self.venue, self.symbol, self.position_side, self.position_id)

    @property
    def fold_key(self) -> str:
        """Its place among all that moves positions: that of its first version (design: by what it is)."""
        return fold_key(
            self.happened_at,
            self.venue_time_ns or 0,
            self.venue,
            self.venue_order_id,
            self.first_exec_id,
            self.leg,
            self.order_id,
            self.execution,
        )


class Executions:
    """The executions of one order, by number and by the ids under which they are or were known."""

    def __init__(self, versions: Iterable[Fill] = ()) -> None:
        self._latest: dict[int, Fill] = {}
        self._known: dict[tuple[str, str], int] = {}
        for fill in versions:
            self.put(fill)

    def put(self, fill: Fill) -> None:
        """Take up a version; later versions of an execution replace earlier ones."""
        self._latest[fill.execution] = fill
        if fill.exec_id is not None:
            self._known[fill.exec_id, fill.leg] = fill.execution

    def find(self, exec_id: str, leg: str) -> Fill | None:
        """The latest version of the execution that is or was known by this id."""
        execution = self._known.get((exec_id, leg))
        return None if execution is None else self._latest[execution]

    def latest(self) -> Sequence[Fill]:
        """What holds now, in the order in which the executions were first stated."""
        return [self._latest[execution] for execution in sorted(self._latest)]

    def by_execution(self) -> Mapping[int, Fill]:
        """What holds now, by the number of the execution."""
        return self._latest


def first_version(
    event: OrderEvent, report: VenueReport, sequence: int, order: Order, side: Side, split_factor: Decimal
) -> Fill:
    """The fill that a TRADE states; the order supplies what the report does not say itself."""
    assert report.last_quantity is not None and report.last_price is not None
    return Fill(
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
        exec_id=report.exec_id,
        first_exec_id=report.exec_id,
        leg=report.leg,
        fees=report.fees,
        liquidity=report.liquidity,
        reporting_type=report.reporting_type,
        split_factor=split_factor,
        venue_order_id=report.venue_order_id,
        occurred_at=report.occurred_at,
        received_at=report.received_at,
        venue_time_ns=report.venue_time_ns,
        position_side=report.position_side or order.state.position_side,
        position_id=report.position_id or order.state.position_id,
    )
