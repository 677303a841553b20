"""From requests to calls of ccxt, exactly: what would be sent otherwise than it was asked for is not sent."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sot.adapters.ccxt.known import Known
from sot.adapters.ccxt.markets import market_type
from sot.adapters.ccxt.words import ADDED_PREFIX
from sot.domain.orders.order import Order
from sot.domain.orders.request import OrderRequest
from sot.domain.values.errors import VenueNotReached
from sot.domain.values.numbers import plain
from sot.domain.values.vocabulary import OrderType, PositionSide, Side, TimeInForce
from sot.ports.venue import UNSUPPORTED, Replacement

_TYPES: Mapping[OrderType, tuple[str, str | None]] = {
    OrderType.MARKET: ("market", None),
    OrderType.LIMIT: ("limit", None),
    OrderType.STOP: ("market", "triggerPrice"),
    OrderType.STOP_LIMIT: ("limit", "triggerPrice"),
    OrderType.MARKET_IF_TOUCHED: ("market", "takeProfitPrice"),
    OrderType.LIMIT_IF_TOUCHED: ("limit", "takeProfitPrice"),
}
"""ccxt's type, and the parameter that takes the stop price."""
_TIMES_IN_FORCE = frozenset({TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK})
_WITH_COST = {Side.BUY: "createMarketBuyOrderWithCost", Side.SELL: "createMarketSellOrderWithCost"}
_OPENS = {(PositionSide.LONG, Side.BUY), (PositionSide.SHORT, Side.SELL)}


def place(exchange: Any, request: OrderRequest) -> Any:
    """Send a new order; what ccxt answers."""
    symbol, side = request.symbol, request.side
    assert symbol is not None and side is not None and request.order_type is not None
    check_symbol(exchange, symbol)
    kind, trigger = _type(request.order_type)
    parameters = _parameters(exchange, request, trigger)
    if request.quote_quantity is not None:
        return _place_for_an_amount(exchange, request, parameters)
    amount = _amount(exchange, symbol, request.quantity)
    price = _price(exchange, symbol, request.limit_price) if kind == "limit" else None
    return exchange.create_order(symbol, kind, side.lower(), amount, price, parameters)


def cancel(exchange: Any, target: Order, facts: Known) -> Any:
    """Ask for the end of an order, by the exchange's id where it is known, else by the client's."""
    check_symbol(exchange, target.symbol)
    if target.venue_order_id is not None:
        return exchange.cancel_order(target.venue_order_id, target.symbol)
    if facts.by_client_order_id and target.client_order_id is not None:
        return exchange.cancel_order("", target.symbol, {"clientOrderId": target.client_order_id})
    raise VenueNotReached(UNSUPPORTED, "the order's id at the exchange is not known yet; find the order first")


def replace(exchange: Any, request: OrderRequest, target: Order, facts: Known) -> Any:
    """Ask for other terms: those that the request has; the others stay.

    Where that makes a new order, it works what the old one has left, unless the request says how much.
    """
    symbol = target.symbol
    check_symbol(exchange, symbol)
    how = facts.replaces.get(market_type(exchange, symbol))
    if how is None or target.venue_order_id is None or target.side is None or target.order_type is None:
        raise VenueNotReached(UNSUPPORTED, f"orders of {symbol} are not replaced here; cancel, and place a new one")
    kind, trigger = _type(target.order_type)
    parameters = _parameters(exchange, _completed(request, target), trigger)
    if how is Replacement.AMENDS:
        parameters.pop("clientOrderId")  # some exchanges would take it as the order's name
    left = target.order_quantity if how is Replacement.AMENDS else target.leaves_quantity
    amount = _amount(exchange, symbol, request.quantity or left)
    limit = request.limit_price if request.limit_price is not None else target.state.limit_price
    price = _price(exchange, symbol, limit) if kind == "limit" else None
    return exchange.edit_order(target.venue_order_id, symbol, kind, target.side.lower(), amount, price, parameters)


def _completed(request: OrderRequest, target: Order) -> OrderRequest:
    """The request with what stays of the order that it replaces, as far as parameters tell it."""
    stays = {
        "symbol": target.symbol,
        "side": target.side,
        "stop_price": request.stop_price if request.stop_price is not None else target.state.stop_price,
        "time_in_force": request.time_in_force or target.state.time_in_force,
        "position_side": request.position_side or target.state.position_side,
    }
    return request.changed(**stays)


def check_symbol(exchange: Any, symbol: str | None) -> None:
    """Whether the exchange has it.

    Raises: VenueNotReached.
    """
    if symbol not in exchange.markets:
        why = f"{exchange.id} lists no {symbol}; symbols are ccxt's, such as BTC/USDT or BTC/USDT:USDT"
        raise VenueNotReached("UNKNOWN_SYMBOL", why)


def _place_for_an_amount(exchange: Any, request: OrderRequest, parameters: dict[str, Any]) -> Any:
    symbol, side, cost = request.symbol, request.side, request.quote_quantity
    assert symbol is not None and side is not None and cost is not None
    if request.order_type is not OrderType.MARKET or exchange.has.get(_WITH_COST[side]) is not True:
        raise VenueNotReached(UNSUPPORTED, f"{exchange.id} takes no {request.order_type} {side} for an amount of money")
    text = plain(cost)
    _check_exact("quote_quantity", cost, _rounded(exchange, symbol, "price", exchange.cost_to_precision, text))
    if side is Side.BUY:
        return exchange.create_market_buy_order_with_cost(symbol, text, parameters)
    return exchange.create_market_sell_order_with_cost(symbol, text, parameters)


def _type(order_type: OrderType) -> tuple[str, str | None]:
    if order_type not in _TYPES:
        raise VenueNotReached(UNSUPPORTED, f"ccxt has no unified order type for {order_type}")
    return _TYPES[order_type]


def _parameters(exchange: Any, request: OrderRequest, trigger: str | None) -> dict[str, Any]:
    name = request.client_order_id
    if name is None:
        raise VenueNotReached(UNSUPPORTED, "an order without a client order id could not be found again")
    prefix = ADDED_PREFIX.get(exchange.id)
    if prefix is not None and name.startswith(prefix):
        why = f"ccxt adds {prefix} to client order ids; one that begins with it could not be told apart"
        raise VenueNotReached(UNSUPPORTED, why)
    parameters: dict[str, Any] = {"clientOrderId": name, **_position(request)}
    if request.time_in_force is not None:
        if request.time_in_force not in _TIMES_IN_FORCE:
            raise VenueNotReached(UNSUPPORTED, f"ccxt has no unified time in force {request.time_in_force}")
        parameters["timeInForce"] = str(request.time_in_force)
    if request.post_only:
        parameters["postOnly"] = True
    if trigger is not None:
        symbol = request.symbol
        parameters[trigger] = _price(exchange, symbol, request.stop_price)
    return parameters


def _position(request: OrderRequest) -> dict[str, Any]:
    """How ccxt names a side of the position: by `hedged`, and `reduceOnly` for what closes it."""
    if request.position_id is not None:
        raise VenueNotReached(UNSUPPORTED, "ccxt has no unified name for positions")
    said: dict[str, Any] = {"reduceOnly": True} if request.reduce_only else {}
    if request.position_side in (PositionSide.LONG, PositionSide.SHORT):
        said["hedged"] = True
        if (request.position_side, request.side) not in _OPENS:
            said["reduceOnly"] = True
    return said


def _amount(exchange: Any, symbol: str, quantity: Decimal | None) -> str:
    if quantity is None:
        raise VenueNotReached(UNSUPPORTED, "the quantity of the order is not known")
    text = plain(quantity)
    _check_exact("quantity", quantity, _rounded(exchange, symbol, "amount", exchange.amount_to_precision, text))
    return text


def _price(exchange: Any, symbol: str | None, price: Decimal | None) -> str:
    if price is None or symbol is None:
        raise VenueNotReached(UNSUPPORTED, "the price of the order is not known")
    text = plain(price)
    _check_exact("price", price, _rounded(exchange, symbol, "price", exchange.price_to_precision, text))
    return text


def _rounded(exchange: Any, symbol: str, precision: str, to_precision: Any, text: str) -> str:
    """What ccxt makes of a figure: it rounds or cuts it off to what the exchange takes."""
    stated = exchange.market(symbol)["precision"].get(precision)
    return text if stated is None else str(to_precision(symbol, text))


def _check_exact(what: str, asked: Decimal, sent: str) -> None:
    if Decimal(sent) != asked:
        why = f"ccxt would send {sent} as the {what} instead of {plain(asked)}; give one that the exchange takes"
        raise VenueNotReached("NOT_EXACT", why)
