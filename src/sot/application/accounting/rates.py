"""Rates of callers: from a mapping, a function or a source, with the time of each quote."""

from collections.abc import Mapping
from datetime import datetime

from sot.domain.accounting.rates import Rates, RatesByPair, checked_rates
from sot.domain.values.errors import InvalidInput
from sot.domain.values.fields import NAME
from sot.ports.rates import Quote, RateSource


class RatesInOrder(RateSource):
    """Fixed rates by pair, and a source for the pairs that they do not give.

    Raises:
        InvalidInput: A rate is not positive.
    """

    def __init__(self, pairs: RatesByPair, source: RateSource) -> None:
        self._fixed = RatesOfFunction(pairs)
        self._source = source

    def quote(self, currency: str, into: str, at: datetime) -> Quote | None:
        """Return the fixed rate of a pair, else that of the source."""
        return self._fixed.quote(currency, into, at) or self._source.quote(currency, into, at)


class RatesOfFunction(RateSource):
    """Rates of a function or a mapping, which name no time of a quote.

    Raises:
        InvalidInput: A rate is not positive.
    """

    def __init__(self, rates: Rates | RatesByPair) -> None:
        checked = checked_rates(rates)
        assert checked is not None
        self._rates = checked

    def quote(self, currency: str, into: str, at: datetime) -> Quote | None:
        """Return the rate of the function."""
        rate = self._rates(currency, into, at)
        return None if rate is None else Quote(rate, None, (f"{currency}/{into}",))


def rate_source(rates: Rates | RatesByPair | None) -> RateSource:
    """Return rates as a source; None knows no rate.

    Raises:
        InvalidInput: A rate is not positive.
    """
    if isinstance(rates, RateSource) and not isinstance(rates, Mapping):
        return rates
    return RatesOfFunction(rates or {})


def check_default_currency(field: str, currency: str | None, rates: RateSource | None) -> None:
    """Check the currency in which results are reported unless another one is asked for; None is none.

    Raises:
        InvalidInput: It is no name, or there are no rates.
    """
    if currency is None:
        return
    NAME.check(field, currency)
    if rates is None:
        raise InvalidInput(field, currency, "it with rates (--rates FILE), without which nothing is valued in it")
