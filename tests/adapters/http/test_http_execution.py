import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

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

from sot.adapters.venues.simulated import Answer, Behaviour, SimulatedVenue
from sot.domain.values.vocabulary import AccessScope


def client_of_venue(store, **behaviours):
    venue = SimulatedVenue(prices={SYMBOL: Decimal(50000)}, behaviours=behaviours)
    return register_instrument(make_client(store, venue=venue))


def test_a_repeated_execution_returns_the_order(client):
    request = submit_intent(client, "a")
    first = client.post(f"/sot/execute/{request['id']}")
    assert first.status_code == 200
    assert first.headers["location"] == f"/sot/orders/{first.json()['order_id']}"
    again = client.post(f"/sot/execute/{request['id']}")
    assert (again.status_code, again.json()) == (200, first.json())
    assert client.venue.calls == ["a"]
    assert client.get(f"/sot/order-requests/{request['id']}").json()["status"] == "EXECUTED"


def test_a_rejection_by_the_venue_is_a_response(store):
    client = client_of_venue(store, a=Behaviour(answer=Answer.REFUSED, reason="NO_MONEY"))
    order = execute_intent(client, "a")
    assert order["status"] == "REJECTED"
    events = client.get(f"/sot/orders/{order['order_id']}/timeline").json()["data"]
    assert events[-1]["reason"] == "NO_MONEY"


def test_a_request_that_never_arrived_has_failed(store):
    client = client_of_venue(store, a=Behaviour(answer=Answer.NOT_REACHED))
    assert execute_intent(client, "a")["status"] == "FAILED"


@pytest.mark.parametrize("accepted", [True, False])
def test_a_lost_answer_is_202(store, accepted):
    client = client_of_venue(store, a=Behaviour(answer=Answer.UNKNOWN, accepted=accepted))
    request = submit_intent(client, "a")
    response = client.post(f"/sot/execute/{request['id']}")
    assert response.status_code == 202
    assert response.headers["retry-after"] == "1"
    order = response.json()
    assert response.headers["location"] == f"/sot/orders/{order['order_id']}"
    assert order["in_doubt"]
    assert client.post(f"/sot/execute/{request['id']}").status_code == 202
    assert client.venue.calls == ["a"]


def test_recovery_leaves_recent_orders(store):
    client = client_of_venue(store, a=Behaviour(answer=Answer.UNKNOWN, accepted=True))
    order = execute_intent(client, "a")
    result = client.post("/sot/recovery").json()
    assert result["too_recent"] == [order["order_id"]]


def test_a_concurrent_execution_is_202(store):
    """The second response comes while the venue is being called."""
    entered, proceed = threading.Event(), threading.Event()
    venue = SimulatedVenue(prices={SYMBOL: Decimal(50000)})
    submit = venue.submit

    def slow(request):
        entered.set()
        assert proceed.wait(10)
        return submit(request)

    venue.submit = slow
    with register_instrument(make_client(store, venue=venue)) as client, ThreadPoolExecutor(1) as pool:
        request = submit_intent(client, "a")
        first = pool.submit(client.post, f"/sot/execute/{request['id']}")
        assert entered.wait(10)
        second = client.post(f"/sot/execute/{request['id']}")
        proceed.set()
        assert second.status_code == 202
        assert second.json()["status"] == "PENDING_NEW"
        assert first.result(10).status_code == 200
        assert venue.calls == ["a"]


def test_concurrent_executions_send_one_order(store):
    with register_instrument(make_client(store)) as client, ThreadPoolExecutor(8) as pool:
        request = submit_intent(client, "a")
        responses = list(pool.map(lambda _: client.post(f"/sot/execute/{request['id']}"), range(8)))
    assert {response.status_code for response in responses} <= {200, 202}
    assert len({response.json()["order_id"] for response in responses}) == 1
    assert client.venue.calls == ["a"]


def test_cancel_and_replace_are_intents(client):
    order = execute_intent(client, "a", price="40000")
    assert order["status"] == "NEW"
    address = f"/sot/orders/{order['order_id']}"
    replace = client.post(f"{address}/replace-requests", json={"client_order_id": "a2", "quantity": "2"})
    assert replace.status_code == 201
    assert client.post(f"/sot/execute/{replace.json()['id']}").json()["order_quantity"] == "2"
    cancel = client.post(f"{address}/cancel-requests", json={}, headers={"Idempotency-Key": "c"})
    assert (cancel.json()["action"], cancel.json()["target_order_id"]) == ("CANCEL", order["order_id"])
    assert client.post(f"/sot/execute/{cancel.json()['id']}").json()["status"] == "CANCELED"
    late = client.post(f"{address}/cancel-requests", json={}, headers={"Idempotency-Key": "c2"})
    response = client.post(f"/sot/execute/{late.json()['id']}")
    assert (response.status_code, read_problem(response)["code"]) == (409, "illegal-transition")


def test_if_match(client):
    order = execute_intent(client, "a", price="40000")
    address = f"/sot/orders/{order['order_id']}"
    tag = client.get(address).headers["etag"]
    assert client.post(f"{address}/marks", json={"mark": "1"}, headers={"If-Match": tag}).status_code == 200
    for path, body in (("marks", {"mark": "2"}), ("cancel-requests", {"idempotency_key": "c"})):
        response = client.post(f"{address}/{path}", json=body, headers={"If-Match": tag})
        assert (response.status_code, read_problem(response)["code"]) == (412, "precondition-failed")
    assert client.post(f"{address}/marks", json={"mark": "3"}, headers={"If-Match": f'W/{tag}, "x"'}).status_code == 412
    assert client.post(f"{address}/marks", json={"mark": "3"}, headers={"If-Match": "*"}).status_code == 200


def test_denied_and_withdrawn(client):
    denied = submit_intent(client, "a", risk_checks=[{"rule_code": "limit", "passed": False, "message": "too much"}])
    assert denied["status"] == "DENIED"
    response = client.post(f"/sot/execute/{denied['id']}")
    assert (response.status_code, read_problem(response)["code"]) == (409, "not-executable")
    waiting = submit_intent(client, "b")
    check = {"rule_code": "limit", "passed": True}
    for replayed in (None, "true"):
        response = client.post(f"/sot/order-requests/{waiting['id']}/risk-checks", json=check)
        assert (response.status_code, response.headers.get("idempotency-replayed")) == (200, replayed)
    withdrawn = client.post(f"/sot/order-requests/{waiting['id']}/withdrawal", json={"reason": "no more"}).json()
    assert (withdrawn["status"], withdrawn["withdrawal"]["reason"]) == ("WITHDRAWN", "no more")
    assert client.post(f"/sot/execute/{waiting['id']}").status_code == 409


def test_without_a_venue(store):
    client = register_instrument(make_client(store, venue=False), venue="ELSEWHERE")
    request = submit_intent(client, "a", venue="ELSEWHERE")
    response = client.post(f"/sot/execute/{request['id']}")
    assert (response.status_code, read_problem(response)["code"]) == (409, "no-venue")
    assert client.post("/sot/order-requests", json={"client_order_id": "b", **INTENT}).status_code == 422


def test_an_application_that_calls_the_venue_itself(store):
    client = register_instrument(make_client(store, venue=False), venue="ELSEWHERE")
    request = submit_intent(client, "a", venue="ELSEWHERE")
    sent = client.post(f"/sot/order-requests/{request['id']}/sent").json()
    assert (sent["type"], sent["sequence"]) == ("SUBMITTED", 2)
    trade = {
        "type": "TRADE",
        "venue": "ELSEWHERE",
        "client_order_id": "a",
        "exec_id": "1",
        "last_quantity": "0.4",
        "last_price": "49999.5",
        "venue_time_ns": "1767600000000000001",
    }
    first = client.post("/sot/reports", json=trade)
    again = client.post("/sot/reports", json=trade)
    assert first.json() == again.json()
    assert first.json()["outcome"] == "RECORDED"
    assert (first.headers.get("idempotency-replayed"), again.headers.get("idempotency-replayed")) == (None, "true")
    fills = client.get(f"/sot/orders/{sent['order_id']}/fills").json()["data"]
    assert [(fill["quantity"], fill["venue_time_ns"]) for fill in fills] == [("0.4", "1767600000000000001")]
    surplus = client.post("/sot/reports", json={**trade, "exec_id": "2", "last_quantity": "5"}).json()
    assert (surplus["outcome"], surplus["anomalies"]) == ("FLAGGED", ["OVERFILL"])


def test_an_inexact_figure_that_a_report_does_not_need_is_left_out(client):
    request = submit_intent(client, "a")
    order_id = client.post(f"/sot/order-requests/{request['id']}/sent").json()["order_id"]
    trade = {
        "type": "TRADE",
        "venue": "SIMULATED",
        "client_order_id": "a",
        "exec_id": "1",
        "last_quantity": "0.1",
        "last_price": "49999.5",
        "avg_price": "49999.123456789012345678901",
        "leaves_quantity": "4E-1",
        "fees": [{"amount": "0.1", "currency": "USDT"}, {"amount": "NaN", "currency": "USDT"}],
    }
    response = client.post("/sot/reports", json=trade)
    assert (response.status_code, response.json()["outcome"]) == (200, "RECORDED")
    events = client.get(f"/sot/orders/{order_id}/events").json()["data"]
    assert sorted(events[-1]["report"]["left_out"]) == ["avg_price", "fees", "leaves_quantity"]
    (fill,) = client.get(f"/sot/orders/{order_id}/fills").json()["data"]
    assert [fee["amount"] for fee in fill["fees"]] == ["0.1"]
    for name, value in (("avg_price", 49999.5), ("last_price", "NaN"), ("leaves_quantity", 1)):
        problem = client.post("/sot/reports", json={**trade, "exec_id": "2", name: value})
        assert problem.status_code in (400, 422), problem.text
        assert problem.json()["errors"][0]["pointer"] == f"#/{name}"


def test_a_report_without_an_order_waits(client):
    report = {
        "type": "TRADE",
        "venue": "SIMULATED",
        "symbol": "ETH/USDT",
        "client_order_id": "later",
        "exec_id": "1",
        "last_quantity": "1",
        "last_price": "2",
    }
    first, again = (client.post("/sot/reports", json=report) for _ in range(2))
    assert first.json() == again.json()
    assert first.json()["order_id"] is None
    assert first.json()["anomalies"] == ["UNKNOWN_INSTRUMENT", "UNKNOWN_REFERENCE"]
    (waiting,) = client.get("/sot/waiting-reports").json()["data"]
    assert waiting["report"]["client_order_id"] == "later"
    assert (waiting["reason"], waiting["candidates"]) == ("UNKNOWN_REFERENCE", [])
    assert "REGISTER_INSTRUMENT" in waiting["remedies"]
    adoption = f"/sot/waiting-reports/{waiting['report_id']}/adoption"
    adopted, repeated = (client.post(adoption, json={"actor": "ann"}) for _ in range(2))
    assert (adopted.status_code, adopted.json()["type"]) == (200, "TRADE")
    assert repeated.json() == adopted.json()
    assert client.get("/sot/waiting-reports").json()["data"] == []


OF_THE_VENUE = {
    "type": "TRADE",
    "venue": "SIMULATED",
    "symbol": "BTC/USDT",
    "venue_order_id": "liquidation-1",
    "side": "SELL",
    "exec_id": "1",
    "last_quantity": "1",
    "last_price": "2",
}


def test_a_report_of_the_venues_own_order_is_adopted(client):
    first, again = (client.post("/sot/reports", json={**OF_THE_VENUE, "adopt": True}) for _ in range(2))
    assert (first.status_code, first.json()["outcome"], first.json()["type"]) == (200, "RECORDED", "TRADE")
    assert (again.text, again.headers["idempotency-replayed"]) == (first.text, "true")
    order = client.get(f"/sot/orders/{first.json()['order_id']}").json()
    assert (order["request_id"], order["cum_quantity"]) == (None, "1")
    assert client.get("/sot/waiting-reports").json()["data"] == []


@pytest.mark.parametrize("adopt", [False, None])
def test_a_report_that_is_not_to_be_adopted_waits(client, adopt):
    assert client.post("/sot/reports", json={**OF_THE_VENUE, "adopt": adopt}).json()["order_id"] is None


@pytest.mark.parametrize("missing", ["venue_order_id", "symbol"])
def test_a_report_that_cannot_be_adopted_waits(client, missing):
    report = {name: value for name, value in OF_THE_VENUE.items() if name != missing}
    response = client.post("/sot/reports", json={**report, "adopt": True})
    assert (response.status_code, response.json()["order_id"]) == (200, None)


def test_adopt_is_true_or_false(client):
    problem = client.post("/sot/reports", json={**OF_THE_VENUE, "adopt": "yes"})
    assert (problem.status_code, problem.json()["errors"][0]["pointer"]) == (422, "#/adopt")
    assert client.get("/sot/waiting-reports").json()["data"] == []


def test_adopting_needs_the_scope_of_adopting_waiting_reports(store):
    report = {"account_id": "main", **OF_THE_VENUE, "adopt": True}
    headers = key_headers(store, scopes=[AccessScope.EXECUTE])
    with make_client(store, keys=True) as client:
        refused = client.post("/sot/reports", json=report, headers=headers)
        assert (refused.status_code, refused.json()["scope"]) == (403, "reconcile")
        both = key_headers(store, scopes=[AccessScope.EXECUTE, AccessScope.RECONCILE])
        assert client.post("/sot/reports", json=report, headers=both).json()["order_id"] is not None


@pytest.mark.parametrize("first_key", [{}, {"Idempotency-Key": "r"}], ids=["without key", "with key"])
@pytest.mark.parametrize("repeat_key", [{}, {"Idempotency-Key": "r"}], ids=["without key", "with key"])
def test_a_repeated_waiting_report_gets_the_first_response(client, first_key, repeat_key):
    """Its instrument was unknown when it was recorded, and was registered afterwards."""
    report = {
        "type": "TRADE",
        "venue": "SIMULATED",
        "symbol": "ETH/USDT",
        "client_order_id": "later",
        "exec_id": "1",
        "last_quantity": "1",
        "last_price": "2",
    }
    first = client.post("/sot/reports", json=report, headers=first_key)
    assert first.json()["anomalies"] == ["UNKNOWN_INSTRUMENT", "UNKNOWN_REFERENCE"]
    register_instrument(client, symbol="ETH/USDT", base="ETH")
    other = client.post("/sot/reports", json={**report, "exec_id": "2"})
    assert other.json()["anomalies"] == ["UNKNOWN_REFERENCE"]
    for body, headers, expected in ((report, repeat_key, first), ({**report, "exec_id": "2"}, {}, other)):
        repeat = client.post("/sot/reports", json=body, headers=headers)
        assert (repeat.status_code, repeat.text) == (200, expected.text)
        assert repeat.headers["idempotency-replayed"] == "true"


@pytest.mark.parametrize("part", ["failed", "unknown"])
def test_failed_and_unknown_submissions(store, part):
    client = register_instrument(make_client(store, venue=False), venue="ELSEWHERE")
    request = submit_intent(client, "a", venue="ELSEWHERE")
    recorded = client.post(f"/sot/order-requests/{request['id']}/{part}", json={"reason": "time-out"}).json()
    order = client.get(f"/sot/orders/{recorded['order_id']}").json()
    assert (order["status"], order["in_doubt"]) == (("FAILED", False) if part == "failed" else ("PENDING_NEW", True))
    if part == "unknown":
        closed = client.post(
            f"/sot/orders/{recorded['order_id']}/resolution", json={"reason": "asked by phone", "status": "FAILED"}
        )
        assert closed.json()["type"] == "RESOLVED"
        assert client.get(f"/sot/orders/{recorded['order_id']}").json()["status"] == "FAILED"


def test_a_request_for_another_venue_is_rejected(client):
    register_instrument(client, venue="ELSEWHERE")
    request = submit_intent(client, "a", venue="ELSEWHERE")
    assert client.post(f"/sot/execute/{request['id']}").status_code == 422


def test_the_trace_of_a_request_is_recorded(client):
    trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    request = submit_intent(client, "a")
    response = client.post(f"/sot/execute/{request['id']}", headers={"X-Request-Id": "desk-7", "traceparent": trace})
    assert response.headers["x-request-id"] == "desk-7"
    events = client.get(f"/sot/orders/{response.json()['order_id']}/events").json()["data"]
    assert {event["trace"] for event in events} == {f"request=desk-7 traceparent={trace}"}


@pytest.mark.parametrize("request_id_header", ["", "a b", "x" * 65, "ü", 'a"b'])
def test_an_invalid_request_id_is_replaced(client, request_id_header):
    response = client.get("/healthz", headers={"X-Request-Id": request_id_header.encode()})
    assert response.headers["x-request-id"] != request_id_header


def test_target_is_named_by_its_client_order_id(client):
    order = execute_intent(client, "t1")
    body = {"action": "CANCEL", "client_order_id": "t2", "target_client_order_id": "t1"}
    created = client.post("/sot/order-requests", json=body)
    assert (created.status_code, created.json()["target_order_id"]) == (201, order["order_id"])
    assert "target_client_order_id" not in created.json()
    unknown = client.post("/sot/order-requests", json={**body, "client_order_id": "t3", "target_client_order_id": "?"})
    assert (unknown.status_code, read_problem(unknown)["errors"][0]["pointer"]) == (422, "#/target_client_order_id")
