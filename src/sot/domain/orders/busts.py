"""Busts: by which report an execution stopped counting, and what counts in spite of it."""

from collections.abc import Callable, Collection
from datetime import datetime

from sot.domain.orders.effects import Effect
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fill import Fill
from sot.domain.orders.report import VenueReport
from sot.domain.values.vocabulary import EventType


def is_bust_of(event: OrderEvent, leg: str, exec_ids: Collection[str | None]) -> bool:
    """Whether an event busts the execution that has, or had, some ids."""
    report = event.report
    if event.type is not EventType.TRADE_CANCEL or report is None:
        return False
    return report.leg == leg and report.exec_ref_id in exec_ids


def bust_of(effect: Effect, busted: Fill) -> OrderEvent | None:
    """The TRADE_CANCEL by which an execution stopped counting; None if it was something else."""
    ids = effect.executions.ids(busted.execution)
    for sequence in range(effect.executions.busted_by(busted.execution), 0, -1):
        if sequence == effect.event.sequence:
            continue
        event = effect.event_of(sequence)
        if event.type is EventType.VOIDED or event.type is EventType.ATTRIBUTED:
            return None
        if is_bust_of(event, busted.leg, ids):
            return event
    return None


def is_void(fill: Fill, event_of: Callable[[int], OrderEvent | None]) -> bool:
    """Whether an execution does not count because an event of it is void, as if it had never been told.

    Args:
        fill: Its current version.
        event_of: Returns an earlier event of the order.
    """
    ended_by = event_of(fill.sequence) if fill.busted else None
    return ended_by is not None and ended_by.type is EventType.VOIDED


def is_superseded(bust: OrderEvent | None, stated_at: datetime | None) -> bool:
    """Whether an execution counts in spite of a bust: it was stated after it, or with other figures and no time.

    Rules: EXEC-10.
    """
    return bust is None or stated_at is None or stated_at > bust.happened_at


def drop_superseded_busts(effect: Effect, exec_id: str, leg: str, stated_at: datetime | None) -> None:
    """Drop the parked busts of an execution that was stated after them."""
    kept = []
    for parked in effect.state.parked:
        is_due = (parked.exec_ref_id, parked.leg) == (exec_id, leg)
        event = effect.event_of(parked.sequence) if is_due else None
        if event is None or event.type is not EventType.TRADE_CANCEL or not is_superseded(event, stated_at):
            kept.append(parked)
    effect.state.parked = tuple(kept)


def was_corrected_after(effect: Effect, event: OrderEvent, report: VenueReport, fill: Fill) -> bool:
    """Whether a bust names an id that an execution had before a correction with a later time."""
    if event.occurred_at is None or report.exec_ref_id == fill.exec_id:
        return False
    stated_by = effect.executions.stated_by(fill.execution)
    stated_at = None if stated_by == effect.event.sequence else effect.event_of(stated_by).occurred_at
    return stated_at is not None and stated_at > event.occurred_at
