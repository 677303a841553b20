"""Every list that can grow has pages, and its pages are complete."""

import pytest
from http_client import SYMBOL, execute_intent, read_problem, submit_intent
from operations import OPERATIONS, sample_request
from raw_http import in_process_client
from sample_accounts import TickingClock, fill_account, make_venue

from sot.adapters.http import Settings, create_app
from sot.adapters.http.app import openapi_document
from sot.adapters.memory import MemoryStore
from sot.testing.fakes import CountedIds

WITHOUT_PAGES = {
    "getInstrument": "the versions of one symbol are few",
    "listEvents": "its cursor replaces page tokens",
}


def response_schema(operation):
    """The schema of a successful response."""
    content = operation.raw["responses"]["200"].get("content", {}).get("application/json")
    if content is None:
        return {}
    schema = content["schema"]
    return (
        openapi_document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    )


LISTS = [
    operation
    for operation in OPERATIONS.values()
    if operation.method == "GET" and "data" in response_schema(operation).get("properties", {})
]
PAGED = [operation for operation in LISTS if operation.name not in WITHOUT_PAGES]


@pytest.fixture(scope="module")
def account_client():
    store = MemoryStore(TickingClock(), CountedIds())
    venue = make_venue(store.clock)
    account = fill_account(store, venue, "alpha", 713_713)
    settings = Settings(page_secret=b"of this store", refusal_seconds=0)
    with in_process_client(create_app(store, venue, settings=settings)) as client:
        yield client, account, store.horizon()


def test_the_lists_include_known_ones():
    assert len(LISTS) >= 14
    assert set(WITHOUT_PAGES) < {operation.name for operation in LISTS}


@pytest.mark.parametrize("operation", PAGED, ids=[operation.name for operation in PAGED])
@pytest.mark.parametrize("past", [False, True])
def test_the_pages_of_a_list_are_complete(operation, past, account_client):
    client, account, cursor = account_client
    target = sample_request(operation, account).target
    names = {field.name for field in operation.inputs}
    assert {"page_size", "page_token"} <= names, "a list without pages: add paging, or say above why it stays small"
    more = []
    if past and "as_of" in names:
        more.append(f"as_of={cursor}")
    if "by" in names:
        more.append("by=ORDER&by=SYMBOL")
    if "include_flat" in names:
        more.append("include_flat=true")

    def get(address):
        response = client.send("GET", address, account.headers, b"")
        assert response.status == 200, response.text
        return response

    def first_page(size):
        return target + ("&" if "?" in target else "?") + "&".join([f"page_size={size}", *more])

    expected = get(first_page(500)).json()["data"]
    assert expected
    for size in (1, 2):
        items, address = [], first_page(size)
        while address is not None:
            response = get(address)
            page = response.json()
            assert len(page["data"]) <= size
            items += page["data"]
            link = response.header("link")
            assert (link is None) == (page["next_page_token"] is None)
            address = None if link is None else link.partition("<")[2].partition(">")[0]
        assert items == expected


def test_a_page_without_busted_executions_may_be_empty(client):
    order = execute_intent(client, "o")
    path = f"/sot/orders/{order['order_id']}"
    for number in range(4):
        trade = {"type": "TRADE", "venue": "SIMULATED", "client_order_id": "o", "exec_id": f"E{number}"}
        client.post("/sot/reports", json={**trade, "last_quantity": "1", "last_price": "2"})
    for number in range(3):
        busted = {"type": "TRADE_CANCEL", "exec_id": f"X{number}", "exec_ref_id": f"E{number}"}
        client.post("/sot/reports", json={"venue": "SIMULATED", "client_order_id": "o", **busted})
    sizes, token = [], ""
    while token is not None:
        page = client.get(f"{path}/fills?page_size=1" + (f"&page_token={token}" if token else "")).json()
        sizes.append(len(page["data"]))
        token = page["next_page_token"]
    assert sizes == [1, 0, 0, 0, 1]


def test_a_mark_may_belong_to_a_position_on_another_page(client):
    for number in range(3):
        execute_intent(client, f"o{number}", position_id=f"p{number}")
    execute_intent(client, "flat", position_id="p0", side="SELL", price="40000")
    target = f"/sot/positions?page_size=1&mark={SYMBOL}=51000"
    first = client.get(target).json()
    assert [position["position_id"] for position in first["data"]] == ["p1"]
    rest = client.get(f"{target}&page_token={first['next_page_token']}").json()
    assert [(position["position_id"], position["unrealized"]) for position in rest["data"]] == [("p2", "1000")]
    assert rest["next_page_token"] is None
    unknown = client.get("/sot/positions?page_size=1&mark=ETH/USDT=1")
    assert read_problem(unknown)["errors"][0]["parameter"] == "mark"


def test_attributed_reports_do_not_shift_pages(client):
    def record_waiting(number):
        trade = {"type": "TRADE", "venue": "SIMULATED", "client_order_id": f"w{number}", "exec_id": "E"}
        return client.post("/sot/reports", json={**trade, "last_quantity": "1", "last_price": "2"})

    for number in range(4):
        assert record_waiting(number).json()["order_id"] is None
    first = client.get("/sot/waiting-reports?page_size=2").json()
    for number in (1, 2):
        client.post(f"/sot/order-requests/{submit_intent(client, f'w{number}')['id']}/sent")
    rest = client.get(f"/sot/waiting-reports?page_size=2&page_token={first['next_page_token']}").json()
    names = [item["report"]["client_order_id"] for page in (first, rest) for item in page["data"]]
    assert names == ["w0", "w1", "w3"]
