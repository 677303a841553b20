"""Stored states of orders after some of their events."""

from sot.domain.orders.order import Order
from sot.domain.orders.records import StateAfter

STATE_SNAPSHOT_INTERVAL = 16
"""The state of an order is stored after every so many events, so that a query of the past folds fewer than these."""


def keeps_state(sequence: int) -> bool:
    """Whether the state after an event is stored: the sequence alone decides, so that a rebuild stores the same."""
    return sequence % STATE_SNAPSHOT_INTERVAL == 0


def state_after(order: Order) -> StateAfter:
    """The order's present state, to be stored."""
    assert order.updated_at is not None
    return StateAfter(
        account_id=order.account_id,
        order_id=order.order_id,
        sequence=order.last_sequence,
        recorded_at=order.updated_at,
        happened_at=order.state.latest_happened_at or order.updated_at,
        state=order.state.copy(),
    )
