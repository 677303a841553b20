"""Collect the snapshot of a venue for a comparison, with what its answers cover."""

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

import attrs

from sot.application.execution.reasons import reason_of
from sot.application.execution.venue_answers import check_answer_type
from sot.application.support.progress import Progress
from sot.domain.orders.report import VenueReport
from sot.domain.reconciliation.snapshots import Coverage, VenueSnapshot
from sot.domain.values import given
from sot.domain.values.errors import InvalidInput, VenueRefused
from sot.domain.values.json_form import JsonForm
from sot.domain.values.times import MICROSECOND
from sot.domain.values.vocabulary import EventType
from sot.ports.venue import (
    UNSUPPORTED,
    ExecutionsPage,
    FoundOrder,
    HeldBalance,
    HeldBalances,
    HeldPosition,
    HeldPositions,
    OpenOrders,
    OrderReference,
    Venue,
    VenueScope,
    sorted_symbols,
)

T = TypeVar("T")


_LARGEST_CLOCK_DIFFERENCE = timedelta(days=1)
"""A report with a time further ahead than this is not used to set the cursor."""


@attrs.frozen(kw_only=True)
class ReconciliationLimits(JsonForm):
    """The extent and the pace of a reconciliation.

    Attributes:
        grace: An order that changed in the history less than this before the venue was asked is not judged.
        since: Executions from this time on are compared in the first run of an account; None: all that the venue has.
        queries: The largest number of queries for single orders.
        pages: The largest number of pages of executions.
        pause: The time between two queries.
        balances: Whether balances are compared with the venue's wallets, too.
    """

    grace: timedelta = timedelta(seconds=10)
    since: datetime | None = attrs.field(default=None, converter=given.time_or_none)
    queries: int = 100
    pages: int = 1000
    pause: timedelta = timedelta(milliseconds=100)
    balances: bool = False

    def __attrs_post_init__(self) -> None:
        for name in ("queries", "pages"):
            if getattr(self, name) < 0:
                raise InvalidInput(name, getattr(self, name), "a number that is not negative")
        for name in ("grace", "pause"):
            if getattr(self, name) < timedelta(0):
                raise InvalidInput(name, str(getattr(self, name)), "a time that is not negative")


@attrs.frozen(kw_only=True)
class ExecutionsCursor:
    """The position in a venue's list of executions to continue from.

    The list behind it is complete for executions that happened at `since` or later.
    """

    cursor: str | None = None
    since: datetime | None = None


ExecutionPages = list[tuple[ExecutionsCursor, Sequence[VenueReport]]]
"""Pages of executions, each with the cursor before it."""


OrderQueries = Sequence[tuple[str | None, OrderReference]]
"""Orders to ask for one by one: the order id, None if the history has no such order, and the venue's identifiers."""


@attrs.define(kw_only=True)
class CollectedAnswers:
    """The answers of a venue.

    Attributes:
        snapshot: The snapshot to compare.
        pages: The executions by page.
        end: The cursor after the last page.
        other_accounts: Reports about other accounts than the one that was asked for.
    """

    snapshot: VenueSnapshot
    pages: ExecutionPages = attrs.field(factory=list)
    end: ExecutionsCursor = ExecutionsCursor()
    other_accounts: list[VenueReport] = attrs.field(factory=list)


class VenueSnapshotCollector:
    """Asks one venue about one account. A query that raises is listed as a failure, and is never an answer."""

    def __init__(
        self,
        venue: Venue,
        scope: VenueScope,
        limits: ReconciliationLimits,
        now: Callable[[], datetime],
        progress: Progress | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._venue = venue
        self._capabilities = venue.capabilities
        self._scope = scope
        self._limits = limits
        self._now = now
        self._progress = progress
        self._sleep = sleep
        self._query_count = 0
        self._failures: list[str] = []
        self._other_accounts: list[VenueReport] = []

    def collect(
        self, start: ExecutionsCursor, orders_to_query: Callable[[Iterable[VenueReport]], OrderQueries]
    ) -> CollectedAnswers:
        """Ask for everything that the venue can list, then for single orders.

        Args:
            start: Where the list of executions begins.
            orders_to_query: Returns the orders to ask for one by one, given the reports of the lists.

        Rules: HEAL-1.
        """
        asked_at = self._now()
        listed_orders, open_orders = self._open_orders()
        pages, end, executed = self._executions(start, asked_at)
        positions, held = self._positions()
        balances, wallets = self._balances()
        executions = [report for _, page in pages for report in page]
        statuses, more_executions, absent = self._find_orders(orders_to_query([*listed_orders, *executions]))
        snapshot = VenueSnapshot(
            account_id=self._scope.account_id,
            venue=self._venue.name,
            venue_account=self._scope.venue_account,
            asked_at=asked_at,
            orders=[*listed_orders, *statuses],
            absent=absent,
            executions=[*executions, *more_executions],
            positions=positions,
            open_orders=open_orders,
            executed=executed,
            held=held,
            balances=balances,
            wallets=wallets,
            failures=self._failures,
        )
        return CollectedAnswers(snapshot=snapshot, pages=pages, end=end, other_accounts=self._other_accounts)

    def _open_orders(self) -> tuple[list[VenueReport], Coverage]:
        if not self._capabilities.lists_open_orders:
            return [], Coverage()
        answer = self._ask("open orders", OpenOrders, partial(self._venue.open_orders, self._scope))
        if answer is None:
            return [], Coverage()
        symbols = sorted_symbols(_common_symbols(self._scope.symbols, answer.symbols))
        return self._own_reports(answer.reports), Coverage(symbols=symbols, complete=answer.complete)

    def _positions(self) -> tuple[list[HeldPosition], Coverage]:
        if not self._capabilities.lists_positions:
            return [], Coverage()
        answer = self._ask("positions", HeldPositions, partial(self._venue.positions, self._scope))
        if answer is None:
            return [], Coverage()
        symbols = sorted_symbols(_common_symbols(self._scope.symbols, answer.symbols))
        return list(answer.positions), Coverage(symbols=symbols, complete=True)

    def _balances(self) -> tuple[list[HeldBalance], Coverage | None]:
        if not self._limits.balances:
            return [], None
        answer = self._ask("balances", HeldBalances, partial(self._venue.balances, self._scope))
        if answer is None:
            return [], None
        return list(answer.balances), Coverage(symbols=sorted_symbols(answer.assets), complete=True)

    def _executions(
        self, start: ExecutionsCursor, asked_at: datetime
    ) -> tuple[ExecutionPages, ExecutionsCursor, Coverage]:
        """Read pages until there are no more, or as many as the limit allows.

        Rules: HEAL-2, HEAL-3.
        """
        pages: ExecutionPages = []
        cursor = start
        since = start.since if start.cursor else start.since or self._limits.since
        symbols = self._scope.symbols
        if not self._capabilities.lists_executions:
            return pages, start, Coverage()
        for _ in range(self._limits.pages):
            page = self._ask("executions", ExecutionsPage, partial(self._executions_page, cursor, since, not pages))
            if page is None:
                break
            pages.append((cursor, self._own_reports(page.reports)))
            symbols = _common_symbols(symbols, page.symbols)
            since = max((at for at in (since, page.since) if at is not None), default=None)
            if not page.more:
                end = self._next_cursor(page.cursor, start, pages, asked_at, asked_at + self._limits.grace)
                return pages, end, Coverage(symbols=sorted_symbols(symbols), since=since, complete=True)
            cursor = self._next_cursor(page.cursor, start, pages, asked_at)
        else:
            self._failures.append(f"executions: more than {self._limits.pages} pages")
        return pages, cursor, Coverage(symbols=sorted_symbols(symbols), since=since)

    def _executions_page(self, cursor: ExecutionsCursor, since: datetime | None, is_first: bool) -> ExecutionsPage:
        """The page after a cursor; the first page, if the venue does not accept that of an earlier run any more.

        Rules: HEAL-3.
        """
        if cursor.cursor is None:
            return self._venue.executions(self._scope, since)
        try:
            return self._venue.executions(self._scope, None, cursor.cursor)
        except InvalidInput:
            if not is_first:  # from the beginning it would go in circles
                raise
            return self._venue.executions(self._scope, self._limits.since)

    def _next_cursor(
        self,
        cursor: str | None,
        start: ExecutionsCursor,
        pages: ExecutionPages,
        asked_at: datetime,
        at_least: datetime | None = None,
    ) -> ExecutionsCursor:
        """The cursor after the pages. Executions on them are not listed again, whatever clock gave them their time.

        Rules: HEAL-4.
        """
        if cursor is None:
            return ExecutionsCursor(since=None if start.cursor else start.since)
        reports = [report for _, page in pages for report in page]
        floor = at_least if all(report.occurred_at for report in reports) else asked_at + self._limits.grace
        times = [report.occurred_at + MICROSECOND for report in reports if report.occurred_at is not None]
        times = [at for at in times if at < asked_at + _LARGEST_CLOCK_DIFFERENCE]
        times += [at for at in (floor, start.since) if at is not None]
        return ExecutionsCursor(cursor=cursor, since=max(times, default=None))

    def _find_orders(self, orders: OrderQueries) -> tuple[list[VenueReport], list[VenueReport], list[str]]:
        """The statuses and the executions of single orders, and the ids of those that the venue does not know.

        Rules: HEAL-2, HEAL-6.
        """
        statuses: list[VenueReport] = []
        executions: list[VenueReport] = []
        absent: list[str] = []
        if not self._capabilities.finds_orders:
            return statuses, executions, absent
        for order_id, reference in orders[: self._limits.queries]:
            name = order_id or reference.venue_order_id or reference.client_order_id
            answer = self._ask(f"order {name}", FoundOrder, partial(self._venue.find, reference))
            if answer is None:
                continue
            if order_id is not None and not answer.reports and self._is_remembered(reference, answer.asked_at):
                absent.append(order_id)
            for report in self._own_reports(answer.reports):
                (executions if report.type is EventType.TRADE else statuses).append(report)
        if len(orders) > self._limits.queries:
            self._failures.append(f"orders: {len(orders) - self._limits.queries} were not asked for")
        return statuses, executions, absent

    def _is_remembered(self, reference: OrderReference, asked_at: datetime) -> bool:
        """Whether the venue would still know the order, if it had arrived.

        Rules: HEAL-6.
        """
        sent_at, history = reference.sent_at, self._capabilities.history
        return history is None or (sent_at is not None and asked_at - sent_at <= history)

    def _own_reports(self, reports: Sequence[VenueReport]) -> list[VenueReport]:
        """The reports of the account that was asked for; those of other accounts are collected apart.

        Rules: HEAL-7.
        """
        self._other_accounts += [report for report in reports if report.account_id != self._scope.account_id]
        return [report for report in reports if report.account_id == self._scope.account_id]

    def _ask(self, subject: str, answer_type: type[T], query: Callable[[], T]) -> T | None:
        """The answer to a query; None if there is none, which is a failure unless the venue does not support it.

        Rules: HEAL-2.
        """
        if self._query_count:
            self._sleep(self._limits.pause.total_seconds())
        self._query_count += 1
        if self._progress is not None:
            self._progress(subject.partition(" ")[0] if subject.startswith("order ") else subject, 1)
        try:
            return check_answer_type(answer_type, query())
        except VenueRefused as error:
            if error.reason != UNSUPPORTED:
                self._failures.append(f"{subject}: {reason_of(error)}")
        except Exception as error:  # whatever a venue adapter raises, there is no answer
            self._failures.append(f"{subject}: {reason_of(error)}")
        return None


def _common_symbols(first: frozenset[str] | None, second: frozenset[str] | None) -> frozenset[str] | None:
    if first is None or second is None:
        return second if first is None else first
    return first & second
