"""Instruments: how a quantity and a price make a value, and in which currency it settles."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

import attrs

from sot.domain.values import fields, given
from sot.domain.values.errors import InvalidInput
from sot.domain.values.json_form import JsonForm
from sot.domain.values.numbers import (
    FRACTION_DIGITS,
    ONE,
    QUOTIENT_DIGITS,
    ZERO,
    canonical,
    multiply,
    quotient,
    rounded,
    share,
    subtract,
)
from sot.domain.values.times import EPOCH
from sot.domain.values.value import RuledValue
from sot.domain.values.vocabulary import InstrumentKind, OptionRight

SETTLES_IN_QUOTE = frozenset({InstrumentKind.SPOT, InstrumentKind.MARGIN, InstrumentKind.EQUITY, InstrumentKind.FX})
"""The kinds that settle in their quote currency and are never inverse."""

_SETTLES_BY_RESULT = frozenset({InstrumentKind.FUTURE, InstrumentKind.PERPETUAL})
_PAYS_IN_QUANTITY = frozenset({InstrumentKind.SPOT, InstrumentKind.MARGIN})

_OF_OPTIONS = ("underlying", "strike", "right", "expires_at")


@attrs.frozen(slots=False, kw_only=True)
class Instrument(RuledValue):
    """One version of an instrument.

    Attributes:
        base: The currency or asset that is traded.
        quote: The currency of prices.
        settle: The currency of profit and loss and of settlement fees: by default `quote`, of inverse contracts `base`.
        multiplier: Units of the underlying per contract; of inverse contracts, units of `quote` per contract.
        inverse: Whether it is an inverse contract: it is quoted in `quote` and settles in `base`.
        valid_from: The time from which this version holds, until that of the next version.
        corrects: The `valid_from` of each version that was registered in error and no longer holds.
        underlying: Of options: the symbol of what is bought or sold by exercising it.
        strike: Of options: the price of one unit of the underlying.
        right: Of options: CALL or PUT.
        expires_at: Of options: when it expires.

    Raises:
        InvalidInput: A field is not allowed, or contradicts the others; see `contradictions`.
    """

    DERIVED: ClassVar = ("currency", "contradictions")

    account_id: str
    venue: str
    symbol: str
    kind: InstrumentKind = attrs.field(converter=given.instrument_kind)
    base: str
    quote: str
    settle: str | None = None
    multiplier: Decimal = attrs.field(default=ONE, converter=given.decimal)
    inverse: bool = False
    valid_from: datetime = attrs.field(default=EPOCH, converter=given.time)
    corrects: Sequence[datetime] = attrs.field(default=(), converter=given.times)
    underlying: str | None = None
    strike: Decimal | None = attrs.field(default=None, converter=given.decimal_or_none)
    right: OptionRight | None = attrs.field(default=None, converter=given.option_right_or_none)
    expires_at: datetime | None = attrs.field(default=None, converter=given.time_or_none)

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
        "corrects": fields.TIMES,
        "underlying": fields.NAME,
        "strike": fields.NUMBER,
        "right": fields.member_of(OptionRight),
        "expires_at": fields.TIME,
    }

    def _fill_defaults(self) -> None:
        """Settle in the quote currency, or in the base of an inverse contract, where no currency is given.

        Rules: VALUE-3.
        """
        if self.settle is None:
            self.__dict__["settle"] = self.base if self.inverse else self.quote

    def _check_rules(self) -> None:
        for field, allowed in self._contradictions():
            raise InvalidInput(field, getattr(self, field), allowed)
        if len(set(self.corrects)) < len(self.corrects):
            raise InvalidInput("corrects", self.corrects, "each version once")

    @property
    def contradictions(self) -> Sequence[str]:
        """The fields that contradict the others. Versions that were recorded before a rule was made may have some."""
        return tuple(field for field, _ in self._contradictions())

    def _contradictions(self) -> Iterator[tuple[str, str]]:
        """Iterate over fields that contradict the others, each with what is allowed."""
        if self.kind in SETTLES_IN_QUOTE:
            if self.inverse:
                yield "inverse", f"false: {self.kind} is never inverse"
            if self.settle != self.quote:
                yield "settle", f"the quote currency, in which {self.kind} settles"
        elif self.inverse and self.settle != self.base:
            yield "settle", "the base currency, in which inverse contracts settle"
        if self.kind is not InstrumentKind.OPTION:
            for field in _OF_OPTIONS:
                if getattr(self, field) is not None:
                    yield field, f"nothing: only an OPTION has it, and this is {self.kind}"

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

        Rules: VALUE-1.
        """
        return multiply(self.weighted(quantity, price), self.multiplier)

    def gains_by_value(self, is_long: bool) -> bool:
        """Whether open units gain as their value grows: long ones do, and of inverse contracts the short ones.

        Rules: ACCOUNT-5.
        """
        return is_long is not self.inverse

    def weighted(self, quantity: Decimal, price: Decimal) -> Decimal:
        """Compute the term whose sum gives the average price: quantity times price, of inverse contracts by price.

        At a price of zero an inverse contract has no value, and the term is zero.

        Args:
            quantity: Units of the instrument.
            price: Quote currency per unit.

        Rules: VALUE-2.
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
        if not self.inverse:
            return quotient(weighted, quantity) if quantity else None
        return _harmonic_average(quantity, weighted) if weighted else None

    @property
    def settles_by_result(self) -> bool:
        """Whether its units have no value of their own, so that executions move their result alone."""
        return self.kind in _SETTLES_BY_RESULT

    def pays_in_quantity(self, currency: str) -> bool:
        """Whether a fee in this currency changes the quantity that arrives or leaves: a base fee of SPOT or MARGIN.

        Rules: ACCOUNT-6.
        """
        return self.kind in _PAYS_IN_QUANTITY and currency == self.base and currency != self.currency

    def quantity_of_base(self, amount: Decimal) -> Decimal:
        """Compute the units of the instrument that an amount of its base is, rounded as a `quotient`."""
        return share(amount, ONE, self.multiplier)

    def value_of_base(self, amount: Decimal, price: Decimal) -> Decimal:
        """Compute the value of an amount of the base at a price, exactly; the instrument is not inverse.

        Args:
            amount: Units of the base, of which the multiplier makes one unit of the instrument.
            price: Quote currency per unit.
        """
        return multiply(amount, price)

    @property
    def may_be_short(self) -> bool:
        """Whether a sale of more than is held opens a short position; of SPOT it does not."""
        return self.kind is not InstrumentKind.SPOT

    def believes(self, quantity: Decimal, price: Decimal, amount: Decimal) -> bool:
        """Whether the money that an execution states is its exact value, rounded by the venue.

        It is where the difference is at most half a unit of the last digit of the amount's canonical text.

        Args:
            quantity: The executed quantity.
            price: The execution price, in quote currency per unit.
            amount: The money that moved, in settlement currency.

        Rules: VALUE-4.
        """
        exponent = canonical(amount).as_tuple().exponent
        half_unit = Decimal((0, (5,), int(exponent) - 1))
        return self.amount_difference(quantity, price, amount).copy_abs() <= half_unit

    def amount_difference(self, quantity: Decimal, price: Decimal, amount: Decimal) -> Decimal:
        """Compute how much more the money that an execution states is than its exact value."""
        return canonical(subtract(amount, self.value(quantity, price)))

    def value_of_execution(self, quantity: Decimal, price: Decimal, amount: Decimal | None) -> Decimal:
        """Compute the value of an execution: the money that it states, if that `believes`; else its exact value.

        Args:
            quantity: The executed quantity.
            price: The execution price, in quote currency per unit.
            amount: The money that moved, in settlement currency; None if it is not stated.

        Rules: VALUE-4.
        """
        if amount is not None and self.believes(quantity, price, amount):
            return amount
        return self.value(quantity, price)


def _harmonic_average(quantity: Decimal, weighted: Decimal) -> Decimal:
    """Divide the quantity by its sum of quotients.

    Where a price as facts have it gives the same sum, it is the average: the quotients are rounded, and the price of
    one execution must read as it was.

    Rules: VALUE-6.
    """
    average = quotient(quantity, weighted)
    price = rounded(average, FRACTION_DIGITS)
    if price and subtract(quotient(quantity, price), weighted).copy_abs() <= _ROUNDING:
        return price
    return average


_ROUNDING = Decimal((0, (1,), 2 - QUOTIENT_DIGITS))
"""What is left of the rounding of a hundred quotients."""


@attrs.frozen
class RecordedInstrument(JsonForm):
    """A recorded version of an instrument.

    Attributes:
        instrument: The version.
        number: How many versions with the same `valid_from` were recorded before it.
    """

    DERIVED: ClassVar = ("account_id",)

    instrument: Instrument
    number: int = 0

    @property
    def account_id(self) -> str:
        """The account it belongs to."""
        return self.instrument.account_id


def holding_versions(recorded: Sequence[RecordedInstrument]) -> Sequence[Instrument]:
    """Return the versions of an instrument that hold: all but those that were corrected.

    A version can only be recorded if none with its `valid_from` holds. So of those with the same `valid_from` the last
    one holds, unless as many corrections name that time.

    Args:
        recorded: Versions of one instrument by (valid_from, number).
    """
    if len(recorded) == 1:
        return [recorded[0].instrument]
    corrected = Counter(at for version in recorded for at in version.instrument.corrects)
    counts = Counter(version.instrument.valid_from for version in recorded)
    last = {version.instrument.valid_from: version.instrument for version in recorded}
    return [version for valid_from, version in last.items() if counts[valid_from] > corrected[valid_from]]


def version_at(instruments: Sequence[Instrument], at: datetime) -> Instrument:
    """Return the version of an instrument that held at a time.

    Args:
        instruments: All versions, oldest first.
        at: The time. Before the first version, the first version holds.

    Rules: VALUE-7.
    """
    if len(instruments) == 1:
        return instruments[0]
    return next((version for version in reversed(instruments) if version.valid_from <= at), instruments[0])
