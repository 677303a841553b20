"""Marks of instruments and rates between currencies, which callers supply."""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

import attrs

from sot.domain.values import given
from sot.domain.values.errors import InvalidInput
from sot.domain.values.given import DecimalGiven
from sot.domain.values.instrument import Instrument
from sot.domain.values.json_form import JsonForm
from sot.domain.values.numbers import ZERO, exact_wide


class Rates(Protocol):
    """A function of the caller that returns rates between currencies."""

    def __call__(self, currency: str, into: str, at: datetime, /) -> Decimal | None:
        """Return a rate.

        Args:
            currency: The currency of the amount to convert.
            into: The currency to convert it into.
            at: The time for which the rate is needed.

        Returns:
            Units of `into` per unit of `currency`; None if the rate is not known.
        """


RatesByPair = Mapping[Any, DecimalGiven]
"""Rates by (currency, into), or by currency for every currency that it is converted into.

The type of keys is Any, since a mapping by either kind of key, or by both, is meant, and the key of `Mapping` is
invariant.
"""


class _ConversionFields(NamedTuple):
    amount: Decimal
    currency: str
    into: str
    at: datetime
    rate: Decimal
    quoted_at: datetime | None = None


class Conversion(_ConversionFields, JsonForm):
    """An amount that was valued in another currency.

    Attributes:
        amount: The amount in `currency`.
        into: The currency that it was valued in.
        at: The time for which the rate was needed.
        rate: Units of `into` per unit of `currency`.
        quoted_at: The time of the quote; None if the rate was given without one.
    """

    __slots__ = ()


class _QuoteFields(NamedTuple):
    rate: Decimal
    quoted_at: datetime | None
    pairs: tuple[str, ...]


class Quote(_QuoteFields, JsonForm):
    """A rate, and where it comes from.

    Attributes:
        rate: Units of the one currency per unit of the other.
        quoted_at: The time of the quote, which is the older one where it was computed of two; None if it has none.
        pairs: The pairs that it was computed of, as the source names them.
    """

    __slots__ = ()


QuoteFunction = Callable[[str, str, datetime], Quote | None]
"""Returns the rate of a currency into another one at a time; None if it is not known."""


def fixed_rates(rates: RatesByPair) -> Rates:
    """Create rates that are the same at all times.

    Raises:
        InvalidInput: A rate is not an exact positive number.
    """
    for pair in rates:
        if not _is_pair(pair):
            raise InvalidInput("rates", pair, "a currency, or a pair of (currency, into), as the key of each rate")
    checked = {pair: checked_rate(_pair_text(pair), rate) for pair, rate in rates.items()}

    def rate_of(currency: str, into: str, at: datetime) -> Decimal | None:
        return checked.get((currency, into), checked.get(currency))

    return rate_of


def checked_rate(pair: str, rate: object) -> Decimal:
    """Check that a rate is an exact positive number.

    Raises:
        InvalidInput: It is not.
    """
    number = exact_wide(f"rates.{pair}", rate)
    if number <= ZERO:
        raise InvalidInput(f"rates.{pair}", rate, "a number greater than zero")
    return number


def _is_pair(key: object) -> bool:
    return isinstance(key, str) or (
        isinstance(key, tuple) and len(key) == 2 and all(isinstance(currency, str) for currency in key)
    )


def _pair_text(pair: str | tuple[str, str]) -> str:
    return pair if isinstance(pair, str) else "/".join(pair)


def checked_rates(rates: "Rates | RatesByPair | None") -> Rates | None:
    """Return rates as a function that checks each rate.

    Raises:
        InvalidInput: A rate is not an exact positive number. The function raises it, too.
    """
    if rates is None:
        return None
    if isinstance(rates, Mapping):
        return fixed_rates(rates)
    function = rates

    def rate_of(currency: str, into: str, at: datetime) -> Decimal | None:
        rate = function(currency, into, at)
        return None if rate is None else checked_rate(f"{currency}/{into}", rate)

    return rate_of


@attrs.frozen
class Mark(JsonForm):
    """A price at which open units are valued.

    Attributes:
        price: Quote currency per unit.
        currency: The quote currency. If it is set, it must be that of the instrument.

    Raises:
        InvalidInput: The price is not exact.
    """

    price: Decimal = attrs.field(converter=given.decimal)
    currency: str | None = None

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "price", exact_wide("price", self.price))


def checked_mark(mark: "Mark | DecimalGiven | None", instrument: Instrument) -> Decimal:
    """Check a mark for an instrument. Prices may be zero or negative, but for inverse contracts.

    Returns:
        The price.

    Raises:
        InvalidInput: The mark is missing, inexact, in another currency than the instrument's prices, or not positive
            for an inverse contract.
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
