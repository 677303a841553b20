"""The state of an order: a few independent facts, and the status as a function of them.

The status is derived, never stored as truth, and decided here alone: the first one that the facts support, in the order
of precedence of FIX 4.4, volume 4 (ExecutionReport, OrdStatus). Our own statuses come last.
"""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

import attrs

from sot.domain.values.copying import copier_of
from sot.domain.values.json_form import JsonForm
from sot.domain.values.numbers import ONE, ZERO, multiply, quotient, subtract
from sot.domain.values.vocabulary import Action, OrderStatus, PositionSide, TimeInForce


@attrs.frozen
class OpenRequest(JsonForm):
    """A cancel or replace request that has no answer yet; `in_doubt` if it is not known whether it arrived.

    Rules: REQUEST-1.
    """

    action: Action
    requested_at: datetime
    client_order_id: str | None = None
    request_id: str | None = None
    in_doubt: bool = False


@attrs.frozen
class Parked(JsonForm):
    """An event that waits for the execution it refers to: a correction, bust or supplement.

    Attributes:
        exec_ref_id: The id of the execution.
        leg: The leg of the execution.
        sequence: The sequence of the event.
    """

    exec_ref_id: str
    leg: str
    sequence: int


@attrs.define
class OrderState(JsonForm):
    """The state of an order. Quantities are in units of the instrument.

    Attributes:
        pending_new: The venue received the order and has not accepted it yet.
        acknowledged: The venue accepted the order.
        completed: The venue reported the order as FILLED.
        attributed_to: The order that this external order turned out to be.
        cum_quantity: The executed quantity.
        notional: The exact sum of executed quantity times price.
        reported_cum_quantity: The executed quantity that the venue reports, where it differs from the executions.
        reported_avg_price: The average price that came with it.
        split_factor: The product of all splits of the order: units now per unit at first.
        open_requests: The cancel and replace requests without an answer, oldest first.
        parked: The events that wait for the execution they refer to.
        last_venue_time: The latest time of a venue's report, without ORDER_STATUS.
        venue_account: The first venue account that a report told, for an order that was created without one.
        terms_at: The time of the report that set price and quantity last.
        amended: Whether a REPLACED or RESTATED set them.
        polled: What the last polled status said, if nothing else was reported since (`VenueReport.polled_content`).
        has_legs: Whether executions of legs of a strategy were reported.
        began_at: The time that came with the first event that has one.
        position_side: The position that its executions change, where the venue keeps several.
        position_id: The id of that position.
        latest_happened_at: The latest time at which one of its events happened, void ones included; None until an event
            has come with a time (see `replay.latest_happened_at`).
    """

    DERIVED: ClassVar = (
        "status",
        "is_open",
        "in_doubt",
        "leaves_quantity",
        "avg_price",
        "provisional_quantity",
        "provisional_notional",
    )

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
    venue_account: str = ""
    began_at: datetime | None = None
    has_legs: bool = False
    terms_at: datetime | None = None
    amended: bool = False
    polled: str | None = None
    position_side: PositionSide = PositionSide.NET
    position_id: str = ""
    latest_happened_at: datetime | None = None

    def copy(self) -> "OrderState":
        """Return a copy; the fields are immutable values."""
        return _copy(self)

    @property
    def filled(self) -> bool:
        """Whether it was executed in full, by quantity or by the reported status.

        Rules: STATE-4.
        """
        return self.completed or (self.order_quantity is not None and self.cum_quantity >= self.order_quantity > ZERO)

    @property
    def ended(self) -> bool:
        """Whether it is over for good: cancelled, expired, rejected, attributed, or failed before it was sent.

        Rules: STATE-6, EVENT-4.
        """
        over = self.cancelled or self.expired or self.rejected or self.attributed_to is not None
        return over or (self.failed and not self.at_venue)

    @property
    def at_venue(self) -> bool:
        """Whether the venue knows the order.

        Rules: STATE-5.
        """
        return self.acknowledged or self.pending_new or self.cum_quantity > ZERO or self.completed

    @property
    def resting_overnight(self) -> bool:
        """Whether it is no day order. An absent time in force means DAY (FIX tag 59).

        Rules: STATE-7.
        """
        return self.time_in_force is not None and self.time_in_force is not TimeInForce.DAY

    @property
    def closed(self) -> bool:
        """Whether nothing more is expected to execute.

        Rules: STATE-7.
        """
        day_is_over = (self.done_for_day or self.calculated) and not self.resting_overnight
        return self.ended or self.filled or day_is_over

    @property
    def is_open(self) -> bool:
        """Whether more may execute, now or on another day."""
        return not self.closed

    @property
    def in_doubt(self) -> bool:
        """Whether the outcome of the submission, a cancel or a replacement is unknown: the venue has to be asked.

        Rules: STATE-8.
        """
        submission = self.submission_unknown and not (self.at_venue or self.ended)
        return submission or (bool(self.open_requests) and any(request.in_doubt for request in self.open_requests))

    @property
    def leaves_quantity(self) -> Decimal | None:
        """Units that may still be executed; None while the order quantity is unknown (orders by quote amount).

        Rules: STATE-9.
        """
        if self.closed:
            return ZERO
        if self.order_quantity is None:
            return None
        return subtract(self.order_quantity, self.cum_quantity)

    @property
    def avg_price(self) -> Decimal | None:
        """The average price of the executions in quote currency per unit (FIX tag 6); None before the first.

        Rules: STATE-10.
        """
        return quotient(self.notional, self.cum_quantity) if self.cum_quantity else None

    @property
    def provisional_quantity(self) -> Decimal:
        """Units that the venue reports as executed, beyond the executions that are known.

        Rules: STATE-13.
        """
        if self.reported_cum_quantity is None or self.reported_cum_quantity <= self.cum_quantity:
            return ZERO
        return subtract(self.reported_cum_quantity, self.cum_quantity)

    @property
    def provisional_notional(self) -> Decimal | None:
        """Provisional quantity times price, by the venue's average price; None if it reported none.

        Rules: STATE-13.
        """
        if not self.provisional_quantity:
            return ZERO
        if self.reported_avg_price is None or self.reported_cum_quantity is None:
            return None
        return subtract(multiply(self.reported_avg_price, self.reported_cum_quantity), self.notional)

    def requests(self, action: Action) -> tuple[OpenRequest, ...]:
        """Return the open requests of one kind, oldest first."""
        return tuple(request for request in self.open_requests if request.action is action)

    @property
    def status(self) -> OrderStatus:
        """The status (FIX tag 39): the first one, in the order of precedence, that the facts support."""
        for status, is_supported in _PRECEDENCE:
            if is_supported(self):
                return status
        raise AssertionError("CREATED is always supported")


_copy = copier_of(OrderState)


def _pending(action: Action) -> Callable[[OrderState], bool]:
    return lambda state: bool(state.open_requests) and any(request.action is action for request in state.open_requests)


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
"""Each status with what supports it, in the order of precedence.

Rules: STATE-1.
"""


RANK = {status: rank for rank, (status, _) in enumerate(_PRECEDENCE)}
"""The place of each status in the order of precedence; 0 is the highest."""
