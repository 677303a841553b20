"""The port of rate sources: where rates between currencies come from, such as a file or a provider of market data."""

from abc import abstractmethod
from datetime import datetime
from decimal import Decimal
from typing import Protocol, runtime_checkable

from sot.domain.accounting.rates import Quote

__all__ = ["Quote", "RateSource"]


@runtime_checkable
class RateSource(Protocol):
    """A source of rates. It is a function for `rates` of the queries, too: calling it returns the rate alone."""

    @abstractmethod
    def quote(self, currency: str, into: str, at: datetime) -> Quote | None:
        """Return the rate that was known at a time: the last one up to it, never a later one.

        Args:
            currency: The currency of the amount to convert.
            into: The currency to convert it into.
            at: The time for which the rate is needed.

        Returns:
            Units of `into` per unit of `currency`; None if it is not known.
        """
        raise NotImplementedError

    def __call__(self, currency: str, into: str, at: datetime, /) -> Decimal | None:
        """Return the rate of `quote`; None if it is not known."""
        quote = self.quote(currency, into, at)
        return None if quote is None else quote.rate
