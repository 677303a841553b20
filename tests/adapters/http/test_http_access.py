"""API keys: scopes, accounts, and servers without keys."""

import pytest
from http_client import (
    ALL_SCOPES,
    SYMBOL,
    execute_intent,
    key_headers,
    make_client,
    read_problem,
    register_instrument,
    submit_intent,
)

from sot.adapters.http.routes import ROUTES
from sot.application.access.keys import revoke_key
from sot.domain.values.vocabulary import AccessScope

PLAIN = {"Content-Type": "application/json"}


@pytest.fixture
def secured(store):
    """A client of a server with keys, with an order in each of two accounts."""
    with make_client(store, keys=True) as client:
        client.master = key_headers(store)
        client.store = store
        client.orders = {}
        for account in ("alice", "bob"):
            register_instrument(client, account, client.master)
            client.orders[account] = execute_intent(client, f"{account}-1", client.master, account_id=account)
        yield client


def path_of(route, **names):
    path = route.path
    for name in ("order_id", "request_id", "finding_id"):
        path = path.replace("{" + name + "}", names.get(name, "01890a5d-ac96-774b-bcce-b302099a8057"))
    return path


def required_parameters(route):
    return [parameter.name for parameter in route.query if parameter.required or parameter.name == "number"]


WITH_SCOPE = [route for route in ROUTES if route.scope is not None]


@pytest.mark.parametrize("route", WITH_SCOPE, ids=lambda route: route.name)
def test_every_route_requires_a_valid_key(secured, route):
    for headers in (
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer sot_0123456789abcdef_" + "x" * 43},
        {"Authorization": "Bearer " + "x" * 5000},
        {"Authorization": secured.master["Authorization"][:-1] + "!"},
    ):
        response = secured.request(route.method, path_of(route), headers=headers)
        assert (response.status_code, read_problem(response)["code"]) == (401, "not-authenticated")
        assert response.headers["www-authenticate"].startswith('Bearer realm="sot"')


@pytest.mark.parametrize("route", WITH_SCOPE, ids=lambda route: route.name)
def test_each_route_needs_its_scope(secured, route):
    others = key_headers(secured.store, scopes=[scope for scope in ALL_SCOPES if scope is not route.scope])
    response = secured.request(route.method, path_of(route), headers=others)
    assert (response.status_code, read_problem(response)["code"]) == (403, "not-allowed")
    sufficient = key_headers(secured.store, scopes=[route.scope])
    assert secured.request(route.method, path_of(route), headers=sufficient).status_code not in (401, 403)


def test_routes_without_a_scope_are_open(secured):
    for route in ROUTES:
        if route.scope is None:
            assert secured.get(route.path.replace("{slug}", "not-found")).status_code == 200


def test_a_revoked_key_is_rejected_at_once(secured):
    headers = key_headers(secured.store, "alice")
    assert secured.get("/sot/orders", headers=headers).status_code == 200
    secured.store.run(lambda uow: revoke_key(uow, headers["Authorization"].split("_")[1]))
    response = secured.get("/sot/orders", headers=headers)
    assert response.status_code == 401
    assert 'error="invalid_token"' in response.headers["www-authenticate"]


def test_secrets_are_not_stored(secured):
    headers = key_headers(secured.store, "alice")
    secret = headers["Authorization"].split("_", 2)[2]
    keys = secured.store.run(lambda uow: uow.api_keys.list(), read_only=True)
    assert not any(secret in repr(record) for record in keys)


def test_the_account_of_the_key_is_the_default(secured):
    alice = key_headers(secured.store, "alice")
    assert submit_intent(secured, "alice-2", alice)["account_id"] == "alice"
    listed = secured.get("/sot/order-requests", headers=alice).json()["data"]
    assert {request["account_id"] for request in listed} == {"alice"}


def test_a_key_of_several_accounts_must_name_one(secured):
    both = key_headers(secured.store, "alice", "bob")
    response = secured.get("/sot/orders", headers=both)
    assert (response.status_code, read_problem(response)["errors"][0]["parameter"]) == (400, "account_id")
    response = secured.post("/sot/order-requests", json={"client_order_id": "x"}, headers=both)
    assert (response.status_code, read_problem(response)["errors"][0]["pointer"]) == (422, "#/account_id")
    for account in ("alice", "bob"):
        (order,) = secured.get(f"/sot/orders?account_id={account}", headers=both).json()["data"]
        assert order["account_id"] == account


def test_a_key_of_all_accounts_lists_all(secured):
    orders = secured.get("/sot/orders", headers=secured.master).json()["data"]
    assert [order["account_id"] for order in orders] == ["alice", "bob"]


ABSENT = "01890a5d-ac96-774b-bcce-b302099a8057"


@pytest.mark.parametrize(
    "route",
    [route for route in WITH_SCOPE if "{order_id}" in route.path or "{request_id}" in route.path],
    ids=lambda r: r.name,
)
def test_rows_of_other_accounts_are_not_found(secured, route):
    alice, order = key_headers(secured.store, "alice"), secured.orders["bob"]
    other = path_of(route, order_id=order["order_id"], request_id=order["request_id"])
    absent = path_of(route, order_id=ABSENT, request_id=ABSENT)
    bodies = {
        "voidEvent": {"reason": "x", "sequence": 2},
        "recordMark": {"mark": "1"},
        "resolveOrder": {"reason": "x"},
        "attributeOrder": {"reason": "x", "order_id": ABSENT},
        "addRiskCheck": {"rule_code": "a", "passed": True},
        "requestReplace": {"client_order_id": "z", "quantity": "2"},
        "requestCancel": {"idempotency_key": "z"},
    }
    before = secured.get("/sot/events?page_size=500", headers=secured.master).json()
    problems = []
    for path in (other, absent):
        body = {} if route.is_get else {"json": bodies.get(route.name, {})}
        response = secured.request(route.method, path, headers=alice, **body)
        problem = read_problem(response)
        assert (response.status_code, problem.pop("code")) == (404, "not-found")
        problem.pop("instance"), problem.pop("request_id")
        problems.append((problem, set(response.headers)))
    assert problems[0] == problems[1]
    assert secured.get("/sot/events?page_size=500", headers=secured.master).json() == before


def test_an_account_key_reads_the_same_as_a_key_of_all(secured):
    """All routes that read, of the present and of the past: the responses to both keys are equal."""
    alice, order = key_headers(secured.store, "alice"), secured.orders["alice"]
    secured.post(f"/sot/orders/{order['order_id']}/marks", json={"mark": "50001"}, headers=alice)
    secured.post("/sot/checkpoints", headers={**secured.master, "Idempotency-Key": "s"})
    cursor = secured.get("/sot/events?page_size=500", headers=alice).json()["next_cursor"]
    needed = {"venue": "SIMULATED", "symbol": SYMBOL, "kind": "EVENT", "key": order["order_id"], "number": 1, "mark": 1}
    count = 0
    for route in WITH_SCOPE:
        if not route.is_get or "{finding_id}" in route.path or route.scope is AccessScope.METRICS:
            continue
        names = {parameter.name for parameter in route.query}
        query = {name: needed[name] for name in required_parameters(route)}
        account = {"account_id": "alice"} if "account_id" in names else {}
        path = path_of(route, order_id=order["order_id"], request_id=order["request_id"])
        for past in [{}, {"as_of": cursor}] if "as_of" in names else [{}]:
            own = secured.get(path, params={**query, **past}, headers=alice)
            expected = secured.get(path, params={**query, **past, **account}, headers=secured.master)
            assert own.status_code == 200, (route.name, own.text)
            assert own.text == expected.text, route.name
            count += 1
    assert count > 30


def test_lists_of_other_accounts_are_empty(secured):
    alice = key_headers(secured.store, "alice")
    for route in WITH_SCOPE:
        if (
            not route.is_get
            or "{" in route.path
            or not any(parameter.name == "account_id" for parameter in route.query)
        ):
            continue
        needed = {
            "venue": "SIMULATED",
            "symbol": SYMBOL,
            "kind": "EVENT",
            "key": secured.orders["bob"]["order_id"],
            "number": 1,
        }
        query = {name: needed[name] for name in required_parameters(route) if name in needed}
        other, absent = (
            secured.get(route.path, params={**query, "account_id": account}, headers=alice)
            for account in ("bob", "carol")
        )
        assert other.status_code == absent.status_code
        if other.status_code == 200 and "json" in other.headers["content-type"]:
            assert other.json() == absent.json()
            assert other.json()["data"] == [], route.name
        assert "bob" not in other.text


def test_a_body_cannot_name_another_account(secured):
    alice = key_headers(secured.store, "alice")
    for path in ("order-requests", "instruments", "reports", "account-events", "reconciliations"):
        problems = []
        for account in ("bob", "carol"):
            body = {"account_id": account, "type": "TRADE", "client_order_id": "bob-1"}
            response = secured.post(f"/sot/{path}", json=body, headers={**alice, "Idempotency-Key": account})
            problem = read_problem(response)
            problem.pop("request_id")
            problems.append((response.status_code, problem))
        assert problems[0] == problems[1]
        assert problems[0][0] == 404


def test_references_to_other_accounts_are_unknown(secured):
    """A target, a parent or a retry of another account is as unknown as one that does not exist."""
    alice, order = key_headers(secured.store, "alice"), secured.orders["bob"]
    for field, other in (("parent_id", order["request_id"]), ("retry_of", order["request_id"])):
        problems = []
        for value in (other, ABSENT):
            body = {
                "client_order_id": "x",
                "symbol": SYMBOL,
                "side": "BUY",
                "order_type": "MARKET",
                "quantity": "1",
                field: value,
            }
            response = secured.post("/sot/order-requests", json=body, headers=alice)
            assert response.status_code == 422
            problems.append(read_problem(response)["detail"])
        assert problems[0] == problems[1]
    for value in (order["order_id"], ABSENT):
        body = {"client_order_id": "x", "action": "CANCEL", "target_order_id": value}
        assert secured.post("/sot/order-requests", json=body, headers=alice).status_code == 422


def test_the_feed_hides_other_accounts(secured):
    alice = key_headers(secured.store, "alice")
    followed = secured.get("/sot/events?page_size=500", headers=alice).json()
    assert {item["event"]["account_id"] for item in followed["data"]} == {"alice"}
    everything = secured.get("/sot/events?page_size=500", headers=secured.master).json()
    assert followed["next_cursor"] == everything["next_cursor"]
    stream = secured.get("/sot/events/stream", headers=alice).text
    assert "bob" not in stream
    assert f"id: {followed['next_cursor']}\n\n" in stream


def test_the_name_of_the_key_is_the_actor(secured):
    alice = key_headers(secured.store, "alice", name="desk of alice")
    order_id = secured.orders["alice"]["order_id"]
    for body, actor in (({"mark": "1"}, "desk of alice"), ({"mark": "2", "actor": "alice herself"}, "alice herself")):
        assert secured.post(f"/sot/orders/{order_id}/marks", json=body, headers=alice).status_code == 200
        entries = secured.get(f"/sot/orders/{order_id}/timeline", headers=alice).json()["data"]
        assert entries[-1]["actor"] == actor


def test_error_responses_take_a_minimum_time(store):
    """The duration does not show whether a row exists in another account."""
    import time

    client = make_client(store, keys=True, refusal_seconds=1)
    headers = key_headers(store, "alice", scopes=[AccessScope.READ])
    started = time.monotonic()
    assert client.get(f"/sot/orders/{ABSENT}", headers=headers).status_code == 404
    assert time.monotonic() - started >= 1
    started = time.monotonic()
    assert client.get("/sot/orders", headers=headers).status_code == 200
    assert time.monotonic() - started < 1


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "", "[::2]"])
def test_without_keys_other_hosts_are_rejected(store, host):
    client = make_client(store, hosts=frozenset({"localhost", "127.0.0.1", "[::1]"}))
    response = client.get("/sot/orders", headers={"Host": host})
    assert (response.status_code, read_problem(response)["code"]) == (421, "misdirected")
    for accepted in ("localhost", "127.0.0.1:8000", "[::1]:8000"):
        assert client.get("/sot/orders", headers={"Host": accepted}).status_code == 200
