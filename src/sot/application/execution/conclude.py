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
"""What calling a venue gave: its reports, or what it raised."""


def conclude(uow: UnitOfWork, prepared: PreparedRequest, answer: VenueAnswer, origin: Origin = Origin.VENUE) -> Order:
    """Record what calling the venue gave: its reports, or the exception that it raised; gives the order as it is then.

    VenueRefused is the venue's no, VenueNotReached a failure before anything was sent; any other exception leaves the
    outcome unknown. Concluding the same again adds nothing.
    """
    if isinstance(answer, VenueRefused):
        for refusal in _refusals(prepared, answer):
            record(uow, refusal, origin, None if refusal.type is EventType.REJECTED else prepared.request_id)
    elif isinstance(answer, Exception):
        failed = isinstance(answer, VenueNotReached)
        submission.mark_outcome_unless_answered(uow, prepared.request_id, failed, reason_of(answer), None)
    else:
        for report in answer:
            record(uow, _addressed(prepared, report), origin)
    return get_order(uow, prepared.order.order_id).copy()


_REFUSED: Mapping[Action, EventType] = {
    Action.NEW: EventType.REJECTED,
    Action.CANCEL: EventType.CANCEL_REJECTED,
    Action.REPLACE: EventType.REPLACE_REJECTED,
}


def _refusals(prepared: PreparedRequest, error: VenueRefused) -> list[VenueReport]:
    """A refusal refuses the request; a replacement that would have been a new order is rejected, too."""
    request, order, target = prepared.request, prepared.order, prepared.target
    if target is None or target.order_id == order.order_id:
        return [_refusal(order, _REFUSED[request.action], request.client_order_id, error)]
    return [
        _refusal(target, EventType.REPLACE_REJECTED, None, error),
        _refusal(order, EventType.REJECTED, request.client_order_id, error),
    ]


def _refusal(order: Order, kind: EventType, client_order_id: str | None, error: VenueRefused) -> VenueReport:
    return VenueReport(
        account_id=order.account_id,
        type=kind,
        venue=order.venue,
        order_id=order.order_id,
        client_order_id=client_order_id,
        reason=storable_text(error.reason),
        text=storable_text(error.text) or None,
    )


def _addressed(prepared: PreparedRequest, report: VenueReport) -> VenueReport:
    """A report of the answer, as one about the order that was asked for."""
    order, target = prepared.order, prepared.target
    if target is not None and target.order_id != order.order_id and report.client_order_id != order.client_order_id:
        order = target
    return attrs.evolve(report, order_id=order.order_id)
