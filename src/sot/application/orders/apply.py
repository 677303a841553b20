"""Apply events to orders, with what they refer to."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sot.domain.orders import lifecycle
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fill import Executions, Fill
from sot.domain.orders.needed_executions import Needed, needed_executions
from sot.domain.orders.order import Order
from sot.domain.orders.replay import apply_void, move_head, opening_state
from sot.domain.orders.report import VenueReport
from sot.domain.orders.state import OrderState
from sot.domain.values.vocabulary import EventType
from sot.ports.store import UnitOfWork


class AppliedFills(NamedTuple):
    """The new versions of executions that an event makes.

    Attributes:
        fills: The versions.
        since: The earliest time at which any version of these executions happened; None without executions.
    """

    fills: Sequence[Fill]
    since: datetime | None


_NO_FILLS = AppliedFills((), None)


def apply_event(uow: UnitOfWork, order: Order, event: OrderEvent, executions: Executions | None) -> AppliedFills:
    """Apply an event to the state of its order.

    Args:
        uow: The unit of work.
        order: The order.
        event: The event.
        executions: Those that the event refers to; None means none.

    Returns:
        The new versions of fills.
    """
    fills, executions = _apply(uow, order, event, executions)
    if not fills:
        return _NO_FILLS
    # What was put among the executions: each new version happened no earlier than the earliest one.
    return AppliedFills(fills, min([executions.earliest(fill.execution) for fill in fills]))


def _apply(
    uow: UnitOfWork, order: Order, event: OrderEvent, executions: Executions | None
) -> tuple[list[Fill], Executions]:
    """Apply an event; returns the new versions of fills, and the executions with them."""
    if event.type is EventType.VOIDED:
        executions = executions_before(uow, order, event.sequence)
        earlier = uow.events.list(order.account_id, order.order_id, 0, event.sequence - 1)
        return apply_void(order, opening(uow, order, earlier[0]), [*earlier, event], executions, event), executions

    def event_of(sequence: int) -> OrderEvent:
        earlier_event = uow.events.get(order.account_id, order.order_id, sequence)
        assert earlier_event is not None
        return earlier_event

    executions = Executions() if executions is None else executions
    return lifecycle.apply(order, event, executions, event_of), executions


def executions_before(uow: UnitOfWork, order: Order, sequence: int) -> Executions:
    """The executions of an order as they were before one of its events."""
    versions = uow.fills.list(order.account_id, order.order_id)
    return Executions(fill for fill in versions if fill.sequence < sequence)


def reapply(uow: UnitOfWork, order: Order, event: OrderEvent) -> None:
    """Apply a stored event again to the state that the order had before it. Nothing is written.

    Only what the event refers to is read: the execution that it moves; for VOIDED and ATTRIBUTED all that came before.
    """
    _apply(uow, order, event, executions_moved_by(uow, order, event))
    move_head(order, event)


def executions_moved_by(uow: UnitOfWork, order: Order, event: OrderEvent) -> Executions:
    """The executions that an event refers to, as they were before it."""
    report = event.report
    needed = needed_executions(order, report, event.type, event.anomalies)
    if needed is Needed.NONE:
        return Executions()
    if report is None or needed is Needed.ALL:
        return executions_before(uow, order, event.sequence)
    return executions_of(uow, order, report, needed, event.sequence)


def executions_of(
    uow: UnitOfWork, order: Order, report: VenueReport, needed: Needed, before: int | None = None
) -> Executions:
    """The executions of an order that a report needs: all, or those that it names; before one of its events."""
    if needed is Needed.ALL:
        versions = list(uow.fills.list(order.account_id, order.order_id))
    else:
        own_id = None if report.type is EventType.TRADE_CANCEL else report.exec_id
        names = dict.fromkeys(name for name in (report.exec_ref_id, own_id) if name is not None)
        versions = [
            fill for name in names for fill in uow.fills.by_exec_id(order.account_id, order.order_id, name, report.leg)
        ]
    return Executions(fill for fill in versions if before is None or fill.sequence < before)


def opening(uow: UnitOfWork, order: Order, created: OrderEvent) -> OrderState:
    """The state before the first event, from the request or from the report of CREATED."""
    request = uow.requests.get(order.request_id) if order.request_id else None
    return opening_state(request.request if request else None, created.report)
