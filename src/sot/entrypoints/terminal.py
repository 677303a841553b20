"""How figures look in a terminal."""

import sys
from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from rich.console import Console
from rich.text import Text

from sot.domain.numbers import plain
from sot.domain.order import Order
from sot.domain.vocabulary import OrderStatus

_WIDTH_WITHOUT_TERMINAL = 200
_DIGITS_SHOWN = 12
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


def console(stderr: bool = False) -> Console:
    """A console that is wide where nobody looks, so that lines can be searched in a pipe."""
    stream = sys.stderr if stderr else sys.stdout
    width = None if stream.isatty() else _WIDTH_WITHOUT_TERMINAL
    # What venues and applications call things is text, never markup.
    return Console(stderr=stderr, width=width, highlight=False, markup=False, emoji=False)


def number(value: Decimal | None, missing: str = "") -> str:
    """A number for the eye: quotients, which may have 36 digits, are cut to 12 with an ellipsis; facts are whole."""
    if value is None:
        return missing
    text = plain(value)
    if len(text.partition(".")[2]) <= 18:
        return text
    with localcontext() as context:
        context.prec = 200
        return plain(value.quantize(Decimal((0, (1,), -_DIGITS_SHOWN)), rounding=ROUND_HALF_EVEN)) + "…"


def amounts(values: Mapping[str, Decimal]) -> str:
    """Amounts per currency."""
    return ", ".join(f"{number(amount)} {currency}" for currency, amount in sorted(values.items())) or "none"


def short_time(value: datetime | None) -> str:
    """A time to the millisecond, in UTC."""
    return "" if value is None else value.strftime("%Y-%m-%d %H:%M:%S.") + f"{value.microsecond // 1000:03d}"


def status_style(status: OrderStatus) -> str:
    """The colour of a status."""
    return _STYLES.get(status, "bold")


def status_text(order: Order) -> Text:
    """The status, and a question mark while an outcome is unknown."""
    text = Text(str(order.status), style=status_style(order.status))
    if order.in_doubt:
        text.append(" ? in doubt", style="bold yellow")
    if order.state.provisional_quantity:
        text.append(f" +{number(order.state.provisional_quantity)} unproven", style="yellow")
    return text
