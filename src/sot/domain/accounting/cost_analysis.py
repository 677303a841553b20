"""The costs of many orders: fees, slippage against the decision price, and fill ratio."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import ClassVar

import attrs

from sot.domain.accounting.costs import OrderCosts
from sot.domain.accounting.rates import Conversion, Rates
from sot.domain.orders.fill import Fill
from sot.domain.values.json_form import JsonForm
from sot.domain.values.numbers import ZERO, add, canonical, multiply, quotient

_BASIS_POINTS = Decimal(10_000)


@attrs.define(kw_only=True)
class CostAnalysis(JsonForm):
    """The costs of a group of orders. The fields that it is grouped by are set; the others are None.

    Attributes:
        currency: The currency of amounts; None while an instrument is not registered.
        day: The day, in UTC or in the time zone that was asked for, on which the orders were created.
        strategy_code: The strategy; '' for orders without one.
        orders: The number of orders.
        notional: The value of the executions.
        fees: All fees, by currency.
        fee_total: The fees in `currency`: base fees of spot at the price of their execution, other currencies at the
            caller's rates.
        unvalued: The fees without a rate, by currency.
        conversions: Each fee that was valued by a rate.
        decided: The number of orders with a decision price.
        decided_notional: The value of their executions at the decision price.
        slippage_cost: Their slippage; positive is a loss.
        measured: The number of orders with a known quantity.
        filled_parts: The sum of the executed parts of these.
        unvalued_notional: In a reporting currency: the values of executions without a rate, by currency (by symbol,
            where the instrument is not registered). They are in no other figure.
    """

    DERIVED: ClassVar = ("complete", "effective_rate", "slippage_rate", "fill_ratio")

    currency: str | None
    day: date | None = None
    venue: str | None = None
    symbol: str | None = None
    strategy_code: str | None = None
    order_id: str | None = None
    orders: int = 0
    notional: Decimal = ZERO
    maker_notional: Decimal = ZERO
    taker_notional: Decimal = ZERO
    fees: dict[str, Decimal] = attrs.field(factory=dict)
    fee_total: Decimal = ZERO
    unvalued: dict[str, Decimal] = attrs.field(factory=dict)
    conversions: list[Conversion] = attrs.field(factory=list)
    decided: int = 0
    decided_notional: Decimal = ZERO
    slippage_cost: Decimal = ZERO
    measured: int = 0
    filled_parts: Decimal = ZERO
    unvalued_notional: dict[str, Decimal] = attrs.field(factory=dict)

    @property
    def complete(self) -> bool:
        """Whether every fee is in `fee_total`, and every execution in `notional`."""
        return not (self.unvalued or self.unvalued_notional)

    @property
    def effective_rate(self) -> Decimal | None:
        """Fees over notional in basis points; None without executions, or while a fee is unvalued."""
        if not self.complete or not self.notional:
            return None
        return quotient(multiply(self.fee_total, _BASIS_POINTS), self.notional.copy_abs())

    @property
    def slippage_rate(self) -> Decimal | None:
        """Slippage in basis points of `decided_notional`; None without any."""
        if not self.decided_notional:
            return None
        return quotient(multiply(self.slippage_cost, _BASIS_POINTS), self.decided_notional.copy_abs())

    @property
    def fill_ratio(self) -> Decimal | None:
        """The executed part of an order, on average over the orders whose quantity is known."""
        return quotient(self.filled_parts, Decimal(self.measured)) if self.measured else None

    def add_order(
        self,
        costs: OrderCosts,
        order_quantity: Decimal | None,
        cum_quantity: Decimal,
        fills: Iterable[Fill],
        rates: Rates | None,
    ) -> None:
        """Add an order.

        Args:
            costs: Its costs.
            order_quantity: Units ordered; None while that is unknown.
            cum_quantity: Units executed.
            fills: Its executions, which are read only for fees in other currencies.
            rates: The rates for these.

        Rules: COST-10, COST-11.
        """
        self.count_order(order_quantity, cum_quantity)
        for name in ("notional", "maker_notional", "taker_notional"):
            setattr(self, name, canonical(add(getattr(self, name), getattr(costs, name))))
        add_amounts(self.fees, costs.fees)
        self._add_fees(costs, fills, rates)
        if costs.slippage_cost is not None and costs.instrument is not None and costs.decision_price is not None:
            self.decided += 1
            decided_value = costs.instrument.value(costs.quantity, costs.decision_price)
            self.decided_notional = canonical(add(self.decided_notional, decided_value))
            self.slippage_cost = canonical(add(self.slippage_cost, costs.slippage_cost))

    def count_order(self, order_quantity: Decimal | None, cum_quantity: Decimal) -> None:
        """Count an order and its executed part.

        Args:
            order_quantity: Units ordered; None while that is unknown.
            cum_quantity: Units executed.

        Rules: COST-12.
        """
        self.orders += 1
        if order_quantity is not None:
            self.measured += 1
            self.filled_parts = add(self.filled_parts, quotient(cum_quantity, order_quantity))

    def _add_fees(self, costs: OrderCosts, fills: Iterable[Fill], rates: Rates | None) -> None:
        """Add the fees of an order.

        Rules: COST-10.
        """
        total, unvalued = costs.fee_total()
        foreign = costs.foreign_currencies()
        if rates is None or costs.currency is None:
            add_amounts(self.unvalued, unvalued)
        elif foreign:
            for fill in [fill for fill in fills if not fill.busted]:
                for fee in fill.fees:
                    if fee.currency not in foreign or not fee.amount:
                        continue
                    rate = rates(fee.currency, costs.currency, fill.happened_at)
                    if rate is None:
                        add_amounts(self.unvalued, {fee.currency: fee.amount})
                    else:
                        total = add(total, multiply(fee.amount, rate))
                        self.conversions.append(
                            Conversion(fee.amount, fee.currency, costs.currency, fill.happened_at, rate)
                        )
        self.fee_total = canonical(add(self.fee_total, total))


def add_amounts(sums: dict[str, Decimal], amounts: Mapping[str, Decimal]) -> None:
    """Add amounts to sums, by name."""
    for currency, amount in amounts.items():
        sums[currency] = canonical(add(sums.get(currency, ZERO), amount))
