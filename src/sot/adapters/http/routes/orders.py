"""Orders: state, events, executions, costs, profit and loss."""

from collections.abc import Callable
from decimal import Decimal
from hashlib import sha256
from typing import Any, TypeVar

from sot.adapters.http import parameters
from sot.adapters.http.http_errors import InvalidParameter, NoSnapshot
from sot.adapters.http.http_message import order_etag
from sot.adapters.http.order_criteria import order_criteria
from sot.adapters.http.parameters import Parameter
from sot.adapters.http.request_context import RequestContext
from sot.adapters.http.response import Response
from sot.adapters.http.route import Handler, ResponseSpec, Route, TransactionMode
from sot.adapters.http.routes.links import ORDER_PART_LINKS
from sot.application.queries.history import HistoryQueries
from sot.application.views.orders import costs_view, event_view, fill_view, order_view, pnl_view
from sot.application.views.records import recorded_event_view
from sot.domain.orders.fill import Fill
from sot.domain.orders.order import Order
from sot.domain.values import fields
from sot.domain.values.vocabulary import AccessScope, OrderStatus, Side
from sot.ports.paging import Page

T = TypeVar("T")


def order_fields(order: Order) -> dict[str, Any]:
    """Return an order as JSON values; `exchange` is the alias of `venue` for older clients."""
    return {**order_view(order), "exchange": order.venue}


def _get_order(context: RequestContext) -> Response:
    order = context.queries.order(context.order_id)
    return Response(body={**order_fields(order), **context.as_of_fields}, etag=order_etag(order))


def _list_orders(context: RequestContext) -> Response:
    criteria = order_criteria(context)
    newest_first = context.query.get("newest_first", False)
    page = context.queries.orders(criteria, context.after_key, context.page_size, newest_first=newest_first)
    return context.page_response([order_fields(order) for order in page.items], page.next)


def _get_events(context: RequestContext) -> Response:
    return _page_of_long_items(context, context.queries.events, recorded_event_view)


def _get_timeline(context: RequestContext) -> Response:
    return _page_of_long_items(context, context.queries.timeline, event_view)


def _page_of_long_items(
    context: RequestContext, read: Callable[[str, int, int], Page[T, int]], view: Callable[[T], Any]
) -> Response:
    """Return a page of an order's events or of its timeline."""
    order = context.queries.order(context.order_id)
    page = context.read_long_items(
        lambda after, size: read(order.order_id, after or 0, size), context.after_number, view
    )
    return context.page_response(list(page.items), page.next, order_etag(order))


def _get_fills(context: RequestContext) -> Response:
    queries = context.queries
    order = queries.order(context.order_id)
    page = queries.fills(order.order_id, context.after_number, context.page_size)
    return context.page_response([_fill_fields(queries, fill) for fill in page.items], page.next, order_etag(order))


def _fill_fields(queries: HistoryQueries, fill: Fill) -> dict[str, Any]:
    """An execution as JSON values. Nanoseconds are a string, since many JSON parsers round large numbers."""
    nanoseconds = fill.venue_time_ns
    return {**fill_view(queries, fill), "venue_time_ns": None if nanoseconds is None else str(nanoseconds)}


def _get_costs(context: RequestContext) -> Response:
    costs = costs_view(context.queries.costs(context.order_id), context.query.get("rate", {}))
    return Response(body={**costs, **context.as_of_fields}, etag=_content_etag(costs))


def _content_etag(content: object) -> str:
    """The entity tag of a response that depends on more than the order's events, such as on an instrument."""
    return f'"{sha256(repr(content).encode()).hexdigest()[:16]}"'


def mark_parameter(context: RequestContext) -> Decimal | None:
    """Return the mark, under either of its names.

    Raises:
        InvalidParameter: Both names are given.
    """
    query = context.query
    if "mark" in query and "market_price" in query:
        raise InvalidParameter("market_price", "give the price once: as mark or as market_price")
    price: Decimal | None = query.get("mark", query.get("market_price"))
    return price


def _get_pnl(context: RequestContext) -> Response:
    mark, rates, order_id = mark_parameter(context), context.query.get("rate", {}), context.order_id
    if mark is None and rates:
        raise InvalidParameter("rate", "give it together with a mark: a snapshot has its own rates")
    pnl = context.queries.pnl(order_id, mark, rates)
    if pnl is None:
        raise NoSnapshot("No profit and loss of this order has been recorded; give a mark to have it computed.")
    view = pnl_view(pnl)
    assert view is not None
    values = {"order_id": order_id, **view, "realized_pnl": view["net"]}
    etag = _content_etag(values) if mark is None else None  # a computed one contains the present time
    return Response(body={**values, **context.as_of_fields}, etag=etag)


def _order_route(
    name: str,
    part: str,
    summary: str,
    handler: Handler,
    response: ResponseSpec,
    *query: Parameter,
    description: str = "",
) -> Route:
    return Route(
        name=name,
        method="GET",
        path=f"/sot/orders/{{order_id}}{part}",
        summary=summary,
        description=description,
        tag="Orders",
        transaction=TransactionMode.READ,
        scope=AccessScope.READ,
        handler=handler,
        query=(*query, *parameters.PAST),
        responses={200: response},
        conditional=True,
        reads_few_rows=not part,
    )


ROUTES = (
    Route(
        name="listOrders",
        method="GET",
        path="/sot/orders",
        summary="List orders, oldest or newest first",
        description=(
            "Pages do not shift while orders are recorded. Within an account, each filter alone uses an index; of "
            "several filters one uses its index, and the others examine its rows. With `as_of` or `happened_by` the "
            "filters apply to the orders' past states, and each order is examined."
        ),
        tag="Orders",
        transaction=TransactionMode.READ,
        scope=AccessScope.READ,
        handler=_list_orders,
        query=(
            parameters.ACCOUNT,
            parameters.repeatable("status", fields.member_of(OrderStatus), "With this status."),
            parameters.VENUE,
            parameters.SYMBOL,
            parameters.single("side", fields.member_of(Side), "Bought or sold."),
            parameters.STRATEGY,
            parameters.single("identifier", fields.NAME, "With this client or venue order id, present or former."),
            parameters.boolean("is_open", "Whether more may execute."),
            parameters.boolean("in_doubt", "Whether an outcome is unknown."),
            parameters.single("created_from", fields.TIME, "Recorded at or after this time."),
            parameters.single("created_before", fields.TIME, "Recorded before this time."),
            parameters.NEWEST_FIRST,
            *parameters.PAST,
            *parameters.PAGING,
        ),
        responses={200: ResponseSpec(description="A page of orders.", schema="OrderPage", headers=("Link",))},
    ),
    _order_route(
        "getOrder",
        "",
        "Get an order",
        _get_order,
        ResponseSpec(description="The order.", schema="Order", links=ORDER_PART_LINKS),
    ),
    _order_route(
        "getEvents",
        "/events",
        "List an order's events as they are stored",
        _get_events,
        ResponseSpec(description="A page of events, by sequence.", schema="EventPage", headers=("Link",)),
        *parameters.PAGING,
        description=(
            "`body` is the canonical form whose SHA-256 digest is `hash`; each event has the hash of the previous one."
        ),
    ),
    _order_route(
        "getTimeline",
        "/timeline",
        "List an order's events with the changes that each made",
        _get_timeline,
        ResponseSpec(description="A page of timeline entries, by sequence.", schema="TimelinePage", headers=("Link",)),
        *parameters.PAGING,
        description=(
            "The cost of a page does not depend on where it begins, except for a page with a VOIDED or an ATTRIBUTED "
            "event: it costs as much as recording that event did, which read the whole order."
        ),
    ),
    _order_route(
        "getFills",
        "/fills",
        "List an order's valid executions",
        _get_fills,
        ResponseSpec(
            description="A page of executions, in the order in which they were first recorded.",
            schema="FillPage",
            headers=("Link",),
        ),
        *parameters.PAGING,
        description="Busted executions are left out, so that a page may be short, or empty, before the end.",
    ),
    _order_route(
        "getCosts",
        "/costs",
        "Get the execution costs of an order",
        _get_costs,
        ResponseSpec(description="Fees, notionals and slippage; rates in basis points.", schema="Costs"),
        parameters.RATE,
    ),
    _order_route(
        "getPnl",
        "/pnl",
        "Get the profit and loss of an order",
        _get_pnl,
        ResponseSpec(description="At the given mark, or the latest recorded snapshot.", schema="Pnl"),
        parameters.MARK,
        parameters.MARKET_PRICE,
        parameters.RATE,
        description=(
            "Without a mark it is the latest recorded snapshot, or 404 with the type `no-snapshot` if there is none. "
            "`realized_pnl` is the same as `net`; an alias for older clients."
        ),
    ),
)
