"""Detect what is wrong with a report. Anomalies are data on the report's event, never a reason to refuse it."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.orders.state import OrderState
from sot.domain.values.numbers import ZERO
from sot.domain.values.vocabulary import Anomaly, EventType, OrderStatus, ReportingType

DUPLICATE_ORDER = "DUPLICATE_ORDER"
"""The reason of a REJECTED that refuses a repeated message, not the order (FIX 4.4 matrix F.1.a)."""


def contradicts_order(order: Order, report: VenueReport, symbol_is_known: bool) -> bool:
    """Whether a report has another venue, symbol or side than its order, which makes it INVALID."""
    return next(contradicted_fields(order, report, symbol_is_known), None) is not None


def contradicted_fields(order: Order, report: VenueReport, symbol_is_known: bool) -> Iterator[str]:
    """Iterate over the fields of a report that contradict its order: `venue`, `symbol` and `side`.

    The legs of a strategy have sides and symbols of their own.

    Args:
        order: The order.
        report: The report.
        symbol_is_known: Whether the symbol of the report is registered; an unknown symbol is no contradiction.

    Rules: ANOMALY-INVALID, NAME-10.
    """
    if report.venue not in (None, order.venue):
        yield "venue"
    if report.reporting_type is ReportingType.LEG:
        return
    if symbol_is_known and report.symbol not in (None, order.symbol):
        yield "symbol"
    if None not in (report.side, order.side) and report.side is not order.side:
        yield "side"


def rejects_order(report: VenueReport) -> bool:
    """Whether a REJECTED refuses the order, and not a repeated message (FIX 4.4 matrices F.1.a, F.1.b).

    Rules: EVENT-REJECTED-2.
    """
    return report.reason != DUPLICATE_ORDER and report.reported_status in (None, OrderStatus.REJECTED)


_PENDING_TYPES = frozenset({EventType.PENDING_CANCEL, EventType.PENDING_REPLACE})

_END_TYPES = frozenset({EventType.CANCELED, EventType.EXPIRED})

_WORKING_TYPES = frozenset(
    {
        EventType.REPLACED,
        EventType.RESTATED,
        EventType.TRIGGERED,
        EventType.STOPPED,
        EventType.SUSPENDED,
        EventType.DONE_FOR_DAY,
    }
)
"""The types of reports that only an order which is not over can have."""


def ended_at_venue(state: OrderState) -> bool:
    """Whether the venue reported that the order is over: cancelled, expired or rejected."""
    return state.cancelled or state.expired or state.rejected


def timing_anomalies(state: OrderState, report: VenueReport) -> list[Anomaly]:
    """Detect LATE, OUT_OF_ORDER and ILLEGAL.

    Args:
        state: The state before the report.
        report: The report.

    Rules: ANOMALY-LATE, ANOMALY-OUT_OF_ORDER, ANOMALY-ILLEGAL.
    """
    kind, at, latest = report.type, report.occurred_at, state.last_venue_time
    anomalies = []
    is_over = ended_at_venue(state)
    if kind is EventType.TRADE and state.closed and not (state.filled and not is_over):
        anomalies.append(Anomaly.LATE)
    is_earlier = at is not None and latest is not None and at < latest and kind is not EventType.ORDER_STATUS
    if (
        is_earlier
        or (kind in _BEGINNINGS and _begins_again(state, kind, is_over))
        or (is_over and kind in _PENDING_TYPES)
    ):
        anomalies.append(Anomaly.OUT_OF_ORDER)
    if kind not in _NEVER_ILLEGAL and _is_illegal(state, report, is_over):
        anomalies.append(Anomaly.ILLEGAL)
    return anomalies


_BEGINNINGS = frozenset({EventType.NEW, EventType.PENDING_NEW})

_NEVER_ILLEGAL = frozenset({EventType.NEW, EventType.TRADE})
"""Types of which no report is ILLEGAL; they come most often."""


def _begins_again(state: OrderState, kind: EventType, is_over: bool) -> bool:
    """Whether a NEW or a PENDING_NEW tells what the state has already, or comes after the end."""
    return is_over or (state.acknowledged if kind is EventType.NEW else state.at_venue)


def _is_illegal(state: OrderState, report: VenueReport, is_over: bool) -> bool:
    kind = report.type
    rejects_too_late = kind is EventType.REJECTED and rejects_order(report) and (is_over or state.cum_quantity > ZERO)
    ends_again = kind in _END_TYPES and (is_over or state.filled)
    return rejects_too_late or ends_again or (kind in _WORKING_TYPES and is_over)


def quantity_anomalies(executed_before: Decimal, after: OrderState, report: VenueReport) -> list[Anomaly]:
    """Detect OVERFILL and CUM_MISMATCH.

    Args:
        executed_before: The cumulative quantity before the report.
        after: The state after the report.
        report: The report.

    Rules: ANOMALY-OVERFILL, ANOMALY-CUM_MISMATCH.
    """
    anomalies = []
    if (
        after.cum_quantity > executed_before
        and after.order_quantity is not None
        and after.cum_quantity > after.order_quantity
        and report.split_ratio is None
    ):
        anomalies.append(Anomaly.OVERFILL)
    if report.cum_quantity is not None and report.cum_quantity >= ZERO and report.cum_quantity != after.cum_quantity:
        anomalies.append(Anomaly.CUM_MISMATCH)
    return anomalies


def distinct_anomalies(anomalies: Iterable[Anomaly]) -> Sequence[Anomaly]:
    """Return anomalies without repetitions, in the order of the vocabulary."""
    found = set(anomalies)
    return [anomaly for anomaly in Anomaly if anomaly in found]
