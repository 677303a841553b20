"""The columns of the tables, derived from the fields of the values in their rows."""

from collections.abc import Callable, Collection, Iterator, Sequence
from operator import attrgetter
from typing import Any, NamedTuple

from sot.application.queries.timeline import TimelineEntry
from sot.application.views.orders import ORDER_FIELDS
from sot.domain.accounting.balances import Balance
from sot.domain.accounting.equity import EquityPoint
from sot.domain.accounting.position import Position, PositionState
from sot.domain.accounting.results import Realized
from sot.domain.orders.event import LocalFact, OrderEvent
from sot.domain.orders.fill import Fill
from sot.domain.orders.order import Order
from sot.domain.orders.report import Fee, VenueReport
from sot.domain.orders.state import OrderState
from sot.domain.values.fields import Kind
from sot.domain.values.json_form import json_fields, kind_of_attribute
from sot.domain.values.position_key import PositionKey


class Column(NamedTuple):
    """A column.

    Attributes:
        name: Its name.
        kind: The kind of its values, of which the types of formats follow.
        get: Returns its value from a row; None if that has none.
    """

    name: str
    kind: Kind
    get: Callable[[Any], Any]

    def json(self, row: Any) -> Any:
        """The value in a row as a JSON value; null if there is none."""
        return self.kind.dumped(self.get(row))


def _fields(cls: Any, through: str = "", without: Collection[str] = ()) -> Iterator[Column]:
    """The fields of the JSON form of a class, of rows that are its values or have one in the attribute `through`."""
    for field in json_fields(cls):
        if field.name not in without:
            yield Column(field.name, field.kind, attrgetter(f"{through}{field.name}"))


def _attributes(cls: Any, names: Sequence[str], through: str = "") -> Iterator[Column]:
    for name in names:
        yield Column(name, kind_of_attribute(cls, name), attrgetter(f"{through}{name}"))


def _order_columns() -> Iterator[Column]:
    own = {field.name for field in json_fields(Order)}
    for name in ORDER_FIELDS:
        yield from _attributes(*((Order, [name]) if name in own else (OrderState, [name], "state.")))


def _stated(name: str) -> Callable[[TimelineEntry], Any]:
    """Returns what an event states: the venue's report, or else the fact of ours."""

    def get(entry: TimelineEntry) -> Any:
        for source in (entry.event.report, entry.event.fact):
            value = getattr(source, name, None)
            if value is not None:
                return value
        return None

    return get


def _reported_type(entry: TimelineEntry) -> Any:
    return None if entry.event.report is None else entry.event.report.type


def _event_columns() -> Iterator[Column]:
    own = list(_fields(OrderEvent, "event.", without=("report", "fact", "content_digest", "prev_hash", "hash")))
    yield from own
    yield from _attributes(TimelineEntry, ["status", "invalid"])
    yield Column("reported_type", VenueReport.KINDS["type"], _reported_type)
    stated = {**LocalFact.KINDS, **VenueReport.KINDS}
    for name in {column.name: None for column in own}:
        stated.pop(name, None)
    for name, kind in stated.items():
        yield Column(name, kind, _stated(name))
    yield from _attributes(OrderEvent, ["prev_hash", "hash"], "event.")


_OF_A_FEE = (
    "account_id",
    "order_id",
    "execution",
    "exec_id",
    "leg",
    "venue",
    "venue_account",
    "symbol",
    "side",
    "liquidity",
    "happened_at",
)


def _fee_columns() -> Iterator[Column]:
    of_fill = {column.name: column for column in _fields(Fill, "fill.")}
    yield from (of_fill[name] for name in _OF_A_FEE)
    yield from _fields(Fee, "fee.")


def _position_columns() -> Iterator[Column]:
    key = list(_fields(PositionKey, "key."))
    yield from key
    figures = _fields(Position, without=("key", "instrument", "state", "lots", "conversions", "missing"))
    yield from (column for column in figures if column.name not in {column.name for column in key})
    yield from _attributes(PositionState, ["opened_at"], "state.")
    yield from _attributes(Position, ["missing", "lots", "conversions"])


ORDERS = tuple(_order_columns())
"""The columns of orders: the fields of their view."""

EVENTS = tuple(_event_columns())
"""The columns of events of timelines: what each states, and the order's status after it."""

FILLS = tuple(_fields(Fill))
"""The columns of executions."""

FEES = tuple(_fee_columns())
"""The columns of fees, each with its execution."""

POSITIONS = tuple(_position_columns())
"""The columns of positions."""

REALIZED = tuple(_fields(Realized))
"""The columns of realized results."""

BALANCES = tuple(_fields(Balance))
"""The columns of balances."""

EQUITY = tuple(_attributes(EquityPoint, EquityPoint._fields))
"""The columns of the equity curve."""
