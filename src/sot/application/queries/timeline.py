"""Read the story of an order: its events with what each changed, its executions, its snapshots."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any, ClassVar

import attrs

from sot.application.orders.apply import opening, reapply
from sot.application.support.paging import page_slice
from sot.domain.accounting.pnl import OrderPnl
from sot.domain.audit.known import EventPrefix
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fill import Fill
from sot.domain.orders.invalid import InvalidField, why_invalid
from sot.domain.orders.order import Order
from sot.domain.orders.state import OrderState
from sot.domain.values.copying import maker_of, quickly_made
from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import Kind
from sot.domain.values.hinted_kinds import json_kind, kind_of_pair, optional
from sot.domain.values.json_form import JsonForm, kind_of_attribute
from sot.domain.values.numbers import ZERO, plain
from sot.domain.values.vocabulary import OrderStatus
from sot.ports.paging import Page
from sot.ports.store import UnitOfWork

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


def _changes_kind() -> Kind:
    """The kind of changes: (before, after) by field of an order's state."""
    kinds = {name: optional(kind_of_attribute(OrderState, name)) for name in TIMELINE_FIELDS}
    allowed = "changes of " + ", ".join(TIMELINE_FIELDS)

    def restore(field: str, changes: Any) -> dict[str, tuple[object, object]]:
        if not isinstance(changes, Mapping) or not all(name in kinds for name in changes):
            raise InvalidInput(field, changes, allowed)
        return {name: kind_of_pair(kinds[name]).restored(f"{field}.{name}", pair) for name, pair in changes.items()}

    def schema(written: bool) -> dict[str, Any]:
        pairs = {name: kind_of_pair(kind).schema(written) for name, kind in kinds.items()}
        return {"type": "object", "properties": pairs, "additionalProperties": False}

    return json_kind(
        lambda changes: {name: kind_of_pair(kinds[name]).dumped(pair) for name, pair in changes.items()},
        restore,
        schema,
    )


CHANGES = _changes_kind()
"""What changed, as (before, after) by field."""


@quickly_made
@attrs.frozen(kw_only=True, weakref_slot=False)
class TimelineEntry(JsonForm):
    """An event, and its order after it.

    Attributes:
        changed: What the event changed, as (before, after) by field.
        invalid: What makes its report INVALID.
    """

    DERIVED: ClassVar = ("description",)

    event: OrderEvent
    status: OrderStatus
    order_quantity: Decimal | None
    cum_quantity: Decimal
    leaves_quantity: Decimal | None
    avg_price: Decimal | None
    changed: Mapping[str, tuple[object, object]]
    invalid: Sequence[InvalidField] = attrs.field(default=(), eq=tuple)

    KINDS: ClassVar = {"changed": CHANGES}

    @property
    def description(self) -> str:
        """What the event states beside its type, in a few words; empty if there is nothing."""
        invalid = [f"{one.field}: {one.reason}" for one in self.invalid]
        return ", ".join(filter(None, [describe_event(self.event), *invalid]))


_make = maker_of(TimelineEntry)

timeline_values: Callable[[OrderState], tuple[Any, ...]] = attrgetter(*TIMELINE_FIELDS)
"""The values of TIMELINE_FIELDS in a state, whose changes a timeline shows."""


def changes_of(before: Sequence[Any], after: Sequence[Any]) -> dict[str, tuple[object, object]]:
    """What differs between the `timeline_values` of two states, as (before, after) by field."""
    if before == after:
        return {}
    values = zip(TIMELINE_FIELDS, before, after, strict=True)
    return {name: (old, new) for name, old, new in values if old is not new and old != new}


def events(uow: UnitOfWork, order: Order, after: int | None, limit: int) -> Page[OrderEvent, int]:
    """A page of an order's events up to its last one, those after a sequence."""
    first = after or 0
    last = min(first + limit, order.last_sequence)
    items = uow.events.list(order.account_id, order.order_id, first, last - first) if first < last else ()
    return Page(items, last if last < order.last_sequence else None)


def timeline(uow: UnitOfWork, order: Order, after: int | None, limit: int) -> Page[TimelineEntry, int]:
    """A page of an order's events with what each changed, folded from the last kept state before them."""
    first = after or 0
    last = min(first + limit, order.last_sequence)
    entries = [entry for entry in walk_timeline(uow, order, first, last) if entry.event.sequence > first]
    return Page(entries, last if last < order.last_sequence else None)


def walk_timeline(uow: UnitOfWork, order: Order, after: int, last: int) -> Iterator[TimelineEntry]:
    """Walk the timeline up to the event `last`, from one on that is not behind the next after `after`."""
    kept = uow.states.last(order.account_id, order.order_id, EventPrefix(sequence=after)) if after else None
    start = 0 if kept is None else kept.sequence
    events = uow.events.list(order.account_id, order.order_id, start, last - start) if start < last else ()
    if not events:
        return
    state = opening(uow, order, events[0]) if kept is None else kept.state.copy()
    replayed = order.in_state(state, start)
    before = timeline_values(state)
    for event in events:
        reapply(uow, replayed, event)
        values = timeline_values(replayed.state)
        yield _entry(replayed, event, before, values)
        before = values


def _entry(order: Order, event: OrderEvent, before: Sequence[Any], after: Sequence[Any]) -> TimelineEntry:
    status, order_quantity, cum_quantity, leaves_quantity, *_ = after
    return _make(
        event=event,
        status=status,
        order_quantity=order_quantity,
        cum_quantity=cum_quantity,
        leaves_quantity=leaves_quantity,
        avg_price=order.avg_price,
        changed=changes_of(before, after),
        invalid=() if event.report is None else why_invalid(order, event.report, event.anomalies),
    )


def fills(uow: UnitOfWork, order: Order, after: int | None, limit: int) -> Page[Fill, int]:
    """A page of the executions that hold; busted ones count, and are left out."""
    versions = uow.fills.effective_versions(
        order.account_id, order.order_id, order.last_sequence, after or 0, limit + 1
    )
    page = page_slice(versions, limit, lambda fill: fill.execution)
    return Page([fill for fill in page.items if not fill.busted], page.next)


def pnl_snapshots(uow: UnitOfWork, order: Order, after: int | None, limit: int) -> Page[OrderPnl, int]:
    """A page of the recorded snapshots of profit and loss, those after a sequence."""
    snapshots = uow.pnl.list(order.account_id, order.order_id)
    later = [snapshot for snapshot in snapshots if snapshot.sequence > (after or 0)]
    return page_slice(later, limit, lambda snapshot: snapshot.sequence)


def describe_event(event: OrderEvent) -> str:
    """Describe what an event states beside its type: reason, actor, execution, the venue's text."""
    report, fact = event.report, event.fact
    parts: list[str | None] = []
    if fact is not None:
        parts += [fact.reason, f"by {fact.actor}" if fact.actor else None]
        parts += [f"at {plain(fact.mark)}" if fact.mark is not None else None]
        parts += [f"event {fact.target_sequence}" if fact.target_sequence is not None else None]
    elif report is not None:
        executed = report.last_quantity is not None and report.last_price is not None
        if executed:
            parts.append(f"{plain(report.last_quantity or ZERO)} at {plain(report.last_price or ZERO)}")
        parts += [f"reported {report.reported_status}" if report.reported_status else None, report.reason, report.text]
        parts += [f"exec {report.exec_id}" if report.exec_id else None]
    return ", ".join(part for part in parts if part)
