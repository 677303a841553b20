"""What an order's executions cost: fees per currency, notional by liquidity, average price, slippage."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

import attrs

from sot.domain.orders.fill import Fill
from sot.domain.values.instrument import Instrument
from sot.domain.values.numbers import ZERO, add, canonical, multiply, quotient, subtract
from sot.domain.values.vocabulary import Liquidity, Side

_BASIS_POINTS = Decimal(10_000)


Rates = Mapping[str, Decimal]


@attrs.frozen(slots=False, kw_only=True)
class OrderCosts:
    """Exact sums over an order's executions, so that one more execution is one addition.

    `quantity` in units after all splits; notionals in `currency` (the instrument's settlement currency, multiplier
    included); `weighted` is the sum that gives the average price (`Instrument.weighted`); `fees` per currency, all of
    them; `paid_in_quantity` the part of `fees` that was paid in base units (spot), `paid_in_quantity_value` its worth
    in `currency` at the price of each execution.
    """

    account_id: str
    order_id: str
    instrument: Instrument | None
    side: Side | None
    quantity: Decimal = ZERO
    weighted: Decimal = ZERO
    notional: Decimal = ZERO
    maker_notional: Decimal = ZERO
    taker_notional: Decimal = ZERO
    fees: Rates = attrs.field(factory=dict)
    paid_in_quantity: Decimal = ZERO
    paid_in_quantity_value: Decimal = ZERO
    decision_price: Decimal | None = None

    @property
    def currency(self) -> str | None:
        """The currency of notionals and of `fee_total`; None for an unknown instrument."""
        return self.instrument.currency if self.instrument else None

    @property
    def avg_price(self) -> Decimal | None:
        """Average price of the executions in quote currency per unit, without fees; harmonic if inverse."""
        if self.instrument is None:
            return quotient(self.weighted, self.quantity) if self.quantity else None
        return self.instrument.average(self.quantity, self.weighted)

    def fee_total(self, rates: Rates | None = None) -> tuple[Decimal, dict[str, Decimal]]:
        """All fees in `currency`, and those that no rate was given for, per currency.

        `rates` are units of `currency` per unit of each other currency. Base fees on spot count at the price of their
        execution. A fee without a rate is never taken as zero: it is in the second figure, not in the first.
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

    def effective_rate(self, rates: Rates | None = None) -> Decimal | None:
        """Fees over notional in basis points; None without executions, or while a fee is unvalued."""
        total, unvalued = self.fee_total(rates)
        if unvalued or not self.notional:
            return None
        return quotient(multiply(total, _BASIS_POINTS), self.notional.copy_abs())

    @property
    def slippage(self) -> Decimal | None:
        """Average price against the decision price in quote currency per unit; positive is worse than decided."""
        average = self.avg_price
        if self.decision_price is None or average is None or self.side is None:
            return None
        worse = (average, self.decision_price) if self.side is Side.BUY else (self.decision_price, average)
        return canonical(subtract(*worse))

    @property
    def slippage_rate(self) -> Decimal | None:
        """Slippage in basis points of the decision price."""
        slippage = self.slippage
        if slippage is None or not self.decision_price:
            return None
        return quotient(multiply(slippage, _BASIS_POINTS), self.decision_price.copy_abs())

    @property
    def slippage_cost(self) -> Decimal | None:
        """What the slippage cost in `currency`; positive is a loss."""
        if self.slippage is None or self.instrument is None or self.decision_price is None or self.side is None:
            return None
        if self.instrument.inverse and not self.decision_price:
            return None
        decided = self.instrument.value(self.quantity, self.decision_price)
        more_was_worse = (self.side is Side.BUY) is not self.instrument.inverse
        return canonical(subtract(self.notional, decided) if more_was_worse else subtract(decided, self.notional))

    def with_fill(self, fill: Fill, quantity: Decimal, instrument: Instrument | None) -> "OrderCosts":
        """These costs with one more execution; `quantity` is the order's executed quantity after it.

        `instrument` is the version that held when it was executed.
        """
        if not fill.counts:
            return self
        fees = dict(self.fees)
        paid = self.paid_in_quantity
        paid_value = self.paid_in_quantity_value
        for fee in fill.fees:
            fees[fee.currency] = canonical(add(fees.get(fee.currency, ZERO), fee.amount))
            if instrument is not None and instrument.pays_in_quantity(fee.currency):
                paid = canonical(add(paid, fee.amount))
                paid_value = canonical(add(paid_value, instrument.value(fee.amount, fill.price)))
        if instrument is None:
            weighted = notional = multiply(fill.quantity, fill.price)
        else:
            weighted = instrument.weighted(fill.quantity, fill.price)
            notional = multiply(weighted, instrument.multiplier)
        maker, taker = self.maker_notional, self.taker_notional
        if fill.liquidity is Liquidity.MAKER:
            maker = canonical(add(maker, notional))
        elif fill.liquidity is Liquidity.TAKER:
            taker = canonical(add(taker, notional))
        return OrderCosts(
            account_id=self.account_id,
            order_id=self.order_id,
            instrument=instrument,
            side=self.side,
            quantity=quantity,
            weighted=canonical(add(self.weighted, weighted)),
            notional=canonical(add(self.notional, notional)),
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
        """The same from nothing: over the executions that hold."""
        costs = OrderCosts(
            account_id=self.account_id,
            order_id=self.order_id,
            instrument=self.instrument,
            side=self.side,
            decision_price=self.decision_price,
        )
        for fill in fills:
            costs = costs.with_fill(fill, quantity, instrument_of(fill))
        return attrs.evolve(costs, quantity=quantity)


def _rate(currency: str, into: str | None, rates: Rates | None) -> Decimal | None:
    if currency == into:
        return Decimal(1)
    return (rates or {}).get(currency)
