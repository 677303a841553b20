"""Execution at the server's venue: send requests, and recover missing answers."""

from datetime import timedelta

from sot.adapters.http import parameters
from sot.adapters.http.http_errors import NoVenue
from sot.adapters.http.http_message import order_etag
from sot.adapters.http.request_context import RequestContext
from sot.adapters.http.response import Response
from sot.adapters.http.route import ResponseSpec, Route, TransactionMode
from sot.adapters.http.routes.links import ORDER_LINKS
from sot.adapters.http.routes.orders import mark_parameter, order_fields
from sot.application.execution.recovery import RecoveryLimits
from sot.application.executor import Executor
from sot.application.views.records import recovery_view
from sot.domain.orders.order import Order
from sot.domain.values.errors import IllegalTransition, NotExecutable
from sot.domain.values.vocabulary import AccessScope

RETRY_AFTER_SECONDS = "1"
RECOVERY_LIMITS = RecoveryLimits(wait=timedelta(seconds=30))
"""No client waits as long as some venues take to settle; `sot recover` does."""


def _execute(context: RequestContext) -> Response:
    request_id = context.read(lambda history: history.request(context.request_id)).request_id
    executor = Executor(context.store, context.venue, context.actor)
    order = executor.execute(request_id, mark_parameter(context), context.query.get("rate"))
    headers = {"Location": context.url(f"/sot/orders/{order.order_id}")}
    if is_unanswered(order, request_id):
        headers["Retry-After"] = RETRY_AFTER_SECONDS
        return Response(body=order_fields(order), status=202, headers=headers, etag=order_etag(order))
    return Response(body=order_fields(order), headers=headers, etag=order_etag(order))


def is_unanswered(order: Order, request_id: str) -> bool:
    """Whether the venue's answer to a request is missing: it is in doubt, or it is being executed right now."""
    state = order.state
    if any(request.request_id == request_id for request in state.open_requests):
        return True
    return order.in_doubt or (order.request_id == request_id and not (state.acknowledged or state.closed))


def _recover(context: RequestContext) -> Response:
    account_id = context.list_account_id
    if account_id is not None and not context.principal.can_see(account_id):
        return Response(body={"settled": [], "in_doubt": [], "too_recent": [], "queries": 0})
    result = Executor(context.store, context.venue, context.actor).recover(account_id, RECOVERY_LIMITS)
    return Response(body=recovery_view(result))


ROUTES = (
    Route(
        name="executeRequest",
        method="POST",
        path="/sot/execute/{request_id}",
        summary="Execute a request at the server's venue",
        description=(
            "Works for new orders, cancels and replacements. A repeat never calls the venue again: it returns the "
            "order. If the venue rejects the request, or cannot be reached, the order's status says so. 202 means that "
            "the venue's answer is missing: it was lost, or a concurrent request is executing it. Read the order "
            "later; `POST /sot/recovery` queries the venue."
        ),
        tag="Execution",
        transaction=TransactionMode.OWN,
        scope=AccessScope.EXECUTE,
        handler=_execute,
        query=(parameters.MARK, parameters.MARKET_PRICE, parameters.RATE),
        responses={
            200: ResponseSpec(
                description="The order that it created or works on.",
                schema="Order",
                links=ORDER_LINKS,
                headers=("Location",),
            ),
            202: ResponseSpec(
                description="The order; the venue's answer is missing.",
                schema="Order",
                links=ORDER_LINKS,
                headers=("Location", "Retry-After"),
            ),
        },
        problems=(NotExecutable, IllegalTransition, NoVenue),
    ),
    Route(
        name="recover",
        method="POST",
        path="/sot/recovery",
        summary="Query the venue about everything that was sent and has no answer",
        description=(
            "The venue's answers are recorded; nothing is guessed. It may run at any time. If the venue knows nothing "
            "of a request, the server waits, once, for the time in which one can be under way (up to 30 seconds), and "
            "asks again."
        ),
        tag="Execution",
        transaction=TransactionMode.OWN,
        scope=AccessScope.EXECUTE,
        handler=_recover,
        query=(parameters.ACCOUNT,),
        responses={200: ResponseSpec(description="What the venue answered.", schema="RecoveryResult")},
        problems=(NoVenue,),
    ),
)
