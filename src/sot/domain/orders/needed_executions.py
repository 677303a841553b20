"""Which executions of its order an event refers to, so that only these are read before it is applied."""

from collections.abc import Sequence
from enum import Enum, auto

from sot.domain.orders.order import Order
from sot.domain.orders.report import EXECUTION_TYPES, VenueReport
from sot.domain.values.vocabulary import Anomaly, EventType, ReportingType


class Needed(Enum):
    """Which executions of its order an event refers to, so that these must be read before it is applied."""

    NONE = auto()
    NAMED = auto()
    """Those that its report names."""
    ALL = auto()


def needed_executions(
    order: Order, report: VenueReport | None, event_type: EventType, anomalies: Sequence[Anomaly]
) -> Needed:
    """Decide which executions an event refers to, by the state before it.

    Args:
        order: The order.
        report: The report of the event; None for one of ours.
        event_type: The type of the event.
        anomalies: Its anomalies.
    """
    if event_type is EventType.ATTRIBUTED:
        return Needed.ALL
    if report is None or Anomaly.DUPLICATE_CONFLICT in anomalies:
        return Needed.NONE
    if tells_venue_account(order, report) and _may_have_executions(order):
        return Needed.ALL
    if event_type not in EXECUTION_TYPES:
        return Needed.NONE
    if order.state.has_legs or report.reporting_type is ReportingType.LEG:
        return Needed.ALL
    if event_type is not EventType.TRADE:
        return Needed.NAMED
    parked = order.state.parked
    awaited = bool(parked) and any((p.exec_ref_id, p.leg) == (report.exec_id, report.leg) for p in parked)
    return Needed.NAMED if awaited or Anomaly.POSSIBLE_REPEAT in anomalies else Needed.NONE


def _may_have_executions(order: Order) -> bool:
    """Whether an order may have executions, busted ones and legs included: these acknowledge it, or are void."""
    return order.state.acknowledged or order.last_sequence > _EVENTS_BEFORE_A_VOID


_EVENTS_BEFORE_A_VOID = 2


def tells_venue_account(order: Order, report: VenueReport) -> bool:
    """Whether a report tells the venue account of an order that has had none."""
    return bool(report.venue_account) and not order.venue_account and not order.state.venue_account
