"""Use a generated client, which must be importable.

Arguments: the URL of the server, a key, and the names of the expected enumerations.
"""

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


def check_enumerations() -> None:
    found = set()
    for module in pkgutil.walk_packages(sot_client.__path__, "sot_client."):
        loaded = importlib.import_module(module.name)
        found |= {
            cls.__name__
            for cls in vars(loaded).values()
            if isinstance(cls, type) and issubclass(cls, Enum) and cls.__module__.startswith("sot_client.models")
        }
    assert sorted(found) == sorted(VOCABULARIES), "one class for each vocabulary"


def submit(name: str) -> Request:
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


def execute_order() -> UUID:
    request = submit("first")
    assert (request.status, request.side, request.quantity) == (RequestStatus.PENDING, Side.BUY, "0.5")
    assert (request.recorded_at.tzinfo, request.recorded_at < datetime.now(UTC)) == (UTC, True)
    assert submit("first").id == request.id, "a repeat returns the same request"
    executed = execute_request.sync(request.id, client=CLIENT)
    assert isinstance(executed, Order)
    assert (executed.status, executed.request_id, executed.cum_quantity) == (OrderStatus.FILLED, request.id, "0.5")
    read = get_order.sync(executed.order_id, client=CLIENT)
    assert read == executed
    return executed.order_id


def check_events(order_id: UUID) -> None:
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


def check_lists(order_id: UUID) -> None:
    for status, expected in ((OrderStatus.FILLED, [order_id]), (OrderStatus.REJECTED, [])):
        page = list_orders.sync(client=CLIENT, status=[status, OrderStatus.EXPIRED], symbol="BTC/USDT", is_open=False)
        assert isinstance(page, OrderPage)
        assert ([order.order_id for order in page.data], page.next_page_token) == (expected, None)
    then = datetime(2000, 1, 1, tzinfo=UTC)
    page = list_orders.sync(client=CLIENT, created_before=then)
    assert isinstance(page, OrderPage) and page.data == []


def check_problems(order_id: UUID) -> None:
    missing = get_order.sync(uuid4(), client=CLIENT)
    assert isinstance(missing, Problem)
    assert (missing.code, missing.status, missing.type_) == (ProblemCode.NOT_FOUND, 404, "/sot/problems/not-found")
    body = SubmitRequestBody(client_order_id="second", symbol="BTC/USDT", side=Side.BUY, quantity="half")
    invalid = submit_request.sync(client=CLIENT, body=body)
    assert isinstance(invalid, Problem) and invalid.code is ProblemCode.INVALID_INPUT and invalid.errors
    assert invalid.errors[0].pointer == "#/quantity"
    with AuthenticatedClient(base_url=ADDRESS, token="nobody's") as nobody:
        refused = get_order.sync(order_id, client=nobody)
    assert isinstance(refused, Problem) and refused.code is ProblemCode.NOT_AUTHENTICATED
    with Client(base_url=ADDRESS) as anybody:
        page = anybody.get_httpx_client().get(missing.type_)
    assert (page.status_code, "What belongs to an account" in page.text) == (200, True)


check_enumerations()
with CLIENT:
    ORDER_ID = execute_order()
    check_events(ORDER_ID)
    check_lists(ORDER_ID)
    check_problems(ORDER_ID)
