"""Explain in one sentence how much of an order was executed, and why not more."""

from collections.abc import Callable
from decimal import Decimal

import attrs

from sot.domain.orders.event import OrderEvent
from sot.domain.orders.order import Order
from sot.domain.orders.replay import voided
from sot.domain.orders.state import OrderState
from sot.domain.values.json_form import JsonForm
from sot.domain.values.numbers import plain, subtract
from sot.domain.values.vocabulary import Action, EventType, OrderStatus, TimeInForce
from sot.ports.store import UnitOfWork


@attrs.frozen(kw_only=True)
class Explanation(JsonForm):
    """How much of an order was executed, and why not more.

    Attributes:
        words: One sentence for people.
        sequence: The event that decided it; None if none did, or if it is not among the latest ones.
    """

    words: str
    sequence: int | None = None


_DECIDES: dict[str, tuple[EventType, OrderStatus]] = {
    "cancelled": (EventType.CANCELED, OrderStatus.CANCELED),
    "expired": (EventType.EXPIRED, OrderStatus.EXPIRED),
    "rejected": (EventType.REJECTED, OrderStatus.REJECTED),
    "failed": (EventType.FAILED, OrderStatus.FAILED),
    "done_for_day": (EventType.DONE_FOR_DAY, OrderStatus.DONE_FOR_DAY),
    "calculated": (EventType.CALCULATED, OrderStatus.CALCULATED),
    "suspended": (EventType.SUSPENDED, OrderStatus.SUSPENDED),
    "stopped": (EventType.STOPPED, OrderStatus.STOPPED),
}
"""What sets a flag of a state: an event of a type, or one that states a status."""
_CANCEL_REFUSED = (EventType.CANCEL_REJECTED, EventType.CANCEL_FAILED)
_LATEST = 100
"""How many events are looked at: little happens to an order that is over."""
_AT_ONCE = (TimeInForce.IOC, TimeInForce.FOK)


def explain(uow: UnitOfWork, order: Order) -> Explanation:
    """Explain how much of an order was executed, and why not more, from its state and its latest events."""
    story = _Story(uow, order)
    for applies, reason in _REASONS:
        if applies(order.state):
            return Explanation(words=f"{_executed(order)}{reason(story)}.", sequence=story.decided_by)
    raise AssertionError("the last reason always applies")


class _Story:
    """An order with the event that decided what became of it."""

    def __init__(self, uow: UnitOfWork, order: Order) -> None:
        first = max(0, order.last_sequence - _LATEST)
        latest = uow.events.list(order.account_id, order.order_id, first, order.last_sequence - first)
        void = voided(latest)
        self.order = order
        self.state = order.state
        self._uow = uow
        self._events = [event for event in latest if event.sequence not in void]
        self._event = self._deciding_event()

    @property
    def decided_by(self) -> int | None:
        return None if self._event is None else self._event.sequence

    def _deciding_event(self) -> OrderEvent | None:
        """The last event that says so by its type, which has the reason; else the last one that states the status."""
        flag = next((name for name in _DECIDES if getattr(self.state, name)), None)
        if flag is None or self.state.filled:
            return None
        type, status = _DECIDES[flag]
        by_type = [event for event in self._events if event.type is type]
        by_status = [event for event in self._events if _states(event, status)]
        return next(iter([*by_type[-1:], *by_status[-1:]]), None)

    @property
    def why(self) -> str:
        """The reason that the event gives, as the end of a clause."""
        event = self._event
        if event is None:
            return ""
        report = event.report
        given = event.fact.reason if event.fact is not None else None
        given = given or (report.reason or report.text if report is not None else None)
        return f" ({given})" if given else ""

    @property
    def by_whom(self) -> str:
        """Who canceled it: a person who found out, we, or the venue."""
        if self._event is None:
            return ""
        if self._event.type is EventType.RESOLVED:
            return f", as {self._event.actor or 'a person'} found out"
        asked = self._own_cancel(self._event.sequence)
        if asked is not None:
            actor = self._actor(asked)
            return " at our request" if actor is None else f" at the request of {actor}"
        if self.state.time_in_force in _AT_ONCE:
            return f" by the venue, since it is {self.state.time_in_force}: nothing of it rests in the book"
        return " by the venue, without a request of ours"

    def _own_cancel(self, before: int) -> OrderEvent | None:
        """The last cancel request of ours before an event that was not refused."""
        asked = None
        for event in self._events:
            if event.sequence >= before:
                break
            if event.type is EventType.CANCEL_REQUESTED:
                asked = event
            elif event.type in _CANCEL_REFUSED:
                asked = None
        return asked

    def _actor(self, asked: OrderEvent) -> str | None:
        """Who asked for something: whoever the event names, else whoever made its request."""
        if asked.actor is not None or asked.fact is None or asked.fact.request_id is None:
            return asked.actor
        made = self._uow.requests.get(asked.fact.request_id)
        return None if made is None else made.request.requested_by

    @property
    def before_the_venue(self) -> str:
        """Why the venue does not know it, as far as we do."""
        if self.order.request_id is None:
            return ", as far as any report says"
        return ": the venue has not answered yet" if self.state.submitted else ": the order was not sent yet"

    def of_request(self, action: Action) -> str:
        """An open request, and what is not known of it."""
        word = "cancel" if action is Action.CANCEL else "replace"
        rest = _rest(self.order)
        if any(request.in_doubt for request in self.state.requests(action)):
            return f"{rest}, and nobody knows whether a {word} request of ours arrived"
        return f"{rest}, and a {word} request has no answer yet"


def _states(event: OrderEvent, status: OrderStatus) -> bool:
    """Whether an event says that the order has a status: a polled one, or one that a person found out."""
    if event.fact is not None and event.fact.resolved_status is status:
        return True
    return event.type is EventType.ORDER_STATUS and event.report is not None and event.report.reported_status is status


def _executed(order: Order) -> str:
    """How much was executed, as the beginning of a sentence."""
    executed, ordered, more = order.cum_quantity, order.order_quantity, order.state.provisional_quantity
    of = f" of {plain(ordered)}" if ordered is not None else ""
    if not executed:
        words = f"Nothing{of} was executed"
    elif ordered is None or executed < ordered:
        words = f"{plain(executed)}{of} {_was(executed)} executed"
    elif executed > ordered:
        words = f"{plain(executed)} {_was(executed)} executed, {plain(subtract(executed, ordered))} more than ordered"
    else:
        words = f"All{of} {_was(executed)} executed"
    if more:
        words += f", and the venue reports {plain(more)} more, of which executions are missing"
    return words


def _was(quantity: Decimal) -> str:
    return "was" if quantity <= 1 else "were"


def _rest(order: Order) -> str:
    if not order.cum_quantity or not order.leaves_quantity:
        return "; the order is working"
    return f"; the other {plain(order.leaves_quantity)} {'is' if order.leaves_quantity <= 1 else 'are'} working"


def _unknown_quantity(story: _Story) -> str:
    if story.state.quote_quantity is not None:
        return f"; it was ordered for {plain(story.state.quote_quantity)} of the quote currency, and is not over yet"
    return "; how much was ordered is not known, since no report said it, nor that the order is over"


def _filled(story: _Story) -> str:
    order = story.order
    if order.order_quantity is None or order.cum_quantity >= order.order_quantity:
        return ""
    return ": the venue reported the order as filled, and nothing more is to come"


def _goes_on(story: _Story) -> str:
    return ", and the rest may execute on another day" if story.state.is_open else ": the order was for the day"


def _by_its_terms(story: _Story) -> str:
    time_in_force = story.state.time_in_force
    return f", since it was {time_in_force}" if time_in_force is not None else ""


_REASONS: tuple[tuple[Callable[[OrderState], bool], Callable[[_Story], str]], ...] = (
    (lambda state: state.attributed_to is not None, lambda story: "; it is another order in truth, and counts there"),
    (lambda state: state.filled, _filled),
    (lambda state: state.cancelled, lambda story: f" before the order was canceled{story.by_whom}{story.why}"),
    (lambda state: state.expired, lambda story: f" before the order expired{_by_its_terms(story)}{story.why}"),
    (lambda state: state.rejected, lambda story: f": the venue rejected the order{story.why}"),
    (
        lambda state: state.failed and not state.at_venue,
        lambda story: f": the order never reached the venue{story.why}",
    ),
    (lambda state: bool(state.requests(Action.CANCEL)), lambda story: story.of_request(Action.CANCEL)),
    (lambda state: bool(state.requests(Action.REPLACE)), lambda story: story.of_request(Action.REPLACE)),
    (lambda state: state.done_for_day or state.calculated, lambda story: f" when the day was over{_goes_on(story)}"),
    (lambda state: state.suspended, lambda story: f", and the venue has suspended the order{story.why}"),
    (lambda state: state.in_doubt, lambda story: "; nobody knows whether the order reached the venue"),
    (lambda state: not state.at_venue, lambda story: story.before_the_venue),
    (lambda state: state.order_quantity is None, _unknown_quantity),
    (lambda state: True, lambda story: _rest(story.order) + " at the venue"),
)
"""Why not more was executed: the first that applies."""
