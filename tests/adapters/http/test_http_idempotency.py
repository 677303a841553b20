import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from http_house import INTENT, SYMBOL, executed, key, problem, registered, server, submitted

from sot.adapters.venues.simulated import SimulatedVenue
from sot.domain.values.vocabulary import ReconciliationType
from sot.ports.reconciliation import ReconciliationFilter

NAMED = {"client_order_id": "a", **INTENT}


def keyed(client, body, value, path="order-requests"):
    return client.post(f"/sot/{path}", json=body, headers={"Idempotency-Key": value})


def test_the_recorded_answer_is_given_again(client):
    first = keyed(client, NAMED, "k")
    client.post(f"/sot/execute/{first.json()['id']}")
    again = keyed(client, NAMED, "k")
    assert (again.status_code, again.text) == (201, first.text)
    assert (first.headers.get("idempotency-replayed"), again.headers["idempotency-replayed"]) == (None, "true")
    assert again.headers["location"] == first.headers["location"]
    by_itself = client.post("/sot/order-requests", json=NAMED)
    assert (by_itself.status_code, by_itself.headers["idempotency-replayed"]) == (201, "true")
    assert by_itself.json()["status"] == "EXECUTED"


def test_the_key_of_the_header_is_the_intents(client):
    first = keyed(client, INTENT, "k")
    assert first.json()["idempotency_key"] == "k"
    in_the_body = client.post("/sot/order-requests", json={"idempotency_key": "k", **INTENT})
    assert in_the_body.json()["id"] == first.json()["id"]


def test_used_for_something_else(client):
    keyed(client, NAMED, "k")
    for body, path in (({**NAMED, "quantity": "2"}, "order-requests"), (NAMED, "reports")):
        response = keyed(client, body, "k", path)
        assert (response.status_code, problem(response)["code"]) == (422, "idempotency-key-reused")
    conflict = client.post("/sot/order-requests", json={**NAMED, "quantity": "2"})
    assert (conflict.status_code, problem(conflict)["differs"]) == (409, ["quantity"])


def test_the_same_in_another_order_is_the_same(client):
    first = keyed(client, NAMED, "k")
    assert keyed(client, dict(reversed(NAMED.items())), "k").text == first.text


def test_a_refusal_is_not_kept(client):
    assert keyed(client, {**NAMED, "symbol": "ETH/USDT"}, "k").status_code == 422
    registered(client, symbol="ETH/USDT", base="ETH")
    assert keyed(client, {**NAMED, "symbol": "ETH/USDT"}, "k").status_code == 201


@pytest.mark.parametrize(
    "given", ["k1", '"k1"', '  "k1" ', "8e03978e-40d5-43dd-bc93-6894a57f9324", '"with \\" and \\\\ in"', "a" * 255]
)
def test_keys_that_can_be_read(client, given):
    assert keyed(client, NAMED, given).status_code == 201
    assert keyed(client, NAMED, given).headers["idempotency-replayed"] == "true"


def test_bare_and_quoted_are_one_key(client):
    assert keyed(client, NAMED, "k").text == keyed(client, NAMED, '"k"').text


@pytest.mark.parametrize(
    "given", ["", " ", '""', '"', 'a"b', "a b", "a,b", "ü", "a" * 256, '"' + "a" * 256 + '"', '"a\\b"', "\x7f"]
)
def test_keys_that_cannot(client, given):
    response = client.post("/sot/order-requests", json=NAMED, headers={"Idempotency-Key": given.encode("latin-1")})
    assert (response.status_code, problem(response)["code"]) == (400, "idempotency-key-invalid")


def test_what_needs_the_header(client):
    for path in ("reconciliations", "checkpoints"):
        response = client.post(f"/sot/{path}")
        assert (response.status_code, problem(response)["code"]) == (400, "idempotency-key-missing")


def test_sealing_once(client):
    executed(client, "a")
    first, again = (keyed(client, {}, "s", "checkpoints") for _ in range(2))
    assert (first.status_code, first.text) == (201, again.text)
    executed(client, "b")
    assert keyed(client, {}, "s", "checkpoints").text == first.text
    assert len(client.get("/sot/checkpoints").json()["data"]) == 1
    assert keyed(client, {}, "t", "checkpoints").json()["checkpoint"]["number"] == 2
    assert keyed(client, {}, "u", "checkpoints").json()["checkpoint"] is None


def test_comparing_once(client):
    executed(client, "a")
    first, again = (keyed(client, {}, "r", "reconciliations") for _ in range(2))
    assert (first.status_code, first.text) == (201, again.text)
    assert keyed(client, {}, "r2", "reconciliations").json()["run_id"] != first.json()["run_id"]


def test_keys_of_others_are_their_own(kept):
    client = server(kept, keys=True)
    for account in ("alice", "bob"):
        registered(client, account, key(kept))
    alice, bob = key(kept, "alice"), key(kept, "bob")
    answers = [
        client.post("/sot/order-requests", json=INTENT, headers={**whose, "Idempotency-Key": "same"})
        for whose in (alice, bob)
    ]
    assert [answer.json()["account_id"] for answer in answers] == ["alice", "bob"]


REPORT = {"type": "TRADE", "client_order_id": "x", "exec_id": "1", "last_quantity": "1", "last_price": "1"}
FUNDING = {
    "type": "FUNDING", "venue": "SIMULATED", "symbol": SYMBOL, "amount": "1", "currency": "USDT",
    "occurred_at": "2026-01-05T10:00:00Z",
}  # fmt: skip
ETHER = {"symbol": "ETH/USDT", "kind": "SPOT", "base": "ETH", "quote": "USDT"}
POSTS = [
    ("order-requests", NAMED, {}),
    ("order-requests", INTENT, {"Idempotency-Key": "k"}),
    ("reports", REPORT, {}),
    ("reports", REPORT, {"Idempotency-Key": "k"}),
    ("account-events", FUNDING, {}),
    ("instruments", ETHER, {}),
    ("checkpoints", {}, {"Idempotency-Key": "k"}),
    ("reconciliations", {}, {"Idempotency-Key": "k"}),
]


@pytest.mark.parametrize("kind", ["memory", "sqlite", "postgresql"])
@pytest.mark.parametrize(("path", "body", "headers"), POSTS, ids=[f"{path}-{bool(more)}" for path, _, more in POSTS])
def test_duplicates_at_the_same_time(make_store, kind, path, body, headers):
    """One effect, equal answers; of what calls the venue, one may be told to wait."""
    store = make_store(kind)
    with registered(server(store)) as client, ThreadPoolExecutor(6) as pool:
        sent = [pool.submit(client.post, f"/sot/{path}", json=body, headers=headers) for _ in range(6)]
        answers = [one.result(60) for one in sent]
        waiting = [one for one in answers if one.status_code == 409]
        assert not waiting or path == "reconciliations"
        assert {problem(one)["code"] for one in waiting} <= {"in-progress"}
        assert all(one.headers["retry-after"] == "1" for one in waiting)
        told = [one for one in answers if one.status_code < 300]
        assert len(told) + len(waiting) == 6
        assert len({(one.status_code, one.text) for one in told}) == 1
        assert [one.headers.get("idempotency-replayed") for one in told].count(None) == 1
        assert client.post(f"/sot/{path}", json=body, headers=headers).text == told[0].text


OTHERS = [
    ("order-requests", INTENT, {**INTENT, "quantity": "2"}),
    ("order-requests", NAMED, {**NAMED, "client_order_id": "b"}),
    ("reports", REPORT, {**REPORT, "exec_id": "2"}),
    ("account-events", FUNDING, {**FUNDING, "amount": "2"}),
    ("instruments", ETHER, {**ETHER, "kind": "PERPETUAL"}),
    ("reconciliations", {}, {"heal": True}),
]


@pytest.mark.parametrize("kind", ["memory", "sqlite", "postgresql"])
@pytest.mark.parametrize(("path", "one", "other"), OTHERS, ids=[f"{n}-{path}" for n, (path, _, _) in enumerate(OTHERS)])
def test_another_payload_at_the_same_time(make_store, kind, path, one, other):
    """Whoever is first has the key: the other is told so, however the two meet; the same is answered, or waits."""
    store = make_store(kind)
    with registered(server(store)) as client, ThreadPoolExecutor(6) as pool:
        bodies = [one, other] * 3
        sent = [pool.submit(keyed, client, body, "k", path) for body in bodies]
        answers = list(zip(bodies, (answer.result(60) for answer in sent), strict=True))
        first = keyed(client, one, "k", path)
        mine, others = (one, other) if first.status_code < 300 else (other, one)
        told = keyed(client, mine, "k", path)
        for body, answer in answers:
            if body == others:
                assert (answer.status_code, problem(answer)["code"]) == (422, "idempotency-key-reused")
            elif answer.status_code == 409:
                assert (path, problem(answer)["code"]) == ("reconciliations", "in-progress")
            else:
                assert (answer.status_code, answer.text) == (told.status_code, told.text)


@pytest.mark.parametrize(("path", "one", "other"), OTHERS[:1] + OTHERS[4:5], ids=["intent", "instrument"])
def test_what_the_first_did_is_seen_before_its_key(make_store, monkeypatch, path, one, other):
    """The second found no answer, and then what the first had done: it is refused for its key, not for that."""
    from sot.adapters.http import server as serving

    store, done, looked = make_store("postgresql"), threading.Event(), threading.Event()
    look = serving.find_recorded_response

    def slowly(uow, owner, key, asked):
        found = look(uow, owner, key, asked)
        if not looked.is_set():
            looked.set()
            assert done.wait(20)
        return found

    with registered(server(store)) as client, ThreadPoolExecutor(1) as pool:
        monkeypatch.setattr(serving, "find_recorded_response", slowly)
        late = pool.submit(keyed, client, other, "k", path)
        assert looked.wait(20)
        first = keyed(client, one, "k", path)
        done.set()
        answer = late.result(60)
        assert first.status_code == 201
        assert (answer.status_code, problem(answer)["code"]) == (422, "idempotency-key-reused")


def test_a_lost_answer_to_commit_is_asked_for(client, kept, monkeypatch):
    """The first COMMIT is stored and its answer lost: the same is done again, and recognised."""
    from sot.domain.values.errors import CommitUnknown

    run, lost = kept.run, []

    def losing(use_case, read_only=False):
        result = run(use_case, read_only)
        if not read_only and not lost:
            lost.append(result)
            raise CommitUnknown("cut off")
        return result

    monkeypatch.setattr(kept, "run", losing)
    response = client.post("/sot/order-requests", json=NAMED)
    assert lost
    assert response.status_code == 201
    assert response.headers["idempotency-replayed"] == "true"
    assert len(client.get("/sot/order-requests").json()["data"]) == 1
    assert submitted(client, "a")["id"] == response.json()["id"]


def test_if_that_is_lost_too_it_is_said(client, kept, monkeypatch):
    from sot.domain.values.errors import CommitUnknown

    def lost(use_case, read_only=False):
        raise CommitUnknown("cut off")

    monkeypatch.setattr(kept, "run", lost)
    response = client.post("/sot/order-requests", json=NAMED)
    assert (response.status_code, problem(response)["code"]) == (503, "commit-unknown")
    assert response.json()["outcome"] == "unknown"
    assert response.headers["retry-after"] == "1"


def test_two_servers_comparing_at_once(kept):
    """Neither knows of the other until one has committed: the second undoes its own and answers the same."""
    meet = threading.Barrier(2, timeout=20)

    class Slow(SimulatedVenue):
        def open_orders(self, scope):
            meet.wait()
            return super().open_orders(scope)

    with (
        registered(server(kept, venue=Slow())) as one,
        server(kept, venue=Slow()) as other,
        ThreadPoolExecutor(2) as pool,
    ):
        answers = list(pool.map(lambda client: keyed(client, {}, "r", "reconciliations"), (one, other)))
        assert [answer.status_code for answer in answers] == [201, 201]
        assert answers[0].text == answers[1].text
        assert sorted(answer.headers.get("idempotency-replayed", "") for answer in answers) == ["", "true"]
    runs = ReconciliationFilter(types=(ReconciliationType.RUN,))
    assert len(kept.run(lambda uow: uow.reconciliations.list(runs, None, 10), read_only=True).items) == 1
