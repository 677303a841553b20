"""The lifecycle of an order: what each fact does to the state.

Everything an event does to an order is decided here and only here. The rules are those of FIX 4.4 volume 4, appendix D
(order state change matrices), completed for what precedes and surrounds the venue.
"""

from collections.abc import Mapping

from sot.domain.orders.effects import Effect, EventOf, VenueEffect
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.execution_effects import EXECUTION_EFFECTS, attributed
from sot.domain.orders.fill import Executions, Fill
from sot.domain.orders.local_effects import LOCAL_EFFECTS
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.orders.venue_effects import ORDER_EFFECTS, apply_reported_status, reported_quantities
from sot.domain.values.vocabulary import Anomaly, EventType

_NO_EFFECT = frozenset({Anomaly.DUPLICATE_CONFLICT})


def apply(order: Order, event: OrderEvent, executions: Executions, event_of: EventOf) -> list[Fill]:
    """Let an event take effect on the order's state; returns the new versions of fills.

    `executions` must know what the event refers to, and `event_of` gives an earlier event by its sequence (it is asked
    for parked ones only). The order's head (sequence, hash) is not touched. VOIDED is an effect of `replay`.
    """
    effect = Effect(order, event, executions, event_of)
    if event.report is not None and event.type in _VENUE_EFFECTS:
        _venue_says(effect, event, event.report)
    elif event.type is EventType.ATTRIBUTED:
        attributed(effect, event)
    else:
        handler = LOCAL_EFFECTS.get(event.type)
        if handler is not None:
            handler(effect.state, event)
    return effect.fills


def _venue_says(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    if not _NO_EFFECT.isdisjoint(event.anomalies):
        return
    state = effect.state
    _VENUE_EFFECTS[event.type](effect, event, report)
    if event.type is not EventType.SUPPLEMENTED:
        apply_reported_status(state, event, report)
        reported_quantities(state, event.type, report)
    latest = state.last_venue_time
    if report.occurred_at is not None and event.type is not EventType.ORDER_STATUS:
        state.last_venue_time = report.occurred_at if latest is None else max(latest, report.occurred_at)
    if report.venue_order_id is not None:
        state.venue_order_id = report.venue_order_id


_VENUE_EFFECTS: Mapping[EventType, VenueEffect] = {**ORDER_EFFECTS, **EXECUTION_EFFECTS}
