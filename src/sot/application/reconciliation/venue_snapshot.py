"""Asking a venue for all that a comparison needs, and keeping account of what its answers cover."""

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
from sot.domain.reconciliation.snapshots import Coverage, PositionHeld, VenueSnapshot
from sot.domain.values.errors import InvalidInput, VenueRefused
from sot.domain.values.vocabulary import EventType
from sot.ports.venue import (
    UNSUPPORTED,
    ExecutionsPage,
    FoundOrder,
    HeldPositions,
    OpenOrders,
    OrderReference,
    Venue,
    VenueScope,
    sorted_symbols,
)

T = TypeVar("T")


_A_MOMENT = timedelta(microseconds=1)


_CLOCKS_DIFFER_AT_MOST = timedelta(days=1)
"""A time further ahead is no time of any clock."""


Wanted = Sequence[tuple[str | None, OrderReference]]
"""Orders to be asked for one by one: our id, where we have the order, and how the venue knows it."""


@attrs.frozen(kw_only=True)
class ReconciliationLimits:
    """How far to look, and how hard to try.

    `grace`: what changed in the history so shortly before the venue was asked is not judged. `since`: executions from
    then on are compared when there was no comparison before; None: as far back as the venue goes. `queries`: questions
    about single orders; `pages`: pages of executions; `pause`: between questions.
    """

    grace: timedelta = timedelta(seconds=10)
    since: datetime | None = None
    queries: int = 100
    pages: int = 1000
    pause: timedelta = timedelta(milliseconds=100)

    def __attrs_post_init__(self) -> None:
        for name in ("queries", "pages"):
            if getattr(self, name) < 0:
                raise InvalidInput(name, getattr(self, name), "a number that is not negative")
        for name in ("grace", "pause"):
            if getattr(self, name) < timedelta(0):
                raise InvalidInput(name, str(getattr(self, name)), "a time that is not negative")


@attrs.frozen(kw_only=True)
class Place:
    """Where to go on asking for executions, and from when on those behind it are complete."""

    cursor: str | None = None
    since: datetime | None = None


Pages = list[tuple[Place, Sequence[VenueReport]]]
"""Executions by page, with the place before each."""


@attrs.define(kw_only=True)
class Asked:
    """What a venue said: the snapshot, executions by page with the place before each, and reports of other accounts."""

    snapshot: VenueSnapshot
    pages: Pages = attrs.field(factory=list)
    end: Place = Place()
    foreign: list[VenueReport] = attrs.field(factory=list)


class VenueSnapshotCollector:
    """Asks one venue about one account. A question that fails is a failure, and never an answer."""

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
        self._able = venue.capabilities
        self._scope = scope
        self._limits = limits
        self._now = now
        self._progress = progress
        self._sleep = sleep
        self._asked = 0
        self._failures: list[str] = []
        self._foreign: list[VenueReport] = []

    def ask(self, place: Place, orders: Callable[[Iterable[VenueReport]], Wanted]) -> Asked:
        """Everything; `orders` gives those that are to be asked for one by one, by what the lists told."""
        asked_at = self._now()
        working, open_orders = self._open_orders()
        pages, end, executed = self._executions(place, asked_at)
        positions, held = self._positions()
        executions = [report for _, page in pages for report in page]
        found, more, absent = self._find(orders([*working, *executions]))
        snapshot = VenueSnapshot(
            account_id=self._scope.account_id,
            venue=self._venue.name,
            venue_account=self._scope.venue_account,
            asked_at=asked_at,
            orders=[*working, *found],
            absent=absent,
            executions=[*executions, *more],
            positions=positions,
            open_orders=open_orders,
            executed=executed,
            held=held,
            failures=self._failures,
        )
        return Asked(snapshot=snapshot, pages=pages, end=end, foreign=self._foreign)

    def _open_orders(self) -> tuple[list[VenueReport], Coverage]:
        if not self._able.lists_open_orders:
            return [], Coverage()
        answer = self._try("open orders", OpenOrders, partial(self._venue.open_orders, self._scope))
        if answer is None:
            return [], Coverage()
        symbols = _both(self._scope.symbols, answer.symbols)
        return self._own(answer.reports), Coverage(symbols=symbols, complete=answer.complete)

    def _positions(self) -> tuple[list[PositionHeld], Coverage]:
        if not self._able.lists_positions:
            return [], Coverage()
        answer = self._try("positions", HeldPositions, partial(self._venue.positions, self._scope))
        if answer is None:
            return [], Coverage()
        held = [PositionHeld(**attrs.asdict(position)) for position in answer.positions]
        return held, Coverage(symbols=_both(self._scope.symbols, answer.symbols), complete=True)

    def _executions(self, place: Place, asked_at: datetime) -> tuple[Pages, Place, Coverage]:
        """Pages from a place on, until there are no more; a venue that does not get on is not asked for ever."""
        pages: Pages = []
        first = place
        since = place.since if place.cursor else place.since or self._limits.since
        symbols = self._scope.symbols
        if not self._able.lists_executions:
            return pages, place, Coverage()
        for _ in range(self._limits.pages):
            page = self._try("executions", ExecutionsPage, partial(self._page, place, since))
            if page is None:
                break
            pages.append((place, self._own(page.reports)))
            symbols = _both_sets(symbols, page.symbols)
            since = max((moment for moment in (since, page.since) if moment is not None), default=None)
            if not page.more:
                end = self._next(page.cursor, first, pages, asked_at, asked_at + self._limits.grace)
                return pages, end, Coverage(symbols=sorted_symbols(symbols), since=since, complete=True)
            place = self._next(page.cursor, first, pages, asked_at)
        else:
            self._failures.append(f"executions: more than {self._limits.pages} pages")
        return pages, place, Coverage(symbols=sorted_symbols(symbols), since=since)

    def _page(self, place: Place, since: datetime | None) -> ExecutionsPage:
        """From a place on; from the beginning, if the venue does not take its cursor any more."""
        if place.cursor is None:
            return self._venue.executions(self._scope, since)
        try:
            return self._venue.executions(self._scope, None, place.cursor)
        except InvalidInput:
            return self._venue.executions(self._scope, self._limits.since)

    def _next(
        self,
        cursor: str | None,
        first: Place,
        pages: Pages,
        asked_at: datetime,
        at_least: datetime | None = None,
    ) -> Place:
        """Where to go on: what was listed before is not listed from there on, whatever clock tells its time."""
        if cursor is None:
            return Place(since=None if first.cursor else first.since)
        reports = [report for _, page in pages for report in page]
        floor = at_least if all(report.occurred_at for report in reports) else asked_at + self._limits.grace
        times = [report.occurred_at + _A_MOMENT for report in reports if report.occurred_at is not None]
        times = [moment for moment in times if moment < asked_at + _CLOCKS_DIFFER_AT_MOST]
        times += [moment for moment in (floor, first.since) if moment is not None]
        return Place(cursor=cursor, since=max(times, default=None))

    def _find(self, orders: Wanted) -> tuple[list[VenueReport], list[VenueReport], list[str]]:
        """The statuses and executions of single orders, and those that the venue does not know."""
        statuses: list[VenueReport] = []
        executions: list[VenueReport] = []
        absent: list[str] = []
        if not self._able.finds_orders:
            return statuses, executions, absent
        for order_id, reference in orders[: self._limits.queries]:
            name = order_id or reference.venue_order_id or reference.client_order_id
            found = self._try(f"order {name}", FoundOrder, partial(self._venue.find, reference))
            if found is None:
                continue
            if order_id is not None and not found.reports and self._is_an_answer(reference, found.asked_at):
                absent.append(order_id)
            for report in self._own(found.reports):
                (executions if report.type is EventType.TRADE else statuses).append(report)
        if len(orders) > self._limits.queries:
            self._failures.append(f"orders: {len(orders) - self._limits.queries} were not asked for")
        return statuses, executions, absent

    def _is_an_answer(self, reference: OrderReference, asked_at: datetime) -> bool:
        """Whether "I know no such order" tells more than that it is not remembered."""
        sent_at, reach = reference.sent_at, self._able.history
        return reach is None or (sent_at is not None and asked_at - sent_at <= reach)

    def _own(self, reports: Sequence[VenueReport]) -> list[VenueReport]:
        """The reports of the account that was asked for; those of others are kept apart."""
        own = [report for report in reports if report.account_id == self._scope.account_id]
        self._foreign += [report for report in reports if report.account_id != self._scope.account_id]
        return own

    def _try(self, what: str, kind: type[T], ask: Callable[[], T]) -> T | None:
        if self._asked:
            self._sleep(self._limits.pause.total_seconds())
        self._asked += 1
        if self._progress is not None:
            self._progress(what.partition(" ")[0] if what.startswith("order ") else what, 1)
        try:
            return check_answer_type(kind, ask())
        except VenueRefused as error:
            if error.reason != UNSUPPORTED:
                self._failures.append(f"{what}: {reason_of(error)}")
        except Exception as error:  # whatever a venue adapter raises, there is no answer
            self._failures.append(f"{what}: {reason_of(error)}")
        return None


def _both_sets(first: frozenset[str] | None, second: frozenset[str] | None) -> frozenset[str] | None:
    if first is None or second is None:
        return second if first is None else first
    return first & second


def _both(first: frozenset[str] | None, second: frozenset[str] | None) -> list[str] | None:
    return sorted_symbols(_both_sets(first, second))
