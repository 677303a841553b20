"""Profit and loss of one order at a mark: order-based, as the first service reported it.

An order is looked at alone, as if it had opened a position that is closed at the mark. Positions, which net orders
against one another, are another view.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

import attrs

from sot.domain.accounting.costs import OrderCosts
from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import ZERO, add, canonical, subtract
from sot.domain.values.vocabulary import Side


@attrs.frozen(kw_only=True)
class OrderPnl:
    """One order's profit and loss in `currency` at `mark` (quote currency per unit).

    `cost_basis` is what was paid (BUY) or received (SELL) for the executed quantity, fees in base units included.
    `unrealized` is gross: BUY mark minus average, SELL the opposite, times quantity and multiplier; inverse contracts
    in base. `realized` is minus the fees that were paid apart. `net` is their sum, which the first service called
    realized_pnl.
    Fees in another currency count at `rates` (units of `currency` per unit); those without a rate are in `unvalued`,
    and the figures are incomplete then.
    """

    account_id: str
    order_id: str
    sequence: int
    mark: Decimal
    rates: Mapping[str, Decimal]
    currency: str
    cost_basis: Decimal
    unrealized: Decimal
    realized: Decimal
    net: Decimal
    fees: Mapping[str, Decimal]
    unvalued: Mapping[str, Decimal]
    calculated_at: datetime

    @property
    def gross(self) -> Decimal:
        """The result before fees that were paid apart: the unrealized figure."""
        return self.unrealized

    @property
    def complete(self) -> bool:
        """Whether every fee could be valued."""
        return not self.unvalued


def order_pnl(
    costs: OrderCosts, mark: Decimal, rates: Mapping[str, Decimal], sequence: int, calculated_at: datetime
) -> OrderPnl:
    """The order's profit and loss at a mark; `sequence` is the event up to which its executions are counted.

    Raises: InvalidInput: the instrument or the side is unknown, or an inverse contract is marked at or below zero.
    """
    instrument = costs.instrument
    if instrument is None:
        raise InvalidInput("symbol", costs.order_id, "an order whose instrument is registered")
    if costs.side is None:
        raise InvalidInput("side", costs.order_id, "an order whose side is known")
    if instrument.inverse and mark <= ZERO:
        raise InvalidInput("mark", mark, "a price greater than zero for an inverse contract")
    buys = costs.side is Side.BUY
    moved = (subtract if buys else add)(costs.quantity, costs.paid_in_quantity)
    worth = instrument.value(moved, mark)
    gain = subtract(worth, costs.notional)
    gross = canonical(gain if buys is not instrument.inverse else subtract(ZERO, gain))
    fees, unvalued = costs.fee_total(rates)
    apart = subtract(fees, costs.paid_in_quantity_value)
    realized = canonical(subtract(ZERO, apart))
    return OrderPnl(
        account_id=costs.account_id,
        order_id=costs.order_id,
        sequence=sequence,
        mark=mark,
        rates=dict(rates),
        currency=instrument.currency,
        cost_basis=costs.notional,
        unrealized=gross,
        realized=realized,
        net=canonical(add(gross, realized)),
        fees=costs.fees,
        unvalued=unvalued,
        calculated_at=calculated_at,
    )
