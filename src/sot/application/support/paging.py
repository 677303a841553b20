"""Pages of lists."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TypeVar

from sot.domain.orders.order import Order
from sot.domain.values.errors import InvalidInput
from sot.ports.orders import OrderFilter
from sot.ports.paging import LARGEST_PAGE, Page, PageKey, Stretch
from sot.ports.store import UnitOfWork

T = TypeVar("T")


K = TypeVar("K")


Ask = Callable[[PageKey | None, int], Page[T]]
"""Gives a page of at most so many, after a place."""


LOOKED_AT = 1_000
"""So many items of now are looked at for one page of then: to fold an order back takes some 0.3 ms."""


def checked_limit(limit: int) -> int:
    """How many may be asked for at once. Raises: InvalidInput: not from 1 to 500."""
    if not 1 <= limit <= LARGEST_PAGE:
        raise InvalidInput("limit", limit, f"a number from 1 to {LARGEST_PAGE}")
    return limit


def stretch(found: Sequence[T], limit: int, place: Callable[[T], K]) -> Stretch[T, K]:
    """At most so many of what was found when one more was asked for, which tells whether there is more."""
    shown = found[:limit]
    return Stretch(shown, place(shown[-1]) if len(found) > limit else None)


def iterate_pages(ask: Ask[T], after: PageKey | None = None) -> Iterator[T]:
    """All items of a list behind a place, page by page."""
    while True:
        page = ask(after, LARGEST_PAGE)
        yield from page.items
        if page.next is None:
            return
        after = page.next


def full_page(ask: Ask[T], after: PageKey | None, limit: int) -> Page[T]:
    """A page that is short only if it is the last one, which one of the past need not be.

    Raises: InvalidInput: `limit` is not from 1 to 500.
    """
    found: list[T] = []
    left = checked_limit(limit)
    while left:
        page = ask(after, left)
        found += page.items
        after, left = page.next, 0 if page.next is None else limit - len(found)
    return Page(found, after)


def past_page(
    ask: Ask[T], then: Callable[[T], T | None], place: Callable[[T], PageKey], after: PageKey | None, limit: int
) -> Page[T]:
    """A page of what there was: `then` gives an item of now as it was, None where there was none of it.

    Items that there are now are looked at, in their order, but not without end: the page may be short, or empty, while
    there are more.
    """
    found: list[T] = []
    for number, item in enumerate(iterate_pages(ask, after), 1):
        was = then(item)
        if was is not None:
            if len(found) == limit:
                return Page(found, place(found[-1]))
            found.append(was)
        if number == LOOKED_AT:
            return Page(found, place(item))
    return Page(found)


def every_order(uow: UnitOfWork, filter: OrderFilter) -> Iterator[Order]:
    """All orders that a filter lets through, page by page."""
    return iterate_pages(partial(uow.orders.list, filter))
