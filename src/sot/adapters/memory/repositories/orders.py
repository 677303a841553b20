"""Instruments, requests, orders, events, fills and reports in memory."""

from collections.abc import Callable, Sequence
from datetime import datetime

import attrs

from sot.adapters.memory.committed import FeedEntry, IdentifierRow, WaitingRow, identifier_of, identifier_row
from sot.adapters.memory.grouped import GroupedChanges
from sot.adapters.memory.paging import page_of
from sot.adapters.memory.tables import Changes
from sot.domain.audit.known import EventPrefix, KnownAt
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fill import Fill, current_versions
from sot.domain.orders.order import Order
from sot.domain.orders.records import (
    Identifier,
    RecordedCheck,
    RecordedRequest,
    RecordedWithdrawal,
    StateAfter,
    UnattributedReport,
)
from sot.domain.orders.request import DecisionContext
from sot.domain.values.instrument import Instrument, RecordedInstrument
from sot.domain.values.position_key import PositionKey
from sot.domain.values.times import is_between
from sot.domain.values.vocabulary import FactKind, IdentifierKind
from sot.ports import orders as ports
from sot.ports.audit import Feed as FeedPort
from sot.ports.orders import Claims, OrderFilter, RequestFilter
from sot.ports.paging import Page, PageKey


class Instruments(ports.Instruments):
    def __init__(self, rows: Changes[RecordedInstrument], added_facts: list[FeedEntry]) -> None:
        self._rows = rows
        self._added_facts = added_facts

    def add(self, recorded: RecordedInstrument, hash: str, recorded_at: datetime) -> None:
        instrument = recorded.instrument
        key = (instrument.account_id, instrument.venue, instrument.symbol, instrument.valid_from, recorded.number)
        self._rows.add(key, recorded)
        self._added_facts.append((FactKind.INSTRUMENT, recorded, recorded_at))

    def versions(self, account_id: str, venue: str, symbol: str) -> Sequence[Instrument]:
        only = self._rows.only("symbol", (account_id, venue, symbol))
        return super().versions(account_id, venue, symbol) if only is None else [only.instrument]

    def recorded(self, account_id: str, venue: str, symbol: str) -> Sequence[RecordedInstrument]:
        recorded = self._rows.many("symbol", (account_id, venue, symbol))
        return recorded if len(recorded) < 2 else sorted(recorded, key=lambda r: (r.instrument.valid_from, r.number))


class Requests(ports.Requests):
    def __init__(
        self,
        rows: Changes[RecordedRequest],
        orders: Changes[Order],
        events: Changes[OrderEvent],
        added_facts: list[FeedEntry],
    ) -> None:
        self._rows = rows
        self._orders = orders
        self._events = events
        self._added_facts = added_facts

    def add(self, request: RecordedRequest) -> None:
        request.request.forget_text()
        self._rows.add(request.request_id, request)
        self._added_facts.append(request)
        if request.context is not None:
            self._added_facts.append((FactKind.CONTEXT, request, None))
        for check in request.checks:
            self._added_facts.append((FactKind.RISK_CHECK, check, request))

    def add_context(self, request: RecordedRequest, context: DecisionContext, hash: str) -> None:
        changed = attrs.evolve(self._stored(request), context=context, context_hash=hash)
        self._rows.replace(request.request_id, changed)
        self._added_facts.append((FactKind.CONTEXT, changed, None))

    def add_check(self, request: RecordedRequest, check: RecordedCheck) -> None:
        stored = self._stored(request)
        self._rows.replace(request.request_id, attrs.evolve(stored, checks=(*stored.checks, check)))
        self._added_facts.append((FactKind.RISK_CHECK, check, request))

    def add_withdrawal(self, request: RecordedRequest, withdrawal: RecordedWithdrawal) -> None:
        self._added_facts.append((FactKind.WITHDRAWAL, withdrawal, request))
        self._rows.replace(request.request_id, attrs.evolve(self._stored(request), withdrawal=withdrawal))

    def _stored(self, request: RecordedRequest) -> RecordedRequest:
        stored = self._rows.get(request.request_id)
        assert stored is not None
        return stored

    def get(self, request_id: str, lock: bool = False) -> RecordedRequest | None:
        row = self._rows.get(request_id)
        if lock:
            self._rows.expect_unchanged(request_id)
        return None if row is None else self._executed(row, request_id)

    def _with_order(self, row: RecordedRequest) -> RecordedRequest:
        request_id = row.request_id
        return self._executed(self._rows.get(request_id) or row, request_id)  # as this unit of work has changed it

    def _executed(self, row: RecordedRequest, request_id: str) -> RecordedRequest:
        made = self._orders.one("request", request_id)
        if made is not None:
            return row.executed_by(made.order_id)
        events = self._events.many("request", request_id)
        return row.executed_by(events[0].order_id) if events else row

    def by_key(self, account_id: str, key: str, client_order_id: str | None) -> Sequence[RecordedRequest]:
        existing = self._rows.one("key", (account_id, key))
        if existing is not None:
            return [self._with_order(existing)]
        if client_order_id is None:
            return []
        named = self._rows.many("other_client_id", (account_id, client_order_id))
        by_name = self._rows.one("key", (account_id, client_order_id))
        if by_name is not None and by_name.request.client_order_id == client_order_id:
            named.append(by_name)
        return [self._with_order(row) for row in named]

    def list(
        self, filter: RequestFilter, after: PageKey | None, limit: int, *, newest_first: bool = False
    ) -> Page[RecordedRequest, PageKey]:
        rows = (row for _, row in self._rows.all() if filter.matches(row))
        page = page_of(rows, lambda row: (row.recorded_at, row.request_id), after, limit, newest_first)
        return Page([self._with_order(row) for row in page.items], page.next)


class Orders(ports.Orders):
    """Each unit of work has its own copy of an order; committed ones are never handed out."""

    def __init__(self, rows: Changes[Order], identifiers: GroupedChanges[IdentifierRow]) -> None:
        self._rows = rows
        self._identifiers = identifiers
        self._loaded: dict[str, Order] = {}

    def add(self, order: Order) -> None:
        order.version = 1
        self._rows.add(order.order_id, order)
        self._loaded[order.order_id] = order

    def save(self, order: Order) -> None:
        if self._rows.get(order.order_id) is not order:
            order.version += 1
            self._rows.replace(order.order_id, order)

    def rewrite(self, order: Order) -> None:
        if self._rows.get(order.order_id) is not order:
            self._rows.replace(order.order_id, order)

    def get(self, order_id: str) -> Order | None:
        order = self._loaded.get(order_id)
        if order is not None:
            return order
        row = self._rows.get(order_id)
        return None if row is None else self._load(row)

    def _load(self, row: Order) -> Order:
        order = self._loaded.get(row.order_id)
        if order is None:
            self._rows.get_for_update(row.order_id)
            order = self._loaded[row.order_id] = row.copy()
        return order

    def by_request(self, account_id: str, request_id: str) -> Order | None:
        row = self._rows.one("request", request_id)
        return None if row is None or row.account_id != account_id else self._load(row)

    def list(
        self, filter: OrderFilter, after: PageKey | None, limit: int, *, newest_first: bool = False
    ) -> Page[Order, PageKey]:
        order_ids = self._with_identifier(filter)
        rows = (
            order
            for _, row in self._rows.all()
            if (order_ids is None or row.order_id in order_ids)
            and filter.matches(order := self._loaded.get(row.order_id, row))
        )
        page = page_of(rows, lambda order: (order.created_at, order.order_id), after, limit, newest_first)
        return Page([self._load(order) for order in page.items], page.next)

    def _with_identifier(self, filter: OrderFilter) -> set[str] | None:
        """Return the ids of the orders that the identifier of a filter names."""
        if filter.identifier is None:
            return None
        return {
            order_id
            for _, (account_id, _, value, *_, order_id) in self._identifiers.all()
            if value == filter.identifier and filter.account_id in (None, account_id)
        }


class Identifiers(ports.Identifiers):
    def __init__(self, rows: GroupedChanges[IdentifierRow], waiting: Changes[WaitingRow]) -> None:
        self._rows = rows
        self._waiting = waiting

    def add(self, identifier: Identifier, order_id: str) -> None:
        row = identifier_row(identifier, order_id)
        if not self._rows.find(order_id, "row", row):
            self._rows.append(order_id, row)

    def remove(self, identifier: Identifier, order_id: str) -> None:
        self._rows.discard(order_id, identifier_row(identifier, order_id))

    def of_order(self, account_id: str, order_id: str) -> Sequence[Identifier]:
        return sorted(map(identifier_of, self._rows.in_group(order_id)))

    def claims(self, account_id: str, kind: IdentifierKind, value: str, lock: bool = False) -> Claims:
        # A report that starts to wait for an identifier and an order that gets it must not miss each other.
        key = (account_id, kind, value)
        waiting = self._waiting.many_unchanged("value", key) if lock else self._waiting.many("value", key)
        orders = self._rows.many_unchanged("value", key) if lock else self._rows.many("value", key)
        claims = [(identifier_of(row), row[-1]) for row in orders]
        return Claims(claims, [report_id for _, report_id, _, _ in waiting] if waiting else ())


class Events(ports.Events):
    """The events of an order are in one group; they have no gaps, so that their sequence is their place in it."""

    def __init__(self, rows: GroupedChanges[OrderEvent], added_facts: list[FeedEntry]) -> None:
        self._rows = rows
        self._added_facts = added_facts

    def append(self, event: OrderEvent) -> None:
        if event.fact is not None:
            event.fact.forget_text()
        self._rows.append(event.order_id, event)
        self._added_facts.append(event)

    def get(self, account_id: str, order_id: str, sequence: int) -> OrderEvent | None:
        return next(iter(self._rows.in_group(order_id, sequence - 1, 1)), None) if sequence > 0 else None

    def list(self, account_id: str, order_id: str, after: int = 0, limit: int | None = None) -> Sequence[OrderEvent]:
        return self._rows.in_group(order_id, after, limit)

    def by_execution(self, account_id: str, order_id: str, exec_id: str, leg: str) -> Sequence[OrderEvent]:
        return self._rows.find(order_id, "execution", (exec_id, leg))

    def by_content_digest(self, account_id: str, order_id: str, content_digest: str) -> OrderEvent | None:
        return next(iter(self._rows.find(order_id, "content_digest", content_digest)), None)

    def by_report(self, account_id: str, report_id: str) -> OrderEvent | None:
        return next(iter(self._rows.many("report", (account_id, report_id))), None)


class Fills(ports.Fills):
    def __init__(self, rows: GroupedChanges[Fill], feed: Callable[[], FeedPort]) -> None:
        self._rows = rows
        self._feed = feed

    def append(self, fill: Fill) -> None:
        self._rows.append(fill.order_id, fill)

    def list(self, account_id: str, order_id: str) -> Sequence[Fill]:
        return sorted(self._rows.in_group(order_id), key=lambda fill: (fill.execution, fill.version))

    def effective_versions(self, account_id: str, order_id: str, upto: int, after: int, limit: int) -> Sequence[Fill]:
        fills = (fill for fill in self.list(account_id, order_id) if fill.sequence <= upto and fill.execution > after)
        return list({fill.execution: fill for fill in fills}.values())[:limit]

    def by_exec_id(self, account_id: str, order_id: str, exec_id: str, leg: str) -> Sequence[Fill]:
        fills = self.list(account_id, order_id)
        executions = {fill.execution for fill in fills if fill.exec_id == exec_id and fill.leg == leg}
        return [fill for fill in fills if fill.execution in executions]

    def of_position(
        self,
        key: PositionKey,
        since: datetime | None = None,
        known: KnownAt | None = None,
        before: datetime | None = None,
    ) -> Sequence[Fill]:
        rows = self._rows.many("position", key)
        versions = [fill for fill in rows if fill.version or is_between(fill.happened_at, since, before)]
        if known is not None:
            versions = [fill for fill in versions if self._was_known(fill, known)]
        return current_versions(versions, since, before)

    def time_after(self, key: PositionKey, since: datetime | None, count: int) -> datetime | None:
        return None  # all of them are in memory anyway

    def _was_known(self, fill: Fill, known: KnownAt) -> bool:
        leaf = self._feed().find(FactKind.EVENT, fill.account_id, fill.order_id, fill.sequence)
        return leaf is not None and known.includes(leaf)

    def first_change_after(self, key: PositionKey, moment: datetime) -> datetime | None:
        known, versions = KnownAt(recorded_by=moment), self._rows.many("position", key)
        changed = {(fill.order_id, fill.execution) for fill in versions if not self._was_known(fill, known)}
        times = (fill.happened_at for fill in versions if (fill.order_id, fill.execution) in changed)
        return min(times, default=None)

    def positions(self, account_id: str, venue: str | None = None, symbol: str | None = None) -> Sequence[PositionKey]:
        return sorted(
            key
            for key in self._rows.values("position")
            if key.account_id == account_id and venue in (None, key.venue) and symbol in (None, key.symbol)
        )


class Reports(ports.Reports):
    def __init__(
        self, rows: Changes[UnattributedReport], waiting: Changes[WaitingRow], added_facts: list[FeedEntry]
    ) -> None:
        self._rows = rows
        self._waiting = waiting
        self._added_facts = added_facts

    def add(self, report: UnattributedReport, names: Sequence[tuple[IdentifierKind, str]]) -> None:
        self._rows.add(report.report_id, report)
        self._added_facts.append((FactKind.UNATTRIBUTED, report, None))
        self.add_waiting(report, names)

    def add_waiting(self, report: UnattributedReport, names: Sequence[tuple[IdentifierKind, str]]) -> None:
        for kind, value in [(None, ""), *dict.fromkeys(names)]:
            row = (report.account_id, report.report_id, kind, value)
            self._waiting.add(row, row)

    def get(self, account_id: str, report_id: str) -> UnattributedReport | None:
        return self._rows.get(report_id)

    def by_content_digest(self, account_id: str, content_digest: str) -> UnattributedReport | None:
        return self._rows.one("content_digest", (account_id, content_digest))

    def is_waiting(self, report: UnattributedReport) -> bool:
        return bool(self._waiting.many("report", report.report_id))

    def waits_for(self, report: UnattributedReport) -> Sequence[tuple[str, str]]:
        rows = self._waiting.many("report", report.report_id)
        return sorted(("" if kind is None else str(kind), value) for _, _, kind, value in rows)

    def mark_attributed(self, report: UnattributedReport) -> None:
        for row in self._waiting.many("report", report.report_id):
            self._waiting.remove(row)

    def all(self, account_id: str) -> Sequence[UnattributedReport]:
        return sorted(self._rows.many("account", account_id), key=lambda report: report.report_id)

    def waiting(
        self, account_id: str, after: str | None = None, limit: int | None = None
    ) -> Sequence[UnattributedReport]:
        ids = {report_id for _, report_id, _, _ in self._waiting.many("account", account_id)}
        page = sorted(report_id for report_id in ids if report_id > (after or ""))[:limit]
        reports = (self._rows.get(report_id) for report_id in page)
        return [report for report in reports if report is not None]


class States(ports.States):
    def __init__(self, rows: Changes[StateAfter]) -> None:
        self._rows = rows

    def add(self, state: StateAfter) -> None:
        self._rows.add((state.order_id, state.sequence), state)

    def list(self, account_id: str, order_id: str) -> Sequence[StateAfter]:
        return sorted(self._rows.many("order", order_id), key=lambda state: state.sequence)

    def last(self, account_id: str, order_id: str, upto: EventPrefix) -> StateAfter | None:
        for state in reversed(self.list(account_id, order_id)):
            if upto.includes(state.sequence, state.recorded_at, state.happened_at):
                return state
        return None

    def drop(self, account_id: str, order_id: str) -> None:
        for state in self._rows.many("order", order_id):
            self._rows.remove((order_id, state.sequence))
