"""What an order's facts add up to: a few independent facts, and the status as a pure function of them.

The status is never stored as truth and never decided twice. FIX 4.4 volume 4 (ExecutionReport, order of precedence of
OrdStatus) ranks the statuses; ours that precede the venue come last.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

import attrs

from sot.domain.values.numbers import ONE, ZERO, multiply, quotient, subtract
from sot.domain.values.vocabulary import Action, OrderStatus, PositionSide, TimeInForce


@attrs.frozen
class OpenRequest:
    """A cancel or replace request that has no answer yet."""

    action: Action
    requested_at: datetime
    client_order_id: str | None = None
    request_id: str | None = None
    in_doubt: bool = False


@attrs.frozen
class Parked:
    """A correction or bust that waits for the execution it refers to; `sequence` is its event."""

    exec_ref_id: str
    leg: str
    sequence: int


@attrs.define(slots=False)
class OrderState:
    """The facts of an order.

    Quantities are in units of the instrument; `notional` is the exact sum of executed quantity times price, from which
    `avg_price` is divided on reading. `position_side` and `position_id` tell which position its executions move.
    `latest_happened_at` is the latest moment at which any of its events happened, void ones included, from the first on
    that was told with a time; those before it happened no later than it. None: no event was told with a time yet.
    """

    order_quantity: Decimal | None = None
    quote_quantity: Decimal | None = None
    limit_price: Decimal | None = None
    stop_price: Decimal | None = None
    time_in_force: TimeInForce | None = None
    client_order_id: str | None = None
    venue_order_id: str | None = None
    submitted: bool = False
    submission_unknown: bool = False
    failed: bool = False
    pending_new: bool = False
    acknowledged: bool = False
    triggered: bool = False
    stopped: bool = False
    suspended: bool = False
    done_for_day: bool = False
    calculated: bool = False
    completed: bool = False
    cancelled: bool = False
    expired: bool = False
    rejected: bool = False
    attributed_to: str | None = None
    cum_quantity: Decimal = ZERO
    notional: Decimal = ZERO
    reported_cum_quantity: Decimal | None = None
    reported_avg_price: Decimal | None = None
    split_factor: Decimal = ONE
    open_requests: tuple[OpenRequest, ...] = ()
    parked: tuple[Parked, ...] = ()
    last_venue_time: datetime | None = None
    position_side: PositionSide = PositionSide.NET
    position_id: str = ""
    latest_happened_at: datetime | None = None

    def copy(self) -> "OrderState":
        """A private copy; all fields are immutable values."""
        new = object.__new__(OrderState)
        new.__dict__.update(self.__dict__)
        return new

    @property
    def filled(self) -> bool:
        """Executed in full, by quantity or by the venue's word."""
        return self.completed or (self.order_quantity is not None and self.cum_quantity >= self.order_quantity > ZERO)

    @property
    def ended(self) -> bool:
        """Over for good: cancelled, expired, rejected, or never sent."""
        over = self.cancelled or self.expired or self.rejected or self.attributed_to is not None
        return over or (self.failed and not self.at_venue)

    @property
    def at_venue(self) -> bool:
        """The venue has said something that only a known order has."""
        return self.acknowledged or self.pending_new or self.cum_quantity > ZERO or self.completed

    @property
    def resting_overnight(self) -> bool:
        """Not a day order. FIX tag 59: a time in force that is absent means DAY."""
        return self.time_in_force is not None and self.time_in_force is not TimeInForce.DAY

    @property
    def closed(self) -> bool:
        """Nothing more is expected to execute."""
        day_is_over = (self.done_for_day or self.calculated) and not self.resting_overnight
        return self.ended or self.filled or day_is_over

    @property
    def is_open(self) -> bool:
        """More may execute, now or on another day."""
        return not self.closed

    @property
    def in_doubt(self) -> bool:
        """An outcome is unknown and has to be asked for: of the submission, a cancel or a replacement."""
        submission = self.submission_unknown and not (self.at_venue or self.ended)
        return submission or any(request.in_doubt for request in self.open_requests)

    @property
    def leaves_quantity(self) -> Decimal | None:
        """What is still to be executed; None while the order quantity is unknown (an order by quote amount)."""
        if self.closed:
            return ZERO
        if self.order_quantity is None:
            return None
        return subtract(self.order_quantity, self.cum_quantity)

    @property
    def avg_price(self) -> Decimal | None:
        """Average price of what was executed, in quote currency per unit, as FIX's AvgPx."""
        return quotient(self.notional, self.cum_quantity) if self.cum_quantity else None

    @property
    def provisional_quantity(self) -> Decimal:
        """What the venue says was executed, beyond the executions that are known."""
        if self.reported_cum_quantity is None or self.reported_cum_quantity <= self.cum_quantity:
            return ZERO
        return subtract(self.reported_cum_quantity, self.cum_quantity)

    @property
    def provisional_notional(self) -> Decimal | None:
        """What the provisional quantity cost by the venue's average price; None if it gave none."""
        if not self.provisional_quantity:
            return ZERO
        if self.reported_avg_price is None or self.reported_cum_quantity is None:
            return None
        return subtract(multiply(self.reported_avg_price, self.reported_cum_quantity), self.notional)

    def requests(self, action: Action) -> tuple[OpenRequest, ...]:
        """The open requests of one kind, oldest first."""
        return tuple(request for request in self.open_requests if request.action is action)

    @property
    def status(self) -> OrderStatus:
        """The first status, in the order of precedence, that the facts support."""
        for status, holds in _PRECEDENCE:
            if holds(self):
                return status
        raise AssertionError("CREATED always holds")


def _pending(action: Action) -> Callable[[OrderState], bool]:
    return lambda state: any(request.action is action for request in state.open_requests)


_PRECEDENCE: tuple[tuple[OrderStatus, Callable[[OrderState], bool]], ...] = (
    (OrderStatus.PENDING_CANCEL, _pending(Action.CANCEL)),
    (OrderStatus.PENDING_REPLACE, _pending(Action.REPLACE)),
    (OrderStatus.DONE_FOR_DAY, lambda state: state.done_for_day),
    (OrderStatus.CALCULATED, lambda state: state.calculated),
    (OrderStatus.FILLED, lambda state: state.filled),
    (OrderStatus.STOPPED, lambda state: state.stopped),
    (OrderStatus.SUSPENDED, lambda state: state.suspended),
    (OrderStatus.CANCELED, lambda state: state.cancelled),
    (OrderStatus.EXPIRED, lambda state: state.expired),
    (OrderStatus.PARTIALLY_FILLED, lambda state: state.cum_quantity > ZERO),
    (OrderStatus.REJECTED, lambda state: state.rejected),
    (OrderStatus.NEW, lambda state: state.acknowledged),
    (OrderStatus.PENDING_NEW, lambda state: state.pending_new or (state.submitted and not state.failed)),
    (OrderStatus.FAILED, lambda state: state.failed),
    (OrderStatus.CREATED, lambda state: True),
)


RANK = {status: rank for rank, (status, _) in enumerate(_PRECEDENCE)}
