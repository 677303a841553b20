"""The costs of orders: updated with every execution, or computed from all executions."""

from collections.abc import Sequence
from datetime import datetime

from sot.domain.accounting.costs import OrderCosts
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fill import Executions, Fill
from sot.domain.orders.order import Order
from sot.domain.orders.records import RecordedRequest
from sot.domain.values.instrument import Instrument, version_at
from sot.domain.values.vocabulary import EventType
from sot.ports.store import UnitOfWork


def instrument_at(uow: UnitOfWork, account_id: str, venue: str, symbol: str, at: datetime) -> Instrument | None:
    """The version of an instrument that is valid at a time.

    Returns:
        The version; the first one for a time before it; None if the symbol is not registered.
    """
    versions = uow.instruments.versions(account_id, venue, symbol)
    return version_at(versions, at) if versions else None


def update_costs(uow: UnitOfWork, order: Order, event: OrderEvent, fills: Sequence[Fill]) -> None:
    """Update the stored costs of an order after an event.

    A new execution is added to them, whatever their number; anything else computes them again.
    """
    if event.type is EventType.TRADE and len(fills) == 1 and not fills[0].version and not order.state.has_legs:
        costs = uow.costs.get(order.account_id, order.order_id) or no_costs(uow, order)
        instrument = instrument_at(uow, order.account_id, order.venue, order.symbol, fills[0].happened_at)
        state = order.state
        uow.costs.put(costs.with_fill(fills[0], state.cum_quantity, instrument, state.notional))
    else:
        recompute_costs(uow, order)


def recompute_costs(uow: UnitOfWork, order: Order) -> None:
    """Compute and store the costs of an order from its effective executions."""
    request = uow.requests.get(order.request_id) if order.request_id else None
    executions = Executions(uow.fills.list(order.account_id, order.order_id))
    uow.costs.put(costs_of(uow, order, executions, request))


def no_costs(uow: UnitOfWork, order: Order) -> OrderCosts:
    """The costs of an order without executions."""
    return _no_costs_of(uow, order, uow.requests.get(order.request_id) if order.request_id else None)


def _no_costs_of(uow: UnitOfWork, order: Order, request: RecordedRequest | None) -> OrderCosts:
    context = request.context if request else None
    return OrderCosts(
        account_id=order.account_id,
        order_id=order.order_id,
        instrument=instrument_at(uow, order.account_id, order.venue, order.symbol, order.created_at),
        side=order.side,
        decision_price=context.decision_price if context else None,
    )


def costs_of(uow: UnitOfWork, order: Order, executions: Executions, request: RecordedRequest | None) -> OrderCosts:
    """Compute the costs of an order from its executions.

    Args:
        uow: The unit of work that has the instruments.
        order: The order, with its cumulative quantity.
        executions: All of its executions.
        request: The request that made it; None for an external order.
    """

    def instrument_of(fill: Fill) -> Instrument | None:
        return instrument_at(uow, order.account_id, order.venue, order.symbol, fill.happened_at)

    return _no_costs_of(uow, order, request).recomputed(executions.latest(), order.state.cum_quantity, instrument_of)
