"""Tables and figures in a terminal."""

import os
import sys
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from sot.application.views.values import short_number, shortened
from sot.domain.orders.order import Order
from sot.domain.values.vocabulary import OrderStatus
from sot.entrypoints.fitted_table import FittedTable

_UNBROKEN = 100_000
_HEADING = 80
_RESULT_DIGITS = 8
_STYLES = {
    OrderStatus.FILLED: "green",
    OrderStatus.PARTIALLY_FILLED: "cyan",
    OrderStatus.REJECTED: "red",
    OrderStatus.FAILED: "red",
    OrderStatus.CANCELED: "dim",
    OrderStatus.EXPIRED: "dim",
    OrderStatus.PENDING_NEW: "yellow",
    OrderStatus.PENDING_CANCEL: "yellow",
    OrderStatus.PENDING_REPLACE: "yellow",
}


def console(stderr: bool = False, wide: bool = False) -> Console:
    """A console for the standard output or error.

    It is as wide as the terminal, or as the variable COLUMNS says. No line is broken with `wide`, nor outside a
    terminal unless COLUMNS is set, so that `grep` finds whole lines.
    """
    stream = sys.stderr if stderr else sys.stdout
    is_unbroken = wide or not (stream.isatty() or os.environ.get("COLUMNS", "").isdigit())
    # Names from venues and applications are text, never markup.
    return Console(stderr=stderr, width=_UNBROKEN if is_unbroken else None, highlight=False, markup=False, emoji=False)


def print_heading(screen: Console, title: str) -> None:
    """Print a title within a line, which is no longer than that of a usual terminal."""
    screen.print(Rule(title), width=min(screen.width, _HEADING))


def new_table(
    title: str, keep: Sequence[str] | None = None, ids: Sequence[str] = (), notes: Sequence[str] = ()
) -> FittedTable:
    """An empty table in the style of all tables of `sot`; see `FittedTable`."""
    return FittedTable(title, keep, ids, notes)


def number(value: Decimal | None, missing: str = "") -> str:
    """A number; fractions of more than 18 digits, which only quotients have, are shortened to 12 with an ellipsis."""
    return missing if value is None else short_number(value)


def value_text(value: object) -> str:
    """A value of any type; empty for None."""
    if isinstance(value, Decimal):
        return number(value)
    return "" if value is None else str(value)


def result(value: Decimal | None) -> str:
    """A derived figure for a narrow column; more than 8 fraction digits are shortened to 8 with an ellipsis."""
    return "" if value is None else shortened(value, _RESULT_DIGITS, _RESULT_DIGITS)


def signed(value: Decimal | None) -> Text:
    """A derived figure, green above zero and red below; empty for None."""
    if value is None:
        return Text("")
    return Text(result(value), style="green" if value > 0 else "red" if value < 0 else "")


def amounts(values: Mapping[str, Decimal]) -> str:
    """Amounts by currency."""
    return ", ".join(f"{number(amount)} {currency}" for currency, amount in sorted(values.items())) or "none"


def short_time(value: datetime | None) -> str:
    """A time to the millisecond, in UTC; empty for None."""
    return "" if value is None else value.strftime("%Y-%m-%d %H:%M:%S.") + f"{value.microsecond // 1000:03d}"


def minute(value: datetime | None) -> str:
    """A time to the minute, in UTC; empty for None."""
    return "" if value is None else value.strftime("%Y-%m-%d %H:%M")


def status_style(status: OrderStatus) -> str:
    """The colour of a status."""
    return _STYLES.get(status, "bold")


def status_text(order: Order) -> Text:
    """The status of an order, whether its outcome is in doubt, and its quantity without executions."""
    text = Text(str(order.status), style=status_style(order.status))
    if order.in_doubt:
        text.append(" ? in doubt", style="bold yellow")
    if order.state.provisional_quantity:
        text.append(f" +{number(order.state.provisional_quantity)} unproven", style="yellow")
    return text
