"""Pages of rows by a moment and an id."""

import re
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, and_, cast, or_
from sqlalchemy.orm import InstrumentedAttribute

from sot.adapters.sqlalchemy.types import Words
from sot.ports.records import Page, PageKey

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


def page_of(items: Sequence[T], limit: int, key_of: Callable[[T], PageKey]) -> Page[T]:
    """A page of at most `limit` of the items; one more shows that there is a next page."""
    shown = list(items[:limit])
    return Page(shown, key_of(shown[-1]) if len(items) > limit else None)
