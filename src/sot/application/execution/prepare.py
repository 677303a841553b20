"""The first transaction of an execution: record that a request is handed to its venue."""

from collections.abc import Sequence
from typing import ClassVar

import attrs

from sot.application.orders import submission
from sot.application.orders.lookup import get_order, get_request
from sot.domain.orders.order import Order
from sot.domain.orders.request import OrderRequest
from sot.domain.values.json_form import JsonForm
from sot.domain.values.vocabulary import Action, Outcome
from sot.ports.store import UnitOfWork
from sot.ports.venue import Replacement


@attrs.frozen(kw_only=True)
class PreparedRequest(JsonForm):
    """A request that was recorded as sent.

    Attributes:
        request: The request.
        order: The order that it makes or works on, as it is now. Of a replacement that makes a new order, the new one.
        target: The order that a CANCEL or REPLACE works on.
        send: Whether the caller has to call the venue: nobody else did before.
    """

    DERIVED: ClassVar = ("request_id",)

    request: OrderRequest
    order: Order
    target: Order | None
    send: bool

    @property
    def request_id(self) -> str:
        """The id of the request."""
        assert self.request.request_id is not None
        return self.request.request_id


def prepare(
    uow: UnitOfWork,
    request_id: str,
    replacement: Replacement | None = None,
    actor: str | None = None,
    unanswered: Sequence[PreparedRequest] = (),
) -> PreparedRequest:
    """Record that a request is handed to its venue, unless that was recorded before.

    Args:
        uow: The unit of work to record in.
        request_id: The id of the request.
        replacement: What a REPLACE is at the venue.
        actor: Who sends it.
        unanswered: What the same caller prepared before, when the answer to COMMIT was lost. If that was stored, the
            caller still has to send it.

    Raises:
        NotFound: There is no such request.
        NotExecutable: The request was denied or withdrawn.
        IllegalTransition: The target cannot change any more.
        InvalidInput: There is no client order id, where the replacement is a new order.
    """
    request = get_request(uow, request_id, lock=True)
    order_id = request.order_id
    if order_id is None:
        makes_order = request.request.action is Action.REPLACE and replacement is Replacement.NEW_ORDER
        result = submission.mark_sent(uow, request_id, None, actor, makes_order)
        order_id, send = result.order_id, result.outcome is not Outcome.REPEATED
        assert order_id is not None
    else:
        send = any(was_stored(uow, attempt) for attempt in unanswered)
    target = request.request.target_order_id
    return PreparedRequest(
        request=request.request,
        order=get_order(uow, order_id).copy(),
        target=None if target is None else get_order(uow, target).copy(),
        send=send,
    )


def was_stored(uow: UnitOfWork, attempt: PreparedRequest) -> bool:
    """Whether the events of an attempt were stored. Those of another attempt have another hash: their times differ."""
    order = attempt.order
    return attempt.send and any(
        event.hash == order.last_hash for event in uow.events.list(order.account_id, order.order_id)
    )
