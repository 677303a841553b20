"""Incomplete bodies, repeated headers, host names and origins."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from http_client import SYMBOL, execute_intent, key_headers, make_client, register_instrument, submit_intent
from raw_http import running_server, send_bytes, send_request

from sot.adapters.venues.simulated import SimulatedVenue

JSON = "Content-Type: application/json"
HOSTS = frozenset({"localhost", "[::1]"})


@pytest.fixture
def client(store):
    return register_instrument(make_client(store, hosts=None))


def head(method: str, path: str, *headers: str, host: str = "localhost") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close", *headers, "", ""]).encode()


@pytest.mark.parametrize("received", [b"", b"{", b'{"reason": "a"'])
def test_an_incomplete_body_has_no_effect(client, received):
    """Even where the body is optional: the missing part may have contained a reason or a time."""
    request = submit_intent(client, "a")
    with running_server(client.app) as port:
        with socket.create_connection(("127.0.0.1", port)) as connection:
            path = f"/sot/order-requests/{request['id']}/withdrawal"
            connection.sendall(head("POST", path, JSON, "Content-Length: 60") + received)
            time.sleep(0.1)
        time.sleep(0.1)
        assert send_request(port, "GET", f"/sot/order-requests/{request['id']}").json()["status"] == "PENDING"


def test_list_headers_may_be_repeated(client):
    order = execute_intent(client, "a")
    path = f"/sot/orders/{order['order_id']}"
    tag = client.get(path).headers["ETag"]
    with running_server(client.app) as port:
        for tags in ((tag, '"other"'), ('"other"', tag)):
            lines = [f"If-None-Match: {value}" for value in tags]
            assert send_bytes(port, head("GET", path, *lines)).status == 304


NOT_REPEATABLE = {
    "Idempotency-Key": ("a", "b", 400, "idempotency-key-invalid"),
    "Content-Type": ("text/plain", "application/json", 415, "unsupported-media-type"),
}


@pytest.mark.parametrize("name", NOT_REPEATABLE)
def test_other_headers_must_not_be_repeated(client, name):
    first, second, status, code = NOT_REPEATABLE[name]
    body = b'{"reason": "a"}'
    request = submit_intent(client, "a")
    lines = [f"{name}: {first}", f"{name}: {second}", f"Content-Length: {len(body)}"]
    if name != "Content-Type":
        lines.append(JSON)
    with running_server(client.app) as port:
        response = send_bytes(port, head("POST", f"/sot/order-requests/{request['id']}/withdrawal", *lines) + body)
    assert (response.status, response.json()["code"]) == (status, code)


def test_two_api_keys_are_rejected(store):
    client = make_client(store, keys=True)
    value = key_headers(store)["Authorization"]
    with running_server(client.app) as port:
        valid = f"Authorization: {value}"
        assert send_bytes(port, head("GET", "/sot/orders", valid)).status == 200
        for other in (valid, "Authorization: Bearer sot_a_b"):
            assert send_bytes(port, head("GET", "/sot/orders", valid, other)).status == 401
            assert send_bytes(port, head("GET", "/sot/orders", other, other)).status == 401


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200), ("LocalHost:8000", 200), ("localhost:", 200), ("[::1]", 200), ("[::1]:80", 200),
        ("localhost:80@evil", 421), ("localhost:x", 421), ("[::1]evil", 421), ("[::1", 421), ("evil", 421),
        ("localhost.evil", 421), ("a@localhost", 421), ("", 421),
    ],
)  # fmt: skip
def test_host_names_match_as_a_whole(store, host, status):
    client = make_client(store, hosts=HOSTS)
    with running_server(client.app) as port:
        assert send_bytes(port, head("GET", "/sot/orders", host=host)).status == status


def test_the_feed_is_not_blocked_by_a_venue(store):
    called, proceed = threading.Event(), threading.Event()

    class Slow(SimulatedVenue):
        def submit(self, order):
            called.set()
            assert proceed.wait(timeout=30)
            return super().submit(order)

    venue = Slow(prices={SYMBOL: Decimal(50000)})
    client = register_instrument(make_client(store, venue=venue, venue_threads=1, hosts=None))
    request = submit_intent(client, "a")
    with running_server(client.app) as port, ThreadPoolExecutor() as pool:
        execution = pool.submit(send_request, port, "POST", f"/sot/execute/{request['id']}")
        try:
            assert called.wait(timeout=30)
            feed = pool.submit(send_request, port, "GET", "/sot/events")
            assert feed.result(timeout=10).status == 200
        finally:
            proceed.set()
        assert execution.result(timeout=30).status == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost", 200), ("http://localhost:3000", 200), ("https://[::1]:80", 200), ("http://evil", 421),
        ("http://localhost.evil", 421), ("http://localhost@evil", 421), ("null", 421), ("", 421), ("localhost", 421),
    ],
)  # fmt: skip
def test_without_keys_other_origins_are_rejected(store, origin, status):
    """A browser lets any page send a POST without a body, and adds the page's origin."""
    client = make_client(store, hosts=HOSTS)
    with running_server(client.app) as port:
        response = send_bytes(port, head("POST", "/sot/recovery", f"Origin: {origin}", "Content-Length: 0"))
    assert response.status == status
