"""Reports that wait for their order: listing them, and saying which order it is."""

from collections.abc import Mapping
from typing import Any, ClassVar, TypeVar

import attrs

from sot.adapters.http import parameters
from sot.adapters.http.bodies import check_json_types
from sot.adapters.http.request_context import RequestContext
from sot.adapters.http.response import Response
from sot.adapters.http.route import Handler, IdempotencyUse, ResponseSpec, Route, TransactionMode
from sot.adapters.http.routes.event_responses import event_response
from sot.adapters.http.routes.links import ORDER_LINKS
from sot.adapters.http.schemas.builders import body_schema
from sot.application.views.records import waiting_report_view
from sot.domain.orders.records import UnattributedReport
from sot.domain.values import fields
from sot.domain.values.value import Value
from sot.domain.values.vocabulary import AccessScope

C = TypeVar("C", bound=Value)


@attrs.frozen(slots=False, kw_only=True)
class AdoptWaitingCommand(Value):
    """Adopt the order of a waiting report."""

    account_id: str
    actor: str | None = None

    KINDS: ClassVar = {"account_id": fields.NAME, "actor": fields.NAME}


@attrs.frozen(slots=False, kw_only=True)
class AttributeWaitingCommand(Value):
    """Record a waiting report on the order that it is about."""

    account_id: str
    order_id: str

    KINDS: ClassVar = {"account_id": fields.NAME, "order_id": fields.IDENTITY}


def _list_waiting_reports(context: RequestContext) -> Response:
    account_id, queries = context.account_id, context.queries
    after = None if context.page_position is None else str(context.page_position[0])

    def view(waiting: UnattributedReport) -> dict[str, Any]:
        return waiting_report_view(waiting, queries.why_waiting(waiting))

    page = context.read_long_items(lambda after, size: queries.waiting(account_id, after, size), after, view)
    return context.page_response(list(page.items), page.next)


def _read_command(context: RequestContext, cls: type[C]) -> C:
    values = context.body
    values["account_id"] = context.principal.body_account(values.get("account_id"))
    check_json_types(cls, values)
    return cls.read(values)


def _report_id(context: RequestContext) -> str:
    return context.path_id("report_id", "waiting report")


def _adopt(context: RequestContext) -> Response:
    command = _read_command(context, AdoptWaitingCommand)
    actor = command.actor or context.actor
    return event_response(context, context.history.adopt_waiting(command.account_id, _report_id(context), actor))


def _attribute(context: RequestContext) -> Response:
    command = _read_command(context, AttributeWaitingCommand)
    result = context.history.attribute_waiting(command.account_id, _report_id(context), command.order_id)
    return event_response(context, result)


def _remedy_route(
    name: str,
    part: str,
    summary: str,
    handler: Handler,
    cls: type[Value],
    example: Mapping[str, Any],
    description: str,
) -> Route:
    return Route(
        name=name,
        method="POST",
        path=f"/sot/waiting-reports/{{report_id}}/{part}",
        summary=summary,
        description=description,
        tag="Corrections",
        transaction=TransactionMode.WRITE,
        scope=AccessScope.RECONCILE,
        handler=handler,
        body=body_schema(cls, optional=("account_id",)),
        body_required="order_id" in cls.KINDS,
        example=example,
        responses={
            200: ResponseSpec(description="The event.", schema="RecordResult", links=ORDER_LINKS, headers=("Location",))
        },
        idempotency=IdempotencyUse.OPTIONAL,
    )


ROUTES = (
    Route(
        name="listWaitingReports",
        method="GET",
        path="/sot/waiting-reports",
        summary="List the reports that wait for their order, oldest first",
        description=(
            "Each with the reason why it waits, the orders that it may be about, and what would end it. With `as_of` "
            "or `happened_by` those that waited then."
        ),
        tag="Reconciliation",
        transaction=TransactionMode.READ,
        scope=AccessScope.READ,
        handler=_list_waiting_reports,
        query=(parameters.SINGLE_ACCOUNT, *parameters.PAST, *parameters.PAGING),
        responses={200: ResponseSpec(description="A page of reports.", schema="WaitingReportPage", headers=("Link",))},
    ),
    _remedy_route(
        "adoptWaitingReport",
        "adoption",
        "Adopt the order of a waiting report",
        _adopt,
        AdoptWaitingCommand,
        {"actor": "ann"},
        "For an order that no request made. Other reports that wait for it join it.",
    ),
    _remedy_route(
        "attributeWaitingReport",
        "attribution",
        "Record a waiting report on the order that it is about",
        _attribute,
        AttributeWaitingCommand,
        {"order_id": "01890a5d-ac96-774b-bcce-b302099a8057"},
        "If no order goes by its identifiers, they become those of the order. Otherwise it is one of `candidates`.",
    ),
)
