"""Marks, and what people correct: void events, outcomes in doubt, orders that turned out to be others."""

from datetime import datetime
from typing import Any, ClassVar

import attrs

from sot.adapters.http.asked import Asked
from sot.adapters.http.bodies import strict
from sot.adapters.http.route import Answer, Keyed, Route, Told, Work
from sot.adapters.http.routes.recording import recorded_answer
from sot.adapters.http.schemas import value_schema
from sot.application.input.commands import Mark, Void
from sot.domain.values import fields
from sot.domain.values.errors import IllegalTransition
from sot.domain.values.vocabulary import AccessScope, OrderStatus


@attrs.frozen(slots=False, kw_only=True)
class Resolved(fields.Value):
    """What a person found out about an order in doubt."""

    reason: str
    status: OrderStatus | None = None
    occurred_at: datetime | None = None
    actor: str | None = None

    KINDS: ClassVar = {
        "reason": fields.TEXT,
        "status": fields.word(OrderStatus),
        "occurred_at": fields.TIME,
        "actor": fields.NAME,
    }


@attrs.frozen(slots=False, kw_only=True)
class Attributed(fields.Value):
    """Which order an external order turned out to be."""

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


def _read(asked: Asked, cls: Any) -> Any:
    strict(cls, asked.body)
    said = cls.read(asked.body)
    asked.check_match(asked.history.order(asked.order_id))
    return said


def _mark(asked: Asked) -> Answer:
    said: Mark = _read(asked, Mark)
    actor = said.actor or asked.actor
    return recorded_answer(asked, asked.history.mark(asked.order_id, said.mark, said.rates, said.occurred_at, actor))


def _void(asked: Asked) -> Answer:
    said: Void = _read(asked, Void)
    result = asked.history.void(
        asked.order_id,
        reason=said.reason,
        sequence=said.sequence,
        exec_id=said.exec_id,
        leg=said.leg,
        actor=said.actor or asked.actor,
        occurred_at=said.occurred_at,
    )
    return recorded_answer(asked, result)


def _resolve(asked: Asked) -> Answer:
    said: Resolved = _read(asked, Resolved)
    result = asked.history.resolve(
        asked.order_id,
        reason=said.reason,
        status=said.status,
        actor=said.actor or asked.actor,
        occurred_at=said.occurred_at,
    )
    return recorded_answer(asked, result)


def _attribute(asked: Asked) -> Answer:
    said: Attributed = _read(asked, Attributed)
    result = asked.history.attribute(
        asked.order_id,
        said.order_id,
        reason=said.reason,
        actor=said.actor or asked.actor,
        occurred_at=said.occurred_at,
    )
    return recorded_answer(asked, result)


def _route(
    name: str,
    part: str,
    summary: str,
    handler: Any,
    cls: type[fields.Value],
    example: dict[str, Any],
    scope: AccessScope,
    about: str,
) -> Route:
    return Route(
        name=name,
        method="POST",
        path=f"/sot/orders/{{order_id}}/{part}",
        summary=summary,
        about=about + " With If-Match only if the order is still so.",
        tag="Corrections",
        work=Work.WRITE,
        scope=scope,
        handler=handler,
        body=value_schema(cls),
        example=example,
        told={200: Told(about="The event.", shape="Recorded", headers=("Location",))},
        problems=(IllegalTransition,),
        keyed=Keyed.ALLOWED,
        matching=True,
    )


ROUTES = (
    _route(
        "recordMark",
        "marks",
        "Record a snapshot of an order's profit and loss",
        _mark,
        Mark,
        {"mark": "50100", "rates": {"BNB": "612.5"}},
        AccessScope.EXECUTE,
        "The same mark and rates again, without a time, are a repeat.",
    ),
    _route(
        "voidEvent",
        "voids",
        "Say that an earlier event was wrong",
        _void,
        Void,
        {"sequence": 4, "reason": "booked to the wrong order"},
        AccessScope.RECONCILE,
        "It stays, and from now on counts as if it had not been. Name it by `sequence` or by `exec_id`.",
    ),
    _route(
        "resolveOrder",
        "resolution",
        "Close what is in doubt, as a person found it",
        _resolve,
        Resolved,
        {"reason": "the venue's support found no such order", "status": "FAILED"},
        AccessScope.RECONCILE,
        "`status` is what the order was found to be.",
    ),
    _route(
        "attributeOrder",
        "attribution",
        "Say which order an external order turned out to be",
        _attribute,
        Attributed,
        {"order_id": "01890a5d-ac96-774b-bcce-b302099a8057", "reason": "sent by hand"},
        AccessScope.RECONCILE,
        "What was reported of it is recorded on that order, and counts there alone.",
    ),
)
