"""From unified order and trade records, as the library ccxt gives them, to venue reports.

Pure functions: records in, reports out, and the reasons for whatever could not be said exactly. A figure is never
estimated: what a record does not say stays absent, and the exchange's own words are kept as the raw payload. ccxt is
not needed.

What ccxt computes by itself, exactly unless said otherwise: the filled, remaining or ordered quantity from the two
others, and the average as cost by quantity, cut off at 18 fraction digits. An average only values what executions do
not prove yet. The `price` and the time in force of a market order are its inventions, and are not taken.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import attrs

from sot.adapters.ccxt import words
from sot.adapters.ccxt.fees import fees
from sot.adapters.ccxt.words import Record
from sot.domain.orders.report import VenueReport
from sot.domain.values import documents
from sot.domain.values.errors import InvalidInput
from sot.domain.values.numbers import ZERO, exact
from sot.domain.values.times import EPOCH
from sot.domain.values.vocabulary import EventType, OrderStatus, OrderType, Side


@attrs.frozen(kw_only=True)
class Account:
    """Whose records they are: the exchange by ccxt's id for it, and the names that the reports carry."""

    exchange: str
    venue: str
    account_id: str
    venue_account: str = ""
    id_scope: str = ""


@attrs.frozen
class Converted:
    """The reports that records make, in order, and what of them could not be said."""

    reports: Sequence[VenueReport] = ()
    left_out: Sequence[str] = ()


def order_placed(order: Record, account: Account, asked_at: datetime | None = None) -> Converted:
    """What a record says of an order that was placed: that the venue took it or refused it, and what became of it.

    A status has no time unless `asked_at` tells when it was asked for.
    """
    if order.get("symbol") is None and "filled" in order:
        why = "the order's record names no instrument, so nobody knows the unit of its figures; only its ids are kept"
        named = _report(EventType.ORDER_STATUS, account, order, _order_names(order, account), _without_figures(order))
        return _together([named], [why])
    acknowledge_from_status = status(order)
    if acknowledge_from_status is OrderStatus.REJECTED:
        refused = {**_terms(order), "reason": "REJECTED"}
        return _report(EventType.REJECTED, account, order, _order_names(order, account), refused)
    placed_at = moment(order.get("timestamp"))
    placed = {**_terms(order), "occurred_at": placed_at}
    parts = [_report(EventType.NEW, account, order, _order_names(order, account), placed)]
    inside = order.get("trades") or ()
    parts.append(executions(_belonging(inside, order), account))
    if acknowledge_from_status not in (None, OrderStatus.NEW) or _figure(order, "filled"):
        parts.append(order_standing(order, account, asked_at))
    return _together(parts)


def order_standing(order: Record, account: Account, asked_at: datetime | None = None) -> Converted:
    """What a record says of where an order stands: an ORDER_STATUS that occurred when it was asked for."""
    acknowledge_from_status = status(order)
    paid, left_out = fees(order, account.exchange)
    unit_is_known = not bought_for_an_amount(order)
    said = {
        **_terms(order),
        "reported_status": acknowledge_from_status,
        "text": None if acknowledge_from_status is not None else order.get("status"),
        "cum_quantity": order.get("filled"),
        "leaves_quantity": ZERO
        if acknowledge_from_status in words.ENDED
        else order.get("remaining")
        if unit_is_known
        else None,
        "avg_price": order.get("average"),
        "fees": [fee for fee in paid if fee.amount] or None,
        "occurred_at": asked_at,
    }
    return _together([_report(EventType.ORDER_STATUS, account, order, _order_names(order, account), said)], left_out)


def executions(trades: Iterable[Record], account: Account) -> Converted:
    """What records of trades say: an execution each, unless its figures are missing or were rounded on the way.

    One trade id may stand for several executions of an order, as when a position flips its side: they are told apart by
    `leg`, in the order of side, price and quantity. For that all trades of one id must be given at once.
    """
    parts: list[Converted] = []
    legs: dict[tuple[object, object], list[tuple[object, ...]]] = {}
    for trade, why in sorted(((trade, _unsayable(trade)) for trade in trades), key=_by_time_and_content):
        if why is not None:
            parts.append(Converted((), [f"trade {trade.get('id')}: {why}"]))
            continue
        seen = legs.setdefault((trade.get("order"), trade.get("id")), [])
        content = _content(trade)
        if content not in seen:
            seen.append(content)
        number = seen.index(content) + 1
        parts.append(_execution(trade, account, "" if number == 1 else str(number)))
    return _together(parts)


def _execution(trade: Record, account: Account, leg: str) -> Converted:
    paid, left_out = fees(trade, account.exchange)
    exec_id = trade.get("id")
    said = {
        "exec_id": None if exec_id == words.NO_TRADE_ID else exec_id,
        "leg": leg,
        "side": _side(trade),
        "last_quantity": trade["amount"],
        "last_price": trade["price"],
        "fees": paid,
        "liquidity": words.LIQUIDITY.get(trade.get("takerOrMaker")),
        "position_side": words.position_side(trade),
        "occurred_at": moment(trade.get("timestamp")),
        "venue_time_ns": words.nanoseconds(trade),
    }
    names = {
        "client_order_id": words.client_order_id_of_trade(trade, account.exchange),
        "venue_order_id": trade.get("order"),
    }
    return _together([_report(EventType.TRADE, account, trade, names, said)], left_out)


def _unsayable(trade: Record) -> str | None:
    """Why a record makes no report of an execution; None if it does."""
    no_execution = words.no_execution(trade)
    if no_execution is not None:
        return no_execution
    if words.words_of(trade).get("size_in_quote"):
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


def _by_time_and_content(judged: tuple[Record, str | None]) -> tuple[Any, ...]:
    trade, why = judged
    content = _content(trade) if why is None else ()
    return moment(trade.get("timestamp")) or EPOCH, str(trade.get("id")), content


def _belonging(trades: Iterable[Record], order: Record) -> list[Record]:
    """Trades inside an order's record, which do not always repeat what the order says of them."""
    own = {"order": order.get("id"), "symbol": order.get("symbol"), "side": order.get("side")}
    return [{**own, **{key: value for key, value in trade.items() if value is not None}} for trade in trades]


# ------------------------------------------------------------------------------------------------ what orders say


def status(order: Record) -> OrderStatus | None:
    """Where an order stands in FIX's words; None where ccxt says nothing or a word of the exchange.

    `closed` with a part of a limit order left over is an end that is no fill: FIX calls it CANCELED.
    """
    said = order.get("status")
    if said == "open":
        return OrderStatus.PARTIALLY_FILLED if _figure(order, "filled") else OrderStatus.NEW
    acknowledge_from_status = words.STATUSES.get(said)
    left_over = not bought_for_an_amount(order) and _figure(order, "remaining")
    return (
        OrderStatus.CANCELED if acknowledge_from_status is OrderStatus.FILLED and left_over else acknowledge_from_status
    )


def bought_for_an_amount(order: Record) -> bool:
    """Whether `amount` may be money: a market order to buy for spot that executed another quantity than its amount."""
    return (
        order.get("type") == "market"
        and order.get("side") == "buy"
        and ":" not in (order.get("symbol") or "")
        and _figure(order, "filled") not in (None, _figure(order, "amount"))
    )


def _terms(order: Record) -> dict[str, Any]:
    trigger = next((name for name in words.TRIGGERS if order.get(name) is not None), None)
    kind = None
    if order.get("type") is not None or trigger is not None:
        kind = words.ORDER_TYPES.get((order.get("type"), trigger), OrderType.OTHER)
    return {
        "side": _side(order),
        "order_type": kind,
        "order_quantity": None if bought_for_an_amount(order) else order.get("amount"),
        "limit_price": order.get("price") if kind in words.PRICED else None,
        "stop_price": order[trigger] if trigger else None,
        "time_in_force": words.time_in_force(order, kind),
        "position_side": words.position_side(order),
    }


def _without_figures(order: Record) -> dict[str, Any]:
    return {"reported_status": status(order)}


def _order_names(order: Record, account: Account) -> dict[str, Any]:
    return {
        "client_order_id": words.client_order_id(order, account.exchange),
        "venue_order_id": order.get("id"),
    }


# ------------------------------------------------------------------------------------------------ making reports

_FIGURES = ("order_quantity", "limit_price", "stop_price", "cum_quantity", "leaves_quantity", "avg_price")


def _report(
    event_type: EventType, account: Account, record: Record, names: Mapping[str, Any], said: Mapping[str, Any]
) -> Converted:
    """One report; what of it cannot be said exactly stays absent."""
    fields = {name: value for name, value in {**names, **said}.items() if value is not None}
    left_out = []
    for name in _FIGURES:
        problem = _inexact(name, fields.get(name))
        if problem is not None:
            left_out.append(problem)
            del fields[name]
    raw = record.get("info") or {key: value for key, value in record.items() if value is not None}
    try:
        documents.checked_document("raw_payload", raw)
    except InvalidInput as error:
        raw = None
        left_out.append(str(error))
    whose = attrs.asdict(account, filter=lambda attribute, value: attribute.name != "exchange" and value != "")
    try:
        report = VenueReport.read(
            {**whose, "type": event_type, "symbol": record.get("symbol"), "raw_payload": raw, **fields}
        )
    except InvalidInput as error:
        return Converted((), [*left_out, str(error)])
    return Converted((report,), left_out)


def _inexact(name: str, value: object) -> str | None:
    if value is None:
        return None
    try:
        exact(name, value)
    except InvalidInput as error:
        return str(error)
    return None


def _together(parts: Iterable[Converted], left_out: Iterable[str] = ()) -> Converted:
    parts = list(parts)
    return Converted(
        [report for part in parts for report in part.reports],
        [*(why for part in parts for why in part.left_out), *left_out],
    )


def _side(record: Record) -> Side | None:
    said = record.get("side")
    return Side(said.upper()) if said in ("buy", "sell") else None


def _figure(record: Record, name: str) -> Decimal | None:
    value = record.get(name)
    return None if value is None or _inexact(name, value) is not None else exact(name, value)


def moment(milliseconds: object) -> datetime | None:
    """A moment in ccxt's milliseconds; None for anything else."""
    return EPOCH + timedelta(milliseconds=milliseconds) if type(milliseconds) is int else None
