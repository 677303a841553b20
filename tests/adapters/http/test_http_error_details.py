"""An error names the field and what is allowed, nothing else of the body, and nothing of the server."""

import pytest
from http_client import (
    INTENT,
    SYMBOL,
    execute_intent,
    key_headers,
    make_client,
    read_problem,
    register_instrument,
    submit_intent,
)

from sot.adapters.venues.simulated import SimulatedVenue

OTHER = "01890a5d-ac96-774b-bcce-b302099a8057"
INSTRUMENT = {
    "symbol": "own-symbol",
    "kind": "PERPETUAL",
    "base": "own-base",
    "quote": "own-quote",
    "venue": "own-venue",
}
TRANSFER = {
    "type": "FEE_ADJUSTMENT", "venue": "own-venue", "amount": "1", "currency": "own-currency", "symbol": SYMBOL,
    "occurred_at": "2026-01-05T10:00:00Z", "external_id": "own-id", "reason": "own-reason",
}  # fmt: skip
INTENT_WITH_IDS = {
    **INTENT, "idempotency_key": "own-key", "client_order_id": "own-name", "source": "own-source",
    "strategy_code": "own-strategy", "tags": {"own-tag": "own-text"}, "raw_payload": "own-payload",
}  # fmt: skip

INVALID = [
    ("instruments", {**INSTRUMENT, "inverse": True, "settle": "wrong"}, 422, "#/settle"),
    ("instruments", {**INSTRUMENT, "kind": "SPOT", "settle": "wrong"}, 422, "#/settle"),
    ("instruments", {**INSTRUMENT, "kind": "SPOT", "inverse": True}, 422, "#/inverse"),
    ("instruments", {**INSTRUMENT, "multiplier": "7"}, 409, None),
    ("order-requests", {**INTENT_WITH_IDS, "quantity": "2"}, 409, None),
    ("order-requests", {**INTENT_WITH_IDS, "idempotency_key": "own-other"}, 409, None),
    (
        "order-requests",
        {**INTENT_WITH_IDS, "client_order_id": "new", "idempotency_key": "new", "symbol": "wrong"},
        422,
        "#/symbol",
    ),
    (
        "order-requests",
        {**INTENT_WITH_IDS, "client_order_id": "new", "idempotency_key": "new", "venue": "own-venue"},
        422,
        "#/symbol",
    ),
    (
        "order-requests",
        {**INTENT_WITH_IDS, "retry_of": OTHER, "idempotency_key": "new", "client_order_id": "new"},
        422,
        "#/retry_of",
    ),
    ("order-requests", {**INTENT_WITH_IDS, "order_type": "STOP"}, 422, "#/stop_price"),
    ("order-requests", {**INTENT_WITH_IDS, "quote_quantity": "2"}, 422, "#/quantity"),
    (
        "order-requests",
        {"action": "CANCEL", "client_order_id": "own-new", "target_order_id": OTHER},
        422,
        "#/target_order_id",
    ),
    ("account-events", {**TRANSFER, "replaces": OTHER}, 422, "#/replaces"),
    ("account-events", {**TRANSFER, "cost": "1"}, 422, "#/cost"),
]


@pytest.mark.parametrize(("path", "body", "status", "pointer"), INVALID, ids=range(len(INVALID)))
def test_errors_name_the_field_only(client, path, body, status, pointer):
    assert client.post("/sot/instruments", json=INSTRUMENT).status_code == 201
    assert client.post("/sot/order-requests", json=INTENT_WITH_IDS).status_code == 201
    response = client.post(f"/sot/{path}", json=body)
    assert response.status_code == status, response.text
    assert [error["pointer"] for error in read_problem(response).get("errors", [])] == ([pointer] if pointer else [])
    for text in ("own-", "wrong", body.get("symbol", "own-")):
        assert text not in response.text


def test_the_venue_account_of_the_server_is_not_revealed(store):
    venue = SimulatedVenue(prices={SYMBOL: "50000"})
    venue.venue_account = "secret-account"
    client = register_instrument(make_client(store, venue=venue))
    request_id = submit_intent(client, "a", venue_account="theirs")["id"]
    executing = client.post(f"/sot/execute/{request_id}")
    comparing = client.post("/sot/reconciliations", json={"venue_account": "theirs"}, headers={"Idempotency-Key": "k"})
    assert read_problem(executing)["errors"][0]["parameter"] == "request_id"
    assert read_problem(comparing)["errors"][0]["pointer"] == "#/venue_account"
    for response in (executing, comparing):
        assert response.status_code == 422
        assert "secret-account" not in response.text and "theirs" not in response.text


def test_errors_about_parameters_name_the_parameter(client):
    """An error of the history about a path or a query has no pointer into a body."""
    order_id = execute_intent(client, "a")["order_id"]
    for method, path, name in (
        ("GET", "/sot/positions?mark=XRP/USDT%3D1", "mark"),
        ("GET", f"/sot/orders/{order_id}?as_of=999999", "as_of"),
        ("GET", f"/sot/orders/{order_id}?happened_by=2999-01-01T00:00:00Z", "happened_by"),
    ):
        response = client.request(method, path)
        assert response.status_code in (400, 422), response.text
        assert [error["parameter"] for error in read_problem(response)["errors"]] == [name], response.text
    attributed = {"order_id": OTHER, "reason": "sent by hand"}
    response = client.post(f"/sot/orders/{order_id}/attribution", json={**attributed, "order_id": order_id})
    assert response.status_code == 422
    assert read_problem(response)["errors"][0] == {
        "parameter": "order_id", "detail": "order_id: give an order that no request of ours made"
    }  # fmt: skip


def test_problems_have_their_extra_members(store):
    client = register_instrument(make_client(store, keys=False, body_limit=200))
    too_large = client.post("/sot/order-requests", json={**INTENT_WITH_IDS, "raw_payload": "x" * 300})
    assert (too_large.status_code, too_large.json()["limit"]) == (413, 200)
    secured = make_client(store, keys=True)
    response = secured.post("/sot/order-requests", json=INTENT_WITH_IDS, headers=key_headers(store, scopes=("READ",)))
    assert (response.status_code, response.json()["scope"]) == (403, "submit")


CHECK = {"rule_code": "a", "passed": True, "checked_at": "2026-01-05T10:00:00Z"}
NESTED = [
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


@pytest.mark.parametrize(("part", "pointer"), NESTED, ids=[pointer for _, pointer in NESTED])
def test_pointers_start_at_the_root_of_the_body(client, part, pointer):
    response = client.post("/sot/order-requests", json={**INTENT, "client_order_id": "a", **part})
    assert response.status_code == 422
    assert [error["pointer"] for error in read_problem(response)["errors"]] == [pointer]


FEE = {"amount": "1", "currency": "BNB"}
FEES = [
    ({"amount": 1}, "#/fees/1/amount"),
    ({"amount": "1"}, "#/fees/1/currency"),
    ({**FEE, "currency": 1}, "#/fees/1/currency"),
    ({**FEE, "other": 1}, "#/fees/1/other"),
    (1, "#/fees/1"),
]


@pytest.mark.parametrize(("fee", "pointer"), FEES, ids=range(len(FEES)))
def test_pointers_to_fees(client, fee, pointer):
    trade = {"type": "TRADE", "venue": "SIMULATED", "client_order_id": "a", "exec_id": "1", "fees": [FEE, fee]}
    response = client.post("/sot/reports", json={**trade, "last_quantity": "1", "last_price": "1"})
    assert response.status_code == 422
    assert [error["pointer"] for error in read_problem(response)["errors"]] == [pointer]
