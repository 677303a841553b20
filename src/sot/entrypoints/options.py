"""Options that several commands share, and how their texts are read."""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import Annotated

import typer

from sot.domain.errors import InvalidInput
from sot.domain.fields import MOMENT, NAME, NUMBER, RATES

StoreOption = Annotated[
    str,
    typer.Option(
        "--store",
        metavar="URL",
        envvar="SOT_STORE",
        help="Where the history is kept: postgresql://..., sqlite:///orders.db, a path like orders.db, or memory.",
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print JSON: numbers as exact text, times in RFC 3339 with Z.")
]
RateOption = Annotated[
    list[str] | None,
    typer.Option(
        "--rate", metavar="CUR=RATE", help="Settlement currency per unit of a fee currency, e.g. BNB=600. Repeatable."
    ),
]


def read_name(field: str, text: str | None) -> str | None:
    """A name that was given as text. Raises: InvalidInput: empty, too long, or not encodable."""
    if text is None:
        return None
    name: str = NAME.check(field, text)
    return name


def read_time(field: str, text: str | None) -> datetime | None:
    """A time that was given as text. Raises: InvalidInput."""
    if text is None:
        return None
    moment: datetime = MOMENT.check(field, text)
    return moment


def read_number(field: str, text: str | None) -> Decimal | None:
    """A number that was given as text. Raises: InvalidInput."""
    if text is None:
        return None
    number: Decimal = NUMBER.check(field, text)
    return number


def read_rates(texts: Iterable[str] | None) -> dict[str, Decimal]:
    """Rates that were given as CUR=RATE. Raises: InvalidInput: another form, or a currency given twice."""
    rates: dict[str, str] = {}
    for text in texts or ():
        currency, equals, rate = text.partition("=")
        if not (currency and equals) or currency in rates:
            raise InvalidInput("--rate", text, "CURRENCY=RATE, each currency once")
        rates[currency] = rate
    read: dict[str, Decimal] = RATES.check("--rate", rates)
    return read
