"""Faults on the way to any venue: calls that are lost or late, answers that are cut, repeated or shuffled."""

import random
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from threading import Lock
from typing import TypeVar

import attrs

from sot.application.support.system import SystemClock
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.values.errors import VenueNotReached, VenueOutcomeUnknown
from sot.domain.values.vocabulary import EventType
from sot.ports.clock import Clock
from sot.ports.venue import (
    ExecutionsPage,
    FoundOrder,
    HeldBalances,
    HeldPositions,
    OpenOrders,
    OrderReference,
    Venue,
    VenueCapabilities,
    VenueScope,
)

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Faults:
    """The probabilities of faults, from 0 to 1.

    Attributes:
        not_reached: A request fails before anything is sent.
        lost: A request never arrives, and there is no answer.
        late: A request arrives later, and there is no answer.
        unanswered: A request arrives, and the answer is lost.
        withheld: The answer to a request lacks some reports.
        failed: A query has no answer.
        shortened: The answer to a query is incomplete, and says so.
        repeated: An answer has a report twice.
        shuffled: An answer has its reports in another order.
    """

    not_reached: float = 0
    lost: float = 0
    late: float = 0
    unanswered: float = 0
    withheld: float = 0
    failed: float = 0
    shortened: float = 0
    repeated: float = 0
    shuffled: float = 0

    @classmethod
    def all(cls, chance: float) -> "Faults":
        """All faults with the same probability."""
        return cls(**dict.fromkeys((field.name for field in attrs.fields(cls)), chance))


class UnreliableVenue(Venue):
    """Wraps a venue and injects faults.

    Args:
        venue: The venue.
        faults: The probabilities of faults.
        seed: The same seed gives the same faults.
        settled_after: A late request arrives within this time, at the next call of any kind.
        clock: The clock; by default the system's.
    """

    def __init__(
        self,
        venue: Venue,
        faults: Faults,
        *,
        seed: int = 0,
        settled_after: timedelta = timedelta(seconds=10),
        clock: Clock | None = None,
    ) -> None:
        self.name = venue.name
        self.venue_account = venue.venue_account
        self._venue = venue
        self._faults = faults
        self._settled_after = settled_after
        self._clock = clock or SystemClock()
        self._random = random.Random(seed)
        self._late: list[tuple[datetime, Callable[[], object]]] = []
        self._lock = Lock()

    @property
    def capabilities(self) -> VenueCapabilities:
        """Those of the venue, with the `settled_after` of late requests."""
        return attrs.evolve(self._venue.capabilities, settled_after=self._settled_after)

    def submit(self, request: OrderRequest) -> Sequence[VenueReport]:
        """Send a new order, which may not arrive."""
        return self._send(lambda: self._venue.submit(request))

    def cancel(self, request: OrderRequest, target: Order) -> Sequence[VenueReport]:
        """Send a cancel, which may not arrive."""
        return self._send(lambda: self._venue.cancel(request, target))

    def replace(self, request: OrderRequest, target: Order) -> Sequence[VenueReport]:
        """Send a replacement, which may not arrive."""
        return self._send(lambda: self._venue.replace(request, target))

    def find(self, order: OrderReference) -> FoundOrder:
        """Find an order; the result may lack executions, or have them twice or in another order."""
        found = self._query(lambda: self._venue.find(order))
        if not found.reports or not self._happens(self._faults.shortened):
            return attrs.evolve(found, reports=self._disturbed(found.reports))
        remaining = [report for report in found.reports if report.type is not EventType.TRADE or self._happens(0.5)]
        return attrs.evolve(found, reports=self._disturbed(remaining), complete=False)

    def open_orders(self, scope: VenueScope) -> OpenOrders:
        """List open orders; the result may lack some."""
        orders = self._query(lambda: self._venue.open_orders(scope))
        if not self._happens(self._faults.shortened):
            return attrs.evolve(orders, reports=self._disturbed(orders.reports))
        return attrs.evolve(orders, reports=[report for report in orders.reports if self._happens(0.5)], complete=False)

    def executions(self, scope: VenueScope, since: datetime | None = None, cursor: str | None = None) -> ExecutionsPage:
        """List executions; the page may have only some of them, and end where it began."""
        page = self._query(lambda: self._venue.executions(scope, since, cursor))
        if not self._happens(self._faults.shortened):
            return attrs.evolve(page, reports=self._disturbed(page.reports))
        remaining = page.reports[: self._random.randint(0, len(page.reports))]
        return attrs.evolve(page, reports=self._disturbed(remaining), cursor=cursor, more=True)

    def balances(self, scope: VenueScope) -> HeldBalances:
        """List balances."""
        return self._query(lambda: self._venue.balances(scope))

    def positions(self, scope: VenueScope) -> HeldPositions:
        """List positions."""
        return self._query(lambda: self._venue.positions(scope))

    def arrive(self, at_once: bool = False) -> None:
        """Deliver late requests that are due, or all of them `at_once`."""
        with self._lock:
            due = [late for late in self._late if at_once or late[0] <= self._clock.now()]
            self._late = [late for late in self._late if late not in due]
        for _, request in due:
            _ignore_errors(request)

    def _send(self, request: Callable[[], Sequence[VenueReport]]) -> Sequence[VenueReport]:
        self.arrive()
        faults = self._faults
        if self._happens(faults.not_reached):
            raise VenueNotReached("NOT_CONNECTED", "nothing was sent")
        if self._happens(faults.lost):
            raise VenueOutcomeUnknown("TIMED_OUT", "it was lost on the way there")
        if self._happens(faults.late):
            due = self._clock.now() + self._settled_after * self._random.random()
            self._late.append((due, request))
            raise VenueOutcomeUnknown("TIMED_OUT", "it is still on its way there")
        if self._happens(faults.unanswered):
            _ignore_errors(request)
            raise VenueOutcomeUnknown("TIMED_OUT", "the answer was lost on the way back")
        reports = request()
        if self._happens(faults.withheld):
            reports = reports[: self._random.randint(0, len(reports))]
        return self._disturbed(reports)

    def _query(self, query: Callable[[], T]) -> T:
        self.arrive()
        if self._happens(self._faults.failed):
            raise VenueOutcomeUnknown("TIMED_OUT", "no answer came")
        return query()

    def _disturbed(self, reports: Sequence[VenueReport]) -> Sequence[VenueReport]:
        disturbed = list(reports)
        if disturbed and self._happens(self._faults.repeated):
            disturbed.insert(self._random.randint(0, len(disturbed)), self._random.choice(disturbed))
        if self._happens(self._faults.shuffled):
            self._random.shuffle(disturbed)
        return disturbed

    def _happens(self, chance: float) -> bool:
        return self._random.random() < chance


def _ignore_errors(request: Callable[[], object]) -> None:
    """Call a request whose answer is lost."""
    try:
        request()
    except Exception:
        return
