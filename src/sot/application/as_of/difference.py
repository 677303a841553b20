"""How an order differs between two points in time."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

import attrs

from sot.application.as_of.history import PastHistory
from sot.application.queries.timeline import CHANGES, TimelineEntry, changes_of, timeline_values, walk_timeline
from sot.domain.orders.order import Order
from sot.domain.values.json_form import JsonForm
from sot.ports.store import UnitOfWork


@attrs.frozen(kw_only=True)
class Difference(JsonForm):
    """How an order differs between two points in time.

    Attributes:
        before: The order at the first point.
        after: The order at the second point.
        changed: Each field that differs, as (before, after).
        entries: The events between the two points in their order, each with what it changed. Where the second point is
            the earlier one, they are the events that are absent there.
    """

    before: Order
    after: Order
    changed: Mapping[str, tuple[object, object]]
    entries: Sequence[TimelineEntry] = attrs.field(eq=tuple)

    KINDS: ClassVar = {"changed": CHANGES}


def difference(uow: UnitOfWork, order_id: str, before: PastHistory, after: PastHistory) -> Difference:
    """Compare an order at two points in time.

    Raises:
        NotFound: There was no such order at one of them.
    """
    first, second = before.order(order_id), after.order(order_id)
    start, end = sorted((first.last_sequence, second.last_sequence))
    later = max(first, second, key=lambda order: order.last_sequence)
    entries = [entry for entry in walk_timeline(uow, later, start, end) if entry.event.sequence > start]
    changed = changes_of(timeline_values(first.state), timeline_values(second.state))
    return Difference(before=first, after=second, changed=changed, entries=entries)
