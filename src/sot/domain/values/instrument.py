"""Instruments: how a quantity and a price make a value, and in which currency it settles."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

import attrs

from sot.domain.values import fields
from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import ONE, ZERO, multiply, quotient
from sot.domain.values.times import EPOCH
from sot.domain.values.vocabulary import InstrumentKind


@attrs.frozen(slots=False, kw_only=True)
class Instrument(fields.Value):
    """One version of an instrument.

    Attributes:
        base: The currency or asset that is traded.
        quote: The currency of prices.
        settle: The currency of profit and loss and of settlement fees: by default `quote`, of inverse contracts `base`.
        multiplier: Units of the underlying per contract; of inverse contracts, units of `quote` per contract.
        inverse: Whether it is an inverse contract: it is quoted in `quote` and settles in `base`.
        valid_from: The time from which this version holds, until that of the next version.

    Raises:
        InvalidInput: A field is not allowed, or the settlement currency contradicts the others: spot settles in `quote`
            and is never inverse, an inverse contract settles in `base`.
    """

    account_id: str
    venue: str
    symbol: str
    kind: InstrumentKind
    base: str
    quote: str
    settle: str | None = None
    multiplier: Decimal = ONE
    inverse: bool = False
    valid_from: datetime = EPOCH

    KINDS: ClassVar = {
        "account_id": fields.NAME,
        "venue": fields.NAME,
        "symbol": fields.NAME,
        "kind": fields.member_of(InstrumentKind),
        "base": fields.NAME,
        "quote": fields.NAME,
        "settle": fields.NAME,
        "multiplier": fields.POSITIVE,
        "inverse": fields.FLAG,
        "valid_from": fields.TIME,
    }

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.settle is None:
            self.__dict__["settle"] = self.base if self.inverse else self.quote
        if self.inverse and self.settle != self.base:
            raise InvalidInput("settle", self.settle, "the base currency, in which inverse contracts settle")
        if self.kind is InstrumentKind.SPOT and self.inverse:
            raise InvalidInput("inverse", self.inverse, "false: spot is never inverse")
        if self.kind is InstrumentKind.SPOT and self.settle != self.quote:
            raise InvalidInput("settle", self.settle, "the quote currency, in which spot settles")

    @property
    def currency(self) -> str:
        """The settlement currency: that of values, profit and loss, and settlement fees."""
        return self.settle or self.quote

    def value(self, quantity: Decimal, price: Decimal) -> Decimal:
        """Compute the value of a quantity at a price.

        Args:
            quantity: Units of the instrument.
            price: Quote currency per unit.

        Returns:
            The value in `currency`, exact; of inverse contracts rounded as a `quotient`.
        """
        return multiply(self.weighted(quantity, price), self.multiplier)

    def weighted(self, quantity: Decimal, price: Decimal) -> Decimal:
        """Compute the term whose sum gives the average price: quantity times price, of inverse contracts by price.

        At a price of zero an inverse contract has no value, and the term is zero.

        Args:
            quantity: Units of the instrument.
            price: Quote currency per unit.
        """
        if self.inverse:
            return quotient(quantity, price) if price else ZERO
        return multiply(quantity, price)

    def average(self, quantity: Decimal, weighted: Decimal) -> Decimal | None:
        """Compute the average price of executions: of inverse contracts the harmonic mean.

        Args:
            quantity: The sum of their quantities.
            weighted: The sum of their `weighted` terms.

        Returns:
            Quote currency per unit; None without quantity.
        """
        divisor, dividend = (weighted, quantity) if self.inverse else (quantity, weighted)
        return quotient(dividend, divisor) if divisor else None

    def pays_in_quantity(self, currency: str) -> bool:
        """Whether a fee in this currency changes the quantity that arrives or leaves: a base fee of spot does."""
        return self.kind is InstrumentKind.SPOT and currency == self.base and currency != self.currency


def version_at(instruments: Sequence[Instrument], at: datetime) -> Instrument:
    """Return the version of an instrument that held at a time.

    Args:
        instruments: All versions, oldest first.
        at: The time. Before the first version, the first version holds.
    """
    if len(instruments) == 1:
        return instruments[0]
    return next((version for version in reversed(instruments) if version.valid_from <= at), instruments[0])
