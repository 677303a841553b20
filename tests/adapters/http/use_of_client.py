"""What a program does with a generated client; run where that can be imported, with the server's address and a key."""

import importlib
import pkgutil
import sys
from datetime import UTC, datetime
from enum import Enum
from uuid import UUID, uuid4

import sot_client
from sot_client import AuthenticatedClient, Client
from sot_client.api.execution import execute_request
from sot_client.api.orders import get_events, get_order, get_pnl, get_timeline, list_orders
from sot_client.api.requests import submit_request
from sot_client.models import (
    EventPage,
    EventType,
    Order,
    OrderPage,
    OrderStatus,
    OrderType,
    Pnl,
    Problem,
    ProblemCode,
    RecordedReport,
    Request,
    RequestStatus,
    Side,
    SubmitRequestBody,
    TimeInForce,
    TimelinePage,
)

ADDRESS, TOKEN, *VOCABULARIES = sys.argv[1:]
CLIENT = AuthenticatedClient(base_url=ADDRESS, token=TOKEN, raise_on_unexpected_status=True)


def everything_loads() -> None:
    found = set()
    for module in pkgutil.walk_packages(sot_client.__path__, "sot_client."):
        loaded = importlib.import_module(module.name)
        found |= {
            cls.__name__
            for cls in vars(loaded).values()
            if isinstance(cls, type) and issubclass(cls, Enum) and cls.__module__.startswith("sot_client.models")
        }
    assert sorted(found) == sorted(VOCABULARIES), "one class for each vocabulary"


def submitted(name: str) -> Request:
    body = SubmitRequestBody(
        client_order_id=name,
        symbol="BTC/USDT",
        side=Side.BUY,
        order_type=OrderType.LIMIT,
        quantity="0.5",
        limit_price="50000",
        time_in_force=TimeInForce.GTC,
    )
    response = submit_request.sync_detailed(client=CLIENT, body=body, idempotency_key=name)
    assert isinstance(response.parsed, Request), response
    assert (response.status_code, response.headers["location"]) == (201, f"/sot/order-requests/{response.parsed.id}")
    return response.parsed


def an_order_is_submitted_executed_and_read() -> UUID:
    request = submitted("first")
    assert (request.status, request.side, request.quantity) == (RequestStatus.PENDING, Side.BUY, "0.5")
    assert (request.recorded_at.tzinfo, request.recorded_at < datetime.now(UTC)) == (UTC, True)
    assert submitted("first").id == request.id, "the same again is the same"
    done = execute_request.sync(request.id, client=CLIENT)
    assert isinstance(done, Order)
    assert (done.status, done.request_id, done.cum_quantity) == (OrderStatus.FILLED, request.id, "0.5")
    read = get_order.sync(done.order_id, client=CLIENT)
    assert read == done
    return done.order_id


def its_story_is_typed(order_id: UUID) -> None:
    events = get_events.sync(order_id, client=CLIENT, page_size=500)
    assert isinstance(events, EventPage)
    trade = next(event for event in events.data if event.type_ is EventType.TRADE)
    assert isinstance(trade.report, RecordedReport)
    assert (trade.report.last_quantity, trade.fact) == ("0.5", None)
    timeline = get_timeline.sync(order_id, client=CLIENT)
    assert isinstance(timeline, TimelinePage)
    assert timeline.data[-1].status is OrderStatus.FILLED
    pnl = get_pnl.sync(order_id, client=CLIENT, mark="50100")
    assert isinstance(pnl, Pnl)
    assert (pnl.mark, pnl.currency, pnl.rates.additional_properties) == ("50100", "USDT", {})


def orders_are_listed(order_id: UUID) -> None:
    for status, expected in ((OrderStatus.FILLED, [order_id]), (OrderStatus.REJECTED, [])):
        page = list_orders.sync(client=CLIENT, status=[status, OrderStatus.EXPIRED], symbol="BTC/USDT", is_open=False)
        assert isinstance(page, OrderPage)
        assert ([order.order_id for order in page.data], page.next_page_token) == (expected, None)
    then = datetime(2000, 1, 1, tzinfo=UTC)
    page = list_orders.sync(client=CLIENT, created_before=then)
    assert isinstance(page, OrderPage) and page.data == []


def problems_are_typed(order_id: UUID) -> None:
    missing = get_order.sync(uuid4(), client=CLIENT)
    assert isinstance(missing, Problem)
    assert (missing.code, missing.status, missing.type_) == (ProblemCode.NOT_FOUND, 404, "/sot/problems/not-found")
    body = SubmitRequestBody(client_order_id="second", symbol="BTC/USDT", side=Side.BUY, quantity="half")
    invalid_fields = submit_request.sync(client=CLIENT, body=body)
    assert (
        isinstance(invalid_fields, Problem)
        and invalid_fields.code is ProblemCode.INVALID_INPUT
        and invalid_fields.errors
    )
    assert invalid_fields.errors[0].pointer == "#/quantity"
    with AuthenticatedClient(base_url=ADDRESS, token="nobody's") as nobody:
        refused = get_order.sync(order_id, client=nobody)
    assert isinstance(refused, Problem) and refused.code is ProblemCode.NOT_AUTHENTICATED
    with Client(base_url=ADDRESS) as anybody:
        page = anybody.get_httpx_client().get(missing.type_)
    assert (page.status_code, "What belongs to an account" in page.text) == (200, True)


everything_loads()
with CLIENT:
    FILLED = an_order_is_submitted_executed_and_read()
    its_story_is_typed(FILLED)
    orders_are_listed(FILLED)
    problems_are_typed(FILLED)
