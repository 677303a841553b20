"""The costs of orders in a reporting currency: each execution and each fee at the rate of its time."""

from collections.abc import Callable, Iterable
from decimal import Decimal

from sot.domain.accounting.converter import Converter
from sot.domain.accounting.cost_analysis import CostAnalysis, add_amounts
from sot.domain.accounting.costs import OrderCosts
from sot.domain.orders.fill import Fill
from sot.domain.orders.report import Fee
from sot.domain.values.instrument import Instrument
from sot.domain.values.numbers import add, canonical, multiply, subtract
from sot.domain.values.vocabulary import Liquidity, Side


def add_reported_order(
    row: CostAnalysis,
    costs: OrderCosts,
    order_quantity: Decimal | None,
    cum_quantity: Decimal,
    split_factor: Decimal,
    fills: Iterable[Fill],
    instrument_of: Callable[[Fill], Instrument | None],
    converter: Converter,
) -> None:
    """Add an order to the costs of a group, in the reporting currency.

    Args:
        row: The group, whose currency is the reporting currency.
        costs: The costs of the order in its settlement currency.
        order_quantity: Units ordered; None while that is unknown.
        cum_quantity: Units executed.
        split_factor: Units of the order now per unit at first.
        fills: Its executions.
        instrument_of: Returns the version of the instrument that held for an execution; None if it is not registered.
        converter: Values amounts in the reporting currency.

    Rules: COST-13.
    """
    row.count_order(order_quantity, cum_quantity)
    row.decided += costs.slippage_cost is not None
    for fill in [fill for fill in fills if not fill.busted]:
        instrument = instrument_of(fill)
        for fee in fill.fees:
            add_amounts(row.fees, {fee.currency: fee.amount})
            _add_fee(row, fill, fee, instrument, converter)
        if fill.counts:
            _add_fill(row, costs, fill, split_factor, instrument, converter)
    row.conversions.extend(converter.take_conversions())


def _add_fill(
    row: CostAnalysis,
    costs: OrderCosts,
    fill: Fill,
    split_factor: Decimal,
    instrument: Instrument | None,
    converter: Converter,
) -> None:
    """Add a fill that counts at the rate of its time.

    Rules: COST-13, COST-15.
    """
    if instrument is None:
        add_amounts(row.unvalued_notional, {fill.symbol: multiply(fill.quantity, fill.price)})
        return
    value = instrument.value_of_execution(fill.quantity, fill.price, fill.amount)
    quote = converter.rate(instrument.currency, fill.happened_at)
    if quote is None:
        add_amounts(row.unvalued_notional, {instrument.currency: value})
        return
    converter.note(value, instrument.currency, fill.happened_at, quote)
    _increase(row, "notional", multiply(value, quote.rate))
    if fill.liquidity is not None:
        name = "maker_notional" if fill.liquidity is Liquidity.MAKER else "taker_notional"
        _increase(row, name, multiply(value, quote.rate))
    decision_price = None if costs.slippage_cost is None else costs.decision_price
    if decision_price is not None:
        decided = instrument.value(fill.quantity_after_splits(split_factor), decision_price)
        more_is_worse = (costs.side is Side.BUY) is not instrument.inverse
        slippage = subtract(value, decided) if more_is_worse else subtract(decided, value)
        _increase(row, "decided_notional", multiply(decided, quote.rate))
        _increase(row, "slippage_cost", multiply(slippage, quote.rate))


def _add_fee(row: CostAnalysis, fill: Fill, fee: Fee, instrument: Instrument | None, converter: Converter) -> None:
    """Add a fee at the rate of the time of its fill.

    Rules: COST-14.
    """
    if not fee.amount:
        return
    amount, currency = fee.amount, fee.currency
    if instrument is not None and instrument.pays_in_quantity(currency):
        amount, currency = instrument.value_of_base(amount, fill.price), instrument.currency
    value = converter.value(amount, currency, fill.happened_at)
    if value is None:
        add_amounts(row.unvalued, {fee.currency: fee.amount})
    else:
        _increase(row, "fee_total", value)


def _increase(row: CostAnalysis, name: str, amount: Decimal) -> None:
    setattr(row, name, canonical(add(getattr(row, name), amount)))
