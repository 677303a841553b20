"""The header Idempotency-Key."""

import threading
from concurrent.futures import ThreadPoolExecutor

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
from sot.domain.values.vocabulary import ReconciliationType
from sot.ports.reconciliation import ReconciliationFilter

INTENT_WITH_ID = {"client_order_id": "a", **INTENT}


def post_with_key(client, body, value, path="order-requests"):
    return client.post(f"/sot/{path}", json=body, headers={"Idempotency-Key": value})


def test_a_repeat_gets_the_recorded_response(client):
    first = post_with_key(client, INTENT_WITH_ID, "k")
    client.post(f"/sot/execute/{first.json()['id']}")
    again = post_with_key(client, INTENT_WITH_ID, "k")
    assert (again.status_code, again.text) == (201, first.text)
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (None, "true")
    assert again.headers["location"] == first.headers["location"]
    without_key = client.post("/sot/order-requests", json=INTENT_WITH_ID)
    assert (without_key.status_code, without_key.headers["idempotency-replayed"]) == (201, "true")
    assert without_key.json()["status"] == "EXECUTED"


def test_the_header_is_the_key_of_the_intent(client):
    first = post_with_key(client, INTENT, "k")
    assert first.json()["idempotency_key"] == "k"
    key_in_body = client.post("/sot/order-requests", json={"idempotency_key": "k", **INTENT})
    assert key_in_body.json()["id"] == first.json()["id"]


def test_a_reused_key_is_rejected(client):
    post_with_key(client, INTENT_WITH_ID, "k")
    for body, path in (({**INTENT_WITH_ID, "quantity": "2"}, "order-requests"), (INTENT_WITH_ID, "reports")):
        response = post_with_key(client, body, "k", path)
        assert (response.status_code, read_problem(response)["code"]) == (422, "idempotency-key-reused")
    conflict = client.post("/sot/order-requests", json={**INTENT_WITH_ID, "quantity": "2"})
    assert (conflict.status_code, read_problem(conflict)["differs"]) == (409, ["quantity"])


def test_the_order_of_fields_does_not_matter(client):
    first = post_with_key(client, INTENT_WITH_ID, "k")
    assert post_with_key(client, dict(reversed(INTENT_WITH_ID.items())), "k").text == first.text


def test_error_responses_are_not_recorded(client):
    assert post_with_key(client, {**INTENT_WITH_ID, "symbol": "ETH/USDT"}, "k").status_code == 422
    register_instrument(client, symbol="ETH/USDT", base="ETH")
    assert post_with_key(client, {**INTENT_WITH_ID, "symbol": "ETH/USDT"}, "k").status_code == 201


@pytest.mark.parametrize(
    "value", ["k1", '"k1"', '  "k1" ', "8e03978e-40d5-43dd-bc93-6894a57f9324", '"with \\" and \\\\ in"', "a" * 255]
)
def test_valid_keys_are_accepted(client, value):
    assert post_with_key(client, INTENT_WITH_ID, value).status_code == 201
    assert post_with_key(client, INTENT_WITH_ID, value).headers["idempotency-replayed"] == "true"


def test_bare_and_quoted_keys_are_equal(client):
    assert post_with_key(client, INTENT_WITH_ID, "k").text == post_with_key(client, INTENT_WITH_ID, '"k"').text


@pytest.mark.parametrize(
    "value", ["", " ", '""', '"', 'a"b', "a b", "a,b", "ü", "a" * 256, '"' + "a" * 256 + '"', '"a\\b"', "\x7f"]
)
def test_malformed_keys_are_rejected(client, value):
    response = client.post(
        "/sot/order-requests", json=INTENT_WITH_ID, headers={"Idempotency-Key": value.encode("latin-1")}
    )
    assert (response.status_code, read_problem(response)["code"]) == (400, "idempotency-key-invalid")


def test_operations_that_require_the_header(client):
    for path in ("reconciliations", "checkpoints"):
        response = client.post(f"/sot/{path}")
        assert (response.status_code, read_problem(response)["code"]) == (400, "idempotency-key-missing")


def test_a_repeat_does_not_seal_again(client):
    execute_intent(client, "a")
    first, again = (post_with_key(client, {}, "s", "checkpoints") for _ in range(2))
    assert (first.status_code, first.text) == (201, again.text)
    execute_intent(client, "b")
    assert post_with_key(client, {}, "s", "checkpoints").text == first.text
    assert len(client.get("/sot/checkpoints").json()["data"]) == 1
    assert post_with_key(client, {}, "t", "checkpoints").json()["checkpoint"]["number"] == 2
    assert post_with_key(client, {}, "u", "checkpoints").json()["checkpoint"] is None


def test_a_repeat_does_not_reconcile_again(client):
    execute_intent(client, "a")
    first, again = (post_with_key(client, {}, "r", "reconciliations") for _ in range(2))
    assert (first.status_code, first.text) == (201, again.text)
    assert post_with_key(client, {}, "r2", "reconciliations").json()["run_id"] != first.json()["run_id"]


def test_keys_belong_to_api_keys(store):
    client = make_client(store, keys=True)
    for account in ("alice", "bob"):
        register_instrument(client, account, key_headers(store))
    alice, bob = key_headers(store, "alice"), key_headers(store, "bob")
    responses = [
        client.post("/sot/order-requests", json=INTENT, headers={**whose, "Idempotency-Key": "same"})
        for whose in (alice, bob)
    ]
    assert [response.json()["account_id"] for response in responses] == ["alice", "bob"]


REPORT = {"type": "TRADE", "client_order_id": "x", "exec_id": "1", "last_quantity": "1", "last_price": "1"}
FUNDING = {
    "type": "FUNDING", "venue": "SIMULATED", "symbol": SYMBOL, "amount": "1", "currency": "USDT",
    "occurred_at": "2026-01-05T10:00:00Z",
}  # fmt: skip
INSTRUMENT = {"symbol": "ETH/USDT", "kind": "SPOT", "base": "ETH", "quote": "USDT"}
POSTS = [
    ("order-requests", INTENT_WITH_ID, {}),
    ("order-requests", INTENT, {"Idempotency-Key": "k"}),
    ("reports", REPORT, {}),
    ("reports", REPORT, {"Idempotency-Key": "k"}),
    ("account-events", FUNDING, {}),
    ("instruments", INSTRUMENT, {}),
    ("checkpoints", {}, {"Idempotency-Key": "k"}),
    ("reconciliations", {}, {"Idempotency-Key": "k"}),
]


@pytest.mark.parametrize("kind", ["memory", "sqlite", "postgresql"])
@pytest.mark.parametrize(("path", "body", "headers"), POSTS, ids=[f"{path}-{bool(more)}" for path, _, more in POSTS])
def test_concurrent_duplicates(make_store, kind, path, body, headers):
    """They have one effect and equal responses; one that calls the venue may get 409."""
    store = make_store(kind)
    with register_instrument(make_client(store)) as client, ThreadPoolExecutor(6) as pool:
        futures = [pool.submit(client.post, f"/sot/{path}", json=body, headers=headers) for _ in range(6)]
        responses = [future.result(60) for future in futures]
        waiting = [response for response in responses if response.status_code == 409]
        assert not waiting or path == "reconciliations"
        assert {read_problem(response)["code"] for response in waiting} <= {"in-progress"}
        assert all(response.headers["retry-after"] == "1" for response in waiting)
        successes = [response for response in responses if response.status_code < 300]
        assert len(successes) + len(waiting) == 6
        assert len({(response.status_code, response.text) for response in successes}) == 1
        assert [response.headers.get("idempotency-replayed") for response in successes].count(None) == 1
        assert client.post(f"/sot/{path}", json=body, headers=headers).text == successes[0].text


BODY_PAIRS = [
    ("order-requests", INTENT, {**INTENT, "quantity": "2"}),
    ("order-requests", INTENT_WITH_ID, {**INTENT_WITH_ID, "client_order_id": "b"}),
    ("reports", REPORT, {**REPORT, "exec_id": "2"}),
    ("account-events", FUNDING, {**FUNDING, "amount": "2"}),
    ("instruments", INSTRUMENT, {**INSTRUMENT, "kind": "PERPETUAL"}),
    ("reconciliations", {}, {"heal": True}),
]


@pytest.mark.parametrize("kind", ["memory", "sqlite", "postgresql"])
@pytest.mark.parametrize(
    ("path", "body", "other_body"), BODY_PAIRS, ids=[f"{n}-{path}" for n, (path, _, _) in enumerate(BODY_PAIRS)]
)
def test_concurrent_requests_with_other_bodies(make_store, kind, path, body, other_body):
    """The first one has the key, and the other is rejected; a repeat gets its response, or 409."""
    store = make_store(kind)
    with register_instrument(make_client(store)) as client, ThreadPoolExecutor(6) as pool:
        bodies = [body, other_body] * 3
        futures = [pool.submit(post_with_key, client, sent_body, "k", path) for sent_body in bodies]
        results = list(zip(bodies, (future.result(60) for future in futures), strict=True))
        repeat = post_with_key(client, body, "k", path)
        winner, loser = (body, other_body) if repeat.status_code < 300 else (other_body, body)
        recorded = post_with_key(client, winner, "k", path)
        for sent_body, response in results:
            if sent_body == loser:
                assert (response.status_code, read_problem(response)["code"]) == (422, "idempotency-key-reused")
            elif response.status_code == 409:
                assert (path, read_problem(response)["code"]) == ("reconciliations", "in-progress")
            else:
                assert (response.status_code, response.text) == (recorded.status_code, recorded.text)


@pytest.mark.parametrize(("path", "body", "other_body"), BODY_PAIRS[:1] + BODY_PAIRS[4:5], ids=["intent", "instrument"])
def test_a_reused_key_takes_precedence_over_other_errors(make_store, monkeypatch, path, body, other_body):
    """The second finds no response, and then the effect of the first: it is rejected for its key."""
    from sot.adapters.http import server as server_module

    store, first_is_done, second_has_looked = make_store("postgresql"), threading.Event(), threading.Event()
    find = server_module.find_recorded_response

    def find_slowly(uow, owner, key, fingerprint):
        recorded = find(uow, owner, key, fingerprint)
        if not second_has_looked.is_set():
            second_has_looked.set()
            assert first_is_done.wait(20)
        return recorded

    with register_instrument(make_client(store)) as client, ThreadPoolExecutor(1) as pool:
        monkeypatch.setattr(server_module, "find_recorded_response", find_slowly)
        late = pool.submit(post_with_key, client, other_body, "k", path)
        assert second_has_looked.wait(20)
        first = post_with_key(client, body, "k", path)
        first_is_done.set()
        response = late.result(60)
        assert first.status_code == 201
        assert (response.status_code, read_problem(response)["code"]) == (422, "idempotency-key-reused")


def test_a_lost_commit_response_is_recovered(client, store, monkeypatch):
    """The first COMMIT succeeds and its response is lost: the use case runs again, and recognises the repeat."""
    from sot.domain.values.errors import CommitUnknown

    run, lost = store.run, []

    def run_and_lose_response(use_case, read_only=False):
        result = run(use_case, read_only)
        if not read_only and not lost:
            lost.append(result)
            raise CommitUnknown("cut off")
        return result

    monkeypatch.setattr(store, "run", run_and_lose_response)
    response = client.post("/sot/order-requests", json=INTENT_WITH_ID)
    assert lost
    assert response.status_code == 201
    assert response.headers["idempotency-replayed"] == "true"
    assert len(client.get("/sot/order-requests").json()["data"]) == 1
    assert submit_intent(client, "a")["id"] == response.json()["id"]


def test_two_lost_commit_responses_are_503(client, store, monkeypatch):
    from sot.domain.values.errors import CommitUnknown

    def lose(use_case, read_only=False):
        raise CommitUnknown("cut off")

    monkeypatch.setattr(store, "run", lose)
    response = client.post("/sot/order-requests", json=INTENT_WITH_ID)
    assert (response.status_code, read_problem(response)["code"]) == (503, "commit-unknown")
    assert response.json()["outcome"] == "unknown"
    assert response.headers["retry-after"] == "1"


def test_two_servers_reconcile_once(store):
    """Neither sees the other until one has committed: the second rolls back and returns the same response."""
    meet = threading.Barrier(2, timeout=20)

    class Slow(SimulatedVenue):
        def open_orders(self, scope):
            meet.wait()
            return super().open_orders(scope)

    with (
        register_instrument(make_client(store, venue=Slow())) as first,
        make_client(store, venue=Slow()) as second,
        ThreadPoolExecutor(2) as pool,
    ):
        responses = list(pool.map(lambda client: post_with_key(client, {}, "r", "reconciliations"), (first, second)))
        assert [response.status_code for response in responses] == [201, 201]
        assert responses[0].text == responses[1].text
        assert sorted(response.headers.get("idempotency-replayed", "") for response in responses) == ["", "true"]
    runs = ReconciliationFilter(types=(ReconciliationType.RUN,))
    assert len(store.run(lambda uow: uow.reconciliations.list(runs, None, 10), read_only=True).items) == 1
