"""The books of a simulated venue: its orders, their matching and their reports."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from functools import reduce
from hashlib import sha256

import attrs

from sot.adapters.venues.simulated.behaviour import Answer, Behaviour
from sot.adapters.venues.simulated.fees import FeeSchedule
from sot.adapters.venues.simulated.splitting import affordable, split
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import TERMS, OrderRequest
from sot.domain.values.errors import InvalidInput
from sot.domain.values.given import DecimalGiven
from sot.domain.values.numbers import ZERO, add, canonical, exact, subtract
from sot.domain.values.vocabulary import EventType, Liquidity, OrderStatus, OrderType, Side, TimeInForce
from sot.ports.clock import Clock

Prices = Mapping[str, DecimalGiven | Sequence[DecimalGiven]]
_MATCHED = (OrderType.MARKET, OrderType.LIMIT)
_AT_ONCE = (TimeInForce.IOC, TimeInForce.FOK)
_WORKING = (OrderStatus.NEW, OrderStatus.PARTIALLY_FILLED)


@attrs.frozen(kw_only=True)
class VenueOrder:
    """An order in the venue's books, at one moment."""

    request: OrderRequest
    client_order_id: str
    venue_order_id: str
    status: OrderStatus
    cum_quantity: Decimal
    leaves_quantity: Decimal | None
    reports: tuple[VenueReport, ...]


@attrs.define(eq=False)
class Entry:
    """An order in the books; `request` has its current terms."""

    request: OrderRequest
    client_order_id: str
    venue_order_id: str
    leaves: Decimal | None
    status: OrderStatus = OrderStatus.PENDING_NEW
    cum: Decimal = ZERO
    executions: int = 0
    reports: list[VenueReport] = attrs.field(factory=list)

    @property
    def is_working(self) -> bool:
        """Whether it can be executed, cancelled or replaced."""
        return self.status in _WORKING

    def snapshot(self) -> VenueOrder:
        """The order as it is now."""
        return VenueOrder(
            request=self.request,
            client_order_id=self.client_order_id,
            venue_order_id=self.venue_order_id,
            status=self.status,
            cum_quantity=self.cum,
            leaves_quantity=self.leaves,
            reports=tuple(self.reports),
        )


class Books:
    """All orders of the venue, by each of their client order ids, and all executions in the order of time."""

    def __init__(
        self, name: str, prices: Prices, fees: FeeSchedule, parts: int, clock: Clock, fraction_digits: int
    ) -> None:
        self.name = name
        self.entries: dict[str, Entry] = {}
        self.executions: list[VenueReport] = []
        self._prices = {symbol: read_prices(symbol, price) for symbol, price in prices.items()}
        self._fees = fees
        self._parts = parts
        self._clock = clock
        self._fraction_digits = fraction_digits

    def all(self) -> list[Entry]:
        """All orders, oldest first."""
        return list(dict.fromkeys(self.entries.values()))

    def find(self, client_order_id: str | None, venue_order_id: str | None) -> Entry | None:
        """Find an order by one of its ids."""
        entry = self.entries.get(client_order_id) if client_order_id is not None else None
        if entry is None and venue_order_id is not None:
            entry = next((order for order in self.entries.values() if order.venue_order_id == venue_order_id), None)
        return entry

    def move(self, symbol: str, prices: Decimal | Sequence[Decimal]) -> list[VenueReport]:
        """Set new prices, and execute the resting orders that they reach, as makers."""
        self._prices[symbol] = read_prices(symbol, prices)
        return [
            self._execute(entry, quantity, entry.request.limit_price or ZERO, Liquidity.MAKER)
            for entry in self.all()
            if entry.is_working and entry.request.symbol == symbol and entry.request.order_type is OrderType.LIMIT
            if _crosses(entry.request, self._prices[symbol][0])
            for quantity in split(entry.leaves or ZERO, self._parts)
        ]

    def take(self, request: OrderRequest, client_order_id: str, behaviour: Behaviour) -> list[VenueReport]:
        """Accept or reject a new order, match it, and return its reports."""
        key = f"{self.name}\x1f{request.account_id}\x1f{client_order_id}"
        entry = Entry(request, client_order_id, sha256(key.encode()).hexdigest()[:16], request.quantity)
        self.entries[client_order_id] = entry
        first = None if request.symbol not in self._prices else self._prices[request.symbol][0]
        if behaviour.answer is Answer.REJECTED:
            self.end(entry, EventType.REJECTED, behaviour.reason or "REJECTED_BY_RULE")
        elif request.order_type in _MATCHED and first is None:
            self.end(entry, EventType.REJECTED, "UNKNOWN_SYMBOL")
        elif request.post_only and first is not None and _crosses(request, first):
            self.end(entry, EventType.REJECTED, "WOULD_TAKE_LIQUIDITY")
        else:
            entry.status = OrderStatus.NEW
            self._report(entry, EventType.NEW)
            if request.order_type in _MATCHED:
                self._match(entry, behaviour.parts or self._parts)
        return list(entry.reports)

    def cancel(self, entry: Entry, client_order_id: str | None) -> list[VenueReport]:
        """Cancel a working order by a request with this client order id."""
        names = {"client_order_id": client_order_id, "orig_client_order_id": entry.client_order_id}
        if client_order_id is not None:
            self.entries[client_order_id] = entry
        return [self.end(entry, EventType.CANCELED, None, **(names if client_order_id else {}))]

    def amend(self, entry: Entry, request: OrderRequest) -> list[VenueReport]:
        """Replace the terms of a working order, and its client order id by that of the request."""
        report_count, former_id = len(entry.reports), entry.client_order_id
        entry.request = with_terms(entry.request, request)
        if request.client_order_id is not None:
            entry.client_order_id = request.client_order_id
            self.entries[request.client_order_id] = entry
        if entry.request.quantity is not None:
            entry.leaves = canonical(max(subtract(entry.request.quantity, entry.cum), ZERO))
        if entry.leaves == ZERO:
            entry.status = OrderStatus.FILLED
        self._report(entry, EventType.REPLACED, orig_client_order_id=former_id)
        if entry.is_working and entry.request.order_type in _MATCHED:
            self._match(entry, self._parts)
        return entry.reports[report_count:]

    def restate(self, entry: Entry, terms: Mapping[str, Decimal]) -> list[VenueReport]:
        """Change the terms of a working order without a request."""
        report_count = len(entry.reports)
        entry.request = entry.request.changed(**terms)
        if entry.request.quantity is not None:
            entry.leaves = canonical(max(subtract(entry.request.quantity, entry.cum), ZERO))
        if entry.leaves == ZERO:
            entry.status = OrderStatus.FILLED
        self._report(entry, EventType.RESTATED)
        if entry.is_working and entry.request.order_type in _MATCHED:
            self._match(entry, self._parts)
        return entry.reports[report_count:]

    def _match(self, entry: Entry, parts: int) -> None:
        request = entry.request
        plan = list(self._plan(entry, parts))
        is_complete = entry.leaves is None or reduce(add, (q for q, _ in plan), ZERO) == entry.leaves
        if not (request.time_in_force is TimeInForce.FOK and not is_complete):
            assert request.symbol is not None
            self._use_prices(request.symbol, len(plan))
            for number, (quantity, price) in enumerate(plan, 1):
                self._execute(entry, quantity, price, Liquidity.TAKER, last=number == len(plan))
        is_unfilled = entry.status is not OrderStatus.FILLED
        if is_unfilled and (request.time_in_force in _AT_ONCE or request.order_type is OrderType.MARKET):
            self.end(entry, EventType.EXPIRED, "NOT_FILLED_AT_ONCE")

    def _plan(self, entry: Entry, parts: int) -> Sequence[tuple[Decimal, Decimal]]:
        """The executions as (quantity, price), as far as the prices cross the limit."""
        request = entry.request
        assert request.symbol is not None
        prices = self._prices[request.symbol]
        total = entry.leaves or request.quote_quantity
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
        self, entry: Entry, quantity: Decimal, price: Decimal, liquidity: Liquidity, last: bool = False
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

    def end(self, entry: Entry, event_type: EventType, reason: str | None, **fields: object) -> VenueReport:
        """End an order: it is cancelled, expired or rejected."""
        entry.status = OrderStatus(event_type)
        entry.leaves = ZERO
        return self._report(entry, event_type, reason=reason, **fields)

    def status_of(self, entry: Entry, asked_at: datetime) -> VenueReport:
        """A report of the status of an order at the time of a query."""
        return self._make_report(entry, EventType.ORDER_STATUS, occurred_at=asked_at)

    def _report(self, entry: Entry, event_type: EventType, **fields: object) -> VenueReport:
        report = self._make_report(entry, event_type, **fields)
        entry.reports.append(report)
        if event_type is EventType.TRADE:
            self.executions.append(report)
        return report

    def _make_report(self, entry: Entry, event_type: EventType, **fields: object) -> VenueReport:
        request = entry.request
        make: Callable[..., VenueReport] = VenueReport
        order_fields: dict[str, object] = {
            "account_id": request.account_id,
            "type": event_type,
            "venue": self.name,
            "venue_account": request.venue_account,
            "id_scope": request.id_scope,
            "client_order_id": entry.client_order_id,
            "venue_order_id": entry.venue_order_id,
            "symbol": request.symbol,
            "side": request.side,
            "order_type": request.order_type,
            "order_quantity": request.quantity,
            "limit_price": request.limit_price,
            "stop_price": request.stop_price,
            "time_in_force": request.time_in_force,
            "reported_status": entry.status,
            "cum_quantity": entry.cum,
            "leaves_quantity": entry.leaves,
            "occurred_at": self._clock.now(),
        }
        return make(**{**order_fields, **fields})


def read_prices(symbol: str, prices: DecimalGiven | Sequence[DecimalGiven]) -> tuple[Decimal, ...]:
    """Read one price or several.

    Raises:
        InvalidInput: There is no price, or one is not exact.
    """
    checked = tuple(prices) if isinstance(prices, (list, tuple)) else (prices,)
    if not checked:
        raise InvalidInput(f"prices.{symbol}", prices, "at least one price")
    return tuple(exact(f"prices.{symbol}", price) for price in checked)


def _crosses(request: OrderRequest, price: Decimal) -> bool:
    limit = request.limit_price
    if request.order_type is not OrderType.LIMIT or limit is None:
        return True
    return price <= limit if request.side is Side.BUY else price >= limit


def with_terms(request: OrderRequest, replacement: OrderRequest) -> OrderRequest:
    """The request with the terms that a replacement has."""
    return attrs.evolve(request, **{name: value for name in TERMS if (value := getattr(replacement, name)) is not None})
