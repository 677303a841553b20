"""Recovery: ask the venue about requests whose outcome was not recorded."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import attrs

from sot.application.execution.conclude import conclude
from sot.application.execution.prepare import PreparedRequest
from sot.application.execution.reasons import reason_of
from sot.application.execution.venue_answers import check_answer_type, interpret_answer, is_premature_denial
from sot.application.orders.lookup import get_order, get_request
from sot.application.orders.reports import record
from sot.application.orders.submission import mark_outcome_unless_answered
from sot.application.support.log import facts, log
from sot.application.support.paging import every_order
from sot.application.support.progress import Progress
from sot.application.support.retry import run_until_known
from sot.application.support.venue_calls import check_calls
from sot.domain.orders.order import Order
from sot.domain.orders.state import OpenRequest
from sot.domain.values.errors import InvalidInput, VenueNotReached, VenueOutcomeUnknown
from sot.domain.values.json_form import JsonForm
from sot.domain.values.vocabulary import EventType, OrderStatus, Origin
from sot.ports.observer import Fact, Operation, observer_of
from sot.ports.orders import OrderFilter
from sot.ports.store import Store, UnitOfWork
from sot.ports.venue import FoundOrder, OrderReference, Venue, VenueCapabilities, speaks_for

_UNANSWERED_STATUSES = (OrderStatus.PENDING_NEW, OrderStatus.PENDING_CANCEL, OrderStatus.PENDING_REPLACE)


@attrs.frozen(kw_only=True)
class RecoveryLimits(JsonForm):
    """The extent and the pace of a recovery.

    Attributes:
        grace: What was sent less than this ago is left alone, since its sender may still be recording the answer. It
            is at least the venue's time limit.
        queries: The largest number of queries in all.
        tries: The largest number of queries for one order, where they fail.
        pause: The time between two queries.
        wait: The longest time to wait, once, before the venue is asked again about what did not arrive. Where the
            venue's `settled_after` is longer, that stays in doubt.
    """

    grace: timedelta = timedelta(seconds=30)
    queries: int = 1000
    tries: int = 3
    pause: timedelta = timedelta(milliseconds=100)
    wait: timedelta = timedelta(minutes=10)

    def __attrs_post_init__(self) -> None:
        for name in ("queries", "tries"):
            if getattr(self, name) < 1:
                raise InvalidInput(name, getattr(self, name), "a number of at least 1")
        for name in ("grace", "pause", "wait"):
            if getattr(self, name) < timedelta(0):
                raise InvalidInput(name, str(getattr(self, name)), "a time that is not negative")


@attrs.frozen(kw_only=True)
class UnresolvedOrder(JsonForm):
    """An order whose outcome is still unknown, and the reason."""

    order_id: str
    account_id: str
    client_order_id: str | None
    status: OrderStatus
    reason: str


@attrs.define(kw_only=True)
class RecoveryResult(JsonForm):
    """The result of a recovery.

    Attributes:
        settled: The ids of the orders whose outcome is known now.
        in_doubt: The orders whose outcome is still unknown.
        too_recent: The ids of the orders that were sent too recently to ask about.
        queries: The number of queries that the venue was asked.
    """

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
    """Ask the venue about every order whose submission, cancel or replacement has no answer, oldest first.

    The venue's reports are recorded. If it knows no such order, the request is FAILED only as far as the venue's
    capabilities make that an answer, and if the venue says so again after `settled_after` was waited for: clocks may
    have jumped since the request was sent. Everything else stays in doubt and is listed, for a later recovery or for a
    person, who closes it with `OrderHistory.resolve`. Recoveries may run at any time, anywhere and several at once.

    Args:
        store: The store of the history.
        venue: The venue to ask.
        account_id: The account to recover; None means all.
        limits: The extent and the pace.
        progress: Called after each order.
        sleep: Waits for some seconds.

    Raises:
        InvalidInput: The venue cannot be asked for orders, or one of its methods is awaited.
    """
    check_calls(venue, are_awaited=False)
    if not venue.capabilities.finds_orders:
        raise InvalidInput("venue", venue.name, "a venue that can be asked for orders")
    recovery = _Recovery(store, venue, limits or RecoveryLimits(), sleep)
    with observer_of(store).observe(Operation.RECOVER, None, venue=venue.name, account_id=account_id) as observation:
        for order_id in _unanswered_orders(store, venue, account_id):
            recovery.settle(order_id)
            if progress is not None:
                progress("order", 1)
        recovery.confirm()
        counts = _counts(recovery.result)
        observation.add(**counts)
    _log_result(venue, account_id, recovery.result, counts)
    return recovery.result


def _counts(result: RecoveryResult) -> dict[str, Fact]:
    return {
        "settled": len(result.settled),
        "in_doubt": len(result.in_doubt),
        "too_recent": len(result.too_recent),
        "queries": result.queries,
    }


def _log_result(venue: Venue, account_id: str | None, result: RecoveryResult, counts: Mapping[str, Fact]) -> None:
    log.info(
        "recovery at %s: %d settled, %d in doubt, %d too recent, %d queries", venue.name, *counts.values(),
        extra=facts(account_id=account_id, venue=venue.name, **counts),
    )  # fmt: skip
    for order in result.in_doubt:
        log.warning(
            "order %s is still in doubt (%s) after %s was asked", order.order_id, order.status, venue.name,
            extra=facts(
                account_id=order.account_id, order_id=order.order_id, venue=venue.name, status=order.status
            ),
        )  # fmt: skip


def _unanswered_orders(store: Store, venue: Venue, account_id: str | None) -> Sequence[str]:
    unanswered = OrderFilter(account_id=account_id, venue=venue.name, statuses=_UNANSWERED_STATUSES)

    def use_case(uow: UnitOfWork) -> list[str]:
        return [
            order.order_id
            for order in every_order(uow, unanswered)
            if (_unanswered_requests(order) or _is_unacknowledged(order)) and speaks_for(venue, order.venue_account)
        ]

    return store.run(use_case, read_only=True)


def _is_unacknowledged(order: Order) -> bool:
    """Whether the order was sent, and there is no report about it."""
    state = order.state
    return state.submitted and not (state.at_venue or state.ended)


def _unanswered_requests(order: Order) -> Sequence[OpenRequest]:
    """The open cancels and replacements that we sent."""
    return [request for request in order.state.open_requests if request.request_id is not None]


@attrs.frozen
class _UnansweredOrder:
    """An order with unanswered requests, when the first and the last were sent, and the references to ask by."""

    order: Order
    first_sent_at: datetime
    last_sent_at: datetime
    references: Sequence[OrderReference]

    def is_contained_in(self, earlier: "_UnansweredOrder") -> bool:
        """Whether nothing is unanswered now that was not unanswered earlier."""
        now, before = ({each.request_id for each in _unanswered_requests(it.order)} for it in (self, earlier))
        return now <= before


class _Doubt(NamedTuple):
    """The reason why the outcome is unknown, and whether the same answer after a wait would end that."""

    reason: str
    ends_by_waiting: bool


class _Recovery:
    def __init__(self, store: Store, venue: Venue, limits: RecoveryLimits, sleep: Callable[[float], None]) -> None:
        self.result = RecoveryResult()
        self._store = store
        self._venue = venue
        self._limits = limits
        self._sleep = sleep
        self._grace = max(limits.grace, venue.capabilities.time_limit)
        self._delay = venue.capabilities.settled_after or timedelta(0)
        self._unconfirmed: list[_UnansweredOrder] = []

    def confirm(self) -> None:
        """Ask again about what did not arrive, once nothing that was sent before can be under way any more."""
        unconfirmed, self._unconfirmed = self._unconfirmed, []
        if unconfirmed:
            self._sleep(self._delay.total_seconds())
        for unanswered in unconfirmed:
            self.settle(unanswered.order.order_id, unanswered)

    def settle(self, order_id: str, asked_before: _UnansweredOrder | None = None) -> None:
        """Ask about one order, and record the answer.

        Args:
            order_id: The order.
            asked_before: The order as it was when it was asked about before the wait, if it was.
        """
        unanswered = self._store.run(lambda uow: _find_unanswered(uow, order_id), read_only=True)
        if unanswered is None:
            return
        # What was sent long after now was sent while a clock was ahead, and not just now.
        if abs(self._store.clock.now() - unanswered.last_sent_at) < self._grace:
            self.result.too_recent.append(order_id)
            return
        answer = self._ask(unanswered)
        has_waited = not self._delay or (asked_before is not None and unanswered.is_contained_in(asked_before))
        capabilities = self._venue.capabilities
        doubt = run_until_known(self._store, lambda uow: _record(uow, capabilities, unanswered, answer, has_waited))
        if doubt is None:
            self.result.settled.append(order_id)
        elif doubt.ends_by_waiting and asked_before is None and self._delay <= self._limits.wait:
            self._unconfirmed.append(unanswered)
        else:
            order = unanswered.order
            self.result.in_doubt.append(
                UnresolvedOrder(
                    order_id=order_id,
                    account_id=order.account_id,
                    client_order_id=order.client_order_id,
                    status=order.status,
                    reason=doubt.reason,
                )
            )

    def _ask(self, unanswered: _UnansweredOrder) -> FoundOrder | Exception:
        """The answer for the first reference that the venue knows, or that raised."""
        answer: FoundOrder | Exception = VenueOutcomeUnknown("NOT_ASKED", "the number of queries is used up")
        for reference in unanswered.references:
            answer = self._query(reference)
            if isinstance(answer, Exception) or answer.reports:
                return answer
        return answer

    def _query(self, reference: OrderReference) -> FoundOrder | Exception:
        error: Exception = VenueOutcomeUnknown("NOT_ASKED", "the number of queries is used up")
        for _ in range(self._limits.tries):
            kept_for_confirming = sum(len(unanswered.references) for unanswered in self._unconfirmed)
            if self.result.queries >= self._limits.queries - kept_for_confirming:
                break
            if self.result.queries:
                self._sleep(self._limits.pause.total_seconds())
            self.result.queries += 1
            asked_at = self._store.clock.now()
            try:
                # Our clock tells how long ago a request was sent: that of the venue may be minutes off.
                return attrs.evolve(check_answer_type(FoundOrder, self._venue.find(reference)), asked_at=asked_at)
            except Exception as failure:  # a query that raises is no answer, whatever it raised
                error = failure
        return error


def _find_unanswered(uow: UnitOfWork, order_id: str) -> _UnansweredOrder | None:
    order = get_order(uow, order_id)
    requests = _unanswered_requests(order)
    times = [request.requested_at for request in requests]
    if _is_unacknowledged(order):
        events = uow.events.list(order.account_id, order_id)
        times.append(next(event.recorded_at for event in events if event.type is EventType.SUBMITTED))
    if not times:
        return None
    names = dict.fromkeys([order.client_order_id, *(request.client_order_id for request in requests)])
    reference = OrderReference.to(order, min(times))
    references = [attrs.evolve(reference, client_order_id=name) for name in names if name is not None]
    return _UnansweredOrder(order.copy(), min(times), max(times), references or [reference])


def _record(
    uow: UnitOfWork,
    capabilities: VenueCapabilities,
    unanswered: _UnansweredOrder,
    answer: FoundOrder | Exception,
    has_waited: bool,
) -> _Doubt | None:
    """Record the answer about an order, but for what has to be confirmed after a wait.

    Returns:
        The doubt that is left, None if there is none.
    """
    order = get_order(uow, unanswered.order.order_id)
    unconfirmed = False
    if isinstance(answer, FoundOrder):
        for report in answer.reports:
            own_report = interpret_answer(uow, order, report)
            if not is_premature_denial(order, own_report, answer.asked_at, capabilities, has_waited):
                record(uow, own_report, Origin.RECONCILIATION)
            elif not is_premature_denial(order, own_report, answer.asked_at, capabilities, has_waited=True):
                unconfirmed = True
        if not answer.reports and _proves_absence(capabilities, unanswered, answer):
            unconfirmed = not has_waited
            if has_waited:
                _mark_failed(uow, order, answer)
    if not (_is_unacknowledged(order) or _unanswered_requests(order)):
        return None
    reason = (
        _UNCONFIRMED.format(capabilities.settled_after)
        if unconfirmed
        else _doubt_reason(capabilities, unanswered, answer)
    )
    for request_id in _requests_to_mark_unknown(order):
        conclude(
            uow, _prepared_request(uow, request_id, order), VenueOutcomeUnknown("IN_DOUBT", "no answer was recorded")
        )
    return _Doubt(reason, unconfirmed)


def _proves_absence(capabilities: VenueCapabilities, unanswered: _UnansweredOrder, answer: FoundOrder) -> bool:
    """Whether "no such order" proves that it never arrived: it would have arrived, and would not be forgotten yet."""
    by_name = capabilities.client_order_ids and capabilities.finds_by_client_order_id
    arrived = (
        capabilities.settled_after is not None
        and answer.asked_at - unanswered.last_sent_at >= capabilities.settled_after
    )
    return by_name and arrived and not _may_be_forgotten(capabilities, unanswered, answer)


def _may_be_forgotten(capabilities: VenueCapabilities, unanswered: _UnansweredOrder, answer: FoundOrder) -> bool:
    """Whether the order may have ended longer ago than the venue's history goes back."""
    return capabilities.history is not None and answer.asked_at - unanswered.first_sent_at > capabilities.history


def _mark_failed(uow: UnitOfWork, order: Order, answer: FoundOrder) -> None:
    """Mark an order FAILED that never arrived, and the requests about it with it.

    A replacement that makes a new order is an order of its own, which is asked about by itself.
    """
    if not _is_unacknowledged(order) or order.request_id is None:
        return
    text = f"asked at {answer.asked_at.isoformat()}, the venue knows no order {order.client_order_id}"
    reason = reason_of(VenueNotReached("NOT_AT_VENUE", text))
    request_ids = [request.request_id for request in _unanswered_requests(order) if request.request_id is not None]
    mark_outcome_unless_answered(uow, order.request_id, True, reason, None)
    for request_id in request_ids:
        mark_outcome_unless_answered(uow, request_id, True, reason, None, of=order.order_id)


def _requests_to_mark_unknown(order: Order) -> Iterator[str]:
    if _is_unacknowledged(order) and order.request_id is not None and not order.state.submission_unknown:
        yield order.request_id
    for request in _unanswered_requests(order):
        if request.request_id is not None and not request.in_doubt:
            yield request.request_id


def _prepared_request(uow: UnitOfWork, request_id: str, order: Order) -> PreparedRequest:
    request = get_request(uow, request_id).request
    target = None if request.target_order_id is None else get_order(uow, request.target_order_id)
    return PreparedRequest(request=request, order=order, target=target, send=False)


_UNCONFIRMED = "the venue shows no trace of what was sent; to ask again takes a `wait` of {}"


def _doubt_reason(capabilities: VenueCapabilities, unanswered: _UnansweredOrder, answer: FoundOrder | Exception) -> str:
    if isinstance(answer, Exception):
        return f"the venue did not answer: {reason_of(answer)}"
    if answer.reports:
        return "the venue knows the order, and has not answered the request yet"
    if capabilities.settled_after is None or not (
        capabilities.client_order_ids and capabilities.finds_by_client_order_id
    ):
        return "the venue knows no such order, which does not prove that it never arrived"
    if _may_be_forgotten(capabilities, unanswered, answer):
        return "the venue knows no such order, and may have forgotten it"
    return "the venue knows no such order, which may still arrive"
