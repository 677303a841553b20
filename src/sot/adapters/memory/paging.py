"""Pages of rows that are sorted by time and id."""

import heapq
import operator
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TypeVar

from sot.ports.paging import Page, PageKey

T = TypeVar("T")


def page_of(
    rows: Iterable[T],
    key_of: Callable[[T], tuple[datetime, str]],
    after: PageKey | None,
    limit: int,
    newest_first: bool = False,
) -> Page[T, PageKey]:
    """Return the first `limit` rows after a key, oldest or newest first."""
    first, follows = (heapq.nlargest, operator.lt) if newest_first else (heapq.nsmallest, operator.gt)
    start = None if after is None else (after.at, after.id)
    items = first(limit + 1, (row for row in rows if start is None or follows(key_of(row), start)), key=key_of)
    has_more = len(items) > limit
    items = items[:limit]
    return Page(items, PageKey(*key_of(items[-1])) if has_more else None)
