"""NautilusTrader's execution engine with its cache and portfolio, in memory, as its node runs them.

An order is built, added to the cache, and four events are processed: submitted, accepted, and two fills. The engine has
no requests, hashes, identifiers by scope or costs; it computes the order, the position, and the account.
"""

from decimal import Decimal

from nautilus_trader.cache.cache import Cache
from nautilus_trader.common.component import MessageBus, TestClock
from nautilus_trader.common.factories import OrderFactory
from nautilus_trader.core.uuid import UUID4
from nautilus_trader.execution.engine import ExecutionEngine
from nautilus_trader.model.currencies import USDT
from nautilus_trader.model.enums import AccountType, LiquiditySide, OrderSide, OrderStatus, OrderType
from nautilus_trader.model.events import AccountState, OrderAccepted, OrderFilled, OrderSubmitted
from nautilus_trader.model.identifiers import AccountId, StrategyId, TradeId, TraderId, VenueOrderId
from nautilus_trader.model.objects import AccountBalance, Money, Price, Quantity
from nautilus_trader.portfolio.portfolio import Portfolio
from nautilus_trader.test_kit.providers import TestInstrumentProvider

TRADER, STRATEGY, ACCOUNT = TraderId("TRADER-001"), StrategyId("S-001"), AccountId("BINANCE-001")
TRADES = (
    ("0.500000", "99.50", Decimal("0.01"), LiquiditySide.TAKER),
    ("1.500000", "100.00", Decimal("0.02"), LiquiditySide.MAKER),
)


class NautilusOrders:
    """An engine that is fed filled orders.

    Args:
        round_trips: Whether every second order sells what the one before bought; else the position grows.
    """

    def __init__(self, round_trips: bool) -> None:
        clock = TestClock()
        bus = MessageBus(trader_id=TRADER, clock=clock)
        self.cache = Cache()
        self._portfolio = Portfolio(msgbus=bus, cache=self.cache, clock=clock)
        self._engine = ExecutionEngine(msgbus=bus, cache=self.cache, clock=clock)
        self._instrument = TestInstrumentProvider.btcusdt_binance()
        self.cache.add_instrument(self._instrument)
        self._portfolio.update_account(_account_state())
        self._factory = OrderFactory(trader_id=TRADER, strategy_id=STRATEGY, clock=clock, cache=self.cache)
        self._round_trips = round_trips

    def fill_order(self, number: int) -> None:
        """Build an order and fill it."""
        side = OrderSide.SELL if self._round_trips and number % 2 else OrderSide.BUY
        id = self._instrument.id
        order = self._factory.limit(id, side, Quantity.from_str("2.000000"), Price.from_str("100.00"))
        self.cache.add_order(order, None)
        common = {
            "trader_id": TRADER, "strategy_id": STRATEGY, "instrument_id": id, "client_order_id": order.client_order_id,
            "account_id": ACCOUNT, "ts_event": number, "ts_init": number,
        }  # fmt: skip
        process, venue_order_id = self._engine.process, VenueOrderId(f"V{number}")
        process(OrderSubmitted(event_id=UUID4(), **common))
        process(OrderAccepted(event_id=UUID4(), venue_order_id=venue_order_id, **common))
        for place, (quantity, price, fee, liquidity) in enumerate(TRADES, 2):
            process(
                OrderFilled(
                    event_id=UUID4(), venue_order_id=venue_order_id, trade_id=TradeId(f"{number}.{place}"),
                    position_id=None, order_side=side, order_type=OrderType.LIMIT, last_qty=Quantity.from_str(quantity),
                    last_px=Price.from_str(price), currency=USDT, commission=Money(fee, USDT), liquidity_side=liquidity,
                    **common,
                )
            )  # fmt: skip

    def check(self, count: int) -> None:
        """Check that all orders are kept and filled, and what the position is."""
        orders = self.cache.orders()
        assert len(orders) == count
        assert all(order.status == OrderStatus.FILLED for order in orders)
        held = sum(position.signed_decimal_qty() for position in self.cache.positions_open())
        assert held == (2 * (count % 2) if self._round_trips else 2 * count)


def _account_state() -> AccountState:
    balance = AccountBalance(Money(10**9, USDT), Money(0, USDT), Money(10**9, USDT))
    return AccountState(
        account_id=ACCOUNT, account_type=AccountType.CASH, base_currency=None, reported=True, balances=[balance],
        margins=[], info={}, event_id=UUID4(), ts_event=0, ts_init=0,
    )  # fmt: skip
