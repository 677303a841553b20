"""The terms of an order: what a venue says of price and quantity is how the order stands there.

1. REPLACED and RESTATED set terms. A NEW does until one of these has, unless it is late. An ORDER_STATUS does if it was
   asked after the latest of these, while no replacement is open.
2. An order that is over keeps its terms.
3. A price of zero on an order type without such a price is none.
4. Terms that nobody asked for are flagged TERMS_DIFFER.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from decimal import Decimal

from sot.domain.orders.order import Order
from sot.domain.orders.report import VenueReport
from sot.domain.orders.request import OrderRequest
from sot.domain.orders.state import OrderState
from sot.domain.values.numbers import ZERO
from sot.domain.values.vocabulary import Action, Anomaly, EventType, OrderStatus, OrderType

TERMS = ("order_quantity", "limit_price", "stop_price")
"""The fields of a report, and of the state, that are terms."""

_WITHOUT_LIMIT_PRICE = frozenset(
    {OrderType.MARKET, OrderType.STOP, OrderType.TRAILING_STOP, OrderType.MARKET_IF_TOUCHED}
)

_WITH_STOP_PRICE = frozenset({OrderType.STOP, OrderType.STOP_LIMIT})

_OVER = frozenset({OrderStatus.CANCELED, OrderStatus.EXPIRED, OrderStatus.REJECTED, OrderStatus.FILLED})


def stated_terms(report: VenueReport, order_type: OrderType | None) -> Iterator[tuple[str, Decimal]]:
    """Iterate over the terms that a report states, by the name of their field.

    Rules: TERMS-1.
    """
    order_type = report.order_type or order_type
    quantity, limit_price, stop_price = report.order_quantity, report.limit_price, report.stop_price
    if quantity is not None and quantity > ZERO:
        yield "order_quantity", quantity
    if limit_price is not None and not (limit_price == ZERO and order_type in _WITHOUT_LIMIT_PRICE):
        yield "limit_price", limit_price
    if stop_price is not None and not (stop_price == ZERO and order_type not in _WITH_STOP_PRICE):
        yield "stop_price", stop_price


def states_terms(report: VenueReport) -> bool:
    """Whether a report has fields that are terms."""
    return not (report.order_quantity is None and report.limit_price is None and report.stop_price is None)


def set_terms(order: Order, report: VenueReport, at: datetime) -> None:
    """Set the terms that a report states; `at` is the time from which they hold.

    Rules: TERMS-2.
    """
    state = order.state
    for name, value in stated_terms(report, order.order_type):
        # FIX 4.4 matrix C.3.c: below what was executed means "stop here".
        setattr(state, name, max(value, state.cum_quantity) if name == "order_quantity" else value)
    state.terms_at = at if state.terms_at is None else max(at, state.terms_at)


def sets_terms(order: Order, report: VenueReport, event_type: EventType, at: datetime) -> bool:
    """Whether a NEW or an ORDER_STATUS sets the terms that it states.

    Rules: TERMS-3, TERMS-4, TERMS-5.
    """
    state = order.state
    if state.ended or state.completed or report.reported_status in _OVER:
        return False
    if event_type is EventType.NEW:
        return not state.amended and not _is_late(state, report)
    return not state.requests(Action.REPLACE) and (state.terms_at is None or at > state.terms_at)


def _is_late(state: OrderState, report: VenueReport) -> bool:
    """Whether a NEW tells how the order stood before something that is known: it changes no quantity then."""
    at, latest = report.occurred_at, state.last_venue_time
    if at is not None and latest is not None:
        return at < latest
    return state.cum_quantity > ZERO


def asked_terms(request: OrderRequest) -> Mapping[str, Decimal]:
    """Return the terms that a request asks for."""
    values = {"order_quantity": request.quantity, "limit_price": request.limit_price, "stop_price": request.stop_price}
    return {name: value for name, value in values.items() if value is not None}


def terms_anomalies(
    before: OrderState, order: Order, report: VenueReport, asked: Mapping[str, Decimal]
) -> list[Anomaly]:
    """Detect TERMS_DIFFER: terms of an order of ours that nobody asked for.

    Args:
        before: The state before the report.
        order: The order after it.
        report: The report.
        asked: The terms that an open replace request asks for, which the report answers.

    Rules: ANOMALY-TERMS_DIFFER.
    """
    if order.request_id is None or report.split_ratio is not None:
        return []
    for name, value in stated_terms(report, order.order_type):
        wanted = asked.get(name, getattr(before, name))
        was_set = getattr(order.state, name) != getattr(before, name) or name in asked
        if was_set and wanted is not None and value != wanted:
            return [Anomaly.TERMS_DIFFER]
    return []
