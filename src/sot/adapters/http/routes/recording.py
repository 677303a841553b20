"""What recording something is answered with: the same, however often it is asked for."""

from typing import Any

from sot.adapters.http.asked import Asked
from sot.adapters.http.route import Answer
from sot.adapters.http.wire import etag_at, etag_of
from sot.application.orders.anomalies import waiting_anomalies
from sot.application.support.record_result import RecordResult, outcome_of_new
from sot.application.views.values import plain_value
from sot.domain.orders.report import VenueReport
from sot.domain.values.vocabulary import Outcome


def recorded_answer(asked: Asked, result: RecordResult, report: VenueReport | None = None) -> Answer:
    """The event that now says it, or said it before; for a report whose order is not known, that it waits."""
    replayed = result.outcome is Outcome.REPEATED
    if result.order_id is None or result.sequence is None:
        anomalies = [] if report is None else plain_value(waiting_anomalies(asked.uow, report))
        nothing = dict.fromkeys(("order_id", "sequence", "type", "hash"))
        return Answer(body={"outcome": str(Outcome.FLAGGED), **nothing, "anomalies": anomalies}, replayed=replayed)
    order = asked.history.order(result.order_id)
    event = asked.uow.events.get(order.account_id, result.order_id, result.sequence)
    assert event is not None
    body: dict[str, Any] = {
        "outcome": str(outcome_of_new(event.anomalies)),
        "order_id": result.order_id,
        "sequence": result.sequence,
        "type": str(event.type),
        "anomalies": plain_value(event.anomalies),
        "hash": event.hash,
    }
    headers = {"Location": asked.address(f"/sot/orders/{result.order_id}")}
    # The order may have been read before somebody else recorded the same: the tag is never older than the event.
    etag = etag_of(order) if order.last_sequence >= event.sequence else etag_at(event.sequence, event.hash)
    return Answer(body=body, headers=headers, etag=etag, replayed=replayed)
