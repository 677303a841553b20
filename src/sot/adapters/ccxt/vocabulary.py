"""The meaning of values in unified records: tables, by exchange where it matters."""

from collections.abc import Mapping
from typing import Any

from sot.domain.values.vocabulary import Liquidity, OrderStatus, OrderType, PositionSide, TimeInForce

Record = Mapping[str, Any]

TRIGGERS = ("takeProfitPrice", "stopLossPrice", "triggerPrice")
"""The prices that trigger an order, the most specific first: `triggerPrice` does not say in which direction."""

ORDER_TYPES: Mapping[tuple[object, object], OrderType] = {
    ("market", None): OrderType.MARKET,
    ("limit", None): OrderType.LIMIT,
    ("limit_maker", None): OrderType.LIMIT,
    ("market", "takeProfitPrice"): OrderType.MARKET_IF_TOUCHED,
    ("limit", "takeProfitPrice"): OrderType.LIMIT_IF_TOUCHED,
    ("market", "stopLossPrice"): OrderType.STOP,
    ("limit", "stopLossPrice"): OrderType.STOP_LIMIT,
    ("trailing-stop", "triggerPrice"): OrderType.TRAILING_STOP,
    ("trailing_stop", None): OrderType.TRAILING_STOP,
    ("tp", "takeProfitPrice"): OrderType.MARKET_IF_TOUCHED,
}
PRICED = frozenset({OrderType.LIMIT, OrderType.STOP_LIMIT, OrderType.LIMIT_IF_TOUCHED, OrderType.OTHER})
"""Order types whose `price` is a limit. For other types ccxt fills in the average price."""

TIMES_IN_FORCE: Mapping[object, TimeInForce] = {value.value: value for value in TimeInForce}
LIQUIDITY: Mapping[object, Liquidity] = {"maker": Liquidity.MAKER, "taker": Liquidity.TAKER}

STATUSES: Mapping[object, OrderStatus] = {
    "closed": OrderStatus.FILLED,
    "canceled": OrderStatus.CANCELED,
    "cancelled": OrderStatus.CANCELED,
    "canceling": OrderStatus.PENDING_CANCEL,
    "expired": OrderStatus.EXPIRED,
    "rejected": OrderStatus.REJECTED,
}
"""`open` depends on the filled quantity. A status that is not here means nothing."""
ENDED = frozenset({OrderStatus.CANCELED, OrderStatus.EXPIRED, OrderStatus.REJECTED})

NO_CLIENT_ORDER_ID = frozenset({("kraken", "0"), ("gate", "api"), ("gate", "apiv4"), ("gate", "web"), ("gate", "app")})
"""Client order ids that these exchanges fill in if the client gave none."""

ADDED_PREFIX: Mapping[str, str] = {"gate": "t-"}
"""The prefix that ccxt adds to client order ids for these exchanges, and does not remove when it reads them."""

NO_TRADE_ID = "00000000-0000-0000-0000-000000000000"

OWN_COST: Mapping[str, str] = {
    "binance": "quoteQty",
    "binanceus": "quoteQty",
    "mexc": "quoteQty",
    "bybit": "execValue",
    "kraken": "cost",
    "kucoin": "funds",
}
"""The field of a spot trade with the money that moved, by exchange. Elsewhere ccxt computes `cost` itself."""

OWN_SEQUENCE: Mapping[str, str] = {"bybit": "seq", "deribit": "trade_seq", "gate": "sequence_id"}
"""The field of a trade with its running number, by exchange. Elsewhere the trade's id is all there is."""

_CLIENT_ORDER_ID_KEYS = ("clOrdId", "clOrdID", "orderLinkId", "client_order_id", "client_oid", "clientOid")
_EXECUTION_TYPE_KEYS = ("execType", "exec_type", "tradeType")
_NO_EXECUTIONS = frozenset({"Funding", "Settle", "SessionSettlePnL"})
_POSITION_SIDE_KEYS = ("positionSide", "posSide", "position_side", "positionIdx")
_POSITION_SIDES: Mapping[str, PositionSide] = {
    "LONG": PositionSide.LONG,
    "SHORT": PositionSide.SHORT,
    "1": PositionSide.LONG,  # Bybit's numbers for the sides of hedge mode; 0 is one-way mode
    "2": PositionSide.SHORT,
}
_LONGEST_SEQUENCE = 18
_NANOSECOND_KEYS = ("create_time_ns", "transactTimeNs")


def exchange_fields(record: Record) -> Record:
    """The exchange's own fields, where ccxt passes them on as an object."""
    info = record.get("info")
    return info if isinstance(info, Mapping) else {}


def client_order_id(record: Record, exchange: str) -> str | None:
    """The client order id of a record, as the client gave it; None for an id that the exchange filled in."""
    client_id = record.get("clientOrderId")
    if client_id is None or (exchange, client_id) in NO_CLIENT_ORDER_ID or client_id == record.get("id"):
        return None
    return str(client_id).removeprefix(ADDED_PREFIX.get(exchange, "")) or None


def client_order_id_of_trade(record: Record, exchange: str) -> str | None:
    """The client order id of a trade's order: not a unified field, but one of many exchanges."""
    client_id = _first(exchange_fields(record), _CLIENT_ORDER_ID_KEYS)
    return client_order_id({"clientOrderId": client_id, "id": record.get("order")}, exchange)


def why_no_execution(record: Record) -> str | None:
    """Why a record in a list of trades is no execution, as funding and settlements are none; None if it is one."""
    execution_type = _first(exchange_fields(record), _EXECUTION_TYPE_KEYS)
    return f"it is no execution: the exchange says {execution_type}" if execution_type in _NO_EXECUTIONS else None


def position_side(record: Record) -> PositionSide | None:
    """The position side of a record, where the account has separate long and short positions."""
    side = _first(exchange_fields(record), _POSITION_SIDE_KEYS)
    return None if side is None else _POSITION_SIDES.get(str(side).upper())


def nanoseconds(record: Record) -> object:
    """The exchange's time in nanoseconds, where it has one."""
    return _first(exchange_fields(record), _NANOSECOND_KEYS)


def own_cost(record: Record, exchange: str) -> object:
    """The money that moved with a spot trade, as the exchange itself states it; None if it does not."""
    if ":" in (record.get("symbol") or ""):
        return None
    return exchange_fields(record).get(OWN_COST.get(exchange, "")) or None


def own_sequence(record: Record, exchange: str) -> int | None:
    """The running number that the exchange gives its trades; None if it has none."""
    number = str(exchange_fields(record).get(OWN_SEQUENCE.get(exchange, ""), ""))
    return int(number) if number.isascii() and number.isdigit() and len(number) <= _LONGEST_SEQUENCE else None


def time_in_force(record: Record, order_type: OrderType | None) -> TimeInForce | None:
    """The time in force of the exchange. ccxt adds IOC to market orders, which does not count."""
    value = TIMES_IN_FORCE.get(record.get("timeInForce"))
    if value is TimeInForce.IOC and order_type is OrderType.MARKET:
        own = {str(field).upper() for field in exchange_fields(record).values() if isinstance(field, str)}
        return value if own & {"IOC", "IMMEDIATEORCANCEL", "IMMEDIATE_OR_CANCEL"} else None
    return value


def _first(fields: Record, keys: tuple[str, ...]) -> Any:
    return next((fields[key] for key in keys if fields.get(key) not in (None, "")), None)
