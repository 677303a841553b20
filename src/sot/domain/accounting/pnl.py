"""The profit and loss of one order at a mark.

The order is valued alone, as if it had opened a position that is closed at the mark. Positions (`position`), in which
orders net against each other, are another view.
"""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import ClassVar

import attrs

from sot.domain.accounting.costs import OrderCosts
from sot.domain.values.errors import InvalidInput
from sot.domain.values.json_form import JsonForm
from sot.domain.values.numbers import ZERO, add, canonical, subtract
from sot.domain.values.vocabulary import Side


@attrs.frozen(kw_only=True)
class OrderPnl(JsonForm):
    """The profit and loss of one order. Amounts are in `currency`, the settlement currency.

    Attributes:
        sequence: The event up to which executions are counted.
        mark: The price, in quote currency per unit.
        rates: Units of `currency` per unit of each currency in which fees were paid.
        cost_basis: The amount that was paid (BUY) or received (SELL) for the executed quantity, fees in base units
            included.
        unrealized: The gross result: BUY: mark minus average, SELL: the opposite, times quantity and multiplier.
        realized: Minus the fees that were paid apart.
        net: The sum of both.
        fees: All fees, by currency.
        unvalued: The fees without a rate, by currency. They are in no other figure.
    """

    DERIVED: ClassVar = ("gross", "complete")

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
        """The result before fees that were paid apart; the same as `unrealized`."""
        return self.unrealized

    @property
    def complete(self) -> bool:
        """Whether every fee is counted."""
        return not self.unvalued


def order_pnl(
    costs: OrderCosts, mark: Decimal, rates: Mapping[str, Decimal], sequence: int, calculated_at: datetime
) -> OrderPnl:
    """Compute the profit and loss of an order at a mark.

    Args:
        costs: The costs of the order.
        mark: The price, in quote currency per unit.
        rates: Units of the settlement currency per unit of each currency in which fees were paid.
        sequence: The event up to which its executions are counted.
        calculated_at: The time of the calculation.

    Raises:
        InvalidInput: The instrument or the side is unknown, or the mark of an inverse contract is not positive.

    Rules: PNL-1, PNL-2, PNL-3, PNL-4.
    """
    instrument = costs.instrument
    if instrument is None:
        raise InvalidInput("symbol", costs.order_id, "an order whose instrument is registered")
    if costs.side is None:
        raise InvalidInput("side", costs.order_id, "an order whose side is known")
    if instrument.inverse and mark <= ZERO:
        raise InvalidInput("mark", mark, "a price greater than zero for an inverse contract")
    is_buy = costs.side is Side.BUY
    paid_in_quantity = instrument.value_of_base(costs.paid_in_quantity, mark)
    value = (subtract if is_buy else add)(instrument.value(costs.quantity, mark), paid_in_quantity)
    gain = subtract(value, costs.notional)
    gross = canonical(gain if instrument.gains_by_value(is_buy) else subtract(ZERO, gain))
    fees, unvalued = costs.fee_total(rates)
    paid_apart = subtract(fees, costs.paid_in_quantity_value)
    realized = canonical(subtract(ZERO, paid_apart))
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
