"""Pages of rows that are sorted by time and id."""

import heapq
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from sot.ports.paging import Page, PageKey

T = TypeVar("T")


def page_of(
    rows: Iterable[T], key_of: Callable[[T], tuple[datetime, str]], after: PageKey | None, limit: int
) -> Page[T, PageKey]:
    """Return the first `limit` rows after a key."""
    start = None if after is None else (after.at, after.id)
    items = heapq.nsmallest(limit + 1, (row for row in rows if start is None or key_of(row) > start), key=key_of)
    has_more = len(items) > limit
    items = items[:limit]
    return Page(items, PageKey(*key_of(items[-1])) if has_more else None)
