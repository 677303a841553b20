"""Repositories of account events, costs, profit and loss, and positions."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import attrs

from sot.domain.accounting.account_event import AccountEvent, RecordedAccountEvent
from sot.domain.accounting.costs import OrderCosts
from sot.domain.accounting.pnl import OrderPnl
from sot.domain.accounting.position import PositionState
from sot.domain.values.position_key import PositionKey
from sot.domain.values.times import is_between
from sot.domain.values.vocabulary import AccountEventType
from sot.ports.paging import Page, PageKey


@attrs.frozen(kw_only=True)
class AccountEventFilter:
    """Which account events to list. Times are half-open; an absent field does not filter."""

    account_id: str | None = None
    type: AccountEventType | None = None
    venue: str | None = None
    symbol: str | None = None
    occurred_from: datetime | None = None
    occurred_before: datetime | None = None

    def matches(self, recorded: RecordedAccountEvent) -> bool:
        """Whether an account event has what the filter asks for."""
        event = recorded.event
        return (
            self.account_id in (None, event.account_id)
            and self.type in (None, event.type)
            and self.venue in (None, event.venue)
            and self.symbol in (None, event.symbol)
            and is_between(event.occurred_at, self.occurred_from, self.occurred_before)
        )


class Costs(Protocol):
    """Derived: one row per order."""

    @abstractmethod
    def put(self, costs: OrderCosts) -> None:
        """Keep or replace an order's costs."""
        raise NotImplementedError

    @abstractmethod
    def get(self, account_id: str, order_id: str) -> OrderCosts | None:
        """An order's costs; None before its first execution."""
        raise NotImplementedError

    @abstractmethod
    def drop(self, account_id: str, order_id: str) -> None:
        """Remove an order's costs, which can be made anew."""
        raise NotImplementedError


class PnlSnapshots(Protocol):
    """Derived: one row per mark that was recorded."""

    @abstractmethod
    def add(self, pnl: OrderPnl) -> None:
        """Keep a snapshot."""
        raise NotImplementedError

    @abstractmethod
    def list(self, account_id: str, order_id: str) -> Sequence[OrderPnl]:
        """An order's snapshots by sequence."""
        raise NotImplementedError

    @abstractmethod
    def last(self, account_id: str, order_id: str, upto: int) -> OrderPnl | None:
        """The last snapshot up to a sequence."""
        raise NotImplementedError

    @abstractmethod
    def drop(self, account_id: str, order_id: str) -> None:
        """Remove an order's snapshots, which can be made anew."""
        raise NotImplementedError


class AccountEvents(Protocol):
    """What moved positions and results without an order: append-only."""

    @abstractmethod
    def add(self, event: RecordedAccountEvent) -> None:
        """Keep one.

        Raises at the latest on commit: ConcurrentUpdate, if its id, its `said` or its `identity` is taken.
        """
        raise NotImplementedError

    @abstractmethod
    def get(self, event_id: str) -> RecordedAccountEvent | None:
        """The event of this id."""
        raise NotImplementedError

    @abstractmethod
    def by_content_digest(self, account_id: str, content_digest: str) -> RecordedAccountEvent | None:
        """The event that says exactly this."""
        raise NotImplementedError

    @abstractmethod
    def by_identity(self, account_id: str, identity: str) -> RecordedAccountEvent | None:
        """The event that the venue knows by this id."""
        raise NotImplementedError

    @abstractmethod
    def replacement_of(self, account_id: str, event_id: str) -> RecordedAccountEvent | None:
        """The event that counts in the place of this one, if there is one."""
        raise NotImplementedError

    @abstractmethod
    def effective(
        self, account_id: str, venue: str | None = None, symbol: str | None = None, since: datetime | None = None
    ) -> Sequence[AccountEvent]:
        """The events that count, in the order in which they were recorded.

        Of one venue, one symbol, or those that occurred at `since` or later.
        """
        raise NotImplementedError

    @abstractmethod
    def list(self, filter: AccountEventFilter, after: PageKey | None, limit: int) -> Page[RecordedAccountEvent]:
        """Events by (recorded_at, event_id), after a place."""
        raise NotImplementedError


class Positions(Protocol):
    """Derived: one row per position, as the method AVERAGE sees it, and checkpoints from which a fold can go on."""

    @abstractmethod
    def get(self, key: PositionKey, lock: bool = False) -> PositionState | None:
        """The sums of a position.

        With `lock`, until the end of the transaction: whoever changes it at the same time waits, or loses with
        ConcurrentUpdate.
        """
        raise NotImplementedError

    @abstractmethod
    def put(self, key: PositionKey, state: PositionState, currency: str) -> None:
        """Keep or replace the sums of a position; `currency` is that of its amounts.

        Raises at the latest on commit: ConcurrentUpdate.
        """
        raise NotImplementedError

    @abstractmethod
    def remove(self, key: PositionKey) -> None:
        """Nothing moves this position any more."""
        raise NotImplementedError

    @abstractmethod
    def list(
        self,
        account_id: str,
        venue: str | None = None,
        symbol: str | None = None,
        open_only: bool = False,
        after: PositionKey | None = None,
        limit: int | None = None,
    ) -> Sequence[tuple[PositionKey, PositionState]]:
        """The positions of an account, by key; those after one, or those that are not flat."""
        raise NotImplementedError

    @abstractmethod
    def add_snapshot(self, key: PositionKey, state: PositionState) -> None:
        """Keep a checkpoint, at the place `state.last_key`."""
        raise NotImplementedError

    @abstractmethod
    def last_snapshot(self, key: PositionKey, before: str | None = None, common: bool = False) -> PositionState | None:
        """The last checkpoint, or the last one before a place; with `common`, one from which every method can go on.

        Those are flat ones, while no units have left with their cost.
        """
        raise NotImplementedError

    @abstractmethod
    def snapshots(self, key: PositionKey) -> Sequence[PositionState]:
        """All checkpoints of a position, in order."""
        raise NotImplementedError

    @abstractmethod
    def drop_snapshots(self, key: PositionKey, since: str) -> None:
        """Remove the checkpoints at this place and behind it."""
        raise NotImplementedError
