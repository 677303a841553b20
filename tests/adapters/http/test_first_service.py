"""What clients of the first service sent and read works as it is, but that a repeat has to be recognisable."""

from decimal import Decimal

import pytest
from http_house import SYMBOL, problem

BODY = {
    "source": "spreadsheet",
    "symbol": SYMBOL,
    "side": "BUY",
    "order_type": "LIMIT",
    "quantity": "1",
    "price": "51000",
    "strategy_code": "carry",
    "requested_by": "trader",
}


@pytest.fixture
def request_id(client):
    response = client.post("/sot/order-requests", json=BODY, headers={"Idempotency-Key": "row-7"})
    assert response.status_code == 201
    return response.json()["id"]


def test_its_fields_are_read(client, request_id):
    told = client.get(f"/sot/order-requests/{request_id}").json()
    assert told["limit_price"] == "51000"
    assert (told["account_id"], told["venue"]) == ("default", "SIMULATED")
    assert (told["source"], told["strategy_code"], told["requested_by"]) == ("spreadsheet", "carry", "trader")
    assert told["status"] == "PENDING"


def test_its_answers_are_there(client, request_id):
    executed = client.post(f"/sot/execute/{request_id}?market_price=51000")
    assert executed.status_code == 200
    order_id = executed.json()["order_id"]
    order = client.get(f"/sot/orders/{order_id}").json()
    assert (order["order_id"], order["status"], order["exchange"]) == (order_id, "FILLED", "SIMULATED")
    assert order["created_at"].endswith("Z")
    pnl = client.get(f"/sot/orders/{order_id}/pnl").json()
    assert (Decimal(pnl["realized_pnl"]), Decimal(pnl["cost_basis"])) == (1000, 50000)
    assert pnl["calculated_at"].endswith("Z")


def test_without_any_key_a_repeat_could_not_be_recognised(client):
    response = client.post("/sot/order-requests", json=BODY)
    assert response.status_code == 400
    assert problem(response)["code"] == "idempotency-key-missing"


def test_no_snapshot_yet(client, request_id):
    order_id = client.post(f"/sot/execute/{request_id}").json()["order_id"]
    response = client.get(f"/sot/orders/{order_id}/pnl")
    assert response.status_code == 404
    assert problem(response)["code"] == "no-snapshot"
    computed = client.get(f"/sot/orders/{order_id}/pnl?mark=50010").json()
    assert computed["realized_pnl"] == "10"
    assert client.get(f"/sot/orders/{order_id}/pnl").status_code == 404
    assert client.post(f"/sot/orders/{order_id}/marks", json={"mark": "50020"}).status_code == 200
    assert client.get(f"/sot/orders/{order_id}/pnl").json()["realized_pnl"] == "20"


def test_one_price_once(client):
    both = {**BODY, "limit_price": "51000"}
    response = client.post("/sot/order-requests", json=both, headers={"Idempotency-Key": "x"})
    assert response.status_code == 422
    assert problem(response)["errors"][0]["pointer"] == "#/price"
