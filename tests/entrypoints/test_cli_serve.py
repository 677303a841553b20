"""`sot keys` and `sot serve`."""

import json
import re

import pytest
from tests.support.command_line import sot
from tests.support.server_process import served


def keys(store):
    result = sot("keys", "list", "--store", store, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)["keys"]


@pytest.fixture
def store(tmp_path):
    return tmp_path / "orders.db"


def create_key(store, *options):
    result = sot("keys", "create", "--store", store, *options)
    assert result.exit_code == 0, result.output
    return result.stdout.strip()


def test_a_key_is_made_listed_and_ended(store):
    token = create_key(
        store, "--scope", "read", "--scope", "SUBMIT", "--account", "main", "--account", "other", "--name", "desk"
    )
    (key,) = keys(store)
    assert token.startswith(f"sot_{key['key_id']}_")
    assert (key["scopes"], key["accounts"], key["name"]) == (["READ", "SUBMIT"], ["main", "other"], "desk")
    assert key["revoked_at"] is None
    assert token.split("_", 2)[2] not in sot("keys", "list", "--store", store).output
    for _ in range(2):
        assert sot("keys", "revoke", key["key_id"], "--store", store).exit_code == 0
    assert keys(store)[0]["revoked_at"].endswith("Z")
    assert "desk" in sot("keys", "list", "--store", store).stdout


def test_as_json(store):
    view = json.loads(create_key(store, "--scope", "read", "--all-accounts", "--json"))
    assert view["token"].startswith(f"sot_{view['key_id']}_")
    assert view["accounts"] is None


@pytest.mark.parametrize(
    "options",
    [
        ["--scope", "read"],
        ["--scope", "read", "--account", "main", "--all-accounts"],
        ["--scope", "read", "--account", ""],
        ["--scope", "write", "--account", "main"],
        ["--account", "main"],
        ["--scope", "read", "--account", "main", "--name", "x" * 256],
    ],
)
def test_what_is_no_key(store, options):
    assert sot("keys", "create", "--store", store, *options).exit_code == 2
    assert not store.exists() or keys(store) == []


def test_no_such_key(store):
    assert sot("keys", "list", "--store", store).exit_code == 3
    create_key(store, "--scope", "read", "--account", "main")
    result = sot("keys", "revoke", "0123456789abcdef", "--store", store)
    assert (result.exit_code, "Traceback" in result.output) == (2, False)


def test_without_a_key_it_listens_on_loopback_only(store):
    for host in ("0.0.0.0", "::", "10.1.2.3", "example.org"):
        result = sot("serve", "--store", store, "--host", host)
        assert result.exit_code == 2
        assert "sot keys create" in result.stderr


@pytest.mark.parametrize(
    "options",
    [
        ["--price", "BTC/USDT=1"],
        ["--venue", "nonsense"],
        ["--venue", "simulated", "--price", "x"],
        ["--key", "/nowhere.pem"],
        ["--port", "0"],
        ["--currency", "EUR"],
    ],
)
def test_what_cannot_be_served(store, options):
    result = sot("serve", "--store", store, *options)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_trying_it_out(store):
    with served(store, "--venue", "simulated", "--price", "BTC/USDT=50000") as server:
        client = server.client
        instrument = {"symbol": "BTC/USDT", "kind": "SPOT", "base": "BTC", "quote": "USDT"}
        assert client.post("/sot/instruments", json=instrument).status_code == 201
        intent = {"symbol": "BTC/USDT", "side": "BUY", "order_type": "MARKET", "quantity": "1", "idempotency_key": "a"}
        request = client.post("/sot/order-requests", json=intent).json()
        order = client.post(f"/sot/execute/{request['id']}").json()
        assert (order["status"], order["avg_price"], order["account_id"]) == ("FILLED", "50000", "default")
        assert client.get("/sot/orders", headers={"Host": "example.org"}).status_code == 421
        output = server.stop()
    assert "the store has no key" in output
    assert "Traceback" not in output
    result = sot("show", order["order_id"], "--store", store, "--json")
    assert json.loads(result.stdout)["status"] == "FILLED"


def test_with_a_key(store):
    token = create_key(store, "--scope", "read", "--account", "main")
    with served(store) as server:
        client = server.client
        assert client.get("/sot/orders").status_code == 401
        headers = {"Authorization": f"Bearer {token}"}
        assert client.get("/sot/orders", headers=headers).json()["data"] == []
        assert sot("keys", "revoke", keys(store)[0]["key_id"], "--store", store).exit_code == 0
        assert client.get("/sot/orders", headers=headers).status_code == 401


def test_the_page(store):
    token = create_key(store, "--scope", "read", "--account", "main")
    with served(store, "--session-hours", "0.5") as server:
        client = server.client
        response = client.get("/", follow_redirects=True)
        assert "API key" in response.text
        form = re.search(r'action="/login">\s*<input type="hidden" name="token" value="([^"]+)"', response.text)
        response = client.post("/login", data={"token": form[1], "key": token})
        assert (response.status_code, response.headers["location"]) == (303, "/orders")
        assert "Max-Age=1800" in response.headers["set-cookie"]
        assert "No order is recorded" in client.get("/orders").text
        output = server.stop()
    assert token.split("_", 2)[2] not in output


def test_without_the_page(store):
    with served(store, "--no-page") as server:
        assert server.client.get("/").status_code == 404
        assert server.client.get("/sot/orders").status_code == 200


def test_the_page_is_in_a_currency(store, tmp_path):
    rates = tmp_path / "rates.csv"
    rates.write_text("pair,time,rate\nUSDT/EUR,2026-01-01T00:00:00Z,0.9\n")
    with served(store, "--rates", rates, "--currency", "EUR") as server:
        assert "In EUR: each part at the rate of its own time." in server.client.get("/results").text
    result = sot("serve", "--store", store, env={"SOT_CURRENCY": "EUR"})
    assert result.exit_code == 2
    assert "--currency" in result.stderr
    assert "--rates FILE" in result.stderr
