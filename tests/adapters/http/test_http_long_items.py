"""Long payloads make short pages, and long names make long page tokens."""

import json

import pytest
from http_client import SYMBOL, execute_intent, make_client, register_instrument, submit_intent

from sot.adapters.http import pages

LONG_PAYLOAD = {"a": "x" * 900}
NAME = "n" * 255
TRADE = {
    "type": "TRADE",
    "venue": "SIMULATED",
    "last_quantity": "0.01",
    "last_price": "50000",
    "raw_payload": LONG_PAYLOAD,
}
COUNT = 60
LISTS = ("order-requests", "orders/{}/events", "orders/{}/timeline", "waiting-reports", "account-events")


@pytest.fixture
def order_id(client, monkeypatch):
    """The id of an order, in a history with lists of long items, of which few fit in a page."""
    monkeypatch.setattr(pages, "MAX_PAGE_CHARACTERS", 20_000)
    monkeypatch.setattr("sot.adapters.http.routes.events.MAX_PAGE_CHARACTERS", 20_000)
    monkeypatch.setattr("sot.adapters.http.stream.MAX_PAGE_CHARACTERS", 20_000)
    order = execute_intent(client, "own", price="40000")
    for number in range(COUNT):
        for name in ("own", "nobody"):
            client.post("/sot/reports", json={**TRADE, "client_order_id": name, "exec_id": f"t{number}"})
        submit_intent(client, f"r{number}", raw_payload=LONG_PAYLOAD)
        transfer = {
            "type": "TRANSFER", "venue": "SIMULATED", "symbol": SYMBOL, "quantity": "1", "cost": "5",
            "occurred_at": "2026-01-05T10:00:00Z", "raw_payload": LONG_PAYLOAD, "external_id": f"e{number}",
        }  # fmt: skip
        assert client.post("/sot/account-events", json=transfer).status_code == 201
    return order["order_id"]


def read_pages(client, path, size):
    """All items, and the lengths of the pages."""
    items, lengths, token = [], [], None
    while True:
        query = {"page_size": size} | ({"page_token": token} if token else {})
        page = client.get(f"/sot/{path}", params=query).json()
        items += page["data"]
        lengths.append(len(page["data"]))
        token = page["next_page_token"]
        if token is None:
            return items, lengths


def test_pages_of_long_items_are_short_and_complete(client, order_id, monkeypatch):
    for path in LISTS:
        results = {size: read_pages(client, path.format(order_id), size) for size in (1, 7, 500)}
        assert all(0 < length <= 25 for length in results[500][1]), path
        assert max(results[7][1]) == 7
        assert results[1][0] == results[7][0] == results[500][0]
        monkeypatch.setattr(pages, "MAX_PAGE_CHARACTERS", 10**9)
        assert read_pages(client, path.format(order_id), 500) == (results[1][0], [len(results[1][0])])
        monkeypatch.setattr(pages, "MAX_PAGE_CHARACTERS", 20_000)


def test_an_item_above_the_limit_has_its_own_page(client, order_id, monkeypatch):
    monkeypatch.setattr(pages, "MAX_PAGE_CHARACTERS", 1)
    for path in LISTS:
        _, lengths = read_pages(client, path.format(order_id), 500)
        assert set(lengths) == {1}


def test_the_feed_of_long_events(client, order_id):
    cursors, after = [], 0
    while True:
        page = client.get("/sot/events", params={"page_size": 500, "after": after}).json()
        if not page["data"]:
            break
        assert len(page["data"]) <= 25
        cursors += [item["cursor"] for item in page["data"]]
        after = page["next_cursor"]
    assert len(cursors) == len(set(cursors)) == COUNT + 3
    streamed = client.get("/sot/events/stream").text
    ids = [json.loads(line[6:])["cursor"] for line in streamed.splitlines() if line.startswith("data: ")]
    assert ids == cursors[: len(ids)]
    assert 0 < len(ids) <= 25


@pytest.mark.parametrize("path", ["pnl?by=STRATEGY&by=ORDER&by=DAY&by=SYMBOL", "costs?by=STRATEGY&by=ORDER"])
def test_page_tokens_with_long_names_are_accepted(client, path):
    for number in range(3):
        execute_intent(client, f"o{number}", strategy_code=f"{number}é{NAME[2:]}")
    pages_ = [client.get(f"/sot/{path}&page_size=1").json()]
    while pages_[-1]["next_page_token"]:
        pages_.append(client.get(f"/sot/{path}&page_size=1&page_token={pages_[-1]['next_page_token']}").json())
    assert len(pages_) == 3


def test_page_tokens_with_the_longest_names_are_accepted(store):
    client = register_instrument(make_client(store), symbol="s" * 255, venue=NAME)
    wide = "\N{MUSICAL SYMBOL G CLEF}" * 255
    for number in range(3):
        name = f"o{number}"
        request = submit_intent(client, name, venue=NAME, symbol="s" * 255, position_id=f"{number}" + wide[1:])
        client.post(f"/sot/order-requests/{request['id']}/sent")
        trade = {**TRADE, "venue": NAME, "client_order_id": name, "exec_id": name, "last_quantity": "1"}
        assert client.post("/sot/reports", json=trade).json()["order_id"]
    for path in ("positions", "round-trips"):
        items, lengths = read_pages(client, path, 1)
        assert (len(items), lengths) == (3, [1, 1, 1])


def test_a_reconciliation_has_at_most_a_thousand_symbols(client):
    queries = []
    client.venue.open_orders = lambda *args, **named: queries.append(args)
    symbols = [f"S{number}" for number in range(1_001)]
    response = client.post("/sot/reconciliations", json={"symbols": symbols}, headers={"Idempotency-Key": "1"})
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, "#/symbols")
    assert not queries
