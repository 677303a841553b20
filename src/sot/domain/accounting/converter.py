"""Valuing amounts in a reporting currency, each at the rate of its own time."""

from datetime import datetime
from decimal import Decimal

from sot.domain.accounting.rates import Conversion, Quote, QuoteFunction, checked_rate
from sot.domain.values.numbers import ONE, multiply


class Converter:
    """Values amounts in one currency, and lists each conversion with its rate.

    Amounts that are in the reporting currency already are no conversions.

    Attributes:
        into: The reporting currency.
    """

    def __init__(self, into: str, quote: QuoteFunction) -> None:
        """Begin without conversions.

        Args:
            into: The reporting currency.
            quote: Returns the rate of a currency into it at a time.
        """
        self.into = into
        self._quote = quote
        self._conversions: list[Conversion] = []

    def rate(self, currency: str, at: datetime) -> Quote | None:
        """Return the rate of a currency into the reporting currency at a time; None if it is not known.

        Raises:
            InvalidInput: The rate is not an exact positive number.
        """
        if currency == self.into:
            return Quote(ONE, None, ())
        found = self._quote(currency, self.into, at)
        return None if found is None else found._replace(rate=checked_rate(f"{currency}/{self.into}", found.rate))

    def value(self, amount: Decimal, currency: str, at: datetime) -> Decimal | None:
        """Value an amount at the rate of a time, and note the conversion; None without a rate.

        Raises:
            InvalidInput: The rate is not an exact positive number.
        """
        quote = self.rate(currency, at)
        if quote is None:
            return None
        self.note(amount, currency, at, quote)
        return multiply(amount, quote.rate)

    def note(self, amount: Decimal, currency: str, at: datetime, quote: Quote) -> None:
        """Note that an amount was valued by a quote.

        Rules: RATE-11.
        """
        if currency != self.into and amount:
            self._conversions.append(Conversion(amount, currency, self.into, at, quote.rate, quote.quoted_at))

    def take_conversions(self) -> list[Conversion]:
        """Return the conversions since the last call."""
        taken, self._conversions = self._conversions, []
        return taken
