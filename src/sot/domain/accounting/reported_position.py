"""A position in a reporting currency."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import ClassVar, NamedTuple

import attrs

from sot.domain.accounting.amounts import NOTHING, Amounts, plus
from sot.domain.accounting.position import Position
from sot.domain.accounting.rates import Conversion, Mark, Quote
from sot.domain.accounting.reporting import holds_value
from sot.domain.accounting.results import Realized
from sot.domain.accounting.valuation import Valuation
from sot.domain.values.given import DecimalGiven
from sot.domain.values.json_form import JsonForm
from sot.domain.values.numbers import ZERO, add, canonical, multiply, subtract


class _UnrealizedFields(NamedTuple):
    gross: Decimal
    currency_gain: Decimal | None


class Unrealized(_UnrealizedFields, JsonForm):
    """The result of closing open units at a mark, in a reporting currency.

    Attributes:
        gross: The gross result in settlement currency, at the present rate.
        currency_gain: What the settlement currency gained since the units entered; None where that is not known.
    """

    DERIVED: ClassVar = ("total",)

    __slots__ = ()

    @property
    def total(self) -> Decimal | None:
        """Both together; None where one of them is not known."""
        return None if self.currency_gain is None else canonical(add(self.gross, self.currency_gain))


@attrs.frozen(kw_only=True)
class ReportedPosition(JsonForm):
    """A position, and its figures in a reporting currency, each part at the rate of its own time.

    Attributes:
        position: The position in its settlement currency.
        results: Its realized results in the reporting currency.
        valuation: What its open units are worth, at the rates of their entry.
        rate: The present rate of the settlement currency; None if it is not known.
        unvalued_cost: The parts of the cost of its open units that have no rate, by currency.
    """

    DERIVED: ClassVar = (
        "currency",
        "entry_value",
        "open_fees",
        "realized_gross",
        "currency_gain",
        "account_results",
        "realized_net",
        "realized_paid",
        "unvalued",
        "unvalued_results",
        "unvalued_entry_values",
        "complete",
    )

    position: Position
    results: Realized
    valuation: Valuation
    rate: Quote | None
    unvalued_cost: Mapping[str, Decimal] = NOTHING

    @property
    def currency(self) -> str:
        """The reporting currency."""
        return self.results.currency

    @property
    def entry_value(self) -> Decimal | None:
        """The entry value of the open units at the rates of their entry; None where one of these is not known.

        Contracts that are settled by their result have none.

        Rules: RATE-12.
        """
        known = self._holds_value and self._is_cost_known
        return canonical(self.valuation.value) if known else None

    @property
    def open_fees(self) -> Decimal:
        """The entry fees of the open units, which `realized_net` does not count yet."""
        return canonical(self.valuation.fees)

    @property
    def realized_gross(self) -> Decimal:
        """The result of closed units in settlement currency, at the rates of the closing."""
        return self.results.realized_gross

    @property
    def currency_gain(self) -> Decimal:
        """What the settlement currency gained while the closed units were held."""
        return self.results.currency_gain

    @property
    def account_results(self) -> Decimal:
        """The results without an order."""
        return self.results.account_results

    @property
    def realized_net(self) -> Decimal:
        """Gross and gain from the currency, minus the fees of closed units, plus results without an order."""
        return self.results.realized_net

    @property
    def realized_paid(self) -> Decimal:
        """Gross and gain from the currency, minus all fees that were paid, plus results without an order."""
        return self.results.realized_paid

    @property
    def unvalued(self) -> Mapping[str, Decimal]:
        """The fees without a rate, by currency."""
        return self.results.unvalued

    @property
    def unvalued_results(self) -> Mapping[str, Decimal]:
        """The results without a rate, by currency."""
        return self.results.unvalued_results

    @property
    def unvalued_entry_values(self) -> Mapping[str, Decimal]:
        """The entry values without a rate, of open and of closed units, by currency.

        Rules: RATE-13.
        """
        open_value: Amounts = {self.position.currency: self.valuation.unvalued} if self.valuation.unvalued else NOTHING
        values = plus(plus(self.results.unvalued_entry_values, open_value), self.unvalued_cost)
        return {currency: canonical(amount) for currency, amount in values.items()}

    @property
    def complete(self) -> bool:
        """Whether every part is valued, and no unit is missing.

        Rules: RATE-13.
        """
        return not self.position.missing_quantity and not (
            self.unvalued or self.unvalued_results or self.unvalued_entry_values
        )

    @property
    def conversions(self) -> Sequence[Conversion]:
        """Each amount that was valued, with its rate."""
        return self.results.conversions

    def unrealized(self, mark: Mark | DecimalGiven | None) -> Unrealized | None:
        """Compute the result of closing the open units at a mark and at the present rate; None without a rate.

        Args:
            mark: A price in quote currency per unit.

        Raises:
            InvalidInput: The mark is missing, inexact, in another currency, or not positive where it must be.

        Rules: RATE-14.
        """
        gross = self.position.unrealized(mark)
        if self.rate is None:
            return None
        return Unrealized(canonical(multiply(gross, self.rate.rate)), self._open_currency_gain(self.rate.rate))

    def _open_currency_gain(self, rate: Decimal) -> Decimal | None:
        if not self._is_cost_known:
            return None
        paid = self.position.entry_value if self._holds_value else self.valuation.paid
        gain = subtract(multiply(paid, rate), self.valuation.value)
        return canonical(gain if self.position.quantity > ZERO else subtract(ZERO, gain))

    @property
    def _is_cost_known(self) -> bool:
        return not (self.valuation.unvalued or self.unvalued_cost)

    @property
    def _holds_value(self) -> bool:
        return holds_value(self.position.instrument)
