"""Pages of lists."""

from collections.abc import Sequence
from datetime import datetime
from typing import Generic, TypeVar

import attrs

LARGEST_PAGE = 500


@attrs.frozen
class PageKey:
    """The place after which a page begins: what it is sorted by, ascending."""

    at: datetime
    id: str


T = TypeVar("T")


K = TypeVar("K")


@attrs.frozen
class Stretch(Generic[T, K]):
    """Some items in ascending order, and the place after which the next ones are; None at the end.

    Where items are left out, it may be short, or empty, while there are more.
    """

    items: Sequence[T]
    next: K | None = None


@attrs.frozen
class Page(Stretch[T, PageKey]):
    """A stretch of a list that is sorted by time and id. Of what there is now, only the last one is short."""
