"""Every list that can grow comes in pages, and its pages are the whole."""

import pytest
from furnished import TickingClock, a_venue, furnish
from http_house import SYMBOL, executed, problem, submitted
from operations import OPERATIONS, usual
from wires import wired

from sot.adapters.http import Settings, create_app
from sot.adapters.http.app import openapi_document
from sot.adapters.memory import MemoryStore
from sot.testing.fakes import CountedIds

SMALL = {
    "getInstrument": "the versions of one symbol, each registered by a person",
    "listEvents": "its cursor is what pages have elsewhere",
}


def shape_of(operation):
    """The schema of a successful answer."""
    content = operation.raw["responses"]["200"].get("content", {}).get("application/json")
    if content is None:
        return {}
    schema = content["schema"]
    return (
        openapi_document()["components"]["schemas"][schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    )


LISTS = [one for one in OPERATIONS.values() if one.method == "GET" and "data" in shape_of(one).get("properties", {})]
PAGED = [one for one in LISTS if one.name not in SMALL]


@pytest.fixture(scope="module")
def house():
    store = MemoryStore(TickingClock(), CountedIds())
    venue = a_venue(store.clock)
    account = furnish(store, venue, "alpha", 713_713)
    settings = Settings(page_secret=b"of this store", refusal_seconds=0)
    with wired(create_app(store, venue, settings=settings)) as wire:
        yield wire, account, store.horizon()


def test_all_lists_are_found():
    assert len(LISTS) >= 14
    assert set(SMALL) < {one.name for one in LISTS}


@pytest.mark.parametrize("operation", PAGED, ids=[one.name for one in PAGED])
@pytest.mark.parametrize("past", [False, True])
def test_the_pages_of_a_list_are_the_whole(operation, past, house):
    wire, account, cursor = house
    target = usual(operation, account).target
    names = {place.name for place in operation.places}
    assert {"page_size", "page_token"} <= names, "a list without pages: give it some, or say above why it stays small"
    more = []
    if past and "as_of" in names:
        more.append(f"as_of={cursor}")
    if "by" in names:
        more.append("by=ORDER&by=SYMBOL")
    if "include_flat" in names:
        more.append("include_flat=true")

    def asked(address):
        got = wire.ask("GET", address, account.headers, b"")
        assert got.status == 200, got.text
        return got

    def of_size(size):
        return target + ("&" if "?" in target else "?") + "&".join([f"page_size={size}", *more])

    whole = asked(of_size(500)).json()["data"]
    assert whole
    for size in (1, 2):
        found, address = [], of_size(size)
        while address is not None:
            got = asked(address)
            part = got.json()
            assert len(part["data"]) <= size
            found += part["data"]
            link = got.header("link")
            assert (link is None) == (part["next_page_token"] is None)
            address = None if link is None else link.partition("<")[2].partition(">")[0]
        assert found == whole


def test_a_page_without_busted_executions_may_be_empty(client):
    order = executed(client, "o")
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


def test_a_price_may_be_of_a_position_on_another_page(client):
    for number in range(3):
        executed(client, f"o{number}", position_id=f"p{number}")
    executed(client, "flat", position_id="p0", side="SELL", price="40000")
    target = f"/sot/positions?page_size=1&mark={SYMBOL}=51000"
    first = client.get(target).json()
    assert [held["position_id"] for held in first["data"]] == ["p1"]
    rest = client.get(f"{target}&page_token={first['next_page_token']}").json()
    assert [(held["position_id"], held["unrealized"]) for held in rest["data"]] == [("p2", "1000")]
    assert rest["next_page_token"] is None
    unknown = client.get("/sot/positions?page_size=1&mark=ETH/USDT=1")
    assert problem(unknown)["errors"][0]["parameter"] == "mark"


def test_reports_that_find_their_order_leave_the_pages_in_place(client):
    def waiting(number):
        trade = {"type": "TRADE", "venue": "SIMULATED", "client_order_id": f"w{number}", "exec_id": "E"}
        return client.post("/sot/reports", json={**trade, "last_quantity": "1", "last_price": "2"})

    for number in range(4):
        assert waiting(number).json()["order_id"] is None
    first = client.get("/sot/waiting-reports?page_size=2").json()
    for number in (1, 2):
        client.post(f"/sot/order-requests/{submitted(client, f'w{number}')['id']}/sent")
    rest = client.get(f"/sot/waiting-reports?page_size=2&page_token={first['next_page_token']}").json()
    names = [one["report"]["client_order_id"] for page in (first, rest) for one in page["data"]]
    assert names == ["w0", "w1", "w3"]
