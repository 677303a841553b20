"""The repositories of instruments, requests, orders, their events and fills.

A method that raises ConcurrentUpdate may do so as late as on commit.
"""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, NamedTuple, Protocol

import attrs

from sot.domain.audit.known import EventPrefix, KnownAt
from sot.domain.orders.anomalies import distinct_anomalies
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
from sot.domain.values import given
from sot.domain.values.arguments import check_fields
from sot.domain.values.identity import has_prefix, id_prefix
from sot.domain.values.instrument import Instrument, RecordedInstrument, holding_versions
from sot.domain.values.json_form import JsonForm
from sot.domain.values.position_key import PositionKey
from sot.domain.values.times import is_between
from sot.domain.values.vocabulary import Anomaly, IdentifierKind, OrderStatus, Side
from sot.ports.paging import Page, PageKey


class Claims(NamedTuple):
    """What has an identifier's value.

    Attributes:
        orders: The orders, each with its full identifier and its id.
        waiting: The ids of the reports that wait for an order with it.
    """

    orders: Sequence[tuple[Identifier, str]] = ()
    waiting: Sequence[str] = ()


def _check_prefix(filter: Any, name: str) -> None:
    prefix = getattr(filter, name)
    if prefix is not None:
        object.__setattr__(filter, name, id_prefix(name, prefix))


@attrs.frozen(kw_only=True)
class OrderFilter(JsonForm):
    """Which orders to list. Times are half-open; an absent field does not filter.

    Attributes:
        identifier: A client or venue order id that the order has or had.
        order_id_prefix: The first digits of `order_id`, at least 4.
    """

    account_id: str | None = None
    statuses: Sequence[OrderStatus] = attrs.field(default=(), converter=given.order_statuses)
    venue: str | None = None
    symbol: str | None = None
    side: Side | None = attrs.field(default=None, converter=given.side_or_none)
    strategy_code: str | None = None
    identifier: str | None = None
    is_open: bool | None = None
    in_doubt: bool | None = None
    created_from: datetime | None = attrs.field(default=None, converter=given.time_or_none)
    created_before: datetime | None = attrs.field(default=None, converter=given.time_or_none)
    order_id_prefix: str | None = None

    def __attrs_post_init__(self) -> None:
        check_fields(self)
        _check_prefix(self, "order_id_prefix")

    def matches(self, order: Order) -> bool:
        """Whether an order has what the filter asks for, except for `identifier`.

        An order does not have all identifiers by which it was ever known; look them up in `Identifiers`.
        """
        return (
            self.account_id in (None, order.account_id)
            and (not self.statuses or order.status in self.statuses)
            and self.venue in (None, order.venue)
            and self.symbol in (None, order.symbol)
            and self.side in (None, order.side)
            and self.strategy_code in (None, order.strategy_code)
            and self.is_open in (None, order.is_open)
            and self.in_doubt in (None, order.in_doubt)
            and is_between(order.created_at, self.created_from, self.created_before)
            and has_prefix(order.order_id, self.order_id_prefix)
        )


@attrs.frozen(kw_only=True)
class RequestFilter(JsonForm):
    """Which requests to list. Times are half-open; an absent field does not filter.

    Attributes:
        request_id_prefix: The first digits of `request_id`, at least 4.
    """

    account_id: str | None = None
    symbol: str | None = None
    strategy_code: str | None = None
    recorded_from: datetime | None = attrs.field(default=None, converter=given.time_or_none)
    recorded_before: datetime | None = attrs.field(default=None, converter=given.time_or_none)
    request_id_prefix: str | None = None

    def __attrs_post_init__(self) -> None:
        check_fields(self)
        _check_prefix(self, "request_id_prefix")

    def matches(self, recorded: RecordedRequest) -> bool:
        """Whether a request has what the filter asks for."""
        return (
            self.account_id in (None, recorded.account_id)
            and self.symbol in (None, recorded.request.symbol)
            and self.strategy_code in (None, recorded.request.strategy_code)
            and is_between(recorded.recorded_at, self.recorded_from, self.recorded_before)
            and has_prefix(recorded.request_id, self.request_id_prefix)
        )


class Instruments(Protocol):
    """The versions of instruments: append-only."""

    @abstractmethod
    def add(self, recorded: RecordedInstrument, hash: str, recorded_at: datetime) -> None:
        """Add a version.

        Raises:
            ConcurrentUpdate: There is a version with this `valid_from` and number.
        """
        raise NotImplementedError

    @abstractmethod
    def recorded(self, account_id: str, venue: str, symbol: str) -> Sequence[RecordedInstrument]:
        """Return all versions by (valid_from, number), those that were corrected too; none for an unknown symbol."""
        raise NotImplementedError

    def versions(self, account_id: str, venue: str, symbol: str) -> Sequence[Instrument]:
        """Return the versions that hold, oldest `valid_from` first; none for an unknown symbol."""
        return holding_versions(self.recorded(account_id, venue, symbol))


class Requests(Protocol):
    """The requests, with their contexts, checks and withdrawals: append-only."""

    @abstractmethod
    def add(self, request: RecordedRequest) -> None:
        """Add a request with its context and checks.

        Raises:
            ConcurrentUpdate: Its key, client order id or request id is in use.
        """
        raise NotImplementedError

    @abstractmethod
    def add_context(self, request: RecordedRequest, context: DecisionContext, hash: str) -> None:
        """Add the context of a request that was added without one."""
        raise NotImplementedError

    @abstractmethod
    def add_check(self, request: RecordedRequest, check: RecordedCheck) -> None:
        """Add a check of a request."""
        raise NotImplementedError

    @abstractmethod
    def add_withdrawal(self, request: RecordedRequest, withdrawal: RecordedWithdrawal) -> None:
        """Add the withdrawal of a request."""
        raise NotImplementedError

    @abstractmethod
    def get(self, request_id: str, lock: bool = False) -> RecordedRequest | None:
        """Return a request by its id; None if there is none.

        Args:
            request_id: Its id.
            lock: Lock the request until the end of the transaction: whoever adds to it or executes it at the same time
                waits, or fails with ConcurrentUpdate.
        """
        raise NotImplementedError

    def decision_price(self, account_id: str, request_id: str) -> Decimal | None:
        """Return the price at the time of the decision for a request of an account; None if there is none.

        A store that reads this alone reads less than the request.
        """
        request = self.get(request_id)
        return None if request is None or request.account_id != account_id else request.decision_price

    @abstractmethod
    def by_key(self, account_id: str, key: str, client_order_id: str | None) -> Sequence[RecordedRequest]:
        """Return the requests with this idempotency key or this client order id."""
        raise NotImplementedError

    @abstractmethod
    def list(
        self, filter: RequestFilter, after: PageKey | None, limit: int, *, newest_first: bool = False
    ) -> Page[RecordedRequest, PageKey]:
        """Return a page of requests, ordered by (recorded_at, request_id).

        Args:
            filter: Which requests.
            after: The key of the request that the page begins after, in the order of the list.
            limit: The largest number of requests.
            newest_first: Order descending, not ascending.
        """
        raise NotImplementedError


class Orders(Protocol):
    """The orders, each with the state that follows from its events."""

    @abstractmethod
    def add(self, order: Order) -> None:
        """Add a new order.

        Raises:
            ConcurrentUpdate: Its request has an order already.
        """
        raise NotImplementedError

    @abstractmethod
    def save(self, order: Order) -> None:
        """Store the changed state of an order, which this unit of work returned or added.

        Raises:
            ConcurrentUpdate: Another transaction changed it.
        """
        raise NotImplementedError

    @abstractmethod
    def rewrite(self, order: Order) -> None:
        """Write the row of an order again from its state, without increasing its version.

        Raises:
            ConcurrentUpdate: Another transaction changed it.
        """
        raise NotImplementedError

    @abstractmethod
    def get(self, order_id: str) -> Order | None:
        """Return an order by its id; within one unit of work always the same object. None if there is none."""
        raise NotImplementedError

    @abstractmethod
    def by_request(self, account_id: str, request_id: str) -> Order | None:
        """Return the order that was created for a NEW request; None if there is none."""
        raise NotImplementedError

    @abstractmethod
    def list(
        self, filter: OrderFilter, after: PageKey | None, limit: int, *, newest_first: bool = False
    ) -> Page[Order, PageKey]:
        """Return a page of orders, ordered by (created_at, order_id).

        Args:
            filter: Which orders.
            after: The key of the order that the page begins after, in the order of the list.
            limit: The largest number of orders.
            newest_first: Order descending, not ascending.
        """
        raise NotImplementedError


class Identifiers(Protocol):
    """The identifiers that orders have or had, and those that waiting reports have."""

    @abstractmethod
    def add(self, identifier: Identifier, order_id: str) -> None:
        """Add an identifier of an order. Adding it again has no effect."""
        raise NotImplementedError

    @abstractmethod
    def remove(self, identifier: Identifier, order_id: str) -> None:
        """Remove an identifier of an order, which none of its events gives it."""
        raise NotImplementedError

    @abstractmethod
    def of_order(self, account_id: str, order_id: str) -> Sequence[Identifier]:
        """Return the identifiers of an order, sorted."""
        raise NotImplementedError

    @abstractmethod
    def claims(self, account_id: str, kind: IdentifierKind, value: str, lock: bool = False) -> Claims:
        """Return the orders and waiting reports of an account with this identifier, at any venue.

        Args:
            account_id: The account.
            kind: The kind of the identifier.
            value: The identifier.
            lock: Keep others from giving the identifier to an order or a waiting report until the end of the
                transaction: whoever tries waits, or fails with ConcurrentUpdate.
        """
        raise NotImplementedError


class Events(Protocol):
    """The events of orders: append-only, gapless per order."""

    @abstractmethod
    def append(self, event: OrderEvent) -> None:
        """Add the next event of an order. Store `event.body()`, the canonical form whose digest is `event.hash`.

        Raises:
            ConcurrentUpdate: There is an event with this sequence.
        """
        raise NotImplementedError

    @abstractmethod
    def get(self, account_id: str, order_id: str, sequence: int) -> OrderEvent | None:
        """Return an event; None if there is none."""
        raise NotImplementedError

    @abstractmethod
    def list(self, account_id: str, order_id: str, after: int = 0, limit: int | None = None) -> Sequence[OrderEvent]:
        """Return the events of an order by sequence, those after a sequence."""
        raise NotImplementedError

    @abstractmethod
    def by_execution(self, account_id: str, order_id: str, exec_id: str, leg: str) -> Sequence[OrderEvent]:
        """Return the events of an order whose report has this execution id, by sequence."""
        raise NotImplementedError

    @abstractmethod
    def by_content_digest(self, account_id: str, order_id: str, content_digest: str) -> OrderEvent | None:
        """Return the event of an order with this content; None if there is none."""
        raise NotImplementedError

    @abstractmethod
    def by_report(self, account_id: str, report_id: str) -> OrderEvent | None:
        """Return the event that took up a report which waited; None if there is none."""
        raise NotImplementedError

    def anomalies(self, orders: Sequence[Order]) -> Mapping[str, Sequence[Anomaly]]:
        """Return the anomalies of the events of orders, by `order_id`, each once; an order without any may be absent.

        It is asked for a page of orders at once: a store that can should need one query. This default reads all events.

        Args:
            orders: The orders as they are to be looked at: later events than their last one do not count.
        """
        return {
            order.order_id: distinct_anomalies(
                anomaly
                for event in self.list(order.account_id, order.order_id, 0, order.last_sequence)
                for anomaly in event.anomalies
            )
            for order in orders
        }


class Fills(Protocol):
    """The fills, every version of every execution: append-only."""

    @abstractmethod
    def append(self, fill: Fill) -> None:
        """Add a version."""
        raise NotImplementedError

    @abstractmethod
    def list(self, account_id: str, order_id: str) -> Sequence[Fill]:
        """Return all versions of the executions of an order, ordered by (execution, version)."""
        raise NotImplementedError

    @abstractmethod
    def effective_versions(self, account_id: str, order_id: str, upto: int, after: int, limit: int) -> Sequence[Fill]:
        """Return the current versions of executions after an event, busted ones too, ordered by execution.

        Args:
            account_id: The account.
            order_id: The order.
            upto: The sequence of the event.
            after: Return executions after this one.
            limit: The largest number of versions.
        """
        raise NotImplementedError

    @abstractmethod
    def by_exec_id(self, account_id: str, order_id: str, exec_id: str, leg: str) -> Sequence[Fill]:
        """Return all versions of the execution that has or had this id; none if there is no such execution."""
        raise NotImplementedError

    @abstractmethod
    def of_position(
        self,
        key: PositionKey,
        since: datetime | None = None,
        known: KnownAt | None = None,
        before: datetime | None = None,
    ) -> Sequence[Fill]:
        """Return the current versions of the executions that change a position, in any order.

        A version may have another time than the one before it. The current version alone decides when its execution
        happened: one whose current version is outside of the interval is left out, wherever earlier versions are.

        Args:
            key: The position.
            since: Only executions that happened at this time or later.
            known: The versions that were current at a point in time.
            before: Only executions that happened before this time.
        """
        raise NotImplementedError

    @abstractmethod
    def time_after(self, key: PositionKey, since: datetime | None, count: int) -> datetime | None:
        """Return a time after `since`, so that about `count` versions of executions happened in between.

        Returns:
            The time; None if there are no more versions than that.
        """
        raise NotImplementedError

    @abstractmethod
    def first_change_after(self, key: PositionKey, recorded_after: datetime) -> datetime | None:
        """Return when the first execution happened of which a version was recorded after a time; None if none was.

        Where its versions happened at several times, it is the first of these.
        """
        raise NotImplementedError

    @abstractmethod
    def positions(self, account_id: str, venue: str | None = None, symbol: str | None = None) -> Sequence[PositionKey]:
        """Return the positions that executions of an account change, sorted."""
        raise NotImplementedError


class Reports(Protocol):
    """The reports without a known order: append-only. Which of them still wait is derived."""

    @abstractmethod
    def add(self, report: UnattributedReport, identifiers: Sequence[tuple[IdentifierKind, str]]) -> None:
        """Add a report, which waits for an order with one of its identifiers (kind, value)."""
        raise NotImplementedError

    @abstractmethod
    def add_waiting(self, report: UnattributedReport, identifiers: Sequence[tuple[IdentifierKind, str]]) -> None:
        """Let a stored report, which does not wait, wait for an order with one of these identifiers."""
        raise NotImplementedError

    @abstractmethod
    def get(self, account_id: str, report_id: str) -> UnattributedReport | None:
        """Return a report, whether it still waits or not; None if there is none."""
        raise NotImplementedError

    @abstractmethod
    def by_content_digest(self, account_id: str, content_digest: str) -> UnattributedReport | None:
        """Return the report with this content; None if there is none."""
        raise NotImplementedError

    @abstractmethod
    def is_waiting(self, report: UnattributedReport) -> bool:
        """Whether a report still waits."""
        raise NotImplementedError

    @abstractmethod
    def waits_for(self, report: UnattributedReport) -> Sequence[tuple[str, str]]:
        """Return the identifiers (kind, value) for which a report waits as they are stored, sorted.

        The first one is empty, for the list of all that wait. A report that does not wait has none.
        """
        raise NotImplementedError

    @abstractmethod
    def mark_attributed(self, report: UnattributedReport) -> None:
        """Mark a report as attributed: it does not wait any more."""
        raise NotImplementedError

    @abstractmethod
    def all(self, account_id: str) -> Sequence[UnattributedReport]:
        """Return all reports, whether they still wait or not, oldest first."""
        raise NotImplementedError

    @abstractmethod
    def waiting(
        self, account_id: str, after: str | None = None, limit: int | None = None
    ) -> Sequence[UnattributedReport]:
        """Return the reports that still wait, those after one, by `report_id`, which ascends with time."""
        raise NotImplementedError


class States(Protocol):
    """Derived: states of orders after some of their events, from which a past state is replayed."""

    @abstractmethod
    def add(self, state: StateAfter) -> None:
        """Add a state."""
        raise NotImplementedError

    @abstractmethod
    def list(self, account_id: str, order_id: str) -> Sequence[StateAfter]:
        """Return all states of an order, by sequence."""
        raise NotImplementedError

    @abstractmethod
    def last(self, account_id: str, order_id: str, upto: EventPrefix) -> StateAfter | None:
        """Return the last state within a prefix of the order's events; None if there is none."""
        raise NotImplementedError

    @abstractmethod
    def drop(self, account_id: str, order_id: str) -> None:
        """Remove the states of an order, which can be derived again."""
        raise NotImplementedError
