"""Say in words what makes a report INVALID: derived from what it says, and never stored."""

from collections.abc import Collection, Iterator

import attrs

from sot.domain.orders.anomalies import contradicted_fields
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.values.json_form import JsonForm
from sot.domain.values.numbers import ZERO, plain
from sot.domain.values.vocabulary import Anomaly, EventType, ReportingType

_NEEDING_A_SIDE = (EventType.TRADE, EventType.TRADE_CORRECT)


@attrs.frozen
class InvalidField(JsonForm):
    """A field of a report that makes it INVALID, and why."""

    field: str
    reason: str


def why_invalid(order: Order, report: VenueReport, anomalies: Collection[Anomaly]) -> tuple[InvalidField, ...]:
    """Say which fields make a report of an order INVALID, and why; nothing for a report that is not.

    Args:
        order: The order.
        report: The report.
        anomalies: What was found odd about the report when it was recorded.
    """
    if Anomaly.INVALID not in anomalies:
        return ()
    found = [*_senseless(report, anomalies), *_contradicting(order, report, anomalies)]
    if not found and report.last_amount is not None:
        found.append(InvalidField("last_amount", "it differs from quantity times price by more than its rounding"))
    return tuple(found) or (InvalidField("type", f"the order, as it was then, could have no such {report.type}"),)


def _senseless(report: VenueReport, anomalies: Collection[Anomaly]) -> Iterator[InvalidField]:
    invalid = report.invalid_fields()
    for name in VenueReport.KINDS:
        if name in invalid and not (name == "last_price" and Anomaly.PRICE_DERIVED in anomalies):
            yield InvalidField(name, _words(report, name))


def _words(report: VenueReport, name: str) -> str:
    value = getattr(report, name)
    if value is None:
        return _why_left_out(report, name) or f"it is missing: a {report.type} needs it"
    if name in ("cum_quantity", "leaves_quantity"):
        return f"{plain(value)} is negative"
    return f"{plain(value)} is not greater than zero" if value <= ZERO else f"{plain(value)} makes no sense"


def _why_left_out(report: VenueReport, name: str) -> str | None:
    """Why the message has a value that is not in the report."""
    return (report.left_out or {}).get(name)


def _contradicting(order: Order, report: VenueReport, anomalies: Collection[Anomaly]) -> Iterator[InvalidField]:
    for name in contradicted_fields(order, report, Anomaly.UNKNOWN_INSTRUMENT not in anomalies):
        told, known = getattr(report, name), getattr(order, name)
        yield InvalidField(name, f"{told} is not the {name} of the order, which is {known}")
    is_leg = report.reporting_type is ReportingType.LEG
    if report.type in _NEEDING_A_SIDE and report.side is None and order.side is None and not is_leg:
        yield InvalidField("side", _why_left_out(report, "side") or "it is missing, and the order has none")
