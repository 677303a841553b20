"""State as a fold of facts: an order's events, from the first on, give its state and every version of its fills."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import attrs

from sot.domain.orders import lifecycle
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fill import Executions, Fill
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.orders.state import OrderState
from sot.domain.values.vocabulary import EventType, PositionSide


def opening_state(request: OrderRequest | None, report: VenueReport | None) -> OrderState:
    """The state before the first event: the terms that CREATED tells, else those of the request.

    It tells them for an external order, which no request made, and for one that replaces another, whose request has no
    more than what was to be different.
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
        order_quantity=report.order_quantity,
        limit_price=report.limit_price,
        stop_price=report.stop_price,
        time_in_force=report.time_in_force,
        client_order_id=report.client_order_id,
        venue_order_id=report.venue_order_id,
        position_side=report.position_side or PositionSide.NET,
        position_id=report.position_id or "",
    )


def voided(events: Iterable[OrderEvent]) -> frozenset[int]:
    """The sequences of the events that are void. A VOIDED that is void itself voids nothing."""
    void: set[int] = set()
    for event in sorted(events, key=lambda e: e.sequence, reverse=True):
        if event.type is EventType.VOIDED and event.sequence not in void and event.fact is not None:
            assert event.fact.target_sequence is not None
            void.add(event.fact.target_sequence)
    return frozenset(void)


def _effective(order: Order, opening: OrderState, events: Sequence[OrderEvent]) -> Executions:
    """Fold the events that are not void into `order.state`; gives the executions that hold."""
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
    """Let a VOIDED take effect: as if its target had not been. `events` are all of the order's, `event` the last.

    Returns the new versions of fills; an execution that is void is busted.
    """
    before = dict(executions.by_execution())
    latest = order.state.latest_happened_at
    after = _effective(order, opening, events).by_execution()
    order.state.latest_happened_at = latest
    fills = []
    for execution, old in sorted(before.items()):
        held = after.get(execution) or old.changed(busted=True)
        new = held.changed(version=old.version, sequence=old.sequence)
        if new != old:
            fills.append(new.changed(version=old.version + 1, sequence=event.sequence))
    for execution, held in sorted(after.items()):
        if execution not in before:
            fills.append(held.changed(version=0, sequence=event.sequence))
    for fill in fills:
        executions.put(fill)
    return fills


def advance(
    order: Order, opening: OrderState, events: Sequence[OrderEvent], executions: Executions, event: OrderEvent
) -> list[Fill]:
    """Let one event take effect and move the order's head to it; returns the new versions of fills.

    `events` are the order's from the first on, at least all before it; `order` and `executions` are changed.
    """
    if event.type is EventType.VOIDED:
        fills = apply_void(order, opening, [*events[: event.sequence - 1], event], executions, event)
    else:
        fills = lifecycle.apply(order, event, executions, lambda sequence: events[sequence - 1])
    move_head(order, event)
    return fills


def move_head(order: Order, event: OrderEvent) -> None:
    """The event is now the last of the order's chain."""
    order.last_sequence = event.sequence
    order.head = event
    order.updated_at = event.recorded_at
    order.state.latest_happened_at = latest_happened_at(order.state.latest_happened_at, event)


def latest_happened_at(before: datetime | None, event: OrderEvent) -> datetime | None:
    """The latest moment at which an order's events happened, up to this one; `before` is that of those before it.

    What was recorded without a time happened when it was recorded, but for an order's first events: an order that is
    recorded long after it was executed was not made after that.
    """
    if before is None:
        return event.reported_at
    return max(before, event.happened_at)


def replay(blank: Order, opening: OrderState, events: Sequence[OrderEvent]) -> tuple[Order, list[Fill]]:
    """The order and every version of its fills, from its events alone. `blank` has the identity only."""
    order = attrs.evolve(blank, state=opening.copy(), last_sequence=0, last_hash="", updated_at=None)
    steps = replay_steps(order, opening, events, Executions())
    return order, [fill for _, fills in steps for fill in fills]


def replay_steps(
    order: Order, opening: OrderState, events: Sequence[OrderEvent], executions: Executions
) -> Iterator[tuple[OrderEvent, list[Fill]]]:
    """Replay an order event by event; yields each event after it took effect, with the new versions of fills.

    `events` are the order's from the first on. `order`, which is in its opening state, and `executions`, which are
    empty, change with every step.
    """
    for event in events:
        yield event, advance(order, opening, events, executions, event)
