"""The simulated venue: what it answers, and how it fails."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from threading import Lock

import attrs

from sot.adapters.venues.simulated.behaviour import Answer, Behaviour, Chances
from sot.adapters.venues.simulated.books import Books, Entry, Prices, VenueOrder, amended
from sot.adapters.venues.simulated.fees import FeeSchedule
from sot.application.support.system import SystemClock
from sot.domain.orders.anomalies import DUPLICATE_ORDER
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.values.errors import InvalidInput, VenueNotReached, VenueOutcomeUnknown, VenueRefused
from sot.domain.values.numbers import ZERO, add, subtract
from sot.domain.values.vocabulary import Action, EventType, Side
from sot.ports.clock import Clock
from sot.ports.venue import (
    ExecutionsPage,
    FoundOrder,
    HeldPosition,
    HeldPositions,
    OpenOrders,
    OrderReference,
    Replacement,
    Venue,
    VenueCapabilities,
    VenueScope,
)


class SimulatedVenue(Venue):
    """Fills orders at prices that the caller gives, and fails in every way that venues do, on demand or by chance.

        venue = SimulatedVenue(prices={"BTC/USDT": Decimal(50000)}, fees=FeeSchedule(taker=Decimal("0.001")))
        venue.behave("my-order-2", Behaviour(answer=Answer.UNKNOWN, accepted=True))

    `prices` gives per symbol one price or several, used one after the other for the executions, the last one on and on.
    Market orders are filled; LIMIT orders are filled as far as the price crosses their limit, else they rest until
    `move`; all other types rest. What an order meets is its own behaviour (`behave`), else drawn by `chances`. The dice
    of an order come from `seed` and its client order id, so that the same orders meet the same fate in any order and
    from any number of threads; its ids at the venue depend on its client order id alone.
    """

    def __init__(
        self,
        name: str = "SIMULATED",
        *,
        prices: Prices | None = None,
        fees: FeeSchedule | None = None,
        parts: int = 1,
        chances: Chances | None = None,
        behaviours: Mapping[str, Behaviour] | None = None,
        seed: int = 0,
        clock: Clock | None = None,
        fraction_digits: int = 8,
        replaces: Replacement = Replacement.AMENDS,
        page_size: int = 100,
    ) -> None:
        if parts < 1:
            raise InvalidInput("parts", parts, "a number of executions, at least 1")
        self.name = name
        self._chances = chances or Chances()
        self._behaviours = dict(behaviours or {})
        self._seed = seed
        self._clock = clock or SystemClock()
        self._replaces = replaces
        self._page_size = page_size
        self._books = Books(name, prices or {}, fees or FeeSchedule(), parts, self._clock, fraction_digits)
        self._withheld: list[VenueReport] = []
        self._calls: list[str] = []
        self._lock = Lock()

    # ------------------------------------------------------------------------------------------------ the port

    @property
    def capabilities(self) -> VenueCapabilities:
        """Everything, for ever; what has not arrived when a call ends never will."""
        return VenueCapabilities(
            cancels=True,
            replaces=self._replaces,
            client_order_ids=True,
            finds_orders=True,
            finds_by_client_order_id=True,
            executions_by_order=True,
            lists_open_orders=True,
            lists_executions=True,
            lists_positions=True,
            history=None,
            settled_after=timedelta(0),
            time_limit=timedelta(seconds=1),
        )

    def submit(self, request: OrderRequest) -> Sequence[VenueReport]:
        """Take an order, or fail as its behaviour says.

        Raises: VenueRefused, VenueNotReached, VenueOutcomeUnknown, or what the behaviour gives as `error`.
        """
        with self._lock:
            client_order_id = request.client_order_id
            if request.action is not Action.NEW or client_order_id is None or request.symbol is None:
                raise VenueRefused("UNSUPPORTED", "only new orders with a client order id are taken")
            behaviour = self._called(client_order_id)
            self._not_used_before(client_order_id, behaviour)
            return self._answer(behaviour, lambda: self._books.take(request, client_order_id, behaviour))

    def cancel(self, request: OrderRequest, target: Order) -> Sequence[VenueReport]:
        """Cancel an order that works, or fail as the request's behaviour says (by its client order id, else its key).

        Raises: as `submit`; VenueRefused UNKNOWN_ORDER or TOO_LATE.
        """
        with self._lock:
            behaviour = self._called(request.client_order_id or request.key)
            return self._answer(behaviour, lambda: self._books.cancel(self._working(target), request.client_order_id))

    def replace(self, request: OrderRequest, target: Order) -> Sequence[VenueReport]:
        """Amend an order that works, or put another in its place, or fail as the request's behaviour says.

        Raises: as `submit`; VenueRefused UNKNOWN_ORDER or TOO_LATE.
        """
        with self._lock:
            behaviour = self._called(request.client_order_id or request.key)
            if request.client_order_id is not None:
                self._not_used_before(request.client_order_id, behaviour)
            change = self._amend if self._replaces is Replacement.AMENDS else self._renew
            return self._answer(behaviour, lambda: change(request, self._working(target), behaviour))

    def find(self, order: OrderReference) -> FoundOrder:
        """Everything about an order: its executions and its status."""
        with self._lock:
            asked_at = self._clock.now()
            entry = self._books.find(order.client_order_id, order.venue_order_id)
            if entry is None or entry.request.account_id != order.account_id:
                return FoundOrder(asked_at=asked_at, complete=True)
            executions = [report for report in entry.reports if report.type is EventType.TRADE]
            reports = [*executions, self._books.status_of(entry, asked_at)]
            return FoundOrder(asked_at=asked_at, reports=reports, complete=True)

    def open_orders(self, scope: VenueScope) -> OpenOrders:
        """The orders that work."""
        with self._lock:
            asked_at = self._clock.now()
            entries = [entry for entry in self._books.all() if entry.works and _in_scope(entry.request, scope)]
            reports = [self._books.status_of(entry, asked_at) for entry in entries]
            return OpenOrders(asked_at=asked_at, reports=reports, symbols=scope.symbols)

    def executions(self, scope: VenueScope, since: datetime | None = None, cursor: str | None = None) -> ExecutionsPage:
        """Executions in the order in which they happened; the cursor counts them."""
        with self._lock:
            start = _read_cursor(cursor)
            everything = self._books.executions
            page: list[VenueReport] = []
            place = start
            while place < len(everything) and len(page) < self._page_size:
                report = everything[place]
                place += 1
                early = since is not None and report.occurred_at is not None and report.occurred_at < since
                if _in_scope(report, scope) and not early:
                    page.append(report)
            more = place < len(everything)
            return ExecutionsPage(
                asked_at=self._clock.now(), reports=page, cursor=str(place), more=more, symbols=scope.symbols
            )

    def positions(self, scope: VenueScope) -> HeldPositions:
        """What all executions of an account add up to."""
        with self._lock:
            held: dict[str, Decimal] = {}
            for report in self._books.executions:
                if _in_scope(report, scope) and report.symbol is not None:
                    change = add if report.side is Side.BUY else subtract
                    held[report.symbol] = change(held.get(report.symbol, ZERO), report.last_quantity or ZERO)
            positions = [HeldPosition(symbol=symbol, quantity=held[symbol]) for symbol in sorted(held) if held[symbol]]
            return HeldPositions(asked_at=self._clock.now(), positions=positions, symbols=scope.symbols)

    # ----------------------------------------------------------------------------------------- what tests work with

    def behave(self, client_order_id: str, behaviour: Behaviour) -> None:
        """Say beforehand what becomes of an order."""
        with self._lock:
            self._behaviours[client_order_id] = behaviour

    def deliver(self) -> Sequence[VenueReport]:
        """The reports that were withheld so far, in the order in which they were made."""
        with self._lock:
            withheld, self._withheld = self._withheld, []
            return withheld

    def move(self, symbol: str, *prices: Decimal) -> Sequence[VenueReport]:
        """The market moves: these are the prices from now on. Returns the executions of resting orders, as makers."""
        with self._lock:
            return self._books.move(symbol, prices)

    def orders(self) -> Sequence[VenueOrder]:
        """The venue's books, oldest first."""
        with self._lock:
            return [entry.public() for entry in self._books.all()]

    def reports(self, client_order_id: str) -> Sequence[VenueReport]:
        """Everything that the venue has said about an order, whether it was delivered or not."""
        with self._lock:
            entry = self._books.find(client_order_id, None)
            return list(entry.reports) if entry else []

    @property
    def calls(self) -> Sequence[str]:
        """The client order id of every call, in the order in which they came."""
        with self._lock:
            return list(self._calls)

    # ------------------------------------------------------------------------------------------------- its inside

    def _behaviour(self, client_order_id: str) -> Behaviour:
        told = self._behaviours.get(client_order_id)
        return told or self._chances.draw(random.Random(f"{self._seed}:{client_order_id}"))

    def _called(self, name: str) -> Behaviour:
        self._calls.append(name)
        behaviour = self._behaviour(name)
        if behaviour.answer is Answer.NOT_REACHED:
            raise VenueNotReached(behaviour.reason or "NOT_CONNECTED", "nothing was sent")
        return behaviour

    def _not_used_before(self, client_order_id: str, behaviour: Behaviour) -> None:
        if client_order_id in self._books.entries and behaviour.reaches_books:
            raise VenueRefused(DUPLICATE_ORDER, f"client order id {client_order_id} was used before")

    def _answer(self, behaviour: Behaviour, act: Callable[[], list[VenueReport]]) -> Sequence[VenueReport]:
        """What comes of a request: it is acted upon as far as it arrives, and answered as far as answers come back."""
        if behaviour.answer is Answer.REFUSED:
            raise VenueRefused(behaviour.reason or "INSUFFICIENT_BALANCE")
        reports = act() if behaviour.reaches_books else []
        if behaviour.answer is Answer.UNKNOWN:
            self._withheld += reports
            raise behaviour.error or VenueOutcomeUnknown(behaviour.reason or "TIMED_OUT", "no answer came")
        answered = len(reports) if behaviour.answered is None else behaviour.answered
        self._withheld += reports[answered:]
        return reports[:answered]

    def _working(self, target: Order) -> Entry:
        entry = self._books.find(target.client_order_id, target.venue_order_id)
        if entry is None:
            raise VenueRefused("UNKNOWN_ORDER", f"there is no order {target.client_order_id or target.venue_order_id}")
        if not entry.works:
            raise VenueRefused("TOO_LATE", f"the order is {entry.status}")
        return entry

    def _amend(self, request: OrderRequest, entry: Entry, behaviour: Behaviour) -> list[VenueReport]:
        return self._books.amend(entry, request)

    def _renew(self, request: OrderRequest, entry: Entry, behaviour: Behaviour) -> list[VenueReport]:
        """The order is cancelled, and one of what it leaves, or of the quantity that is asked for, takes its place."""
        assert request.client_order_id is not None
        left = attrs.evolve(entry.request, client_order_id=request.client_order_id, quantity=entry.leaves)
        cancelled = self._books.cancel(entry, None)
        return cancelled + self._books.take(amended(left, request), request.client_order_id, behaviour)


def _in_scope(told: OrderRequest | VenueReport, scope: VenueScope) -> bool:
    same = (told.account_id, told.venue_account) == (scope.account_id, scope.venue_account)
    return same and scope.concerns(told.symbol)


def _read_cursor(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdecimal()):
        raise InvalidInput("cursor", cursor, "a cursor that this venue gave")
    return int(cursor)
