"""Lists, pages, the past, entity tags, accounting, corrections, findings, proofs."""

import base64
from decimal import Decimal
from itertools import pairwise

import pytest
from http_client import SYMBOL, execute_intent, make_client, read_problem, register_instrument, submit_intent

from sot.accounting import Quote, RateSource
from sot.testing.fakes import CountedIds, ManualClock


@pytest.fixture
def orders(client):
    """Seven orders; those with even numbers are filled."""
    register_instrument(client, symbol="ETH/USDT", base="ETH")
    return [
        execute_intent(
            client, f"o{number}", price="50000" if number % 2 == 0 else "40000", strategy_code=f"s{number % 3}"
        )
        for number in range(7)
    ]


def read_pages(client, query="", size=2, path="orders"):
    """All items of a list, read by the Link headers, and the number of pages."""
    address, items, pages = f"/sot/{path}?page_size={size}&{query}", [], 0
    while address:
        response = client.get(address)
        assert response.status_code == 200, response.text
        items += response.json()["data"]
        pages += 1
        link = response.headers.get("link")
        assert (link is None) == (response.json()["next_page_token"] is None)
        address = None if link is None else link.partition("<")[2].partition(">")[0]
    return items, pages


def test_pages_are_complete(client, orders):
    items, pages = read_pages(client)
    assert (
        items
        == client.get("/sot/orders").json()["data"]
        == [client.get(f"/sot/orders/{o['order_id']}").json() for o in orders]
    )
    assert pages == 4


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("status=FILLED", [0, 2, 4, 6]),
        ("status=FILLED&status=NEW", range(7)),
        ("status=CANCELED", []),
        ("is_open=true", [1, 3, 5]),
        ("is_open=false", [0, 2, 4, 6]),
        ("in_doubt=true", []),
        ("strategy_code=s1", [1, 4]),
        ("strategy_code=s1&is_open=true", [1]),
        (f"symbol={SYMBOL}", range(7)),
        ("symbol=ETH/USDT", []),
        ("venue=SIMULATED", range(7)),
        ("venue=OTHER", []),
        ("identifier=o3", [3]),
        ("account_id=default", range(7)),
        ("account_id=other", []),
        ("created_from=2000-01-01T00:00:00Z", range(7)),
        ("created_before=2000-01-01T00:00:00%2B02:00", []),
    ],
)
def test_filters(client, orders, query, numbers):
    items, _ = read_pages(client, query)
    assert [item["client_order_id"] for item in items] == [f"o{number}" for number in numbers]


def test_the_identifier_filter(client, orders):
    (order,) = client.get(f"/sot/orders?identifier={orders[2]['venue_order_id']}").json()["data"]
    assert order["order_id"] == orders[2]["order_id"]


@pytest.mark.parametrize("path", ["orders", "order-requests"])
@pytest.mark.parametrize("query", ["", f"&symbol={SYMBOL}", "&strategy_code=s1", "&as_of={horizon}"])
def test_newest_first_the_list_is_the_same_backwards(client, orders, store, path, query):
    query = query.format(horizon=store.horizon())
    newest, pages = read_pages(client, "newest_first=true" + query, path=path)
    oldest, _ = read_pages(client, "newest_first=false" + query, path=path)
    assert newest == oldest[::-1] == client.get(f"/sot/{path}?page_size=500{query}").json()["data"][::-1]
    assert (len(newest), pages) == ((2, 1) if "s1" in query else (7, 4))
    assert read_problem(client.get(f"/sot/{path}?newest_first=1"))["errors"][0]["parameter"] == "newest_first"


def test_newest_first_later_orders_are_not_on_further_pages(client, orders):
    first = client.get("/sot/orders?newest_first=true&page_size=4").json()
    execute_intent(client, "later")
    second = client.get(f"/sot/orders?newest_first=true&page_size=4&page_token={first['next_page_token']}").json()
    assert [order["client_order_id"] for order in (*first["data"], *second["data"])] == [
        f"o{n}" for n in range(6, -1, -1)
    ]
    assert second["next_page_token"] is None


@pytest.mark.parametrize("path", ["orders", "order-requests"])
def test_a_token_is_bound_to_the_order_of_its_list(client, orders, path):
    for issued, used in (("true", "false"), ("false", "true")):
        token = client.get(f"/sot/{path}?page_size=2&newest_first={issued}").json()["next_page_token"]
        assert client.get(f"/sot/{path}?newest_first={issued}&page_token={token}").status_code == 200
        response = client.get(f"/sot/{path}?newest_first={used}&page_token={token}")
        assert (response.status_code, read_problem(response)["code"]) == (400, "invalid-page-token")


def test_pages_do_not_shift(client, orders):
    first = client.get("/sot/orders?page_size=4").json()
    execute_intent(client, "later")
    second = client.get(f"/sot/orders?page_size=4&page_token={first['next_page_token']}").json()
    assert [order["client_order_id"] for order in second["data"]] == ["o4", "o5", "o6", "later"]


def test_a_token_is_bound_to_its_list(client, orders):
    token = client.get("/sot/orders?page_size=2&is_open=true").json()["next_page_token"]
    assert client.get(f"/sot/orders?is_open=true&page_token={token}").status_code == 200
    events = f"/sot/orders/{orders[0]['order_id']}/events"
    other = client.get(f"{events}?page_size=1").json()["next_page_token"]
    invalid = [token[:-1] + ("A" if token[-1] != "A" else "B"), token[1:], token + "A", "x", "====", "a" * 200, other]
    paths = [f"/sot/orders?is_open=true&page_token={bad}" for bad in invalid]
    paths += [
        f"/sot/orders?page_token={token}",
        f"/sot/orders?is_open=false&page_token={token}",
        f"/sot/orders?is_open=true&symbol=x&page_token={token}",
        f"/sot/orders?is_open=true&account_id=default&page_token={token}",
        f"/sot/order-requests?page_token={token}",
        f"/sot/orders/{orders[1]['order_id']}/events?page_token={other}",
    ]
    for path in paths:
        response = client.get(path)
        assert (response.status_code, read_problem(response)["code"]) == (400, "invalid-page-token"), path


def test_page_tokens_need_the_same_secret(store, client, orders):
    token = client.get("/sot/orders?page_size=2").json()["next_page_token"]
    assert make_client(store).get(f"/sot/orders?page_token={token}").status_code == 400
    one, other = (make_client(store, page_secret=b"the same") for _ in range(2))
    token = one.get("/sot/orders?page_size=2").json()["next_page_token"]
    assert other.get(f"/sot/orders?page_token={token}").status_code == 200


def test_page_tokens_are_safe_in_urls(client, orders):
    token = client.get("/sot/orders?page_size=2").json()["next_page_token"]
    assert base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    assert set("+/=&? ").isdisjoint(token)


def test_pages_of_events(client, orders):
    path = f"/sot/orders/{orders[0]['order_id']}/events"
    expected = client.get(path).json()["data"]
    token, items = "", []
    while token is not None:
        page = client.get(f"{path}?page_size=2" + (f"&page_token={token}" if token else "")).json()
        items, token = items + page["data"], page["next_page_token"]
    assert items == expected
    assert [event["sequence"] for event in expected] == list(range(1, len(expected) + 1))
    for earlier, later in pairwise(expected):
        assert later["prev_hash"] == earlier["hash"]


def test_other_lists(client, orders):
    register_instrument(client, "other")
    for number in range(3):
        submit_intent(client, f"r{number}", strategy_code="waits")
        event = {
            "type": "INTEREST",
            "venue": "SIMULATED",
            "amount": f"{number + 1}",
            "currency": "USDT",
            "occurred_at": "2026-01-05T10:00:00Z",
        }
        assert client.post("/sot/account-events", json=event).status_code == 201
    for path, count in (("order-requests?strategy_code=waits&", 3), ("account-events?type=INTEREST&", 3)):
        items, token = [], ""
        while token is not None:
            page = client.get(f"/sot/{path}page_size=2" + (f"&page_token={token}" if token else "")).json()
            items, token = items + page["data"], page["next_page_token"]
        assert len(items) == count
    versions = client.get(f"/sot/instruments?venue=SIMULATED&symbol={SYMBOL}").json()["data"]
    assert [version["base"] for version in versions] == ["BTC"]
    assert client.get("/sot/instruments?venue=SIMULATED&symbol=NO").json()["data"] == []


PARTS = ["", "/events", "/timeline", "/fills", "/costs", "/pnl"]


@pytest.mark.parametrize("part", PARTS)
def test_if_none_match(client, orders, part):
    path = f"/sot/orders/{orders[0]['order_id']}"
    client.post(f"{path}/marks", json={"mark": "50001"})
    path += part
    tag = client.get(path).headers["etag"]
    assert not tag.startswith("W/")
    for header in (tag, f'"x", {tag}', f"W/{tag}", "*"):
        response = client.get(path, headers={"If-None-Match": header})
        assert (response.status_code, response.headers["etag"]) == (304, tag)
    assert client.head(path, headers={"If-None-Match": tag}).status_code == 304
    for header in ('"x"', "", "x", tag.strip('"'), tag[:-2] + '"'):
        assert client.get(path, headers={"If-None-Match": header}).status_code == 200
    client.post(f"/sot/orders/{orders[0]['order_id']}/marks", json={"mark": "50002"})
    if part != "/costs":
        assert client.get(path, headers={"If-None-Match": tag}).status_code == 200


def test_the_entity_tag_is_the_head_of_the_chain(client, orders):
    path = f"/sot/orders/{orders[0]['order_id']}"
    last = client.get(f"{path}/events").json()["data"][-1]
    assert client.get(path).headers["etag"] == f'"{last["sequence"]}-{last["hash"][:16]}"'


def test_the_entity_tag_of_a_request_changes(client):
    request = submit_intent(client, "a")
    path = f"/sot/order-requests/{request['id']}"
    tags = [client.get(path).headers["etag"]]
    client.post(f"{path}/risk-checks", json={"rule_code": "x", "passed": True})
    tags.append(client.get(path).headers["etag"])
    client.post(f"/sot/execute/{request['id']}")
    tags.append(client.get(path).headers["etag"])
    assert len(set(tags)) == 3


def test_as_of(client, orders):
    order = orders[0]
    path = f"/sot/orders/{order['order_id']}"
    cursors = [
        item["cursor"]
        for item in client.get("/sot/events?page_size=500").json()["data"]
        if item["event"]["order_id"] == order["order_id"]
    ]
    past = client.get(f"{path}?as_of={cursors[1]}")
    assert (past.json()["status"], past.json()["cum_quantity"]) == ("PENDING_NEW", "0")
    assert past.json()["as_of"] == {"known_at": cursors[1], "happened_by": None, "exact": True}
    assert past.headers["etag"] != client.get(path).headers["etag"]
    assert "as_of" not in client.get(path).json()
    assert len(client.get(f"{path}/events?as_of={cursors[1]}").json()["data"]) == 2
    assert len(client.get(f"{path}/timeline?as_of={cursors[1]}").json()["data"]) == 2
    assert client.get(f"{path}/fills?as_of={cursors[1]}").json()["data"] == []
    assert client.get(f"{path}/costs?as_of={cursors[1]}").json()["quantity"] == "0"
    assert client.get(f"{path}/pnl?as_of={cursors[1]}&mark=1").json()["net"] == "0"
    assert client.get(f"/sot/positions?as_of={cursors[1]}").json()["data"] == []
    assert client.get(f"/sot/orders?as_of={cursors[1]}").json()["data"][0]["status"] == "PENDING_NEW"
    assert len(client.get(f"/sot/orders?as_of={cursors[1]}").json()["data"]) == 1
    assert client.get(f"{path}?as_of={cursors[0] - 1}").status_code == 404


def test_a_request_as_of_a_cursor(client):
    request = submit_intent(client, "a")
    path = f"/sot/order-requests/{request['id']}"
    cursor = client.post("/sot/checkpoints", headers={"Idempotency-Key": "s"}).json()["checkpoint"]["upto"]
    client.post(f"{path}/risk-checks", json={"rule_code": "x", "passed": True})
    client.post(f"/sot/execute/{request['id']}")
    assert client.get(path).json()["status"] == "EXECUTED"
    past = client.get(f"{path}?as_of={cursor}").json()
    assert {**request, "as_of": {"known_at": cursor, "happened_by": None, "exact": True}} == past
    assert client.get(f"/sot/order-requests?as_of={cursor}").json()["data"] == [request]
    assert client.get(f"{path}?as_of={cursor - 1}").status_code == 404


def test_happened_by(make_store):
    clock = ManualClock()
    client = register_instrument(make_client(make_store("memory", clock, CountedIds()), venue=False), venue="V")
    request = submit_intent(client, "a", venue="V")
    client.post(f"/sot/order-requests/{request['id']}/sent", json={"occurred_at": "2026-01-05T09:00:00Z"})
    trade = {
        "type": "TRADE",
        "venue": "V",
        "client_order_id": "a",
        "exec_id": "1",
        "last_quantity": "1",
        "last_price": "50000",
        "occurred_at": "2026-01-05T09:30:00Z",
    }
    order_id = client.post("/sot/reports", json=trade).json()["order_id"]
    past = client.get(f"/sot/orders/{order_id}?happened_by=2026-01-05T09:15:00Z").json()
    assert (past["status"], past["as_of"]["happened_by"]) == ("PENDING_NEW", "2026-01-05T09:15:00.000000Z")
    assert client.get(f"/sot/orders/{order_id}").json()["status"] == "FILLED"


def test_accounting(client, orders):
    execute_intent(client, "sell", side="SELL", quantity="2", price="40000")
    (position,) = client.get(f"/sot/positions?mark={SYMBOL}=51000&method=FIFO").json()["data"]
    assert (position["quantity"], position["unrealized"], position["method"]) == ("2", "2000", "FIFO")
    (row,) = client.get("/sot/pnl?by=STRATEGY&by=SYMBOL").json()["data"][:1]
    assert "strategy_code" in row
    (costs,) = client.get("/sot/costs").json()["data"]
    assert costs["orders"] == 8
    trips = client.get("/sot/round-trips").json()["data"]
    assert (trips[0]["side"], trips[0]["duration"]) == ("LONG", None)
    unknown = client.get("/sot/positions?mark=ETH/USDT=1")
    assert (unknown.status_code, read_problem(unknown)["errors"][0]["parameter"]) == (400, "mark")


def test_results_name_the_symbols_that_are_not_registered(client, orders):
    trade = {"type": "TRADE", "venue": "SIMULATED", "symbol": "ODD", "side": "BUY", "adopt": True, "exec_id": "1"}
    trade |= {"venue_order_id": "odd", "last_quantity": "1", "last_price": "5", "occurred_at": "2026-01-05T09:30:00Z"}
    assert client.post("/sot/reports", json=trade).is_success
    left_out = {"venue": "SIMULATED", "symbol": "ODD", "executions": 1, "account_events": 0}
    for path in ("/sot/pnl", "/sot/pnl?by=ORDER&page_size=1", "/sot/round-trips"):
        (symbol,) = client.get(path).json()["unregistered"]
        assert left_out.items() < symbol.items() and symbol["remedy"].startswith("Register the instrument ODD")
    register_instrument(client, symbol="ODD")
    assert client.get("/sot/pnl").json()["unregistered"] == []
    assert "unregistered" not in client.get("/sot/costs").json()


def test_days_of_a_time_zone(client):
    interest = {"type": "INTEREST", "venue": "SIMULATED", "amount": "5", "currency": "USDT"}
    assert client.post("/sot/account-events", json={**interest, "occurred_at": "2026-01-05T23:30:00Z"}).is_success
    day = lambda zone: client.get(f"/sot/pnl?by=DAY{zone}").json()["data"][0]["day"]  # noqa: E731
    assert (day(""), day("&time_zone=Asia/Tokyo"), day("&time_zone=UTC")) == ("2026-01-05", "2026-01-06", "2026-01-05")
    for path in ("pnl", "costs"):
        unknown = client.get(f"/sot/{path}?time_zone=Mars/Base")
        assert (unknown.status_code, read_problem(unknown)["errors"][0]["parameter"]) == (400, "time_zone")


def test_figures_in_a_reporting_currency(make_store):
    class HalfOfEverything(RateSource):
        def quote(self, currency, into, at):
            return Quote(Decimal("0.5"), at, (f"{currency}/{into}",)) if into == "EUR" else None

    client = register_instrument(make_client(make_store("memory"), venue=False, rates=HalfOfEverything()), venue="V")
    trade = {"type": "TRADE", "venue": "V", "symbol": SYMBOL, "last_quantity": "2"}
    for number, (side, price) in enumerate((("BUY", "100"), ("SELL", "120"))):
        names = {"client_order_id": side, "exec_id": side, "side": side, "last_price": price}
        request = submit_intent(client, side, side=side, quantity="2", venue="V")
        client.post(f"/sot/order-requests/{request['id']}/sent")
        report = {**trade, **names, "occurred_at": f"2026-01-05T09:30:0{number}Z"}
        assert client.post("/sot/reports", json=report).is_success
    (row,) = client.get("/sot/pnl?in_currency=EUR").json()["data"]
    assert (row["currency"], row["realized_gross"], row["currency_gain"], row["complete"]) == ("EUR", "20", "0", True)
    (row,) = client.get("/sot/pnl?in_currency=EUR&rate=USDT/EUR=0.25").json()["data"]
    assert (row["realized_gross"], "quoted_at" in row["conversions"][0]) == ("10", False)
    (row,) = client.get("/sot/costs?in_currency=EUR").json()["data"]
    assert (row["currency"], row["notional"]) == ("EUR", "220")
    (row,) = client.get(f"/sot/positions?in_currency=EUR&include_flat=true&mark={SYMBOL}=1").json()["data"]
    assert (row["currency"], row["reporting"]["currency"], row["reporting"]["realized_net"]) == ("USDT", "EUR", "20")
    (row,) = client.get("/sot/pnl?in_currency=CHF").json()["data"]
    assert (row["realized_gross"], row["unvalued_results"], row["complete"]) == ("0", {"USDT": "40"}, False)
    assert "reporting" not in client.get("/sot/positions?include_flat=true").json()["data"][0]


def test_balances(client, orders):
    rows = client.get("/sot/balances").json()["data"]
    btc, usdt = rows
    assert (btc["asset"], btc["negative"], btc["complete"]) == ("BTC", False, True)
    assert (usdt["asset"], usdt["negative"]) == ("USDT", True)
    assert {part["source"] for part in usdt["parts"]} <= {"TRADE", "FEE"}
    first = client.get("/sot/balances?page_size=1").json()
    assert first["data"] == [btc]
    assert client.get(f"/sot/balances?page_size=1&page_token={first['next_page_token']}").json()["data"] == [usdt]
    assert client.get("/sot/balances?asset=USDT").json()["data"] == [usdt]
    assert client.get("/sot/balances?venue_account=other").json()["data"] == []
    assert client.get("/sot/balances?venue_account=").json()["data"] == rows
    assert client.get("/sot/balances?asset=").status_code == 400


def test_the_duration_of_a_round_trip_is_exact(make_store):
    client = register_instrument(make_client(make_store("memory"), venue=False), venue="V")
    for side, name, time in (("BUY", "a", "09:30:00"), ("SELL", "b", "09:30:01.5")):
        request = submit_intent(client, name, venue="V", side=side)
        client.post(f"/sot/order-requests/{request['id']}/sent")
        trade = {
            "type": "TRADE",
            "venue": "V",
            "client_order_id": name,
            "exec_id": name,
            "last_quantity": "1",
            "last_price": "1",
            "occurred_at": f"2026-01-05T{time}Z",
        }
        assert client.post("/sot/reports", json=trade).status_code == 200
    (trip,) = client.get("/sot/round-trips").json()["data"]
    assert trip["duration"] == "1.5"


def test_corrections(client, orders):
    order = orders[0]
    path = f"/sot/orders/{order['order_id']}"
    trade = next(event for event in client.get(f"{path}/events").json()["data"] if event["type"] == "TRADE")
    voided = client.post(f"{path}/voids", json={"sequence": trade["sequence"], "reason": "not ours"}).json()
    assert voided["type"] == "VOIDED"
    assert client.get(f"{path}/fills").json()["data"] == []
    invalid = client.post(f"{path}/resolution", json={"reason": "?"})
    assert (invalid.status_code, read_problem(invalid)["order_status"]) == (409, "NEW")
    other = client.post(f"{path}/attribution", json={"order_id": orders[1]["order_id"], "reason": "?"})
    assert other.status_code == 422


def test_findings(client):
    """An order at the venue that is not in the history is a finding, which a person closes."""
    from sot.domain.orders.request import OrderRequest

    external = OrderRequest(
        account_id="default",
        client_order_id="by-hand",
        venue="SIMULATED",
        symbol=SYMBOL,
        side="BUY",
        order_type="LIMIT",
        quantity="1",
        limit_price="40000",
    )
    client.venue.submit(external)
    run = client.post("/sot/reconciliations", headers={"Idempotency-Key": "1"}).json()
    assert (run["agrees"], run["opened"]) == (False, 1)
    (finding,) = client.get("/sot/findings?is_open=true&mismatch=MISSING_LOCAL").json()["data"]
    assert finding == run["findings"][0]
    path = f"/sot/findings/{finding['record_id']}"
    tag = client.get(path).headers["etag"]
    for replayed in (None, "true"):
        closed = client.post(f"{path}/acceptance", json={"reason": "sent by hand"})
        assert (closed.status_code, closed.headers.get("idempotency-replayed")) == (200, replayed)
        assert closed.json()["resolution"]["resolution"] == "ACCEPTED"
    assert client.get(path).headers["etag"] != tag
    assert client.post(f"{path}/acceptance", json={"reason": "otherwise"}).status_code == 409
    assert client.get("/sot/findings?is_open=true").json()["data"] == []
    assert client.get(f"/sot/findings/{run['run_id']}").status_code == 404


def test_healing(client):
    from sot.domain.orders.request import OrderRequest

    external = OrderRequest(
        account_id="default",
        client_order_id="by-hand",
        venue="SIMULATED",
        symbol=SYMBOL,
        side="BUY",
        order_type="LIMIT",
        quantity="1",
        limit_price="60000",
    )
    client.venue.submit(external)
    run = client.post(
        "/sot/reconciliations", json={"heal": True, "symbols": [SYMBOL]}, headers={"Idempotency-Key": "1"}
    ).json()
    assert (run["agrees"], run["findings"]) == (True, [])
    (order,) = client.get("/sot/orders?identifier=by-hand").json()["data"]
    assert (order["request_id"], order["status"]) == (None, "FILLED")
    events = client.get(f"/sot/orders/{order['order_id']}/events").json()["data"]
    assert all(event["trace"].startswith("request=") for event in events)


def test_the_command_line_accepts_a_proof(client, orders, tmp_path):
    import json

    from typer.testing import CliRunner

    from sot.entrypoints.app import app

    unsealed = client.get(f"/sot/proof?kind=EVENT&key={orders[0]['order_id']}&number=2")
    assert unsealed.status_code == 404
    client.post("/sot/checkpoints", headers={"Idempotency-Key": "1"})
    proof = client.get(f"/sot/proof?kind=EVENT&key={orders[0]['order_id']}&number=2")
    assert proof.status_code == 200
    checkpoints = client.get("/sot/checkpoints").json()["data"]
    (tmp_path / "proof.json").write_text(proof.text)
    copies = [
        json.dumps({name: value for name, value in checkpoint.items() if value is not None})
        for checkpoint in checkpoints
    ]
    (tmp_path / "checkpoints.jsonl").write_text("\n".join(copies) + "\n")
    result = CliRunner().invoke(
        app, ["prove", "--check", f"{tmp_path}/proof.json", "--against", f"{tmp_path}/checkpoints.jsonl"]
    )
    assert result.exit_code == 0, result.output
    for query in (
        "kind=EVENT&key=x",
        "kind=REQUEST&key=x&number=1",
        "key=x",
        "kind=EVENT",
        "kind=event&key=x&number=1",
    ):
        assert client.get(f"/sot/proof?{query}").status_code == 400
    other = client.get(f"/sot/proof?kind=EVENT&key={orders[0]['order_id']}&number=2&account_id=other")
    assert other.status_code == 404
