"""Account events, costs, profit and loss, and positions in dictionaries."""

from collections.abc import Sequence
from datetime import datetime

from sot.adapters.memory.committed import Fed, Held
from sot.adapters.memory.paging import is_within, page_of, within
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
    def __init__(self, rows: Changes[RecordedAccountEvent], feed: list[Fed]) -> None:
        self._rows = rows
        self._feed = feed

    def add(self, event: RecordedAccountEvent) -> None:
        self._rows.add(event.event_id, event)
        self._feed.append((FactKind.ACCOUNT_EVENT, event, None))

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
            and symbol in (None, row.event.symbol)
            and (since is None or row.event.occurred_at >= since)
            and self.replacement_of(account_id, row.event_id) is None
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
            and is_within(held.key, account_id, venue, symbol)
        ]
        return sorted(found, key=lambda row: row[0])[:limit]

    def add_snapshot(self, key: PositionKey, state: PositionState) -> None:
        held = self._held(key)
        self._put(Held(key, held.state, (*held.checkpoints, state)))

    def last_snapshot(self, key: PositionKey, before: str | None = None, common: bool = False) -> PositionState | None:
        for state in reversed(self.snapshots(key)):
            if (before is None or state.last_key < before) and (not common or state.is_common):
                return state
        return None

    def snapshots(self, key: PositionKey) -> Sequence[PositionState]:
        held = self._rows.get(key)
        return () if held is None else held.checkpoints

    def drop_snapshots(self, key: PositionKey, since: str) -> None:
        held = self._held(key)
        kept = tuple(state for state in held.checkpoints if state.last_key < since)
        if len(kept) != len(held.checkpoints):
            self._put(Held(key, held.state, kept))


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
