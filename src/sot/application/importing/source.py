"""What a reader found, collected and put in order before anything is written."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

import attrs

from sot.domain.accounting.account_event import AccountEvent
from sot.domain.orders.report import VenueReport
from sot.domain.values.instrument import Instrument
from sot.domain.values.times import EARLIEST
from sot.domain.values.vocabulary import EventType, OrderStatus
from sot.ports.readers import Fact, ImportItem, Remark, Skipped, Statement


@attrs.frozen
class OrderEnd:
    """An order of which a source states executions is finished as of the last one; `report` would say so."""

    report: VenueReport


Recordable = Fact | OrderEnd


@attrs.define
class Source:
    """The items of a source by kind."""

    facts: list[Recordable] = attrs.field(factory=list)
    statements: list[Statement] = attrs.field(factory=list)
    skipped: list[Skipped] = attrs.field(factory=list)
    expected: Counter[str] = attrs.field(factory=Counter)
    remarks: Counter[str] = attrs.field(factory=Counter)

    def ids_of_several(self) -> frozenset[tuple[object, ...]]:
        """The ids under which the source has several facts, so that it does not tell which of them is right."""
        counts = Counter(id for fact in self.facts if (id := fact_id(fact)) is not None)
        return frozenset(id for id, count in counts.items() if count > 1)


def collect(items: Iterable[ImportItem], finished_orders: bool) -> Source:
    """Collect what a reader yields, with its facts in the order of their times.

    Args:
        items: What the reader yields.
        finished_orders: Whether all orders of which there are executions are finished, and have a report that says so.
    """
    source = Source()
    for item in items:
        if isinstance(item, Skipped):
            if item.expected:
                source.expected[item.reason] += 1
            else:
                source.skipped.append(item)
        elif isinstance(item, Remark):
            source.remarks[item.text] += 1
        elif isinstance(item, Statement):
            source.statements.append(item)
        else:
            source.facts.append(item)
    if finished_orders:
        source.facts += _ends(source.facts)
    source.facts.sort(key=_place)
    return source


_BEGINS = frozenset({EventType.PENDING_NEW, EventType.NEW})


def _place(fact: Recordable) -> tuple[int, datetime, int, int, str]:
    """Where a fact comes: instruments first; then by time, and within a moment as an order lives."""
    if isinstance(fact, Instrument):
        return 0, fact.valid_from, 0, 0, fact.symbol
    if isinstance(fact, AccountEvent):
        return 1, fact.occurred_at, 1, 0, fact.external_id or ""
    if isinstance(fact, OrderEnd):
        fact = fact.report
    stage = 0 if fact.type in _BEGINS else 1 if fact.type is EventType.TRADE else 2
    return 1, fact.occurred_at or EARLIEST, stage, fact.venue_sequence or 0, fact.exec_id or ""


def _ends(facts: Iterable[Recordable]) -> list[OrderEnd]:
    """The end of each order of which there are executions."""
    last: dict[tuple[str | None, ...], VenueReport] = {}
    for fact in facts:
        if isinstance(fact, VenueReport) and fact.type is EventType.TRADE:
            order = fact.venue, fact.venue_account, fact.id_scope, fact.venue_order_id, fact.client_order_id
            if order not in last or _place(last[order]) < _place(fact):
                last[order] = fact
    return [OrderEnd(_end_report(trade)) for trade in last.values()]


def fact_id(fact: Recordable) -> tuple[object, ...] | None:
    """The id by which a source tells an execution or an account event; None for other facts."""
    if isinstance(fact, VenueReport) and fact.type is EventType.TRADE:
        return fact.venue, fact.venue_account, fact.venue_order_id, fact.client_order_id, fact.exec_id, fact.leg
    if isinstance(fact, AccountEvent):
        return fact.venue, fact.venue_account, fact.type, fact.external_id
    return None


_OF_ORDER = (
    "account_id",
    "venue",
    "venue_account",
    "id_scope",
    "client_order_id",
    "venue_order_id",
    "symbol",
    "side",
    "occurred_at",
)


def _end_report(trade: VenueReport) -> VenueReport:
    names = {name: getattr(trade, name) for name in _OF_ORDER}
    return VenueReport(type=EventType.ORDER_STATUS, reported_status=OrderStatus.FILLED, **names)
