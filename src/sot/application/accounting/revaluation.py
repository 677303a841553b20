"""Revaluation of what was recorded before a version of its instrument was registered."""

from sot.application.accounting import position_entries, positions
from sot.application.accounting.costs import recompute_costs
from sot.application.support.paging import every_order
from sot.ports.orders import OrderFilter
from sot.ports.store import UnitOfWork


def revalue(uow: UnitOfWork, account_id: str, venue: str, symbol: str) -> None:
    """Rebuild the positions and costs of a symbol after a version of its instrument was registered."""
    if position_entries.positions_of_facts(uow, account_id, venue, symbol):
        positions.rebuild(uow, account_id, venue, symbol)
    for order in every_order(uow, OrderFilter(account_id=account_id, venue=venue, symbol=symbol)):
        if uow.costs.get(order.account_id, order.order_id) is not None:
            recompute_costs(uow, order)
