"""What the tests of a venue need: its symbol and prices, hooks for a bad network, and orders to start from."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import timedelta
from decimal import Decimal
from functools import reduce
from itertools import count
from typing import Any, ClassVar

import attrs
import pytest

from sot.application.execution.recovery import RecoveryLimits
from sot.application.executor import Executor
from sot.application.history import OrderHistory
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.values.errors import VenueError
from sot.domain.values.instrument import Instrument
from sot.domain.values.numbers import ZERO, add, multiply
from sot.domain.values.vocabulary import Action, EventType, InstrumentKind, OrderStatus, OrderType, Side
from sot.ports.store import Store
from sot.ports.venue import OrderReference, Venue, VenueCapabilities, VenueScope
from sot.testing.contract.samples import ACCOUNT

_numbers = count(1)


class VenueScenario:
    """A venue with an account, a symbol and orders. `VenueContract` has the tests.

    Attributes:
        SYMBOL: The symbol to trade.
        RESTING_PRICE: A limit at which a BUY rests.
        FILLING_PRICE: A limit at which a BUY is filled at once.
        QUANTITY: The quantity of each order, in units.
        CURRENCIES: Base and quote currency of the symbol.
    """

    SYMBOL: ClassVar[str] = "BTC/USDT"
    RESTING_PRICE: ClassVar[Decimal] = Decimal(90)
    FILLING_PRICE: ClassVar[Decimal] = Decimal(110)
    QUANTITY: ClassVar[Decimal] = Decimal(2)
    CURRENCIES: ClassVar[tuple[str, str]] = ("BTC", "USDT")

    # ------------------------------------------------------------------------------------------------------- hooks

    def new_store(self) -> Store:
        """Make an empty store, such as a MemoryStore."""
        raise NotImplementedError("give the suite an empty store: `def new_store(self): return MemoryStore()`")

    def lose_answers(self, venue: Venue) -> AbstractContextManager[Any]:
        """A context in which requests reach the exchange, and their answers are lost."""
        pytest.skip("the suite was given no way to lose an answer")

    def lose_requests(self, venue: Venue) -> AbstractContextManager[Any]:
        """A context in which requests are lost on their way."""
        pytest.skip("the suite was given no way to lose a request")

    def disconnect(self, venue: Venue) -> AbstractContextManager[Any]:
        """A context in which the exchange cannot be reached, which is known before anything is sent."""
        pytest.skip("the suite was given no way to cut the connection")

    # ---------------------------------------------------------------------------------------------------------- orders

    def require(self, venue: Venue, capability: str) -> None:
        """Skip the test if the venue does not have a capability."""
        if not getattr(venue.capabilities, capability):
            pytest.skip(f"this venue has no {capability}")

    def new_client_order_id(self) -> str:
        """A client order id that is not in use."""
        return f"contract{next(_numbers)}"

    def new_order_request(self, venue: Venue, limit_price: Decimal) -> OrderRequest:
        """A request to buy."""
        return OrderRequest(
            account_id=ACCOUNT,
            client_order_id=self.new_client_order_id(),
            venue=venue.name,
            symbol=self.SYMBOL,
            side=Side.BUY,
            order_type=OrderType.LIMIT,
            quantity=self.QUANTITY,
            limit_price=limit_price,
        )

    def amendment(self, order: Order, action: Action) -> OrderRequest:
        """A request to cancel an order, or to replace its quantity with half of it."""
        terms: dict[str, Any] = {"quantity": self.QUANTITY / 2} if action is Action.REPLACE else {}
        return OrderRequest(
            account_id=ACCOUNT,
            action=action,
            client_order_id=self.new_client_order_id(),
            target_order_id=order.order_id,
            venue=order.venue,
            symbol=order.symbol,
            side=order.side,
            **terms,
        )

    def scope(self) -> VenueScope:
        """The account and symbol of the suite."""
        return VenueScope(account_id=ACCOUNT, symbols=frozenset({self.SYMBOL}))

    def reference(self, order: Order) -> OrderReference:
        """The reference with which the venue is asked about an order."""
        return OrderReference.to(order, order.created_at)

    def store_with_instrument(self, venue: Venue) -> Store:
        """An empty store in which the instrument is registered."""
        store = self.new_store()
        base, quote = self.CURRENCIES
        spot = Instrument(
            account_id=ACCOUNT, venue=venue.name, symbol=self.SYMBOL, kind=InstrumentKind.SPOT, base=base, quote=quote
        )
        store.run(lambda uow: OrderHistory(uow).register(spot))
        return store

    def submit(self, store: Store, request: OrderRequest) -> str:
        """Submit a request and return its id."""
        return store.run(lambda uow: OrderHistory(uow).submit(request)).request_id

    def execute(self, venue: Venue, request: OrderRequest) -> Order:
        """Execute a request, with a store of its own, and return the order."""
        store = self.store_with_instrument(venue)
        return Executor(store, venue).execute(self.submit(store, request))

    def resting_order(self, venue: Venue) -> Order:
        """Execute an order that rests."""
        return self.execute(venue, self.new_order_request(venue, self.RESTING_PRICE))

    def read_order(self, store: Store, order: Order) -> Order:
        """Read an order as it is now."""
        return store.run(lambda uow: OrderHistory(uow).order(order.order_id), read_only=True)

    def recover(self, store: Store, venue: Venue) -> None:
        """Recover everything that is in doubt, however recent."""
        capabilities = attrs.evolve(venue.capabilities, time_limit=timedelta(microseconds=1))
        Executor(store, _VenueWithoutDelay(venue, capabilities)).recover(
            limits=RecoveryLimits(grace=timedelta(0), pause=timedelta(0))
        )

    def assert_about(self, venue: Venue, request: OrderRequest, report: VenueReport) -> None:
        """Assert that a report is about the order of a request."""
        assert isinstance(report, VenueReport)
        assert (report.account_id, report.venue) == (ACCOUNT, venue.name)
        assert report.symbol in (None, self.SYMBOL)
        assert report.side in (None, request.side)
        if venue.capabilities.client_order_ids:
            assert report.client_order_id == request.client_order_id

    def executions_of(self, venue: Venue, order: Order) -> Sequence[VenueReport]:
        """The executions of an order, as far as the venue can be asked for them."""
        if venue.capabilities.executions_by_order:
            reports: Sequence[VenueReport] = venue.find(self.reference(order)).reports
        elif venue.capabilities.lists_executions:
            reports, _ = self.list_executions(venue, None)
        else:
            reports = ()
        return [
            report
            for report in reports
            if report.type is EventType.TRADE and report.venue_order_id in (None, order.venue_order_id)
        ]

    def list_executions(self, venue: Venue, cursor: str | None) -> tuple[list[VenueReport], str | None]:
        """List all executions from a cursor on, and return the cursor behind them."""
        listed: list[VenueReport] = []
        for _ in range(100):
            page = venue.executions(self.scope(), cursor=cursor)
            listed += page.reports
            cursor = page.cursor
            if not page.more:
                return listed, cursor
        raise AssertionError("the pages have no end")

    def reported_status(self, venue: Venue, order: Order) -> OrderStatus | None:
        """The status that the venue reports of an order; None if it does not find the order."""
        reports = venue.find(self.reference(order)).reports
        return reports[-1].reported_status if reports else None

    def keeps_positions(self, venue: Venue) -> bool:
        """Whether the venue keeps positions of the symbol: for spot, most venues do not."""
        symbols = venue.positions(self.scope()).symbols
        return symbols is None or self.SYMBOL in symbols

    def position_quantity(self, venue: Venue) -> Decimal:
        """The position in the symbol, in units."""
        positions = venue.positions(self.scope()).positions
        return reduce(add, (position.quantity for position in positions if position.symbol == self.SYMBOL), ZERO)

    def balances(self, venue: Venue) -> dict[str, Decimal]:
        """The balances by asset."""
        return {balance.asset: balance.amount for balance in venue.balances(self.scope()).balances}

    def cash_moved(self, executions: Sequence[VenueReport]) -> tuple[Decimal, dict[str, Decimal]]:
        """The value of executions, and their fees by currency."""
        spent, fees = ZERO, dict[str, Decimal]()
        for report in executions:
            spent = add(spent, multiply(report.last_quantity or ZERO, report.last_price or ZERO))
            for fee in report.fees:
                fees[fee.currency] = add(fees.get(fee.currency, ZERO), fee.amount)
        return spent, fees


class _VenueWithoutDelay(Venue):
    """A venue whose capabilities let recovery ask at once; it sends nothing."""

    def __init__(self, venue: Venue, capabilities: VenueCapabilities) -> None:
        self.name = venue.name
        self._venue = venue
        self._capabilities = capabilities

    @property
    def capabilities(self) -> VenueCapabilities:
        return self._capabilities

    def submit(self, request: OrderRequest) -> Sequence[VenueReport]:
        raise VenueError("NOT_SENT", "recovery sends nothing")

    def find(self, order: OrderReference):  # type: ignore[no-untyped-def]
        return self._venue.find(order)
