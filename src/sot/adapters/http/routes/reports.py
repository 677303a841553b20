"""Recording for applications that call venues themselves: submissions, failures, and the venue's reports."""

from collections.abc import Mapping
from typing import Any

from sot.adapters.http.bodies import check_json_types
from sot.adapters.http.request_context import RequestContext
from sot.adapters.http.response import Response
from sot.adapters.http.route import Handler, IdempotencyUse, ResponseSpec, Route, TransactionMode
from sot.adapters.http.routes.event_responses import event_response, report_response
from sot.adapters.http.routes.links import ORDER_LINKS
from sot.adapters.http.schemas.builders import body_schema, nullable
from sot.adapters.http.schemas.decimals import check_decimal
from sot.adapters.http.schemas.schema_refs import Schema
from sot.application.input.commands import SubmissionCommand
from sot.application.input.reports import AUXILIARY_FIGURES, ORDER_TERMS, can_be_adopted, read_report
from sot.domain.orders.report import Fee, VenueReport
from sot.domain.values.errors import IllegalTransition, InvalidInput, NotExecutable
from sot.domain.values.fields import FLAG
from sot.domain.values.vocabulary import AccessScope, Origin

_DEFAULT_REASON = "unspecified"


def _record_report(context: RequestContext) -> Response:
    values = context.body
    values["account_id"] = context.principal.body_account(values.get("account_id"))
    adopt = _pop_adopt(context, values)
    report = read_report(values, _check_text, _read_strictly)
    if adopt and can_be_adopted(report):
        return report_response(context, report, context.history.adopt(report, Origin.VENUE, context.actor))
    return report_response(context, report, context.history.record(report))


def _pop_adopt(context: RequestContext, values: dict[str, Any]) -> bool:
    """Take out whether the order is to be adopted, which the scope of adopting waiting reports allows."""
    adopt = values.pop("adopt", None)
    if adopt is None:
        return False
    FLAG.check("adopt", adopt)
    if adopt:
        context.principal.require_scope(AccessScope.RECONCILE)
    return bool(adopt)


def _check_text(field: str, value: object) -> None:
    """Check a figure that is a string. A value of another JSON type is an error of the client, and refused."""
    if isinstance(value, str):
        check_decimal(field, value)


def _read_strictly(values: Mapping[str, Any]) -> VenueReport:
    check_json_types(VenueReport, values)
    return VenueReport.read(values)


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


_FIGURE: Schema = {"type": "string"}

_FIGURES: Mapping[str, Schema] = {
    **dict.fromkeys((*AUXILIARY_FIGURES, *ORDER_TERMS), nullable(_FIGURE)),
    "fees": nullable({"type": "array", "items": body_schema(Fee, extra={"amount": _FIGURE})}),
}
"""The figures that are left out where they cannot be read exactly."""

ROUTES = (
    Route(
        name="recordReport",
        method="POST",
        path="/sot/reports",
        summary="Record a venue report",
        description=(
            "A report that can be read exactly is never rejected: `anomalies` lists what is odd about it. A report "
            "whose order is unknown waits for its order; with `adopt` it makes an external order instead, if it has a "
            "venue, a symbol and an id of its order, and no order of yours is meant (scope `reconcile`, too). "
            "A repeat adds nothing. Of a figure that the report does not "
            "need (`last_amount`, `cum_quantity`, `leaves_quantity`, `avg_price`, a fee, and the order's terms on an "
            "execution) and that cannot be read exactly, `left_out` has the reason, and the report counts."
        ),
        tag="Execution elsewhere",
        transaction=TransactionMode.WRITE,
        scope=AccessScope.EXECUTE,
        handler=_record_report,
        body=body_schema(
            VenueReport, optional=("account_id",), extra={**_FIGURES, "adopt": nullable({"type": "boolean"})}
        ),
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
