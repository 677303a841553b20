"""The costs of one order: fees by currency, notional by liquidity, average price, slippage."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import ClassVar

import attrs

from sot.domain.orders.fill import Fill
from sot.domain.orders.report import Fee
from sot.domain.values.copying import quickly_made
from sot.domain.values.instrument import Instrument
from sot.domain.values.json_form import JsonForm
from sot.domain.values.numbers import ONE, ZERO, add, canonical, multiply, quotient, shared, subtract
from sot.domain.values.vocabulary import Liquidity, Side

_BASIS_POINTS = Decimal(10_000)

RatesByCurrency = Mapping[str, Decimal]
"""Units of the settlement currency per unit of each currency."""


@quickly_made
@attrs.frozen(kw_only=True, weakref_slot=False)
class OrderCosts(JsonForm):
    """The costs of one order: exact sums over its executions. Amounts are in `currency`, the settlement currency.

    Attributes:
        instrument: The version of the instrument that held for the last execution; None if it is not registered.
        quantity: The executed quantity, in units after all splits.
        weighted: The sum of `Instrument.weighted`, which gives the average price.
        notional: The value of the executions, multiplier included.
        maker_notional: The value of those that added liquidity.
        taker_notional: The value of those that removed liquidity.
        fees: All fees, by currency.
        paid_in_quantity: The fees that were paid in base units (spot).
        paid_in_quantity_value: Their value in `currency`, at the price of each execution.
        decision_price: The price at the time of the decision, in quote currency per unit.
    """

    DERIVED: ClassVar = ("currency", "avg_price", "slippage", "slippage_rate", "slippage_cost")

    account_id: str
    order_id: str
    instrument: Instrument | None
    side: Side | None
    quantity: Decimal = ZERO
    weighted: Decimal = ZERO
    notional: Decimal = ZERO
    maker_notional: Decimal = ZERO
    taker_notional: Decimal = ZERO
    fees: Mapping[str, Decimal] = attrs.field(factory=dict)
    paid_in_quantity: Decimal = ZERO
    paid_in_quantity_value: Decimal = ZERO
    decision_price: Decimal | None = None

    @property
    def currency(self) -> str | None:
        """The settlement currency; None for an unknown instrument."""
        return self.instrument.currency if self.instrument else None

    @property
    def avg_price(self) -> Decimal | None:
        """The average price in quote currency per unit, without fees; the harmonic mean for inverse contracts.

        Rules: COST-3.
        """
        if self.instrument is None:
            return quotient(self.weighted, self.quantity) if self.quantity else None
        return self.instrument.average(self.quantity, self.weighted)

    def foreign_currencies(self) -> tuple[str, ...]:
        """The currencies of fees that need a rate: neither the settlement currency nor paid in quantity."""
        instrument = self.instrument
        return tuple(
            currency
            for currency in self.fees
            if currency != self.currency and not (instrument and instrument.pays_in_quantity(currency))
        )

    def fee_total(self, rates: RatesByCurrency | None = None) -> tuple[Decimal, dict[str, Decimal]]:
        """Sum up the fees. Base fees of spot count at the price of their execution.

        Args:
            rates: Units of `currency` per unit of each other currency.

        Returns:
            The fees in `currency`, and the fees without a rate by currency, which are not in the first figure.

        Rules: COST-5.
        """
        total, unvalued = self.paid_in_quantity_value, {}
        for currency, amount in self.fees.items():
            if self.instrument is not None and self.instrument.pays_in_quantity(currency):
                continue
            rate = _rate(currency, self.currency, rates)
            if rate is None:
                if amount:
                    unvalued[currency] = amount
            else:
                total = add(total, multiply(amount, rate))
        return canonical(total), unvalued

    def effective_rate(self, rates: RatesByCurrency | None = None) -> Decimal | None:
        """Compute fees over notional in basis points.

        Args:
            rates: Units of `currency` per unit of each other currency.

        Returns:
            Basis points; None without executions, or while a fee is unvalued.

        Rules: COST-5.
        """
        total, unvalued = self.fee_total(rates)
        if unvalued or not self.notional:
            return None
        return quotient(multiply(total, _BASIS_POINTS), self.notional.copy_abs())

    @property
    def slippage(self) -> Decimal | None:
        """The average price minus the decision price, in quote currency per unit; positive is worse for the trader.

        Rules: COST-6.
        """
        average = self.avg_price
        if self.decision_price is None or average is None or self.side is None:
            return None
        if self.side is Side.BUY:
            return canonical(subtract(average, self.decision_price))
        return canonical(subtract(self.decision_price, average))

    @property
    def slippage_rate(self) -> Decimal | None:
        """Slippage in basis points of the decision price.

        Rules: COST-6.
        """
        slippage = self.slippage
        if slippage is None or not self.decision_price:
            return None
        return quotient(multiply(slippage, _BASIS_POINTS), self.decision_price.copy_abs())

    @property
    def slippage_cost(self) -> Decimal | None:
        """The cost of the slippage in `currency`; positive is a loss.

        Rules: COST-7.
        """
        if self.slippage is None or self.instrument is None or self.decision_price is None or self.side is None:
            return None
        if self.instrument.inverse and not self.decision_price:
            return None
        decided = self.instrument.value(self.quantity, self.decision_price)
        more_is_worse = (self.side is Side.BUY) is not self.instrument.inverse
        return canonical(subtract(self.notional, decided) if more_is_worse else subtract(decided, self.notional))

    def with_fill(
        self, fill: Fill, quantity: Decimal, instrument: Instrument | None, traded: Decimal | None = None
    ) -> "OrderCosts":
        """Return these costs with one more execution.

        Args:
            fill: The execution.
            quantity: The executed quantity of the order after it.
            instrument: The version of the instrument that held when it was executed.
            traded: The `notional` of the order's state after it: where that is the notional here, one object says both.

        Rules: COST-1, COST-2, COST-3, COST-4, COST-8.
        """
        if fill.busted:
            return self
        if not fill.counts:
            return attrs.evolve(self, fees=_with_fees(self.fees, fill.fees))
        fees = dict(self.fees)
        paid = self.paid_in_quantity
        paid_value = self.paid_in_quantity_value
        for fee in fill.fees:
            fees[fee.currency] = canonical(add(fees.get(fee.currency, ZERO), fee.amount))
            if instrument is not None and instrument.pays_in_quantity(fee.currency):
                paid = canonical(add(paid, fee.amount))
                paid_value = canonical(add(paid_value, instrument.value_of_base(fee.amount, fill.price)))
        if instrument is None:
            weighted = notional = multiply(fill.quantity, fill.price)
        else:
            notional = instrument.value_of_execution(fill.quantity, fill.price, fill.amount)
            weighted = notional if instrument.multiplier == ONE else quotient(notional, instrument.multiplier)
        total = shared(canonical(add(self.notional, notional)), traded)
        # Without a multiplier both sums are the same, and one value says both.
        is_same = weighted is notional and self.weighted == self.notional
        maker, taker = self.maker_notional, self.taker_notional
        if fill.liquidity is Liquidity.MAKER:
            maker = shared(canonical(add(maker, notional)), total)
        elif fill.liquidity is Liquidity.TAKER:
            taker = shared(canonical(add(taker, notional)), total)
        return OrderCosts(
            account_id=self.account_id,
            order_id=self.order_id,
            instrument=instrument,
            side=self.side,
            quantity=quantity,
            weighted=total if is_same else canonical(add(self.weighted, weighted)),
            notional=total,
            maker_notional=maker,
            taker_notional=taker,
            fees=fees,
            paid_in_quantity=paid,
            paid_in_quantity_value=paid_value,
            decision_price=self.decision_price,
        )

    def recomputed(
        self, fills: Iterable[Fill], quantity: Decimal, instrument_of: Callable[[Fill], Instrument | None]
    ) -> "OrderCosts":
        """Return the costs of the same order, computed again.

        Args:
            fills: The current versions of its executions.
            quantity: The executed quantity of the order.
            instrument_of: Returns the version of the instrument that held for an execution.
        """
        costs = OrderCosts(
            account_id=self.account_id,
            order_id=self.order_id,
            instrument=self.instrument,
            side=self.side,
            quantity=quantity,
            decision_price=self.decision_price,
        )
        for fill in fills:
            costs = costs.with_fill(fill, quantity, instrument_of(fill))
        return costs


def _with_fees(sums: Mapping[str, Decimal], fees: Iterable[Fee]) -> dict[str, Decimal]:
    result = dict(sums)
    for fee in fees:
        result[fee.currency] = canonical(add(result.get(fee.currency, ZERO), fee.amount))
    return result


def _rate(currency: str, settle: str | None, rates: RatesByCurrency | None) -> Decimal | None:
    if currency == settle:
        return Decimal(1)
    return (rates or {}).get(currency)
