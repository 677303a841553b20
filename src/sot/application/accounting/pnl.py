"""Profit and loss of one order at a mark."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from sot.application.accounting.costs import no_costs
from sot.domain.accounting.costs import OrderCosts
from sot.domain.accounting.pnl import OrderPnl, order_pnl
from sot.domain.orders.order import Order
from sot.domain.values.fields import NUMBER, RATES
from sot.ports.store import UnitOfWork


def compute_pnl(
    uow: UnitOfWork, order: Order, mark: Decimal, rates: Mapping[str, Decimal], sequence: int, at: datetime
) -> OrderPnl:
    """The order's profit and loss at a mark, from its stored costs.

    Raises: InvalidInput: the mark, a rate or the instrument does not allow it.
    """
    costs = uow.costs.get(order.account_id, order.order_id) or no_costs(uow, order)
    return pnl_at(costs, mark, rates, sequence, at)


def pnl_at(costs: OrderCosts, mark: Decimal, rates: Mapping[str, Decimal], sequence: int, at: datetime) -> OrderPnl:
    """Profit and loss at a mark and rates that a caller gave.

    Raises: InvalidInput: the mark, a rate or the instrument does not allow it.
    """
    return order_pnl(costs, NUMBER.check("mark", mark), RATES.check("rates", rates), sequence, at)
