"""Executing requests at the server's venue, and what an application reports that executes itself."""

from typing import Any

from sot.adapters.http import parameters as given
from sot.adapters.http.asked import Asked
from sot.adapters.http.bodies import strict
from sot.adapters.http.refusals import NoVenue
from sot.adapters.http.route import Answer, Keyed, Link, Route, Told, Work
from sot.adapters.http.routes.orders import mark_of, told_order
from sot.adapters.http.routes.recording import recorded_answer
from sot.adapters.http.schemas import value_schema
from sot.adapters.http.wire import etag_of
from sot.application.executor import Executor
from sot.application.input.commands import Sent
from sot.application.views.records import recovery_view
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.values.errors import IllegalTransition, InvalidInput, NotExecutable
from sot.domain.values.vocabulary import AccessScope

RETRY_AFTER = "1"
UNSPECIFIED = "unspecified"


def _execute(asked: Asked) -> Answer:
    request_id = asked.reading(lambda history: history.request(asked.request_id)).request_id
    executor = Executor(asked.store, asked.venue, asked.actor)
    order = executor.execute(request_id, mark_of(asked), asked.query.get("rate"))
    headers = {"Location": asked.address(f"/sot/orders/{order.order_id}")}
    if is_unanswered(order, request_id):
        return Answer(
            body=told_order(order),
            status=202,
            headers={**headers, "Retry-After": RETRY_AFTER},
            etag=etag_of(order),
        )
    return Answer(body=told_order(order), headers=headers, etag=etag_of(order))


def is_unanswered(order: Order, request_id: str) -> bool:
    """Whether the venue has not said yet what became of a request: it is in doubt, or somebody is asking just now."""
    state = order.state
    if any(request.request_id == request_id for request in state.open_requests):
        return True
    return order.in_doubt or (order.request_id == request_id and not (state.acknowledged or state.closed))


def _recover(asked: Asked) -> Answer:
    account_id = asked.account_id
    if account_id is not None and not asked.principal.sees(account_id):
        return Answer(body={"settled": [], "in_doubt": [], "too_recent": [], "queries": 0})
    return Answer(body=recovery_view(Executor(asked.store, asked.venue, asked.actor).recover(account_id)))


def _report(asked: Asked) -> Answer:
    said = asked.body
    said["account_id"] = asked.principal.told(said.get("account_id"))
    strict(VenueReport, said)
    report = VenueReport.read(said)
    return recorded_answer(asked, asked.history.record(report), report)


def _said(asked: Asked) -> Sent:
    strict(Sent, asked.body)
    return Sent.read(asked.body)


def _sent(asked: Asked) -> Answer:
    said = _said(asked)
    if said.reason is not None:
        raise InvalidInput("reason", said.reason, "nothing: only what failed or is unknown has a reason")
    return recorded_answer(
        asked, asked.history.mark_sent(asked.request_id, said.occurred_at, said.actor or asked.actor)
    )


def _failed(asked: Asked) -> Answer:
    said, reason = _said(asked), asked.body.get("reason") or UNSPECIFIED
    actor = said.actor or asked.actor
    return recorded_answer(asked, asked.history.mark_failed(asked.request_id, reason, said.occurred_at, actor))


def _unknown(asked: Asked) -> Answer:
    said, reason = _said(asked), asked.body.get("reason") or UNSPECIFIED
    actor = said.actor or asked.actor
    return recorded_answer(asked, asked.history.mark_unknown(asked.request_id, reason, said.occurred_at, actor))


_TO_ORDER = tuple(
    Link(to=to, parameter="order_id", field="order_id")
    for to in (
        "getOrder",
        "getPnl",
        "getEvents",
        "requestCancel",
        "requestReplace",
        "recordMark",
        "voidEvent",
        "resolveOrder",
        "attributeOrder",
    )
)


def _about_a_request(name: str, part: str, summary: str, handler: Any, about: str) -> Route:
    return Route(
        name=name,
        method="POST",
        path=f"/sot/order-requests/{{request_id}}/{part}",
        summary=summary,
        about=about,
        tag="Execution elsewhere",
        work=Work.WRITE,
        scope=AccessScope.EXECUTE,
        handler=handler,
        body=value_schema(Sent, without=("reason",) if part == "sent" else ()),
        body_needed=False,
        example={"occurred_at": "2026-01-05T10:00:00Z"},
        told={200: Told(about="The event.", shape="Recorded", links=_TO_ORDER, headers=("Location",))},
        problems=(NotExecutable, IllegalTransition),
        keyed=Keyed.ALLOWED,
    )


ROUTES = (
    Route(
        name="executeRequest",
        method="POST",
        path="/sot/execute/{request_id}",
        summary="Execute a request at the server's venue",
        about=(
            "New orders, cancels and replacements alike. Executing a request again returns what it did, and never "
            "calls the venue again. A refusal or a failure of the venue is an answer: the order says so. "
            "202 tells that the venue has not said yet what became of it: the answer was lost, or somebody is "
            "executing it just now. Look at the order then; `POST /sot/recovery` asks the venue."
        ),
        tag="Execution",
        work=Work.CALL,
        scope=AccessScope.EXECUTE,
        handler=_execute,
        query=(given.MARK, given.MARKET_PRICE, given.RATE),
        told={
            200: Told(
                about="The order that it made or works on.", shape="Order", links=_TO_ORDER, headers=("Location",)
            ),
            202: Told(
                about="Sent, and not answered yet.", shape="Order", links=_TO_ORDER, headers=("Location", "Retry-After")
            ),
        },
        problems=(NotExecutable, IllegalTransition, NoVenue),
    ),
    Route(
        name="recover",
        method="POST",
        path="/sot/recovery",
        summary="Ask the venue about everything that was sent and has no answer",
        about="What the venue says is recorded; nothing is guessed. It may be asked for at any time.",
        tag="Execution",
        work=Work.CALL,
        scope=AccessScope.EXECUTE,
        handler=_recover,
        query=(given.ACCOUNT,),
        told={200: Told(about="What came of it.", shape="Recovery")},
        problems=(NoVenue,),
    ),
    Route(
        name="recordReport",
        method="POST",
        path="/sot/reports",
        summary="Keep what a venue said",
        about=(
            "Never refused if it can be read exactly: what is odd about it is in `anomalies`. A report for no known "
            "order waits for it. The same again adds nothing."
        ),
        tag="Execution elsewhere",
        work=Work.WRITE,
        scope=AccessScope.EXECUTE,
        handler=_report,
        body=value_schema(VenueReport, optional=("account_id",)),
        example={
            "venue": "BINANCE",
            "type": "TRADE",
            "client_order_id": "my-order-1",
            "exec_id": "28457",
            "last_quantity": "0.5",
            "last_price": "49990",
            "fees": [{"amount": "0.0005", "currency": "BTC"}],
            "occurred_at": "2026-01-05T10:00:01Z",
        },
        told={
            200: Told(
                about="The event, or that the report waits.", shape="Recorded", links=_TO_ORDER, headers=("Location",)
            )
        },
        keyed=Keyed.ALLOWED,
    ),
    _about_a_request(
        "recordSent",
        "sent",
        "Record that a request is handed to the venue",
        _sent,
        "To be recorded before the venue is called, so that a crash leaves a trace.",
    ),
    _about_a_request(
        "recordFailed",
        "failed",
        "Record that a request never reached the venue",
        _failed,
        "Known for sure. It is never sent again; a new attempt is a new request, with `retry_of`.",
    ),
    _about_a_request(
        "recordUnknown",
        "unknown",
        "Record that it is not known whether a request reached the venue",
        _unknown,
        "The order is in doubt until the venue is asked.",
    ),
)
