"""What is traded: how a quantity and a price make a value, and in which currency it is settled."""

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
    """One version of an instrument, holding from `valid_from` until the next version.

    `settle` is the currency of PnL and settlement fees: by default `quote`, for inverse instruments `base`.
    `multiplier` is units of the underlying (of `quote` for inverse instruments) per contract.

    Raises: InvalidInput: a field that is not allowed, or a settlement currency that contradicts the rest: spot settles
        in `quote`, an inverse contract in `base` and is no spot.
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
        "kind": fields.word(InstrumentKind),
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
        """The currency of values, PnL and settlement fees."""
        return self.settle or self.quote

    def value(self, quantity: Decimal, price: Decimal) -> Decimal:
        """What `quantity` is worth at `price`, in `currency`; rounded only for inverse contracts (`quotient`)."""
        return multiply(self.weighted(quantity, price), self.multiplier)

    def weighted(self, quantity: Decimal, price: Decimal) -> Decimal:
        """The term whose sum gives the average price: quantity times price, or quantity by price if inverse.

        At a price of zero an inverse contract is worth nothing that could be said: zero.
        """
        if self.inverse:
            return quotient(quantity, price) if price else ZERO
        return multiply(quantity, price)

    def average(self, quantity: Decimal, weighted: Decimal) -> Decimal | None:
        """The average price of executions from their sums; harmonic for inverse contracts; None without quantity."""
        divisor, dividend = (weighted, quantity) if self.inverse else (quantity, weighted)
        return quotient(dividend, divisor) if divisor else None

    def pays_in_quantity(self, currency: str) -> bool:
        """Whether a fee in this currency changes the quantity that arrives or leaves: base fees on spot."""
        return self.kind is InstrumentKind.SPOT and currency == self.base and currency != self.currency


def version_at(instruments: Sequence[Instrument], at: datetime) -> Instrument:
    """The version that held at a moment, of versions oldest first; the first one for earlier moments."""
    if len(instruments) == 1:
        return instruments[0]
    return next((version for version in reversed(instruments) if version.valid_from <= at), instruments[0])
