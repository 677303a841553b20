"""What open units are worth in a reporting currency, at the rates of their entry."""

from decimal import Decimal
from typing import NamedTuple

from sot.domain.values.json_form import JsonForm
from sot.domain.values.numbers import ZERO, add, share, subtract


class _ValuationFields(NamedTuple):
    value: Decimal = ZERO
    unvalued: Decimal = ZERO
    fees: Decimal = ZERO
    paid: Decimal = ZERO


class Valuation(_ValuationFields, JsonForm):
    """What open units are worth in the reporting currency, at the rates of their entry.

    Attributes:
        value: The entry value, as far as it could be valued.
        unvalued: The part of the entry value without a rate, in settlement currency.
        fees: The entry fees, as far as they could be valued.
        paid: The entry value that was paid or received, in settlement currency, whose currency gains or loses. Of
            contracts that are settled by their result that is only what options that were exercised brought.
    """

    __slots__ = ()

    def plus(self, other: "Valuation") -> "Valuation":
        """The sum of both."""
        return Valuation(*map(add, self, other))

    def minus(self, other: "Valuation") -> "Valuation":
        """The difference of both."""
        return Valuation(*map(subtract, self, other))

    def with_share(self, kept: Decimal, whole: Decimal) -> "Valuation":
        """The same fees, and the share of the entry value that a part of it has."""
        return self.part(kept, whole)._replace(fees=self.fees)

    def part(self, quantity: Decimal, whole: Decimal) -> "Valuation":
        """The share of some units of a whole."""
        return Valuation(*(share(figure, quantity, whole) if figure else ZERO for figure in self))

    def opposite(self) -> "Valuation":
        """The same fees, and the entry value with the opposite sign."""
        return NO_VALUATION.minus(self)._replace(fees=self.fees)


NO_VALUATION = Valuation()
"""That of no units."""
