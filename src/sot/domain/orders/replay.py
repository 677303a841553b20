"""Derive the state of an order, and every version of its fills, from its events."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import attrs

from sot.domain.orders import lifecycle
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fill import Executions, Fill
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport, is_venue_order_id
from sot.domain.orders.request import OrderRequest
from sot.domain.orders.state import OrderState
from sot.domain.values.numbers import positive_or_none
from sot.domain.values.vocabulary import EventType, PositionSide


def opening_state(request: OrderRequest | None, report: VenueReport | None) -> OrderState:
    """Create the state before the first event: the terms of the report in CREATED, else those of the request.

    CREATED has a report for an external order, which has no request, and for an order that replaces another, whose
    request has only the terms that change.

    Args:
        request: The request that the order was created for.
        report: The report in CREATED.

    Rules: STATE-2, STATE-3, EVENT-CREATED-2, NAME-13.
    """
    if report is None:
        assert request is not None
        return OrderState(
            order_quantity=request.quantity,
            quote_quantity=request.quote_quantity,
            limit_price=request.limit_price,
            stop_price=request.stop_price,
            time_in_force=request.time_in_force,
            client_order_id=request.client_order_id,
            position_side=request.position_side or PositionSide.NET,
            position_id=request.position_id or "",
        )
    return OrderState(
        order_quantity=positive_or_none(report.order_quantity),
        limit_price=report.limit_price,
        stop_price=report.stop_price,
        time_in_force=report.time_in_force,
        client_order_id=report.client_order_id,
        venue_order_id=report.venue_order_id if is_venue_order_id(report.venue_order_id) else None,
        position_side=report.position_side or PositionSide.NET,
        position_id=report.position_id or "",
    )


def voided(events: Iterable[OrderEvent]) -> frozenset[int]:
    """Find the sequences of the void events. A VOIDED that is void itself has no effect.

    Rules: EVENT-VOIDED-2.
    """
    void: set[int] = set()
    for event in sorted(events, key=lambda e: e.sequence, reverse=True):
        if event.type is EventType.VOIDED and event.sequence not in void and event.fact is not None:
            assert event.fact.target_sequence is not None
            void.add(event.fact.target_sequence)
    return frozenset(void)


def _apply_effective(order: Order, opening: OrderState, events: Sequence[OrderEvent]) -> Executions:
    """Apply the events that are not void to `order.state`; returns the executions."""
    void = voided(events)
    by_sequence = {event.sequence: event for event in events}
    executions = Executions()
    order.state = opening.copy()
    for event in events:
        if event.sequence not in void:
            lifecycle.apply(order, event, executions, by_sequence.__getitem__)
    return executions


def apply_void(
    order: Order, opening: OrderState, events: Sequence[OrderEvent], executions: Executions, event: OrderEvent
) -> list[Fill]:
    """Apply a VOIDED: derive the state again, without its target.

    Args:
        order: The order, whose state changes.
        opening: The state before the first event.
        events: All events of the order, up to the VOIDED.
        executions: All executions of the order. New versions are added.
        event: The VOIDED.

    Returns:
        The new versions of fills. An execution that is void is busted.

    Rules: EVENT-VOIDED-2.
    """
    before = dict(executions.by_execution())
    latest, began_at = order.state.latest_happened_at, order.state.began_at
    after = _apply_effective(order, opening, events).by_execution()
    order.state.latest_happened_at, order.state.began_at = latest, began_at
    fills = []
    for execution, old in sorted(before.items()):
        current = after.get(execution) or old.changed(busted=True)
        new = current.changed(version=old.version, sequence=old.sequence)
        if new != old:
            fills.append(new.changed(version=old.version + 1, sequence=event.sequence))
    for execution, current in sorted(after.items()):
        if execution not in before:
            fills.append(current.changed(version=0, sequence=event.sequence))
    for fill in fills:
        executions.put(fill)
    return fills


def advance(
    order: Order, opening: OrderState, events: Sequence[OrderEvent], executions: Executions, event: OrderEvent
) -> list[Fill]:
    """Apply one event, and move the head of the order to it.

    Args:
        order: The order; it changes.
        opening: The state before the first event.
        events: The events of the order from the first one, at least those before this one.
        executions: All executions of the order. New versions are added.
        event: The event.

    Returns:
        The new versions of fills.
    """
    if event.type is EventType.VOIDED:
        fills = apply_void(order, opening, [*events[: event.sequence - 1], event], executions, event)
    else:
        fills = lifecycle.apply(order, event, executions, lambda sequence: events[sequence - 1])
    move_head(order, event)
    return fills


def move_head(order: Order, event: OrderEvent) -> None:
    """Make an event the last one of the order's chain."""
    order.last_sequence = event.sequence
    order.head = event
    order.updated_at = event.recorded_at
    state = order.state
    if state.began_at is None:
        state.began_at = event.reported_at
    state.latest_happened_at = latest_happened_at(state.latest_happened_at, event)


def latest_happened_at(before: datetime | None, event: OrderEvent) -> datetime | None:
    """Find the latest time at which an event of an order happened, up to one event.

    An event without a time happened when it was recorded. Only the first events of an order have no time then: an order
    that is recorded long after its execution was not created after it.

    Args:
        before: The latest time of the events before; None if none has come with a time.
        event: The event.

    Rules: PAST-3.
    """
    if before is None:
        return event.reported_at
    return max(before, event.happened_at)


def replay(blank: Order, opening: OrderState, events: Sequence[OrderEvent]) -> tuple[Order, list[Fill]]:
    """Derive an order, and every version of its fills, from its events alone.

    Args:
        blank: The order, of which only the identity is used.
        opening: The state before the first event.
        events: All events of the order.

    Returns:
        The order and the versions of its fills, in the order in which they were made.
    """
    order = attrs.evolve(blank, state=opening.copy(), last_sequence=0, last_hash="", updated_at=None)
    steps = replay_steps(order, opening, events, Executions())
    return order, [fill for _, fills in steps for fill in fills]


def replay_steps(
    order: Order, opening: OrderState, events: Sequence[OrderEvent], executions: Executions
) -> Iterator[tuple[OrderEvent, list[Fill]]]:
    """Replay an order event by event.

    Args:
        order: The order in its opening state; it changes with every step.
        opening: The state before the first event.
        events: The events of the order from the first one.
        executions: An empty `Executions`; it changes with every step.

    Yields:
        Each event after it was applied, and the new versions of fills.
    """
    for event in events:
        yield event, advance(order, opening, events, executions, event)
