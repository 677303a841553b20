"""Sending a request: what is recorded before the venue is called, and after.

Two use cases inside units of work of the caller, with the call between them and outside of both. The executor is these
two and the call; an application that calls its venue itself, or awaits it, uses them directly.
"""

from collections.abc import Mapping, Sequence

import attrs

from sot.application import commands
from sot.application.intents import get_order, get_request
from sot.application.recording import record
from sot.domain.errors import VenueError, VenueNotReached, VenueRefused
from sot.domain.intent import OrderRequest
from sot.domain.order import Order
from sot.domain.report import VenueReport
from sot.domain.vocabulary import Action, EventType, Origin, Outcome
from sot.ports.store import UnitOfWork
from sot.ports.venue import Replacement

Answer = Sequence[VenueReport] | Exception
"""What calling a venue gave: its reports, or what it raised."""

_REASON_LENGTH = 1_000


@attrs.frozen(kw_only=True)
class Prepared:
    """A request that was recorded as sent.

    `order` is the one that it makes or works on, as it is now. `send` tells that it is for whoever prepared it to call
    the venue: nobody else did before. `target` is the order that a CANCEL or REPLACE works on; where a replacement
    makes a new order, `order` is that.
    """

    request: OrderRequest
    order: Order
    target: Order | None
    send: bool

    @property
    def request_id(self) -> str:
        """The id of the request."""
        assert self.request.request_id is not None
        return self.request.request_id


def prepare(
    uow: UnitOfWork,
    request_id: str,
    replacement: Replacement | None = None,
    actor: str | None = None,
    unanswered: Sequence[Prepared] = (),
) -> Prepared:
    """Record that a request is handed to its venue, unless that was recorded before.

    `replacement` is what a REPLACE is at the venue. `unanswered` is what the same caller prepared before, when the
    answer to COMMIT was lost: if that was stored, it is still for this caller to send.

    Raises: NotFound. NotExecutable: denied or withdrawn. IllegalTransition: the target cannot change any more.
        InvalidInput: no client order id, where the replacement is a new order.
    """
    request = get_request(uow, request_id, lock=True)
    order_id = request.order_id
    if order_id is None:
        makes_order = request.request.action is Action.REPLACE and replacement is Replacement.NEW_ORDER
        result = commands.sent(uow, request_id, None, actor, makes_order)
        order_id, send = result.order_id, result.outcome is not Outcome.REPEATED
        assert order_id is not None
    else:
        send = any(_was_stored(uow, attempt) for attempt in unanswered)
    target = request.request.target_order_id
    return Prepared(
        request=request.request,
        order=get_order(uow, order_id).copy(),
        target=None if target is None else get_order(uow, target).copy(),
        send=send,
    )


def _was_stored(uow: UnitOfWork, attempt: Prepared) -> bool:
    """Whether the events that an attempt made are there: the hash of another's differs, if only by its microsecond."""
    order = attempt.order
    return attempt.send and any(
        event.hash == order.last_hash for event in uow.events.list(order.account_id, order.order_id)
    )


def conclude(uow: UnitOfWork, prepared: Prepared, answer: Answer, origin: Origin = Origin.VENUE) -> Order:
    """Record what calling the venue gave: its reports, or the exception that it raised; gives the order as it is then.

    VenueRefused is the venue's no, VenueNotReached a failure before anything was sent; any other exception leaves the
    outcome unknown. Concluding the same again adds nothing.
    """
    if isinstance(answer, VenueRefused):
        for refusal in _refusals(prepared, answer):
            record(uow, refusal, origin, None if refusal.type is EventType.REJECTED else prepared.request_id)
    elif isinstance(answer, Exception):
        failed = isinstance(answer, VenueNotReached)
        commands.outcome_unless_answered(uow, prepared.request_id, failed, reason_of(answer), None)
    else:
        for report in answer:
            record(uow, _addressed(prepared, report), origin)
    return get_order(uow, prepared.order.order_id).copy()


def reason_of(error: Exception) -> str:
    """What an exception says, as the reason of a fact."""
    try:
        return _told(error if isinstance(error, VenueError) else f"{type(error).__name__}: {error}")
    except Exception:  # whoever made it did not think of its words
        return type(error).__name__


def _told(words: object) -> str:
    """Words of others, as every store can hold them."""
    text = "" if words is None else str(words)
    return text.encode("utf-8", "replace").decode().replace("\x00", "")[:_REASON_LENGTH]


_REFUSED: Mapping[Action, EventType] = {
    Action.NEW: EventType.REJECTED,
    Action.CANCEL: EventType.CANCEL_REJECTED,
    Action.REPLACE: EventType.REPLACE_REJECTED,
}


def _refusals(prepared: Prepared, error: VenueRefused) -> list[VenueReport]:
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
        reason=_told(error.reason),
        text=_told(error.text) or None,
    )


def _addressed(prepared: Prepared, report: VenueReport) -> VenueReport:
    """A report of the answer, as one about the order that was asked for."""
    order, target = prepared.order, prepared.target
    if target is not None and target.order_id != order.order_id and report.client_order_id != order.client_order_id:
        order = target
    return attrs.evolve(report, order_id=order.order_id)
