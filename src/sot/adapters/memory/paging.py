"""Pages of rows by a moment and an id."""

import heapq
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from sot.domain.values.position_key import PositionKey
from sot.ports.paging import Page, PageKey

T = TypeVar("T")


def page_of(
    rows: Iterable[T], key_of: Callable[[T], tuple[datetime, str]], after: PageKey | None, limit: int
) -> Page[T]:
    """The first rows behind a place, at most `limit` of them."""
    start = None if after is None else (after.at, after.id)
    items = heapq.nsmallest(limit + 1, (row for row in rows if start is None or key_of(row) > start), key=key_of)
    more = len(items) > limit
    items = items[:limit]
    return Page(items, PageKey(*key_of(items[-1])) if more else None)


def within(at: datetime, start: datetime | None, end: datetime | None) -> bool:
    """Whether a moment is in a half-open time; None sets no limit."""
    return (start is None or at >= start) and (end is None or at < end)


def is_within(key: PositionKey, account_id: str, venue: str | None, symbol: str | None) -> bool:
    """Whether a position is of this account, and of the venue and symbol that were given."""
    return key.account_id == account_id and venue in (None, key.venue) and symbol in (None, key.symbol)
