"""What is odd about a report: data on its event, never a reason to refuse it."""

from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.orders.state import OrderState
from sot.domain.values.numbers import ZERO
from sot.domain.values.vocabulary import Anomaly, EventType, OrderStatus, ReportingType

DUPLICATE_ORDER = "DUPLICATE_ORDER"
"""The reason of a REJECTED that refuses a repeated message, not the order (FIX 4.4 matrix F.1.a)."""


def contradicts_order(order: Order, report: VenueReport, symbol_is_known: bool) -> bool:
    """Whether the report speaks of another venue, side or (registered) symbol than its order: it is INVALID by that.

    The legs of a strategy have sides and symbols of their own.
    """
    if report.venue is not None and report.venue != order.venue:
        return True
    if report.reporting_type is ReportingType.LEG:
        return False
    other_side = report.side is not None and order.side is not None and report.side is not order.side
    return other_side or (report.symbol is not None and report.symbol != order.symbol and symbol_is_known)


def rejects_order(report: VenueReport) -> bool:
    """Whether a REJECTED refuses the order, and not a repeated message (FIX 4.4 matrices F.1.a, F.1.b)."""
    return report.reason != DUPLICATE_ORDER and report.reported_status in (None, OrderStatus.REJECTED)


_AFTER_ITS_OUTCOME = frozenset({EventType.PENDING_CANCEL, EventType.PENDING_REPLACE})


_ENDS = frozenset({EventType.CANCELED, EventType.EXPIRED})


_WORKS = frozenset(
    {
        EventType.REPLACED,
        EventType.RESTATED,
        EventType.TRIGGERED,
        EventType.STOPPED,
        EventType.SUSPENDED,
        EventType.DONE_FOR_DAY,
    }
)


def ended_at_venue(state: OrderState) -> bool:
    """The venue has said that the order is over: cancelled, expired or rejected."""
    return state.cancelled or state.expired or state.rejected


def timing_anomalies(state: OrderState, report: VenueReport) -> list[Anomaly]:
    """LATE, OUT_OF_ORDER and ILLEGAL, by the state before the report."""
    kind = report.type
    found = []
    if kind is EventType.TRADE and state.closed and not (state.filled and not ended_at_venue(state)):
        found.append(Anomaly.LATE)
    earlier = (
        report.occurred_at is not None
        and state.last_venue_time is not None
        and report.occurred_at < state.last_venue_time
        and kind is not EventType.ORDER_STATUS
    )
    acknowledges_again = (kind is EventType.NEW and state.acknowledged) or (
        kind is EventType.PENDING_NEW and state.at_venue
    )
    over = ended_at_venue(state)
    after_the_end = over and (kind in _AFTER_ITS_OUTCOME or kind in (EventType.NEW, EventType.PENDING_NEW))
    if earlier or acknowledges_again or after_the_end:
        found.append(Anomaly.OUT_OF_ORDER)
    rejects_too_late = kind is EventType.REJECTED and rejects_order(report) and (over or state.cum_quantity > ZERO)
    ends_again = kind in _ENDS and (over or state.filled)
    if rejects_too_late or ends_again or (kind in _WORKS and over):
        found.append(Anomaly.ILLEGAL)
    return found


def quantity_anomalies(before: OrderState, after: OrderState, report: VenueReport) -> list[Anomaly]:
    """OVERFILL and CUM_MISMATCH, by the state after the report."""
    found = []
    if (
        after.cum_quantity > before.cum_quantity
        and after.order_quantity is not None
        and after.cum_quantity > after.order_quantity
        and report.split_ratio is None
    ):
        found.append(Anomaly.OVERFILL)
    if report.cum_quantity is not None and report.cum_quantity >= ZERO and report.cum_quantity != after.cum_quantity:
        found.append(Anomaly.CUM_MISMATCH)
    return found
