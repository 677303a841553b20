"""Requests and responses of the first service keep working, except that an intent needs a key."""

from decimal import Decimal

import pytest
from http_client import SYMBOL, read_problem

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


def test_fields_of_the_first_service_are_read(client, request_id):
    request = client.get(f"/sot/order-requests/{request_id}").json()
    assert request["limit_price"] == "51000"
    assert (request["account_id"], request["venue"]) == ("default", "SIMULATED")
    assert (request["source"], request["strategy_code"], request["requested_by"]) == ("spreadsheet", "carry", "trader")
    assert request["status"] == "PENDING"


def test_fields_of_the_first_service_are_returned(client, request_id):
    response = client.post(f"/sot/execute/{request_id}?market_price=51000")
    assert response.status_code == 200
    order_id = response.json()["order_id"]
    order = client.get(f"/sot/orders/{order_id}").json()
    assert (order["order_id"], order["status"], order["exchange"]) == (order_id, "FILLED", "SIMULATED")
    assert order["created_at"].endswith("Z")
    pnl = client.get(f"/sot/orders/{order_id}/pnl").json()
    assert (Decimal(pnl["realized_pnl"]), Decimal(pnl["cost_basis"])) == (1000, 50000)
    assert pnl["calculated_at"].endswith("Z")


def test_an_intent_needs_a_key(client):
    response = client.post("/sot/order-requests", json=BODY)
    assert response.status_code == 400
    assert read_problem(response)["code"] == "idempotency-key-missing"


def test_pnl_without_a_snapshot(client, request_id):
    order_id = client.post(f"/sot/execute/{request_id}").json()["order_id"]
    response = client.get(f"/sot/orders/{order_id}/pnl")
    assert response.status_code == 404
    assert read_problem(response)["code"] == "no-snapshot"
    computed = client.get(f"/sot/orders/{order_id}/pnl?mark=50010").json()
    assert computed["realized_pnl"] == "10"
    assert client.get(f"/sot/orders/{order_id}/pnl").status_code == 404
    assert client.post(f"/sot/orders/{order_id}/marks", json={"mark": "50020"}).status_code == 200
    assert client.get(f"/sot/orders/{order_id}/pnl").json()["realized_pnl"] == "20"


def test_price_and_limit_price_exclude_each_other(client):
    both = {**BODY, "limit_price": "51000"}
    response = client.post("/sot/order-requests", json=both, headers={"Idempotency-Key": "x"})
    assert response.status_code == 422
    assert read_problem(response)["errors"][0]["pointer"] == "#/price"
