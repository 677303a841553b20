"""The effects of our own events on the state of an order."""

from collections.abc import Callable, Mapping

import attrs

from sot.domain.orders.commands import own_request
from sot.domain.orders.effects import (
    END_BY_STATUS,
    acknowledge_from_status,
    close_request,
    end,
    open_request,
    update_request,
)
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.state import OpenRequest, OrderState
from sot.domain.values.vocabulary import Action, EventType, OrderStatus

_LocalEffect = Callable[[OrderState, OrderEvent], None]


def _submitted(state: OrderState, event: OrderEvent) -> None:
    """Note that the order was sent.

    Rules: EVENT-SUBMITTED-2.
    """
    state.submitted = True


def _submission_unknown(state: OrderState, event: OrderEvent) -> None:
    """Note that it is not known whether the order arrived.

    Rules: EVENT-SUBMISSION_UNKNOWN-2.
    """
    state.submission_unknown = True


def _failed(state: OrderState, event: OrderEvent) -> None:
    """Note that the order never reached the venue.

    Rules: EVENT-FAILED-2.
    """
    state.failed = True
    state.submission_unknown = False


def _requested(action: Action) -> _LocalEffect:
    """Make the effect that opens a request of ours, or names it where the venue told of it first.

    Rules: EVENT-CANCEL_REQUESTED-2, EVENT-REPLACE_REQUESTED-2, REQUEST-2.
    """

    def open_or_update(state: OrderState, event: OrderEvent) -> None:
        fact = event.fact
        assert fact is not None
        known = next((r for r in state.open_requests if r.client_order_id == fact.client_order_id is not None), None)
        if known is not None:  # the venue's PENDING_CANCEL or PENDING_REPLACE came first
            update_request(state, known, attrs.evolve(known, request_id=fact.request_id))
            return
        open_request(state, OpenRequest(action, event.happened_at, fact.client_order_id, fact.request_id))

    return open_or_update


def _request_unknown(state: OrderState, event: OrderEvent) -> None:
    """Put a request in doubt.

    Rules: EVENT-CANCEL_UNKNOWN-2, EVENT-REPLACE_UNKNOWN-2.
    """
    request = own_request(state, event.fact)
    if request is not None:
        update_request(state, request, attrs.evolve(request, in_doubt=True))


def _request_failed(state: OrderState, event: OrderEvent) -> None:
    """Close a request that never reached the venue.

    Rules: EVENT-CANCEL_FAILED-2, EVENT-REPLACE_FAILED-2.
    """
    close_request(state, own_request(state, event.fact))


def _resolved(state: OrderState, event: OrderEvent) -> None:
    """Close what is in doubt, and take over the status that a person found out.

    Rules: EVENT-RESOLVED-2.
    """
    state.submission_unknown = False
    state.open_requests = tuple(r for r in state.open_requests if not r.in_doubt)
    status = event.fact.resolved_status if event.fact else None
    if status is OrderStatus.FAILED:
        state.failed = True
    elif status is not None:
        acknowledge_from_status(state, status)
        if status is OrderStatus.FILLED:
            state.completed = True
        elif status in END_BY_STATUS:
            end(state, END_BY_STATUS[status])


LOCAL_EFFECTS: Mapping[EventType, _LocalEffect] = {
    EventType.SUBMITTED: _submitted,
    EventType.SUBMISSION_UNKNOWN: _submission_unknown,
    EventType.FAILED: _failed,
    EventType.CANCEL_REQUESTED: _requested(Action.CANCEL),
    EventType.CANCEL_UNKNOWN: _request_unknown,
    EventType.CANCEL_FAILED: _request_failed,
    EventType.REPLACE_REQUESTED: _requested(Action.REPLACE),
    EventType.REPLACE_UNKNOWN: _request_unknown,
    EventType.REPLACE_FAILED: _request_failed,
    EventType.RESOLVED: _resolved,
}
"""The effect of each type of event of ours. One that is not here, such as MARKED, has none.

Rules: EVENT-MARKED-2.
"""
