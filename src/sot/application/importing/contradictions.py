"""Find what the rows of a source contradict, and correct what an earlier import read wrongly.

A row contradicts a stored execution of the same id if the execution has another side, quantity, price or fee. Where the
execution was read from the same row, only the mapping can have changed: another time, symbol, account or name of the
venue contradicts it, too, and it may be one of another order. Account events are compared by their id.

A correction never deletes: the events that an import recorded of an execution are void (VOIDED, with reason and actor),
and what the row says now is recorded beside them; an account event is replaced. What was not imported is never touched.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import attrs

from sot.application.history import OrderHistory
from sot.application.importing.summary import Contradiction, ImportedKind
from sot.application.orders.corrections import current_execution, restate
from sot.application.orders.creation import create_external_order
from sot.application.orders.identifiers import assign_identifiers_of_head
from sot.application.orders.matching import find_order
from sot.application.orders.reports import adopt_external_order, record_waiting
from sot.application.support.record_result import RecordResult
from sot.application.views.values import plain_value
from sot.domain.accounting.account_event import AccountEvent, RecordedAccountEvent
from sot.domain.audit.digests import account_event_identity
from sot.domain.orders.anomalies import contradicts_order
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fees import complete_fees
from sot.domain.orders.fill import Fill
from sot.domain.orders.order import Order
from sot.domain.orders.replay import voided
from sot.domain.orders.report import Fee, VenueReport
from sot.domain.values.documents import document_text
from sot.domain.values.vocabulary import Anomaly, EventType, Origin
from sot.ports.store import UnitOfWork


@attrs.frozen(kw_only=True)
class Correction:
    """Correct what earlier imports read wrongly.

    Attributes:
        reason: Why it was wrong; every void event and every replacement has it.
        actor: Who says so.
    """

    reason: str
    actor: str | None = None


@attrs.frozen(kw_only=True)
class StoredExecution:
    """An execution that counts, and what a row says instead.

    Attributes:
        order: Its order.
        fill: Its current version.
        events: The events that state it, and are not void.
        is_of_order: Whether its order is the one that the row is about.
        contradiction: What the row says instead.
    """

    order: Order
    fill: Fill
    events: Sequence[OrderEvent]
    is_of_order: bool
    contradiction: Contradiction


def contradicted_executions(uow: UnitOfWork, report: VenueReport) -> Sequence[StoredExecution]:
    """Find the stored executions that a row of a source contradicts.

    Args:
        uow: The unit of work.
        report: The execution as the row states it.
    """
    orders = _orders_named(uow, report)
    if not orders:
        return ()
    own = find_order(uow, report)
    found = (_compared(uow, order, report, order is own) for order in orders)
    return [each for each in found if each is not None]


def correct_executions(
    uow: UnitOfWork, wrong: Sequence[StoredExecution], report: VenueReport, correction: Correction
) -> RecordResult:
    """Void executions that an import read wrongly, and record what the row says.

    Args:
        uow: The unit of work.
        wrong: The executions, which imports alone told.
        report: What the row says.
        correction: Why, and by whom.
    """
    history = OrderHistory(uow)
    for stored in wrong:
        for event in stored.events:
            history.void(
                stored.order.order_id, sequence=event.sequence, reason=correction.reason, actor=correction.actor
            )
    adopt_external_order(uow, report, Origin.IMPORT, correction.actor)
    order = find_order(uow, report)
    if order is not None and contradicts_order(order, report, True):
        order = _another_order(uow, report, correction)
    if order is None or report.identity is None or current_execution(uow, order, report) is not None:
        return history.record(report, Origin.IMPORT)
    if not uow.events.by_execution(order.account_id, order.order_id, *report.identity):
        return history.record(report, Origin.IMPORT)
    return restate(uow, order, report, Origin.IMPORT, correction.reason, correction.actor)


def _another_order(uow: UnitOfWork, report: VenueReport, correction: Correction) -> Order:
    """Create an order beside the one with the same id, which has another symbol or side."""
    order = create_external_order(uow, report, Origin.IMPORT, correction.actor)
    record_waiting(uow, order.account_id, assign_identifiers_of_head(uow, order))
    return order


def _orders_named(uow: UnitOfWork, report: VenueReport) -> Sequence[Order]:
    """The orders that have an identifier of a report, at any venue."""
    names = report.identifiers()
    ids = dict.fromkeys(
        order_id for kind, name in names for _, order_id in uow.identifiers.claims(report.account_id, kind, name).orders
    )
    orders = (uow.orders.get(order_id) for order_id in ids)
    return [order for order in orders if order is not None]


def _compared(uow: UnitOfWork, order: Order, report: VenueReport, is_own: bool) -> StoredExecution | None:
    """The execution of an order that a report contradicts."""
    fill = current_execution(uow, order, report)
    if fill is None or report.exec_id is None:
        return None
    told = uow.events.by_execution(order.account_id, order.order_id, report.exec_id, report.leg)
    if not fill.version and any(e.sequence == fill.execution and _says_the_same(e, report) for e in told):
        return None  # the usual repeat, for which the other events of the order need not be read
    void = voided(uow.events.list(order.account_id, order.order_id))
    events = [e for e in told if e.sequence not in void and Anomaly.DUPLICATE_CONFLICT not in e.anomalies]
    is_same_row = any(_is_same_row(event, report.raw_payload) for event in events)
    if not (is_own or is_same_row) or any(_says_the_same(event, report) for event in events):
        return None
    was_void = any(event.sequence in void and _says_the_same(event, report) for event in told)
    differences = dict(_differences(fill, report, is_same_row))
    if is_same_row and was_void and set(fill.fees) != set(report.fees):
        differences["fees"] = (fill.fees, report.fees)  # its words repeat a void event, and complete nothing
    if not differences:
        return None
    contradiction = Contradiction(
        kind=ImportedKind.FILLS,
        id=report.exec_id,
        symbol=report.symbol,
        order_id=order.order_id,
        stored={name: _text(before) for name, (before, _) in differences.items()},
        stated={name: _text(after) for name, (_, after) in differences.items()},
        was_imported=bool(events) and all(event.origin is Origin.IMPORT for event in (*events, *_makers(uow, fill))),
        row=report.raw_payload,
    )
    return StoredExecution(order=order, fill=fill, events=events, is_of_order=is_own, contradiction=contradiction)


def _makers(uow: UnitOfWork, fill: Fill) -> Iterator[OrderEvent]:
    """The events that made a version of an execution, also under other ids: its corrections and late fees."""
    for version in uow.fills.list(fill.account_id, fill.order_id):
        if version.execution == fill.execution:
            event = uow.events.get(fill.account_id, fill.order_id, version.sequence)
            if event is not None and event.type is not EventType.VOIDED:
                yield event


def _says_the_same(event: OrderEvent, report: VenueReport) -> bool:
    """Whether an event says what a report says, neither more nor less: a correction may have followed it."""
    told = event.report
    if told is None or (told.venue_account and report.venue_account and told.venue_account != report.venue_account):
        return False
    return report.repeats(told) and told.repeats(report)


def _is_same_row(event: OrderEvent, row: Any) -> bool:
    return event.report is not None and row is not None and _same_document(event.report.raw_payload, row)


def _same_document(one: Any, other: Any) -> bool:
    return one is not None and document_text(one) == document_text(other)


_FIGURES: Mapping[str, str] = {
    "side": "side",
    "quantity": "last_quantity",
    "price": "last_price",
    "liquidity": "liquidity",
}
"""What an execution is, by its fields in fills and in reports."""

_NAMES: Mapping[str, str] = {
    "venue": "venue",
    "symbol": "symbol",
    "venue_account": "venue_account",
    "venue_order_id": "venue_order_id",
    "position_side": "position_side",
    "occurred_at": "occurred_at",
}
"""What only the same row, read otherwise, contradicts: another source may say it otherwise, or less exactly."""


_ABSENT = (None, "")


def _differences(fill: Fill, report: VenueReport, is_same_row: bool) -> Iterator[tuple[str, tuple[Any, Any]]]:
    """The fields in which a report contradicts an execution, each with the stored and the stated value."""
    names = {**_NAMES, **_FIGURES} if is_same_row else _FIGURES
    for name, field in names.items():
        before, after = getattr(fill, name), getattr(report, field)
        if before not in _ABSENT and after not in _ABSENT and before != after:
            yield name, (before, after)
    if _contradict_fees(fill.fees, report.fees, is_same_row):
        yield "fees", (fill.fees, report.fees)


def _contradict_fees(stored: Sequence[Fee], stated: Sequence[Fee], is_same_row: bool) -> bool:
    return complete_fees(stored, stated) is None or (is_same_row and bool(stored) and not stated)


_NOT_COMPARED = frozenset({"event_id", "external_id", "replaces", "reason", "actor", "received_at", "raw_payload"})


def contradicted_event(
    uow: UnitOfWork, event: AccountEvent
) -> tuple[RecordedAccountEvent | None, Contradiction | None]:
    """Find the stored account event with the id of a row, as it is after its replacements, and how the row differs."""
    identity = account_event_identity(event)
    first = None if identity is None else uow.account_events.by_identity(event.account_id, identity)
    if first is None:
        return None, None
    current = first
    while (replacement := uow.account_events.replacement_of(event.account_id, current.event_id)) is not None:
        current = replacement
    differing = [
        name
        for name in AccountEvent.KINDS
        if name not in _NOT_COMPARED and getattr(current.event, name) != getattr(event, name)
    ]
    if not differing:
        return current, None
    row = event.raw_payload
    return current, Contradiction(
        kind=ImportedKind.EVENTS,
        id=event.external_id or "",
        symbol=event.symbol,
        stored={name: _text(getattr(current.event, name)) for name in differing},
        stated={name: _text(getattr(event, name)) for name in differing},
        was_imported=row is not None and _same_document(current.event.raw_payload, row),
        row=row,
    )


def replace_event(
    uow: UnitOfWork, wrong: RecordedAccountEvent, event: AccountEvent, correction: Correction
) -> RecordResult:
    """Replace an account event that an import read wrongly by what the row says."""
    changes = {"replaces": wrong.event_id, "reason": correction.reason, "actor": correction.actor}
    return OrderHistory(uow).record_account_event(event.changed(external_id=None, **changes))


def _text(value: Any) -> str:
    """A value of a fact, for people."""
    if isinstance(value, (list, tuple)):
        return ", ".join(f"{_text(fee.amount)} {fee.currency}" for fee in value) or "none"
    return "none" if value is None or value == "" else str(plain_value(value))
