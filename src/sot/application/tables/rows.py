"""The rows of the tables that span orders: read page by page, order by order."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

import attrs

from sot.application.queries.history import HistoryQueries
from sot.application.queries.timeline import TimelineEntry
from sot.domain.orders.fill import Fill
from sot.domain.orders.order import Order
from sot.domain.orders.report import Fee
from sot.domain.values import given
from sot.domain.values.arguments import check_fields
from sot.domain.values.json_form import JsonForm
from sot.domain.values.times import is_between
from sot.ports.orders import OrderFilter
from sot.ports.paging import LARGEST_PAGE


@attrs.frozen(kw_only=True)
class FillFilter(JsonForm):
    """Which executions to read. Times are half-open; an absent field does not filter.

    Attributes:
        account_id: The account.
        venue: The venue.
        symbol: The symbol of the execution: of a leg, that of the leg.
        since: Only what happened at or after this time.
        before: Only what happened before this time.
    """

    account_id: str | None = None
    venue: str | None = None
    symbol: str | None = None
    since: datetime | None = attrs.field(default=None, converter=given.time_or_none)
    before: datetime | None = attrs.field(default=None, converter=given.time_or_none)

    def __attrs_post_init__(self) -> None:
        check_fields(self)

    def matches(self, fill: Fill) -> bool:
        """Whether an execution of an order that was looked at is one of them."""
        return self.symbol in (None, fill.symbol) and is_between(fill.happened_at, self.since, self.before)


class FeeRow(NamedTuple):
    """A fee of an execution."""

    fill: Fill
    fee: Fee


def orders(queries: HistoryQueries, filter: OrderFilter | None = None) -> Iterator[Order]:
    """Iterate the orders, oldest first."""
    yield from queries.orders(filter, limit=LARGEST_PAGE)


def events(queries: HistoryQueries, filter: OrderFilter | None = None) -> Iterator[TimelineEntry]:
    """Iterate the events of orders, order by order."""
    for order in orders(queries, filter):
        yield from queries.timeline(order.order_id, limit=LARGEST_PAGE)


def fills(queries: HistoryQueries, filter: FillFilter | None = None) -> Iterator[Fill]:
    """Iterate the executions that hold, order by order: each once, in its current version."""
    wanted = filter or FillFilter()
    # The symbol of a leg is another one than that of its order, so that it selects no order.
    for order in orders(queries, OrderFilter(account_id=wanted.account_id, venue=wanted.venue)):
        yield from (fill for fill in queries.fills(order.order_id, limit=LARGEST_PAGE) if wanted.matches(fill))


def fees(queries: HistoryQueries, filter: FillFilter | None = None) -> Iterator[FeeRow]:
    """Iterate the fees of the executions that hold."""
    for fill in fills(queries, filter):
        yield from (FeeRow(fill, fee) for fee in fill.fees)
