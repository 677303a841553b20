"""Reading an order's story back."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from sot.application.paging import stretch
from sot.application.writing import opening, take_effect_again
from sot.domain.event import OrderEvent
from sot.domain.fill import Executions, Fill
from sot.domain.numbers import ZERO, plain
from sot.domain.order import Order
from sot.domain.state import OrderState
from sot.domain.vocabulary import OrderStatus
from sot.ports.records import Prefix, Stretch
from sot.ports.store import UnitOfWork

if TYPE_CHECKING:
    from sot.application.past import Past


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
        return told_of(self.event)


@attrs.frozen(kw_only=True)
class Difference:
    """How an order differs between two moments.

    `changed` gives each field that differs, as (before, after); `entries` are the events that lie between, in their
    order, each with what it changed. Where the second moment is the earlier one, they are what is not there yet.
    """

    before: Order
    after: Order
    changed: Mapping[str, tuple[object, object]]
    entries: Sequence[TimelineEntry]


_SHOWN = (
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


def _look(state: OrderState) -> dict[str, object]:
    return {name: getattr(state, name) for name in _SHOWN}


def timeline(uow: UnitOfWork, order: Order) -> Sequence[TimelineEntry]:
    """The order's events, up to its last one, with what each changed, from a fold of the facts."""
    return list(_story(uow, order, 0, order.last_sequence))


def timeline_page(uow: UnitOfWork, order: Order, after: int, limit: int) -> Stretch[TimelineEntry, int]:
    """The same of at most so many events behind a sequence, from the last state that is kept before them."""
    last = min(after + limit, order.last_sequence)
    entries = [entry for entry in _story(uow, order, after, last) if entry.event.sequence > after]
    return Stretch(entries, last if last < order.last_sequence else None)


def _story(uow: UnitOfWork, order: Order, after: int, last: int) -> Iterator[TimelineEntry]:
    """What each event changed, up to one, from one on that is no later than the next after `after`."""
    kept = uow.states.last(order.account_id, order.order_id, Prefix(sequence=after)) if after else None
    start = 0 if kept is None else kept.sequence
    events = uow.events.list(order.account_id, order.order_id, start, last - start) if start < last else ()
    if not events:
        return
    state = opening(uow, order, events[0]) if kept is None else kept.state
    told = attrs.evolve(order, state=state.copy(), last_sequence=start)
    before = _look(told.state)
    for event in events:
        take_effect_again(uow, told, event)
        after_it = _look(told.state)
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
        changed={name: (before[name], after[name]) for name in _SHOWN if before[name] != after[name]},
    )


def fills(uow: UnitOfWork, order: Order) -> Sequence[Fill]:
    """The executions that hold, busted ones left out, in the order in which they were first stated."""
    held = Executions(uow.fills.list(order.account_id, order.order_id)).latest()
    return [fill for fill in held if not fill.busted]


def fills_page(uow: UnitOfWork, order: Order, after: int, limit: int) -> Stretch[Fill, int]:
    """The same among at most so many executions behind one: fewer where some are busted."""
    found = uow.fills.holding(order.account_id, order.order_id, order.last_sequence, after, limit + 1)
    looked_at = stretch(found, limit, lambda fill: fill.execution)
    return Stretch([fill for fill in looked_at.items if not fill.busted], looked_at.next)


def difference(uow: UnitOfWork, order_id: str, before: "Past", after: "Past") -> Difference:
    """How an order differs between two moments, and by which events. Raises: NotFound."""
    one, other = before.order(order_id), after.order(order_id)
    first, last = sorted((one.last_sequence, other.last_sequence))
    later = max(one, other, key=lambda order: order.last_sequence)
    entries = [entry for entry in _story(uow, later, first, last) if entry.event.sequence > first]
    then, now = _look(one.state), _look(other.state)
    changed = {name: (then[name], now[name]) for name in _SHOWN if then[name] != now[name]}
    return Difference(before=one, after=other, changed=changed, entries=entries)


def told_of(event: OrderEvent) -> str:
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
