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
    state.submitted = True


def _submission_unknown(state: OrderState, event: OrderEvent) -> None:
    state.submission_unknown = True


def _failed(state: OrderState, event: OrderEvent) -> None:
    state.failed = True
    state.submission_unknown = False


def _requested(action: Action) -> _LocalEffect:
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
    request = own_request(state, event.fact)
    if request is not None:
        update_request(state, request, attrs.evolve(request, in_doubt=True))


def _request_failed(state: OrderState, event: OrderEvent) -> None:
    close_request(state, own_request(state, event.fact))


def _resolved(state: OrderState, event: OrderEvent) -> None:
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
