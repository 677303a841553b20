"""The file itself: comma-separated values (RFC 4180), one record a line."""

import csv
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import TextIO

from sot.adapters.exports.rts24.fields import FIELDS
from sot.adapters.exports.rts24.records import Record, Sources, records_of
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.order import Order
from sot.domain.values.errors import StoreDamaged
from sot.domain.values.times import utc_time
from sot.ports.audit import StoredOrder
from sot.ports.store import UnitOfWork

Progress = Callable[[str, int], None]

OWN = ("account_id", "order_id", "sequence", "event", "execution", "remark")
HEADER = (*OWN, *(f"{field.number} {field.title}" for field in FIELDS))


def write(
    uow: UnitOfWork,
    stream: TextIO,
    account_id: str | None = None,
    since: datetime | None = None,
    before: datetime | None = None,
    progress: Progress | None = None,
) -> int:
    """Write the records of all orders, or of one account's, to `stream`; gives how many.

    Only those that happened from `since` to before `before`. Orders come by account and id, and the records of an order
    in the sequence of its events; an order is read at a time, so that memory stays flat. `progress` is told ("order",
    1) for each order that was looked at. Reads only, in the caller's transaction. A file should be opened with
    `newline=""` and as UTF-8.

    Raises: InvalidInput: a time that is not aware. StoreDamaged: an order cannot be read; `verify` tells more.
    """
    since = None if since is None else utc_time("since", since)
    before = None if before is None else utc_time("before", before)
    tell = progress or (lambda what, count: None)
    lines = csv.writer(stream)
    lines.writerow(HEADER)
    sources, count = Sources(uow), 0
    for story in uow.audit.stored_orders():
        if account_id in (None, story.account_id):
            for record in _within(sources, story, since, before):
                lines.writerow(line(record))
                count += 1
            tell("order", 1)
    return count


def line(record: Record) -> list[str]:
    """A record as the cells of a line."""
    cells = [field.cell(record) for field in FIELDS]
    remarks = [record.remark, *(said for _, said in cells)]
    event = record.event
    own = [
        event.account_id,
        event.order_id,
        str(event.sequence),
        str(event.type),
        "" if record.execution is None else str(record.execution),
        "; ".join(remark for remark in remarks if remark),
    ]
    return own + [text for text, _ in cells]


def _within(sources: Sources, story: StoredOrder, since: datetime | None, before: datetime | None) -> Iterator[Record]:
    if since is not None and story.order is not None and _ended_before(story.order, since):
        return
    events = _events(story)
    assert story.order is not None
    request = story.request.request if story.request else None
    for record in records_of(sources, story.order, events, request):
        at = record.event.happened_at
        if (since is None or at >= since) and (before is None or at < before):
            yield record


def _ended_before(order: Order, since: datetime) -> bool:
    ends = [at for at in (order.state.latest_happened_at, order.updated_at) if at is not None]
    return bool(ends) and max(ends) < since


def _events(story: StoredOrder) -> list[OrderEvent]:
    """The order's events. Raises: StoreDamaged: something of it is missing or cannot be read."""
    events = [fact.value for fact in story.facts if isinstance(fact.value, OrderEvent)]
    sequences = [event.sequence for event in events]
    if story.order is None or not events or sequences != list(range(1, len(story.facts) + 1)):
        raise StoreDamaged(
            "(the caller's)", f"order {story.order_id}: its row or some of its events are missing or cannot be read"
        )
    return events
