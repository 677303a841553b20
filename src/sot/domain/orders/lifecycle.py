"""The lifecycle of an order: the effect of each event on its state, which is decided here alone.

The rules are those of FIX 4.4, volume 4, appendix D (order state change matrices), completed for what precedes the
venue.
"""

from collections.abc import Mapping

from sot.domain.orders.effects import Effect, EventOf, VenueEffect
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.execution_effects import (
    EXECUTION_EFFECTS,
    attributed,
    set_venue_account,
)
from sot.domain.orders.fill import Executions, Fill
from sot.domain.orders.fill_versions import leave_positions_to_legs
from sot.domain.orders.local_effects import LOCAL_EFFECTS
from sot.domain.orders.needed_executions import tells_venue_account
from sot.domain.orders.order import Order
from sot.domain.orders.report import LINKS, VenueReport, is_venue_order_id
from sot.domain.orders.venue_effects import ORDER_EFFECTS, apply_reported_quantities, apply_reported_status
from sot.domain.values.vocabulary import Anomaly, EventType


def apply(order: Order, event: OrderEvent, executions: Executions, event_of: EventOf) -> list[Fill]:
    """Apply an event to the state of an order. VOIDED is applied by `replay`.

    Args:
        order: The order. Its state changes; its head (sequence and hash) does not.
        event: The event.
        executions: The executions of the order, at least those that the event refers to. New versions are added.
        event_of: Returns an earlier event by its sequence. It is called for parked events and busted executions only.

    Returns:
        The new versions of fills.
    """
    effect = Effect(order, event, executions, event_of)
    if event.report is not None and event.type in _VENUE_EFFECTS:
        _apply_report(effect, event, event.report)
    elif event.type is EventType.ATTRIBUTED:
        attributed(effect, event)
    else:
        handler = LOCAL_EFFECTS.get(event.type)
        if handler is not None:
            handler(effect.state, event)
    return effect.fills


def _apply_report(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    """Apply a report of the venue, unless it contradicts what was told of the same execution.

    Rules: EVENT-2, STATE-11.
    """
    if Anomaly.DUPLICATE_CONFLICT in event.anomalies:
        return
    state = effect.state
    if event.type is not EventType.ORDER_STATUS:
        state.polled = None
    passes_on = is_venue_order_id(report.venue_order_id) and _passes_to_other_id(effect.order, event, report)
    if tells_venue_account(effect.order, report):
        set_venue_account(effect, report)
    _VENUE_EFFECTS[event.type](effect, event, report)
    leave_positions_to_legs(effect)
    if event.type is not EventType.SUPPLEMENTED:
        apply_reported_status(state, event, report)
        apply_reported_quantities(state, event.type, report)
    latest = state.last_venue_time
    if passes_on:
        state.venue_order_id = report.venue_order_id
    if report.occurred_at is not None and event.type is not EventType.ORDER_STATUS:
        state.last_venue_time = report.occurred_at if latest is None else max(latest, report.occurred_at)


def _passes_to_other_id(order: Order, event: OrderEvent, report: VenueReport) -> bool:
    """Whether an order goes by the venue order id of a report from now on; never by that of another venue.

    The first id is its id until a report links it to another one, or a status tells under which it was found; unless
    that is late, so that it tells an id of before.

    Rules: NAME-14.
    """
    state = order.state
    if report.venue not in (None, order.venue):
        return False
    if state.venue_order_id is None:
        return True
    if event.type not in LINKS and event.type is not EventType.ORDER_STATUS:
        return False
    latest = state.terms_at if event.type in LINKS else state.last_venue_time
    return report.occurred_at is None or latest is None or report.occurred_at >= latest


_VENUE_EFFECTS: Mapping[EventType, VenueEffect] = {**ORDER_EFFECTS, **EXECUTION_EFFECTS}
