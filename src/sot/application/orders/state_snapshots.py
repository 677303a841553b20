"""States of orders that are kept after some of their events."""

from sot.domain.orders.order import Order
from sot.domain.orders.records import StateAfter

STATE_SNAPSHOT_INTERVAL = 16
"""After so many events of an order its state is kept: who asks for a past moment has fewer than these to fold."""


def keeps_state(sequence: int) -> bool:
    """Whether the state after this event is kept: it depends on nothing else, so that a rebuild keeps the same."""
    return sequence % STATE_SNAPSHOT_INTERVAL == 0


def state_after(order: Order) -> StateAfter:
    """The order's state now, as it is kept for those who ask for this moment later."""
    assert order.updated_at is not None
    return StateAfter(
        account_id=order.account_id,
        order_id=order.order_id,
        sequence=order.last_sequence,
        recorded_at=order.updated_at,
        happened_at=order.state.latest_happened_at or order.updated_at,
        state=order.state.copy(),
    )
