"""Decide which of our own events the state of an order allows."""

from collections.abc import Callable, Mapping

from sot.domain.orders.event import LocalFact
from sot.domain.orders.order import Order
from sot.domain.orders.state import OpenRequest, OrderState
from sot.domain.values.errors import IllegalTransition
from sot.domain.values.vocabulary import Action, EventType

_Rule = tuple[Callable[[OrderState], bool], str]
"""The condition on the state, and the hint of the error where it does not hold."""

_UNSENT: _Rule = (
    lambda s: not (s.submitted or s.failed or s.at_venue or s.ended),
    "an order is sent once, and never after it failed or is known at the venue",
)

_SENT: _Rule = (lambda s: s.submitted and not (s.failed and not s.at_venue), "only what was sent can be in doubt")

_NOT_AT_VENUE: _Rule = (
    lambda s: not (s.failed or s.at_venue or s.ended),
    "FAILED means that it never reached the venue, and the venue has reported it or it has failed already",
)

_WORKING: _Rule = (
    lambda s: (s.submitted or s.at_venue) and not s.ended,
    "only an order that was sent and is not over can be cancelled or replaced",
)

_IN_DOUBT: _Rule = (lambda s: s.in_doubt, "there is nothing in doubt")

_ALWAYS: _Rule = (lambda s: True, "")

_CANCEL_OPEN: _Rule = (lambda s: bool(s.requests(Action.CANCEL)), "no such cancel request is open")

_REPLACE_OPEN: _Rule = (lambda s: bool(s.requests(Action.REPLACE)), "no such replace request is open")

ALLOWED: Mapping[EventType, _Rule] = {
    EventType.CREATED: (lambda s: False, "an order is created once"),
    EventType.SUBMITTED: _UNSENT,
    EventType.SUBMISSION_UNKNOWN: _SENT,
    EventType.FAILED: _NOT_AT_VENUE,
    EventType.CANCEL_REQUESTED: _WORKING,
    EventType.CANCEL_UNKNOWN: _CANCEL_OPEN,
    EventType.CANCEL_FAILED: _CANCEL_OPEN,
    EventType.REPLACE_REQUESTED: _WORKING,
    EventType.REPLACE_UNKNOWN: _REPLACE_OPEN,
    EventType.REPLACE_FAILED: _REPLACE_OPEN,
    EventType.MARKED: _ALWAYS,
    EventType.VOIDED: _ALWAYS,
    EventType.RESOLVED: _IN_DOUBT,
    EventType.ATTRIBUTED: (
        lambda s: not s.submitted and s.attributed_to is None and s.at_venue,
        "only an external order is attributed, once",
    ),
}
"""The rule of each type of our own events.

Rules: EVENT-CREATED-1, EVENT-SUBMITTED-1, EVENT-SUBMISSION_UNKNOWN-1, EVENT-FAILED-1, EVENT-CANCEL_REQUESTED-1,
EVENT-CANCEL_UNKNOWN-1, EVENT-CANCEL_FAILED-1, EVENT-REPLACE_REQUESTED-1, EVENT-REPLACE_UNKNOWN-1,
EVENT-REPLACE_FAILED-1, EVENT-MARKED-1, EVENT-RESOLVED-1, EVENT-ATTRIBUTED-1.
"""

_REQUEST_OUTCOMES = frozenset(
    {EventType.CANCEL_UNKNOWN, EventType.CANCEL_FAILED, EventType.REPLACE_UNKNOWN, EventType.REPLACE_FAILED}
)


def check_command(order: Order, event_type: EventType, fact: LocalFact | None = None) -> None:
    """Check that the state of an order allows an event of ours.

    Args:
        order: The order.
        event_type: The type of the event.
        fact: The content of the event, which may name an open request.

    Raises:
        IllegalTransition: The state does not allow it.
    """
    if not is_allowed(order, event_type, fact):
        raise IllegalTransition(order.order_id, order.status, event_type, ALLOWED[event_type][1])


def is_allowed(order: Order, event_type: EventType, fact: LocalFact | None = None) -> bool:
    """Whether the state of an order allows an event of ours; see `check_command`."""
    is_outcome = event_type in _REQUEST_OUTCOMES and fact is not None
    return ALLOWED[event_type][0](order.state) and not (is_outcome and own_request(order.state, fact) is None)


def own_request(state: OrderState, fact: LocalFact | None) -> OpenRequest | None:
    """Find the open request that an event of ours is about: the one that it names, else the oldest.

    Rules: REQUEST-3.
    """
    request_id = fact.request_id if fact else None
    return next((r for r in state.open_requests if request_id is None or r.request_id == request_id), None)
