"""Tell repeated, supplementing and contradicting reports of one fact apart.

An execution is recognised by its id and leg; anything else by the digest of its content.
"""

from collections.abc import Sequence
from functools import reduce

import attrs

from sot.domain.orders.event import OrderEvent, repeat_digest
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.values.vocabulary import Anomaly, EventType
from sot.ports.store import UnitOfWork


@attrs.frozen
class Classified:
    """What a report is beside the earlier ones of its order: the type of its event, or the event that it `repeats`."""

    event_type: EventType
    repeats: OrderEvent | None = None
    contradicts: bool = False

    @property
    def anomalies(self) -> tuple[Anomaly, ...]:
        """DUPLICATE_CONFLICT, if it contradicts an earlier report of the same execution."""
        return (Anomaly.DUPLICATE_CONFLICT,) if self.contradicts else ()


def digest_of_report(report: VenueReport, answered_request_id: str | None) -> str | None:
    """The digest by which a repeat of a report is recognised; None if its execution id does that.

    The answer to a request (`answered_request_id`) is the same only as an answer to the same request.
    """
    if report.identity:
        return None
    digest = report.content_digest
    return digest if answered_request_id is None else repeat_digest(digest, answered_request_id)


def classify_duplicate(uow: UnitOfWork, order: Order, report: VenueReport, content_digest: str | None) -> Classified:
    """Classify a report; `content_digest` is None where its execution id tells a repeat."""
    if content_digest is not None:
        known = uow.events.by_content_digest(order.account_id, order.order_id, content_digest)
        return Classified(report.type, known, known is None and _contradicts_fill(uow, order, report))
    assert report.identity is not None
    earlier = uow.events.by_execution(order.account_id, order.order_id, *report.identity)
    for event in earlier:
        assert event.report is not None
        added, contradicted = report.compare(event.report)
        if not added and not contradicted:
            return Classified(report.type, event)
    originals = [event for event in earlier if Anomaly.DUPLICATE_CONFLICT not in event.anomalies]
    if all(event.type is EventType.SUPPLEMENTED for event in originals):
        return Classified(report.type)
    added, contradicted = report.compare(_merged(originals))
    named = {"type", "exec_id", "exec_ref_id"} if report.type is EventType.SUPPLEMENTED else set()
    if set(contradicted) - named:
        return Classified(report.type, contradicts=True)
    return Classified(EventType.SUPPLEMENTED) if added else Classified(report.type, originals[0])


def _contradicts_fill(uow: UnitOfWork, order: Order, report: VenueReport) -> bool:
    """Whether a report that supplements an execution differs from what is known of it."""
    if report.type is not EventType.SUPPLEMENTED or report.exec_ref_id is None:
        return False
    versions = uow.fills.by_exec_id(order.account_id, order.order_id, report.exec_ref_id, report.leg)
    if not versions:
        return False
    held = versions[-1]
    pairs = ((report.fees, held.fees), (report.liquidity, held.liquidity))
    return any(given and known and given != known for given, known in pairs)


def _merged(originals: Sequence[OrderEvent]) -> VenueReport:
    reports = [event.report for event in originals if event.report is not None]
    return reduce(VenueReport.merge, reports)
