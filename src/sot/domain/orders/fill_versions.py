"""The versions of executions: each change is a new version, which the quantities of the order follow."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from sot.domain.orders.effects import Effect
from sot.domain.orders.fill import Fill
from sot.domain.orders.report import VenueReport
from sot.domain.orders.state import OrderState
from sot.domain.values.numbers import ZERO, add, canonical, multiply, shared, subtract
from sot.domain.values.vocabulary import ReportingType

PLACE = ("occurred_at", "received_at", "venue_time_ns", "venue_sequence")
"""The fields that place an execution in time."""


_Operation = Callable[[Decimal, Decimal], Decimal]


def count(state: OrderState, fill: Fill, operation: _Operation) -> None:
    """Add an execution to the order's quantities, or subtract it, in units after all splits.

    Rules: EXEC-3.
    """
    if not fill.counts:
        return
    quantity = fill.quantity_after_splits(state.split_factor)
    state.cum_quantity = shared(canonical(operation(state.cum_quantity, quantity)), state.order_quantity)
    state.notional = canonical(operation(state.notional, multiply(fill.quantity, fill.price)))


def revise(effect: Effect, old: Fill, new: Fill) -> None:
    """Replace a version of an execution by the next one. It leaves a position by a version that is busted."""
    count(effect.state, old, subtract)
    count(effect.state, new, add)
    if new.position_key != old.position_key:
        left = next_version(effect, old, busted=True)
        effect.add_fill(left)
        new = new.changed(version=left.version + 1)
    effect.add_fill(new)


def next_version(effect: Effect, old: Fill, **changes: Any) -> Fill:
    """Make the next version of an execution, by the event that is applied."""
    return old.changed(version=old.version + 1, sequence=effect.event.sequence, **changes)


def assign_exec_id(effect: Effect, execution: int, exec_id: str) -> None:
    """Add a version of an execution that has another id."""
    effect.add_fill(next_version(effect, effect.executions.by_execution()[execution], exec_id=exec_id))


def late_reporting_type(fill: Fill, report: VenueReport) -> dict[str, Any]:
    """The fields by which a report makes an execution a leg or a summary that was not known to be one.

    Rules: EXEC-15.
    """
    if fill.reporting_type is not None or report.reporting_type is None:
        return {}
    if report.reporting_type is not ReportingType.LEG:
        return {"reporting_type": report.reporting_type}
    if report.symbol is None or report.side is None:
        return {}
    return {"reporting_type": report.reporting_type, "symbol": report.symbol, "side": report.side}


def inherited_reporting_type(corrected: Fill, original: Fill) -> dict[str, Any]:
    """The fields of the earlier version that make a corrected execution a leg or a summary, if it has none itself."""
    if corrected.reporting_type is not None or original.reporting_type is None:
        return {}
    return {name: getattr(original, name) for name in ("reporting_type", "symbol", "side")}


_OF_STRATEGIES = (ReportingType.LEG, ReportingType.SUMMARY)


def leave_positions_to_legs(effect: Effect) -> None:
    """Leave positions to the legs of an order as soon as it has some, and fees to them as soon as they have some.

    Rules: EXEC-13, EXEC-14.
    """
    state, executions = effect.state, effect.executions
    if not effect.fills or not any(fill.reporting_type in _OF_STRATEGIES for fill in effect.fills):
        return
    if any(fill.reporting_type is ReportingType.LEG for fill in effect.fills):
        state.has_legs = True
    if not state.has_legs:
        return
    current = executions.latest()
    legs_have_fees = any(fill.reporting_type is ReportingType.LEG and _has_fees(fill) for fill in current)
    for fill in current:
        if fill.reporting_type is ReportingType.SUMMARY:
            settled = fill.changed(in_legs=True, fees=() if legs_have_fees else executions.reported_fees(fill))
            if settled != fill:
                effect.add_fill(next_version(effect, settled))


def _has_fees(fill: Fill) -> bool:
    return not fill.busted and any(fee.amount != ZERO for fee in fill.fees)
