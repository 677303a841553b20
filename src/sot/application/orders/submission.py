"""Mark requests as sent, as failed before they were sent, or as unknown."""

import attrs

from sot.application.orders.creation import check_executable, create_order, create_replacement
from sot.application.orders.event_log import append_local
from sot.application.orders.identifiers import assign_identifiers_of_head
from sot.application.orders.lookup import get_order, get_request
from sot.application.orders.reports import record_waiting
from sot.application.support.record_result import RecordResult
from sot.domain.orders.commands import check_command, is_allowed
from sot.domain.orders.event import LocalFact
from sot.domain.orders.order import Order
from sot.domain.orders.records import RecordedRequest
from sot.domain.values.errors import IllegalTransition, InvalidInput
from sot.domain.values.given import TimeGiven
from sot.domain.values.vocabulary import Action, EventType
from sot.ports.store import UnitOfWork

_SENT_TYPES = {
    Action.NEW: EventType.SUBMITTED,
    Action.CANCEL: EventType.CANCEL_REQUESTED,
    Action.REPLACE: EventType.REPLACE_REQUESTED,
}


_FAILED_TYPES = {
    Action.NEW: EventType.FAILED,
    Action.CANCEL: EventType.CANCEL_FAILED,
    Action.REPLACE: EventType.REPLACE_FAILED,
}


_UNKNOWN_TYPES = {
    Action.NEW: EventType.SUBMISSION_UNKNOWN,
    Action.CANCEL: EventType.CANCEL_UNKNOWN,
    Action.REPLACE: EventType.REPLACE_UNKNOWN,
}


def mark_sent(
    uow: UnitOfWork, request_id: str, occurred_at: TimeGiven | None, actor: str | None, makes_order: bool = False
) -> RecordResult:
    """Mark a request as sent; see `OrderHistory.mark_sent`.

    With `makes_order`, a replacement is a new order at the venue.
    """
    request = get_request(uow, request_id, lock=True)
    parts = _parts_of(uow, request, actor, makes_order)
    results = [_mark_part_sent(uow, request, part, occurred_at, actor) for part in parts]
    _assign_identifiers(uow, request, parts[-1].order)
    return results[-1]


@attrs.frozen
class _Part:
    """What a request does to one order. `named`: the order gets the client order id of the request."""

    action: Action
    order: Order
    named: bool = True


def _parts_of(uow: UnitOfWork, request: RecordedRequest, actor: str | None, makes_order: bool = False) -> list[_Part]:
    """What a request does to the orders that it makes or works on; the one that it makes comes last.

    Rules: EVENT-6.
    """
    action = request.request.action
    order = uow.orders.by_request(request.account_id, request.request_id)
    if action is Action.NEW:
        return [_Part(action, order or create_order(uow, request, actor))]
    if request.order_id is None:
        check_executable(request)
    target = get_order(uow, request.request.target_order_id or "")
    if order is None and (not makes_order or request.order_id is not None):
        return [_Part(action, target)]
    if order is None:
        if request.request.client_order_id is None:
            allowed = "a client order id: at this venue a replacement is a new order, which needs one"
            raise InvalidInput("client_order_id", None, allowed)
        check_command(target, _SENT_TYPES[action])
        order = create_replacement(uow, request, target, actor)
    return [_Part(action, target, named=False), _Part(Action.NEW, order)]


def _assign_identifiers(uow: UnitOfWork, request: RecordedRequest, order: Order) -> None:
    """Give the order of a request that was just executed its identifiers, and record reports that waited for them."""
    if request.order_id is None:
        record_waiting(uow, order.account_id, assign_identifiers_of_head(uow, order))


def _fact(
    request: RecordedRequest, part: _Part, occurred_at: TimeGiven | None, reason: str | None, actor: str | None
) -> LocalFact:
    """The content of the event of a request that was sent, failed or is in doubt.

    Rules: EVENT-6.
    """
    return LocalFact(
        request_id=request.request_id,
        client_order_id=request.request.client_order_id if part.named else None,
        reason=reason,
        occurred_at=occurred_at,
        actor=actor,
    )


def _mark_part_sent(
    uow: UnitOfWork, request: RecordedRequest, part: _Part, occurred_at: TimeGiven | None, actor: str | None
) -> RecordResult:
    """Append the event that a part of a request was sent, which happens once.

    Rules: EVENT-6.
    """
    action, order = part.action, part.order
    fact = _fact(request, part, occurred_at, None, actor)
    if action is not Action.NEW and request.order_id is not None:
        digest = fact.content_digest(_SENT_TYPES[action])
        if uow.events.by_content_digest(order.account_id, order.order_id, digest) is None:
            hint = "a cancel or replacement is sent once; another attempt is a new request"
            raise IllegalTransition(order.order_id, order.status, _SENT_TYPES[action], hint)
    return append_local(uow, order, _SENT_TYPES[action], fact)


def mark_outcome(
    uow: UnitOfWork,
    request_id: str,
    failed: bool,
    occurred_at: TimeGiven | None,
    reason: str | None,
    actor: str | None,
) -> RecordResult:
    """Mark a request as failed, which never reached the venue, or as unknown; see `OrderHistory.mark_failed`."""
    request = get_request(uow, request_id, lock=True)
    parts = _parts_of(uow, request, actor)
    results = [_mark_part_outcome(uow, request, part, failed, occurred_at, reason, actor) for part in parts]
    _assign_identifiers(uow, request, parts[-1].order)
    return results[-1]


def mark_outcome_unless_answered(
    uow: UnitOfWork, request_id: str, failed: bool, reason: str, actor: str | None, of: str | None = None
) -> None:
    """Mark a request that was sent as failed or unknown, where the venue has not reported about it in the meantime.

    `of` is the id of the one order to mark, where the outcome is not known of all orders that the request works on.
    """
    request = get_request(uow, request_id, lock=True)
    for part in _parts_of(uow, request, actor):
        if of not in (None, part.order.order_id):
            continue
        event_type = (_FAILED_TYPES if failed else _UNKNOWN_TYPES)[part.action]
        fact = _fact(request, part, None, reason, actor)
        if is_allowed(part.order, event_type, fact):
            append_local(uow, part.order, event_type, fact)


def _mark_part_outcome(
    uow: UnitOfWork,
    request: RecordedRequest,
    part: _Part,
    failed: bool,
    occurred_at: TimeGiven | None,
    reason: str | None,
    actor: str | None,
) -> RecordResult:
    """Append the event that a part of a request failed or is in doubt; before it, that it was sent.

    Rules: EVENT-6.
    """
    action, order = part.action, part.order
    event_type = (_FAILED_TYPES if failed else _UNKNOWN_TYPES)[action]
    fact = _fact(request, part, occurred_at, reason, actor)
    sends = request.order_id is None if action is not Action.NEW else not order.state.submitted and not failed
    if (
        sends
        and uow.events.by_content_digest(order.account_id, order.order_id, fact.content_digest(event_type)) is None
    ):
        _mark_part_sent(uow, request, part, occurred_at, actor)
    return append_local(uow, order, event_type, fact)
