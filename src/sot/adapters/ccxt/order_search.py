"""Finding one order at an exchange, with its trades: by its ids where the exchange can, else in its lists."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import attrs

from sot.adapters.ccxt import vocabulary
from sot.adapters.ccxt.commands import check_symbol
from sot.adapters.ccxt.connection import Connection
from sot.adapters.ccxt.exchange_facts import ExchangeFacts
from sot.adapters.ccxt.markets import has, limit_of
from sot.adapters.ccxt.paging import to_milliseconds
from sot.domain.values.errors import VenueError, VenueOutcomeUnknown
from sot.domain.values.numbers import ZERO, add, exact
from sot.ports.venue import OrderReference

Record = Mapping[str, Any]

NOT_FOUND = "ORDER_NOT_FOUND"
_CLOCK_DIFFERENCE = timedelta(minutes=1)
_SHORT = 20
"""A list shorter than this is complete, where the length of a page is not known."""
_ENDED = (("fetchCanceledAndClosedOrders",), ("fetchOrders",), ("fetchClosedOrders", "fetchCanceledOrders"))
"""Lists that together have every order that has ended."""


@attrs.frozen
class FoundRecords:
    """The records of an order.

    Attributes:
        order: The record of the order. None: there is no such order or, if there are trades, no list has it.
        trades: The records of its trades.
        complete: Whether these are all trades.
    """

    order: Record | None = None
    trades: Sequence[Record] = ()
    complete: bool = False


def find(connection: Connection, reference: OrderReference, facts: ExchangeFacts) -> FoundRecords:
    """Find an order by the ids that it may have.

    Raises:
        VenueError: The exchange did not answer, or the order may exist although it was not found.
    """
    if reference.symbol is not None:
        check_symbol(connection.exchange, reference.symbol)
    queries = list(_id_queries(connection, reference, facts))
    for order_id, parameters in queries:
        order = _fetch_order(connection, reference, order_id, parameters)
        if order is not None:
            return _with_trades(connection, reference, order)
    return FoundRecords() if queries else _search_lists(connection, reference, facts)


def _with_trades(connection: Connection, reference: OrderReference, order: Record) -> FoundRecords:
    trades, complete = _trades_of(connection, reference, order)
    return FoundRecords(order, trades, complete)


def _fetch_order(
    connection: Connection, reference: OrderReference, order_id: str, parameters: Mapping[str, str]
) -> Record | None:
    """The record of an order; None if the exchange has no such order."""
    try:
        record: Record = connection.call(
            lambda exchange: exchange.fetch_order(order_id, reference.symbol, dict(parameters))
        )
    except VenueError as error:
        if error.reason != NOT_FOUND:
            raise
        return None
    _check_order(connection, reference, record)
    return record


def _id_queries(
    connection: Connection, reference: OrderReference, facts: ExchangeFacts
) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The arguments of `fetch_order`: (order id, parameters)."""
    if not has(connection.exchange, "fetchOrder"):
        return
    if facts.by_client_order_id and reference.client_order_id is not None:
        yield "", {"clientOrderId": reference.client_order_id}
    if facts.by_venue_order_id and reference.venue_order_id is not None:
        yield reference.venue_order_id, {}


def _check_order(connection: Connection, reference: OrderReference, record: Record) -> None:
    """Check that the record is about the order of the query."""
    exchange_id = connection.exchange.id
    client_order_id = vocabulary.client_order_id(record, exchange_id)
    has_other_names_only = client_order_id is None and reference.venue_order_id is None and bool(record.get("id"))
    if not (_has_id(record, reference, exchange_id) or has_other_names_only):
        raise VenueOutcomeUnknown(
            "ANOTHER_ORDER", f"asked for {reference}, the exchange answered with {record.get('id')}"
        )


# ------------------------------------------------------------------------------------------------ searching lists


def _search_lists(connection: Connection, reference: OrderReference, facts: ExchangeFacts) -> FoundRecords:
    """Search the open orders, then the ended ones, so that an order that ends in between is found.

    Raises VenueOutcomeUnknown if it is in none of the lists, and they need not be complete.
    """
    all_complete = True
    for method, since in _lists(connection.exchange, reference):
        records, is_complete = _fetch_list(connection, reference, facts, method, since)
        all_complete = all_complete and is_complete
        for record in records:
            if _has_id(record, reference, connection.exchange.id):
                return _with_trades(connection, reference, record)
    trades = _own_trades(connection, reference)
    if trades:
        return FoundRecords(None, trades)
    covered = has(connection.exchange, "fetchOpenOrders") and _ended_lists(connection.exchange) is not None
    if all_complete and covered and reference.sent_at is not None:
        return FoundRecords()
    why = "the order is in none of the lists that the exchange has, and they need not be complete"
    raise VenueOutcomeUnknown("SEARCH_INCOMPLETE", why)


def _has_id(record: Record, reference: OrderReference, exchange_id: str) -> bool:
    client_order_id = vocabulary.client_order_id(record, exchange_id)
    return (client_order_id is not None and client_order_id == reference.client_order_id) or (
        record.get("id") is not None and record.get("id") == reference.venue_order_id
    )


def _ended_lists(exchange: Any) -> tuple[str, ...] | None:
    return next((methods for methods in _ENDED if has(exchange, *methods)), None)


def _lists(exchange: Any, reference: OrderReference) -> Iterator[tuple[str, int | None]]:
    """The lists to search: (method, since in milliseconds)."""
    if has(exchange, "fetchOpenOrders"):
        yield "fetchOpenOrders", None
    ended = _ended_lists(exchange) or (("fetchClosedOrders",) if has(exchange, "fetchClosedOrders") else ())
    for method in ended:
        yield method, _since(reference)


_PYTHON_NAMES = {
    "fetchOpenOrders": "fetch_open_orders",
    "fetchClosedOrders": "fetch_closed_orders",
    "fetchCanceledOrders": "fetch_canceled_orders",
    "fetchCanceledAndClosedOrders": "fetch_canceled_and_closed_orders",
    "fetchOrders": "fetch_orders",
}


def _fetch_list(
    connection: Connection, reference: OrderReference, facts: ExchangeFacts, method: str, since: int | None
) -> tuple[Sequence[Record], bool]:
    """The records of a list, and whether the list is complete."""
    limit = limit_of(connection.exchange, method, "limit", reference.symbol)
    records: Sequence[Record] = connection.call(
        lambda exchange: getattr(exchange, _PYTHON_NAMES[method])(reference.symbol, since, limit)
    )
    unlimited = method == "fetchOpenOrders" and facts.lists_all_open_orders
    return records, unlimited or len(records) < (limit or _SHORT)


def _since(reference: OrderReference) -> int | None:
    if reference.sent_at is None:
        return None
    return to_milliseconds(reference.sent_at - _CLOCK_DIFFERENCE)


# ------------------------------------------------------------------------------------------------ trades of the order


def _trades_of(connection: Connection, reference: OrderReference, order: Record) -> tuple[Sequence[Record], bool]:
    """The trades of an order, and whether they are all: whether they add up to its filled quantity."""
    filled = order.get("filled")
    if filled is not None and exact("filled", filled) == ZERO:
        return (), True
    try:
        trades = _fetch_trades(connection, reference, order)
    except VenueError:  # the order itself was found
        return (), False
    amounts = [exact("amount", trade["amount"]) for trade in trades if trade.get("amount") is not None]
    total = ZERO
    for amount in amounts:
        total = add(total, amount)
    return trades, filled is not None and len(amounts) == len(trades) and total == exact("filled", filled)


def _fetch_trades(connection: Connection, reference: OrderReference, order: Record) -> Sequence[Record]:
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
    """Trades of the account that name the order."""
    if not has(connection.exchange, "fetchMyTrades"):
        return ()
    limit = limit_of(connection.exchange, "fetchMyTrades", "limit", reference.symbol)
    trades: Sequence[Record] = connection.call(
        lambda exchange: exchange.fetch_my_trades(reference.symbol, _since(reference), limit)
    )
    return [trade for trade in trades if _names_order(trade, reference, connection.exchange.id)]


def _names_order(trade: Record, reference: OrderReference, exchange_id: str) -> bool:
    client_order_id = vocabulary.client_order_id_of_trade(trade, exchange_id)
    return (client_order_id is not None and client_order_id == reference.client_order_id) or (
        trade.get("order") is not None and trade.get("order") == reference.venue_order_id
    )
