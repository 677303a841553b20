"""Reading an order's story back."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import attrs

from sot.application.writing import opening
from sot.domain.event import OrderEvent
from sot.domain.fill import Executions, Fill
from sot.domain.order import Order
from sot.domain.replay import advance
from sot.domain.state import OrderState
from sot.domain.vocabulary import OrderStatus
from sot.ports.store import UnitOfWork


@attrs.frozen(kw_only=True)
class TimelineEntry:
    """One event, and the order after it; `changed` gives what it changed, as (before, after) by field."""

    event: OrderEvent
    status: OrderStatus
    order_quantity: Decimal | None
    cum_quantity: Decimal
    leaves_quantity: Decimal | None
    avg_price: Decimal | None
    changed: Mapping[str, tuple[object, object]]


_SHOWN = (
    "status",
    "order_quantity",
    "cum_quantity",
    "leaves_quantity",
    "limit_price",
    "stop_price",
    "client_order_id",
    "venue_order_id",
    "provisional_quantity",
    "in_doubt",
)


def _look(state: OrderState) -> dict[str, object]:
    return {name: getattr(state, name) for name in _SHOWN}


def timeline(uow: UnitOfWork, order: Order) -> Sequence[TimelineEntry]:
    """The order's events with what each changed, from a fold of the facts."""
    events = uow.events.list(order.account_id, order.order_id)
    start = opening(uow, order, events[0])
    told = attrs.evolve(order, state=start.copy(), last_sequence=0)
    executions = Executions()
    entries = []
    before = _look(told.state)
    for position, event in enumerate(events):
        advance(told, start, events[:position], executions, event)
        after = _look(told.state)
        changed = {name: (before[name], after[name]) for name in _SHOWN if before[name] != after[name]}
        entries.append(
            TimelineEntry(
                event=event,
                status=told.status,
                order_quantity=told.order_quantity,
                cum_quantity=told.cum_quantity,
                leaves_quantity=told.leaves_quantity,
                avg_price=told.avg_price,
                changed=changed,
            )
        )
        before = after
    return entries


def fills(uow: UnitOfWork, order: Order) -> Sequence[Fill]:
    """The executions that hold, busted ones left out, in the order in which they were first stated."""
    held = Executions(uow.fills.list(order.account_id, order.order_id)).latest()
    return [fill for fill in held if not fill.busted]
