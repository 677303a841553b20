"""Instruments and requests over dictionaries."""

from collections.abc import Sequence
from datetime import datetime

import attrs

from sot.adapters.memory.committed import Fed
from sot.adapters.memory.paging import page_of, within
from sot.adapters.memory.tables import Changes
from sot.domain.event import OrderEvent
from sot.domain.instrument import Instrument
from sot.domain.intent import DecisionContext
from sot.domain.vocabulary import FactKind
from sot.ports import repositories as ports
from sot.ports.records import (
    Page,
    PageKey,
    RecordedCheck,
    RecordedRequest,
    RecordedWithdrawal,
    RequestFilter,
)


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
