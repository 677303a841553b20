"""What an order's facts give: its state, every version of its executions, its costs, its snapshots."""

from collections.abc import Sequence

import attrs

from sot.application.accounting.costs import costs_of
from sot.application.as_of.instruments import with_known_instruments
from sot.application.orders.state_snapshots import keeps_state, state_after
from sot.domain.accounting.costs import OrderCosts
from sot.domain.accounting.pnl import OrderPnl, order_pnl
from sot.domain.audit.known import KnownAt
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fill import Executions, Fill
from sot.domain.orders.order import Order
from sot.domain.orders.records import RecordedRequest, StateAfter
from sot.domain.orders.replay import advance, opening_state
from sot.domain.values.vocabulary import EventType, FactKind
from sot.ports.store import UnitOfWork


@attrs.frozen(kw_only=True)
class RederivedOrder:
    """An order made anew from its events; `costs` is None where nothing was ever executed."""

    order: Order
    fills: Sequence[Fill]
    costs: OrderCosts | None
    snapshots: Sequence[OrderPnl]
    states: Sequence[StateAfter]


def rederive_order(
    uow: UnitOfWork, order: Order, events: Sequence[OrderEvent], request: RecordedRequest | None
) -> RederivedOrder:
    """Fold an order's events from the first on. `order` gives its identity only; `request` is what made it."""
    start = opening_state(request.request if request else None, events[0].report)
    told = attrs.evolve(order, state=start.copy(), last_sequence=0, updated_at=None)
    executions = Executions()
    fills: list[Fill] = []
    snapshots = []
    states = []
    has_costs = False
    for event in events:
        factor = told.state.split_factor
        made = advance(told, start, events, executions, event)
        fills += made
        has_costs = has_costs or bool(made) or told.state.split_factor != factor
        if event.type is EventType.MARKED:
            snapshots.append(pnl_snapshot_of(uow, told, executions, event, request))
        if keeps_state(event.sequence):
            states.append(state_after(told))
    costs = costs_of(uow, told, executions, request) if has_costs else None
    fills.sort(key=_version)
    return RederivedOrder(order=told, fills=fills, costs=costs, snapshots=snapshots, states=states)


def _version(fill: Fill) -> tuple[int, int]:
    return fill.execution, fill.version


def pnl_snapshot_of(
    uow: UnitOfWork, order: Order, executions: Executions, event: OrderEvent, request: RecordedRequest | None
) -> OrderPnl:
    """What a mark gave: from the executions that held then, by what was known of the instrument."""
    assert event.fact is not None and event.fact.mark is not None
    at = event.fact.occurred_at or event.recorded_at
    if len(uow.instruments.versions(order.account_id, order.venue, order.symbol)) > 1:
        leaf = uow.feed.find(FactKind.EVENT, event.account_id, event.order_id, event.sequence)
        uow = with_known_instruments(uow, KnownAt(position=leaf.position if leaf else 0))
    costs = costs_of(uow, order, executions, request)
    return order_pnl(costs, event.fact.mark, event.fact.rates or {}, event.sequence, at)
