"""The costs of orders: updated with every execution, or computed from all executions."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

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
        costs = uow.costs.get(order.account_id, order.order_id) or _without_executions(
            uow, order, _price_of(uow, order)
        )
        instrument = instrument_at(uow, order.account_id, order.venue, order.symbol, fills[0].happened_at)
        state = order.state
        uow.costs.put(costs.with_fill(fills[0], state.cum_quantity, instrument, state.notional))
    else:
        recompute_costs(uow, order)


def recompute_costs(uow: UnitOfWork, order: Order) -> None:
    """Compute and store the costs of an order from its effective executions."""
    price = _price_of(uow, order)
    executions = Executions(uow.fills.list(order.account_id, order.order_id))
    uow.costs.put(_with_executions(uow, order, executions, price))


def _price_of(uow: UnitOfWork, order: Order) -> Decimal | None:
    """The price at the time of the decision, which is all that costs need of a request."""
    return uow.requests.decision_price(order.account_id, order.request_id) if order.request_id else None


def no_costs(uow: UnitOfWork, order: Order) -> OrderCosts:
    """The costs of an order without executions."""
    request = uow.requests.get(order.request_id) if order.request_id else None
    return _without_executions(uow, order, request.decision_price if request else None)


def _without_executions(uow: UnitOfWork, order: Order, decision_price: Decimal | None) -> OrderCosts:
    return OrderCosts(
        account_id=order.account_id,
        order_id=order.order_id,
        instrument=instrument_at(uow, order.account_id, order.venue, order.symbol, order.created_at),
        side=order.side,
        decision_price=decision_price,
    )


def costs_of(uow: UnitOfWork, order: Order, executions: Executions, request: RecordedRequest | None) -> OrderCosts:
    """Compute the costs of an order from its executions.

    Args:
        uow: The unit of work that has the instruments.
        order: The order, with its cumulative quantity.
        executions: All of its executions.
        request: The request that made it; None for an external order.
    """
    return _with_executions(uow, order, executions, request.decision_price if request else None)


def _with_executions(
    uow: UnitOfWork, order: Order, executions: Executions, decision_price: Decimal | None
) -> OrderCosts:
    def instrument_of(fill: Fill) -> Instrument | None:
        return instrument_at(uow, order.account_id, order.venue, order.symbol, fill.happened_at)

    costs = _without_executions(uow, order, decision_price)
    return costs.recomputed(executions.latest(), order.state.cum_quantity, instrument_of)
