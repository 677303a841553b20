"""Instruments and requests in memory."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

import attrs

from sot.adapters.memory.committed import FeedEntry
from sot.adapters.memory.order_rows import OrderChanges
from sot.adapters.memory.paging import page_of
from sot.adapters.memory.tables import Changes
from sot.domain.orders.records import RecordedCheck, RecordedRequest, RecordedWithdrawal
from sot.domain.orders.request import DecisionContext
from sot.domain.values.instrument import Instrument, RecordedInstrument
from sot.domain.values.vocabulary import FactKind
from sot.ports import orders as ports
from sot.ports.orders import RequestFilter
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
        orders: OrderChanges,
        added_facts: list[FeedEntry],
    ) -> None:
        self._rows = rows
        self._orders = orders
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

    def decision_price(self, account_id: str, request_id: str) -> Decimal | None:
        row = self._rows.get(request_id)
        return None if row is None or row.account_id != account_id else row.decision_price

    def _with_order(self, row: RecordedRequest) -> RecordedRequest:
        request_id = row.request_id
        return self._executed(self._rows.get(request_id) or row, request_id)  # as this unit of work has changed it

    def _executed(self, row: RecordedRequest, request_id: str) -> RecordedRequest:
        order_ids = self._orders.index("request").many(request_id) or self._orders.index("executed").many(request_id)
        return row.executed_by(order_ids[0]) if order_ids else row

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
