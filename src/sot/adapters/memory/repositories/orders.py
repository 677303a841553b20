"""Instruments, requests, orders, events, fills and reports in dictionaries."""

from collections.abc import Callable, Sequence
from datetime import datetime

import attrs

from sot.adapters.memory.committed import Fed, Waiting
from sot.adapters.memory.paging import is_within, page_of, within
from sot.adapters.memory.tables import Changes
from sot.domain.audit.known import EventPrefix, KnownAt
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fill import Fill
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
from sot.domain.values.instrument import Instrument
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import FactKind, IdentifierKind
from sot.ports import orders as ports
from sot.ports.audit import Feed as FeedPort
from sot.ports.orders import Claims, OrderFilter, RequestFilter
from sot.ports.paging import Page, PageKey


class Instruments(ports.Instruments):
    def __init__(self, rows: Changes[Instrument], feed: list[Fed]) -> None:
        self._rows = rows
        self._feed = feed

    def add(self, instrument: Instrument, hash: str, recorded_at: datetime) -> None:
        key = (instrument.account_id, instrument.venue, instrument.symbol, instrument.valid_from)
        self._rows.add(key, instrument)
        self._feed.append((FactKind.INSTRUMENT, instrument, recorded_at))

    def versions(self, account_id: str, venue: str, symbol: str) -> Sequence[Instrument]:
        found = self._rows.many("symbol", (account_id, venue, symbol))
        return found if len(found) < 2 else sorted(found, key=lambda version: version.valid_from)


class Requests(ports.Requests):
    def __init__(self, rows: Changes[RecordedRequest], events: Changes[OrderEvent], feed: list[Fed]) -> None:
        self._rows = rows
        self._events = events
        self._feed = feed

    def add(self, request: RecordedRequest) -> None:
        self._rows.add(request.request_id, request)
        self._feed.append((FactKind.REQUEST, request, None))
        if request.context is not None:
            self._feed.append((FactKind.CONTEXT, request, None))
        for check in request.checks:
            self._feed.append((FactKind.RISK_CHECK, check, request))

    def add_context(self, request: RecordedRequest, context: DecisionContext, hash: str) -> None:
        told = attrs.evolve(self._stored(request), context=context, context_hash=hash)
        self._rows.replace(request.request_id, told)
        self._feed.append((FactKind.CONTEXT, told, None))

    def add_check(self, request: RecordedRequest, check: RecordedCheck) -> None:
        stored = self._stored(request)
        self._rows.replace(request.request_id, attrs.evolve(stored, checks=(*stored.checks, check)))
        self._feed.append((FactKind.RISK_CHECK, check, request))

    def add_withdrawal(self, request: RecordedRequest, withdrawal: RecordedWithdrawal) -> None:
        self._feed.append((FactKind.WITHDRAWAL, withdrawal, request))
        self._rows.replace(request.request_id, attrs.evolve(self._stored(request), withdrawal=withdrawal))

    def _stored(self, request: RecordedRequest) -> RecordedRequest:
        stored = self._rows.get(request.request_id)
        assert stored is not None
        return stored

    def get(self, request_id: str, lock: bool = False) -> RecordedRequest | None:
        row = self._rows.get(request_id)
        if lock:
            self._rows.expect(request_id)
        return None if row is None else self._with_order(row)

    def _with_order(self, row: RecordedRequest) -> RecordedRequest:
        row = self._rows.get(row.request_id) or row  # as this unit of work has changed it
        events = self._events.many("request", row.request_id)
        if not events:
            return row
        made = next((event for event in events if event.sequence == 1), events[0])
        return attrs.evolve(row, order_id=made.order_id)

    def by_key(self, account_id: str, key: str, client_order_id: str | None) -> Sequence[RecordedRequest]:
        known = self._rows.one("key", (account_id, key))
        if known is not None:
            return [self._with_order(known)]
        if client_order_id is None:
            return []
        return [self._with_order(row) for row in self._rows.many("named", (account_id, client_order_id))]

    def list(self, filter: RequestFilter, after: PageKey | None, limit: int) -> Page[RecordedRequest]:
        def matches(row: RecordedRequest) -> bool:
            return (
                filter.account_id in (None, row.account_id)
                and filter.symbol in (None, row.request.symbol)
                and filter.strategy_code in (None, row.request.strategy_code)
                and within(row.recorded_at, filter.recorded_from, filter.recorded_before)
            )

        rows = (row for _, row in self._rows.all() if matches(row))
        page = page_of(rows, lambda row: (row.recorded_at, row.request_id), after, limit)
        return Page([self._with_order(row) for row in page.items], page.next)


class Orders(ports.Orders):
    """Committed orders are never given out: a unit of work has its own copies, one per order."""

    def __init__(self, rows: Changes[Order], identifiers: Changes[tuple[Identifier, str]]) -> None:
        self._rows = rows
        self._identifiers = identifiers
        self._given: dict[str, Order] = {}

    def add(self, order: Order) -> None:
        order.version = 1
        self._rows.add(order.order_id, order)
        self._given[order.order_id] = order

    def save(self, order: Order) -> None:
        if self._rows.get(order.order_id) is not order:
            order.version += 1
            self._rows.replace(order.order_id, order)

    def rewrite(self, order: Order) -> None:
        if self._rows.get(order.order_id) is not order:
            self._rows.replace(order.order_id, order)

    def get(self, order_id: str) -> Order | None:
        given = self._given.get(order_id)
        if given is not None:
            return given
        row = self._rows.get(order_id)
        if row is None:
            return None
        return self._give(row)

    def _give(self, row: Order) -> Order:
        given = self._given.get(row.order_id)
        if given is None:
            given = self._given[row.order_id] = row.copy()
        return given

    def by_request(self, account_id: str, request_id: str) -> Order | None:
        row = self._rows.one("request", (account_id, request_id))
        return None if row is None else self._give(row)

    def list(self, filter: OrderFilter, after: PageKey | None, limit: int) -> Page[Order]:
        named = self._named(filter)
        rows = (
            order
            for _, row in self._rows.all()
            if (named is None or row.order_id in named)
            and _matches(filter, order := self._given.get(row.order_id, row))
        )
        page = page_of(rows, lambda order: (order.created_at, order.order_id), after, limit)
        return Page([self._give(order) for order in page.items], page.next)

    def _named(self, filter: OrderFilter) -> set[str] | None:
        if filter.identifier is None:
            return None
        return {
            order_id
            for _, (identifier, order_id) in self._identifiers.all()
            if identifier.value == filter.identifier and filter.account_id in (None, identifier.account_id)
        }


def _matches(filter: OrderFilter, order: Order) -> bool:
    return (
        filter.account_id in (None, order.account_id)
        and (not filter.statuses or order.status in filter.statuses)
        and filter.venue in (None, order.venue)
        and filter.symbol in (None, order.symbol)
        and filter.strategy_code in (None, order.strategy_code)
        and filter.is_open in (None, order.is_open)
        and filter.in_doubt in (None, order.in_doubt)
        and within(order.created_at, filter.created_from, filter.created_before)
    )


class Identifiers(ports.Identifiers):
    def __init__(self, rows: Changes[tuple[Identifier, str]], waiting: Changes[Waiting]) -> None:
        self._rows = rows
        self._waiting = waiting

    def add(self, identifier: Identifier, order_id: str) -> None:
        row = (identifier, order_id)
        if self._rows.get(row) is None:
            self._rows.add(row, row)

    def of_order(self, account_id: str, order_id: str) -> Sequence[Identifier]:
        return sorted(identifier for identifier, _ in self._rows.many("order", order_id))

    def claims(self, account_id: str, kind: IdentifierKind, value: str) -> Claims:
        """A report that starts to wait for a name and an order that takes it must not miss each other."""
        key = (account_id, kind, value)
        waiting = self._waiting.expect_many("value", key)
        return Claims(self._rows.expect_many("value", key), [one[1] for one in waiting])


class Events(ports.Events):
    def __init__(self, rows: Changes[OrderEvent], feed: list[Fed]) -> None:
        self._rows = rows
        self._feed = feed

    def append(self, event: OrderEvent) -> None:
        self._rows.add((event.order_id, event.sequence), event)
        self._feed.append(event)

    def get(self, account_id: str, order_id: str, sequence: int) -> OrderEvent | None:
        return self._rows.get((order_id, sequence))

    def list(self, account_id: str, order_id: str, after: int = 0, limit: int | None = None) -> Sequence[OrderEvent]:
        return self._rows.many("order", order_id)[after:][:limit]

    def by_execution(self, account_id: str, order_id: str, exec_id: str, leg: str) -> Sequence[OrderEvent]:
        return self._rows.many("execution", (order_id, exec_id, leg))

    def by_content_digest(self, account_id: str, order_id: str, content_digest: str) -> OrderEvent | None:
        return self._rows.one("content_digest", (order_id, content_digest))


class Fills(ports.Fills):
    def __init__(self, rows: Changes[Fill], feed: Callable[[], FeedPort]) -> None:
        self._rows = rows
        self._feed = feed

    def append(self, fill: Fill) -> None:
        self._rows.add((fill.order_id, fill.execution, fill.version), fill)

    def list(self, account_id: str, order_id: str) -> Sequence[Fill]:
        return sorted(self._rows.many("order", order_id), key=lambda fill: (fill.execution, fill.version))

    def effective_versions(self, account_id: str, order_id: str, upto: int, after: int, limit: int) -> Sequence[Fill]:
        known = (fill for fill in self.list(account_id, order_id) if fill.sequence <= upto and fill.execution > after)
        return list({fill.execution: fill for fill in known}.values())[:limit]

    def by_exec_id(self, account_id: str, order_id: str, exec_id: str, leg: str) -> Sequence[Fill]:
        fills = self.list(account_id, order_id)
        named = {fill.execution for fill in fills if fill.exec_id == exec_id and fill.leg == leg}
        return [fill for fill in fills if fill.execution in named]

    def of_position(
        self,
        key: PositionKey,
        since: datetime | None = None,
        known: KnownAt | None = None,
        before: datetime | None = None,
    ) -> Sequence[Fill]:
        latest: dict[tuple[str, int], Fill] = {}
        for fill in self._rows.many("position", key):
            at = fill.happened_at
            within = (since is None or at >= since) and (before is None or at < before)
            if within and (known is None or self._was_known(fill, known)):
                held = latest.get((fill.order_id, fill.execution))
                if held is None or held.version < fill.version:
                    latest[fill.order_id, fill.execution] = fill
        return [fill for fill in latest.values() if fill.counts]

    def time_after(self, key: PositionKey, since: datetime | None, count: int) -> datetime | None:
        return None  # all of them are in memory already

    def _was_known(self, fill: Fill, known: KnownAt) -> bool:
        leaf = self._feed().find(FactKind.EVENT, fill.account_id, fill.order_id, fill.sequence)
        return leaf is not None and known.includes(leaf)

    def first_change_after(self, key: PositionKey, moment: datetime) -> datetime | None:
        known = KnownAt(recorded_by=moment)
        changed = (fill.happened_at for fill in self._rows.many("position", key) if not self._was_known(fill, known))
        return min(changed, default=None)

    def positions(self, account_id: str, venue: str | None = None, symbol: str | None = None) -> Sequence[PositionKey]:
        keys = self._rows.values("position")
        return sorted(key for key in keys if is_within(key, account_id, venue, symbol))


class Reports(ports.Reports):
    def __init__(self, rows: Changes[UnattributedReport], waiting: Changes[Waiting], feed: list[Fed]) -> None:
        self._rows = rows
        self._waiting = waiting
        self._feed = feed

    def add(self, report: UnattributedReport, names: Sequence[tuple[IdentifierKind, str]]) -> None:
        self._rows.add(report.report_id, report)
        self._feed.append((FactKind.UNATTRIBUTED, report, None))
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

    def mark_attributed(self, report: UnattributedReport) -> None:
        for row in self._waiting.many("report", report.report_id):
            self._waiting.remove(row)

    def all(self, account_id: str) -> Sequence[UnattributedReport]:
        return sorted(self._rows.many("account", account_id), key=lambda report: report.report_id)

    def waiting(
        self, account_id: str, after: str | None = None, limit: int | None = None
    ) -> Sequence[UnattributedReport]:
        ids = sorted({row[1] for row in self._waiting.many("account", account_id) if row[1] > (after or "")})
        found = (self._rows.get(report_id) for report_id in ids[:limit])
        return [report for report in found if report is not None]


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
