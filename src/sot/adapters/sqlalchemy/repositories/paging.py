"""Conditions and pages of queries that are sorted by time and id."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, cast, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.selectable import SelectBase

from sot.adapters.sqlalchemy.types import CodePointText
from sot.domain.values.identity import ids_from
from sot.ports.paging import Page, PageKey

T = TypeVar("T")
Q = TypeVar("Q", bound="Select[*tuple[Any, ...]]")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def is_uuid(text: str) -> bool:
    """Whether a text is a UUID in canonical form. No other text is an id, and PostgreSQL refuses to compare it."""
    return _UUID.fullmatch(text) is not None


def between(
    column: InstrumentedAttribute[Any], start: datetime | None, before: datetime | None
) -> Iterator[ColumnElement[bool]]:
    """The conditions that a time is in a half-open range; None sets no limit."""
    if start is not None:
        yield column >= start
    if before is not None:
        yield column < before


def with_prefix(
    column: ColumnElement[Any] | InstrumentedAttribute[Any], prefix: str | None
) -> Iterator[ColumnElement[bool]]:
    """The conditions that an id begins with the digits of a prefix, as a range that an index answers."""
    if prefix is not None:
        least, greatest = ids_from(prefix)
        yield column >= least
        yield column <= greatest


def page_query(
    query: Q,
    time: InstrumentedAttribute[Any],
    identity: InstrumentedAttribute[Any],
    after: PageKey | None,
    limit: int,
    newest_first: bool = False,
) -> Q:
    """Return the query of a page after a key, by time and id, and of one more row.

    Newest first, an index is read backwards: both columns descend.
    """
    if after is not None:
        query = query.where(_after_key(time, identity, after, newest_first))
    order = (time.desc(), identity.desc()) if newest_first else (time, identity)
    return query.order_by(*order).limit(limit + 1)


def _after_key(
    time: InstrumentedAttribute[Any], identity: InstrumentedAttribute[Any], key: PageKey, newest_first: bool
) -> ColumnElement[bool]:
    """The condition that a row comes after a page key.

    The bound of the time stands by itself: databases enter an index only at a bound that holds for all rows.
    """
    if newest_first:
        return and_(time <= key.at, or_(time < key.at, _comparable(identity, key.id) < key.id))
    return and_(time >= key.at, or_(time > key.at, after_id(identity, key.id)))


def after_id(identity: InstrumentedAttribute[Any], id: str) -> ColumnElement[bool]:
    """The condition that an id comes after another, which may be any text."""
    return _comparable(identity, id) > id


def _comparable(identity: InstrumentedAttribute[Any], id: str) -> ColumnElement[Any]:
    """An id column, as it can be compared with a text, which may be no id."""
    return identity.expression if is_uuid(id) else cast(identity, CodePointText)


def distinct(column: InstrumentedAttribute[Any], *conditions: ColumnElement[bool]) -> SelectBase:
    """A query for the few distinct values with which an index begins, each found from the one before.

    With conditions, the values of the index's next column.
    """
    values = select(func.min(column).label("value")).where(*conditions).cte("known", recursive=True)
    after = select(func.min(column)).where(*conditions, column > values.c.value).scalar_subquery()
    values = values.union_all(select(after).where(values.c.value.is_not(None)))
    return select(values.c.value).where(values.c.value.is_not(None))


def unindexed(column: InstrumentedAttribute[Any]) -> ColumnElement[Any]:
    """A text column, so that a comparison uses no index of it: another one finds fewer rows."""
    return column.concat("")


def page_of(items: Sequence[T], limit: int, key_of: Callable[[T], PageKey]) -> Page[T, PageKey]:
    """Return a page of at most `limit` items; one more item shows that there is a next page."""
    page = list(items[:limit])
    return Page(page, key_of(page[-1]) if len(items) > limit else None)
