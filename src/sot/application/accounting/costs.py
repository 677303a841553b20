"""The costs of orders: kept up to date as executions are recorded, and computed anew from facts."""

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
    """The version that held at a moment; the first one for earlier moments; None if the symbol is not registered."""
    versions = uow.instruments.versions(account_id, venue, symbol)
    return version_at(versions, at) if versions else None


def update_costs(uow: UnitOfWork, order: Order, event: OrderEvent, fills: Sequence[Fill]) -> None:
    """Update the costs of an order after an event: one more execution is one addition."""
    if event.type is EventType.TRADE and len(fills) == 1:
        costs = uow.costs.get(order.account_id, order.order_id) or no_costs(uow, order)
        instrument = instrument_at(uow, order.account_id, order.venue, order.symbol, fills[0].happened_at)
        uow.costs.put(costs.with_fill(fills[0], order.state.cum_quantity, instrument))
    else:
        recompute_costs(uow, order)


def recompute_costs(uow: UnitOfWork, order: Order) -> None:
    """Compute the costs of an order anew from the executions that hold."""

    def instrument_of(fill: Fill) -> Instrument | None:
        return instrument_at(uow, order.account_id, order.venue, order.symbol, fill.happened_at)

    held = Executions(uow.fills.list(order.account_id, order.order_id)).latest()
    uow.costs.put(no_costs(uow, order).recomputed(held, order.state.cum_quantity, instrument_of))


def no_costs(uow: UnitOfWork, order: Order) -> OrderCosts:
    """The costs of an order that nothing was executed of."""
    return no_costs_of(uow, order, uow.requests.get(order.request_id) if order.request_id else None)


def no_costs_of(uow: UnitOfWork, order: Order, request: RecordedRequest | None) -> OrderCosts:
    """The same, of an order whose request is known already."""
    context = request.context if request else None
    return OrderCosts(
        account_id=order.account_id,
        order_id=order.order_id,
        instrument=instrument_at(uow, order.account_id, order.venue, order.symbol, order.created_at),
        side=order.side,
        decision_price=context.decision_price if context else None,
    )


def costs_of(uow: UnitOfWork, order: Order, executions: Executions, request: RecordedRequest | None) -> OrderCosts:
    """What the executions that hold cost."""

    def instrument_of(fill: Fill) -> Instrument | None:
        return instrument_at(uow, order.account_id, order.venue, order.symbol, fill.happened_at)

    return no_costs_of(uow, order, request).recomputed(executions.latest(), order.state.cum_quantity, instrument_of)
