"""Numbers and times as a page shows them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal

import attrs

from sot.application.views.values import short_number
from sot.domain.values.times import time_text

MOST_PLACES = 18


@attrs.frozen
class Amount:
    """A number, split at its decimal point, so that a column can be aligned there. Together the parts are exact.

    Attributes:
        whole: Sign and digits before the point.
        fraction: The point and the digits after it; empty for a whole number.
    """

    whole: str
    fraction: str

    def __str__(self) -> str:
        return self.whole + self.fraction

    @property
    def sign(self) -> str:
        """What it is as a result: a `gain`, a `loss`, or `nothing`."""
        text = str(self)
        return "loss" if text.startswith("-") else "gain" if text != "0" else "nothing"


def amount(value: Decimal | None) -> Amount | None:
    """Return a number as a page shows it; None for None."""
    if value is None:
        return None
    whole, point, fraction = short_number(value).partition(".")
    return Amount(whole, point + fraction)


def places(amounts: Iterable[Amount | None]) -> int:
    """Return the width of the longest fraction of a column, with its point, in characters."""
    return min(max((len(one.fraction) for one in amounts if one is not None), default=0), MOST_PLACES + 2)


def columns_with_values(rows: Iterable[object], names: Sequence[str]) -> set[str]:
    """Return which of some columns have a value in any row, so that the others need no room."""
    return {name for row in rows for name in names if getattr(row, name) is not None}


@attrs.frozen
class Moment:
    """A time: exact for machines, to the millisecond for people, both in UTC."""

    exact: str
    text: str


def moment(value: datetime | None) -> Moment | None:
    """Return a time as a page shows it; None for None."""
    if value is None:
        return None
    exact = time_text(value)
    return Moment(exact, f"{exact[:10]} {exact[11:23]}")


@attrs.frozen
class Money:
    """An amount in a currency."""

    amount: Amount
    currency: str


def moneys(amounts: Mapping[str, Decimal]) -> list[Money]:
    """Return amounts by currency as a page shows them, sorted by currency."""
    found = [(amount(value), currency) for currency, value in sorted(amounts.items())]
    return [Money(value, currency) for value, currency in found if value is not None]
