"""Finding out what became of requests whose outcome nobody recorded, by asking the venue; never by guessing."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta

import attrs

from sot.application.execution.conclude import conclude
from sot.application.execution.prepare import PreparedRequest
from sot.application.execution.reasons import reason_of
from sot.application.execution.venue_answers import check_answer_type, interpret_answer, is_premature_denial
from sot.application.orders.lookup import get_order, get_request
from sot.application.orders.reports import record
from sot.application.orders.submission import mark_outcome_unless_answered
from sot.application.support.paging import every_order
from sot.application.support.progress import Progress
from sot.application.support.retry import run_until_known
from sot.domain.orders.order import Order
from sot.domain.orders.state import OpenRequest
from sot.domain.values.errors import InvalidInput, VenueNotReached, VenueOutcomeUnknown
from sot.domain.values.vocabulary import EventType, OrderStatus, Origin
from sot.ports.orders import OrderFilter
from sot.ports.store import Store, UnitOfWork
from sot.ports.venue import FoundOrder, OrderReference, Venue, VenueCapabilities, speaks_for

_UNANSWERED = (OrderStatus.PENDING_NEW, OrderStatus.PENDING_CANCEL, OrderStatus.PENDING_REPLACE)


@attrs.frozen(kw_only=True)
class RecoveryLimits:
    """How hard to try.

    `grace`: what was sent more recently is left alone, since whoever sent it may still be recording the answer; it is
    at least the venue's time limit. `queries`: questions to the venue in all. `tries`: questions about one order, where
    they fail. `pause`: between questions.
    """

    grace: timedelta = timedelta(seconds=30)
    queries: int = 1000
    tries: int = 3
    pause: timedelta = timedelta(milliseconds=100)

    def __attrs_post_init__(self) -> None:
        for name in ("queries", "tries"):
            if getattr(self, name) < 1:
                raise InvalidInput(name, getattr(self, name), "a number of at least 1")
        for name in ("grace", "pause"):
            if getattr(self, name) < timedelta(0):
                raise InvalidInput(name, str(getattr(self, name)), "a time that is not negative")


@attrs.frozen(kw_only=True)
class UnresolvedOrder:
    """An order whose outcome is still not known, and why."""

    order_id: str
    account_id: str
    client_order_id: str | None
    status: OrderStatus
    reason: str


@attrs.define(kw_only=True)
class RecoveryResult:
    """What a recovery did: ids of orders that were `settled`, or are `too_recent` to judge; those still `in_doubt`."""

    settled: list[str] = attrs.field(factory=list)
    in_doubt: list[UnresolvedOrder] = attrs.field(factory=list)
    too_recent: list[str] = attrs.field(factory=list)
    queries: int = 0


def recover(
    store: Store,
    venue: Venue,
    account_id: str | None = None,
    limits: RecoveryLimits | None = None,
    progress: Progress | None = None,
    sleep: Callable[[float], None] = time.sleep,
) -> RecoveryResult:
    """Ask the venue about every order of ours whose submission, cancel or replacement has no answer, oldest first.

    What the venue says is recorded. That it knows no such order is an answer only as far as its capabilities make it
    one: then the request has FAILED. All else stays in doubt and is listed, for a later recovery, or for a person, who
    closes it with `OrderHistory.resolve`. May run at any time, anywhere, several at once.

    Raises: InvalidInput: the venue finds no orders.
    """
    if not venue.capabilities.finds_orders:
        raise InvalidInput("venue", venue.name, "a venue that can be asked for orders")
    asker = _Asker(store, venue, limits or RecoveryLimits(), sleep)
    for order_id in _unanswered_orders(store, venue, account_id):
        asker.settle(order_id)
        if progress is not None:
            progress("order", 1)
    return asker.result


def _unanswered_orders(store: Store, venue: Venue, account_id: str | None) -> Sequence[str]:
    wanted = OrderFilter(account_id=account_id, venue=venue.name, statuses=_UNANSWERED)

    def use_case(uow: UnitOfWork) -> list[str]:
        return [
            order.order_id
            for order in every_order(uow, wanted)
            if (_unanswered_requests(order) or _is_silent(order)) and speaks_for(venue, order.venue_account)
        ]

    return store.run(use_case, read_only=True)


def _is_silent(order: Order) -> bool:
    """Whether it was sent, and the venue has not said a word of it."""
    state = order.state
    return state.submitted and not (state.at_venue or state.ended)


def _unanswered_requests(order: Order) -> Sequence[OpenRequest]:
    """The cancels and replacements of ours that have no answer."""
    return [request for request in order.state.open_requests if request.request_id is not None]


@attrs.frozen
class _Doubt:
    """What is not known of an order: between which moments it was sent, and what to ask for."""

    order: Order
    first: datetime
    since: datetime
    references: Sequence[OrderReference]


class _Asker:
    def __init__(self, store: Store, venue: Venue, limits: RecoveryLimits, sleep: Callable[[float], None]) -> None:
        self.result = RecoveryResult()
        self._store = store
        self._venue = venue
        self._limits = limits
        self._sleep = sleep
        self._grace = max(limits.grace, venue.capabilities.time_limit)

    def settle(self, order_id: str) -> None:
        """Ask about one order, and record what the venue says."""
        doubt = self._store.run(lambda uow: _doubt_of(uow, order_id), read_only=True)
        if doubt is None:
            return
        if self._store.clock.now() - doubt.since < self._grace:
            self.result.too_recent.append(order_id)
            return
        found = self._ask(doubt)
        reason = run_until_known(self._store, lambda uow: _record(uow, self._venue.capabilities, doubt, found))
        if reason is None:
            self.result.settled.append(order_id)
        else:
            order = doubt.order
            self.result.in_doubt.append(
                UnresolvedOrder(
                    order_id=order_id,
                    account_id=order.account_id,
                    client_order_id=order.client_order_id,
                    status=order.status,
                    reason=reason,
                )
            )

    def _ask(self, doubt: _Doubt) -> FoundOrder | Exception:
        """What the venue says of the order under the first of its names that it knows."""
        found: FoundOrder | Exception = VenueOutcomeUnknown("NOT_ASKED", "the number of queries is used up")
        for reference in doubt.references:
            found = self._try(reference)
            if isinstance(found, Exception) or found.reports:
                return found
        return found

    def _try(self, reference: OrderReference) -> FoundOrder | Exception:
        error: Exception = VenueOutcomeUnknown("NOT_ASKED", "the number of queries is used up")
        for _ in range(self._limits.tries):
            if self.result.queries >= self._limits.queries:
                break
            if self.result.queries:
                self._sleep(self._limits.pause.total_seconds())
            self.result.queries += 1
            asked_at = self._store.clock.now()
            try:
                # How long ago a request was sent is told by one clock: ours, since the venue's may be minutes away.
                return attrs.evolve(check_answer_type(FoundOrder, self._venue.find(reference)), asked_at=asked_at)
            except Exception as failure:  # a question that fails is no answer, whatever it failed with
                error = failure
        return error


def _doubt_of(uow: UnitOfWork, order_id: str) -> _Doubt | None:
    order = get_order(uow, order_id)
    asked = _unanswered_requests(order)
    moments = [request.requested_at for request in asked]
    if _is_silent(order):
        events = uow.events.list(order.account_id, order_id)
        moments.append(next(event.recorded_at for event in events if event.type is EventType.SUBMITTED))
    if not moments:
        return None
    names = dict.fromkeys([order.client_order_id, *(request.client_order_id for request in asked)])
    reference = OrderReference.to(order, min(moments))
    references = [attrs.evolve(reference, client_order_id=name) for name in names if name is not None]
    return _Doubt(order.copy(), min(moments), max(moments), references or [reference])


def _record(uow: UnitOfWork, able: VenueCapabilities, doubt: _Doubt, found: FoundOrder | Exception) -> str | None:
    """Record what a venue says of an order; gives why it is still in doubt, None if it is not."""
    order = get_order(uow, doubt.order.order_id)
    if isinstance(found, FoundOrder):
        for report in found.reports:
            answer = interpret_answer(uow, order, report)
            if not is_premature_denial(order, answer, found.asked_at, able):
                record(uow, answer, Origin.RECONCILIATION)
        if not found.reports and _is_settled(able, doubt, found):
            _never_arrived(uow, order, found)
    if not (_is_silent(order) or _unanswered_requests(order)):
        return None
    why = _why(able, doubt, found)
    for request_id in _requests_of(order):
        conclude(uow, _prepared(uow, request_id, order), VenueOutcomeUnknown("IN_DOUBT", "no answer was recorded"))
    return why


def _is_settled(able: VenueCapabilities, doubt: _Doubt, found: FoundOrder) -> bool:
    """Whether "I know no such order" means that it never arrived: what arrives has, and is not forgotten yet."""
    by_name = able.client_order_ids and able.finds_by_client_order_id
    arrived = able.settled_after is not None and found.asked_at - doubt.since >= able.settled_after
    return by_name and arrived and not _may_be_forgotten(able, doubt, found)


def _may_be_forgotten(able: VenueCapabilities, doubt: _Doubt, found: FoundOrder) -> bool:
    """Whether the order may have arrived, and ended longer ago than the venue remembers."""
    return able.history is not None and found.asked_at - doubt.first > able.history


def _never_arrived(uow: UnitOfWork, order: Order, found: FoundOrder) -> None:
    """The order is not there, and never will be; what was asked for about it has failed with it.

    A replacement that is a new order may have been taken all the same: that one is asked for itself.
    """
    if not _is_silent(order) or order.request_id is None:
        return
    text = f"asked at {found.asked_at.isoformat()}, the venue knows no order {order.client_order_id}"
    reason = reason_of(VenueNotReached("NOT_AT_VENUE", text))
    about_it = [request.request_id for request in _unanswered_requests(order) if request.request_id is not None]
    mark_outcome_unless_answered(uow, order.request_id, True, reason, None)
    for request_id in about_it:
        mark_outcome_unless_answered(uow, request_id, True, reason, None, of=order.order_id)


def _requests_of(order: Order) -> Iterator[str]:
    if _is_silent(order) and order.request_id is not None and not order.state.submission_unknown:
        yield order.request_id
    for request in _unanswered_requests(order):
        if request.request_id is not None and not request.in_doubt:
            yield request.request_id


def _prepared(uow: UnitOfWork, request_id: str, order: Order) -> PreparedRequest:
    request = get_request(uow, request_id).request
    target = None if request.target_order_id is None else get_order(uow, request.target_order_id)
    return PreparedRequest(request=request, order=order, target=target, send=False)


def _why(able: VenueCapabilities, doubt: _Doubt, found: FoundOrder | Exception) -> str:
    if isinstance(found, Exception):
        return f"the venue did not answer: {reason_of(found)}"
    if found.reports:
        return "the venue knows the order, and has not answered the request yet"
    if able.settled_after is None or not (able.client_order_ids and able.finds_by_client_order_id):
        return "the venue knows no such order, which does not prove that it never arrived"
    if _may_be_forgotten(able, doubt, found):
        return "the venue knows no such order, and may have forgotten it"
    return "the venue knows no such order, which may still arrive"
