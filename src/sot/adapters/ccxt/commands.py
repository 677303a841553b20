"""Sending requests by calls of ccxt: exactly as requested, or not at all."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sot.adapters.ccxt.exchange_facts import ExchangeFacts
from sot.adapters.ccxt.markets import market_type
from sot.adapters.ccxt.vocabulary import ADDED_PREFIX
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
"""ccxt's order type, and its parameter for the stop price."""
_TIMES_IN_FORCE = frozenset({TimeInForce.GTC, TimeInForce.IOC, TimeInForce.FOK})
_WITH_COST = {Side.BUY: "createMarketBuyOrderWithCost", Side.SELL: "createMarketSellOrderWithCost"}
_OPENS = {(PositionSide.LONG, Side.BUY), (PositionSide.SHORT, Side.SELL)}


def place_order(exchange: Any, request: OrderRequest) -> Any:
    """Send a new order, and return ccxt's response.

    Raises:
        VenueNotReached: It cannot be sent exactly as requested.
    """
    symbol, side = request.symbol, request.side
    assert symbol is not None and side is not None and request.order_type is not None
    check_symbol(exchange, symbol)
    order_type, trigger = _ccxt_type(request.order_type)
    parameters = _parameters(exchange, request, trigger)
    if request.quote_quantity is not None:
        return _place_for_amount(exchange, request, parameters)
    amount = _amount(exchange, symbol, request.quantity)
    price = _price(exchange, symbol, request.limit_price) if order_type == "limit" else None
    return exchange.create_order(symbol, order_type, side.lower(), amount, price, parameters)


def cancel_order(exchange: Any, target: Order, facts: ExchangeFacts) -> Any:
    """Cancel an order by its id at the exchange, else by its client order id, and return ccxt's response.

    Raises:
        VenueNotReached: Neither id can be used.
    """
    check_symbol(exchange, target.symbol)
    if target.venue_order_id is not None:
        return exchange.cancel_order(target.venue_order_id, target.symbol)
    if facts.by_client_order_id and target.client_order_id is not None:
        return exchange.cancel_order("", target.symbol, {"clientOrderId": target.client_order_id})
    raise VenueNotReached(UNSUPPORTED, "the order's id at the exchange is not known yet; find the order first")


def replace_order(exchange: Any, request: OrderRequest, target: Order, facts: ExchangeFacts) -> Any:
    """Replace the terms of an order that the request has, and return ccxt's response.

    Where a replacement makes a new order, its quantity is what the old one has left, unless the request has one.

    Raises:
        VenueNotReached: It cannot be sent exactly as requested.
    """
    symbol = target.symbol
    check_symbol(exchange, symbol)
    replacement = facts.replaces.get(market_type(exchange, symbol))
    if replacement is None or target.venue_order_id is None or target.side is None or target.order_type is None:
        raise VenueNotReached(UNSUPPORTED, f"orders of {symbol} are not replaced here; cancel, and place a new one")
    order_type, trigger = _ccxt_type(target.order_type)
    parameters = _parameters(exchange, _with_terms_of(request, target), trigger)
    if replacement is Replacement.AMENDS:
        parameters.pop("clientOrderId")  # some exchanges would rename the order
    remaining = target.order_quantity if replacement is Replacement.AMENDS else target.leaves_quantity
    amount = _amount(exchange, symbol, request.quantity or remaining)
    limit = request.limit_price if request.limit_price is not None else target.state.limit_price
    price = _price(exchange, symbol, limit) if order_type == "limit" else None
    return exchange.edit_order(
        target.venue_order_id, symbol, order_type, target.side.lower(), amount, price, parameters
    )


def _with_terms_of(request: OrderRequest, target: Order) -> OrderRequest:
    """The request with the terms that stay, as far as ccxt has parameters for them."""
    terms = {
        "symbol": target.symbol,
        "side": target.side,
        "stop_price": request.stop_price if request.stop_price is not None else target.state.stop_price,
        "time_in_force": request.time_in_force or target.state.time_in_force,
        "position_side": request.position_side or target.state.position_side,
    }
    return request.changed(**terms)


def check_symbol(exchange: Any, symbol: str | None) -> None:
    """Check that the exchange has a symbol.

    Raises:
        VenueNotReached: It does not.
    """
    if symbol not in exchange.markets:
        why = f"{exchange.id} lists no {symbol}; symbols are ccxt's, such as BTC/USDT or BTC/USDT:USDT"
        raise VenueNotReached("UNKNOWN_SYMBOL", why)


def _place_for_amount(exchange: Any, request: OrderRequest, parameters: dict[str, Any]) -> Any:
    symbol, side, cost = request.symbol, request.side, request.quote_quantity
    assert symbol is not None and side is not None and cost is not None
    if request.order_type is not OrderType.MARKET or exchange.has.get(_WITH_COST[side]) is not True:
        raise VenueNotReached(UNSUPPORTED, f"{exchange.id} takes no {request.order_type} {side} for an amount of money")
    text = plain(cost)
    _check_exact("quote_quantity", cost, _rounded(exchange, symbol, "price", exchange.cost_to_precision, text))
    if side is Side.BUY:
        return exchange.create_market_buy_order_with_cost(symbol, text, parameters)
    return exchange.create_market_sell_order_with_cost(symbol, text, parameters)


def _ccxt_type(order_type: OrderType) -> tuple[str, str | None]:
    if order_type not in _TYPES:
        raise VenueNotReached(UNSUPPORTED, f"ccxt has no unified order type for {order_type}")
    return _TYPES[order_type]


def _parameters(exchange: Any, request: OrderRequest, trigger: str | None) -> dict[str, Any]:
    client_order_id = request.client_order_id
    if client_order_id is None:
        raise VenueNotReached(UNSUPPORTED, "an order without a client order id could not be found again")
    prefix = ADDED_PREFIX.get(exchange.id)
    if prefix is not None and client_order_id.startswith(prefix):
        why = f"ccxt adds {prefix} to client order ids; one that begins with it would be ambiguous"
        raise VenueNotReached(UNSUPPORTED, why)
    parameters: dict[str, Any] = {"clientOrderId": client_order_id, **_position_parameters(request)}
    if request.time_in_force is not None:
        if request.time_in_force not in _TIMES_IN_FORCE:
            raise VenueNotReached(UNSUPPORTED, f"ccxt has no unified time in force {request.time_in_force}")
        parameters["timeInForce"] = str(request.time_in_force)
    if request.post_only:
        parameters["postOnly"] = True
    if trigger is not None:
        parameters[trigger] = _price(exchange, request.symbol, request.stop_price)
    return parameters


def _position_parameters(request: OrderRequest) -> dict[str, Any]:
    """Parameters of ccxt for a side of the position: `hedged`, and `reduceOnly` for an order that closes it."""
    if request.position_id is not None:
        raise VenueNotReached(UNSUPPORTED, "ccxt has no unified name for positions")
    parameters: dict[str, Any] = {"reduceOnly": True} if request.reduce_only else {}
    if request.position_side in (PositionSide.LONG, PositionSide.SHORT):
        parameters["hedged"] = True
        if (request.position_side, request.side) not in _OPENS:
            parameters["reduceOnly"] = True
    return parameters


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
    """The figure that ccxt would send: rounded or cut off to the precision of the exchange."""
    digits = exchange.market(symbol)["precision"].get(precision)
    return text if digits is None else str(to_precision(symbol, text))


def _check_exact(field: str, requested: Decimal, sent: str) -> None:
    if Decimal(sent) != requested:
        why = f"ccxt would send {sent} as the {field} instead of {plain(requested)}; give one that the exchange takes"
        raise VenueNotReached("NOT_EXACT", why)
