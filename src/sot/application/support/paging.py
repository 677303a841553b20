"""Pages of lists."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

import attrs

from sot.domain.orders.order import Order
from sot.domain.values.errors import InvalidInput
from sot.ports.orders import OrderFilter
from sot.ports.paging import LARGEST_PAGE, Page, PageKey
from sot.ports.store import UnitOfWork

T = TypeVar("T")
K = TypeVar("K")

ReadPage = Callable[[K | None, int], Page[T, K]]
"""Reads a page of at most so many items after a key; None is the beginning of the list."""

PRESENT_ITEMS_PER_PAST_PAGE = 1_000
"""So many present items are looked at for one page of the past: folding an order back takes some 0.3 ms."""


def checked_limit(limit: int) -> int:
    """Check how many items are asked for at once.

    Raises:
        InvalidInput: The limit is not from 1 to 500.
    """
    if type(limit) is not int or not 1 <= limit <= LARGEST_PAGE:
        raise InvalidInput("limit", limit, f"a number from 1 to {LARGEST_PAGE}")
    return limit


def page_slice(rows: Sequence[T], limit: int, key_of: Callable[[T], K]) -> Page[T, K]:
    """A page of rows of which one more than `limit` was read, which tells whether there are more."""
    items = rows[:limit]
    return Page(items, key_of(items[-1]) if len(rows) > limit else None)


def read_page(read: ReadPage[K, T], after: K | None, limit: int) -> Page[T, K]:
    """Read a page that can be iterated to the end of its list.

    Raises:
        InvalidInput: The limit is not from 1 to 500.
    """
    page = read(after, checked_limit(limit))
    if page.next is None:
        return page
    return attrs.evolve(page, read_next=lambda key: read_page(read, key, LARGEST_PAGE))


def iterate_pages(read: ReadPage[K, T], after: K | None = None) -> Iterator[T]:
    """Iterate all items of a list after a key, page by page."""
    return iter(read_page(read, after, LARGEST_PAGE))


def full_page(read: ReadPage[K, T], after: K | None, limit: int) -> Page[T, K]:
    """Read a page that is short only if it is the last one, which a page of the past need not be.

    Raises:
        InvalidInput: The limit is not from 1 to 500.
    """
    items: list[T] = []
    missing = checked_limit(limit)
    while missing:
        page = read(after, missing)
        items += page.items
        after, missing = page.next, 0 if page.next is None else limit - len(items)
    return Page(items, after)


def past_page(
    read: ReadPage[PageKey, T],
    as_it_was: Callable[[T], T | None],
    key_of: Callable[[T], PageKey],
    after: PageKey | None,
    limit: int,
) -> Page[T, PageKey]:
    """Read a page of a list as it was at a point in time.

    Present items are looked at in their order, a thousand at most: the page may be short, or empty, while there are
    more.

    Args:
        read: Reads a page of the present list.
        as_it_was: The past version of a present item; None if there was none.
        key_of: The key of an item.
        after: The key after which the page begins.
        limit: How many items the page has at most.
    """
    items: list[T] = []
    for number, item in enumerate(iterate_pages(read, after), 1):
        past_item = as_it_was(item)
        if past_item is not None:
            if len(items) == limit:
                return Page(items, key_of(items[-1]))
            items.append(past_item)
        if number == PRESENT_ITEMS_PER_PAST_PAGE:
            return Page(items, key_of(item))
    return Page(items)


def every_order(uow: UnitOfWork, filter: OrderFilter) -> Iterator[Order]:
    """Iterate all orders that match a filter, page by page."""
    return iterate_pages(partial(uow.orders.list, filter))
