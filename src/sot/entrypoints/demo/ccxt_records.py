"""From unified order and trade records, as the library ccxt gives them, to venue reports.

Small pure functions: one record in, reports out, and the reasons for whatever could not be said exactly. A figure is
never estimated: what the record does not say stays absent, and the record itself is kept as the raw payload.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import attrs

from sot.domain.errors import InvalidInput
from sot.domain.numbers import ZERO, exact
from sot.domain.report import Fee, VenueReport
from sot.domain.times import EPOCH
from sot.domain.vocabulary import EventType, Liquidity, OrderStatus, OrderType, Side, TimeInForce

Record = Mapping[str, Any]


@attrs.frozen
class Converted:
    """The reports that a record makes, in order, and what of it could not be said."""

    reports: Sequence[VenueReport] = ()
    left_out: Sequence[str] = ()


_NO_CLIENT_ORDER_ID = frozenset({("kraken", "0"), ("gate", "api"), ("gate", "apiv4")})
"""What these exchanges fill in when the client gave no id: it names nothing."""

_ORDER_TYPES: Mapping[tuple[object, object], OrderType] = {
    ("market", None): OrderType.MARKET,
    ("limit", None): OrderType.LIMIT,
    ("market", "takeProfitPrice"): OrderType.MARKET_IF_TOUCHED,
    ("limit", "takeProfitPrice"): OrderType.LIMIT_IF_TOUCHED,
    ("market", "stopLossPrice"): OrderType.STOP,
    ("limit", "stopLossPrice"): OrderType.STOP_LIMIT,
    ("trailing-stop", "triggerPrice"): OrderType.TRAILING_STOP,
    ("trailing_stop", None): OrderType.TRAILING_STOP,
    ("tp", "takeProfitPrice"): OrderType.MARKET_IF_TOUCHED,
}
_TRIGGERS = ("takeProfitPrice", "stopLossPrice", "triggerPrice")
_TIMES_IN_FORCE: Mapping[object, TimeInForce] = {word.value: word for word in TimeInForce}
_PRICED = frozenset({OrderType.LIMIT, OrderType.STOP_LIMIT, OrderType.LIMIT_IF_TOUCHED, OrderType.OTHER})


def order_reports(record: Record, account_id: str) -> Converted:
    """What a record of an order says: that the venue took it and, if it went further, where it stands.

    The second report has no time, since a status belongs to the moment when it was asked for, which no record tells.
    """
    said = record["unified"]
    names = _names(record, said, said.get("id"), account_id)
    if record.get("symbol") is None and "filled" in said:
        why = "the order's record names no instrument, so nobody knows the unit of its figures; only its ids are kept"
        return Converted((_report(names, EventType.ORDER_STATUS, reported_status=_status(said)),), (why,))
    terms = _terms(said)
    reports = [_report(names, EventType.NEW, **terms, occurred_at=_time(said.get("timestamp")))]
    standing = _status(said)
    if standing not in (None, OrderStatus.NEW) or _figure(said, "filled"):
        reports.append(_report(names, EventType.ORDER_STATUS, **terms, **_standing(said, standing)))
    stubs = [t for t in said.get("trades", ()) if "amount" not in t or "price" not in t]
    left_out = [f"execution {stub.get('id')} is named without price and amount" for stub in stubs]
    return Converted(reports, left_out)


def trade_reports(record: Record, account_id: str) -> Converted:
    """What a record of a trade says: one execution, unless its figures are missing or were rounded on the way."""
    said = record["unified"]
    if (record.get("raw") or {}).get("size_in_quote"):
        why = "the exchange states the size in quote currency: the unit quantity and price are quotients of others"
        return Converted((), (why,))
    if not _figure(said, "amount") or "price" not in said:
        return Converted((), ("it has no price or no amount",))
    fees, left_out = _fees(said)
    report = _report(
        _names(record, said, said.get("order"), account_id),
        EventType.TRADE,
        exec_id=said.get("id"),
        side=_side(said),
        last_quantity=said["amount"],
        last_price=said["price"],
        fees=fees,
        liquidity=_LIQUIDITY.get(said.get("takerOrMaker")),
        occurred_at=_time(said.get("timestamp")),
    )
    return Converted((report,), left_out)


def order_behind(trade: VenueReport) -> VenueReport | None:
    """What an execution tells of its order: that it exists, and its instrument; None if it names no instrument."""
    if trade.symbol is None or trade.venue_order_id is None:
        return None
    return VenueReport(
        account_id=trade.account_id,
        type=EventType.ORDER_STATUS,
        venue=trade.venue,
        venue_order_id=trade.venue_order_id,
        symbol=trade.symbol,
        side=trade.side,
    )


_LIQUIDITY: Mapping[object, Liquidity] = {"maker": Liquidity.MAKER, "taker": Liquidity.TAKER}


def _report(names: Mapping[str, Any], event_type: EventType, **said: Any) -> VenueReport:
    fields = {name: value for name, value in {**names, **said}.items() if value is not None}
    return VenueReport.read({"type": event_type, **fields})


def _names(record: Record, said: Record, venue_order_id: str | None, account_id: str) -> dict[str, Any]:
    client_order_id = said.get("clientOrderId")
    if (record["exchange"], client_order_id) in _NO_CLIENT_ORDER_ID:
        client_order_id = None
    return {
        "account_id": account_id,
        "venue": record["exchange"].upper(),
        "client_order_id": client_order_id,
        "venue_order_id": venue_order_id,
        "symbol": record.get("symbol"),
        "raw_payload": record.get("raw") or said,
    }


def _terms(said: Record) -> dict[str, Any]:
    trigger = next((name for name in _TRIGGERS if name in said), None)
    kind = None
    if said.get("type") is not None or trigger is not None:
        kind = _ORDER_TYPES.get((said.get("type"), trigger), OrderType.OTHER)
    return {
        "side": _side(said),
        "order_type": kind,
        "order_quantity": None if bought_for_an_amount(said) else said.get("amount"),
        "limit_price": said.get("price") if kind in _PRICED else None,
        "stop_price": said[trigger] if trigger else None,
        "time_in_force": _TIMES_IN_FORCE.get(said.get("timeInForce")),
    }


def bought_for_an_amount(said: Record) -> bool:
    """Whether `amount` is money: a market order to buy that is done, although its amount was not executed."""
    return (
        said.get("type") == "market"
        and said.get("side") == "buy"
        and said.get("status") == "closed"
        and _figure(said, "filled") != _figure(said, "amount")
    )


def _standing(said: Record, standing: OrderStatus | None) -> dict[str, Any]:
    fees = [fee for fee in _fees(said)[0] if fee.amount]
    return {
        "reported_status": standing,
        "cum_quantity": said.get("filled"),
        "leaves_quantity": ZERO if standing is OrderStatus.CANCELED else said.get("remaining"),
        "avg_price": said.get("average"),
        "fees": fees,
    }


def _status(said: Record) -> OrderStatus | None:
    status = said.get("status")
    if status == "open":
        return OrderStatus.PARTIALLY_FILLED if _figure(said, "filled") else OrderStatus.NEW
    return {"closed": OrderStatus.FILLED, "canceled": OrderStatus.CANCELED}.get(status or "")


def _fees(said: Record) -> tuple[list[Fee], list[str]]:
    """The fees that can be said exactly, and why the others cannot."""
    fees, left_out = [], []
    for fee in said.get("fees", ()):
        amount, currency = fee.get("cost"), fee.get("currency")
        if amount is None:
            continue
        if currency is None:
            left_out.append(f"the fee of {amount} names no currency")
            continue
        try:
            fees.append(Fee(amount, currency))
        except InvalidInput as error:
            left_out.append(f"the fee of {amount} {currency} is not exact: {error.allowed}")
    return fees, left_out


def _side(said: Record) -> Side | None:
    return Side(said["side"].upper()) if "side" in said else None


def _figure(said: Record, name: str) -> object:
    return exact(name, said[name]) if name in said else None


def _time(milliseconds: int | None) -> datetime | None:
    return None if milliseconds is None else EPOCH + timedelta(milliseconds=milliseconds)
