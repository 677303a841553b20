"""The repositories over dictionaries."""

from collections.abc import Callable, Hashable, Sequence
from datetime import datetime
from typing import Any

import attrs

from sot.adapters.memory.paging import page_of, within
from sot.adapters.memory.tables import Changes, Table
from sot.domain.access import ApiKey, IdempotencyRecord
from sot.domain.account_event import AccountEvent
from sot.domain.checkpoint import Checkpoint
from sot.domain.costs import OrderCosts
from sot.domain.event import OrderEvent
from sot.domain.fill import Fill
from sot.domain.folding import PositionKey
from sot.domain.instrument import Instrument
from sot.domain.intent import DecisionContext
from sot.domain.order import Order
from sot.domain.pnl import OrderPnl
from sot.domain.position import PositionState
from sot.domain.vocabulary import FactKind, IdentifierKind
from sot.ports import repositories as ports
from sot.ports.audit import Feed as FeedPort
from sot.ports.records import (
    AccountEventFilter,
    Claims,
    Identifier,
    Known,
    OrderFilter,
    Page,
    PageKey,
    Prefix,
    RecordedAccountEvent,
    RecordedCheck,
    RecordedReconciliation,
    RecordedRequest,
    RecordedWithdrawal,
    RequestFilter,
    StateAfter,
    UnattributedReport,
)

Waiting = tuple[str, str, IdentifierKind | None, str]  # account, report, kind, value


def _client_name(row: RecordedRequest) -> Hashable | None:
    request = row.request
    if request.client_order_id is None:
        return None
    return request.account_id, request.venue, request.venue_account, request.id_scope, request.client_order_id


def _execution(event: OrderEvent) -> Hashable | None:
    identity = event.report.identity if event.report else None
    return None if identity is None else (event.order_id, *identity)


def _request_of(event: OrderEvent) -> Hashable | None:
    return event.fact.request_id if event.fact else None


def _closes(recorded: RecordedReconciliation) -> Hashable | None:
    return None if recorded.closes is None else (recorded.account_id, recorded.closes)


def _is_part(recorded: RecordedReconciliation) -> Hashable | None:
    return None if recorded.part is None else (recorded.account_id, recorded.row.run_id, recorded.part)


@attrs.frozen
class Held:
    """A position with its checkpoints: one row, since they change together. Without `state` nothing moves it."""

    key: PositionKey
    state: PositionState | None = None
    checkpoints: tuple[PositionState, ...] = ()


Told = tuple[FactKind, Any, Any]
"""A fact in the feed: its kind, itself, and what it was said of or when it was recorded, where it does not tell."""

Fed = OrderEvent | Told | None
"""What the feed keeps: events, which most facts are, as they are; None stands for a position that no fact has."""


class Tables:
    """The committed state of a store."""

    def __init__(self) -> None:
        self.instruments: Table[Instrument] = Table(
            "instrument", plain={"symbol": lambda i: (i.account_id, i.venue, i.symbol)}
        )
        self.requests: Table[RecordedRequest] = Table(
            "request",
            unique={"key": lambda r: (r.account_id, r.request.key), "client_order_id": _client_name},
            plain={"named": lambda r: r.request.client_order_id and (r.account_id, r.request.client_order_id)},
        )
        self.orders: Table[Order] = Table(
            "order", unique={"request": lambda o: o.request_id and (o.account_id, o.request_id)}
        )
        self.identifiers: Table[tuple[Identifier, str]] = Table(
            "identifier",
            plain={"value": lambda row: (row[0].account_id, row[0].kind, row[0].value), "order": lambda row: row[1]},
        )
        self.events: Table[OrderEvent] = Table(
            "event",
            unique={"said": lambda e: e.said and (e.order_id, e.said)},
            plain={"order": lambda e: e.order_id, "execution": _execution, "request": _request_of},
        )
        self.fills: Table[Fill] = Table(
            "fill", plain={"order": lambda f: f.order_id, "position": lambda f: f.position_key}
        )
        self.reports: Table[UnattributedReport] = Table(
            "report",
            unique={"said": lambda r: (r.account_id, r.said)},
            plain={"account": lambda r: r.account_id},
        )
        self.waiting: Table[Waiting] = Table(
            "waiting",
            plain={"value": lambda w: (w[0], w[2], w[3]), "report": lambda w: w[1], "account": lambda w: w[0]},
        )
        self.costs: Table[OrderCosts] = Table("costs")
        self.pnl: Table[OrderPnl] = Table("pnl", plain={"order": lambda p: p.order_id})
        self.account_events: Table[RecordedAccountEvent] = Table(
            "account event",
            unique={
                "said": lambda e: (e.account_id, e.said),
                "identity": lambda e: (e.account_id, e.identity),
                "replaced": lambda e: (e.account_id, e.event.replaces) if e.event.replaces and e.counts else None,
            },
            plain={"account": lambda e: e.account_id},
        )
        self.reconciliations: Table[RecordedReconciliation] = Table(
            "reconciliation",
            unique={"closed": _closes, "part": _is_part},
            plain={"id": lambda r: r.record_id, "account": lambda r: r.account_id},
        )
        self.positions: Table[Held] = Table("position")
        self.states: Table[StateAfter] = Table("state", plain={"order": lambda state: state.order_id})
        self.checkpoints: Table[Checkpoint] = Table("checkpoint")
        self.api_keys: Table[ApiKey] = Table("api key")
        self.idempotency_records: Table[IdempotencyRecord] = Table("idempotency record")
        self.feed: list[Fed] = []


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

    def of(self, account_id: str, order_id: str) -> Sequence[Identifier]:
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

    def by_said(self, account_id: str, order_id: str, said: str) -> OrderEvent | None:
        return self._rows.one("said", (order_id, said))


class Fills(ports.Fills):
    def __init__(self, rows: Changes[Fill], feed: Callable[[], FeedPort]) -> None:
        self._rows = rows
        self._feed = feed

    def append(self, fill: Fill) -> None:
        self._rows.add((fill.order_id, fill.execution, fill.version), fill)

    def list(self, account_id: str, order_id: str) -> Sequence[Fill]:
        return sorted(self._rows.many("order", order_id), key=lambda fill: (fill.execution, fill.version))

    def holding(self, account_id: str, order_id: str, upto: int, after: int, limit: int) -> Sequence[Fill]:
        known = (fill for fill in self.list(account_id, order_id) if fill.sequence <= upto and fill.execution > after)
        return list({fill.execution: fill for fill in known}.values())[:limit]

    def known_as(self, account_id: str, order_id: str, exec_id: str, leg: str) -> Sequence[Fill]:
        fills = self.list(account_id, order_id)
        named = {fill.execution for fill in fills if fill.exec_id == exec_id and fill.leg == leg}
        return [fill for fill in fills if fill.execution in named]

    def of_position(
        self,
        key: PositionKey,
        since: datetime | None = None,
        known: Known | None = None,
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

    def moment_after(self, key: PositionKey, since: datetime | None, count: int) -> datetime | None:
        return None  # all of them are in memory already

    def _was_known(self, fill: Fill, known: Known) -> bool:
        leaf = self._feed().find(FactKind.EVENT, fill.account_id, fill.order_id, fill.sequence)
        return leaf is not None and known.holds(leaf)

    def changed_after(self, key: PositionKey, moment: datetime) -> datetime | None:
        known = Known(moment=moment)
        changed = (fill.happened_at for fill in self._rows.many("position", key) if not self._was_known(fill, known))
        return min(changed, default=None)

    def positions(self, account_id: str, venue: str | None = None, symbol: str | None = None) -> Sequence[PositionKey]:
        keys = self._rows.values("position")
        return sorted(key for key in keys if _iswithin(key, account_id, venue, symbol))


def _iswithin(key: PositionKey, account_id: str, venue: str | None, symbol: str | None) -> bool:
    return key.account_id == account_id and venue in (None, key.venue) and symbol in (None, key.symbol)


class Reports(ports.Reports):
    def __init__(self, rows: Changes[UnattributedReport], waiting: Changes[Waiting], feed: list[Fed]) -> None:
        self._rows = rows
        self._waiting = waiting
        self._feed = feed

    def add(self, report: UnattributedReport, names: Sequence[tuple[IdentifierKind, str]]) -> None:
        self._rows.add(report.report_id, report)
        self._feed.append((FactKind.UNATTRIBUTED, report, None))
        self.wait(report, names)

    def wait(self, report: UnattributedReport, names: Sequence[tuple[IdentifierKind, str]]) -> None:
        for kind, value in [(None, ""), *dict.fromkeys(names)]:
            row = (report.account_id, report.report_id, kind, value)
            self._waiting.add(row, row)

    def get(self, account_id: str, report_id: str) -> UnattributedReport | None:
        return self._rows.get(report_id)

    def by_said(self, account_id: str, said: str) -> UnattributedReport | None:
        return self._rows.one("said", (account_id, said))

    def waits(self, report: UnattributedReport) -> bool:
        return bool(self._waiting.many("report", report.report_id))

    def attributed(self, report: UnattributedReport) -> None:
        for row in self._waiting.many("report", report.report_id):
            self._waiting.remove(row)

    def kept(self, account_id: str) -> Sequence[UnattributedReport]:
        return sorted(self._rows.many("account", account_id), key=lambda report: report.report_id)

    def waiting(
        self, account_id: str, after: str | None = None, limit: int | None = None
    ) -> Sequence[UnattributedReport]:
        ids = sorted({row[1] for row in self._waiting.many("account", account_id) if row[1] > (after or "")})
        found = (self._rows.get(report_id) for report_id in ids[:limit])
        return [report for report in found if report is not None]


class Costs(ports.Costs):
    def __init__(self, rows: Changes[OrderCosts]) -> None:
        self._rows = rows

    def put(self, costs: OrderCosts) -> None:
        if self._rows.get(costs.order_id) is None:
            self._rows.add(costs.order_id, costs)
        else:
            self._rows.replace(costs.order_id, costs)

    def drop(self, account_id: str, order_id: str) -> None:
        self._rows.remove(order_id)

    def get(self, account_id: str, order_id: str) -> OrderCosts | None:
        return self._rows.get(order_id)


class PnlSnapshots(ports.PnlSnapshots):
    def __init__(self, rows: Changes[OrderPnl]) -> None:
        self._rows = rows

    def add(self, pnl: OrderPnl) -> None:
        self._rows.add((pnl.order_id, pnl.sequence), pnl)

    def drop(self, account_id: str, order_id: str) -> None:
        for pnl in self._rows.many("order", order_id):
            self._rows.remove((order_id, pnl.sequence))

    def list(self, account_id: str, order_id: str) -> Sequence[OrderPnl]:
        return self._rows.many("order", order_id)

    def last(self, account_id: str, order_id: str, upto: int) -> OrderPnl | None:
        return next((pnl for pnl in reversed(self.list(account_id, order_id)) if pnl.sequence <= upto), None)


class AccountEvents(ports.AccountEvents):
    def __init__(self, rows: Changes[RecordedAccountEvent], feed: list[Fed]) -> None:
        self._rows = rows
        self._feed = feed

    def add(self, event: RecordedAccountEvent) -> None:
        self._rows.add(event.event_id, event)
        self._feed.append((FactKind.ACCOUNT_EVENT, event, None))

    def get(self, event_id: str) -> RecordedAccountEvent | None:
        return self._rows.get(event_id)

    def by_said(self, account_id: str, said: str) -> RecordedAccountEvent | None:
        return self._rows.one("said", (account_id, said))

    def by_identity(self, account_id: str, identity: str) -> RecordedAccountEvent | None:
        return self._rows.one("identity", (account_id, identity))

    def replaced(self, account_id: str, event_id: str) -> RecordedAccountEvent | None:
        return self._rows.one("replaced", (account_id, event_id))

    def effective(
        self, account_id: str, venue: str | None = None, symbol: str | None = None, since: datetime | None = None
    ) -> Sequence[AccountEvent]:
        return [
            row.event
            for row in self._rows.many("account", account_id)
            if row.counts
            and venue in (None, row.event.venue)
            and symbol in (None, row.event.symbol)
            and (since is None or row.event.occurred_at >= since)
            and self.replaced(account_id, row.event_id) is None
        ]

    def list(self, filter: AccountEventFilter, after: PageKey | None, limit: int) -> Page[RecordedAccountEvent]:
        def matches(row: RecordedAccountEvent) -> bool:
            event = row.event
            return (
                filter.account_id in (None, event.account_id)
                and filter.type in (None, event.type)
                and filter.venue in (None, event.venue)
                and filter.symbol in (None, event.symbol)
                and within(event.occurred_at, filter.occurred_from, filter.occurred_before)
            )

        rows = (row for _, row in self._rows.all() if matches(row))
        return page_of(rows, lambda row: (row.recorded_at, row.event_id), after, limit)


class Positions(ports.Positions):
    def __init__(self, rows: Changes[Held]) -> None:
        self._rows = rows

    def _held(self, key: PositionKey) -> Held:
        return self._rows.watch(key) or Held(key)

    def _put(self, held: Held) -> None:
        if self._rows.get(held.key) is None:
            self._rows.add(held.key, held)
        else:
            self._rows.replace(held.key, held)

    def get(self, key: PositionKey, lock: bool = False) -> PositionState | None:
        held = self._rows.watch(key) if lock else self._rows.get(key)
        return None if held is None else held.state

    def put(self, key: PositionKey, state: PositionState, currency: str) -> None:
        self._put(Held(key, state, self._held(key).checkpoints))

    def remove(self, key: PositionKey) -> None:
        held = self._held(key)
        if held.state is not None:
            self._put(Held(key, None, held.checkpoints))

    def list(
        self,
        account_id: str,
        venue: str | None = None,
        symbol: str | None = None,
        open_only: bool = False,
        after: PositionKey | None = None,
        limit: int | None = None,
    ) -> Sequence[tuple[PositionKey, PositionState]]:
        found = [
            (held.key, held.state)
            for _, held in self._rows.all()
            if held.state is not None
            and (held.state.quantity or not open_only)
            and (after is None or held.key > after)
            and _iswithin(held.key, account_id, venue, symbol)
        ]
        return sorted(found, key=lambda row: row[0])[:limit]

    def add_checkpoint(self, key: PositionKey, state: PositionState) -> None:
        held = self._held(key)
        self._put(Held(key, held.state, (*held.checkpoints, state)))

    def checkpoint(self, key: PositionKey, before: str | None = None, common: bool = False) -> PositionState | None:
        for state in reversed(self.checkpoints(key)):
            if (before is None or state.last_key < before) and (not common or state.is_common):
                return state
        return None

    def checkpoints(self, key: PositionKey) -> Sequence[PositionState]:
        held = self._rows.get(key)
        return () if held is None else held.checkpoints

    def drop_checkpoints(self, key: PositionKey, since: str) -> None:
        held = self._held(key)
        kept = tuple(state for state in held.checkpoints if state.last_key < since)
        if len(kept) != len(held.checkpoints):
            self._put(Held(key, held.state, kept))


class States(ports.States):
    def __init__(self, rows: Changes[StateAfter]) -> None:
        self._rows = rows

    def add(self, state: StateAfter) -> None:
        self._rows.add((state.order_id, state.sequence), state)

    def list(self, account_id: str, order_id: str) -> Sequence[StateAfter]:
        return sorted(self._rows.many("order", order_id), key=lambda state: state.sequence)

    def last(self, account_id: str, order_id: str, upto: Prefix) -> StateAfter | None:
        for state in reversed(self.list(account_id, order_id)):
            if upto.holds(state.sequence, state.recorded_at, state.happened_at):
                return state
        return None

    def drop(self, account_id: str, order_id: str) -> None:
        for state in self._rows.many("order", order_id):
            self._rows.remove((order_id, state.sequence))
