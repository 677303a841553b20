"""Finding one order at an exchange, with its executions: by name where the exchange can, else by searching lists."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import attrs

from sot.adapters.ccxt import words
from sot.adapters.ccxt.connection import Connection
from sot.adapters.ccxt.known import Known
from sot.adapters.ccxt.markets import has, limit_of
from sot.adapters.ccxt.paging import milliseconds
from sot.adapters.ccxt.sending import check_symbol
from sot.domain.values.errors import VenueError, VenueOutcomeUnknown
from sot.domain.values.numbers import ZERO, add, exact
from sot.ports.venue import OrderReference

Record = Mapping[str, Any]

NOT_FOUND = "ORDER_NOT_FOUND"
_CLOCKS_DIFFER = timedelta(minutes=1)
_SHORT = 20
"""A list shorter than this is taken as whole, where nobody says how long its pages are."""
_ENDED = (("fetchCanceledAndClosedOrders",), ("fetchOrders",), ("fetchClosedOrders", "fetchCanceledOrders"))
"""Lists that together have every order that works no more."""


@attrs.frozen
class Found:
    """What an exchange says of an order: its record, its trades, and whether those are all.

    Without a record, either none exists, or it is in none of the lists and only its trades are.
    """

    order: Record | None = None
    trades: Sequence[Record] = ()
    complete: bool = False


def find(connection: Connection, reference: OrderReference, facts: Known) -> Found:
    """Ask for an order by the names that it may have.

    Raises: VenueError: it could not be asked, or not finding it proves nothing.
    """
    if reference.symbol is not None:
        check_symbol(connection.exchange, reference.symbol)
    names = list(_names(connection, reference, facts))
    for order_id, parameters in names:
        order = _by_name(connection, reference, order_id, parameters)
        if order is not None:
            return _with_trades(connection, reference, order)
    return Found() if names else _searched(connection, reference, facts)


def _with_trades(connection: Connection, reference: OrderReference, order: Record) -> Found:
    trades, complete = _trades_of(connection, reference, order)
    return Found(order, trades, complete)


def _by_name(
    connection: Connection, reference: OrderReference, order_id: str, parameters: Mapping[str, str]
) -> Record | None:
    """The order of that name; None: the exchange knows no such order."""
    try:
        found: Record = connection.call(
            lambda exchange: exchange.fetch_order(order_id, reference.symbol, dict(parameters))
        )
    except VenueError as error:
        if error.reason != NOT_FOUND:
            raise
        return None
    _check(connection, reference, found)
    return found


def _names(connection: Connection, reference: OrderReference, facts: Known) -> Iterator[tuple[str, Mapping[str, str]]]:
    if not has(connection.exchange, "fetchOrder"):
        return
    if facts.by_client_order_id and reference.client_order_id is not None:
        yield "", {"clientOrderId": reference.client_order_id}
    if facts.by_venue_order_id and reference.venue_order_id is not None:
        yield reference.venue_order_id, {}


def _check(connection: Connection, reference: OrderReference, found: Record) -> None:
    """Whether the exchange speaks of the order that it was asked for."""
    if not _is_meant(found, reference, connection.exchange.id):
        raise VenueOutcomeUnknown("ANOTHER_ORDER", f"asked for {reference}, the exchange told of {found.get('id')}")


def _is_meant(found: Record, reference: OrderReference, exchange_id: str) -> bool:
    named = words.client_order_id(found, exchange_id)
    by_client = named is not None and named == reference.client_order_id
    by_venue = found.get("id") is not None and found.get("id") == reference.venue_order_id
    return by_client or by_venue or (named is None and reference.venue_order_id is None and bool(found.get("id")))


# ------------------------------------------------------------------------------------------------ searching lists


def _searched(connection: Connection, reference: OrderReference, facts: Known) -> Found:
    """The order among the open ones, then among those that are over: so it is seen if it ends in between.

    Raises: VenueOutcomeUnknown: it is in none of the lists, and they need not be whole.
    """
    whole = True
    for method, since in _lists(connection.exchange, reference):
        records, is_whole = _listed(connection, reference, facts, method, since)
        whole = whole and is_whole
        for record in records:
            if _is_named(record, reference, connection.exchange.id):
                return _with_trades(connection, reference, record)
    trades = _own_trades(connection, reference)
    if trades:
        return Found(None, trades)
    covered = has(connection.exchange, "fetchOpenOrders") and _ended_lists(connection.exchange) is not None
    if whole and covered and reference.sent_at is not None:
        return Found()
    why = "the order is in none of the lists that could be had, and they need not be whole"
    raise VenueOutcomeUnknown("SEARCH_INCOMPLETE", why)


def _is_named(found: Record, reference: OrderReference, exchange_id: str) -> bool:
    named = words.client_order_id(found, exchange_id)
    return (named is not None and named == reference.client_order_id) or (
        found.get("id") is not None and found.get("id") == reference.venue_order_id
    )


def _ended_lists(exchange: Any) -> tuple[str, ...] | None:
    return next((methods for methods in _ENDED if has(exchange, *methods)), None)


def _lists(exchange: Any, reference: OrderReference) -> Iterator[tuple[str, int | None]]:
    if has(exchange, "fetchOpenOrders"):
        yield "fetchOpenOrders", None
    ended = _ended_lists(exchange) or (("fetchClosedOrders",) if has(exchange, "fetchClosedOrders") else ())
    for method in ended:
        yield method, _since(reference)


_CALLS = {
    "fetchOpenOrders": "fetch_open_orders",
    "fetchClosedOrders": "fetch_closed_orders",
    "fetchCanceledOrders": "fetch_canceled_orders",
    "fetchCanceledAndClosedOrders": "fetch_canceled_and_closed_orders",
    "fetchOrders": "fetch_orders",
}


def _listed(
    connection: Connection, reference: OrderReference, facts: Known, method: str, since: int | None
) -> tuple[Sequence[Record], bool]:
    limit = limit_of(connection.exchange, method, "limit", reference.symbol)
    records: Sequence[Record] = connection.call(
        lambda exchange: getattr(exchange, _CALLS[method])(reference.symbol, since, limit)
    )
    unlimited = method == "fetchOpenOrders" and facts.lists_all_open_orders
    return records, unlimited or len(records) < (limit or _SHORT)


def _since(reference: OrderReference) -> int | None:
    if reference.sent_at is None:
        return None
    return milliseconds(reference.sent_at - _CLOCKS_DIFFER)


# ------------------------------------------------------------------------------------------------ its executions


def _trades_of(connection: Connection, reference: OrderReference, order: Record) -> tuple[Sequence[Record], bool]:
    """The trades of an order, and whether they are all: if they add up to what it says was filled."""
    filled = order.get("filled")
    if filled is not None and exact("filled", filled) == ZERO:
        return (), True
    try:
        trades = _listed_trades(connection, reference, order)
    except VenueError:  # the order was told all the same
        return (), False
    amounts = [exact("amount", trade["amount"]) for trade in trades if trade.get("amount") is not None]
    total = ZERO
    for amount in amounts:
        total = add(total, amount)
    return trades, filled is not None and len(amounts) == len(trades) and total == exact("filled", filled)


def _listed_trades(connection: Connection, reference: OrderReference, order: Record) -> Sequence[Record]:
    order_id, symbol = order.get("id"), order.get("symbol") or reference.symbol
    limit = limit_of(connection.exchange, "fetchMyTrades", "limit", symbol)
    if order_id is None:
        return ()
    if has(connection.exchange, "fetchOrderTrades"):
        trades: Sequence[Record] = connection.call(
            lambda exchange: exchange.fetch_order_trades(order_id, symbol, None, limit)
        )
    elif has(connection.exchange, "fetchMyTrades"):
        since = order.get("timestamp") or _since(reference)
        trades = connection.call(lambda exchange: exchange.fetch_my_trades(symbol, since, limit))
    else:
        return ()
    return [trade for trade in trades if trade.get("order") in (None, order_id)]


def _own_trades(connection: Connection, reference: OrderReference) -> Sequence[Record]:
    """Own trades that name the order."""
    exchange = connection.exchange
    if not has(exchange, "fetchMyTrades"):
        return ()
    limit = limit_of(exchange, "fetchMyTrades", "limit", reference.symbol)
    trades: Sequence[Record] = connection.call(
        lambda asked: asked.fetch_my_trades(reference.symbol, _since(reference), limit)
    )
    return [trade for trade in trades if _is_its_trade(trade, reference, exchange.id)]


def _is_its_trade(trade: Record, reference: OrderReference, exchange_id: str) -> bool:
    named = words.client_order_id_of_trade(trade, exchange_id)
    return (named is not None and named == reference.client_order_id) or (
        trade.get("order") is not None and trade.get("order") == reference.venue_order_id
    )
