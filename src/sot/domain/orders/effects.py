"""What effects of facts have in common: where they read from and what they leave, requests, standing, ends."""

from collections.abc import Callable, Mapping

import attrs

from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fill import Executions, Fill
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.orders.state import OpenRequest, OrderState
from sot.domain.values.numbers import ZERO
from sot.domain.values.vocabulary import OrderStatus

EventOf = Callable[[int], OrderEvent]


@attrs.define
class Effect:
    """An event at work on an order: where effects read from, and the versions of fills that they leave."""

    order: Order
    event: OrderEvent
    executions: Executions
    event_of: EventOf
    fills: list[Fill] = attrs.field(factory=list)

    @property
    def state(self) -> OrderState:
        """The facts that effects change."""
        return self.order.state

    def keep(self, fill: Fill) -> None:
        """A new version of an execution."""
        self.executions.put(fill)
        self.fills.append(fill)


def open_request(state: OrderState, request: OpenRequest) -> None:
    """A cancel or replacement is asked for, and waits for its answer."""
    state.open_requests = (*state.open_requests, request)


def swap_request(state: OrderState, old: OpenRequest, new: OpenRequest) -> None:
    """More is known of a request that waits."""
    state.open_requests = tuple(new if request is old else request for request in state.open_requests)


def close_request(state: OrderState, closed: OpenRequest | None) -> None:
    """A request, if there is one, waits no longer."""
    if closed is not None:
        state.open_requests = tuple(request for request in state.open_requests if request is not closed)


def acknowledge(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    """The venue knows the order."""
    state = effect.state
    state.acknowledged = True
    if state.order_quantity is None and report.order_quantity is not None and report.order_quantity > ZERO:
        state.order_quantity = report.order_quantity


END_BY_STATUS: Mapping[OrderStatus, str] = {
    OrderStatus.CANCELED: "cancelled",
    OrderStatus.EXPIRED: "expired",
    OrderStatus.REJECTED: "rejected",
}


def end(state: OrderState, how: str) -> None:
    """The order is over, in the way that a fact of its state names."""
    setattr(state, how, True)
    state.done_for_day = state.stopped = state.suspended = False
    state.open_requests = ()


def acknowledge_from_status(state: OrderState, said: OrderStatus) -> None:
    """What a status alone establishes: that the order is known at the venue."""
    if said is OrderStatus.PENDING_NEW:
        state.pending_new = True
    elif said not in (OrderStatus.REJECTED, OrderStatus.CREATED, OrderStatus.FAILED):
        state.acknowledged = True


VenueEffect = Callable[[Effect, OrderEvent, VenueReport], None]
