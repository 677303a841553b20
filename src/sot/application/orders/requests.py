"""Submit and withdraw requests, and add risk checks to them."""

from collections.abc import Sequence

import attrs

from sot.application.orders.lookup import get_request
from sot.application.orders.matching import resolve_attribution
from sot.application.support.lost_races import losing_races
from sot.domain.audit.digests import check_digest, context_digest, request_digest, withdrawal_digest
from sot.domain.orders.event import checked_trace
from sot.domain.orders.order import Order
from sot.domain.orders.records import Identifier, RecordedCheck, RecordedRequest, RecordedWithdrawal
from sot.domain.orders.request import DecisionContext, OrderRequest, RiskCheck, Withdrawal
from sot.domain.values.errors import Conflict, IllegalTransition, InvalidInput
from sot.domain.values.vocabulary import Action, IdentifierKind, Outcome, RequestStatus
from sot.ports.store import UnitOfWork

_TARGET_FIELDS = ("venue", "venue_account", "symbol", "side")


def submit(
    uow: UnitOfWork, request: OrderRequest, context: DecisionContext | None, risk_checks: Sequence[RiskCheck]
) -> RecordedRequest:
    """Record a request; see `OrderHistory.submit`.

    Rules: SUBMIT-7, TRACE-1.
    """
    request = _complete(uow, request)
    existing = _known(uow, request)
    if existing is not None:
        return _repeat(existing, request, context, risk_checks)
    with losing_races(lambda: _known(uow, request), f"request {request.key}"):
        _check_links(uow, request)
        _check_ids_are_free(uow, request)
    recorded_at = uow.clock.now()
    request_id = request.request_id or uow.ids.new_id()
    request = request.changed(
        request_id=request_id,
        client_order_id=request.client_order_id
        or (request_id.replace("-", "") if request.action is Action.NEW else None),
        trace=checked_trace(uow.trace) or request.trace,
    )
    recorded = RecordedRequest(
        request=request,
        recorded_at=recorded_at,
        hash=request_digest(request),
        context=context,
        context_hash=None if context is None else context_digest(request_id, context),
        checks=tuple(_recorded_check(uow, request_id, number, check) for number, check in enumerate(risk_checks, 1)),
    )
    uow.requests.add(recorded)
    return recorded


def _known(uow: UnitOfWork, request: OrderRequest) -> RecordedRequest | None:
    """The request that was recorded under the key of this one.

    Raises:
        Conflict: Another request has the client order id.
    """
    for existing in uow.requests.by_key(request.account_id, request.key, request.client_order_id):
        if existing.request.key == request.key:
            return existing
        if has_same_client_order_id(existing.request, request):
            hint = f"request {existing.request_id} uses it; every request to a venue needs a fresh one"
            raise Conflict("client_order_id", request.client_order_id or "", hint=hint)
    return None


def _recorded_check(uow: UnitOfWork, request_id: str, number: int, check: RiskCheck) -> RecordedCheck:
    hash = check_digest(request_id, check)
    return RecordedCheck(number=number, check=check, recorded_at=uow.clock.now(), hash=hash)


def _complete(uow: UnitOfWork, request: OrderRequest) -> OrderRequest:
    """Complete an amendment with the venue, symbol and side of its target, which its own fields must equal.

    A replacement belongs to the strategy of its target, unless it names one.

    Rules: SUBMIT-4.
    """
    if request.action is Action.NEW:
        return request
    if request.target_client_order_id is not None:
        request = request.changed(target_order_id=_find_target(uow, request), target_client_order_id=None)
    target = uow.orders.get(request.target_order_id or "")
    if target is None or target.account_id != request.account_id:
        raise InvalidInput("target_order_id", request.target_order_id, "an order of this account that was sent")
    changes = {}
    for name in _TARGET_FIELDS:
        value, target_value = getattr(request, name), getattr(target, name)
        if value not in (None, "", target_value):
            raise InvalidInput(name, value, f"{target_value}, as the target order has it")
        changes[name] = target_value
    if request.action is Action.REPLACE:
        changes["strategy_code"] = request.strategy_code or target.strategy_code
    return request.changed(**changes)


def _find_target(uow: UnitOfWork, request: OrderRequest) -> str:
    """Find the order that an amendment names by a client order id; what else it says narrows what is meant.

    Submitted again, it is the order that it was before, even if another one has the client order id now.

    Raises:
        InvalidInput: No order of the account that was sent has the client order id, or several have.

    Rules: SUBMIT-5.
    """
    name = request.target_client_order_id or ""
    claims = uow.identifiers.claims(request.account_id, IdentifierKind.CLIENT, name).orders
    found = [(identifier, resolve_attribution(uow, uow.orders.get(order_id))) for identifier, order_id in claims]
    possible = [(identifier, order) for identifier, order in found if order and _may_be_target(request, order)]
    in_scope = [(identifier, order) for identifier, order in possible if identifier.id_scope == request.id_scope]
    orders = {order.order_id: order for _, order in in_scope or possible}
    if len(orders) > 1:
        known = [r.request.target_order_id for r in uow.requests.by_key(request.account_id, request.key, None)]
        orders = {order_id: order for order_id, order in orders.items() if order_id in known} or orders
    if len(orders) == 1:
        return next(iter(orders))
    allowed = "a client order id of an order of this account that was sent"
    if orders:
        listed = ", ".join(f"{o.order_id} ({o.venue} {o.symbol} {o.status})" for o in orders.values())
        allowed = f"the client order id of one order; it may be {listed}: give target_order_id"
    raise InvalidInput("target_client_order_id", name, allowed)


def _may_be_target(request: OrderRequest, order: Order) -> bool:
    return all(getattr(request, name) in (None, "", getattr(order, name)) for name in _TARGET_FIELDS)


def _repeat(
    existing: RecordedRequest, request: OrderRequest, context: DecisionContext | None, risk_checks: Sequence[RiskCheck]
) -> RecordedRequest:
    """The existing request, if the new one is the same; raises Conflict otherwise.

    Rules: SUBMIT-6.
    """
    if request.client_order_id is None:
        request = request.changed(client_order_id=existing.request.client_order_id)
    differs = existing.request.differences(request)
    if context is not None and context != existing.context:
        differs.append("context")
    if not set(existing.risk_checks).issuperset(risk_checks):
        differs.append("risk_checks")
    if differs:
        raise Conflict("request", request.key, differs, "another intent needs another idempotency_key")
    return attrs.evolve(existing, repeated=True)


def has_same_client_order_id(known: OrderRequest, request: OrderRequest) -> bool:
    """Whether two requests have one client order id at one venue, venue account and scope.

    Rules: SUBMIT-7.
    """
    return request.client_order_id is not None and Identifier.of_request(known) == Identifier.of_request(request)


def _check_links(uow: UnitOfWork, request: OrderRequest) -> None:
    """Check that the symbol is registered, and that linked requests are of the account.

    Rules: SUBMIT-8.
    """
    assert request.venue is not None and request.symbol is not None
    if not uow.instruments.versions(request.account_id, request.venue, request.symbol):
        raise InvalidInput("symbol", request.symbol, "a symbol that is registered for this account and venue")
    for name in ("retry_of", "parent_id"):
        linked_id = getattr(request, name)
        linked = uow.requests.get(linked_id) if linked_id else None
        if linked_id and (linked is None or linked.account_id != request.account_id):
            raise InvalidInput(name, linked_id, "the request_id of a recorded request of this account")


def _check_ids_are_free(uow: UnitOfWork, request: OrderRequest) -> None:
    """Check that no order has the client order id of a request, and no other request its id.

    Rules: SUBMIT-7.
    """
    if request.client_order_id is not None:
        kind, own_identifier = IdentifierKind.CLIENT, Identifier.of_request(request)
        claims = uow.identifiers.claims(request.account_id, kind, request.client_order_id, lock=True)
        for identifier, order_id in claims.orders:
            if identifier == own_identifier:
                hint = f"order {order_id} is known by it; every request to a venue needs a fresh one"
                raise Conflict("client_order_id", request.client_order_id, hint=hint)
    if request.request_id and uow.requests.get(request.request_id):
        raise Conflict("request_id", request.request_id, hint="another request has it")


def _check_is_waiting(request: RecordedRequest, command: str) -> None:
    if request.status in (RequestStatus.EXECUTED, RequestStatus.WITHDRAWN):
        raise IllegalTransition(
            request.request_id, request.status, command, "only a request that waits can still change"
        )


def add_risk_check(uow: UnitOfWork, request_id: str, check: RiskCheck) -> Outcome:
    """Add a risk check to a waiting request. One that equals the latest check of its rule adds nothing.

    Rules: SUBMIT-9.
    """
    request = get_request(uow, request_id, lock=True)
    if check in request.risk_checks:
        return Outcome.REPEATED
    _check_is_waiting(request, "RISK_CHECK")
    uow.requests.add_check(request, _recorded_check(uow, request_id, len(request.checks) + 1, check))
    return Outcome.RECORDED


def withdraw(uow: UnitOfWork, request_id: str, withdrawal: Withdrawal) -> Outcome:
    """Withdraw a request that was not sent.

    Rules: SUBMIT-9.
    """
    request = get_request(uow, request_id, lock=True)
    if request.withdrawal is not None and request.withdrawal.withdrawal == withdrawal:
        return Outcome.REPEATED
    _check_is_waiting(request, "WITHDRAWN")
    hash = withdrawal_digest(request_id, withdrawal)
    uow.requests.add_withdrawal(
        request, RecordedWithdrawal(withdrawal=withdrawal, recorded_at=uow.clock.now(), hash=hash)
    )
    return Outcome.RECORDED
