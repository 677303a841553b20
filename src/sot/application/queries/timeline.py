"""Reading an order's story back."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

import attrs

from sot.application.orders.apply import opening, reapply
from sot.application.support.paging import stretch
from sot.domain.audit.known import EventPrefix
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fill import Executions, Fill
from sot.domain.orders.order import Order
from sot.domain.orders.state import OrderState
from sot.domain.values.numbers import ZERO, plain
from sot.domain.values.vocabulary import OrderStatus
from sot.ports.paging import Stretch
from sot.ports.store import UnitOfWork


@attrs.frozen(kw_only=True)
class TimelineEntry:
    """One event, and the order after it; `changed` gives what it changed, as (before, after) by field."""

    event: OrderEvent
    status: OrderStatus
    order_quantity: Decimal | None
    cum_quantity: Decimal
    leaves_quantity: Decimal | None
    avg_price: Decimal | None
    changed: Mapping[str, tuple[object, object]]

    @property
    def why(self) -> str:
        """What was said about it: the reason, by whom, the execution, the venue's text; empty if nothing was."""
        return describe_event(self.event)


TIMELINE_FIELDS = (
    "status",
    "order_quantity",
    "cum_quantity",
    "leaves_quantity",
    "limit_price",
    "stop_price",
    "client_order_id",
    "venue_order_id",
    "provisional_quantity",
    "in_doubt",
)


def timeline_fields(state: OrderState) -> dict[str, object]:
    """The fields of an order whose changes a timeline shows."""
    return {name: getattr(state, name) for name in TIMELINE_FIELDS}


def timeline(uow: UnitOfWork, order: Order) -> Sequence[TimelineEntry]:
    """The order's events, up to its last one, with what each changed, from a fold of the facts."""
    return list(walk_timeline(uow, order, 0, order.last_sequence))


def timeline_page(uow: UnitOfWork, order: Order, after: int, limit: int) -> Stretch[TimelineEntry, int]:
    """The same of at most so many events behind a sequence, from the last state that is kept before them."""
    last = min(after + limit, order.last_sequence)
    entries = [entry for entry in walk_timeline(uow, order, after, last) if entry.event.sequence > after]
    return Stretch(entries, last if last < order.last_sequence else None)


def walk_timeline(uow: UnitOfWork, order: Order, after: int, last: int) -> Iterator[TimelineEntry]:
    """What each event changed, up to one, from one on that is no later than the next after `after`."""
    kept = uow.states.last(order.account_id, order.order_id, EventPrefix(sequence=after)) if after else None
    start = 0 if kept is None else kept.sequence
    events = uow.events.list(order.account_id, order.order_id, start, last - start) if start < last else ()
    if not events:
        return
    state = opening(uow, order, events[0]) if kept is None else kept.state
    told = attrs.evolve(order, state=state.copy(), last_sequence=start)
    before = timeline_fields(told.state)
    for event in events:
        reapply(uow, told, event)
        after_it = timeline_fields(told.state)
        yield _entry(told, event, before, after_it)
        before = after_it


def _entry(told: Order, event: OrderEvent, before: dict[str, object], after: dict[str, object]) -> TimelineEntry:
    return TimelineEntry(
        event=event,
        status=told.status,
        order_quantity=told.order_quantity,
        cum_quantity=told.cum_quantity,
        leaves_quantity=told.leaves_quantity,
        avg_price=told.avg_price,
        changed={name: (before[name], after[name]) for name in TIMELINE_FIELDS if before[name] != after[name]},
    )


def fills(uow: UnitOfWork, order: Order) -> Sequence[Fill]:
    """The executions that hold, busted ones left out, in the order in which they were first stated."""
    held = Executions(uow.fills.list(order.account_id, order.order_id)).latest()
    return [fill for fill in held if not fill.busted]


def fills_page(uow: UnitOfWork, order: Order, after: int, limit: int) -> Stretch[Fill, int]:
    """The same among at most so many executions behind one: fewer where some are busted."""
    found = uow.fills.effective_versions(order.account_id, order.order_id, order.last_sequence, after, limit + 1)
    looked_at = stretch(found, limit, lambda fill: fill.execution)
    return Stretch([fill for fill in looked_at.items if not fill.busted], looked_at.next)


def describe_event(event: OrderEvent) -> str:
    """What an event says beside its type, in a few words."""
    report, fact = event.report, event.fact
    said: list[str | None] = []
    if fact is not None:
        said += [fact.reason, f"by {fact.actor}" if fact.actor else None]
        said += [f"at {plain(fact.mark)}" if fact.mark is not None else None]
        said += [f"event {fact.target_sequence}" if fact.target_sequence is not None else None]
    elif report is not None:
        executed = report.last_quantity is not None and report.last_price is not None
        if executed:
            said.append(f"{plain(report.last_quantity or ZERO)} at {plain(report.last_price or ZERO)}")
        said += [f"reported {report.reported_status}" if report.reported_status else None, report.reason, report.text]
        said += [f"exec {report.exec_id}" if report.exec_id else None]
    return ", ".join(word for word in said if word)
