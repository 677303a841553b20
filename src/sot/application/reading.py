"""Reading an order's story back."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

import attrs

from sot.application.writing import opening
from sot.domain.event import OrderEvent
from sot.domain.fill import Executions, Fill
from sot.domain.numbers import ZERO, plain
from sot.domain.order import Order
from sot.domain.replay import advance
from sot.domain.state import OrderState
from sot.domain.vocabulary import OrderStatus
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
    events = uow.events.list(order.account_id, order.order_id, 0, order.last_sequence)
    start = opening(uow, order, events[0])
    told = attrs.evolve(order, state=start.copy(), last_sequence=0)
    executions = Executions()
    entries = []
    before = _look(told.state)
    for event in events:
        advance(told, start, events, executions, event)
        after = _look(told.state)
        changed = {name: (before[name], after[name]) for name in _SHOWN if before[name] != after[name]}
        entries.append(
            TimelineEntry(
                event=event,
                status=told.status,
                order_quantity=told.order_quantity,
                cum_quantity=told.cum_quantity,
                leaves_quantity=told.leaves_quantity,
                avg_price=told.avg_price,
                changed=changed,
            )
        )
        before = after
    return entries


def fills(uow: UnitOfWork, order: Order) -> Sequence[Fill]:
    """The executions that hold, busted ones left out, in the order in which they were first stated."""
    held = Executions(uow.fills.list(order.account_id, order.order_id)).latest()
    return [fill for fill in held if not fill.busted]


def difference(uow: UnitOfWork, order_id: str, before: "Past", after: "Past") -> Difference:
    """How an order differs between two moments, and by which events. Raises: NotFound."""
    one, other = before.order(order_id), after.order(order_id)
    first, last = sorted((one.last_sequence, other.last_sequence))
    later = max(one, other, key=lambda order: order.last_sequence)
    entries = [entry for entry in timeline(uow, later) if first < entry.event.sequence <= last]
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
