"""Facts of our own about orders: what was sent, what failed, what is in doubt, marks, and corrections by people."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import attrs

from sot.application.creating import check_executable, create_order, create_replacement
from sot.application.intents import get_order, get_request
from sot.application.recording import attributed, take_names
from sot.application.writing import (
    Recorded,
    append_local,
    no_costs,
    own_identifier,
)
from sot.domain.commands import check_command, is_allowed
from sot.domain.costs import OrderCosts
from sot.domain.errors import IllegalTransition, InvalidInput
from sot.domain.event import LocalFact
from sot.domain.fields import NUMBER, RATES
from sot.domain.order import Order
from sot.domain.pnl import OrderPnl, order_pnl
from sot.domain.replay import voided
from sot.domain.vocabulary import Action, EventType, IdentifierKind, OrderStatus, Outcome
from sot.ports.records import RecordedRequest
from sot.ports.store import UnitOfWork

_SENT = {
    Action.NEW: EventType.SUBMITTED,
    Action.CANCEL: EventType.CANCEL_REQUESTED,
    Action.REPLACE: EventType.REPLACE_REQUESTED,
}
_FAILED = {
    Action.NEW: EventType.FAILED,
    Action.CANCEL: EventType.CANCEL_FAILED,
    Action.REPLACE: EventType.REPLACE_FAILED,
}
_UNKNOWN = {
    Action.NEW: EventType.SUBMISSION_UNKNOWN,
    Action.CANCEL: EventType.CANCEL_UNKNOWN,
    Action.REPLACE: EventType.REPLACE_UNKNOWN,
}


def sent(
    uow: UnitOfWork, request_id: str, occurred_at: datetime | None, actor: str | None, makes_order: bool = False
) -> Recorded:
    """A request was handed to the venue; with `makes_order`, a replacement that is a new order there."""
    request = get_request(uow, request_id, lock=True)
    parts = _parts_of(uow, request, actor, makes_order)
    results = [_sent(uow, request, part, occurred_at, actor) for part in parts]
    _take_name(uow, request, parts[-1].order)
    return results[-1]


@attrs.frozen
class _Part:
    """What a request does to one order; `named`: the order takes the client order id of the request."""

    action: Action
    order: Order
    named: bool = True


def _parts_of(uow: UnitOfWork, request: RecordedRequest, actor: str | None, makes_order: bool = False) -> list[_Part]:
    """The orders that a request makes or works on, the one that it makes last."""
    action = request.request.action
    made = uow.orders.by_request(request.account_id, request.request_id)
    if action is Action.NEW:
        return [_Part(action, made or create_order(uow, request, actor))]
    if request.order_id is None:
        check_executable(request)
    target = get_order(uow, request.request.target_order_id or "")
    if made is None and (not makes_order or request.order_id is not None):
        return [_Part(action, target)]
    if made is None:
        if request.request.client_order_id is None:
            allowed = "a client order id: at this venue a replacement is a new order, which needs one"
            raise InvalidInput("client_order_id", None, allowed)
        check_command(target, _SENT[action])
        made = create_replacement(uow, request, target, actor)
    return [_Part(action, target, named=False), _Part(Action.NEW, made)]


def _take_name(uow: UnitOfWork, request: RecordedRequest, order: Order) -> None:
    """The client order id of a request that was executed just now is the order's; reports may have waited for it."""
    client_order_id = request.request.client_order_id
    if request.order_id is None and client_order_id is not None:
        take_names(uow, order, [own_identifier(order, IdentifierKind.CLIENT, client_order_id)])


def _fact(
    request: RecordedRequest, part: _Part, occurred_at: datetime | None, reason: str | None, actor: str | None
) -> LocalFact:
    return LocalFact(
        request_id=request.request_id,
        client_order_id=request.request.client_order_id if part.named else None,
        reason=reason,
        occurred_at=occurred_at,
        actor=actor,
    )


def _sent(
    uow: UnitOfWork, request: RecordedRequest, part: _Part, occurred_at: datetime | None, actor: str | None
) -> Recorded:
    action, order = part.action, part.order
    fact = _fact(request, part, occurred_at, None, actor)
    if action is not Action.NEW and request.order_id is not None:
        known = uow.events.by_said(order.account_id, order.order_id, fact.said_digest(_SENT[action]))
        if known is None:
            hint = "a cancel or replacement is sent once; another attempt is a new request"
            raise IllegalTransition(order.order_id, order.status, _SENT[action], hint)
    return append_local(uow, order, _SENT[action], fact)


def outcome_of(
    uow: UnitOfWork,
    request_id: str,
    failed: bool,
    occurred_at: datetime | None,
    reason: str | None,
    actor: str | None,
) -> Recorded:
    """A request never reached the venue (`failed`), or it is not known whether it did."""
    request = get_request(uow, request_id, lock=True)
    parts = _parts_of(uow, request, actor)
    results = [_outcome(uow, request, part, failed, occurred_at, reason, actor) for part in parts]
    _take_name(uow, request, parts[-1].order)
    return results[-1]


def outcome_unless_answered(
    uow: UnitOfWork, request_id: str, failed: bool, reason: str, actor: str | None, of: str | None = None
) -> None:
    """The same of a request that was sent, as far as the venue has not spoken of it in the meantime.

    `of` is the id of the order that this is known of, where it is not known of all that the request works on.
    """
    request = get_request(uow, request_id, lock=True)
    for part in _parts_of(uow, request, actor):
        if of not in (None, part.order.order_id):
            continue
        event_type = (_FAILED if failed else _UNKNOWN)[part.action]
        fact = _fact(request, part, None, reason, actor)
        if is_allowed(part.order, event_type, fact):
            append_local(uow, part.order, event_type, fact)


def _outcome(
    uow: UnitOfWork,
    request: RecordedRequest,
    part: _Part,
    failed: bool,
    occurred_at: datetime | None,
    reason: str | None,
    actor: str | None,
) -> Recorded:
    action, order = part.action, part.order
    event_type = (_FAILED if failed else _UNKNOWN)[action]
    fact = _fact(request, part, occurred_at, reason, actor)
    sends = request.order_id is None if action is not Action.NEW else not order.state.submitted and not failed
    if sends and uow.events.by_said(order.account_id, order.order_id, fact.said_digest(event_type)) is None:
        _sent(uow, request, part, occurred_at, actor)
    return append_local(uow, order, event_type, fact)


def compute_pnl(
    uow: UnitOfWork, order: Order, mark: Decimal, rates: Mapping[str, Decimal], sequence: int, at: datetime
) -> OrderPnl:
    """The order's profit and loss at a mark, from its stored costs.

    Raises: InvalidInput: the mark, a rate or the instrument does not allow it.
    """
    costs = uow.costs.get(order.account_id, order.order_id) or no_costs(uow, order)
    return pnl_at(costs, mark, rates, sequence, at)


def pnl_at(costs: OrderCosts, mark: Decimal, rates: Mapping[str, Decimal], sequence: int, at: datetime) -> OrderPnl:
    """Profit and loss at a mark and rates that a caller gave.

    Raises: InvalidInput: the mark, a rate or the instrument does not allow it.
    """
    return order_pnl(costs, NUMBER.check("mark", mark), RATES.check("rates", rates), sequence, at)


def mark(
    uow: UnitOfWork,
    order_id: str,
    price: Decimal,
    rates: Mapping[str, Decimal],
    occurred_at: datetime | None,
    actor: str | None,
) -> Recorded:
    """Record a snapshot of an order's profit and loss at a mark."""
    order = get_order(uow, order_id)
    price = NUMBER.check("mark", price)
    fact = LocalFact(mark=price, rates=rates or None, occurred_at=occurred_at, actor=actor)
    pnl = compute_pnl(uow, order, price, fact.rates or {}, order.last_sequence + 1, uow.clock.now())
    result = append_local(uow, order, EventType.MARKED, fact)
    if result.outcome is not Outcome.REPEATED:
        at = fact.occurred_at or order.updated_at or pnl.calculated_at
        uow.pnl.add(attrs.evolve(pnl, calculated_at=at))
    return result


def void(
    uow: UnitOfWork,
    order_id: str,
    sequence: int | None,
    exec_id: str | None,
    leg: str,
    reason: str,
    actor: str | None,
    occurred_at: datetime | None,
) -> Recorded:
    """An earlier event was wrong: from now on it counts as if it had not been."""
    order = get_order(uow, order_id)
    if sequence is None:
        if exec_id is None:
            raise InvalidInput("sequence", None, "the sequence or the exec_id of the event that was wrong")
        named = uow.events.by_execution(order.account_id, order_id, exec_id, leg)
        if not named:
            raise InvalidInput("exec_id", exec_id, "an exec_id that was recorded for this order")
        sequence = named[0].sequence
    if not 1 < sequence <= order.last_sequence:
        raise InvalidInput("sequence", sequence, f"an event of this order, from 2 to {order.last_sequence}")
    fact = LocalFact(target_sequence=sequence, reason=reason, actor=actor, occurred_at=occurred_at)
    # In this order: who voids it at the same time, and is seen to have done so, is asked whether it was for this.
    is_void = sequence in voided(uow.events.list(order.account_id, order_id))
    if is_void and uow.events.by_said(order.account_id, order_id, fact.said_digest(EventType.VOIDED)) is None:
        raise IllegalTransition(order_id, order.status, EventType.VOIDED, f"event {sequence} is void already")
    return append_local(uow, order, EventType.VOIDED, fact)


def resolve(
    uow: UnitOfWork,
    order_id: str,
    status: OrderStatus | None,
    reason: str,
    actor: str | None,
    occurred_at: datetime | None,
) -> Recorded:
    """A person closes what is in doubt, saying what the order's status was found to be."""
    fact = LocalFact(resolved_status=status, reason=reason, actor=actor, occurred_at=occurred_at)
    return append_local(uow, get_order(uow, order_id), EventType.RESOLVED, fact)


def attribute(
    uow: UnitOfWork, external_order_id: str, order_id: str, reason: str, actor: str | None, occurred_at: datetime | None
) -> Recorded:
    """An external order is this one: what the venue said of it is recorded here, and counts here alone."""
    external, order = get_order(uow, external_order_id), get_order(uow, order_id)
    if external.request_id is not None:
        raise InvalidInput("external_order_id", external_order_id, "an order that no request of ours made")
    if (order.account_id, order.venue) != (external.account_id, external.venue) or order is external:
        raise InvalidInput("order_id", order_id, "another order of the same account and venue")
    if order.state.attributed_to is not None:
        raise InvalidInput("order_id", order_id, f"order {order.state.attributed_to}, which it turned out to be")
    fact = LocalFact(attributed_order_id=order_id, reason=reason, actor=actor, occurred_at=occurred_at)
    return attributed(uow, external, order, fact)
