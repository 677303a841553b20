"""Derive everything about an order from its facts: state, versions of executions, costs, snapshots."""

from collections.abc import Sequence

from sot.application.accounting.costs import costs_of
from sot.application.as_of.instruments import with_known_instruments
from sot.application.orders.identifiers import current_identifiers, identifiers_of_event
from sot.application.orders.state_snapshots import keeps_state, state_after
from sot.domain.accounting.pnl import OrderPnl, order_pnl
from sot.domain.audit.known import KnownAt
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fill import Executions, Fill
from sot.domain.orders.order import Order
from sot.domain.orders.records import Identifier, RecordedRequest
from sot.domain.orders.replay import opening_state, replay_steps
from sot.domain.values.vocabulary import EventType, FactKind
from sot.ports.audit import DerivedOrder
from sot.ports.store import UnitOfWork


def rederive_order(
    uow: UnitOfWork, order: Order, events: Sequence[OrderEvent], request: RecordedRequest | None
) -> DerivedOrder:
    """Fold the events of an order from the first on.

    Args:
        uow: The unit of work that has the instruments.
        order: The order; only its identity is used.
        events: All of its events.
        request: The request that made it; None for an external order.
    """
    opening = opening_state(request.request if request else None, events[0].report)
    blank = order.in_state(opening, last_sequence=0)
    blank.updated_at = None
    return derive_order(uow, blank, events, request)


def derive_order(
    uow: UnitOfWork, order: Order, events: Sequence[OrderEvent], request: RecordedRequest | None
) -> DerivedOrder:
    """Fold the events of an order that is as it was before its first event; it changes.

    Args:
        uow: The unit of work that has the instruments.
        order: The order, in its opening state.
        events: All of its events.
        request: The request that made it; None for an external order.
    """
    opening = order.state
    order.state = opening.copy()
    executions = Executions()
    fills: list[Fill] = []
    snapshots = []
    states = []
    identifiers: set[Identifier] = set()
    current = current_identifiers(order)
    has_costs = False
    split_factor = opening.split_factor
    for event, new_fills in replay_steps(order, opening, events, executions):
        identifiers.update(identifiers_of_event(order, event, current))
        current = current_identifiers(order)
        fills += new_fills
        has_costs = has_costs or bool(new_fills) or order.state.split_factor != split_factor
        split_factor = order.state.split_factor
        if event.type is EventType.MARKED:
            snapshots.append(pnl_snapshot_of(uow, order, executions, event, request))
        if keeps_state(event.sequence):
            states.append(state_after(order))
    costs = costs_of(uow, order, executions, request) if has_costs else None
    fills.sort(key=_version)
    return DerivedOrder(
        order=order,
        fills=fills,
        costs=costs,
        snapshots=snapshots,
        states=states,
        identifiers=frozenset(identifiers),
    )


def _version(fill: Fill) -> tuple[int, int]:
    return fill.execution, fill.version


def pnl_snapshot_of(
    uow: UnitOfWork, order: Order, executions: Executions, event: OrderEvent, request: RecordedRequest | None
) -> OrderPnl:
    """The snapshot of profit and loss for a MARKED event.

    It is computed from the executions that were effective then, with the versions of the instrument that were known.
    """
    assert event.fact is not None and event.fact.mark is not None
    at = event.fact.occurred_at or event.recorded_at
    if len(uow.instruments.recorded(order.account_id, order.venue, order.symbol)) > 1:
        leaf = uow.feed.find(FactKind.EVENT, event.account_id, event.order_id, event.sequence)
        uow = with_known_instruments(uow, KnownAt(position=leaf.position if leaf else 0))
    costs = costs_of(uow, order, executions, request)
    return order_pnl(costs, event.fact.mark, event.fact.rates or {}, event.sequence, at)
