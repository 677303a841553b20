"""Who may do what, and what is there for whom."""

import pytest
from http_house import EVERYTHING, SYMBOL, executed, key, problem, registered, server, submitted

from sot.adapters.http.routes import ROUTES
from sot.application.access.keys import revoke_key
from sot.domain.values.vocabulary import AccessScope

PLAIN = {"Content-Type": "application/json"}


@pytest.fixture
def guarded(kept):
    """A server that needs keys, with an order in each of two accounts."""
    with server(kept, keys=True) as client:
        client.master = key(kept)
        client.kept = kept
        client.orders = {}
        for account in ("alice", "bob"):
            registered(client, account, client.master)
            client.orders[account] = executed(client, f"{account}-1", client.master, account_id=account)
        yield client


def address(route, **names):
    path = route.path
    for name in ("order_id", "request_id", "finding_id"):
        path = path.replace("{" + name + "}", names.get(name, "01890a5d-ac96-774b-bcce-b302099a8057"))
    return path


SCOPED = [route for route in ROUTES if route.scope is not None]


@pytest.mark.parametrize("route", SCOPED, ids=lambda route: route.name)
def test_no_route_is_open(guarded, route):
    for headers in (
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Basic YTpi"},
        {"Authorization": "Bearer sot_0123456789abcdef_" + "x" * 43},
        {"Authorization": "Bearer " + "x" * 5000},
        {"Authorization": guarded.master["Authorization"][:-1] + "!"},
    ):
        response = guarded.request(route.method, address(route), headers=headers)
        assert (response.status_code, problem(response)["code"]) == (401, "not-authenticated")
        assert response.headers["www-authenticate"].startswith('Bearer realm="sot"')


@pytest.mark.parametrize("route", SCOPED, ids=lambda route: route.name)
def test_each_route_needs_its_scope(guarded, route):
    others = key(guarded.kept, scopes=[scope for scope in EVERYTHING if scope is not route.scope])
    response = guarded.request(route.method, address(route), headers=others)
    assert (response.status_code, problem(response)["code"]) == (403, "not-allowed")
    just = key(guarded.kept, scopes=[route.scope])
    assert guarded.request(route.method, address(route), headers=just).status_code not in (401, 403)


def test_what_anybody_may_ask(guarded):
    for route in ROUTES:
        if route.scope is None:
            assert guarded.get(route.path.replace("{slug}", "not-found")).status_code == 200


def test_a_revoked_key_opens_nothing_at_once(guarded):
    headers = key(guarded.kept, "alice")
    assert guarded.get("/sot/orders", headers=headers).status_code == 200
    guarded.kept.run(lambda uow: revoke_key(uow, headers["Authorization"].split("_")[1]))
    response = guarded.get("/sot/orders", headers=headers)
    assert response.status_code == 401
    assert 'error="invalid_token"' in response.headers["www-authenticate"]


def test_secrets_are_not_stored(guarded):
    headers = key(guarded.kept, "alice")
    secret = headers["Authorization"].split("_", 2)[2]
    keys = guarded.kept.run(lambda uow: uow.api_keys.list(), read_only=True)
    assert not any(secret in repr(one) for one in keys)


def test_the_account_of_a_key_is_the_one_that_is_meant(guarded):
    alice = key(guarded.kept, "alice")
    assert submitted(guarded, "alice-2", alice)["account_id"] == "alice"
    listed = guarded.get("/sot/order-requests", headers=alice).json()["data"]
    assert {request["account_id"] for request in listed} == {"alice"}


def test_with_several_accounts_one_is_named(guarded):
    both = key(guarded.kept, "alice", "bob")
    response = guarded.get("/sot/orders", headers=both)
    assert (response.status_code, problem(response)["errors"][0]["parameter"]) == (400, "account_id")
    response = guarded.post("/sot/order-requests", json={"client_order_id": "x"}, headers=both)
    assert (response.status_code, problem(response)["errors"][0]["pointer"]) == (422, "#/account_id")
    for account in ("alice", "bob"):
        (order,) = guarded.get(f"/sot/orders?account_id={account}", headers=both).json()["data"]
        assert order["account_id"] == account


def test_a_key_of_all_accounts_lists_all(guarded):
    orders = guarded.get("/sot/orders", headers=guarded.master).json()["data"]
    assert [order["account_id"] for order in orders] == ["alice", "bob"]


ABSENT = "01890a5d-ac96-774b-bcce-b302099a8057"


@pytest.mark.parametrize(
    "route",
    [route for route in SCOPED if "{order_id}" in route.path or "{request_id}" in route.path],
    ids=lambda r: r.name,
)
def test_what_is_foreign_is_as_if_it_was_not_there(guarded, route):
    alice, order = key(guarded.kept, "alice"), guarded.orders["bob"]
    foreign = address(route, order_id=order["order_id"], request_id=order["request_id"])
    absent = address(route, order_id=ABSENT, request_id=ABSENT)
    bodies = {
        "voidEvent": {"reason": "x", "sequence": 2},
        "recordMark": {"mark": "1"},
        "resolveOrder": {"reason": "x"},
        "attributeOrder": {"reason": "x", "order_id": ABSENT},
        "addRiskCheck": {"rule_code": "a", "passed": True},
        "requestReplace": {"client_order_id": "z", "quantity": "2"},
        "requestCancel": {"idempotency_key": "z"},
    }
    before = guarded.get("/sot/events?page_size=500", headers=guarded.master).json()
    told = []
    for path in (foreign, absent):
        body = {} if route.is_get else {"json": bodies.get(route.name, {})}
        response = guarded.request(route.method, path, headers=alice, **body)
        said = problem(response)
        assert (response.status_code, said.pop("code")) == (404, "not-found")
        said.pop("instance"), said.pop("request_id")
        told.append((said, set(response.headers)))
    assert told[0] == told[1]
    assert guarded.get("/sot/events?page_size=500", headers=guarded.master).json() == before


def test_what_is_ones_own_is_told_as_to_everybody(guarded):
    """Every route that reads, now and of a past moment: the key of an account sees of it what a key of all sees."""
    alice, order = key(guarded.kept, "alice"), guarded.orders["alice"]
    guarded.post(f"/sot/orders/{order['order_id']}/marks", json={"mark": "50001"}, headers=alice)
    guarded.post("/sot/checkpoints", headers={**guarded.master, "Idempotency-Key": "s"})
    cursor = guarded.get("/sot/events?page_size=500", headers=alice).json()["next_cursor"]
    needed = {"venue": "SIMULATED", "symbol": SYMBOL, "kind": "EVENT", "key": order["order_id"], "number": 1, "mark": 1}
    count = 0
    for route in SCOPED:
        if not route.is_get or "{finding_id}" in route.path:
            continue
        names = {one.name for one in route.query}
        given = {one.name: needed[one.name] for one in route.query if one.required or one.name == "number"}
        account = {"account_id": "alice"} if "account_id" in names else {}
        path = address(route, order_id=order["order_id"], request_id=order["request_id"])
        for past in [{}, {"as_of": cursor}] if "as_of" in names else [{}]:
            mine = guarded.get(path, params={**given, **past}, headers=alice)
            theirs = guarded.get(path, params={**given, **past, **account}, headers=guarded.master)
            assert mine.status_code == 200, (route.name, mine.text)
            assert mine.text == theirs.text, route.name
            count += 1
    assert count > 30


def test_lists_of_foreign_accounts_are_empty(guarded):
    alice = key(guarded.kept, "alice")
    for route in SCOPED:
        if not route.is_get or "{" in route.path or not any(one.name == "account_id" for one in route.query):
            continue
        needed = {
            "venue": "SIMULATED",
            "symbol": SYMBOL,
            "kind": "EVENT",
            "key": guarded.orders["bob"]["order_id"],
            "number": 1,
        }
        given = {
            one.name: needed[one.name]
            for one in route.query
            if one.name in needed and (one.required or one.name == "number")
        }
        foreign, absent = (
            guarded.get(route.path, params={**given, "account_id": account}, headers=alice)
            for account in ("bob", "carol")
        )
        assert foreign.status_code == absent.status_code
        if foreign.status_code == 200 and "json" in foreign.headers["content-type"]:
            assert foreign.json() == absent.json()
            assert foreign.json()["data"] == [], route.name
        assert "bob" not in foreign.text


def test_a_body_that_names_a_foreign_account(guarded):
    alice = key(guarded.kept, "alice")
    for path in ("order-requests", "instruments", "reports", "account-events", "reconciliations"):
        told = []
        for account in ("bob", "carol"):
            body = {"account_id": account, "type": "TRADE", "client_order_id": "bob-1"}
            response = guarded.post(f"/sot/{path}", json=body, headers={**alice, "Idempotency-Key": account})
            said = problem(response)
            said.pop("request_id")
            told.append((response.status_code, said))
        assert told[0] == told[1]
        assert told[0][0] == 404


def test_links_to_what_is_foreign(guarded):
    """A target, a parent, a retry of another account is as unknown as one that is not there."""
    alice, order = key(guarded.kept, "alice"), guarded.orders["bob"]
    for field, foreign in (("parent_id", order["request_id"]), ("retry_of", order["request_id"])):
        told = []
        for value in (foreign, ABSENT):
            body = {
                "client_order_id": "x",
                "symbol": SYMBOL,
                "side": "BUY",
                "order_type": "MARKET",
                "quantity": "1",
                field: value,
            }
            response = guarded.post("/sot/order-requests", json=body, headers=alice)
            assert response.status_code == 422
            told.append(problem(response)["detail"])
        assert told[0] == told[1]
    for value in (order["order_id"], ABSENT):
        body = {"client_order_id": "x", "action": "CANCEL", "target_order_id": value}
        assert guarded.post("/sot/order-requests", json=body, headers=alice).status_code == 422


def test_the_feed_shows_what_is_ones_own(guarded):
    alice = key(guarded.kept, "alice")
    followed = guarded.get("/sot/events?page_size=500", headers=alice).json()
    assert {item["event"]["account_id"] for item in followed["data"]} == {"alice"}
    everything = guarded.get("/sot/events?page_size=500", headers=guarded.master).json()
    assert followed["next_cursor"] == everything["next_cursor"]
    stream = guarded.get("/sot/events/stream", headers=alice).text
    assert "bob" not in stream
    assert f"id: {followed['next_cursor']}\n\n" in stream


def test_the_actor_is_who_holds_the_key(guarded):
    alice = key(guarded.kept, "alice", name="desk of alice")
    order_id = guarded.orders["alice"]["order_id"]
    for body, actor in (({"mark": "1"}, "desk of alice"), ({"mark": "2", "actor": "alice herself"}, "alice herself")):
        assert guarded.post(f"/sot/orders/{order_id}/marks", json=body, headers=alice).status_code == 200
        entries = guarded.get(f"/sot/orders/{order_id}/timeline", headers=alice).json()["data"]
        assert entries[-1]["actor"] == actor


def test_refusals_take_their_time(kept):
    """As long for what is foreign as for what is not there: so long that what was looked up does not show."""
    import time

    client = server(kept, keys=True, refusal_seconds=1)
    headers = key(kept, "alice", scopes=[AccessScope.READ])
    began = time.monotonic()
    assert client.get(f"/sot/orders/{ABSENT}", headers=headers).status_code == 404
    assert time.monotonic() - began >= 1
    began = time.monotonic()
    assert client.get("/sot/orders", headers=headers).status_code == 200
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "127.0.0.1.evil.example", "", "[::2]"])
def test_without_keys_other_names_lead_nowhere(kept, host):
    client = server(kept, hosts=frozenset({"localhost", "127.0.0.1", "[::1]"}))
    response = client.get("/sot/orders", headers={"Host": host})
    assert (response.status_code, problem(response)["code"]) == (421, "misdirected")
    for own in ("localhost", "127.0.0.1:8000", "[::1]:8000"):
        assert client.get("/sot/orders", headers={"Host": own}).status_code == 200
