"""Recording for applications that call venues themselves: submissions, failures, and the venue's reports."""

from sot.adapters.http.bodies import check_json_types
from sot.adapters.http.request_context import RequestContext
from sot.adapters.http.response import Response
from sot.adapters.http.route import Handler, IdempotencyUse, ResponseSpec, Route, TransactionMode
from sot.adapters.http.routes.event_responses import event_response, report_response
from sot.adapters.http.routes.links import ORDER_LINKS
from sot.adapters.http.schemas.builders import body_schema
from sot.application.input.commands import SubmissionCommand
from sot.domain.orders.report import VenueReport
from sot.domain.values.errors import IllegalTransition, InvalidInput, NotExecutable
from sot.domain.values.vocabulary import AccessScope

_DEFAULT_REASON = "unspecified"


def _record_report(context: RequestContext) -> Response:
    values = context.body
    values["account_id"] = context.principal.body_account(values.get("account_id"))
    check_json_types(VenueReport, values)
    report = VenueReport.read(values)
    return report_response(context, report, context.history.record(report))


def _read_submission(context: RequestContext) -> SubmissionCommand:
    check_json_types(SubmissionCommand, context.body)
    return SubmissionCommand.read(context.body)


def _record_sent(context: RequestContext) -> Response:
    command = _read_submission(context)
    if command.reason is not None:
        raise InvalidInput("reason", command.reason, "no reason: only a failed or unknown submission has one")
    actor = command.actor or context.actor
    return event_response(context, context.history.mark_sent(context.request_id, command.occurred_at, actor))


def _record_failed(context: RequestContext) -> Response:
    command = _read_submission(context)
    reason, actor = command.reason or _DEFAULT_REASON, command.actor or context.actor
    return event_response(context, context.history.mark_failed(context.request_id, reason, command.occurred_at, actor))


def _record_unknown(context: RequestContext) -> Response:
    command = _read_submission(context)
    reason, actor = command.reason or _DEFAULT_REASON, command.actor or context.actor
    return event_response(context, context.history.mark_unknown(context.request_id, reason, command.occurred_at, actor))


def _submission_route(name: str, part: str, summary: str, handler: Handler, description: str) -> Route:
    return Route(
        name=name,
        method="POST",
        path=f"/sot/order-requests/{{request_id}}/{part}",
        summary=summary,
        description=description,
        tag="Execution elsewhere",
        transaction=TransactionMode.WRITE,
        scope=AccessScope.EXECUTE,
        handler=handler,
        body=body_schema(SubmissionCommand, without=("reason",) if part == "sent" else ()),
        body_required=False,
        example={"occurred_at": "2026-01-05T10:00:00Z"},
        responses={
            200: ResponseSpec(description="The event.", schema="RecordResult", links=ORDER_LINKS, headers=("Location",))
        },
        problems=(NotExecutable, IllegalTransition),
        idempotency=IdempotencyUse.OPTIONAL,
    )


ROUTES = (
    Route(
        name="recordReport",
        method="POST",
        path="/sot/reports",
        summary="Record a venue report",
        description=(
            "A report that can be read exactly is never rejected: `anomalies` lists what is odd about it. A report "
            "whose order is unknown waits for its order. A repeat adds nothing."
        ),
        tag="Execution elsewhere",
        transaction=TransactionMode.WRITE,
        scope=AccessScope.EXECUTE,
        handler=_record_report,
        body=body_schema(VenueReport, optional=("account_id",)),
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
        responses={
            200: ResponseSpec(
                description="The event, or the anomalies of a waiting report.",
                schema="RecordResult",
                links=ORDER_LINKS,
                headers=("Location",),
            )
        },
        idempotency=IdempotencyUse.OPTIONAL,
    ),
    _submission_route(
        "recordSent",
        "sent",
        "Record that a request is about to be sent",
        _record_sent,
        "Record it before the venue is called, so that a crash leaves a trace.",
    ),
    _submission_route(
        "recordFailed",
        "failed",
        "Record that a request never reached the venue",
        _record_failed,
        "Only if that is certain. The request is never sent again; a retry is a new request with `retry_of`.",
    ),
    _submission_route(
        "recordUnknown",
        "unknown",
        "Record that it is unknown whether a request reached the venue",
        _record_unknown,
        "The order is in doubt until the venue is queried.",
    ),
)
