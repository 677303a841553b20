"""Requests: intents to place, replace or cancel an order, with risk checks and withdrawals."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from sot.adapters.http import parameters
from sot.adapters.http.bodies import check_json_types, errors_inside, read_objects
from sot.adapters.http.http_errors import IdempotencyKeyMissing
from sot.adapters.http.request_context import RequestContext
from sot.adapters.http.response import Response
from sot.adapters.http.route import Handler, IdempotencyUse, ResponseSpec, Route, TransactionMode
from sot.adapters.http.routes.links import EXECUTE_LINKS, REQUEST_LINKS
from sot.adapters.http.schemas.builders import body_schema, nullable
from sot.adapters.http.schemas.schema_refs import Schema, schema_ref
from sot.application.views.records import request_view
from sot.domain.orders.records import RecordedRequest
from sot.domain.orders.request import TERMS, DecisionContext, OrderRequest, RiskCheck, Withdrawal
from sot.domain.values.errors import Conflict, IllegalTransition, InvalidInput
from sot.domain.values.vocabulary import AccessScope, Action, Outcome
from sot.ports.orders import RequestFilter

_SERVER_FIELDS = ("request_id", "trace")
"""Fields that the server sets. A client must not choose ids: a conflict would reveal ids of other accounts."""
_TARGET_FIELDS = ("action", "target_order_id", "target_client_order_id", "venue", "venue_account", "symbol", "side")
"""Fields of a cancel or a replacement that the order in the path determines."""
_KEYS = ("idempotency_key", "client_order_id")
_DETAILS: Mapping[str, Schema] = {
    "context": nullable(schema_ref("DecisionContext")),
    "risk_checks": nullable({"type": "array", "items": schema_ref("RiskCheck")}),
}
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


def _submit(context: RequestContext) -> Response:
    values = context.body
    if "price" in values:
        price = values.pop("price")
        if values.get("limit_price") is not None:
            raise InvalidInput("price", price, "the limit price once: as price or as limit_price")
        values["limit_price"] = price
    if values.get("action") in (None, Action.NEW) and values.get("venue") is None:
        values["venue"] = context.venue_name
    return _submit_values(context, values)


def _amendment_handler(action: Action) -> Handler:
    def submit(context: RequestContext) -> Response:
        order = context.history.order(context.order_id)
        context.check_if_match(order)
        values = context.body
        for name in _TARGET_FIELDS:
            if name in values:
                raise InvalidInput(name, values[name], "no value: the order in the path determines it")
        if values.get("account_id") not in (None, order.account_id):
            raise InvalidInput("account_id", values["account_id"], f"{order.account_id}, the account of the order")
        target = {"account_id": order.account_id, "action": action, "target_order_id": order.order_id}
        return _submit_values(context, {**values, **target})

    return submit


def _submit_values(context: RequestContext, values: dict[str, Any]) -> Response:
    decision, checks = values.pop("context", None), read_objects(values, "risk_checks")
    values.pop("risk_checks", None)
    values["account_id"] = context.principal.body_account(values.get("account_id"))
    for name in _SERVER_FIELDS:
        if name in values:
            raise InvalidInput(name, values[name], "no value: the server sets it")
    if all(values.get(name) is None for name in _KEYS):
        if context.idempotency_key is None:
            raise IdempotencyKeyMissing("Give idempotency_key or client_order_id in the body, or Idempotency-Key.")
        values["idempotency_key"] = context.idempotency_key
    check_json_types(OrderRequest, values)
    recorded = context.history.submit(
        OrderRequest.read(values),
        None if decision is None else _read_decision_context(decision),
        [_read_check(check, f"risk_checks.{number}") for number, check in enumerate(checks)],
    )
    headers = {"Location": context.url(f"/sot/order-requests/{recorded.request_id}")}
    return Response(body=request_view(recorded), status=201, headers=headers, replayed=recorded.repeated)


def _read_decision_context(values: Any) -> DecisionContext:
    with errors_inside("context"):
        if isinstance(values, dict):
            check_json_types(DecisionContext, values)
        return DecisionContext.read(values, "context")


def _read_check(values: Mapping[str, Any], field: str) -> RiskCheck:
    with errors_inside(field):
        return RiskCheck.read(values, field)


def _get_request(context: RequestContext) -> Response:
    recorded = context.queries.request(context.request_id)
    return Response(body={**request_view(recorded), **context.as_of_fields}, etag=_etag(recorded))


def _etag(recorded: RecordedRequest) -> str:
    """The entity tag of a request: its hash, and what may change: its checks, its withdrawal, its order."""
    return f'"{recorded.hash[:16]}-{len(recorded.checks)}-{recorded.status}"'


def _list_requests(context: RequestContext) -> Response:
    query, queries = context.query, context.queries
    criteria = RequestFilter(
        account_id=context.list_account_id,
        symbol=query.get("symbol"),
        strategy_code=query.get("strategy_code"),
        recorded_from=query.get("recorded_from"),
        recorded_before=query.get("recorded_before"),
    )
    page = context.read_long_items(
        partial(queries.requests, criteria, newest_first=query.get("newest_first", False)),
        context.after_key,
        request_view,
    )
    return context.page_response(list(page.items), page.next)


def _add_risk_check(context: RequestContext) -> Response:
    check_json_types(RiskCheck, context.body)
    outcome = context.history.add_risk_check(context.request_id, RiskCheck.read(context.body))
    return _changed_request(context, outcome)


def _withdraw(context: RequestContext) -> Response:
    check_json_types(Withdrawal, context.body)
    withdrawal = Withdrawal.read(context.body)
    actor = withdrawal.actor or context.actor
    outcome = context.history.withdraw(context.request_id, withdrawal.reason, actor, withdrawal.occurred_at)
    return _changed_request(context, outcome)


def _changed_request(context: RequestContext, outcome: Outcome) -> Response:
    recorded = context.history.request(context.request_id)
    return Response(body=request_view(recorded), etag=_etag(recorded), replayed=outcome is Outcome.REPEATED)


_CREATED = {201: ResponseSpec(description="The request.", schema="Request", links=REQUEST_LINKS, headers=("Location",))}


def _amendment_route(name: str, action: Action, summary: str, example: Mapping[str, Any], without: Any = ()) -> Route:
    return Route(
        name=name,
        method="POST",
        path=f"/sot/orders/{{order_id}}/{action.lower()}-requests",
        summary=summary,
        description=(
            "It is a request of its own, to be executed like any other. If-Match makes it conditional on the order's "
            "entity tag."
        ),
        tag="Requests",
        transaction=TransactionMode.WRITE,
        scope=AccessScope.SUBMIT,
        handler=_amendment_handler(action),
        body=body_schema(
            OrderRequest, without=(*_SERVER_FIELDS, *_TARGET_FIELDS, *without), optional=("account_id",), extra=_DETAILS
        ),
        example=example,
        responses=_CREATED,
        problems=(Conflict,),
        idempotency=IdempotencyUse.INTENT,
        supports_if_match=True,
    )


ROUTES = (
    Route(
        name="submitRequest",
        method="POST",
        path="/sot/order-requests",
        summary="Submit an intent",
        description=(
            "Records an intent; nothing is sent to the venue yet. A repeat is recognised by its key, which is "
            "required: `idempotency_key` or `client_order_id`, or the header `Idempotency-Key`. By default `venue` is "
            "the server's, and `account_id` that of the key, or `default`."
        ),
        tag="Requests",
        transaction=TransactionMode.WRITE,
        scope=AccessScope.SUBMIT,
        handler=_submit,
        body=body_schema(
            OrderRequest,
            without=_SERVER_FIELDS,
            optional=("account_id",),
            extra={"price": nullable(schema_ref("Decimal")), **_DETAILS},
        ),
        example=_EXAMPLE,
        responses=_CREATED,
        problems=(Conflict,),
        idempotency=IdempotencyUse.INTENT,
    ),
    Route(
        name="listRequests",
        method="GET",
        path="/sot/order-requests",
        summary="List requests, oldest or newest first",
        tag="Requests",
        transaction=TransactionMode.READ,
        scope=AccessScope.READ,
        handler=_list_requests,
        query=(
            parameters.ACCOUNT,
            parameters.SYMBOL,
            parameters.STRATEGY,
            parameters.RECORDED_FROM,
            parameters.RECORDED_BEFORE,
            parameters.NEWEST_FIRST,
            *parameters.PAST,
            *parameters.PAGING,
        ),
        responses={200: ResponseSpec(description="A page of requests.", schema="RequestPage", headers=("Link",))},
    ),
    Route(
        name="getRequest",
        method="GET",
        path="/sot/order-requests/{request_id}",
        summary="Get a request with its context, checks and status",
        tag="Requests",
        transaction=TransactionMode.READ,
        scope=AccessScope.READ,
        handler=_get_request,
        query=parameters.PAST,
        responses={200: ResponseSpec(description="The request.", schema="Request", links=EXECUTE_LINKS)},
        conditional=True,
        reads_few_rows=True,
    ),
    Route(
        name="addRiskCheck",
        method="POST",
        path="/sot/order-requests/{request_id}/risk-checks",
        summary="Record the result of a risk check",
        description="Results are accepted until execution; the latest for a rule counts. Nothing is checked here.",
        tag="Requests",
        transaction=TransactionMode.WRITE,
        scope=AccessScope.SUBMIT,
        handler=_add_risk_check,
        body=body_schema(RiskCheck),
        example={"rule_code": "max-notional", "passed": True, "checked_at": "2026-01-05T10:00:00Z"},
        responses={200: ResponseSpec(description="The request with the check.", schema="Request")},
        problems=(IllegalTransition,),
        idempotency=IdempotencyUse.OPTIONAL,
    ),
    Route(
        name="withdrawRequest",
        method="POST",
        path="/sot/order-requests/{request_id}/withdrawal",
        summary="Withdraw a request that was not sent",
        tag="Requests",
        transaction=TransactionMode.WRITE,
        scope=AccessScope.SUBMIT,
        handler=_withdraw,
        body=body_schema(Withdrawal),
        body_required=False,
        example={"reason": "the price moved away"},
        responses={200: ResponseSpec(description="The withdrawn request.", schema="Request")},
        problems=(IllegalTransition,),
        idempotency=IdempotencyUse.OPTIONAL,
    ),
    _amendment_route(
        "requestCancel",
        Action.CANCEL,
        "Submit an intent to cancel an order",
        {"idempotency_key": "cancel-1", "requested_by": "trader"},
        without=TERMS,
    ),
    _amendment_route(
        "requestReplace",
        Action.REPLACE,
        "Submit an intent to replace an order's terms",
        {"client_order_id": "my-order-1b", "quantity": "0.4"},
    ),
)
