"""Repositories of instruments, requests, orders, their events and fills.

`account_id` narrows every look-up that can be narrowed.
"""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

import attrs

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
from sot.domain.values.times import is_between
from sot.domain.values.vocabulary import IdentifierKind, OrderStatus
from sot.ports.paging import Page, PageKey


class Claims(NamedTuple):
    """Who goes by an identifier's value: orders, each with its full identifier, and reports that wait for an order."""

    orders: Sequence[tuple[Identifier, str]] = ()
    waiting: Sequence[str] = ()


@attrs.frozen(kw_only=True)
class OrderFilter:
    """Which orders to list. Times are half-open; an absent field does not filter."""

    account_id: str | None = None
    statuses: Sequence[OrderStatus] = ()
    venue: str | None = None
    symbol: str | None = None
    strategy_code: str | None = None
    identifier: str | None = None
    is_open: bool | None = None
    in_doubt: bool | None = None
    created_from: datetime | None = None
    created_before: datetime | None = None

    def matches(self, order: Order) -> bool:
        """Whether an order has what the filter asks for, except for `identifier`.

        An order does not have all identifiers by which it was ever known; look them up in `Identifiers`.
        """
        return (
            self.account_id in (None, order.account_id)
            and (not self.statuses or order.status in self.statuses)
            and self.venue in (None, order.venue)
            and self.symbol in (None, order.symbol)
            and self.strategy_code in (None, order.strategy_code)
            and self.is_open in (None, order.is_open)
            and self.in_doubt in (None, order.in_doubt)
            and is_between(order.created_at, self.created_from, self.created_before)
        )


@attrs.frozen(kw_only=True)
class RequestFilter:
    """Which requests to list. Times are half-open; an absent field does not filter."""

    account_id: str | None = None
    symbol: str | None = None
    strategy_code: str | None = None
    recorded_from: datetime | None = None
    recorded_before: datetime | None = None

    def matches(self, recorded: RecordedRequest) -> bool:
        """Whether a request has what the filter asks for."""
        return (
            self.account_id in (None, recorded.account_id)
            and self.symbol in (None, recorded.request.symbol)
            and self.strategy_code in (None, recorded.request.strategy_code)
            and is_between(recorded.recorded_at, self.recorded_from, self.recorded_before)
        )


class Instruments(Protocol):
    """Append-only versions of instruments."""

    @abstractmethod
    def add(self, instrument: Instrument, hash: str, recorded_at: datetime) -> None:
        """Keep a version. Raises at the latest on commit: ConcurrentUpdate, if its `valid_from` is taken."""
        raise NotImplementedError

    @abstractmethod
    def versions(self, account_id: str, venue: str, symbol: str) -> Sequence[Instrument]:
        """All versions, oldest `valid_from` first; empty for an unknown symbol."""
        raise NotImplementedError


class Requests(Protocol):
    """Intents, with context, checks and withdrawals."""

    @abstractmethod
    def add(self, request: RecordedRequest) -> None:
        """Keep a request with its context and checks.

        Raises at the latest on commit: ConcurrentUpdate, if its key, client order id or request id is taken.
        """
        raise NotImplementedError

    @abstractmethod
    def add_context(self, request: RecordedRequest, context: DecisionContext, hash: str) -> None:
        """Keep the context of a request that was added without it."""
        raise NotImplementedError

    @abstractmethod
    def add_check(self, request: RecordedRequest, check: RecordedCheck) -> None:
        """Keep one more check of a request."""
        raise NotImplementedError

    @abstractmethod
    def add_withdrawal(self, request: RecordedRequest, withdrawal: RecordedWithdrawal) -> None:
        """Keep that a request was withdrawn."""
        raise NotImplementedError

    @abstractmethod
    def get(self, request_id: str, lock: bool = False) -> RecordedRequest | None:
        """The request of this id.

        With `lock`, what was said of it stays as read until the end of the transaction: whoever adds to it or executes
        it at the same time waits, or loses with ConcurrentUpdate.
        """
        raise NotImplementedError

    @abstractmethod
    def by_key(self, account_id: str, key: str, client_order_id: str | None) -> Sequence[RecordedRequest]:
        """The requests that have this idempotency key or this client order id."""
        raise NotImplementedError

    @abstractmethod
    def list(self, filter: RequestFilter, after: PageKey | None, limit: int) -> Page[RecordedRequest]:
        """Requests by (recorded_at, request_id), after a place."""
        raise NotImplementedError


class Orders(Protocol):
    """Orders with the cached fold of their facts."""

    @abstractmethod
    def add(self, order: Order) -> None:
        """Keep a new order.

        Raises at the latest on commit: ConcurrentUpdate, if its request has an order already.
        """
        raise NotImplementedError

    @abstractmethod
    def save(self, order: Order) -> None:
        """Keep the changed state of an order that this unit of work gave out or was given.

        Raises at the latest on commit: ConcurrentUpdate, if somebody else changed it.
        """
        raise NotImplementedError

    @abstractmethod
    def rewrite(self, order: Order) -> None:
        """Write the row of an order anew as its state gives it, without a step of its version.

        Raises at the latest on commit: ConcurrentUpdate, if somebody else changed it.
        """
        raise NotImplementedError

    @abstractmethod
    def get(self, order_id: str) -> Order | None:
        """The order of this id; within one unit of work always the same object."""
        raise NotImplementedError

    @abstractmethod
    def by_request(self, account_id: str, request_id: str) -> Order | None:
        """The order that a NEW request made."""
        raise NotImplementedError

    @abstractmethod
    def list(self, filter: OrderFilter, after: PageKey | None, limit: int) -> Page[Order]:
        """Orders by (created_at, order_id), after a place."""
        raise NotImplementedError


class Identifiers(Protocol):
    """Every name by which an order is or was known, and the names that waiting reports give."""

    @abstractmethod
    def add(self, identifier: Identifier, order_id: str) -> None:
        """The order goes by this name; telling it twice is no error."""
        raise NotImplementedError

    @abstractmethod
    def of_order(self, account_id: str, order_id: str) -> Sequence[Identifier]:
        """Every name of an order, in order."""
        raise NotImplementedError

    @abstractmethod
    def claims(self, account_id: str, kind: IdentifierKind, value: str) -> Claims:
        """Who goes by this name in this account, at any venue."""
        raise NotImplementedError


class Events(Protocol):
    """The facts about orders: append-only, gapless per order."""

    @abstractmethod
    def append(self, event: OrderEvent) -> None:
        """Keep the next event of an order; `event.body()` is the canonical form that `event.hash` covers.

        Raises at the latest on commit: ConcurrentUpdate, if its sequence is taken.
        """
        raise NotImplementedError

    @abstractmethod
    def get(self, account_id: str, order_id: str, sequence: int) -> OrderEvent | None:
        """One event."""
        raise NotImplementedError

    @abstractmethod
    def list(self, account_id: str, order_id: str, after: int = 0, limit: int | None = None) -> Sequence[OrderEvent]:
        """Events of an order in sequence."""
        raise NotImplementedError

    @abstractmethod
    def by_execution(self, account_id: str, order_id: str, exec_id: str, leg: str) -> Sequence[OrderEvent]:
        """Events of an order whose report carries this execution id, in sequence."""
        raise NotImplementedError

    @abstractmethod
    def by_content_digest(self, account_id: str, order_id: str, content_digest: str) -> OrderEvent | None:
        """The event of an order that states exactly this."""
        raise NotImplementedError


class Fills(Protocol):
    """Every version of every execution: append-only."""

    @abstractmethod
    def append(self, fill: Fill) -> None:
        """Keep a version."""
        raise NotImplementedError

    @abstractmethod
    def list(self, account_id: str, order_id: str) -> Sequence[Fill]:
        """All versions of an order's executions, by (execution, version)."""
        raise NotImplementedError

    @abstractmethod
    def effective_versions(self, account_id: str, order_id: str, upto: int, after: int, limit: int) -> Sequence[Fill]:
        """The versions that hold after the event `upto`, busted ones too, of executions behind one, by execution."""
        raise NotImplementedError

    @abstractmethod
    def by_exec_id(self, account_id: str, order_id: str, exec_id: str, leg: str) -> Sequence[Fill]:
        """All versions of the one execution that is or was known by this id; empty if there is none."""
        raise NotImplementedError

    @abstractmethod
    def of_position(
        self,
        key: PositionKey,
        since: datetime | None = None,
        known: KnownAt | None = None,
        before: datetime | None = None,
    ) -> Sequence[Fill]:
        """The executions that hold and move this position, in no order.

        With `since`, only those that happened then or later, with `before`, earlier; with `known`, as they were known.
        """
        raise NotImplementedError

    @abstractmethod
    def time_after(self, key: PositionKey, since: datetime | None, count: int) -> datetime | None:
        """A moment behind `since` before which about so many versions of executions happened, from `since` on.

        None: there are no more than these.
        """
        raise NotImplementedError

    @abstractmethod
    def first_change_after(self, key: PositionKey, moment: datetime) -> datetime | None:
        """When the first execution of this position happened of which something was recorded after a moment."""
        raise NotImplementedError

    @abstractmethod
    def positions(self, account_id: str, venue: str | None = None, symbol: str | None = None) -> Sequence[PositionKey]:
        """The positions that executions of an account name, in order."""
        raise NotImplementedError


class Reports(Protocol):
    """Reports for no known order: append-only; which of them still wait is derived."""

    @abstractmethod
    def add(self, report: UnattributedReport, names: Sequence[tuple[IdentifierKind, str]]) -> None:
        """Keep a report, waiting under each of its names (kind, value)."""
        raise NotImplementedError

    @abstractmethod
    def add_waiting(self, report: UnattributedReport, names: Sequence[tuple[IdentifierKind, str]]) -> None:
        """Let a report that is kept, and does not wait, wait under these names."""
        raise NotImplementedError

    @abstractmethod
    def get(self, account_id: str, report_id: str) -> UnattributedReport | None:
        """One report, whether it still waits or not."""
        raise NotImplementedError

    @abstractmethod
    def by_content_digest(self, account_id: str, content_digest: str) -> UnattributedReport | None:
        """The report that states exactly this."""
        raise NotImplementedError

    @abstractmethod
    def is_waiting(self, report: UnattributedReport) -> bool:
        """Whether it still waits."""
        raise NotImplementedError

    @abstractmethod
    def mark_attributed(self, report: UnattributedReport) -> None:
        """It waits no longer."""
        raise NotImplementedError

    @abstractmethod
    def all(self, account_id: str) -> Sequence[UnattributedReport]:
        """All reports, whether they still wait or not, oldest first."""
        raise NotImplementedError

    @abstractmethod
    def waiting(
        self, account_id: str, after: str | None = None, limit: int | None = None
    ) -> Sequence[UnattributedReport]:
        """The reports that still wait, by `report_id`, which ascends with time; those after one."""
        raise NotImplementedError


class States(Protocol):
    """Derived: states of orders after some of their events, from which a past moment is folded on."""

    @abstractmethod
    def add(self, state: StateAfter) -> None:
        """Keep one."""
        raise NotImplementedError

    @abstractmethod
    def list(self, account_id: str, order_id: str) -> Sequence[StateAfter]:
        """All of an order, by sequence."""
        raise NotImplementedError

    @abstractmethod
    def last(self, account_id: str, order_id: str, upto: EventPrefix) -> StateAfter | None:
        """The last one that is not behind a moment."""
        raise NotImplementedError

    @abstractmethod
    def drop(self, account_id: str, order_id: str) -> None:
        """Remove those of an order, which can be made anew."""
        raise NotImplementedError
