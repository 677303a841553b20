"""The simulated venue: its books, and what it answers."""

import random
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import reduce
from hashlib import sha256
from threading import Lock

import attrs

from sot.adapters.venues.simulated.behaviour import Answer, Behaviour, Chances
from sot.adapters.venues.simulated.fees import FeeSchedule
from sot.adapters.venues.simulated.splitting import affordable, split
from sot.application.system import SystemClock
from sot.domain.anomalies import DUPLICATE_ORDER
from sot.domain.errors import InvalidInput, VenueNotReached, VenueOutcomeUnknown, VenueRefused
from sot.domain.intent import OrderRequest
from sot.domain.numbers import ZERO, add, canonical, exact, subtract
from sot.domain.report import VenueReport
from sot.domain.vocabulary import Action, EventType, Liquidity, OrderStatus, OrderType, Side, TimeInForce
from sot.ports.clock import Clock
from sot.ports.venue import Venue

Prices = Mapping[str, Decimal | Sequence[Decimal]]
_MATCHED = (OrderType.MARKET, OrderType.LIMIT)
_AT_ONCE = (TimeInForce.IOC, TimeInForce.FOK)


@attrs.frozen(kw_only=True)
class VenueOrder:
    """An order as it stands in the venue's books."""

    request: OrderRequest
    client_order_id: str
    venue_order_id: str
    status: OrderStatus
    cum_quantity: Decimal
    leaves_quantity: Decimal | None
    reports: tuple[VenueReport, ...]


@attrs.define
class _Entry:
    request: OrderRequest
    client_order_id: str
    venue_order_id: str
    leaves: Decimal | None
    status: OrderStatus = OrderStatus.PENDING_NEW
    cum: Decimal = ZERO
    executions: int = 0
    reports: list[VenueReport] = attrs.field(factory=list)


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
    ) -> None:
        if parts < 1:
            raise InvalidInput("parts", parts, "a number of executions, at least 1")
        self.name = name
        self._prices = {symbol: _read_prices(symbol, given) for symbol, given in (prices or {}).items()}
        self._fees = fees or FeeSchedule()
        self._parts = parts
        self._chances = chances or Chances()
        self._behaviours = dict(behaviours or {})
        self._seed = seed
        self._clock = clock or SystemClock()
        self._fraction_digits = fraction_digits
        self._books: dict[str, _Entry] = {}
        self._withheld: list[VenueReport] = []
        self._calls: list[str] = []
        self._lock = Lock()

    # ------------------------------------------------------------------------------------------------ the port

    def submit(self, request: OrderRequest) -> Sequence[VenueReport]:
        """Take an order, or fail as its behaviour says.

        Raises: VenueRefused, VenueNotReached, VenueOutcomeUnknown, or what the behaviour gives as `error`.
        """
        with self._lock:
            client_order_id = request.client_order_id
            if request.action is not Action.NEW or client_order_id is None or request.symbol is None:
                raise VenueRefused("UNSUPPORTED", "only new orders with a client order id are taken")
            self._calls.append(client_order_id)
            behaviour = self._behaviour(client_order_id)
            if behaviour.answer is Answer.NOT_REACHED:
                raise VenueNotReached(behaviour.reason or "NOT_CONNECTED", "nothing was sent")
            if client_order_id in self._books and behaviour.reaches_books:
                raise VenueRefused(DUPLICATE_ORDER, f"client order id {client_order_id} was used before")
            if behaviour.answer is Answer.REFUSED:
                raise VenueRefused(behaviour.reason or "INSUFFICIENT_BALANCE")
            reports = self._take(request, client_order_id, behaviour) if behaviour.reaches_books else []
            if behaviour.answer is Answer.UNKNOWN:
                self._withheld += reports
                raise behaviour.error or VenueOutcomeUnknown(behaviour.reason or "TIMED_OUT", "no answer came")
            answered = len(reports) if behaviour.answered is None else behaviour.answered
            self._withheld += reports[answered:]
            return reports[:answered]

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
            self._prices[symbol] = _read_prices(symbol, prices)
            touched = [entry for entry in self._books.values() if _rests(entry, symbol)]
            return [
                self._execute(entry, quantity, entry.request.limit_price or ZERO, Liquidity.MAKER)
                for entry in touched
                if _crosses(entry.request, self._prices[symbol][0])
                for quantity in split(entry.leaves or ZERO, self._parts)
            ]

    def orders(self) -> Sequence[VenueOrder]:
        """The venue's books, oldest first."""
        with self._lock:
            return [_public(entry) for entry in self._books.values()]

    def reports(self, client_order_id: str) -> Sequence[VenueReport]:
        """Everything that the venue has said about an order, whether it was delivered or not."""
        with self._lock:
            entry = self._books.get(client_order_id)
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

    def _take(self, request: OrderRequest, client_order_id: str, behaviour: Behaviour) -> list[VenueReport]:
        key = f"{self.name}\x1f{request.account_id}\x1f{client_order_id}"
        entry = _Entry(request, client_order_id, sha256(key.encode()).hexdigest()[:16], request.quantity)
        self._books[client_order_id] = entry
        first = None if request.symbol not in self._prices else self._prices[request.symbol][0]
        if behaviour.answer is Answer.REJECTED:
            self._end(entry, EventType.REJECTED, behaviour.reason or "REJECTED_BY_RULE")
        elif request.order_type in _MATCHED and first is None:
            self._end(entry, EventType.REJECTED, "UNKNOWN_SYMBOL")
        elif request.post_only and first is not None and _crosses(request, first):
            self._end(entry, EventType.REJECTED, "WOULD_TAKE_LIQUIDITY")
        else:
            entry.status = OrderStatus.NEW
            self._report(entry, EventType.NEW)
            if request.order_type in _MATCHED:
                self._match(entry, behaviour.parts or self._parts)
        return list(entry.reports)

    def _match(self, entry: _Entry, parts: int) -> None:
        request = entry.request
        plan = list(self._plan(request, parts))
        everything = request.quantity is None or reduce(add, (q for q, _ in plan), ZERO) == request.quantity
        if not (request.time_in_force is TimeInForce.FOK and not everything):
            assert request.symbol is not None
            self._use_prices(request.symbol, len(plan))
            for number, (quantity, price) in enumerate(plan, 1):
                self._execute(entry, quantity, price, Liquidity.TAKER, last=number == len(plan))
        unfinished = entry.status is not OrderStatus.FILLED
        if unfinished and (request.time_in_force in _AT_ONCE or request.order_type is OrderType.MARKET):
            self._end(entry, EventType.EXPIRED, "NOT_FILLED_AT_ONCE")

    def _plan(self, request: OrderRequest, parts: int) -> Sequence[tuple[Decimal, Decimal]]:
        """The executions to come, as (quantity, price), as far as the prices cross the limit."""
        assert request.symbol is not None
        prices = self._prices[request.symbol]
        total = request.quantity or request.quote_quantity
        assert total is not None
        plan = []
        for number, share in enumerate(split(total, parts)):
            price = prices[min(number, len(prices) - 1)]
            if not _crosses(request, price):
                break
            quantity = share if request.quantity else affordable(share, price, self._fraction_digits)
            if quantity:
                plan.append((quantity, price))
        return plan

    def _use_prices(self, symbol: str, used: int) -> None:
        prices = self._prices[symbol]
        self._prices[symbol] = prices[min(used, len(prices) - 1) :]

    def _execute(
        self, entry: _Entry, quantity: Decimal, price: Decimal, liquidity: Liquidity, last: bool = False
    ) -> VenueReport:
        entry.cum = canonical(add(entry.cum, quantity))
        entry.executions += 1
        if entry.leaves is not None:
            entry.leaves = canonical(subtract(entry.leaves, quantity))
        elif last:
            entry.leaves = ZERO  # an order by quote amount is done when the amount is spent
        entry.status = OrderStatus.FILLED if entry.leaves == ZERO else OrderStatus.PARTIALLY_FILLED
        assert entry.request.symbol is not None
        return self._report(
            entry,
            EventType.TRADE,
            exec_id=f"{entry.venue_order_id}-{entry.executions}",
            last_quantity=quantity,
            last_price=price,
            liquidity=liquidity,
            fees=self._fees.charge(entry.request.symbol, quantity, price, liquidity),
        )

    def _end(self, entry: _Entry, how: EventType, reason: str) -> None:
        entry.status = OrderStatus(how)
        entry.leaves = ZERO
        self._report(entry, how, reason=reason)

    def _report(self, entry: _Entry, event_type: EventType, **said: object) -> VenueReport:
        request = entry.request
        make: Callable[..., VenueReport] = VenueReport
        report = make(
            account_id=request.account_id,
            type=event_type,
            venue=self.name,
            venue_account=request.venue_account,
            id_scope=request.id_scope,
            client_order_id=entry.client_order_id,
            venue_order_id=entry.venue_order_id,
            symbol=request.symbol,
            side=request.side,
            order_type=request.order_type,
            order_quantity=request.quantity,
            limit_price=request.limit_price,
            stop_price=request.stop_price,
            time_in_force=request.time_in_force,
            reported_status=entry.status,
            cum_quantity=entry.cum,
            leaves_quantity=entry.leaves,
            occurred_at=self._clock.now(),
            **said,
        )
        entry.reports.append(report)
        return report


def _read_prices(symbol: str, given: Decimal | Sequence[Decimal]) -> tuple[Decimal, ...]:
    prices = tuple(given) if isinstance(given, (list, tuple)) else (given,)
    if not prices:
        raise InvalidInput(f"prices.{symbol}", given, "at least one price")
    return tuple(exact(f"prices.{symbol}", price) for price in prices)


def _rests(entry: _Entry, symbol: str) -> bool:
    working = entry.status in (OrderStatus.NEW, OrderStatus.PARTIALLY_FILLED)
    return working and entry.request.symbol == symbol and entry.request.order_type is OrderType.LIMIT


def _crosses(request: OrderRequest, price: Decimal) -> bool:
    limit = request.limit_price
    if request.order_type is not OrderType.LIMIT or limit is None:
        return True
    return price <= limit if request.side is Side.BUY else price >= limit


def _public(entry: _Entry) -> VenueOrder:
    return VenueOrder(
        request=entry.request,
        client_order_id=entry.client_order_id,
        venue_order_id=entry.venue_order_id,
        status=entry.status,
        cum_quantity=entry.cum,
        leaves_quantity=entry.leaves,
        reports=tuple(entry.reports),
    )
