"""Ranges of orders: the queries of what is stored of the orders of a range, by account and id."""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import bindparam, select, tuple_

from sot.adapters.sqlalchemy.models import OrderRow
from sot.adapters.sqlalchemy.statements import Query
from sot.adapters.sqlalchemy.types import Integer64
from sot.adapters.sqlalchemy.write_buffer import WriteBuffer
from sot.ports.audit import OrderRange

Bound = tuple[str, ...] | None


class RangedQuery:
    """A query that is sorted by some columns, of all rows or of a range of them."""

    def __init__(self, core: Any, *columns: Any) -> None:
        self._core = core
        self._columns = columns
        self._queries: dict[tuple[bool, bool], Query] = {}

    def between(self, first: Bound = None, before: Bound = None) -> Query:
        """Return the query of the rows from `first` on and before another, whose values are parameters."""
        kind = (first is not None, before is not None)
        if kind not in self._queries:
            key, conditions = tuple_(*self._columns), []
            if first is not None:
                conditions.append(key >= tuple_(*self._bound("first")))
            if before is not None:
                conditions.append(key < tuple_(*self._bound("before")))
            self._queries[kind] = Query(self._core.where(*conditions))
        return self._queries[kind]

    def _bound(self, name: str) -> list[Any]:
        return [bindparam(f"{name}_{place}", type_=column.type) for place, column in enumerate(self._columns)]

    def rows(
        self, buffer: WriteBuffer, first: Bound = None, before: Bound = None, **parameters: Any
    ) -> Iterator[Sequence[Any]]:
        """Iterate over the rows of a range as the driver returns them."""
        for name, bound in (("first", first), ("before", before)):
            parameters |= {f"{name}_{place}": value for place, value in enumerate(bound or ())}
        return buffer.stream_raw(self.between(first, before), parameters)


_KEYS = (OrderRow.account_id, OrderRow.order_id)
_KEY_AFTER = RangedQuery(select(*_KEYS).order_by(*_KEYS).limit(1).offset(bindparam("count", type_=Integer64)), *_KEYS)


def order_ranges(buffer: WriteBuffer, size: int, within: OrderRange) -> Sequence[OrderRange]:
    """Split a range into ranges of a number of orders."""
    buffer.flush()
    ranges, (first, before) = [], within
    while found := list(_KEY_AFTER.rows(buffer, first, before, count=size)):
        ((account_id, order_id),) = found
        ranges.append(OrderRange(first, (str(account_id), str(order_id))))
        first = ranges[-1].before
    return [*ranges, OrderRange(first, before)]
