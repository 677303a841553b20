"""The parts that all effects of events share."""

from collections.abc import Callable, Mapping

from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fill import Executions, Fill
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.orders.state import OpenRequest, OrderState
from sot.domain.values.numbers import positive_or_none
from sot.domain.values.vocabulary import OrderStatus

EventOf = Callable[[int], OrderEvent]
"""Returns an earlier event of the order by its sequence."""


class Effect:
    """The effect of one event on an order.

    Attributes:
        order: The order, whose state changes.
        event: The event that is applied. Parked events that it releases take effect as part of it.
        executions: The executions of the order, as far as the event refers to them.
        event_of: Returns an earlier event.
        fills: The new versions of fills.
        state: The state of the order.
    """

    __slots__ = ("event", "event_of", "executions", "fills", "order", "state")

    def __init__(self, order: Order, event: OrderEvent, executions: Executions, event_of: EventOf) -> None:
        self.order = order
        self.event = event
        self.executions = executions
        self.event_of = event_of
        self.fills: list[Fill] = []
        self.state: OrderState = order.state

    def add_fill(self, fill: Fill) -> None:
        """Add a new version of an execution."""
        self.executions.put(fill)
        self.fills.append(fill)


VenueEffect = Callable[[Effect, OrderEvent, VenueReport], None]


def open_request(state: OrderState, request: OpenRequest) -> None:
    """Add a cancel or replace request that waits for its answer."""
    state.open_requests = (*state.open_requests, request)


def update_request(state: OrderState, old: OpenRequest, new: OpenRequest) -> None:
    """Replace an open request by what is known of it now."""
    state.open_requests = tuple(new if request is old else request for request in state.open_requests)


def close_request(state: OrderState, closed: OpenRequest | None) -> None:
    """Remove an open request, if there is one.

    Rules: REQUEST-6.
    """
    if closed is not None:
        state.open_requests = tuple(request for request in state.open_requests if request is not closed)


def acknowledge(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    """Mark the order as known at the venue, and take its quantity from the report if it has none.

    Rules: EVENT-NEW-2.
    """
    state = effect.state
    state.acknowledged = True
    if state.order_quantity is None:
        state.order_quantity = positive_or_none(report.order_quantity)


END_BY_STATUS: Mapping[OrderStatus, str] = {
    OrderStatus.CANCELED: "cancelled",
    OrderStatus.EXPIRED: "expired",
    OrderStatus.REJECTED: "rejected",
}
"""The flag of the state that each status of an order that is over sets."""


def end(state: OrderState, flag: str) -> None:
    """End the order: set a flag of its state (see `END_BY_STATUS`), and close everything that is open.

    Rules: EVENT-3.
    """
    setattr(state, flag, True)
    state.done_for_day = state.stopped = state.suspended = False
    state.open_requests = ()


def acknowledge_from_status(state: OrderState, status: OrderStatus) -> None:
    """Mark the order as known at the venue, if a reported status implies it.

    Rules: STATUS-5.
    """
    if status is OrderStatus.PENDING_NEW:
        state.pending_new = True
    elif status not in (OrderStatus.REJECTED, OrderStatus.CREATED, OrderStatus.FAILED):
        state.acknowledged = True
