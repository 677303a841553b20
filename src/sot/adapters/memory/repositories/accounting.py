"""Account events, costs, profit and loss, and positions in memory."""

from collections.abc import Sequence
from datetime import datetime

from sot.adapters.memory.committed import FeedEntry, PositionRow
from sot.adapters.memory.order_rows import OrderChanges
from sot.adapters.memory.paging import page_of
from sot.adapters.memory.tables import Changes
from sot.domain.accounting.account_event import AccountEvent, RecordedAccountEvent
from sot.domain.accounting.costs import OrderCosts
from sot.domain.accounting.pnl import OrderPnl
from sot.domain.accounting.position import PositionState
from sot.domain.values.position_key import PositionKey
from sot.domain.values.vocabulary import FactKind
from sot.ports import accounting as ports
from sot.ports.accounting import AccountEventFilter
from sot.ports.paging import Page, PageKey


class AccountEvents(ports.AccountEvents):
    def __init__(self, rows: Changes[RecordedAccountEvent], added_facts: list[FeedEntry]) -> None:
        self._rows = rows
        self._added_facts = added_facts

    def add(self, event: RecordedAccountEvent) -> None:
        self._rows.add(event.event_id, event)
        self._added_facts.append((FactKind.ACCOUNT_EVENT, event, None))

    def get(self, event_id: str) -> RecordedAccountEvent | None:
        return self._rows.get(event_id)

    def by_content_digest(self, account_id: str, content_digest: str) -> RecordedAccountEvent | None:
        return self._rows.one("content_digest", (account_id, content_digest))

    def by_identity(self, account_id: str, identity: str) -> RecordedAccountEvent | None:
        return self._rows.one("identity", (account_id, identity))

    def replacement_of(self, account_id: str, event_id: str) -> RecordedAccountEvent | None:
        return self._rows.one("replaced", (account_id, event_id))

    def effective(
        self, account_id: str, venue: str | None = None, symbol: str | None = None, since: datetime | None = None
    ) -> Sequence[AccountEvent]:
        return [
            row.event
            for row in self._rows.many("account", account_id)
            if row.counts
            and venue in (None, row.event.venue)
            and symbol in (None, row.event.symbol, row.event.to_symbol)
            and (since is None or row.event.occurred_at >= since)
            and self.replacement_of(account_id, row.event_id) is None
        ]

    def list(
        self, filter: AccountEventFilter, after: PageKey | None, limit: int
    ) -> Page[RecordedAccountEvent, PageKey]:
        rows = (row for _, row in self._rows.all() if filter.matches(row))
        return page_of(rows, lambda row: (row.recorded_at, row.event_id), after, limit)


class Positions(ports.Positions):
    def __init__(self, rows: Changes[PositionRow]) -> None:
        self._rows = rows

    def _row(self, key: PositionKey) -> PositionRow:
        return self._rows.get_for_update(key) or PositionRow(key)

    def _write(self, row: PositionRow) -> None:
        if self._rows.get(row.key) is None:
            self._rows.add(row.key, row)
        else:
            self._rows.replace(row.key, row)

    def get(self, key: PositionKey, lock: bool = False) -> PositionState | None:
        row = self._rows.get_for_update(key) if lock else self._rows.get(key)
        return None if row is None else row.state

    def put(self, key: PositionKey, state: PositionState, currency: str) -> None:
        row = self._rows.get_for_update(key)
        if row is None:
            self._rows.add(key, PositionRow(key, state))
        else:
            self._rows.replace(key, PositionRow(key, state, row.snapshots))

    def remove(self, key: PositionKey) -> None:
        row = self._row(key)
        if row.state is not None:
            self._write(PositionRow(key, None, row.snapshots))

    def list(
        self,
        account_id: str,
        venue: str | None = None,
        symbol: str | None = None,
        open_only: bool = False,
        after: PositionKey | None = None,
        limit: int | None = None,
        venue_account: str | None = None,
    ) -> Sequence[tuple[PositionKey, PositionState]]:
        positions = [
            (row.key, row.state)
            for _, row in self._rows.all()
            if row.state is not None
            and (row.state.is_open or not open_only)
            and (after is None or row.key > after)
            and row.key.account_id == account_id
            and venue in (None, row.key.venue)
            and symbol in (None, row.key.symbol)
            and venue_account in (None, row.key.venue_account)
        ]
        return sorted(positions, key=lambda position: position[0])[:limit]

    def add_snapshot(self, key: PositionKey, state: PositionState) -> None:
        row = self._row(key)
        self._write(PositionRow(key, row.state, (*row.snapshots, state)))

    def last_snapshot(self, key: PositionKey, before: str | None = None, common: bool = False) -> PositionState | None:
        for state in reversed(self.snapshots(key)):
            if (before is None or state.last_key < before) and (not common or state.is_common):
                return state
        return None

    def snapshots(self, key: PositionKey) -> Sequence[PositionState]:
        row = self._rows.get(key)
        return () if row is None else row.snapshots

    def keys_of_snapshots(self, account_id: str) -> Sequence[PositionKey]:
        keys = (row.key for _, row in self._rows.all() if row.snapshots)
        return sorted(key for key in keys if key.account_id == account_id)

    def drop_snapshots(self, key: PositionKey, since: str) -> None:
        row = self._row(key)
        remaining = tuple(state for state in row.snapshots if state.last_key < since)
        if len(remaining) != len(row.snapshots):
            self._write(PositionRow(key, row.state, remaining))


class Costs(ports.Costs):
    def __init__(self, rows: OrderChanges) -> None:
        self._rows = rows

    def put(self, costs: OrderCosts) -> None:
        self._rows.change(costs.order_id).costs = costs

    def drop(self, account_id: str, order_id: str) -> None:
        if self._rows.get(order_id).costs is not None:
            self._rows.change(order_id).costs = None

    def get(self, account_id: str, order_id: str) -> OrderCosts | None:
        return self._rows.get(order_id).costs


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
