"""Requests and orders of the tests."""

from decimal import Decimal

from sot import OrderRequest, OrderType, Side
from sot.domain.orders.order import Order
from sot.ports.venue import OrderReference

NAME = "my-1"


def request(client_order_id=NAME, **terms):
    plain = {"symbol": "BTC/USDT", "side": Side.BUY, "order_type": OrderType.LIMIT}
    if terms.get("order_type", OrderType.LIMIT) is OrderType.LIMIT:
        plain["limit_price"] = Decimal(40000)
    if "quote_quantity" not in terms:
        plain["quantity"] = Decimal("0.5")
    return OrderRequest(account_id="main", venue="BINANCE", client_order_id=client_order_id, **{**plain, **terms})


def reference(client_order_id=NAME, **named):
    return OrderReference(account_id="main", symbol="BTC/USDT", client_order_id=client_order_id, **named)


def as_order(placed, **state):
    """The order of the history for a placed one."""
    first = placed[0]
    order = Order(
        account_id="main",
        order_id="00000000-0000-7000-8000-000000000001",
        request_id=None,
        venue="BINANCE",
        venue_account="",
        id_scope="",
        symbol=first.symbol,
        side=first.side,
        order_type=first.order_type,
        strategy_code=None,
        created_at=first.occurred_at,
    )
    order.state.client_order_id, order.state.venue_order_id = first.client_order_id, first.venue_order_id
    order.state.order_quantity, order.state.limit_price = first.order_quantity, first.limit_price
    for name, value in state.items():
        setattr(order.state, name, value)
    return order


def change(action, client_order_id="change-1", **terms):
    return OrderRequest(
        account_id="main",
        action=action,
        client_order_id=client_order_id,
        target_order_id="00000000-0000-7000-8000-000000000001",
        **terms,
    )
