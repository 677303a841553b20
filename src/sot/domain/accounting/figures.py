"""The sums of a position fold, whose differences are what an entry contributed."""

from decimal import Decimal
from typing import NamedTuple

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.accounting.amounts import Amounts
from sot.domain.orders.fill import Fill

Entry = Fill | AccountEvent
"""What folds into a position."""


class Figures(NamedTuple):
    """The sums of a fold at one point, in settlement currency.

    Attributes:
        direction: 1 for long, -1 for short, 0 for flat.
        open_quantity: The open units, without sign.
        entry_value: The entry value of the open units.
        open_fees: The entry fees of the open units.
        realized_gross: The result of closed units, before fees.
        closed_fees: The fees of closed units.
        account_total: The sum of the results without an order.
        unvalued: The fees without a rate, by currency.
        unvalued_results: The results without an order and without a rate, by currency.
        missing_traded: The units that trades closed without being there.
        missing_moved: The units that transfers took without being there, with sign.
        conversions: The number of conversions.
    """

    direction: int
    open_quantity: Decimal
    entry_value: Decimal
    open_fees: Decimal
    realized_gross: Decimal
    closed_fees: Decimal
    account_total: Decimal
    unvalued: Amounts
    unvalued_results: Amounts
    missing_traded: Decimal
    missing_moved: Decimal
    conversions: int
