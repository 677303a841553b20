"""Views of orders, their events, executions, costs and results."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from sot.application.queries.history import HistoryQueries
from sot.application.queries.timeline import TimelineEntry
from sot.application.views.values import pick, plain_value
from sot.domain.accounting.costs import OrderCosts
from sot.domain.accounting.pnl import OrderPnl
from sot.domain.orders.fill import Fill
from sot.domain.orders.invalid import InvalidField
from sot.domain.orders.order import Order
from sot.domain.values import fields
from sot.domain.values.fields import Kind
from sot.domain.values.instrument import version_at
from sot.domain.values.numbers import plain
from sot.domain.values.times import time_text
from sot.domain.values.vocabulary import OrderStatus, OrderType, Side, TimeInForce

_ORDER_FIELDS: Mapping[str, Kind] = {
    "account_id": fields.NAME,
    "order_id": fields.IDENTITY,
    "request_id": fields.IDENTITY,
    "venue": fields.NAME,
    "venue_account": fields.SCOPE,
    "id_scope": fields.SCOPE,
    "symbol": fields.NAME,
    "side": fields.member_of(Side),
    "order_type": fields.member_of(OrderType),
    "strategy_code": fields.NAME,
    "client_order_id": fields.NAME,
    "venue_order_id": fields.NAME,
    "status": fields.member_of(OrderStatus),
    "is_open": fields.FLAG,
    "in_doubt": fields.FLAG,
    "order_quantity": fields.NUMBER,
    "cum_quantity": fields.NUMBER,
    "leaves_quantity": fields.NUMBER,
    "avg_price": fields.NUMBER,
}
_STATE_FIELDS: Mapping[str, Kind] = {
    "quote_quantity": fields.NUMBER,
    "limit_price": fields.NUMBER,
    "stop_price": fields.NUMBER,
    "time_in_force": fields.member_of(TimeInForce),
    "provisional_quantity": fields.NUMBER,
    "provisional_notional": fields.NUMBER,
    "open_requests": fields.DOCUMENT,
}
_RECORD_FIELDS: Mapping[str, Kind] = {
    "created_at": fields.TIME,
    "updated_at": fields.TIME,
    "last_sequence": fields.COUNT,
}
ORDER_FIELDS: Mapping[str, Kind] = {**_ORDER_FIELDS, **_STATE_FIELDS, **_RECORD_FIELDS}
"""The fields of the view of an order, with their kinds."""


_COSTS_FIELDS = (
    "currency",
    "quantity",
    "notional",
    "maker_notional",
    "taker_notional",
    "avg_price",
    "fees",
    "paid_in_quantity",
    "decision_price",
    "slippage",
    "slippage_rate",
    "slippage_cost",
)


_PNL_FIELDS = (
    "sequence",
    "mark",
    "rates",
    "currency",
    "cost_basis",
    "gross",
    "unrealized",
    "realized",
    "net",
    "fees",
    "unvalued",
    "complete",
    "calculated_at",
)


def order_view(order: Order) -> dict[str, Any]:
    """An order."""
    return pick(order, _ORDER_FIELDS) | pick(order.state, _STATE_FIELDS) | pick(order, _RECORD_FIELDS)


def event_view(entry: TimelineEntry) -> dict[str, Any]:
    """An event of a timeline: flat, with the order's status after it and what it changed.

    `reported_type` is the type of the report, where the event has another one.
    """
    event = entry.event
    source = event.report or event.fact
    reported = source.as_json() if source is not None else {}
    for name in ("account_id", "order_id"):
        reported.pop(name, None)
    reported_type = reported.pop("type", event.type)
    view = {
        "sequence": event.sequence,
        "type": str(event.type),
        "origin": str(event.origin),
        "actor": event.actor,
        "recorded_at": time_text(event.recorded_at),
        "occurred_at": plain_value(event.occurred_at),
        "status": str(entry.status),
        "changed": plain_value(entry.changed),
        **reported,
        "anomalies": plain_value(event.anomalies),
        "invalid": invalid_view(entry.invalid),
        "report_id": event.report_id,
        "trace": event.trace,
        "prev_hash": event.prev_hash,
        "hash": event.hash,
    }
    return view if reported_type == event.type else {**view, "reported_type": reported_type}


def invalid_view(invalid: Sequence[InvalidField]) -> list[dict[str, str]]:
    """What makes a report INVALID."""
    return [{"field": one.field, "reason": one.reason} for one in invalid]


def fill_view(history: HistoryQueries, fill: Fill) -> dict[str, Any]:
    """An execution. `amount_difference` is what its stated amount is more than its exact value."""
    names = [name for name in Fill.KINDS if name not in ("account_id", "order_id")]
    return {
        **pick(fill, names),
        "fees": [fee.as_json() for fee in fill.fees],
        "amount_difference": plain_value(amount_difference(history, fill)),
    }


def amount_difference(history: HistoryQueries, fill: Fill) -> Decimal | None:
    """What the amount of an execution is more than its exact value; None without one, or an unknown instrument."""
    if fill.amount is None:
        return None
    instruments = history.instruments(fill.account_id, fill.venue, fill.symbol)
    if not instruments:
        return None
    instrument = version_at(instruments, fill.happened_at)
    return instrument.amount_difference(fill.quantity, fill.price, fill.amount)


def costs_view(costs: OrderCosts, rates: Mapping[str, Decimal]) -> dict[str, Any]:
    """The costs of an order. `effective_rate` and `slippage_rate` are in basis points."""
    total, unvalued = costs.fee_total(rates)
    return {
        **pick(costs, _COSTS_FIELDS),
        "fee_total": plain(total),
        "unvalued": plain_value(unvalued),
        "effective_rate": plain_value(costs.effective_rate(rates)),
    }


def pnl_view(pnl: OrderPnl | None) -> dict[str, Any] | None:
    """A snapshot of profit and loss."""
    return None if pnl is None else pick(pnl, _PNL_FIELDS)


def full_order_view(
    history: HistoryQueries, order: Order, mark: Decimal | None, rates: Mapping[str, Decimal]
) -> dict[str, Any]:
    """An order with its events, executions, costs, and profit and loss at a mark or as last recorded."""
    order_id = order.order_id
    return {
        **order_view(order),
        "events": [event_view(entry) for entry in history.timeline(order_id)],
        "fills": [fill_view(history, fill) for fill in history.fills(order_id)],
        "costs": costs_view(history.costs(order_id), rates),
        "pnl": pnl_view(history.pnl(order_id, mark, rates)),
    }
