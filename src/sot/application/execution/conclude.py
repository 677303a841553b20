"""The second transaction of an execution: record what the venue answered."""

from collections.abc import Mapping, Sequence

import attrs

from sot.application.execution.prepare import PreparedRequest
from sot.application.execution.reasons import reason_of, storable_text
from sot.application.orders import submission
from sot.application.orders.lookup import get_order
from sot.application.orders.reports import record
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.values.errors import VenueNotReached, VenueRefused
from sot.domain.values.vocabulary import Action, EventType, Origin
from sot.ports.store import UnitOfWork

VenueAnswer = Sequence[VenueReport] | Exception
"""The answer to a call of a venue: its reports, or the exception that it raised."""


def conclude(uow: UnitOfWork, prepared: PreparedRequest, answer: VenueAnswer, origin: Origin = Origin.VENUE) -> Order:
    """Record the answer of the venue. Concluding the same again adds nothing.

    Args:
        uow: The unit of work to record in.
        prepared: The request that was sent.
        answer: The venue's reports, or the exception that the call raised: VenueRefused is a refusal, VenueNotReached
            a failure before anything was sent; any other exception leaves the outcome unknown.
        origin: The origin of the events.

    Returns:
        A copy of the order after that.
    """
    if isinstance(answer, VenueRefused):
        for refusal in _refusals(prepared, answer):
            record(uow, refusal, origin, None if refusal.type is EventType.REJECTED else prepared.request_id)
    elif isinstance(answer, Exception):
        failed = isinstance(answer, VenueNotReached)
        submission.mark_outcome_unless_answered(uow, prepared.request_id, failed, reason_of(answer), None)
    else:
        for report in answer:
            record(uow, _address(prepared, report), origin)
    return get_order(uow, prepared.order.order_id).copy()


_REFUSAL_TYPES: Mapping[Action, EventType] = {
    Action.NEW: EventType.REJECTED,
    Action.CANCEL: EventType.CANCEL_REJECTED,
    Action.REPLACE: EventType.REPLACE_REJECTED,
}


def _refusals(prepared: PreparedRequest, error: VenueRefused) -> list[VenueReport]:
    """The reports for a refusal: of the request, and of the new order that a replacement would have made."""
    request, order, target = prepared.request, prepared.order, prepared.target
    if target is None or target.order_id == order.order_id:
        return [_refusal(order, _REFUSAL_TYPES[request.action], request.client_order_id, error)]
    return [
        _refusal(target, EventType.REPLACE_REJECTED, None, error),
        _refusal(order, EventType.REJECTED, request.client_order_id, error),
    ]


def _refusal(order: Order, event_type: EventType, client_order_id: str | None, error: VenueRefused) -> VenueReport:
    return VenueReport(
        account_id=order.account_id,
        type=event_type,
        venue=order.venue,
        order_id=order.order_id,
        client_order_id=client_order_id,
        reason=storable_text(error.reason),
        text=storable_text(error.text) or None,
    )


def _address(prepared: PreparedRequest, report: VenueReport) -> VenueReport:
    """The report with the id of the order that the request made or works on."""
    order, target = prepared.order, prepared.target
    if target is not None and target.order_id != order.order_id and report.client_order_id != order.client_order_id:
        order = target
    return attrs.evolve(report, order_id=order.order_id)
