"""Which local events an order's state allows."""

from collections.abc import Callable, Mapping

from sot.domain.orders.event import LocalFact
from sot.domain.orders.order import Order
from sot.domain.orders.state import OpenRequest, OrderState
from sot.domain.values.errors import IllegalTransition
from sot.domain.values.vocabulary import Action, EventType

_Allowed = tuple[Callable[[OrderState], bool], str]


_SENDABLE: _Allowed = (
    lambda s: not (s.submitted or s.failed or s.at_venue or s.ended),
    "an order is sent once, and never after it failed or is known at the venue",
)


_SENT: _Allowed = (lambda s: s.submitted and not (s.failed and not s.at_venue), "only what was sent can be in doubt")


_UNSENT: _Allowed = (
    lambda s: not (s.failed or s.at_venue or s.ended),
    "FAILED means that it never reached the venue, and the venue has spoken of it or it has failed already",
)


_WORKABLE: _Allowed = (
    lambda s: (s.submitted or s.at_venue) and not s.ended,
    "only an order that was sent and is not over can be cancelled or replaced",
)


_DOUBTFUL: _Allowed = (lambda s: s.in_doubt, "there is nothing in doubt")


_ANY: _Allowed = (lambda s: True, "")


_CANCEL_OPEN: _Allowed = (lambda s: bool(s.requests(Action.CANCEL)), "no such cancel request is open")


_REPLACE_OPEN: _Allowed = (lambda s: bool(s.requests(Action.REPLACE)), "no such replace request is open")


ALLOWED: Mapping[EventType, _Allowed] = {
    EventType.CREATED: (lambda s: False, "an order is created once"),
    EventType.SUBMITTED: _SENDABLE,
    EventType.SUBMISSION_UNKNOWN: _SENT,
    EventType.FAILED: _UNSENT,
    EventType.CANCEL_REQUESTED: _WORKABLE,
    EventType.CANCEL_UNKNOWN: _CANCEL_OPEN,
    EventType.CANCEL_FAILED: _CANCEL_OPEN,
    EventType.REPLACE_REQUESTED: _WORKABLE,
    EventType.REPLACE_UNKNOWN: _REPLACE_OPEN,
    EventType.REPLACE_FAILED: _REPLACE_OPEN,
    EventType.MARKED: _ANY,
    EventType.VOIDED: _ANY,
    EventType.RESOLVED: _DOUBTFUL,
    EventType.ATTRIBUTED: (
        lambda s: not s.submitted and s.attributed_to is None and s.at_venue,
        "only an external order is attributed, once",
    ),
}


_OUTCOME_OF_REQUEST = frozenset(
    {EventType.CANCEL_UNKNOWN, EventType.CANCEL_FAILED, EventType.REPLACE_UNKNOWN, EventType.REPLACE_FAILED}
)


def check_command(order: Order, event_type: EventType, fact: LocalFact | None = None) -> None:
    """Whether the order's state allows a local event.

    Raises: IllegalTransition: it does not; nothing has been changed.
    """
    if not is_allowed(order, event_type, fact):
        raise IllegalTransition(order.order_id, order.status, event_type, ALLOWED[event_type][1])


def is_allowed(order: Order, event_type: EventType, fact: LocalFact | None = None) -> bool:
    """The same as an answer."""
    answers = event_type in _OUTCOME_OF_REQUEST and fact is not None
    return ALLOWED[event_type][0](order.state) and not (answers and own_request(order.state, fact) is None)


def own_request(state: OrderState, fact: LocalFact | None) -> OpenRequest | None:
    """The open request that a local fact is about: the one it names, else the oldest."""
    wanted = fact.request_id if fact else None
    return next((r for r in state.open_requests if wanted is None or r.request_id == wanted), None)
