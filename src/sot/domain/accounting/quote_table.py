"""Rates of many times: the last one of a pair, the inverse pair, and two that are combined through a currency."""

from bisect import bisect_right
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

import attrs

from sot.domain.accounting.rates import Quote
from sot.domain.values.numbers import ONE, multiply, quotient

RatesByTime = Mapping[tuple[str, str], Mapping[datetime, Decimal]]
"""Rates above zero by (currency, into), and by time."""


@attrs.frozen
class _Series:
    """The rates of one pair, sorted by time."""

    times: list[datetime]
    rates: list[Decimal]

    def last(self, at: datetime, max_age: timedelta | None) -> tuple[datetime, Decimal] | None:
        """The last rate up to a time, if it is not older than `max_age`.

        Rules: QUOTE-1, QUOTE-4.
        """
        index = bisect_right(self.times, at) - 1
        if index < 0 or (max_age is not None and at - self.times[index] > max_age):
            return None
        return self.times[index], self.rates[index]


class _Found(NamedTuple):
    """A rate above zero of a pair or of its inverse, and the pair as it was quoted."""

    rate: Decimal
    quoted_at: datetime
    pair: str


class QuoteTable:
    """Rates by pair and time.

    Args:
        rates: The rates.
        via: The currency through which a rate is computed if the pair has none, e.g. EUR with the rates of a bank that
            quotes euros: USD into JPY is USD into EUR times EUR into JPY. None: nothing is computed.
        max_age: How old a rate may be; None: any age.
    """

    def __init__(self, rates: RatesByTime, *, via: str | None = None, max_age: timedelta | None = None) -> None:
        self._series = {
            pair: _Series(sorted(by_time), [by_time[time] for time in sorted(by_time)])
            for pair, by_time in rates.items()
        }
        self._via = via
        self._max_age = max_age

    @property
    def currencies(self) -> frozenset[str]:
        """The currencies that it has rates of."""
        return frozenset(currency for pair in self._series for currency in pair)

    def quote(self, currency: str, into: str, at: datetime) -> Quote | None:
        """Return the last rate up to a time: of the pair, else of the inverse pair, else through `via`.

        Rules: QUOTE-3, QUOTE-5.
        """
        direct = self._direct(currency, into, at)
        if direct is not None:
            return Quote(direct.rate, direct.quoted_at, (direct.pair,))
        if self._via is None:
            return None
        first, second = self._direct(currency, self._via, at), self._direct(self._via, into, at)
        if first is None or second is None:
            return None
        rate = quotient(multiply(first.rate, second.rate), ONE)
        oldest = min(first.quoted_at, second.quoted_at)
        return Quote(rate, oldest, (first.pair, second.pair)) if rate else None

    def _direct(self, currency: str, into: str, at: datetime) -> _Found | None:
        """The last rate of a pair, else of its inverse.

        Rules: QUOTE-2.
        """
        for pair, is_inverse in (((currency, into), False), ((into, currency), True)):
            series = self._series.get(pair)
            found = None if series is None else series.last(at, self._max_age)
            if found is not None:
                quoted_at, rate = found
                rate = quotient(ONE, rate) if is_inverse else rate
                return _Found(rate, quoted_at, "/".join(pair)) if rate else None
        return None
