"""The file: comma-separated values (RFC 4180), one record a line."""

import csv
from collections.abc import Iterator
from datetime import datetime
from typing import TextIO

from sot.adapters.exports.rts24.fields import FIELDS
from sot.adapters.exports.rts24.records import Record, Sources, records_of
from sot.application.support.progress import Progress
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.order import Order
from sot.domain.values.errors import StoreDamaged
from sot.domain.values.times import utc_time
from sot.ports.audit import StoredOrder
from sot.ports.store import UnitOfWork

OWN_COLUMNS = ("account_id", "order_id", "sequence", "event", "execution", "remark")
HEADER = (*OWN_COLUMNS, *(f"{field.number} {field.title}" for field in FIELDS))
"""The first line of the file: our own columns, then the fields of the regulation."""


def write(
    uow: UnitOfWork,
    stream: TextIO,
    account_id: str | None = None,
    since: datetime | None = None,
    before: datetime | None = None,
    progress: Progress | None = None,
) -> int:
    """Write the records of orders, sorted by account, order id and sequence of events.

    It only reads, in the caller's transaction, one order at a time.

    Args:
        uow: The unit of work to read.
        stream: Where to write; open a file with `newline=""` and as UTF-8.
        account_id: Only orders of this account.
        since: Only what happened at or after this time.
        before: Only what happened before this time.
        progress: Called with ("order", 1) for each order that was read.

    Returns:
        The number of records.

    Raises:
        InvalidInput: A time is naive.
        StoreDamaged: An order cannot be read; `sot verify` says more.
    """
    since = None if since is None else utc_time("since", since)
    before = None if before is None else utc_time("before", before)
    report = progress or (lambda kind, count: None)
    lines = csv.writer(stream)
    lines.writerow(HEADER)
    sources, count = Sources(uow), 0
    for stored in uow.audit.stored_orders():
        if account_id in (None, stored.account_id):
            for record in _records_between(sources, stored, since, before):
                lines.writerow(line(record))
                count += 1
            report("order", 1)
    return count


def line(record: Record) -> list[str]:
    """The cells of a record."""
    cells = [field.cell(record) for field in FIELDS]
    remarks = [record.remark, *(remark for _, remark in cells)]
    event = record.event
    own_columns = [
        event.account_id,
        event.order_id,
        str(event.sequence),
        str(event.type),
        "" if record.execution is None else str(record.execution),
        "; ".join(remark for remark in remarks if remark),
    ]
    return own_columns + [text for text, _ in cells]


def _records_between(
    sources: Sources, stored: StoredOrder, since: datetime | None, before: datetime | None
) -> Iterator[Record]:
    if since is not None and stored.order is not None and _ended_before(stored.order, since):
        return
    events = _events(stored)
    assert stored.order is not None
    request = stored.request.request if stored.request else None
    for record in records_of(sources, stored.order, events, request):
        at = record.event.happened_at
        if (since is None or at >= since) and (before is None or at < before):
            yield record


def _ended_before(order: Order, since: datetime) -> bool:
    times = [at for at in (order.state.latest_happened_at, order.updated_at) if at is not None]
    return bool(times) and max(times) < since


def _events(stored: StoredOrder) -> list[OrderEvent]:
    """The order's events. Raises StoreDamaged if a row is missing or cannot be read."""
    events = [fact.value for fact in stored.facts if isinstance(fact.value, OrderEvent)]
    sequences = [event.sequence for event in events]
    if stored.order is None or not events or sequences != list(range(1, len(stored.facts) + 1)):
        raise StoreDamaged(
            "(the caller's)", f"order {stored.order_id}: its row or some of its events are missing or cannot be read"
        )
    return events
