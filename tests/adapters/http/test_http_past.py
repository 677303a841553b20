"""Everything that is read can be asked of a past moment."""

import pytest
from http_house import SYMBOL, executed, problem, registered, server, submitted

from sot.adapters.http.route import TransactionMode
from sot.adapters.http.routes import ROUTES
from sot.application.support import paging
from sot.domain.values.vocabulary import AccessScope
from sot.testing.fakes import CountedIds, ManualClock

NO_PAST = {"listEvents", "streamEvents", "prove"}
"""The feed, whose cursors the moments are, and what stays as it is."""


def test_whatever_is_read_has_a_past():
    read = [route for route in ROUTES if route.method == "GET" and route.transaction is not TransactionMode.NONE]
    assert {route.name for route in read if "as_of" not in {one.name for one in route.query}} == NO_PAST
    for route in read:
        assert route.scope is AccessScope.READ
        names = {one.name for one in route.query}
        assert ("as_of" in names) == ("happened_by" in names), route.name


@pytest.fixture
def story(client, kept):
    """What can be read, told bit by bit: the addresses, and the cursors with what they gave then."""
    from sot.domain.orders.request import OrderRequest

    registered(client, symbol="ETH/USDT", base="ETH")
    seen = []
    addresses = [
        "/sot/pnl?by=SYMBOL",
        "/sot/pnl?by=DAY&by=ORDER&by=STRATEGY&method=FIFO",
        "/sot/costs?by=ORDER",
        "/sot/round-trips?",
        "/sot/positions?include_flat=true",
        "/sot/account-events?",
        "/sot/findings?",
        "/sot/findings?is_open=true",
        "/sot/waiting-reports?",
        "/sot/orders?",
        "/sot/order-requests?",
        f"/sot/instruments?venue=SIMULATED&symbol={SYMBOL}",
    ]

    def look():
        seen.append((kept.horizon(), {address: client.get(address).json() for address in addresses}))

    look()
    executed(client, "buy", price="50000", strategy_code="carry")
    look()
    waiting = {"type": "TRADE", "venue": "SIMULATED", "client_order_id": "late", "exec_id": "L", "last_quantity": "1"}
    assert client.post("/sot/reports", json={**waiting, "last_price": "1"}).status_code == 200
    look()
    funding = {"type": "FUNDING", "venue": "SIMULATED", "symbol": SYMBOL, "amount": "-1", "currency": "USDT"}
    said = {**funding, "occurred_at": "2026-01-05T09:00:00Z"}
    assert client.post("/sot/account-events", json=said).status_code == 201
    look()
    executed(client, "sell", side="SELL", price="40000")
    look()
    executed(client, "late", price="40000")
    look()
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
    look()
    for found in client.get("/sot/findings?is_open=true").json()["data"]:
        client.post(f"/sot/findings/{found['record_id']}/acceptance", json={"reason": "sent by hand"})
    look()
    return seen


def test_every_list_as_of_a_cursor_is_what_it_was(client, story):
    assert len({cursor for cursor, _ in story}) == len(story)
    told = [str(answers) for _, answers in story]
    assert len(set(told)) == len(told), "each step changes something"
    for cursor, answers in story:
        for address, then in answers.items():
            past = client.get(f"{address}&as_of={cursor}").json()
            assert past.pop("as_of") == {"known_at": cursor, "happened_by": None, "exact": True}
            assert past == then, (address, cursor)


def test_a_finding_was_open_until_it_was_closed(client, story):
    (found,) = story[-2][1]["/sot/findings?is_open=true"]["data"][:1]
    path = f"/sot/findings/{found['record_id']}"
    then = client.get(f"{path}?as_of={story[-2][0]}")
    assert {**found, "as_of": {"known_at": story[-2][0], "happened_by": None, "exact": True}} == then.json()
    now = client.get(path)
    assert now.json()["resolution"]["resolution"] == "ACCEPTED"
    assert then.headers["etag"] != now.headers["etag"]
    assert client.get(f"{path}?as_of={story[-3][0]}").status_code == 404


def test_pages_of_the_past_are_the_whole(client, story):
    cursor = story[-1][0]
    for name in ("findings", "account-events", "order-requests"):
        address, items = f"/sot/{name}?page_size=1&as_of={cursor}", []
        while address:
            page = client.get(address)
            items += page.json()["data"]
            link = page.headers.get("link")
            address = None if link is None else link.partition("<")[2].partition(">")[0]
        assert items == client.get(f"/sot/{name}?as_of={cursor}").json()["data"]
        assert items, name


def test_checkpoints_that_seal_nothing_later(client, story):
    sealed = client.post("/sot/checkpoints", headers={"Idempotency-Key": "2"}).json()["checkpoint"]
    address = "/sot/checkpoints?as_of={}"
    assert client.get(address.format(sealed["upto"])).json()["data"] == [sealed]
    assert client.get(address.format(sealed["upto"] - 1)).json()["data"] == []
    assert client.get("/sot/checkpoints?happened_by=2020-01-01T00:00:00Z").json()["data"] == []


def test_results_as_they_had_happened(make_store):
    """The sale is heard of late: by its time it is in the results, by what was known it is not."""
    client = registered(server(make_store("memory", ManualClock(), CountedIds()), venue=False), venue="V")
    for side, name, time, price in (("BUY", "a", "08:30", "100"), ("SELL", "b", "09:30", "110")):
        request = submitted(client, name, venue="V", side=side)
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

    def net(moment):
        return [row["realized_net"] for row in client.get(f"/sot/pnl?{moment}").json()["data"]]

    assert net("") == net("happened_by=2026-01-05T09:30:00Z") == ["10"]
    assert net("happened_by=2026-01-05T09:00:00Z") == net(f"as_of={cursor}") == ["0"]
    assert net("happened_by=2026-01-05T08:00:00Z") == []
    assert len(client.get("/sot/round-trips?happened_by=2026-01-05T09:00:00Z").json()["data"]) == 1
    refused = client.get("/sot/pnl?as_of=99999")
    assert (refused.status_code, problem(refused)["errors"][0]["parameter"]) == (400, "as_of")


@pytest.mark.parametrize("what", ["order-requests", "orders"])
def test_a_page_of_the_past_looks_at_so_much_and_no_more(what, client, kept, monkeypatch):
    names = [f"r{number}" for number in range(5)]
    for name in names:
        executed(client, name, price="40000")
    asked = {"as_of": kept.horizon(), "page_size": 50}
    monkeypatch.setattr(paging, "LOOKED_AT", 2)
    pages, token = [], None
    while not pages or token is not None:
        more = {} if token is None else {"page_token": token}
        page = client.get(f"/sot/{what}", params={**asked, **more}).json()
        pages.append([one["client_order_id"] for one in page["data"]])
        token = page["next_page_token"]
    assert pages == [names[:2], names[2:4], names[4:]]
