"""Pages of lists."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Generic, TypeVar

import attrs

from sot.domain.values.arguments import check_fields

LARGEST_PAGE = 500

T = TypeVar("T")
K = TypeVar("K")


@attrs.frozen
class PageKey:
    """The key after which a page of a list by time and id begins: what the list is sorted by, ascending."""

    at: datetime
    id: str

    def __attrs_post_init__(self) -> None:
        check_fields(self)


@attrs.frozen
class Page(Generic[T, K]):
    """Items of a list in ascending order, and the key after which the next page begins.

    Iterating a page that a history returned goes on to the end of the list: further pages are read as they are needed,
    in the same unit of work. `items` are those of this page alone.

    Attributes:
        items: The items of this page. A page of a past moment may be short, or empty, while there are more.
        next: The key to ask for the next page with; None at the end of the list.
    """

    items: Sequence[T]
    next: K | None = None
    _read_next: "Callable[[K], Page[T, K]] | None" = attrs.field(default=None, eq=False, repr=False, alias="read_next")

    def __iter__(self) -> Iterator[T]:
        page: Page[T, K] = self
        while True:
            yield from page.items
            if page.next is None:
                return
            if page._read_next is None:
                raise TypeError("this page cannot read the next one: ask for it with `next`")
            page = page._read_next(page.next)

    def __bool__(self) -> bool:
        return any(True for _ in self)
