"""What is long: payloads that would make a page too heavy, and names that make a token long."""

import json

import pytest
from http_house import SYMBOL, executed, registered, server, submitted

from sot.adapters.http import pages

HEAVY = {"a": "x" * 900}
NAME = "n" * 255
TRADE = {"type": "TRADE", "venue": "SIMULATED", "last_quantity": "0.01", "last_price": "50000", "raw_payload": HEAVY}
COUNT = 60
LISTS = ("order-requests", "orders/{}/events", "orders/{}/timeline", "waiting-reports", "account-events")


@pytest.fixture
def heavy(client, monkeypatch):
    """Lists of many items with payloads, and room for few of them in a page; gives the order's id."""
    monkeypatch.setattr(pages, "MAX_PAGE_CHARACTERS", 20_000)
    monkeypatch.setattr("sot.adapters.http.routes.events.MAX_PAGE_CHARACTERS", 20_000)
    monkeypatch.setattr("sot.adapters.http.stream.MAX_PAGE_CHARACTERS", 20_000)
    order = executed(client, "own", price="40000")
    for number in range(COUNT):
        for name in ("own", "nobody"):
            client.post("/sot/reports", json={**TRADE, "client_order_id": name, "exec_id": f"t{number}"})
        submitted(client, f"r{number}", raw_payload=HEAVY)
        transfer = {
            "type": "TRANSFER", "venue": "SIMULATED", "symbol": SYMBOL, "quantity": "1", "cost": "5",
            "occurred_at": "2026-01-05T10:00:00Z", "raw_payload": HEAVY, "external_id": f"e{number}",
        }  # fmt: skip
        assert client.post("/sot/account-events", json=transfer).status_code == 201
    return order["order_id"]


def walked(client, path, size):
    """All items, and the lengths of the pages."""
    items, lengths, token = [], [], None
    while True:
        given = {"page_size": size} | ({"page_token": token} if token else {})
        page = client.get(f"/sot/{path}", params=given).json()
        items += page["data"]
        lengths.append(len(page["data"]))
        token = page["next_page_token"]
        if token is None:
            return items, lengths


def test_pages_of_long_items_are_short_and_the_whole(client, heavy, monkeypatch):
    for path in LISTS:
        told = {size: walked(client, path.format(heavy), size) for size in (1, 7, 500)}
        assert all(0 < length <= 25 for length in told[500][1]), path
        assert max(told[7][1]) == 7
        assert told[1][0] == told[7][0] == told[500][0]
        monkeypatch.setattr(pages, "MAX_PAGE_CHARACTERS", 10**9)
        assert walked(client, path.format(heavy), 500) == (told[1][0], [len(told[1][0])])
        monkeypatch.setattr(pages, "MAX_PAGE_CHARACTERS", 20_000)


def test_an_item_that_is_too_long_for_a_page_is_one(client, heavy, monkeypatch):
    monkeypatch.setattr(pages, "MAX_PAGE_CHARACTERS", 1)
    for path in LISTS:
        _, lengths = walked(client, path.format(heavy), 500)
        assert set(lengths) == {1}


def test_the_feed_of_long_events(client, heavy):
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
def test_tokens_of_long_names_are_taken_back(client, path):
    for number in range(3):
        executed(client, f"o{number}", strategy_code=f"{number}é{NAME[2:]}")
    pages_ = [client.get(f"/sot/{path}&page_size=1").json()]
    while pages_[-1]["next_page_token"]:
        pages_.append(client.get(f"/sot/{path}&page_size=1&page_token={pages_[-1]['next_page_token']}").json())
    assert len(pages_) == 3


def test_tokens_of_positions_with_the_longest_names(kept):
    client = registered(server(kept), symbol="s" * 255, venue=NAME)
    wide = "\N{MUSICAL SYMBOL G CLEF}" * 255
    for number in range(3):
        name = f"o{number}"
        request = submitted(client, name, venue=NAME, symbol="s" * 255, position_id=f"{number}" + wide[1:])
        client.post(f"/sot/order-requests/{request['id']}/sent")
        trade = {**TRADE, "venue": NAME, "client_order_id": name, "exec_id": name, "last_quantity": "1"}
        assert client.post("/sot/reports", json=trade).json()["order_id"]
    for path in ("positions", "round-trips"):
        items, lengths = walked(client, path, 1)
        assert (len(items), lengths) == (3, [1, 1, 1])


def test_a_comparison_asks_the_venue_about_so_many_symbols(client):
    asked = []
    client.venue.open_orders = lambda *args, **named: asked.append(args)
    symbols = [f"S{number}" for number in range(1_001)]
    answer = client.post("/sot/reconciliations", json={"symbols": symbols}, headers={"Idempotency-Key": "1"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/symbols")
    assert not asked
