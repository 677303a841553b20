"""Intents: submitting them, checks, withdrawals, and the instruments that they name."""

from collections.abc import Mapping
from typing import Any

import attrs

from sot.adapters.http import parameters as given
from sot.adapters.http.asked import Asked
from sot.adapters.http.bodies import inside, objects, strict
from sot.adapters.http.named import Schema, named
from sot.adapters.http.refusals import IdempotencyKeyMissing
from sot.adapters.http.route import Answer, Keyed, Link, Route, Told, Work
from sot.adapters.http.schemas import nullable, value_schema
from sot.application.views.records import instrument_view, request_view
from sot.domain.orders.records import RecordedRequest
from sot.domain.orders.request import TERMS, DecisionContext, OrderRequest, RiskCheck, Withdrawal
from sot.domain.values import fields
from sot.domain.values.errors import Conflict, IllegalTransition, InvalidInput, NotFound
from sot.domain.values.instrument import Instrument
from sot.domain.values.vocabulary import AccessScope, Action, Outcome
from sot.ports.orders import RequestFilter

_OURS = ("request_id", "trace")  # the server's own: nobody learns by a clash whose they are
_OF_THE_TARGET = ("action", "target_order_id", "venue", "venue_account", "symbol", "side")
_KEYS = ("idempotency_key", "client_order_id")
_CONTEXT = named("DecisionContext")
_CHECKS = {"type": "array", "items": named("RiskCheck")}
_PRICE = nullable(named("Decimal"))
_EXAMPLE = {
    "client_order_id": "my-order-1",
    "symbol": "BTC/USDT",
    "side": "BUY",
    "order_type": "LIMIT",
    "quantity": "0.5",
    "price": "50000",
    "source": "api",
    "strategy_code": "carry",
    "requested_by": "trader",
}


def _submitted(asked: Asked, said: dict[str, Any]) -> Answer:
    context, checks = said.pop("context", None), objects(said, "risk_checks")
    said.pop("risk_checks", None)
    said["account_id"] = asked.principal.told(said.get("account_id"))
    for name in _OURS:
        if name in said:
            raise InvalidInput(name, said[name], "nothing: the server makes it")
    if all(said.get(name) is None for name in _KEYS):
        if asked.key is None:
            raise IdempotencyKeyMissing("Give idempotency_key or client_order_id in the body, or Idempotency-Key.")
        said["idempotency_key"] = asked.key
    strict(OrderRequest, said)
    recorded = asked.history.submit(
        OrderRequest.read(said),
        None if context is None else _context(context),
        [_check(check, f"risk_checks.{number}") for number, check in enumerate(checks)],
    )
    return _request_answer(asked, recorded)


def _context(said: Any) -> DecisionContext:
    with inside("context"):
        if isinstance(said, dict):
            strict(DecisionContext, said)
        return DecisionContext.read(said, "context")


def _check(said: Mapping[str, Any], where: str) -> RiskCheck:
    with inside(where):
        return RiskCheck.read(said, where)


def _request_answer(asked: Asked, recorded: RecordedRequest) -> Answer:
    headers = {"Location": asked.address(f"/sot/order-requests/{recorded.request_id}")}
    return Answer(body=request_view(recorded), status=201, headers=headers, replayed=recorded.repeated)


def _submit(asked: Asked) -> Answer:
    said = asked.body
    if "price" in said:
        price = said.pop("price")
        if said.get("limit_price") is not None:
            raise InvalidInput("price", price, "the limit price once: as price or as limit_price")
        said["limit_price"] = price
    if said.get("action") in (None, Action.NEW) and said.get("venue") is None:
        said["venue"] = asked.venue_name
    return _submitted(asked, said)


def _amend(action: Action) -> Any:
    def handler(asked: Asked) -> Answer:
        order = asked.history.order(asked.order_id)
        asked.check_match(order)
        said = asked.body
        for name in _OF_THE_TARGET:
            if name in said:
                raise InvalidInput(name, said[name], "nothing: the order in the path has it")
        if said.get("account_id") not in (None, order.account_id):
            raise InvalidInput("account_id", said["account_id"], f"{order.account_id}, as the order has it")
        told = {**said, "account_id": order.account_id, "action": action, "target_order_id": order.order_id}
        return _submitted(asked, told)

    return handler


def _request(asked: Asked) -> Answer:
    recorded = asked.told.request(asked.request_id)
    return Answer(body={**request_view(recorded), **asked.moment}, etag=_etag(recorded))


def _etag(recorded: RecordedRequest) -> str:
    """All that may change of a request: its checks, its withdrawal, its order."""
    return f'"{recorded.hash[:16]}-{len(recorded.checks)}-{recorded.status}"'


def _requests(asked: Asked) -> Answer:
    query = asked.query
    wanted = RequestFilter(
        account_id=asked.account_id,
        symbol=query.get("symbol"),
        strategy_code=query.get("strategy_code"),
        recorded_from=query.get("recorded_from"),
        recorded_before=query.get("recorded_before"),
    )
    told = asked.told
    page = asked.weighed(lambda after, size: told.requests(wanted, after, size), asked.after, request_view)
    return asked.page(list(page.items), page.next)


def _add_check(asked: Asked) -> Answer:
    strict(RiskCheck, asked.body)
    outcome = asked.history.add_risk_check(asked.request_id, RiskCheck.read(asked.body))
    return _changed(asked, outcome)


def _withdraw(asked: Asked) -> Answer:
    strict(Withdrawal, asked.body)
    said = Withdrawal.read(asked.body)
    said = attrs.evolve(said, actor=said.actor or asked.actor)
    outcome = asked.history.withdraw(asked.request_id, said.reason, said.actor, said.occurred_at)
    return _changed(asked, outcome)


def _changed(asked: Asked, outcome: Outcome) -> Answer:
    recorded = asked.history.request(asked.request_id)
    return Answer(body=request_view(recorded), etag=_etag(recorded), replayed=outcome is Outcome.REPEATED)


def _register(asked: Asked) -> Answer:
    said = asked.body
    said["account_id"] = asked.principal.told(said.get("account_id"))
    said["venue"] = asked.venue_name if said.get("venue") is None else said["venue"]
    strict(Instrument, said)
    instrument = Instrument.read(said)
    outcome = asked.history.register(instrument)
    return Answer(body=instrument_view(instrument), status=201, replayed=outcome is Outcome.REPEATED)


def _instruments(asked: Asked) -> Answer:
    query = asked.query
    account_id = asked.principal.one(query.get("account_id"))
    versions = asked.told.instruments(account_id, query["venue"], query["symbol"])
    return Answer(body={"data": [instrument_view(version) for version in versions], **asked.moment})


_EXECUTE = tuple(
    Link(to=to, parameter="request_id", field="request_id")
    for to in (
        "executeRequest",
        "getRequest",
        "addRiskCheck",
        "withdrawRequest",
        "recordSent",
        "recordFailed",
        "recordUnknown",
    )
)
_CREATED = {201: Told(about="The request.", shape="Request", links=_EXECUTE, headers=("Location",))}
_SUBMIT_PROBLEMS = (Conflict,)


def _amendment(*without: str) -> Schema:
    return value_schema(
        OrderRequest,
        without=(*_OURS, *_OF_THE_TARGET, *without),
        optional=("account_id",),
        beside={"context": nullable(_CONTEXT), "risk_checks": nullable(_CHECKS)},
    )


ROUTES = (
    Route(
        name="submitRequest",
        method="POST",
        path="/sot/order-requests",
        summary="Submit an intent",
        about=(
            "Keeps an intent, which nothing is sent for yet. Sent again with the same key it is the same request: "
            "`idempotency_key`, `client_order_id` or the header `Idempotency-Key`, one of which has to be there. "
            "Without `venue` it is the server's, without `account_id` the key's account, or `default`."
        ),
        tag="Requests",
        work=Work.WRITE,
        scope=AccessScope.SUBMIT,
        handler=_submit,
        body=value_schema(
            OrderRequest,
            without=_OURS,
            optional=("account_id",),
            beside={"price": _PRICE, "context": nullable(_CONTEXT), "risk_checks": nullable(_CHECKS)},
        ),
        example=_EXAMPLE,
        told=_CREATED,
        problems=_SUBMIT_PROBLEMS,
        keyed=Keyed.INTENT,
    ),
    Route(
        name="listRequests",
        method="GET",
        path="/sot/order-requests",
        summary="List requests, oldest first",
        tag="Requests",
        work=Work.READ,
        scope=AccessScope.READ,
        handler=_requests,
        query=(
            given.ACCOUNT,
            given.SYMBOL,
            given.STRATEGY,
            given.one("recorded_from", fields.TIME, "Recorded at or after this time."),
            given.one("recorded_before", fields.TIME, "Recorded before this time."),
            *given.PAST,
            *given.PAGING,
        ),
        told={200: Told(about="A page of requests.", shape="RequestPage", headers=("Link",))},
    ),
    Route(
        name="getRequest",
        method="GET",
        path="/sot/order-requests/{request_id}",
        summary="Look at a request, with its context, its checks and what became of it",
        tag="Requests",
        work=Work.READ,
        scope=AccessScope.READ,
        handler=_request,
        query=given.PAST,
        told={200: Told(about="The request.", shape="Request", links=_EXECUTE[:1])},
        conditional=True,
        brief=True,
    ),
    Route(
        name="addRiskCheck",
        method="POST",
        path="/sot/order-requests/{request_id}/risk-checks",
        summary="Keep the result of a risk check",
        about="They may come until execution; the latest for a rule counts. Nothing is checked here.",
        tag="Requests",
        work=Work.WRITE,
        scope=AccessScope.SUBMIT,
        handler=_add_check,
        body=value_schema(RiskCheck),
        example={"rule_code": "max-notional", "passed": True, "checked_at": "2026-01-05T10:00:00Z"},
        told={200: Told(about="The request with the check.", shape="Request")},
        problems=(IllegalTransition,),
        keyed=Keyed.ALLOWED,
    ),
    Route(
        name="withdrawRequest",
        method="POST",
        path="/sot/order-requests/{request_id}/withdrawal",
        summary="Take back a request that was not sent",
        tag="Requests",
        work=Work.WRITE,
        scope=AccessScope.SUBMIT,
        handler=_withdraw,
        body=value_schema(Withdrawal),
        body_needed=False,
        example={"reason": "the price moved away"},
        told={200: Told(about="The request, withdrawn.", shape="Request")},
        problems=(IllegalTransition,),
        keyed=Keyed.ALLOWED,
    ),
    Route(
        name="requestCancel",
        method="POST",
        path="/sot/orders/{order_id}/cancel-requests",
        summary="Submit the intent to cancel an order",
        about="A request of its own, to be executed like any other. With If-Match only if the order is still so.",
        tag="Requests",
        work=Work.WRITE,
        scope=AccessScope.SUBMIT,
        handler=_amend(Action.CANCEL),
        body=_amendment(*TERMS),
        example={"idempotency_key": "cancel-1", "requested_by": "trader"},
        told=_CREATED,
        problems=_SUBMIT_PROBLEMS,
        keyed=Keyed.INTENT,
        matching=True,
    ),
    Route(
        name="requestReplace",
        method="POST",
        path="/sot/orders/{order_id}/replace-requests",
        summary="Submit the intent to replace an order's terms",
        about="A request of its own, to be executed like any other. With If-Match only if the order is still so.",
        tag="Requests",
        work=Work.WRITE,
        scope=AccessScope.SUBMIT,
        handler=_amend(Action.REPLACE),
        body=_amendment(),
        example={"client_order_id": "my-order-1b", "quantity": "0.4"},
        told=_CREATED,
        problems=_SUBMIT_PROBLEMS,
        keyed=Keyed.INTENT,
        matching=True,
    ),
    Route(
        name="registerInstrument",
        method="POST",
        path="/sot/instruments",
        summary="Register an instrument, or a version of it",
        about="Requests name registered symbols only. Without `venue` it is the server's.",
        tag="Instruments",
        work=Work.WRITE,
        scope=AccessScope.ADMIN,
        handler=_register,
        body=value_schema(Instrument, optional=("account_id", "venue")),
        example={"symbol": "BTC/USDT", "kind": "SPOT", "base": "BTC", "quote": "USDT"},
        told={201: Told(about="The instrument.", shape="Instrument")},
        problems=(Conflict, NotFound),
        keyed=Keyed.ALLOWED,
    ),
    Route(
        name="getInstrument",
        method="GET",
        path="/sot/instruments",
        summary="List the versions of an instrument",
        about="`as_of` leaves those that were known, `happened_by` all: from when a version holds, it tells itself.",
        tag="Instruments",
        work=Work.READ,
        scope=AccessScope.READ,
        handler=_instruments,
        query=(
            given.ACCOUNT,
            attrs.evolve(given.VENUE, required=True),
            attrs.evolve(given.SYMBOL, required=True),
            *given.PAST,
        ),
        told={200: Told(about="Its versions, oldest first; none for an unknown symbol.", shape="Instruments")},
    ),
)
