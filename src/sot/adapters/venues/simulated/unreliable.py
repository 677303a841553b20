"""Misfortunes on the way to any venue: calls that are lost or late, answers that are cut, repeated or shuffled."""

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
    HeldPositions,
    OpenOrders,
    OrderReference,
    Venue,
    VenueCapabilities,
    VenueScope,
)

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class Misfortunes:
    """How probable each is, from 0 to 1.

    Of requests: `not_reached` fails before anything is sent; `lost` never arrives, `late` arrives later, `unanswered`
    arrives at once, and nobody knows. Of answers to requests: `repeated` and `withheld` reports. Of questions: those
    that are `failed`; answers that are `shortened`, and say so, `repeated` or `shuffled`.
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
    def all(cls, chance: float) -> "Misfortunes":
        """Each with the same chance."""
        return cls(**dict.fromkeys((field.name for field in attrs.fields(cls)), chance))


class UnreliableVenue(Venue):
    """Stands between a venue and its callers, and lets its misfortunes happen; the same `seed`, the same misfortunes.

    What is late arrives within `settled_after`, by the clock, at the next call of any kind.
    """

    def __init__(
        self,
        venue: Venue,
        misfortunes: Misfortunes,
        *,
        seed: int = 0,
        settled_after: timedelta = timedelta(seconds=10),
        clock: Clock | None = None,
    ) -> None:
        self.name = venue.name
        self.venue_account = venue.venue_account
        self._venue = venue
        self._misfortunes = misfortunes
        self._settled_after = settled_after
        self._clock = clock or SystemClock()
        self._dice = random.Random(seed)
        self._late: list[tuple[datetime, Callable[[], object]]] = []
        self._lock = Lock()

    @property
    def capabilities(self) -> VenueCapabilities:
        """Those of the venue; what is late has arrived by `settled_after`."""
        return attrs.evolve(self._venue.capabilities, settled_after=self._settled_after)

    def submit(self, request: OrderRequest) -> Sequence[VenueReport]:
        """Send a new order, as far as it arrives."""
        return self._sent(lambda: self._venue.submit(request))

    def cancel(self, request: OrderRequest, target: Order) -> Sequence[VenueReport]:
        """Ask for a cancel, as far as it arrives."""
        return self._sent(lambda: self._venue.cancel(request, target))

    def replace(self, request: OrderRequest, target: Order) -> Sequence[VenueReport]:
        """Ask for a replacement, as far as it arrives."""
        return self._sent(lambda: self._venue.replace(request, target))

    def find(self, order: OrderReference) -> FoundOrder:
        """An answer that may miss executions, or have them twice or in another order."""
        found = self._asked(lambda: self._venue.find(order))
        if not found.reports or not self._happens(self._misfortunes.shortened):
            return attrs.evolve(found, reports=self._disturbed(found.reports))
        kept = [one for one in found.reports if one.type is not EventType.TRADE or self._happens(0.5)]
        return attrs.evolve(found, reports=self._disturbed(kept), complete=False)

    def open_orders(self, scope: VenueScope) -> OpenOrders:
        """An answer that may miss orders."""
        found = self._asked(lambda: self._venue.open_orders(scope))
        if not self._happens(self._misfortunes.shortened):
            return attrs.evolve(found, reports=self._disturbed(found.reports))
        return attrs.evolve(found, reports=[one for one in found.reports if self._happens(0.5)], complete=False)

    def executions(self, scope: VenueScope, since: datetime | None = None, cursor: str | None = None) -> ExecutionsPage:
        """An answer that may end where it began, with some of the executions."""
        page = self._asked(lambda: self._venue.executions(scope, since, cursor))
        if not self._happens(self._misfortunes.shortened):
            return attrs.evolve(page, reports=self._disturbed(page.reports))
        kept = page.reports[: self._dice.randint(0, len(page.reports))]
        return attrs.evolve(page, reports=self._disturbed(kept), cursor=cursor, more=True)

    def positions(self, scope: VenueScope) -> HeldPositions:
        """The venue's answer, if there is one."""
        return self._asked(lambda: self._venue.positions(scope))

    def arrive(self, at_once: bool = False) -> None:
        """What is late arrives as far as it is time, or `at_once`."""
        with self._lock:
            due = [late for late in self._late if at_once or late[0] <= self._clock.now()]
            self._late = [late for late in self._late if late not in due]
        for _, act in due:
            _quietly(act)

    def _sent(self, act: Callable[[], Sequence[VenueReport]]) -> Sequence[VenueReport]:
        self.arrive()
        chances = self._misfortunes
        if self._happens(chances.not_reached):
            raise VenueNotReached("NOT_CONNECTED", "nothing was sent")
        if self._happens(chances.lost):
            raise VenueOutcomeUnknown("TIMED_OUT", "it was lost on the way there")
        if self._happens(chances.late):
            due = self._clock.now() + self._settled_after * self._dice.random()
            self._late.append((due, act))
            raise VenueOutcomeUnknown("TIMED_OUT", "it is still on its way there")
        if self._happens(chances.unanswered):
            _quietly(act)
            raise VenueOutcomeUnknown("TIMED_OUT", "the answer was lost on the way back")
        reports = act()
        if self._happens(chances.withheld):
            reports = reports[: self._dice.randint(0, len(reports))]
        return self._disturbed(reports)

    def _asked(self, ask: Callable[[], T]) -> T:
        self.arrive()
        if self._happens(self._misfortunes.failed):
            raise VenueOutcomeUnknown("TIMED_OUT", "no answer came")
        return ask()

    def _disturbed(self, reports: Sequence[VenueReport]) -> Sequence[VenueReport]:
        disturbed = list(reports)
        if disturbed and self._happens(self._misfortunes.repeated):
            disturbed.insert(self._dice.randint(0, len(disturbed)), self._dice.choice(disturbed))
        if self._happens(self._misfortunes.shuffled):
            self._dice.shuffle(disturbed)
        return disturbed

    def _happens(self, chance: float) -> bool:
        return self._dice.random() < chance


def _quietly(act: Callable[[], object]) -> None:
    """Nobody hears what the venue says to it."""
    try:
        act()
    except Exception:
        return
