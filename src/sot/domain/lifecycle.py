"""The lifecycle of an order: what each fact does to the state.

Everything an event does to an order is decided here and only here. The rules are those of FIX 4.4 volume 4, appendix D
(order state change matrices), completed for what precedes and surrounds the venue.
"""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import attrs

from sot.domain.anomalies import contradicts_order, ended_at_venue, rejects_order
from sot.domain.commands import own_request
from sot.domain.event import OrderEvent
from sot.domain.fill import Executions, Fill, first_version
from sot.domain.numbers import ZERO, add, canonical, multiply, quotient, subtract
from sot.domain.order import Order
from sot.domain.report import VenueReport
from sot.domain.state import RANK, OpenRequest, OrderState, Parked
from sot.domain.vocabulary import Action, Anomaly, EventType, OrderStatus

EventOf = Callable[[int], OrderEvent]

_OF_EXECUTIONS = frozenset({"last_quantity", "last_price", "exec_ref_id"})


def _moves_nothing(effect: "Effect", event: OrderEvent, report: VenueReport) -> bool:
    """Whether an INVALID report says nothing usable about executions; a senseless total does not spoil a good trade."""
    if Anomaly.INVALID not in event.anomalies:
        return False
    known = Anomaly.UNKNOWN_INSTRUMENT not in event.anomalies
    side_unknown = report.side is None and effect.order.side is None
    return side_unknown or bool(report.senseless() & _OF_EXECUTIONS) or contradicts_order(effect.order, report, known)


# ------------------------------------------------------------------------------------------------ effects of facts

_NO_EFFECT = frozenset({Anomaly.DUPLICATE_CONFLICT})


@attrs.define
class Effect:
    """An event at work on an order: where effects read from, and the versions of fills that they leave."""

    order: Order
    event: OrderEvent
    executions: Executions
    event_of: EventOf
    fills: list[Fill] = attrs.field(factory=list)

    @property
    def state(self) -> OrderState:
        """The facts that effects change."""
        return self.order.state

    def keep(self, fill: Fill) -> None:
        """A new version of an execution."""
        self.executions.put(fill)
        self.fills.append(fill)


def apply(order: Order, event: OrderEvent, executions: Executions, event_of: EventOf) -> list[Fill]:
    """Let an event take effect on the order's state; returns the new versions of fills.

    `executions` must know what the event refers to, and `event_of` gives an earlier event by its sequence (it is asked
    for parked ones only). The order's head (sequence, hash) is not touched. VOIDED is an effect of `replay`.
    """
    effect = Effect(order, event, executions, event_of)
    if event.report is not None and event.type in _VENUE_EFFECTS:
        _venue_says(effect, event, event.report)
    elif event.type is EventType.ATTRIBUTED:
        _attributed(effect, event)
    else:
        handler = _LOCAL_EFFECTS.get(event.type)
        if handler is not None:
            handler(effect.state, event)
    return effect.fills


def _submitted(state: OrderState, event: OrderEvent) -> None:
    state.submitted = True


def _submission_unknown(state: OrderState, event: OrderEvent) -> None:
    state.submission_unknown = True


def _failed(state: OrderState, event: OrderEvent) -> None:
    state.failed = True
    state.submission_unknown = False


def _requested(action: Action) -> Callable[[OrderState, OrderEvent], None]:
    def effect(state: OrderState, event: OrderEvent) -> None:
        fact = event.fact
        assert fact is not None
        known = next((r for r in state.open_requests if r.client_order_id == fact.client_order_id is not None), None)
        if known is not None:  # the venue's PENDING_ report was faster
            _swap(state, known, attrs.evolve(known, request_id=fact.request_id))
            return
        _open(state, OpenRequest(action, event.happened_at, fact.client_order_id, fact.request_id))

    return effect


def _request_unknown(state: OrderState, event: OrderEvent) -> None:
    request = own_request(state, event.fact)
    if request is not None:
        _swap(state, request, attrs.evolve(request, in_doubt=True))


def _request_failed(state: OrderState, event: OrderEvent) -> None:
    _close(state, own_request(state, event.fact))


def _resolved(state: OrderState, event: OrderEvent) -> None:
    state.submission_unknown = False
    state.open_requests = tuple(r for r in state.open_requests if not r.in_doubt)
    found = event.fact.resolved_status if event.fact else None
    if found is OrderStatus.FAILED:
        state.failed = True
    elif found is not None:
        _standing(state, found)
        if found is OrderStatus.FILLED:
            state.completed = True
        elif found in _END_BY_STATUS:
            _end(state, _END_BY_STATUS[found])


def _attributed(effect: Effect, event: OrderEvent) -> None:
    """An external order turned out to be another: what was executed counts there from now on."""
    state = effect.state
    for fill in effect.executions.latest():
        if not fill.busted:
            _revise(effect, fill, _next_version(effect, fill, busted=True))
    state.attributed_to = event.fact.attributed_order_id if event.fact else None
    state.reported_cum_quantity = None
    state.open_requests = ()


_LOCAL_EFFECTS: Mapping[EventType, Callable[[OrderState, OrderEvent], None]] = {
    EventType.SUBMITTED: _submitted,
    EventType.SUBMISSION_UNKNOWN: _submission_unknown,
    EventType.FAILED: _failed,
    EventType.CANCEL_REQUESTED: _requested(Action.CANCEL),
    EventType.CANCEL_UNKNOWN: _request_unknown,
    EventType.CANCEL_FAILED: _request_failed,
    EventType.REPLACE_REQUESTED: _requested(Action.REPLACE),
    EventType.REPLACE_UNKNOWN: _request_unknown,
    EventType.REPLACE_FAILED: _request_failed,
    EventType.RESOLVED: _resolved,
}


def _open(state: OrderState, request: OpenRequest) -> None:
    state.open_requests = (*state.open_requests, request)


def _swap(state: OrderState, old: OpenRequest, new: OpenRequest) -> None:
    state.open_requests = tuple(new if request is old else request for request in state.open_requests)


def _close(state: OrderState, closed: OpenRequest | None) -> None:
    if closed is not None:
        state.open_requests = tuple(request for request in state.open_requests if request is not closed)


def _venue_says(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    if not _NO_EFFECT.isdisjoint(event.anomalies):
        return
    state = effect.state
    _VENUE_EFFECTS[event.type](effect, event, report)
    if event.type is not EventType.SUPPLEMENTED:
        _word_of_the_venue(state, event, report)
        _reported_quantities(state, event.type, report)
    latest = state.last_venue_time
    if report.occurred_at is not None and event.type is not EventType.ORDER_STATUS:
        state.last_venue_time = report.occurred_at if latest is None else max(latest, report.occurred_at)
    if report.venue_order_id is not None:
        state.venue_order_id = report.venue_order_id


def _acknowledged(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    state = effect.state
    state.acknowledged = True
    if state.order_quantity is None and report.order_quantity is not None and report.order_quantity > ZERO:
        state.order_quantity = report.order_quantity


def _pending_new(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    effect.state.pending_new = True


def _rejected(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    if rejects_order(report):
        _end(effect.state, "rejected")


_END_BY_STATUS: Mapping[OrderStatus, str] = {
    OrderStatus.CANCELED: "cancelled",
    OrderStatus.EXPIRED: "expired",
    OrderStatus.REJECTED: "rejected",
}


def _end(state: OrderState, how: str) -> None:
    setattr(state, how, True)
    state.done_for_day = state.stopped = state.suspended = False
    state.open_requests = ()


def _canceled(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    _end(effect.state, "cancelled")


def _expired(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    _end(effect.state, "expired")


def _standing_flag(name: str) -> Callable[[Effect, OrderEvent, VenueReport], None]:
    def set_flag(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
        effect.state.acknowledged = True
        if not ended_at_venue(effect.state):
            setattr(effect.state, name, True)

    return set_flag


def _calculated(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    state = effect.state
    state.acknowledged = state.calculated = True
    state.done_for_day = False


def _pending_request(action: Action) -> Callable[[Effect, OrderEvent, VenueReport], None]:
    def opened(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
        state = effect.state
        known = _answered(state, action, report)
        if known is not None:
            _swap(state, known, attrs.evolve(known, in_doubt=False))
        elif not state.ended:
            _open(state, OpenRequest(action, event.happened_at, report.client_order_id))

    return opened


def _answered(state: OrderState, action: Action, report: VenueReport) -> OpenRequest | None:
    """The open request that a report answers: by its client order id, else the oldest where none can tell."""
    named = report.client_order_id
    for request in state.open_requests:
        if named is not None and request.client_order_id == named:
            return request
    unnamed = named is None or named == state.client_order_id
    candidates = (r for r in state.requests(action) if unnamed or r.client_order_id is None)
    return next(candidates, None)


def _request_rejected(action: Action) -> Callable[[Effect, OrderEvent, VenueReport], None]:
    def closed(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
        state = effect.state
        _close(state, own_request(state, event.fact) if event.fact else _answered(state, action, report))

    return closed


def _replaced(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    state = effect.state
    _close(state, _answered(state, Action.REPLACE, report))
    if report.client_order_id is not None:
        state.client_order_id = report.client_order_id
    _take_terms(state, report)


def _take_terms(state: OrderState, report: VenueReport) -> None:
    state.acknowledged = True
    state.completed = False
    if report.order_quantity is not None and report.order_quantity > ZERO:
        # FIX 4.4 matrix C.3.c: below what was executed means "stop here".
        state.order_quantity = max(report.order_quantity, state.cum_quantity)
    for name in ("limit_price", "stop_price", "time_in_force"):
        value = getattr(report, name)
        if value is not None:
            setattr(state, name, value)


def _restated(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    state = effect.state
    ratio = report.split_ratio
    if ratio is not None and ratio > ZERO:
        state.cum_quantity = canonical(multiply(state.cum_quantity, ratio))
        state.split_factor = canonical(multiply(state.split_factor, ratio))
        if state.order_quantity is not None:
            state.order_quantity = canonical(multiply(state.order_quantity, ratio))
    _take_terms(state, report)
    state.done_for_day = state.suspended = state.calculated = False


def _order_status(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    state = effect.state
    said = report.reported_status
    if said is None:
        return
    _standing(state, said)
    asked_at = event.happened_at
    state.open_requests = tuple(
        r for r in state.open_requests if not (_denies(said, r.action) and r.requested_at < asked_at)
    )
    if said is OrderStatus.REJECTED:
        _end(state, _END_BY_STATUS[said])


def _standing(state: OrderState, said: OrderStatus) -> None:
    """What a status alone establishes: that the order is known at the venue."""
    if said is OrderStatus.PENDING_NEW:
        state.pending_new = True
    elif said not in (OrderStatus.REJECTED, OrderStatus.CREATED, OrderStatus.FAILED):
        state.acknowledged = True


def _denies(said: OrderStatus, action: Action) -> bool:
    """A status of lower precedence is only reported when nothing of a higher one stands (FIX order of precedence)."""
    pending = OrderStatus.PENDING_CANCEL if action is Action.CANCEL else OrderStatus.PENDING_REPLACE
    return RANK[said] > RANK[pending]


_SPEAKS_OF_THE_ORDER = frozenset(
    {
        EventType.NEW,
        EventType.TRADE,
        EventType.TRADE_CORRECT,
        EventType.TRADE_CANCEL,
        EventType.REPLACED,
        EventType.RESTATED,
        EventType.ORDER_STATUS,
        EventType.CANCEL_REJECTED,
        EventType.REPLACE_REJECTED,
    }
)


def _word_of_the_venue(state: OrderState, event: OrderEvent, report: VenueReport) -> None:
    """What the reported status adds to the event: completion, an end, the end of a suspension."""
    said = report.reported_status
    if said is None or event.type not in _SPEAKS_OF_THE_ORDER:
        return
    nothing_left = report.leaves_quantity is None or (report.leaves_quantity == ZERO)
    if said is OrderStatus.FILLED and nothing_left:
        state.completed = True
    elif said is OrderStatus.CANCELED or said is OrderStatus.EXPIRED:
        _end(state, _END_BY_STATUS[said])
    if RANK[said] > RANK[OrderStatus.SUSPENDED]:
        state.suspended = False


_RESETS_CUM = frozenset(
    {EventType.TRADE_CORRECT, EventType.TRADE_CANCEL, EventType.RESTATED, EventType.REPLACED, EventType.ORDER_STATUS}
)


def _reported_quantities(state: OrderState, event_type: EventType, report: VenueReport) -> None:
    """Remember the cumulative quantity that the venue states, for what it exceeds the executions by."""
    said = report.cum_quantity
    if said is not None and said < ZERO:
        said = None
    before = state.reported_cum_quantity
    if event_type in _RESETS_CUM:
        if said is not None or event_type is not EventType.ORDER_STATUS:
            state.reported_cum_quantity, state.reported_avg_price = said, report.avg_price
    elif said is not None and (before is None or said >= before):
        state.reported_cum_quantity = said
        if report.avg_price is not None:
            state.reported_avg_price = report.avg_price
    stated = state.reported_cum_quantity
    if stated == state.cum_quantity or (stated is not None and stated < state.cum_quantity and said is None):
        state.reported_cum_quantity = state.reported_avg_price = None


# ---------------------------------------------------------------------------------------------------- executions


def _trade(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    state, order = effect.state, effect.order
    _acknowledged(effect, event, report)
    if state.resting_overnight:
        state.done_for_day = state.calculated = False
    side = report.side or order.side
    if side is None or _moves_nothing(effect, event, report):
        return
    fill = first_version(event, report, effect.event.sequence, order, side, state.split_factor)
    _count(state, fill, add)
    effect.keep(fill)
    _unpark(effect, report)


_Change = Callable[[Decimal, Decimal], Decimal]


def _count(state: OrderState, fill: Fill, change: _Change) -> None:
    """Add an execution to the order's quantities, or subtract it, in the units that hold after all splits."""
    if not fill.counts:
        return
    quantity = fill.quantity
    if fill.split_factor != state.split_factor:
        quantity = quotient(multiply(quantity, state.split_factor), fill.split_factor)
    state.cum_quantity = canonical(change(state.cum_quantity, quantity))
    state.notional = canonical(change(state.notional, multiply(fill.quantity, fill.price)))


def _revise(effect: Effect, old: Fill, new: Fill) -> None:
    _count(effect.state, old, subtract)
    _count(effect.state, new, add)
    effect.keep(new)


def _next_version(effect: Effect, old: Fill, **changes: Any) -> Fill:
    return old.changed(version=old.version + 1, sequence=effect.event.sequence, **changes)


def _trade_correct(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    old = _referenced(effect, event, report)
    if old is None:
        return
    new = _next_version(
        effect,
        old,
        quantity=report.last_quantity,
        price=report.last_price,
        busted=False,
        exec_id=report.exec_id or old.exec_id,
        fees=report.fees or old.fees,
        liquidity=report.liquidity or old.liquidity,
        split_factor=effect.state.split_factor,
    )
    _revise(effect, old, new)
    _unpark(effect, report)


def _trade_cancel(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    old = _referenced(effect, event, report)
    if old is not None:
        _revise(effect, old, _next_version(effect, old, busted=True))


def _referenced(effect: Effect, event: OrderEvent, report: VenueReport) -> Fill | None:
    """The execution that a correction or bust refers to; if it is not known yet, the event is parked."""
    state = effect.state
    state.acknowledged = True
    state.completed = False
    if report.exec_ref_id is None or _moves_nothing(effect, event, report):
        return None
    old = effect.executions.find(report.exec_ref_id, report.leg)
    if old is None:
        state.parked = (*state.parked, Parked(report.exec_ref_id, report.leg, event.sequence))
    return old


def _unpark(effect: Effect, report: VenueReport) -> None:
    """Let what waited for this execution take effect now."""
    state = effect.state
    if report.exec_id is None or not state.parked:
        return
    due = [p for p in state.parked if (p.exec_ref_id, p.leg) == (report.exec_id, report.leg)]
    state.parked = tuple(p for p in state.parked if p not in due)
    for parked in due:
        event = effect.event_of(parked.sequence)
        assert event.report is not None
        _VENUE_EFFECTS[event.type](effect, event, event.report)


def _supplemented(effect: Effect, event: OrderEvent, report: VenueReport) -> None:
    """Fees, liquidity and ids that an earlier report of the execution left out."""
    named = report.exec_ref_id if report.type is EventType.SUPPLEMENTED and report.exec_ref_id else report.exec_id
    if named is None:
        return
    old = effect.executions.find(named, report.leg)
    if old is None:
        if Anomaly.UNKNOWN_REFERENCE in event.anomalies:
            effect.state.parked = (*effect.state.parked, Parked(named, report.leg, event.sequence))
        return
    completed = old.changed(
        fees=old.fees or report.fees,
        liquidity=old.liquidity or report.liquidity,
        venue_order_id=old.venue_order_id or report.venue_order_id,
        occurred_at=old.occurred_at or report.occurred_at,
        venue_time_ns=old.venue_time_ns if old.venue_time_ns is not None else report.venue_time_ns,
        reporting_type=old.reporting_type or report.reporting_type,
    )
    if completed != old:
        _revise(effect, old, _next_version(effect, completed))


_VENUE_EFFECTS: Mapping[EventType, Callable[[Effect, OrderEvent, VenueReport], None]] = {
    EventType.PENDING_NEW: _pending_new,
    EventType.NEW: _acknowledged,
    EventType.REJECTED: _rejected,
    EventType.TRADE: _trade,
    EventType.TRADE_CORRECT: _trade_correct,
    EventType.TRADE_CANCEL: _trade_cancel,
    EventType.SUPPLEMENTED: _supplemented,
    EventType.PENDING_CANCEL: _pending_request(Action.CANCEL),
    EventType.CANCELED: _canceled,
    EventType.CANCEL_REJECTED: _request_rejected(Action.CANCEL),
    EventType.PENDING_REPLACE: _pending_request(Action.REPLACE),
    EventType.REPLACED: _replaced,
    EventType.REPLACE_REJECTED: _request_rejected(Action.REPLACE),
    EventType.RESTATED: _restated,
    EventType.TRIGGERED: _standing_flag("triggered"),
    EventType.STOPPED: _standing_flag("stopped"),
    EventType.SUSPENDED: _standing_flag("suspended"),
    EventType.EXPIRED: _expired,
    EventType.DONE_FOR_DAY: _standing_flag("done_for_day"),
    EventType.CALCULATED: _calculated,
    EventType.ORDER_STATUS: _order_status,
}


def moves_executions(event_type: EventType) -> bool:
    """Whether an event refers to earlier executions, so that these must be read before it is applied."""
    return event_type in _MOVE_EXECUTIONS


_MOVE_EXECUTIONS = frozenset(
    (EventType.TRADE_CORRECT, EventType.TRADE_CANCEL, EventType.SUPPLEMENTED, EventType.ATTRIBUTED)
)
