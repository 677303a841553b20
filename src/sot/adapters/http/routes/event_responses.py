"""Responses about a recorded event. A repeat gets the same response as the first request."""

from collections.abc import Sequence

from sot.adapters.http.http_message import event_etag, order_etag
from sot.adapters.http.request_context import RequestContext
from sot.adapters.http.response import Response
from sot.application.as_of.instruments import with_known_instruments
from sot.application.orders.anomalies import waiting_anomalies
from sot.application.orders.reports import content_of_waiting
from sot.application.support.record_result import RecordResult, outcome_of_new
from sot.application.views.orders import invalid_view
from sot.application.views.values import plain_value
from sot.domain.audit.known import KnownAt
from sot.domain.orders.invalid import why_invalid
from sot.domain.orders.report import VenueReport
from sot.domain.values.vocabulary import Anomaly, FactKind, Outcome
from sot.ports.store import UnitOfWork


def report_response(context: RequestContext, report: VenueReport, result: RecordResult) -> Response:
    """Return the response to a report: its event, or that it waits until its order is known."""
    if result.order_id is not None:
        return event_response(context, result)
    replayed = result.outcome is Outcome.REPEATED
    anomalies = _first_anomalies(context.uow, report) if replayed else result.anomalies
    body = {
        "outcome": str(Outcome.FLAGGED),
        "order_id": None,
        "sequence": None,
        "type": None,
        "hash": None,
        "anomalies": plain_value(anomalies),
        "invalid": [],
    }
    return Response(body=body, replayed=replayed)


def _first_anomalies(uow: UnitOfWork, report: VenueReport) -> Sequence[Anomaly]:
    """The anomalies of a waiting report when it was recorded; its instrument may have been registered since."""
    _, waiting = content_of_waiting(uow, report)
    assert waiting is not None
    leaf = uow.feed.find(FactKind.UNATTRIBUTED, report.account_id, waiting.report_id)
    assert leaf is not None
    return waiting_anomalies(with_known_instruments(uow, KnownAt(position=leaf.position)), report)


def event_response(context: RequestContext, result: RecordResult) -> Response:
    """Return the response to a command: the event that it recorded, or that had recorded it before."""
    assert result.order_id is not None and result.sequence is not None
    order = context.history.order(result.order_id)
    event = context.uow.events.get(order.account_id, result.order_id, result.sequence)
    assert event is not None
    body = {
        "outcome": str(outcome_of_new(event.anomalies)),
        "order_id": result.order_id,
        "sequence": result.sequence,
        "type": str(event.type),
        "anomalies": plain_value(event.anomalies),
        "invalid": invalid_view(() if event.report is None else why_invalid(order, event.report, event.anomalies)),
        "hash": event.hash,
    }
    headers = {"Location": context.url(f"/sot/orders/{result.order_id}")}
    # The order may have been read before a concurrent writer recorded the event: the tag is never older than the event.
    is_current = order.last_sequence >= event.sequence
    etag = order_etag(order) if is_current else event_etag(event.sequence, event.hash)
    return Response(body=body, headers=headers, etag=etag, replayed=result.outcome is Outcome.REPEATED)
