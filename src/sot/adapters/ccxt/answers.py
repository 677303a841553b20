"""What exchanges answer to commands, as reports under the names that we know the orders by."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import attrs

from sot.adapters.ccxt.records import Account, Converted, moment, order_placed, order_standing
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.values.errors import VenueOutcomeUnknown
from sot.domain.values.numbers import ZERO
from sot.domain.values.vocabulary import EventType, OrderStatus

_OVER_OTHERWISE = frozenset({OrderStatus.FILLED, OrderStatus.EXPIRED, OrderStatus.REJECTED})
_TERMS = ("limit_price", "stop_price", "time_in_force")


def placed(answer: Any, request: OrderRequest, symbol: str, account: Account, asked_at: datetime) -> Converted:
    """The answer to a new order. Exchanges that answer with an id alone have taken it.

    Raises: VenueOutcomeUnknown: it says nothing of an order, or nothing that can be read exactly.
    """
    order = _record(answer, symbol)
    if order.get("id") is None and order.get("status") is None:
        raise VenueOutcomeUnknown("EMPTY_ANSWER", "the exchange answered without an order id and a status")
    converted = order_placed(order, account, asked_at)
    if not converted.reports:
        raise VenueOutcomeUnknown("UNREADABLE", "; ".join(converted.left_out))
    # What the exchange echoes may be a stand-in of its own.
    mine = [attrs.evolve(report, client_order_id=request.client_order_id) for report in converted.reports]
    return Converted(mine, converted.left_out)


def cancelled(answer: Any, target: Order, account: Account, asked_at: datetime) -> Converted:
    """The answer to a cancel: CANCELED, PENDING_CANCEL if it only took the request, or how the order ended otherwise.

    Names in the answer are not taken: on Binance the client order id there is that of the cancel.
    """
    order = _record(answer, target.symbol)
    converted = order_standing(order, account, asked_at)
    if not converted.reports:
        return Converted([_of(EventType.PENDING_CANCEL, target, account)], converted.left_out)
    (acknowledge_from_status,) = converted.reports
    names: dict[str, Any] = {
        "client_order_id": target.client_order_id,
        "venue_order_id": acknowledge_from_status.venue_order_id or target.venue_order_id,
    }
    if acknowledge_from_status.reported_status in _OVER_OTHERWISE:
        return Converted([attrs.evolve(acknowledge_from_status, **names)], converted.left_out)
    is_over = acknowledge_from_status.reported_status is OrderStatus.CANCELED
    report = attrs.evolve(
        acknowledge_from_status,
        **names,
        type=EventType.CANCELED if is_over else EventType.PENDING_CANCEL,
        occurred_at=moment(order.get("lastUpdateTimestamp")),
        reported_status=OrderStatus.CANCELED if is_over else None,
    )
    return Converted([report], converted.left_out)


def replaced(answer: Any, request: OrderRequest, target: Order, account: Account, asked_at: datetime) -> Converted:
    """The answer to a replacement: REPLACED, or CANCELED and what is said of the order that takes its place.

    Raises: VenueOutcomeUnknown: as `placed`.
    """
    order = _record(answer, target.symbol)
    if order.get("id") is None:
        raise VenueOutcomeUnknown("EMPTY_ANSWER", "the exchange answered without an order id")
    if order["id"] == target.venue_order_id:
        return _amended(order, request, target, account, asked_at)
    new = placed(answer, request, target.symbol, account, asked_at)
    ended = _of(EventType.CANCELED, target, account, leaves_quantity=ZERO)
    return Converted([ended, *new.reports], new.left_out)


def _amended(
    order: Mapping[str, Any], request: OrderRequest, target: Order, account: Account, asked_at: datetime
) -> Converted:
    converted = order_standing(order, account, asked_at)
    said = converted.reports[0] if converted.reports else _of(EventType.ORDER_STATUS, target, account)
    # Many exchanges answer with the id alone: then the terms are those that were asked for.
    asked = {"order_quantity": request.quantity, **{name: getattr(request, name) for name in _TERMS}}
    missing = {name: value for name, value in asked.items() if getattr(said, name) is None and value is not None}
    report = attrs.evolve(
        said,
        **missing,
        type=EventType.REPLACED,
        client_order_id=target.client_order_id,
        occurred_at=moment(order.get("lastUpdateTimestamp")),
    )
    return Converted([report], converted.left_out)


def _record(answer: Any, symbol: str) -> Mapping[str, Any]:
    if not isinstance(answer, Mapping):
        answer = {"info": answer}
    return {**answer, "symbol": answer.get("symbol") or symbol}


def _of(event_type: EventType, target: Order, account: Account, **said: Any) -> VenueReport:
    return VenueReport(
        account_id=account.account_id,
        type=event_type,
        venue=account.venue,
        venue_account=account.venue_account,
        id_scope=account.id_scope,
        client_order_id=target.client_order_id,
        venue_order_id=target.venue_order_id,
        symbol=target.symbol,
        **said,
    )
