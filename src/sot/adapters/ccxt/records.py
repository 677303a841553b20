"""Converting unified records of ccxt to venue reports (ccxt itself is not needed).

Pure functions: records in, reports out, with the reasons for what is left out. A figure is never estimated: what a
record does not have stays absent, and the exchange's own fields are kept as the raw payload.

ccxt computes some figures itself:

| figure | computed from | exact |
| --- | --- | --- |
| filled, remaining or ordered quantity | the other two | yes |
| average price | cost by quantity, cut off at 18 fraction digits | no: used only for quantity without executions |
| `price` of a market order | the average | ignored, if it is the average; else left out |
| time in force of a market order | nothing | ignored |
| cost of a trade | price and amount | ignored, unless the exchange's own fields have it |

A value that is in a record and not in its report is named, with the reason: in `Conversion.left_out`, and by field in
the report's own `left_out`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any

import attrs

from sot.adapters.ccxt import vocabulary
from sot.adapters.ccxt.fees import read_fees
from sot.adapters.ccxt.vocabulary import Record
from sot.domain.orders.report import Fee, VenueReport
from sot.domain.values import documents
from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import ZERO, exact
from sot.domain.values.times import EPOCH
from sot.domain.values.vocabulary import EventType, OrderStatus, OrderType, Side


@attrs.frozen(kw_only=True)
class Account:
    """The account of records.

    Attributes:
        exchange: ccxt's id of the exchange.
        venue: The venue, as the reports name it.
        account_id: The account, as the reports name it.
        venue_account: The account at the venue, if there are several.
        id_scope: The scope in which ids are unique.
    """

    exchange: str
    venue: str
    account_id: str
    venue_account: str = ""
    id_scope: str = ""


@attrs.frozen
class Conversion:
    """The reports from records, in order, and the reasons for what is left out."""

    reports: Sequence[VenueReport] = ()
    left_out: Sequence[str] = ()


def convert_new_order(order: Record, account: Account, asked_at: datetime | None = None) -> Conversion:
    """Convert the record of an order that was placed: NEW or REJECTED, its executions, and its status.

    Args:
        order: The record.
        account: The account of the record.
        asked_at: The time of the status; None leaves it without a time.
    """
    names = _order_names(order, account)
    if order.get("symbol") is None and "filled" in order:
        why = "the order's record names no instrument, so that the unit of its figures is not known; its ids are kept"
        return _join([_report(EventType.ORDER_STATUS, account, order, names, _status_only(order))], [why])
    reported_status = order_status(order)
    terms, dropped = _terms(order)
    if reported_status is OrderStatus.REJECTED:
        return _report(EventType.REJECTED, account, order, names, {**terms, "reason": "REJECTED"}, dropped)
    placed = {**terms, **_occurred_at(order, dropped)}
    parts = [_report(EventType.NEW, account, order, names, placed, dropped)]
    parts.append(convert_trades(_trades_inside(order), account))
    if reported_status not in (None, OrderStatus.NEW) or _figure(order, "filled"):
        parts.append(convert_order_status(order, account, asked_at))
    return _join(parts)


def convert_order_status(order: Record, account: Account, asked_at: datetime | None = None) -> Conversion:
    """Convert the record of an order to an ORDER_STATUS report that occurred at the time of the query."""
    reported_status = order_status(order)
    terms, dropped = _terms(order)
    fees = _fees(order, account, dropped)
    leaves_quantity = order.get("remaining")
    if leaves_quantity is not None and is_amount_money(order):
        if reported_status not in vocabulary.ENDED:
            dropped["leaves_quantity"] = f"remaining is {leaves_quantity}, which may be money"
        leaves_quantity = None
    fields = {
        **terms,
        "reported_status": reported_status,
        "text": None if reported_status is not None else order.get("status"),
        "cum_quantity": order.get("filled"),
        "leaves_quantity": ZERO if reported_status in vocabulary.ENDED else leaves_quantity,
        "avg_price": order.get("average"),
        "fees": [fee for fee in fees if fee.amount] or None,
        "occurred_at": asked_at,
    }
    return _report(EventType.ORDER_STATUS, account, order, _order_names(order, account), fields, dropped)


def convert_trades(trades: Iterable[Record], account: Account) -> Conversion:
    """Convert the records of trades to TRADE reports, without those whose figures are missing or rounded.

    One trade id may stand for several executions of an order, for example when a position changes its side. They are
    numbered by `leg` in the order of side, price and quantity, so that all trades of one id must be given at once.
    """
    parts: list[Conversion] = []
    legs: dict[tuple[object, object], list[tuple[object, ...]]] = {}
    for trade, why in sorted(((trade, _why_left_out(trade)) for trade in trades), key=_by_time_and_content):
        if why is not None:
            parts.append(Conversion((), [f"trade {trade.get('id')}: {why}"]))
            continue
        contents = legs.setdefault((trade.get("order"), trade.get("id")), [])
        content = _content(trade)
        if content not in contents:
            contents.append(content)
        number = contents.index(content) + 1
        parts.append(_execution(trade, account, "" if number == 1 else str(number)))
    return _join(parts)


def _execution(trade: Record, account: Account, leg: str) -> Conversion:
    exec_id = trade.get("id")
    dropped: dict[str, str] = {}
    side, liquidity = _side(trade, dropped), vocabulary.LIQUIDITY.get(trade.get("takerOrMaker"))
    if liquidity is None and trade.get("takerOrMaker") is not None:
        dropped["liquidity"] = f"takerOrMaker is {trade['takerOrMaker']}, not maker or taker"
    fields = {
        "exec_id": None if exec_id == vocabulary.NO_TRADE_ID else exec_id,
        "leg": leg,
        "side": side,
        "last_quantity": trade["amount"],
        "last_price": trade["price"],
        "last_amount": vocabulary.own_cost(trade, account.exchange),
        "fees": _fees(trade, account, dropped),
        "liquidity": liquidity,
        "position_side": vocabulary.position_side(trade),
        "venue_time_ns": vocabulary.nanoseconds(trade),
        "venue_sequence": vocabulary.own_sequence(trade, account.exchange),
        **_occurred_at(trade, dropped),
    }
    names = {
        "client_order_id": vocabulary.client_order_id_of_trade(trade, account.exchange),
        "venue_order_id": trade.get("order"),
    }
    return _report(EventType.TRADE, account, trade, names, fields, dropped)


def _fees(record: Record, account: Account, dropped: dict[str, str]) -> list[Fee]:
    fees, left_out = read_fees(record, account.exchange)
    if left_out:
        dropped["fees"] = "; ".join(left_out)
    return fees


def _why_left_out(trade: Record) -> str | None:
    """Why a record of a trade is left out; None if it is not."""
    no_execution = vocabulary.why_no_execution(trade)
    if no_execution is not None:
        return no_execution
    if vocabulary.exchange_fields(trade).get("size_in_quote"):
        return "the exchange states the size in quote currency: the unit quantity and price are quotients of others"
    for name in ("amount", "price"):
        if trade.get(name) is None:
            return f"it has no price or no amount: {name} is missing"
        try:
            figure = exact(name, trade[name])
        except InvalidInput as error:
            return str(error)
        if name == "amount" and not figure:
            return "it has no price or no amount: amount is zero"
    return None


def _content(trade: Record) -> tuple[object, ...]:
    return str(trade.get("side")), exact("price", trade["price"]), exact("amount", trade["amount"])


def _by_time_and_content(trade_and_reason: tuple[Record, str | None]) -> tuple[Any, ...]:
    trade, why = trade_and_reason
    content = _content(trade) if why is None else ()
    return read_milliseconds(trade.get("timestamp")) or EPOCH, str(trade.get("id")), content


def _trades_inside(order: Record) -> list[Record]:
    """The trades inside of an order's record, with the fields of the order that they do not repeat."""
    common = {"order": order.get("id"), "symbol": order.get("symbol"), "side": order.get("side")}
    trades = order.get("trades") or ()
    return [{**common, **{key: value for key, value in trade.items() if value is not None}} for trade in trades]


# ------------------------------------------------------------------------------------------------ fields of orders


def order_status(order: Record) -> OrderStatus | None:
    """The status of an order in FIX's terms; None without a unified status.

    `closed` with a remaining quantity of a limit order is CANCELED in FIX.
    """
    status_text = order.get("status")
    if status_text == "open":
        return OrderStatus.PARTIALLY_FILLED if _figure(order, "filled") else OrderStatus.NEW
    status = vocabulary.STATUSES.get(status_text)
    remaining = not is_amount_money(order) and _figure(order, "remaining")
    return OrderStatus.CANCELED if status is OrderStatus.FILLED and remaining else status


def is_amount_money(order: Record) -> bool:
    """Whether `amount` may be money: a market buy order for spot whose filled quantity is not its amount."""
    return (
        order.get("type") == "market"
        and order.get("side") == "buy"
        and ":" not in (order.get("symbol") or "")
        and _figure(order, "filled") not in (None, _figure(order, "amount"))
    )


def _terms(order: Record) -> tuple[dict[str, Any], dict[str, str]]:
    """The terms of an order; and why others of its record are none, by the field of the report."""
    dropped: dict[str, str] = {}
    triggers = [name for name in vocabulary.TRIGGERS if order.get(name) is not None]
    trigger = triggers[0] if triggers else None
    order_type = None
    if order.get("type") is not None or trigger is not None:
        order_type = vocabulary.ORDER_TYPES.get((order.get("type"), trigger), OrderType.OTHER)
    stop_price = order[trigger] if trigger else None
    other_triggers = [f"{name} is {order[name]}" for name in triggers[1:] if order[name] != stop_price]
    if other_triggers:
        dropped["stop_price"] = ", ".join(other_triggers) + f"; the stop price is {trigger}"
    if is_amount_money(order):
        dropped["order_quantity"] = f"amount is {order['amount']}, which may be money"
    time_in_force = vocabulary.time_in_force(order, order_type)
    if order.get("timeInForce") not in (None, *vocabulary.TIMES_IN_FORCE):
        dropped["time_in_force"] = f"timeInForce is {order['timeInForce']}, which is no time in force of this library"
    terms = {
        "side": _side(order, dropped),
        "order_type": order_type,
        "order_quantity": None if is_amount_money(order) else order.get("amount"),
        "limit_price": _limit_price(order, order_type, dropped),
        "stop_price": stop_price,
        "time_in_force": time_in_force,
        "position_side": vocabulary.position_side(order),
    }
    return terms, dropped


def _limit_price(order: Record, order_type: OrderType | None, dropped: dict[str, str]) -> object:
    """The limit price. Where an order has none, ccxt fills in the average price, or a zero."""
    price = order.get("price")
    if price is None or order_type in vocabulary.PRICED:
        return price
    if _figure(order, "price") not in (ZERO, _figure(order, "average")):
        why = "the record names no type of order" if order_type is None else f"a {order_type} order has no limit price"
        dropped["limit_price"] = f"price is {price}, and {why}"
    return None


def _status_only(order: Record) -> dict[str, Any]:
    return {"reported_status": order_status(order)}


def _order_names(order: Record, account: Account) -> dict[str, Any]:
    return {
        "client_order_id": vocabulary.client_order_id(order, account.exchange),
        "venue_order_id": order.get("id"),
    }


# ------------------------------------------------------------------------------------------------ making reports

_FIGURES = (
    "last_amount",
    "order_quantity",
    "limit_price",
    "stop_price",
    "cum_quantity",
    "leaves_quantity",
    "avg_price",
)


def _report(
    event_type: EventType,
    account: Account,
    record: Record,
    names: Mapping[str, Any],
    values: Mapping[str, Any],
    dropped: Mapping[str, str] = MappingProxyType({}),
) -> Conversion:
    """Make a report without the figures that are not exact; `dropped` are the reasons for other values, by field."""
    fields = {name: value for name, value in {**names, **values}.items() if value is not None}
    dropped = dict(dropped)
    for name in _FIGURES:
        problem = _inexact(name, fields.get(name))
        if problem is not None:
            dropped[name] = problem
            del fields[name]
    left_out = [why if name == "fees" or why.startswith(name) else f"{name}: {why}" for name, why in dropped.items()]
    raw = record.get("info") or {key: value for key, value in record.items() if value is not None}
    try:
        documents.checked_document("raw_payload", raw)
    except InvalidInput as error:
        raw = None
        left_out.append(str(error))
    account_fields = attrs.asdict(account, filter=lambda attribute, value: attribute.name != "exchange" and value != "")
    try:
        report = VenueReport.read(
            {
                **account_fields,
                "type": event_type,
                "symbol": record.get("symbol"),
                "raw_payload": raw,
                "left_out": dropped or None,
                **fields,
            }
        )
    except InvalidInput as error:
        return Conversion((), [*left_out, str(error)])
    return Conversion((report,), left_out)


def _inexact(name: str, value: object) -> str | None:
    """Why a figure is not exact; None if it is."""
    if value is None:
        return None
    try:
        exact(name, value)
    except InvalidInput as error:
        return str(error)
    return None


def _join(parts: Iterable[Conversion], left_out: Iterable[str] = ()) -> Conversion:
    parts = list(parts)
    return Conversion(
        [report for part in parts for report in part.reports],
        [*(why for part in parts for why in part.left_out), *left_out],
    )


def _side(record: Record, dropped: dict[str, str]) -> Side | None:
    side = record.get("side")
    if side in ("buy", "sell"):
        return Side(side.upper())
    if side is not None:
        dropped["side"] = f"side is {side}, not buy or sell"
    return None


def _occurred_at(record: Record, dropped: dict[str, str]) -> dict[str, datetime | None]:
    """The time of a record, as a field of its report."""
    milliseconds = record.get("timestamp")
    time = read_milliseconds(milliseconds)
    if time is None and milliseconds is not None:
        why = "out of the years 1 to 9999" if type(milliseconds) is int else "not a whole number of milliseconds"
        dropped["occurred_at"] = f"timestamp is {milliseconds!r:.100}, {why}"
    return {"occurred_at": time}


def _figure(record: Record, name: str) -> Decimal | None:
    value = record.get(name)
    return None if value is None or _inexact(name, value) is not None else exact(name, value)


def read_milliseconds(milliseconds: object) -> datetime | None:
    """A time from milliseconds since 1970; None for anything that is no whole number, or no time of years 1 to 9999."""
    if type(milliseconds) is not int:
        return None
    try:
        return EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None
