"""Orders and what is known of each: events, executions, costs, profit and loss."""

from decimal import Decimal
from hashlib import sha256
from typing import Any

from sot.adapters.http import parameters as given
from sot.adapters.http.asked import Asked
from sot.adapters.http.refusals import InvalidParameter, NoSnapshot
from sot.adapters.http.route import Answer, Link, Route, Told, Work
from sot.adapters.http.wire import etag_of
from sot.application.queries.timeline import TimelineEntry
from sot.application.views.orders import costs_view, event_view, fill_view, order_view, pnl_view
from sot.application.views.records import event_record
from sot.domain.orders.event import OrderEvent
from sot.domain.orders.fill import Fill
from sot.domain.orders.order import Order
from sot.domain.values import fields
from sot.domain.values.vocabulary import AccessScope, OrderStatus
from sot.ports.orders import OrderFilter
from sot.ports.paging import Stretch


def told_order(order: Order) -> dict[str, Any]:
    """An order as it is told; `exchange` is what earlier services called the venue."""
    return {**order_view(order), "exchange": order.venue}


def _order(asked: Asked) -> Answer:
    order = asked.told.order(asked.order_id)
    return Answer(body={**told_order(order), **asked.moment}, etag=etag_of(order))


def _orders(asked: Asked) -> Answer:
    query = asked.query
    wanted = OrderFilter(
        account_id=asked.account_id,
        statuses=query.get("status", ()),
        venue=query.get("venue"),
        symbol=query.get("symbol"),
        strategy_code=query.get("strategy_code"),
        identifier=query.get("identifier"),
        is_open=query.get("is_open"),
        in_doubt=query.get("in_doubt"),
        created_from=query.get("created_from"),
        created_before=query.get("created_before"),
    )
    page = asked.told.orders(wanted, asked.after, asked.page_size)
    return asked.page([told_order(order) for order in page.items], page.next)


def _events(asked: Asked) -> Answer:
    told = asked.told
    order = told.order(asked.order_id)

    def read(after: int | None, size: int) -> Stretch[OrderEvent, int]:
        left = order.last_sequence - (after or 0)
        events = told.events(order.order_id, after or 0, min(size, left)) if left > 0 else ()
        return Stretch(events, events[-1].sequence if left > size and events else None)

    page = asked.weighed(read, asked.after_number, event_record)
    return asked.page(list(page.items), page.next, etag_of(order))


def _timeline(asked: Asked) -> Answer:
    told = asked.told
    order = told.order(asked.order_id)

    def read(after: int | None, size: int) -> Stretch[TimelineEntry, int]:
        return told.timeline_page(order.order_id, after or 0, size)

    page = asked.weighed(read, asked.after_number, event_view)
    return asked.page(list(page.items), page.next, etag_of(order))


def _fills(asked: Asked) -> Answer:
    order = asked.told.order(asked.order_id)
    page = asked.told.fills_page(order.order_id, asked.after_number, asked.page_size)
    return asked.page([_fill(fill) for fill in page.items], page.next, etag_of(order))


def _fill(fill: Fill) -> dict[str, Any]:
    """Nanoseconds have more digits than many readers of JSON keep of a number."""
    nanoseconds = fill.venue_time_ns
    return {**fill_view(fill), "venue_time_ns": None if nanoseconds is None else str(nanoseconds)}


def _costs(asked: Asked) -> Answer:
    costs = costs_view(asked.told.costs(asked.order_id), asked.query.get("rate", {}))
    return Answer(body={**costs, **asked.moment}, etag=_digest(costs))


def _digest(said: object) -> str:
    """An entity tag of what is said, where more than an order's events decides it, such as a new instrument."""
    return f'"{sha256(repr(said).encode()).hexdigest()[:16]}"'


def mark_of(asked: Asked) -> Decimal | None:
    """The price that was given, under either name. Raises: InvalidParameter: under both."""
    query = asked.query
    if "mark" in query and "market_price" in query:
        raise InvalidParameter("market_price", "give the price once: as mark or as market_price")
    price: Decimal | None = query.get("mark", query.get("market_price"))
    return price


def _pnl(asked: Asked) -> Answer:
    mark, rates, order_id = mark_of(asked), asked.query.get("rate", {}), asked.order_id
    if mark is None and rates:
        raise InvalidParameter("rate", "give it together with a mark: a snapshot has its own rates")
    pnl = asked.told.pnl(order_id, mark, rates)
    if pnl is None:
        raise NoSnapshot("No profit and loss of this order was recorded yet; give a mark to have it computed.")
    view = pnl_view(pnl)
    assert view is not None
    said = {"order_id": order_id, **view, "realized_pnl": view["net"]}
    etag = _digest(said) if mark is None else None  # what is computed now has the time of now in it
    return Answer(body={**said, **asked.moment}, etag=etag)


_LEADS_ON = tuple(
    Link(to=to, parameter="order_id", field="order_id")
    for to in ("getEvents", "getFills", "getCosts", "getPnl", "getTimeline", "requestCancel", "recordMark")
)


def _about_one(name: str, part: str, summary: str, handler: Any, told: Told, *more: Any, about: str = "") -> Route:
    return Route(
        name=name,
        method="GET",
        path=f"/sot/orders/{{order_id}}{part}",
        summary=summary,
        about=about,
        tag="Orders",
        work=Work.READ,
        scope=AccessScope.READ,
        handler=handler,
        query=(*more, *given.PAST),
        told={200: told},
        conditional=True,
        brief=not part,
    )


ROUTES = (
    Route(
        name="listOrders",
        method="GET",
        path="/sot/orders",
        summary="List orders, oldest first",
        about=(
            "Pages do not shift while orders come in. Within an account each filter by itself finds its orders among "
            "any number of others; of several filters one is looked up, and what it finds is looked through. With "
            "`as_of` or `happened_by` orders are found by what they were then; such a list looks at each order."
        ),
        tag="Orders",
        work=Work.READ,
        scope=AccessScope.READ,
        handler=_orders,
        query=(
            given.ACCOUNT,
            given.several("status", fields.word(OrderStatus), "With this status."),
            given.VENUE,
            given.SYMBOL,
            given.STRATEGY,
            given.one("identifier", fields.NAME, "Known by this client or venue order id, present or past."),
            given.flag("is_open", "Whether more may execute."),
            given.flag("in_doubt", "Whether an outcome is unknown."),
            given.one("created_from", fields.TIME, "Recorded at or after this time."),
            given.one("created_before", fields.TIME, "Recorded before this time."),
            *given.PAST,
            *given.PAGING,
        ),
        told={200: Told(about="A page of orders.", shape="OrderPage", headers=("Link",))},
    ),
    _about_one(
        "getOrder",
        "",
        "Look at an order",
        _order,
        Told(about="The order.", shape="Order", links=_LEADS_ON),
    ),
    _about_one(
        "getEvents",
        "/events",
        "List an order's events, as they are kept",
        _events,
        Told(about="A page of events, by sequence.", shape="EventPage", headers=("Link",)),
        *given.PAGING,
        about="`body` is the canonical form that `hash` is the SHA-256 of; each event has the hash of the one before.",
    ),
    _about_one(
        "getTimeline",
        "/timeline",
        "Read an order's story: each event with what it changed",
        _timeline,
        Told(about="A page of the events, by sequence.", shape="TimelinePage", headers=("Link",)),
        *given.PAGING,
        about=(
            "A page costs the same wherever it begins, but for one that has a VOIDED or an ATTRIBUTED: that costs what "
            "recording it did, which looked at the whole order."
        ),
    ),
    _about_one(
        "getFills",
        "/fills",
        "List the executions that hold",
        _fills,
        Told(
            about="A page of the executions, in the order in which they were first stated.",
            shape="FillPage",
            headers=("Link",),
        ),
        *given.PAGING,
        about="Busted ones are left out, so that a page may be short, or empty, while there are more.",
    ),
    _about_one(
        "getCosts",
        "/costs",
        "What an order's executions cost",
        _costs,
        Told(about="Fees, notionals, slippage; rates in basis points.", shape="Costs"),
        given.RATE,
    ),
    _about_one(
        "getPnl",
        "/pnl",
        "An order's profit and loss",
        _pnl,
        Told(about="At the mark that was given, or the latest recorded snapshot.", shape="Pnl"),
        given.MARK,
        given.MARKET_PRICE,
        given.RATE,
        about=(
            "Without a mark it is the latest recorded snapshot; if there is none yet, the answer is 404 with the type "
            "`no-snapshot`. `realized_pnl` is the same as `net`, as earlier services called it."
        ),
    ),
)
