"""Every operation that reads supports `as_of` and `happened_by`."""

import pytest
from http_client import SYMBOL, execute_intent, make_client, read_problem, register_instrument, submit_intent

from sot.adapters.http.routes import ROUTES
from sot.application.support import paging
from sot.domain.values.vocabulary import AccessScope
from sot.testing.fakes import CountedIds, ManualClock

WITHOUT_PAST = {"listEvents", "streamEvents", "prove"}
"""The feed, whose cursors are the points in time, and proofs, which never change."""


def test_every_read_operation_supports_the_past():
    read = [route for route in ROUTES if route.method == "GET" and route.tag != "Server"]
    assert {route.name for route in read if "as_of" not in route.parameter_names} == WITHOUT_PAST
    for route in read:
        assert route.scope is AccessScope.READ
        names = route.parameter_names
        assert ("as_of" in names) == ("happened_by" in names), route.name


@pytest.fixture
def stages(client, store):
    """The stages of a history: each cursor with the responses of all addresses at that time."""
    from sot.domain.orders.request import OrderRequest

    register_instrument(client, symbol="ETH/USDT", base="ETH")
    stages = []
    addresses = [
        "/sot/pnl?by=SYMBOL",
        "/sot/pnl?by=DAY&by=ORDER&by=STRATEGY&method=FIFO",
        "/sot/costs?by=ORDER",
        "/sot/round-trips?",
        "/sot/positions?include_flat=true",
        "/sot/balances?",
        "/sot/account-events?",
        "/sot/findings?",
        "/sot/findings?is_open=true",
        "/sot/waiting-reports?",
        "/sot/orders?",
        "/sot/order-requests?",
        f"/sot/instruments?venue=SIMULATED&symbol={SYMBOL}",
    ]

    def add_stage():
        stages.append((store.horizon(), {address: client.get(address).json() for address in addresses}))

    add_stage()
    execute_intent(client, "buy", price="50000", strategy_code="carry")
    add_stage()
    waiting = {"type": "TRADE", "venue": "SIMULATED", "client_order_id": "late", "exec_id": "L", "last_quantity": "1"}
    assert client.post("/sot/reports", json={**waiting, "last_price": "1"}).status_code == 200
    add_stage()
    funding = {"type": "FUNDING", "venue": "SIMULATED", "symbol": SYMBOL, "amount": "-1", "currency": "USDT"}
    event = {**funding, "occurred_at": "2026-01-05T09:00:00Z"}
    assert client.post("/sot/account-events", json=event).status_code == 201
    add_stage()
    execute_intent(client, "sell", side="SELL", price="40000")
    add_stage()
    execute_intent(client, "late", price="40000")
    add_stage()
    client.venue.submit(
        OrderRequest(
            account_id="default",
            client_order_id="by-hand",
            venue="SIMULATED",
            symbol=SYMBOL,
            side="BUY",
            order_type="LIMIT",
            quantity="1",
            limit_price="40000",
        )
    )
    client.post("/sot/reconciliations", headers={"Idempotency-Key": "1"})
    add_stage()
    for finding in client.get("/sot/findings?is_open=true").json()["data"]:
        client.post(f"/sot/findings/{finding['record_id']}/acceptance", json={"reason": "sent by hand"})
    add_stage()
    return stages


def test_lists_as_of_a_cursor_equal_the_earlier_responses(client, stages):
    assert len({cursor for cursor, _ in stages}) == len(stages)
    texts = [str(responses) for _, responses in stages]
    assert len(set(texts)) == len(texts), "each stage changes something"
    for cursor, responses in stages:
        for address, expected in responses.items():
            past = client.get(f"{address}&as_of={cursor}").json()
            assert past.pop("as_of") == {"known_at": cursor, "happened_by": None, "exact": True}
            assert past == expected, (address, cursor)


def test_a_finding_is_open_until_it_was_closed(client, stages):
    (finding,) = stages[-2][1]["/sot/findings?is_open=true"]["data"][:1]
    path = f"/sot/findings/{finding['record_id']}"
    past = client.get(f"{path}?as_of={stages[-2][0]}")
    assert {**finding, "as_of": {"known_at": stages[-2][0], "happened_by": None, "exact": True}} == past.json()
    now = client.get(path)
    assert now.json()["resolution"]["resolution"] == "ACCEPTED"
    assert past.headers["etag"] != now.headers["etag"]
    assert client.get(f"{path}?as_of={stages[-3][0]}").status_code == 404


def test_pages_of_the_past_are_complete(client, stages):
    cursor = stages[-1][0]
    for name in ("findings", "account-events", "order-requests"):
        address, items = f"/sot/{name}?page_size=1&as_of={cursor}", []
        while address:
            page = client.get(address)
            items += page.json()["data"]
            link = page.headers.get("link")
            address = None if link is None else link.partition("<")[2].partition(">")[0]
        assert items == client.get(f"/sot/{name}?as_of={cursor}").json()["data"]
        assert items, name


def test_checkpoints_as_of_a_cursor_seal_nothing_later(client, stages):
    sealed = client.post("/sot/checkpoints", headers={"Idempotency-Key": "2"}).json()["checkpoint"]
    address = "/sot/checkpoints?as_of={}"
    assert client.get(address.format(sealed["upto"])).json()["data"] == [sealed]
    assert client.get(address.format(sealed["upto"] - 1)).json()["data"] == []
    assert client.get("/sot/checkpoints?happened_by=2020-01-01T00:00:00Z").json()["data"] == []


def test_results_by_time_of_event_and_by_time_of_recording(make_store):
    """The sale is reported late: results by its time include it, results by what was known do not."""
    client = register_instrument(make_client(make_store("memory", ManualClock(), CountedIds()), venue=False), venue="V")
    for side, name, time, price in (("BUY", "a", "08:30", "100"), ("SELL", "b", "09:30", "110")):
        request = submit_intent(client, name, venue="V", side=side)
        client.post(f"/sot/order-requests/{request['id']}/sent", json={"occurred_at": "2026-01-05T08:00:00Z"})
        trade = {
            "type": "TRADE",
            "venue": "V",
            "client_order_id": name,
            "exec_id": name,
            "last_quantity": "1",
            "last_price": price,
            "occurred_at": f"2026-01-05T{time}:00Z",
        }
        cursor = client.get("/sot/events").json()["next_cursor"]
        assert client.post("/sot/reports", json=trade).status_code == 200

    def net(query):
        return [row["realized_net"] for row in client.get(f"/sot/pnl?{query}").json()["data"]]

    assert net("") == net("happened_by=2026-01-05T09:30:00Z") == ["10"]
    assert net("happened_by=2026-01-05T09:00:00Z") == net(f"as_of={cursor}") == ["0"]
    assert net("happened_by=2026-01-05T08:00:00Z") == []
    assert len(client.get("/sot/round-trips?happened_by=2026-01-05T09:00:00Z").json()["data"]) == 1
    invalid = client.get("/sot/pnl?as_of=99999")
    assert (invalid.status_code, read_problem(invalid)["errors"][0]["parameter"]) == (400, "as_of")


@pytest.mark.parametrize("path", ["order-requests", "orders"])
def test_a_page_of_the_past_examines_a_limited_number_of_rows(path, client, store, monkeypatch):
    names = [f"r{number}" for number in range(5)]
    for name in names:
        execute_intent(client, name, price="40000")
    query = {"as_of": store.horizon(), "page_size": 50}
    monkeypatch.setattr(paging, "PRESENT_ITEMS_PER_PAST_PAGE", 2)
    pages, token = [], None
    while not pages or token is not None:
        more = {} if token is None else {"page_token": token}
        page = client.get(f"/sot/{path}", params={**query, **more}).json()
        pages.append([item["client_order_id"] for item in page["data"]])
        token = page["next_page_token"]
    assert pages == [names[:2], names[2:4], names[4:]]
