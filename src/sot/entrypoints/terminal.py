"""How figures look in a terminal."""

import sys
from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal, localcontext

from rich.console import Console
from rich.text import Text

from sot.domain.orders.order import Order
from sot.domain.values.numbers import plain
from sot.domain.values.vocabulary import OrderStatus

_WIDTH_WITHOUT_TERMINAL = 200
_DIGITS_SHOWN = 12
_DIGITS_OF_FACTS = 18
_DIGITS_OF_RESULTS = 8
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
    return missing if value is None else _cut(value, _DIGITS_OF_FACTS, _DIGITS_SHOWN)


def value_text(value: object) -> str:
    """A value of whatever kind for the eye; empty if there is none."""
    if isinstance(value, Decimal):
        return number(value)
    return "" if value is None else str(value)


def result(value: Decimal | None) -> str:
    """A derived figure for the eye, in a narrow column: cut to 8 fraction digits, with an ellipsis."""
    return "" if value is None else _cut(value, _DIGITS_OF_RESULTS, _DIGITS_OF_RESULTS)


def _cut(value: Decimal, longest: int, digits: int) -> str:
    text = plain(value)
    if len(text.partition(".")[2]) <= longest:
        return text
    with localcontext() as context:
        context.prec = 200
        return plain(value.quantize(Decimal((0, (1,), -digits)), rounding=ROUND_HALF_EVEN)) + "…"


def signed(value: Decimal | None) -> Text:
    """A result: green above zero, red below; empty if there is none."""
    if value is None:
        return Text("")
    return Text(result(value), style="green" if value > 0 else "red" if value < 0 else "")


def amounts(values: Mapping[str, Decimal]) -> str:
    """Amounts per currency."""
    return ", ".join(f"{number(amount)} {currency}" for currency, amount in sorted(values.items())) or "none"


def short_time(value: datetime | None) -> str:
    """A time to the millisecond, in UTC."""
    return "" if value is None else value.strftime("%Y-%m-%d %H:%M:%S.") + f"{value.microsecond // 1000:03d}"


def minute(value: datetime | None) -> str:
    """A time to the minute, in UTC."""
    return "" if value is None else value.strftime("%Y-%m-%d %H:%M")


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
