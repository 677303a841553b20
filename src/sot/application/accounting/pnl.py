"""Profit and loss of one order at a mark."""

from collections.abc import Mapping
from datetime import datetime

from sot.application.accounting.costs import no_costs
from sot.domain.accounting.costs import OrderCosts
from sot.domain.accounting.pnl import OrderPnl, order_pnl
from sot.domain.orders.order import Order
from sot.domain.values.fields import NUMBER, RATES
from sot.domain.values.given import DecimalGiven
from sot.ports.store import UnitOfWork


def compute_pnl(
    uow: UnitOfWork, order: Order, mark: DecimalGiven, rates: Mapping[str, DecimalGiven], sequence: int, at: datetime
) -> OrderPnl:
    """Compute the profit and loss of an order from its stored costs; see `pnl_at`."""
    costs = uow.costs.get(order.account_id, order.order_id) or no_costs(uow, order)
    return pnl_at(costs, mark, rates, sequence, at)


def pnl_at(
    costs: OrderCosts, mark: DecimalGiven, rates: Mapping[str, DecimalGiven], sequence: int, at: datetime
) -> OrderPnl:
    """Compute the profit and loss of an order from its costs.

    Args:
        costs: The costs of the order.
        mark: The price to value it at, in quote currency per unit.
        rates: Settlement currency per unit of each other fee currency.
        sequence: The sequence of the event that the snapshot belongs to.
        at: When it is calculated.

    Raises:
        InvalidInput: The mark or a rate is not allowed, or the instrument is not known.
    """
    return order_pnl(costs, NUMBER.check("mark", mark), RATES.check("rates", rates), sequence, at)
