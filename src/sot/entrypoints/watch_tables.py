"""The tables of `sot watch`: as many rows as the terminal has room for, and more columns if it is wide."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import attrs
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from sot.domain.accounting.position import Position
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.order import Order
from sot.domain.values.numbers import ZERO
from sot.domain.values.vocabulary import EventType, Side
from sot.entrypoints.terminal import number, result, signed, status_text
from sot.entrypoints.watched import Watch

_WIDE = 110
_HEADING_LINES = 1
_TABLE_LINES = 3
"""Of each table: its title, its header, and the line that says how many more there are."""

_CLOSING = {EventType.TRADE_CORRECT: "corrected", EventType.TRADE_CANCEL: "busted"}
_SIDE_STYLES = {Side.BUY: "green", Side.SELL: "red"}

Execution = tuple[OrderEvent, Order]


@attrs.frozen
class _Column:
    name: str
    value: Callable[[Any], str | Text]
    is_number: bool = False
    is_wide: bool = False
    """Whether only a wide terminal shows it."""


def _side(side: Side | None) -> Text:
    return Text("?" if side is None else str(side), style=_SIDE_STYLES.get(side, "") if side is not None else "")


def _time(value: datetime | None) -> str:
    return "" if value is None else value.astimezone(UTC).strftime("%m-%d %H:%M:%S")


def _price(order: Order) -> str:
    """The price that the order asks for; of one without a price, the average of its executions."""
    state = order.state
    price = next((each for each in (state.limit_price, state.stop_price) if each is not None), None)
    return number(price) if price is not None else "" if order.avg_price is None else f"~{result(order.avg_price)}"


def _of_report(name: str) -> Callable[[Execution], str]:
    def value(execution: Execution) -> str:
        report = execution[0].report
        return "" if report is None else number(getattr(report, name))

    return value


def _execution_status(execution: Execution) -> Text:
    event, order = execution
    if event.anomalies:
        return Text(", ".join(event.anomalies), style="yellow")
    return Text(_CLOSING[event.type], style="yellow") if event.type in _CLOSING else status_text(order)


def _position_side(position: Position) -> Text:
    is_long = position.quantity > ZERO
    return Text("long" if is_long else "short", style=_SIDE_STYLES[Side.BUY if is_long else Side.SELL])


_ORDERS = (
    _Column("changed", lambda order: _time(order.updated_at), is_wide=True),
    _Column("account", lambda order: order.account_id, is_wide=True),
    _Column("symbol", lambda order: order.symbol),
    _Column("side", lambda order: _side(order.side)),
    _Column("quantity", lambda order: number(order.order_quantity, "?"), is_number=True),
    _Column("executed", lambda order: number(order.cum_quantity), is_number=True),
    _Column("price", _price, is_number=True),
    _Column("status", status_text),
    _Column("client order id", lambda order: order.client_order_id or order.venue_order_id or "", is_wide=True),
)
_EXECUTIONS = (
    _Column("time", lambda execution: _time(execution[0].occurred_at or execution[0].recorded_at)),
    _Column("account", lambda execution: execution[1].account_id, is_wide=True),
    _Column("symbol", lambda execution: execution[1].symbol),
    _Column("side", lambda execution: _side(execution[1].side)),
    _Column("quantity", _of_report("last_quantity"), is_number=True),
    _Column("price", _of_report("last_price"), is_number=True),
    _Column("status", _execution_status),
)
_POSITIONS = (
    _Column("account", lambda position: position.account_id, is_wide=True),
    _Column("symbol", lambda position: position.symbol),
    _Column("side", _position_side),
    _Column("quantity", lambda position: result(abs(position.quantity)), is_number=True),
    _Column("entry price", lambda position: result(position.avg_entry_price), is_number=True),
    _Column("net", lambda position: signed(position.realized_net), is_number=True),
    _Column("", lambda position: position.currency),
)


def frame(watched: Watch, width: int, height: int | None) -> RenderableType:
    """What is shown at a time.

    Args:
        watched: What there is.
        width: The columns of the terminal.
        height: The lines of the terminal; None for all rows.
    """
    parts = (
        ("Orders", _ORDERS, watched.orders),
        ("Executions", _EXECUTIONS, watched.executions),
        ("Positions", _POSITIONS, watched.positions),
    )
    rooms = row_counts([len(rows) for _, _, rows in parts], height)
    tables = [
        _table(title, columns, rows, room, width) for (title, columns, rows), room in zip(parts, rooms, strict=True)
    ]
    return Group(_heading(watched, is_live=height is not None), *tables)


def row_counts(wanted: Sequence[int], height: int | None) -> Sequence[int]:
    """How many rows of each table are shown: what one does not need, the others have.

    Args:
        wanted: How many rows each table has.
        height: The lines of the terminal; None for all rows.
    """
    if height is None:
        return wanted
    room = max(0, height - _HEADING_LINES - _TABLE_LINES * len(wanted))
    counts = [0] * len(wanted)
    while room and any(count < want for count, want in zip(counts, wanted, strict=True)):
        for place, want in enumerate(wanted):
            if room and counts[place] < want:
                counts[place] += 1
                room -= 1
    return counts


def _heading(watched: Watch, is_live: bool) -> Text:
    scope = " ".join(filter(None, (watched.account_id, watched.symbol))) or "all accounts"
    clock = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    end = "   Ctrl-C ends" if is_live else ""
    return Text.assemble(("sot watch ", "bold"), scope, (f"   {clock}{end}", "dim"), no_wrap=True)


def _table(title: str, columns: Sequence[_Column], rows: Sequence[Any], room: int, width: int) -> RenderableType:
    if not rows:
        return Text(f"{title}: none", style="bold")
    shown = [column for column in columns if width >= _WIDE or not column.is_wide]
    more = len(rows) - room
    table = Table(
        title=title,
        title_justify="left",
        title_style="bold",
        caption=f"and {more} more" if more > 0 else None,
        caption_justify="left",
        box=None,
        header_style="dim",
        pad_edge=False,
    )
    for column in shown:
        table.add_column(column.name, justify="right" if column.is_number else "left", no_wrap=True)
    for row in rows[:room]:
        table.add_row(*(column.value(row) for column in shown))
    return table
