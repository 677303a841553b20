"""Pages of rows by a moment and an id."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.selectable import SelectBase

from sot.adapters.sqlalchemy.types import Words
from sot.ports.paging import Page, PageKey

T = TypeVar("T")
_IDENTITY = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def is_identity(text: str) -> bool:
    """Whether it is a UUID in canonical text. Nothing is known under another id, and PostgreSQL refuses to look."""
    return _IDENTITY.fullmatch(text) is not None


def after_key(
    moment: InstrumentedAttribute[Any], identity: InstrumentedAttribute[Any], key: PageKey
) -> ColumnElement[bool]:
    """The condition that a row comes after a place.

    The moment's lower bound comes first and by itself, since an index is only entered at one that holds for all rows.
    """
    return and_(moment >= key.at, or_(moment > key.at, after_id(identity, key.id)))


def after_id(identity: InstrumentedAttribute[Any], id: str) -> ColumnElement[bool]:
    """The condition that an id comes after another, which may be any text."""
    return identity > id if is_identity(id) else cast(identity, Words) > id


def distinct(column: InstrumentedAttribute[Any], *given: ColumnElement[bool]) -> SelectBase:
    """The few values of a column that an index begins with (after what is given): each is found from the one before."""
    values = select(func.min(column).label("value")).where(*given).cte("known", recursive=True)
    after = select(func.min(column)).where(*given, column > values.c.value).scalar_subquery()
    values = values.union_all(select(after).where(values.c.value.is_not(None)))
    return select(values.c.value).where(values.c.value.is_not(None))


def beside(column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """A text for a comparison that no index is to be chosen for: what is found by another one has few rows."""
    return column.concat("")


def page_of(items: Sequence[T], limit: int, key_of: Callable[[T], PageKey]) -> Page[T]:
    """A page of at most `limit` of the items; one more shows that there is a next page."""
    shown = list(items[:limit])
    return Page(shown, key_of(shown[-1]) if len(items) > limit else None)
