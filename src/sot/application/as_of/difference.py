"""How an order differs between two points in time."""

from collections.abc import Mapping, Sequence

import attrs

from sot.application.as_of.history import PastHistory
from sot.application.queries.timeline import TIMELINE_FIELDS, TimelineEntry, timeline_fields, walk_timeline
from sot.domain.orders.order import Order
from sot.ports.store import UnitOfWork


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


def difference(uow: UnitOfWork, order_id: str, before: PastHistory, after: PastHistory) -> Difference:
    """How an order differs between two moments, and by which events. Raises: NotFound."""
    one, other = before.order(order_id), after.order(order_id)
    first, last = sorted((one.last_sequence, other.last_sequence))
    later = max(one, other, key=lambda order: order.last_sequence)
    entries = [entry for entry in walk_timeline(uow, later, first, last) if entry.event.sequence > first]
    then, now = timeline_fields(one.state), timeline_fields(other.state)
    changed = {name: (then[name], now[name]) for name in TIMELINE_FIELDS if then[name] != now[name]}
    return Difference(before=one, after=other, changed=changed, entries=entries)
