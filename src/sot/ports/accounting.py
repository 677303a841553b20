"""The repositories of account events, costs, profit and loss, and positions.

A method that raises ConcurrentUpdate may do so as late as on commit.
"""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

import attrs

from sot.domain.accounting.account_event import AccountEvent, RecordedAccountEvent
from sot.domain.accounting.costs import OrderCosts
from sot.domain.accounting.pnl import OrderPnl
from sot.domain.accounting.position import PositionState
from sot.domain.values import given
from sot.domain.values.arguments import check_fields
from sot.domain.values.json_form import JsonForm
from sot.domain.values.position_key import PositionKey
from sot.domain.values.times import is_between
from sot.domain.values.vocabulary import AccountEventType
from sot.ports.paging import Page, PageKey


@attrs.frozen(kw_only=True)
class AccountEventFilter(JsonForm):
    """Which account events to list. Times are half-open; an absent field does not filter."""

    account_id: str | None = None
    type: AccountEventType | None = attrs.field(default=None, converter=given.account_event_type_or_none)
    venue: str | None = None
    symbol: str | None = None
    to_symbol: str | None = None
    venue_account: str | None = None
    occurred_from: datetime | None = attrs.field(default=None, converter=given.time_or_none)
    occurred_before: datetime | None = attrs.field(default=None, converter=given.time_or_none)

    def __attrs_post_init__(self) -> None:
        check_fields(self)

    def matches(self, recorded: RecordedAccountEvent) -> bool:
        """Whether an account event has what the filter asks for."""
        event = recorded.event
        return (
            self.account_id in (None, event.account_id)
            and self.type in (None, event.type)
            and self.venue in (None, event.venue)
            and self.symbol in (None, event.symbol)
            and self.to_symbol in (None, event.to_symbol)
            and self.venue_account in (None, event.venue_account)
            and is_between(event.occurred_at, self.occurred_from, self.occurred_before)
        )


class Costs(Protocol):
    """Derived: the costs of orders, one row per order."""

    @abstractmethod
    def put(self, costs: OrderCosts) -> None:
        """Add or replace the costs of an order."""
        raise NotImplementedError

    @abstractmethod
    def get(self, account_id: str, order_id: str) -> OrderCosts | None:
        """Return the costs of an order; None before its first execution."""
        raise NotImplementedError

    @abstractmethod
    def drop(self, account_id: str, order_id: str) -> None:
        """Remove the costs of an order, which can be derived again."""
        raise NotImplementedError


class PnlSnapshots(Protocol):
    """Derived: profit and loss of orders, one row per recorded mark."""

    @abstractmethod
    def add(self, pnl: OrderPnl) -> None:
        """Add a snapshot."""
        raise NotImplementedError

    @abstractmethod
    def list(self, account_id: str, order_id: str) -> Sequence[OrderPnl]:
        """Return the snapshots of an order, by sequence."""
        raise NotImplementedError

    @abstractmethod
    def last(self, account_id: str, order_id: str, upto: int) -> OrderPnl | None:
        """Return the last snapshot up to a sequence; None if there is none."""
        raise NotImplementedError

    @abstractmethod
    def drop(self, account_id: str, order_id: str) -> None:
        """Remove the snapshots of an order, which can be derived again."""
        raise NotImplementedError


class AccountEvents(Protocol):
    """The account events, which change positions and results without an order: append-only."""

    @abstractmethod
    def add(self, event: RecordedAccountEvent) -> None:
        """Add an event.

        Raises:
            ConcurrentUpdate: Its id, its `content_digest` or its `identity` is in use.
        """
        raise NotImplementedError

    @abstractmethod
    def get(self, event_id: str) -> RecordedAccountEvent | None:
        """Return an event by its id; None if there is none."""
        raise NotImplementedError

    @abstractmethod
    def by_content_digest(self, account_id: str, content_digest: str) -> RecordedAccountEvent | None:
        """Return the event with this content; None if there is none."""
        raise NotImplementedError

    @abstractmethod
    def by_identity(self, account_id: str, identity: str) -> RecordedAccountEvent | None:
        """Return the event with this identity; None if there is none."""
        raise NotImplementedError

    @abstractmethod
    def replacement_of(self, account_id: str, event_id: str) -> RecordedAccountEvent | None:
        """Return the event that replaces another; None if there is none."""
        raise NotImplementedError

    @abstractmethod
    def effective(
        self, account_id: str, venue: str | None = None, symbol: str | None = None, since: datetime | None = None
    ) -> Sequence[AccountEvent]:
        """Return the events that have an effect, in the order in which they were recorded.

        Args:
            account_id: The account.
            venue: Only events at this venue.
            symbol: Only events of this symbol, and those that bring units of it (`to_symbol`).
            since: Only events that occurred at this time or later.
        """
        raise NotImplementedError

    @abstractmethod
    def list(
        self, filter: AccountEventFilter, after: PageKey | None, limit: int
    ) -> Page[RecordedAccountEvent, PageKey]:
        """Return a page of events, ordered by (recorded_at, event_id)."""
        raise NotImplementedError


class Positions(Protocol):
    """Derived: the positions by the method AVERAGE, and snapshots from which a fold can continue."""

    @abstractmethod
    def get(self, key: PositionKey, lock: bool = False) -> PositionState | None:
        """Return the sums of a position; None if there is none.

        Args:
            key: The position.
            lock: Lock the position until the end of the transaction: whoever changes it at the same time waits, or
                fails with ConcurrentUpdate.
        """
        raise NotImplementedError

    @abstractmethod
    def put(self, key: PositionKey, state: PositionState, currency: str) -> None:
        """Add or replace the sums of a position.

        Args:
            key: The position.
            state: The sums.
            currency: The currency of its amounts.

        Raises:
            ConcurrentUpdate: Another transaction changed it.
        """
        raise NotImplementedError

    @abstractmethod
    def remove(self, key: PositionKey) -> None:
        """Remove a position, which nothing changes any more."""
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
        venue_account: str | None = None,
    ) -> Sequence[tuple[PositionKey, PositionState]]:
        """Return the positions of an account, sorted by key.

        Args:
            account_id: The account.
            venue: Only positions at this venue.
            symbol: Only positions of this symbol.
            open_only: Only positions that are not flat, or in which units are missing (`PositionState.is_open`).
            after: Only positions after this one.
            limit: The largest number of positions.
            venue_account: Only positions in this account at the venue.
        """
        raise NotImplementedError

    @abstractmethod
    def add_snapshot(self, key: PositionKey, state: PositionState) -> None:
        """Add a snapshot at the fold key `state.last_key`."""
        raise NotImplementedError

    @abstractmethod
    def last_snapshot(self, key: PositionKey, before: str | None = None, common: bool = False) -> PositionState | None:
        """Return the last snapshot; None if there is none.

        Args:
            key: The position.
            before: Only snapshots before this fold key.
            common: Only snapshots from which every method can continue (`PositionState.is_common`).
        """
        raise NotImplementedError

    @abstractmethod
    def snapshots(self, key: PositionKey) -> Sequence[PositionState]:
        """Return all snapshots of a position, sorted by fold key."""
        raise NotImplementedError

    @abstractmethod
    def keys_of_snapshots(self, account_id: str) -> Sequence[PositionKey]:
        """Return the positions of an account that have snapshots, sorted."""
        raise NotImplementedError

    @abstractmethod
    def drop_snapshots(self, key: PositionKey, since: str) -> None:
        """Remove the snapshots at this fold key and after it."""
        raise NotImplementedError
