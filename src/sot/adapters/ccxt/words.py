"""What the words of unified records mean, and which of them mean nothing: tables, by exchange where it matters."""

from collections.abc import Mapping
from typing import Any

from sot.domain.values.vocabulary import Liquidity, OrderStatus, OrderType, PositionSide, TimeInForce

Record = Mapping[str, Any]

TRIGGERS = ("takeProfitPrice", "stopLossPrice", "triggerPrice")
"""Which price releases an order, the most telling first: a trigger price alone does not say in which direction."""

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
"""Order types whose `price` is a limit; of others it is an average, which ccxt fills in."""

TIMES_IN_FORCE: Mapping[object, TimeInForce] = {word.value: word for word in TimeInForce}
LIQUIDITY: Mapping[object, Liquidity] = {"maker": Liquidity.MAKER, "taker": Liquidity.TAKER}

STATUSES: Mapping[object, OrderStatus] = {
    "closed": OrderStatus.FILLED,
    "canceled": OrderStatus.CANCELED,
    "cancelled": OrderStatus.CANCELED,
    "canceling": OrderStatus.PENDING_CANCEL,
    "expired": OrderStatus.EXPIRED,
    "rejected": OrderStatus.REJECTED,
}
"""`open` depends on what was executed. A word that is not here establishes nothing."""
ENDED = frozenset({OrderStatus.CANCELED, OrderStatus.EXPIRED, OrderStatus.REJECTED})

NO_CLIENT_ORDER_ID = frozenset({("kraken", "0"), ("gate", "api"), ("gate", "apiv4"), ("gate", "web"), ("gate", "app")})
"""What these exchanges fill in when the client gave no id: it names nothing."""

ADDED_PREFIX: Mapping[str, str] = {"gate": "t-"}
"""What ccxt puts before client order ids on their way to these exchanges, and leaves there on their way back."""

NO_TRADE_ID = "00000000-0000-0000-0000-000000000000"

_CLIENT_ORDER_ID_KEYS = ("clOrdId", "clOrdID", "orderLinkId", "client_order_id", "client_oid", "clientOid")
_EXECUTION_TYPE_KEYS = ("execType", "exec_type", "tradeType")
_NO_EXECUTIONS = frozenset({"Funding", "Settle", "SessionSettlePnL"})
_POSITION_SIDE_KEYS = ("positionSide", "posSide", "position_side", "positionIdx")
_POSITION_SIDES: Mapping[str, PositionSide] = {
    "LONG": PositionSide.LONG,
    "SHORT": PositionSide.SHORT,
    "1": PositionSide.LONG,  # Bybit's numbers for the two sides of hedge mode; 0 is one-way
    "2": PositionSide.SHORT,
}
_NANOSECOND_KEYS = ("create_time_ns", "transactTimeNs")


def words_of(record: Record) -> Record:
    """The exchange's own words, where ccxt passes them on as an object."""
    info = record.get("info")
    return info if isinstance(info, Mapping) else {}


def client_order_id(record: Record, exchange: str) -> str | None:
    """The client order id that a record names, as its sender gave it; None for what only stands in for one."""
    named = record.get("clientOrderId")
    if named is None or (exchange, named) in NO_CLIENT_ORDER_ID or named == record.get("id"):
        return None
    return str(named).removeprefix(ADDED_PREFIX.get(exchange, "")) or None


def client_order_id_of_trade(record: Record, exchange: str) -> str | None:
    """The client order id of a trade's order: not a unified field, but many exchanges say it."""
    named = _first(words_of(record), _CLIENT_ORDER_ID_KEYS)
    return client_order_id({"clientOrderId": named, "id": record.get("order")}, exchange)


def no_execution(record: Record) -> str | None:
    """Why a record among the trades is none: funding and settlements are listed with them. None if it is a trade."""
    said = _first(words_of(record), _EXECUTION_TYPE_KEYS)
    return f"it is no execution: the exchange says {said}" if said in _NO_EXECUTIONS else None


def position_side(record: Record) -> PositionSide | None:
    """Which of two positions the record is about, where the account keeps long and short apart."""
    said = _first(words_of(record), _POSITION_SIDE_KEYS)
    return None if said is None else _POSITION_SIDES.get(str(said).upper())


def nanoseconds(record: Record) -> object:
    """The exchange's time in nanoseconds, where it says it."""
    return _first(words_of(record), _NANOSECOND_KEYS)


def time_in_force(record: Record, order_type: OrderType | None) -> TimeInForce | None:
    """The time in force that the exchange said; ccxt adds IOC to market orders of which nothing was said."""
    said = TIMES_IN_FORCE.get(record.get("timeInForce"))
    if said is TimeInForce.IOC and order_type is OrderType.MARKET:
        own = {str(value).upper() for value in words_of(record).values() if isinstance(value, str)}
        return said if own & {"IOC", "IMMEDIATEORCANCEL", "IMMEDIATE_OR_CANCEL"} else None
    return said


def _first(words: Record, keys: tuple[str, ...]) -> Any:
    return next((words[key] for key in keys if words.get(key) not in (None, "")), None)
