"""Facts that a person or an application adds to an order: marks, voided events, resolutions, attributions."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar, TypeVar

import attrs

from sot.adapters.http.bodies import check_json_types
from sot.adapters.http.request_context import RequestContext
from sot.adapters.http.response import Response
from sot.adapters.http.route import Handler, IdempotencyUse, ResponseSpec, Route, TransactionMode
from sot.adapters.http.routes.event_responses import event_response
from sot.adapters.http.schemas.builders import body_schema
from sot.application.input.commands import MarkCommand, VoidCommand
from sot.domain.values import fields
from sot.domain.values.errors import IllegalTransition
from sot.domain.values.value import Value
from sot.domain.values.vocabulary import AccessScope, OrderStatus

C = TypeVar("C", bound=Value)


@attrs.frozen(slots=False, kw_only=True)
class ResolveCommand(Value):
    """Resolve what is in doubt about an order."""

    reason: str
    status: OrderStatus | None = None
    occurred_at: datetime | None = None
    actor: str | None = None

    KINDS: ClassVar = {
        "reason": fields.TEXT,
        "status": fields.member_of(OrderStatus),
        "occurred_at": fields.TIME,
        "actor": fields.NAME,
    }


@attrs.frozen(slots=False, kw_only=True)
class AttributeCommand(Value):
    """Attribute an external order to another order."""

    order_id: str
    reason: str
    occurred_at: datetime | None = None
    actor: str | None = None

    KINDS: ClassVar = {
        "order_id": fields.IDENTITY,
        "reason": fields.TEXT,
        "occurred_at": fields.TIME,
        "actor": fields.NAME,
    }


def _read_command(context: RequestContext, cls: type[C]) -> C:
    check_json_types(cls, context.body)
    command = cls.read(context.body)
    context.check_if_match(context.history.order(context.order_id))
    return command


def _record_mark(context: RequestContext) -> Response:
    command = _read_command(context, MarkCommand)
    actor = command.actor or context.actor
    result = context.history.mark(context.order_id, command.mark, command.rates, command.occurred_at, actor)
    return event_response(context, result)


def _void_event(context: RequestContext) -> Response:
    command = _read_command(context, VoidCommand)
    result = context.history.void(
        context.order_id,
        reason=command.reason,
        sequence=command.sequence,
        exec_id=command.exec_id,
        leg=command.leg,
        actor=command.actor or context.actor,
        occurred_at=command.occurred_at,
    )
    return event_response(context, result)


def _resolve_order(context: RequestContext) -> Response:
    command = _read_command(context, ResolveCommand)
    result = context.history.resolve(
        context.order_id,
        reason=command.reason,
        status=command.status,
        actor=command.actor or context.actor,
        occurred_at=command.occurred_at,
    )
    return event_response(context, result)


def _attribute_order(context: RequestContext) -> Response:
    command = _read_command(context, AttributeCommand)
    result = context.history.attribute(
        context.order_id,
        command.order_id,
        reason=command.reason,
        actor=command.actor or context.actor,
        occurred_at=command.occurred_at,
    )
    return event_response(context, result)


def _correction_route(
    name: str,
    part: str,
    summary: str,
    handler: Handler,
    cls: type[Value],
    example: Mapping[str, Any],
    scope: AccessScope,
    description: str,
) -> Route:
    return Route(
        name=name,
        method="POST",
        path=f"/sot/orders/{{order_id}}/{part}",
        summary=summary,
        description=description + " If-Match makes it conditional on the order's entity tag.",
        tag="Corrections",
        transaction=TransactionMode.WRITE,
        scope=scope,
        handler=handler,
        body=body_schema(cls),
        example=example,
        responses={200: ResponseSpec(description="The event.", schema="RecordResult", headers=("Location",))},
        problems=(IllegalTransition,),
        idempotency=IdempotencyUse.OPTIONAL,
        supports_if_match=True,
    )


ROUTES = (
    _correction_route(
        "recordMark",
        "marks",
        "Record a snapshot of an order's profit and loss",
        _record_mark,
        MarkCommand,
        {"mark": "50100", "rates": {"BNB": "612.5"}},
        AccessScope.EXECUTE,
        "The same mark and rates without a time are a repeat.",
    ),
    _correction_route(
        "voidEvent",
        "voids",
        "Void an earlier event",
        _void_event,
        VoidCommand,
        {"sequence": 4, "reason": "booked to the wrong order"},
        AccessScope.RECONCILE,
        "The event stays in the history and no longer has an effect. Name it by `sequence` or by `exec_id`.",
    ),
    _correction_route(
        "resolveOrder",
        "resolution",
        "Resolve what is in doubt about an order",
        _resolve_order,
        ResolveCommand,
        {"reason": "the venue's support found no such order", "status": "FAILED"},
        AccessScope.RECONCILE,
        "`status` is the status that the order was found to have.",
    ),
    _correction_route(
        "attributeOrder",
        "attribution",
        "Attribute an external order to another order",
        _attribute_order,
        AttributeCommand,
        {"order_id": "01890a5d-ac96-774b-bcce-b302099a8057", "reason": "sent by hand"},
        AccessScope.RECONCILE,
        "The venue's reports of the external order are recorded on the other order, and count there only.",
    ),
)
