"""Submit and withdraw requests, and add risk checks to them."""

from collections.abc import Sequence

import attrs

from sot.application.orders.lookup import get_request
from sot.domain.audit.digests import check_digest, context_digest, request_digest, withdrawal_digest
from sot.domain.orders.event import checked_trace
from sot.domain.orders.records import Identifier, RecordedCheck, RecordedRequest, RecordedWithdrawal
from sot.domain.orders.request import DecisionContext, OrderRequest, RiskCheck, Withdrawal
from sot.domain.values.errors import Conflict, IllegalTransition, InvalidInput
from sot.domain.values.vocabulary import Action, IdentifierKind, Outcome, RequestStatus
from sot.ports.store import UnitOfWork

_OF_THE_TARGET = ("venue", "venue_account", "symbol", "side")


def submit(
    uow: UnitOfWork, request: OrderRequest, context: DecisionContext | None, risk_checks: Sequence[RiskCheck]
) -> RecordedRequest:
    """Keep an intent; see `OrderHistory.submit`."""
    request = _completed(uow, request)
    for known in uow.requests.by_key(request.account_id, request.key, request.client_order_id):
        if known.request.key == request.key:
            return _repeat(known, request, context, risk_checks)
        if has_same_client_order_id(known.request, request):
            hint = f"request {known.request_id} uses it; every request to a venue needs a fresh one"
            raise Conflict("client_order_id", request.client_order_id or "", hint=hint)
    _check_links(uow, request)
    recorded_at = uow.clock.now()
    request_id = request.request_id or uow.ids.new_id()
    if request.request_id and uow.requests.get(request_id):
        raise Conflict("request_id", request_id, hint="another request has it")
    named = request.changed(
        request_id=request_id,
        client_order_id=request.client_order_id
        or (request_id.replace("-", "") if request.action is Action.NEW else None),
        trace=checked_trace(uow.trace) or request.trace,
    )
    recorded = RecordedRequest(
        request=named,
        recorded_at=recorded_at,
        hash=request_digest(named),
        context=context,
        context_hash=None if context is None else context_digest(request_id, context),
        checks=tuple(_numbered(request_id, n, check, uow) for n, check in enumerate(risk_checks, 1)),
    )
    uow.requests.add(recorded)
    return recorded


def _numbered(request_id: str, number: int, check: RiskCheck, uow: UnitOfWork) -> RecordedCheck:
    hash = check_digest(request_id, check)
    return RecordedCheck(number=number, check=check, recorded_at=uow.clock.now(), hash=hash)


def _completed(uow: UnitOfWork, request: OrderRequest) -> OrderRequest:
    """An amendment takes venue, symbol and side from its target; what it gives itself must agree.

    A replacement belongs to the strategy of its target, unless it names one.
    """
    if request.action is Action.NEW:
        return request
    target = uow.orders.get(request.target_order_id or "")
    if target is None or target.account_id != request.account_id:
        raise InvalidInput("target_order_id", request.target_order_id, "an order of this account that was sent")
    taken = {}
    for name in _OF_THE_TARGET:
        given, held = getattr(request, name), getattr(target, name)
        if given not in (None, "", held):
            raise InvalidInput(name, given, f"{held}, as the target order has it")
        taken[name] = held
    if request.action is Action.REPLACE:
        taken["strategy_code"] = request.strategy_code or target.strategy_code
    return request.changed(**taken)


def _repeat(
    known: RecordedRequest, request: OrderRequest, context: DecisionContext | None, risk_checks: Sequence[RiskCheck]
) -> RecordedRequest:
    if request.client_order_id is None:
        request = request.changed(client_order_id=known.request.client_order_id)
    differs = known.request.differences(request)
    if context is not None and context != known.context:
        differs.append("context")
    if any(check not in known.risk_checks for check in risk_checks):
        differs.append("risk_checks")
    if differs:
        raise Conflict("request", request.key, differs, "another intent needs another idempotency_key")
    return attrs.evolve(known, repeated=True)


def has_same_client_order_id(known: OrderRequest, request: OrderRequest) -> bool:
    """Whether two requests have one client order id at one venue, venue account and scope."""
    names = ("venue", "venue_account", "id_scope", "client_order_id")
    return request.client_order_id is not None and all(getattr(known, n) == getattr(request, n) for n in names)


def _check_links(uow: UnitOfWork, request: OrderRequest) -> None:
    assert request.venue is not None and request.symbol is not None
    if not uow.instruments.versions(request.account_id, request.venue, request.symbol):
        raise InvalidInput("symbol", request.symbol, "a symbol that is registered for this account and venue")
    for name in ("retry_of", "parent_id"):
        linked = getattr(request, name)
        known = uow.requests.get(linked) if linked else None
        if linked and (known is None or known.account_id != request.account_id):
            raise InvalidInput(name, linked, "the request_id of a recorded request of this account")
    if request.client_order_id is not None:
        wanted = Identifier(
            request.account_id,
            IdentifierKind.CLIENT,
            request.client_order_id,
            request.venue,
            request.venue_account,
            request.id_scope,
        )
        for identifier, order_id in uow.identifiers.claims(
            request.account_id, IdentifierKind.CLIENT, request.client_order_id
        ).orders:
            if identifier == wanted:
                hint = f"order {order_id} is known by it; every request to a venue needs a fresh one"
                raise Conflict("client_order_id", request.client_order_id, hint=hint)


def _check_waits(request: RecordedRequest, what: str) -> None:
    if request.status in (RequestStatus.EXECUTED, RequestStatus.WITHDRAWN):
        raise IllegalTransition(request.request_id, request.status, what, "only a request that waits can still change")


def add_risk_check(uow: UnitOfWork, request_id: str, check: RiskCheck) -> Outcome:
    """Keep one more check of a request that waits; one that is the latest word on its rule already adds nothing."""
    request = get_request(uow, request_id, lock=True)
    if check in request.risk_checks:
        return Outcome.REPEATED
    _check_waits(request, "RISK_CHECK")
    uow.requests.add_check(request, _numbered(request_id, len(request.checks) + 1, check, uow))
    return Outcome.RECORDED


def withdraw(uow: UnitOfWork, request_id: str, withdrawal: Withdrawal) -> Outcome:
    """Take back a request that was not sent."""
    request = get_request(uow, request_id, lock=True)
    if request.withdrawal is not None and request.withdrawal.withdrawal == withdrawal:
        return Outcome.REPEATED
    _check_waits(request, "WITHDRAWN")
    hash = withdrawal_digest(request_id, withdrawal)
    uow.requests.add_withdrawal(
        request, RecordedWithdrawal(withdrawal=withdrawal, recorded_at=uow.clock.now(), hash=hash)
    )
    return Outcome.RECORDED
