"""The simulated venue."""

import random
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from threading import Lock

import attrs

from sot.adapters.venues.simulated.behaviour import Answer, Behaviour, Chances
from sot.adapters.venues.simulated.books import Books, Entry, Prices, VenueOrder, with_terms
from sot.adapters.venues.simulated.fees import FeeSchedule
from sot.adapters.venues.simulated.wallets import Wallets
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
    HeldBalances,
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
    """Fills orders at given prices, and fails as real venues do, on demand or by chance.

        venue = SimulatedVenue(prices={"BTC/USDT": Decimal(50000)}, fees=FeeSchedule(taker=Decimal("0.001")))
        venue.behave("my-order-2", Behaviour(answer=Answer.UNKNOWN, accepted=True))

    Market orders are filled. LIMIT orders are filled as far as the price crosses their limit, else they rest until
    `move`. Other types rest. The behaviour towards an order is its own (`behave`), else it is drawn by `chances` from
    the seed and the client order id, so that neither the sequence of orders nor threads matter.

    Args:
        name: The venue in requests and reports.
        prices: By symbol, one price or several; executions use them one after the other, and the last one again.
        fees: The fees; by default none.
        parts: How many executions a filled order is split into.
        chances: The probabilities of failures; by default none.
        behaviours: The behaviour towards orders by client order id.
        seed: The same seed gives the same failures.
        clock: The clock; by default the system's.
        fraction_digits: The fraction digits of quantities that are bought for an amount.
        replaces: What a replacement is.
        page_size: How many executions a page has.

    Raises:
        InvalidInput: A price is not exact, or `parts` is below 1.
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
        self._wallets = Wallets()
        self._withheld: list[VenueReport] = []
        self._calls: list[str] = []
        self._lock = Lock()

    # ------------------------------------------------------------------------------------------------ the port

    @property
    def capabilities(self) -> VenueCapabilities:
        """Every capability; a request that has not arrived when a call ends never arrives."""
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
            lists_balances=True,
            history=None,
            settled_after=timedelta(0),
            time_limit=timedelta(seconds=1),
        )

    def submit(self, request: OrderRequest) -> Sequence[VenueReport]:
        """Accept an order, or fail according to its behaviour.

        Raises:
            VenueRefused: The venue refuses the order.
            VenueNotReached: Nothing was sent.
            VenueOutcomeUnknown: There is no answer; or the `error` of the behaviour.
        """
        with self._lock:
            client_order_id = request.client_order_id
            if request.action is not Action.NEW or client_order_id is None or request.symbol is None:
                raise VenueRefused("UNSUPPORTED", "only new orders with a client order id are taken")
            behaviour = self._begin_call(client_order_id)
            self._check_unused(client_order_id, behaviour)
            return self._answer(behaviour, lambda: self._books.take(request, client_order_id, behaviour))

    def cancel(self, request: OrderRequest, target: Order) -> Sequence[VenueReport]:
        """Cancel a working order, or fail according to the behaviour for the request's client order id, else its key.

        Raises as `submit`; VenueRefused with UNKNOWN_ORDER or TOO_LATE.
        """
        with self._lock:
            behaviour = self._begin_call(request.client_order_id or request.key)
            return self._answer(
                behaviour, lambda: self._books.cancel(self._working_entry(target), request.client_order_id)
            )

    def replace(self, request: OrderRequest, target: Order) -> Sequence[VenueReport]:
        """Amend a working order, or replace it by a new one, or fail according to the request's behaviour.

        Raises as `submit`; VenueRefused with UNKNOWN_ORDER or TOO_LATE.
        """
        with self._lock:
            behaviour = self._begin_call(request.client_order_id or request.key)
            if request.client_order_id is not None:
                self._check_unused(request.client_order_id, behaviour)
            change = self._amend if self._replaces is Replacement.AMENDS else self._replace
            return self._answer(behaviour, lambda: change(request, self._working_entry(target), behaviour))

    def find(self, order: OrderReference) -> FoundOrder:
        """Find the executions and the status of an order."""
        with self._lock:
            asked_at = self._clock.now()
            entry = self._books.find(order.client_order_id, order.venue_order_id)
            if entry is None or entry.request.account_id != order.account_id:
                return FoundOrder(asked_at=asked_at, complete=True)
            executions = [report for report in entry.reports if report.type is EventType.TRADE]
            reports = [*executions, self._books.status_of(entry, asked_at)]
            return FoundOrder(asked_at=asked_at, reports=reports, complete=True)

    def open_orders(self, scope: VenueScope) -> OpenOrders:
        """List working orders."""
        with self._lock:
            asked_at = self._clock.now()
            entries = [entry for entry in self._books.all() if entry.is_working and _in_scope(entry.request, scope)]
            reports = [self._books.status_of(entry, asked_at) for entry in entries]
            return OpenOrders(asked_at=asked_at, reports=reports, symbols=scope.symbols)

    def executions(self, scope: VenueScope, since: datetime | None = None, cursor: str | None = None) -> ExecutionsPage:
        """List executions, oldest first; the cursor is the number of executions before the page."""
        with self._lock:
            index = _read_cursor(cursor)
            executions = self._books.executions
            page: list[VenueReport] = []
            while index < len(executions) and len(page) < self._page_size:
                report = executions[index]
                index += 1
                early = since is not None and report.occurred_at is not None and report.occurred_at < since
                if _in_scope(report, scope) and not early:
                    page.append(report)
            more = index < len(executions)
            return ExecutionsPage(
                asked_at=self._clock.now(), reports=page, cursor=str(index), more=more, symbols=scope.symbols
            )

    def positions(self, scope: VenueScope) -> HeldPositions:
        """List positions: the sums of all executions of an account."""
        with self._lock:
            quantities: dict[str, Decimal] = {}
            for report in self._books.executions:
                if _in_scope(report, scope) and report.symbol is not None:
                    change = add if report.side is Side.BUY else subtract
                    quantity = quantities.get(report.symbol, ZERO)
                    quantities[report.symbol] = change(quantity, report.last_quantity or ZERO)
            positions = [
                HeldPosition(symbol=symbol, quantity=quantity)
                for symbol, quantity in sorted(quantities.items())
                if quantity
            ]
            return HeldPositions(asked_at=self._clock.now(), positions=positions, symbols=scope.symbols)

    def balances(self, scope: VenueScope) -> HeldBalances:
        """List balances: what was deposited and what all executions of an account moved, as of spot symbols."""
        with self._lock:
            return HeldBalances(asked_at=self._clock.now(), balances=self._wallets.balances(self._books, scope))

    # ----------------------------------------------------------------------------------------------- for tests

    def behave(self, client_order_id: str, behaviour: Behaviour) -> None:
        """Set the behaviour towards an order."""
        with self._lock:
            self._behaviours[client_order_id] = behaviour

    def deliver(self) -> Sequence[VenueReport]:
        """Return the withheld reports, oldest first."""
        with self._lock:
            withheld, self._withheld = self._withheld, []
            return withheld

    def deposit(self, account_id: str, asset: str, amount: Decimal, venue_account: str = "") -> None:
        """Add an amount to a wallet; a negative one is a withdrawal."""
        with self._lock:
            self._wallets.deposit((account_id, venue_account), asset, amount)

    def move(self, symbol: str, *prices: Decimal) -> Sequence[VenueReport]:
        """Set new prices, and return the executions of resting orders, as makers."""
        with self._lock:
            return self._books.move(symbol, prices)

    def restate(self, client_order_id: str, **terms: Decimal) -> Sequence[VenueReport]:
        """Change terms of a working order, as the venue itself or a person on its page does.

        Args:
            client_order_id: The order.
            **terms: `quantity`, `limit_price` or `stop_price`.

        Returns:
            The reports that the venue sends: RESTATED, and executions that follow.

        Raises:
            InvalidInput: There is no such working order.
        """
        with self._lock:
            entry = self._books.find(client_order_id, None)
            if entry is None or not entry.is_working:
                raise InvalidInput("client_order_id", client_order_id, "a working order")
            return self._books.restate(entry, terms)

    def orders(self) -> Sequence[VenueOrder]:
        """The orders in the venue's books, oldest first."""
        with self._lock:
            return [entry.snapshot() for entry in self._books.all()]

    def reports(self, client_order_id: str) -> Sequence[VenueReport]:
        """All reports about an order, delivered or not."""
        with self._lock:
            entry = self._books.find(client_order_id, None)
            return list(entry.reports) if entry else []

    @property
    def calls(self) -> Sequence[str]:
        """The client order ids of all calls, oldest first."""
        with self._lock:
            return list(self._calls)

    # ------------------------------------------------------------------------------------------------- helpers

    def _behaviour(self, client_order_id: str) -> Behaviour:
        behaviour = self._behaviours.get(client_order_id)
        return behaviour or self._chances.draw(random.Random(f"{self._seed}:{client_order_id}"))

    def _begin_call(self, client_order_id: str) -> Behaviour:
        self._calls.append(client_order_id)
        behaviour = self._behaviour(client_order_id)
        if behaviour.answer is Answer.NOT_REACHED:
            raise VenueNotReached(behaviour.reason or "NOT_CONNECTED", "nothing was sent")
        return behaviour

    def _check_unused(self, client_order_id: str, behaviour: Behaviour) -> None:
        if client_order_id in self._books.entries and behaviour.reaches_books:
            raise VenueRefused(DUPLICATE_ORDER, f"client order id {client_order_id} was used before")

    def _answer(self, behaviour: Behaviour, execute: Callable[[], list[VenueReport]]) -> Sequence[VenueReport]:
        """Execute a request if it arrives, and return the reports that are not withheld."""
        if behaviour.answer is Answer.REFUSED:
            raise VenueRefused(behaviour.reason or "INSUFFICIENT_BALANCE")
        reports = execute() if behaviour.reaches_books else []
        if behaviour.answer is Answer.UNKNOWN:
            self._withheld += reports
            raise behaviour.error or VenueOutcomeUnknown(behaviour.reason or "TIMED_OUT", "no answer came")
        answered = len(reports) if behaviour.answered is None else behaviour.answered
        self._withheld += reports[answered:]
        return reports[:answered]

    def _working_entry(self, target: Order) -> Entry:
        entry = self._books.find(target.client_order_id, target.venue_order_id)
        if entry is None:
            raise VenueRefused("UNKNOWN_ORDER", f"there is no order {target.client_order_id or target.venue_order_id}")
        if not entry.is_working:
            raise VenueRefused("TOO_LATE", f"the order is {entry.status}")
        return entry

    def _amend(self, request: OrderRequest, entry: Entry, behaviour: Behaviour) -> list[VenueReport]:
        return self._books.amend(entry, request)

    def _replace(self, request: OrderRequest, entry: Entry, behaviour: Behaviour) -> list[VenueReport]:
        """Cancel the order, and accept a new one with the remaining quantity, or with the requested one."""
        assert request.client_order_id is not None
        new = attrs.evolve(entry.request, client_order_id=request.client_order_id, quantity=entry.leaves)
        cancelled = self._books.cancel(entry, None)
        return cancelled + self._books.take(with_terms(new, request), request.client_order_id, behaviour)


def _in_scope(item: OrderRequest | VenueReport, scope: VenueScope) -> bool:
    same = (item.account_id, item.venue_account) == (scope.account_id, scope.venue_account)
    return same and scope.concerns(item.symbol)


def _read_cursor(cursor: str | None) -> int:
    if cursor is None:
        return 0
    if not (cursor.isascii() and cursor.isdecimal()):
        raise InvalidInput("cursor", cursor, "a cursor of this venue")
    return int(cursor)
