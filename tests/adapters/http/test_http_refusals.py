"""A refusal tells which field is wrong and what it may be: nothing else of the body, and nothing of the server."""

import pytest
from http_house import INTENT, SYMBOL, executed, key, problem, registered, server, submitted

from sot.adapters.venues.simulated import SimulatedVenue

OTHER = "01890a5d-ac96-774b-bcce-b302099a8057"
COIN = {"symbol": "own-symbol", "kind": "PERPETUAL", "base": "own-base", "quote": "own-quote", "venue": "own-venue"}
TRANSFER = {
    "type": "FEE_ADJUSTMENT", "venue": "own-venue", "amount": "1", "currency": "own-currency", "symbol": SYMBOL,
    "occurred_at": "2026-01-05T10:00:00Z", "external_id": "own-id", "reason": "own-reason",
}  # fmt: skip
NAMED = {
    **INTENT, "idempotency_key": "own-key", "client_order_id": "own-name", "source": "own-source",
    "strategy_code": "own-strategy", "tags": {"own-tag": "own-text"}, "raw_payload": "own-payload",
}  # fmt: skip

REFUSED = [
    ("instruments", {**COIN, "inverse": True, "settle": "wrong"}, 422, "#/settle"),
    ("instruments", {**COIN, "kind": "SPOT", "settle": "wrong"}, 422, "#/settle"),
    ("instruments", {**COIN, "kind": "SPOT", "inverse": True}, 422, "#/inverse"),
    ("instruments", {**COIN, "multiplier": "7"}, 409, None),
    ("order-requests", {**NAMED, "quantity": "2"}, 409, None),
    ("order-requests", {**NAMED, "idempotency_key": "own-other"}, 409, None),
    (
        "order-requests",
        {**NAMED, "client_order_id": "new", "idempotency_key": "new", "symbol": "wrong"},
        422,
        "#/symbol",
    ),
    (
        "order-requests",
        {**NAMED, "client_order_id": "new", "idempotency_key": "new", "venue": "own-venue"},
        422,
        "#/symbol",
    ),
    (
        "order-requests",
        {**NAMED, "retry_of": OTHER, "idempotency_key": "new", "client_order_id": "new"},
        422,
        "#/retry_of",
    ),
    ("order-requests", {**NAMED, "order_type": "STOP"}, 422, "#/stop_price"),
    ("order-requests", {**NAMED, "quote_quantity": "2"}, 422, "#/quantity"),
    (
        "order-requests",
        {"action": "CANCEL", "client_order_id": "own-new", "target_order_id": OTHER},
        422,
        "#/target_order_id",
    ),
    ("account-events", {**TRANSFER, "replaces": OTHER}, 422, "#/replaces"),
    ("account-events", {**TRANSFER, "cost": "1"}, 422, "#/cost"),
]


@pytest.mark.parametrize(("path", "body", "status", "pointer"), REFUSED, ids=range(len(REFUSED)))
def test_nothing_else_of_the_body_is_told(client, path, body, status, pointer):
    assert client.post("/sot/instruments", json=COIN).status_code == 201
    assert client.post("/sot/order-requests", json=NAMED).status_code == 201
    response = client.post(f"/sot/{path}", json=body)
    assert response.status_code == status, response.text
    assert [one["pointer"] for one in problem(response).get("errors", [])] == ([pointer] if pointer else [])
    for told in ("own-", "wrong", body.get("symbol", "own-")):
        assert told not in response.text


def test_the_servers_account_at_the_venue_is_its_own(kept):
    venue = SimulatedVenue(prices={SYMBOL: "50000"})
    venue.venue_account = "secret-account"
    client = registered(server(kept, venue=venue))
    request_id = submitted(client, "a", venue_account="theirs")["id"]
    executing = client.post(f"/sot/execute/{request_id}")
    comparing = client.post("/sot/reconciliations", json={"venue_account": "theirs"}, headers={"Idempotency-Key": "k"})
    assert problem(executing)["errors"][0]["parameter"] == "request_id"
    assert problem(comparing)["errors"][0]["pointer"] == "#/venue_account"
    for response in (executing, comparing):
        assert response.status_code == 422
        assert "secret-account" not in response.text and "theirs" not in response.text


def test_parameters_are_called_parameters(client):
    """What the history refuses of a path or a query is no field of a body that was never there."""
    order_id = executed(client, "a")["order_id"]
    for method, path, name in (
        ("GET", "/sot/positions?mark=XRP/USDT%3D1", "mark"),
        ("GET", f"/sot/orders/{order_id}?as_of=999999", "as_of"),
        ("GET", f"/sot/orders/{order_id}?happened_by=2999-01-01T00:00:00Z", "happened_by"),
    ):
        response = client.request(method, path)
        assert response.status_code in (400, 422), response.text
        assert [one["parameter"] for one in problem(response)["errors"]] == [name], response.text
    attributed = {"order_id": OTHER, "reason": "sent by hand"}
    response = client.post(f"/sot/orders/{order_id}/attribution", json={**attributed, "order_id": order_id})
    assert response.status_code == 422
    assert problem(response)["errors"][0] == {
        "parameter": "order_id", "detail": "order_id: give an order that no request of ours made"
    }  # fmt: skip


def test_the_facts_that_problems_promise_are_there(kept):
    client = registered(server(kept, keys=False, body_limit=200))
    too_large = client.post("/sot/order-requests", json={**NAMED, "raw_payload": "x" * 300})
    assert (too_large.status_code, too_large.json()["limit"]) == (413, 200)
    guarded = server(kept, keys=True)
    response = guarded.post("/sot/order-requests", json=NAMED, headers=key(kept, scopes=("READ",)))
    assert (response.status_code, response.json()["scope"]) == (403, "submit")


CHECK = {"rule_code": "a", "passed": True, "checked_at": "2026-01-05T10:00:00Z"}
INSIDE = [
    ({"context": []}, "#/context"),
    ({"context": {"market_snapshot": [1]}}, "#/context/market_snapshot"),
    ({"context": {"market_snapshot": {"decision_price": "x"}}}, "#/context/market_snapshot/decision_price"),
    ({"context": {"signal_strength": 1}}, "#/context/signal_strength"),
    ({"context": {"other": 1}}, "#/context/other"),
    ({"risk_checks": [CHECK, 1]}, "#/risk_checks/1"),
    ({"risk_checks": [CHECK, {}]}, "#/risk_checks/1/rule_code"),
    ({"risk_checks": [CHECK, {**CHECK, "passed": 1}]}, "#/risk_checks/1/passed"),
    ({"risk_checks": [CHECK, {**CHECK, "checked_at": "x"}]}, "#/risk_checks/1/checked_at"),
    ({"risk_checks": [CHECK, {**CHECK, "other": 1}]}, "#/risk_checks/1/other"),
]


@pytest.mark.parametrize(("part", "pointer"), INSIDE, ids=[pointer for _, pointer in INSIDE])
def test_a_field_inside_another_is_pointed_to_from_the_beginning(client, part, pointer):
    response = client.post("/sot/order-requests", json={**INTENT, "client_order_id": "a", **part})
    assert response.status_code == 422
    assert [one["pointer"] for one in problem(response)["errors"]] == [pointer]


FEE = {"amount": "1", "currency": "BNB"}
FEES = [
    ({"amount": 1}, "#/fees/1/amount"),
    ({"amount": "1"}, "#/fees/1/currency"),
    ({**FEE, "currency": 1}, "#/fees/1/currency"),
    ({**FEE, "other": 1}, "#/fees/1/other"),
    (1, "#/fees/1"),
]


@pytest.mark.parametrize(("fee", "pointer"), FEES, ids=range(len(FEES)))
def test_which_fee_is_wrong_is_told(client, fee, pointer):
    trade = {"type": "TRADE", "venue": "SIMULATED", "client_order_id": "a", "exec_id": "1", "fees": [FEE, fee]}
    response = client.post("/sot/reports", json={**trade, "last_quantity": "1", "last_price": "1"})
    assert response.status_code == 422
    assert [one["pointer"] for one in problem(response)["errors"]] == [pointer]
