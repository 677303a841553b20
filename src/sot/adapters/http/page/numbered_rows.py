"""Pages of rows that are computed anew for each request: the newest first, numbered in the order of time."""

from collections.abc import Sequence
from typing import Any, TypeVar

from sot.adapters.http.page.page_context import PageContext
from sot.adapters.http.pages import page_of_rows
from sot.ports.paging import Page

T = TypeVar("T")


def newest_first(rows: Sequence[T], context: PageContext) -> Page[tuple[int, T], list[Any]]:
    """Return a page of rows with their numbers, the last one first.

    A number stays the same while rows are added at the end, and so does a page.

    Args:
        rows: All rows, in the order of time.
        context: The request, which says where the page begins.
    """
    numbered = list(enumerate(rows, 1))[::-1]
    return page_of_rows(numbered, _descending, context.page_position, context.page_size)


def _descending(row: tuple[int, Any]) -> list[Any]:
    return [-row[0]]
