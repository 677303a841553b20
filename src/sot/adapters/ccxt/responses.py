"""Responses of exchanges to commands, as reports with our client order ids."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import attrs

from sot.adapters.ccxt.records import Account, Conversion, convert_new_order, convert_order_status, read_milliseconds
from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.values.errors import VenueOutcomeUnknown
from sot.domain.values.numbers import ZERO
from sot.domain.values.vocabulary import EventType, OrderStatus

_ENDED_OTHERWISE = frozenset({OrderStatus.FILLED, OrderStatus.EXPIRED, OrderStatus.REJECTED})
_TERMS = ("limit_price", "stop_price", "time_in_force")


def new_order_reports(
    response: Any, request: OrderRequest, symbol: str, account: Account, asked_at: datetime
) -> Conversion:
    """Convert the response to a new order. An exchange that responds with an id alone has accepted the order.

    Raises:
        VenueOutcomeUnknown: The response has no order, or nothing that can be read exactly.
    """
    order = _order_record(response, symbol)
    if order.get("id") is None and order.get("status") is None:
        raise VenueOutcomeUnknown("EMPTY_ANSWER", "the exchange answered without an order id and a status")
    conversion = convert_new_order(order, account, asked_at)
    if not conversion.reports:
        raise VenueOutcomeUnknown("UNREADABLE", "; ".join(conversion.left_out))
    # The client order id in a response may be one that the exchange made.
    reports = [attrs.evolve(report, client_order_id=request.client_order_id) for report in conversion.reports]
    return Conversion(reports, conversion.left_out)


def cancel_reports(response: Any, target: Order, account: Account, asked_at: datetime) -> Conversion:
    """Convert the response to a cancel: CANCELED, PENDING_CANCEL if it was only accepted, or another end of the order.

    The client order id in the response is ignored: on Binance it is that of the cancel.
    """
    record = _order_record(response, target.symbol)
    conversion = convert_order_status(record, account, asked_at)
    if not conversion.reports:
        return Conversion([_report(EventType.PENDING_CANCEL, target, account)], conversion.left_out)
    (status,) = conversion.reports
    names: dict[str, Any] = {
        "client_order_id": target.client_order_id,
        "venue_order_id": status.venue_order_id or target.venue_order_id,
    }
    if status.reported_status in _ENDED_OTHERWISE:
        return Conversion([attrs.evolve(status, **names)], conversion.left_out)
    is_cancelled = status.reported_status is OrderStatus.CANCELED
    report = attrs.evolve(
        status,
        **names,
        type=EventType.CANCELED if is_cancelled else EventType.PENDING_CANCEL,
        occurred_at=read_milliseconds(record.get("lastUpdateTimestamp")),
        reported_status=OrderStatus.CANCELED if is_cancelled else None,
    )
    return Conversion([report], conversion.left_out)


def replace_reports(
    response: Any, request: OrderRequest, target: Order, account: Account, asked_at: datetime
) -> Conversion:
    """Convert the response to a replacement: REPLACED, or CANCELED and the reports of the new order.

    Raises:
        VenueOutcomeUnknown: The response has no order, or nothing that can be read exactly.
    """
    record = _order_record(response, target.symbol)
    if record.get("id") is None:
        raise VenueOutcomeUnknown("EMPTY_ANSWER", "the exchange answered without an order id")
    if record["id"] == target.venue_order_id:
        return _amended(record, request, target, account, asked_at)
    new = new_order_reports(response, request, target.symbol, account, asked_at)
    cancelled = _report(EventType.CANCELED, target, account, leaves_quantity=ZERO)
    return Conversion([cancelled, *new.reports], new.left_out)


def _amended(
    record: Mapping[str, Any], request: OrderRequest, target: Order, account: Account, asked_at: datetime
) -> Conversion:
    conversion = convert_order_status(record, account, asked_at)
    status = conversion.reports[0] if conversion.reports else _report(EventType.ORDER_STATUS, target, account)
    # Many exchanges respond with the id alone: then the terms are the requested ones.
    requested = {"order_quantity": request.quantity, **{name: getattr(request, name) for name in _TERMS}}
    missing = {name: value for name, value in requested.items() if getattr(status, name) is None and value is not None}
    report = attrs.evolve(
        status,
        **missing,
        type=EventType.REPLACED,
        client_order_id=target.client_order_id,
        occurred_at=read_milliseconds(record.get("lastUpdateTimestamp")),
    )
    return Conversion([report], conversion.left_out)


def _order_record(response: Any, symbol: str) -> Mapping[str, Any]:
    if not isinstance(response, Mapping):
        response = {"info": response}
    return {**response, "symbol": response.get("symbol") or symbol}


def _report(event_type: EventType, target: Order, account: Account, **fields: Any) -> VenueReport:
    return VenueReport(
        account_id=account.account_id,
        type=event_type,
        venue=account.venue,
        venue_account=account.venue_account,
        id_scope=account.id_scope,
        client_order_id=target.client_order_id,
        venue_order_id=target.venue_order_id,
        symbol=target.symbol,
        **fields,
    )
