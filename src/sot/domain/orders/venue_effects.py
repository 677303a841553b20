"""The effects of a venue's reports on the state of an order, but for executions."""

from collections.abc import Callable, Mapping

import attrs

from sot.domain.orders.anomalies import ended_at_venue, rejects_order
from sot.domain.orders.commands import own_request
from sot.domain.orders.effects import (
    END_BY_STATUS,
    Effect,
    VenueEffect,
    acknowledge,
    acknowledge_from_status,
    close_request,
    end,
    open_request,
    update_request,
)
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.report import VenueReport, named_client_order_id
from sot.domain.orders.state import RANK, OpenRequest, OrderState
from sot.domain.orders.terms import set_terms, sets_terms
from sot.domain.values.numbers import ZERO, canonical, multiply
from sot.domain.values.vocabulary import Action, EventType, OrderStatus


def _pending_new(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    """Note that the venue received the order.

    Rules: EVENT-PENDING_NEW-1.
    """
    effect.state.pending_new = True


def _new(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    """Acknowledge the order, and set its terms unless the report is late.

    Rules: EVENT-NEW-1.
    """
    acknowledge(effect, event, report)
    if sets_terms(effect.order, report, EventType.NEW, event.happened_at):
        set_terms(effect.order, report, event.happened_at)


def _rejected(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    """End the order, unless the report refuses a repeated message.

    Rules: EVENT-REJECTED-1.
    """
    if rejects_order(report):
        end(effect.state, "rejected")


def _canceled(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    """End the order as cancelled.

    Rules: EVENT-CANCELED-1.
    """
    end(effect.state, "cancelled")


def _expired(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    """End the order as expired.

    Rules: EVENT-EXPIRED-1.
    """
    end(effect.state, "expired")


def _set_flag(name: str) -> Callable[[Effect, OrderEvent, VenueReport], None]:
    """Make the effect that acknowledges the order, and sets a flag of one that is not over.

    Rules: EVENT-TRIGGERED-1, EVENT-STOPPED-1, EVENT-SUSPENDED-1, EVENT-DONE_FOR_DAY-1.
    """

    def set_flag(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
        effect.state.acknowledged = True
        if not ended_at_venue(effect.state):
            setattr(effect.state, name, True)

    return set_flag


def _calculated(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    """Note that the venue calculated the day's result of the order.

    Rules: EVENT-CALCULATED-1.
    """
    state = effect.state
    state.acknowledged = state.calculated = True
    state.done_for_day = False


def _pending_request(action: Action) -> Callable[[Effect, OrderEvent, VenueReport], None]:
    """Make the effect that confirms the request which a report answers, or opens one that the venue told of.

    Rules: EVENT-PENDING_CANCEL-1, EVENT-PENDING_REPLACE-1, REQUEST-4, REQUEST-7.
    """

    def open_or_update(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
        state = effect.state
        known = answered_request(state, action, report)
        if known is not None:
            update_request(state, known, attrs.evolve(known, in_doubt=False))
        elif not state.ended:
            open_request(state, OpenRequest(action, event.happened_at, named_client_order_id(report)))

    return open_or_update


def answered_request(state: OrderState, action: Action, report: VenueReport) -> OpenRequest | None:
    """Find the open request that a report answers: by its client order id, else the oldest that it may answer.

    Rules: REQUEST-5.
    """
    client_order_id = named_client_order_id(report)
    for request in state.open_requests:
        if client_order_id is not None and request.client_order_id == client_order_id:
            return request
    fits_any = client_order_id is None or client_order_id == state.client_order_id
    candidates = (r for r in state.requests(action) if fits_any or r.client_order_id is None)
    return next(candidates, None)


def _request_rejected(action: Action) -> Callable[[Effect, OrderEvent, VenueReport], None]:
    """Make the effect that closes the request which the venue refused.

    Rules: EVENT-CANCEL_REJECTED-1, EVENT-REPLACE_REJECTED-1, EVENT-8.
    """

    def close(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
        state = effect.state
        close_request(state, own_request(state, event.fact) if event.fact else answered_request(state, action, report))

    return close


def _replaced(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    """Close the replace request that is answered, and take over its client order id and terms.

    Rules: EVENT-REPLACED-1, NAME-13.
    """
    state = effect.state
    close_request(state, answered_request(state, Action.REPLACE, report))
    state.client_order_id = named_client_order_id(report) or state.client_order_id
    _amend(effect, event, report)


def _amend(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    """Set the terms of an order that the venue amended.

    Rules: EVENT-REPLACED-2.
    """
    state = effect.state
    state.acknowledged = state.amended = True
    state.completed = False
    set_terms(effect.order, report, event.happened_at)
    if report.time_in_force is not None:
        state.time_in_force = report.time_in_force


def _restated(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    """Take over terms that the venue changed by itself, after a split of the units.

    Rules: EVENT-RESTATED-1, EVENT-RESTATED-2.
    """
    state = effect.state
    ratio = report.split_ratio
    if ratio is not None and ratio > ZERO:
        state.cum_quantity = canonical(multiply(state.cum_quantity, ratio))
        state.split_factor = canonical(multiply(state.split_factor, ratio))
        if state.order_quantity is not None:
            state.order_quantity = canonical(multiply(state.order_quantity, ratio))
    _amend(effect, event, report)
    state.done_for_day = state.suspended = state.calculated = False


def _order_status(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    """Take over what a polled status establishes.

    Rules: EVENT-ORDER_STATUS-1, STATUS-5, STATUS-6.
    """
    state = effect.state
    status = report.reported_status
    if sets_terms(effect.order, report, EventType.ORDER_STATUS, event.happened_at):
        set_terms(effect.order, report, event.happened_at)
    state.polled = report.polled_content
    if status is None:
        return
    acknowledge_from_status(state, status)
    asked_at = event.happened_at
    state.open_requests = tuple(
        r for r in state.open_requests if not (_excludes_pending(status, r.action) and r.requested_at < asked_at)
    )
    if status is OrderStatus.REJECTED:
        end(state, END_BY_STATUS[status])


def _excludes_pending(status: OrderStatus, action: Action) -> bool:
    """Whether a status tells that no such request is pending: PENDING_ precedes it (FIX order of precedence)."""
    pending = OrderStatus.PENDING_CANCEL if action is Action.CANCEL else OrderStatus.PENDING_REPLACE
    return RANK[status] > RANK[pending]


_STATES_ORDER_STATUS = frozenset(
    {
        EventType.NEW,
        EventType.TRADE,
        EventType.TRADE_CORRECT,
        EventType.TRADE_CANCEL,
        EventType.REPLACED,
        EventType.RESTATED,
        EventType.ORDER_STATUS,
        EventType.CANCEL_REJECTED,
        EventType.REPLACE_REJECTED,
    }
)
"""The types of reports whose reported status counts.

Rules: STATUS-1.
"""


def apply_reported_status(state: OrderState, event: OrderEvent, report: VenueReport) -> None:
    """Apply what the reported status (FIX tag 39) adds to the event: completion, an end, the end of a suspension.

    Rules: STATUS-2, STATUS-3, STATUS-4.
    """
    status = report.reported_status
    if status is None or event.type not in _STATES_ORDER_STATUS:
        return
    nothing_left = report.leaves_quantity is None or (report.leaves_quantity == ZERO)
    if status is OrderStatus.FILLED and nothing_left:
        state.completed = True
    elif status is OrderStatus.CANCELED or status is OrderStatus.EXPIRED:
        end(state, END_BY_STATUS[status])
    if RANK[status] > RANK[OrderStatus.SUSPENDED]:
        state.suspended = False


_RESETS_CUM_QUANTITY = frozenset(
    {EventType.TRADE_CORRECT, EventType.TRADE_CANCEL, EventType.RESTATED, EventType.REPLACED, EventType.ORDER_STATUS}
)


def apply_reported_quantities(state: OrderState, event_type: EventType, report: VenueReport) -> None:
    """Store the reported cumulative quantity (FIX tag 14), for what it exceeds the known executions by.

    Rules: STATUS-10.
    """
    cum_quantity = report.cum_quantity
    if cum_quantity is not None and cum_quantity < ZERO:
        cum_quantity = None
    before = state.reported_cum_quantity
    if event_type in _RESETS_CUM_QUANTITY:
        if cum_quantity is not None or event_type is not EventType.ORDER_STATUS:
            state.reported_cum_quantity, state.reported_avg_price = cum_quantity, report.avg_price
    elif cum_quantity is not None and (before is None or cum_quantity >= before):
        state.reported_cum_quantity = cum_quantity
        if report.avg_price is not None:
            state.reported_avg_price = report.avg_price
    after = state.reported_cum_quantity
    if after is not None and (after == state.cum_quantity or (after < state.cum_quantity and cum_quantity is None)):
        state.reported_cum_quantity = state.reported_avg_price = None


ORDER_EFFECTS: Mapping[EventType, VenueEffect] = {
    EventType.PENDING_NEW: _pending_new,
    EventType.NEW: _new,
    EventType.REJECTED: _rejected,
    EventType.PENDING_CANCEL: _pending_request(Action.CANCEL),
    EventType.CANCELED: _canceled,
    EventType.CANCEL_REJECTED: _request_rejected(Action.CANCEL),
    EventType.PENDING_REPLACE: _pending_request(Action.REPLACE),
    EventType.REPLACED: _replaced,
    EventType.REPLACE_REJECTED: _request_rejected(Action.REPLACE),
    EventType.RESTATED: _restated,
    EventType.TRIGGERED: _set_flag("triggered"),
    EventType.STOPPED: _set_flag("stopped"),
    EventType.SUSPENDED: _set_flag("suspended"),
    EventType.EXPIRED: _expired,
    EventType.DONE_FOR_DAY: _set_flag("done_for_day"),
    EventType.CALCULATED: _calculated,
    EventType.ORDER_STATUS: _order_status,
}
