"""Prices that callers give when they ask: marks of instruments, rates between currencies."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, Protocol

import attrs

from sot.domain.values.errors import InvalidInput
from sot.domain.values.instrument import Instrument
from sot.domain.values.numbers import ZERO, exact_wide


class Rates(Protocol):
    """A function of the caller's that knows rates between currencies at any time."""

    def __call__(self, currency: str, into: str, at: datetime, /) -> Decimal | None:
        """Units of `into` per unit of `currency` at that time; None if it is not known."""


Pairs = Mapping[str | tuple[str, str], Decimal]


class Conversion(NamedTuple):
    """An amount that was valued in another currency: by which rate, of which time."""

    amount: Decimal
    currency: str
    into: str
    at: datetime
    rate: Decimal


def fixed_rates(rates: Pairs) -> Rates:
    """Rates that hold at all times: by (currency, into), or by currency alone for whatever it is turned into.

    Raises: InvalidInput: a rate that is not an exact positive number.
    """
    held = {pair: _rate(_shown(pair), rate) for pair, rate in rates.items()}

    def rate_of(currency: str, into: str, at: datetime) -> Decimal | None:
        return held.get((currency, into), held.get(currency))

    return rate_of


def _rate(pair: str, rate: object) -> Decimal:
    number = exact_wide(f"rates.{pair}", rate)
    if number <= ZERO:
        raise InvalidInput(f"rates.{pair}", rate, "a number greater than zero")
    return number


def _shown(pair: str | tuple[str, str]) -> str:
    return pair if isinstance(pair, str) else "/".join(pair)


def checked_rates(rates: "Rates | Pairs | None") -> Rates | None:
    """Rates as a function, whose answers are checked. Raises, when asked: InvalidInput."""
    if rates is None:
        return None
    if isinstance(rates, Mapping):
        return fixed_rates(rates)
    ask = rates

    def rate_of(currency: str, into: str, at: datetime) -> Decimal | None:
        rate = ask(currency, into, at)
        return None if rate is None else _rate(f"{currency}/{into}", rate)

    return rate_of


@attrs.frozen
class Mark:
    """A price at which open quantity is valued, in quote currency per unit; `currency`, if given, is checked."""

    price: Decimal
    currency: str | None = None


def checked_mark(mark: "Mark | Decimal | None", instrument: Instrument) -> Decimal:
    """The price of a mark for an instrument.

    Raises: InvalidInput: it is missing, inexact, in another currency than the instrument's prices, or not positive for
        an inverse contract. Other prices may be zero or negative.
    """
    if mark is None:
        raise InvalidInput("mark", None, f"a price of {instrument.symbol} in {instrument.quote}")
    if isinstance(mark, Mark):
        if mark.currency not in (None, instrument.quote):
            raise InvalidInput("mark", mark.currency, f"a price of {instrument.symbol} in {instrument.quote}")
        mark = mark.price
    price = exact_wide("mark", mark)
    if instrument.inverse and price <= ZERO:
        raise InvalidInput("mark", price, "a price greater than zero for an inverse contract")
    return price
