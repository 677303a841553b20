"""What a connection does to a request: bodies that are cut off, headers that come twice, names of hosts."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from http_house import SYMBOL, executed, key, registered, server, submitted
from wires import asked, served, spoken

from sot.adapters.venues.simulated import SimulatedVenue

JSON = "Content-Type: application/json"
HOSTS = frozenset({"localhost", "[::1]"})


@pytest.fixture
def house(kept):
    return registered(server(kept, hosts=None))


def head(method: str, path: str, *headers: str, host: str = "localhost") -> bytes:
    return "\r\n".join([f"{method} {path} HTTP/1.1", f"Host: {host}", "Connection: close", *headers, "", ""]).encode()


@pytest.mark.parametrize("came", [b"", b"{", b'{"reason": "a"'])
def test_a_body_that_is_cut_off_does_nothing(house, came):
    """Even where a body may be left out: what did not arrive may have said when, why, and in which account."""
    request = submitted(house, "a")
    with served(house.app) as port:
        with socket.create_connection(("127.0.0.1", port)) as line:
            path = f"/sot/order-requests/{request['id']}/withdrawal"
            line.sendall(head("POST", path, JSON, "Content-Length: 60") + came)
            time.sleep(0.1)
        time.sleep(0.1)
        assert asked(port, "GET", f"/sot/order-requests/{request['id']}").json()["status"] == "PENDING"


def test_headers_that_are_lists_may_come_in_lines(house):
    order = executed(house, "a")
    path = f"/sot/orders/{order['order_id']}"
    tag = house.get(path).headers["ETag"]
    with served(house.app) as port:
        for tags in ((tag, '"other"'), ('"other"', tag)):
            lines = [f"If-None-Match: {one}" for one in tags]
            assert spoken(port, head("GET", path, *lines)).status == 304


ONE_ONLY = {
    "Idempotency-Key": ("a", "b", 400, "idempotency-key-invalid"),
    "Content-Type": ("text/plain", "application/json", 415, "unsupported-media-type"),
}


@pytest.mark.parametrize("name", ONE_ONLY)
def test_headers_that_are_no_lists_come_once(house, name):
    first, second, status, code = ONE_ONLY[name]
    body = b'{"reason": "a"}'
    request = submitted(house, "a")
    lines = [f"{name}: {first}", f"{name}: {second}", f"Content-Length: {len(body)}"]
    if name != "Content-Type":
        lines.append(JSON)
    with served(house.app) as port:
        got = spoken(port, head("POST", f"/sot/order-requests/{request['id']}/withdrawal", *lines) + body)
    assert (got.status, got.json()["code"]) == (status, code)


def test_two_keys_open_nothing(kept):
    client = server(kept, keys=True)
    given = key(kept)["Authorization"]
    with served(client.app) as port:
        one = f"Authorization: {given}"
        assert spoken(port, head("GET", "/sot/orders", one)).status == 200
        for other in (one, "Authorization: Bearer sot_a_b"):
            assert spoken(port, head("GET", "/sot/orders", one, other)).status == 401
            assert spoken(port, head("GET", "/sot/orders", other, other)).status == 401


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200), ("LocalHost:8000", 200), ("localhost:", 200), ("[::1]", 200), ("[::1]:80", 200),
        ("localhost:80@evil", 421), ("localhost:x", 421), ("[::1]evil", 421), ("[::1", 421), ("evil", 421),
        ("localhost.evil", 421), ("a@localhost", 421), ("", 421),
    ],
)  # fmt: skip
def test_names_of_hosts_are_whole(kept, host, status):
    client = server(kept, hosts=HOSTS)
    with served(client.app) as port:
        assert spoken(port, head("GET", "/sot/orders", host=host)).status == status


def test_the_feed_does_not_wait_for_a_venue(kept):
    asked_, go_on = threading.Event(), threading.Event()

    class Slow(SimulatedVenue):
        def submit(self, order):
            asked_.set()
            assert go_on.wait(timeout=30)
            return super().submit(order)

    venue = Slow(prices={SYMBOL: Decimal(50000)})
    client = registered(server(kept, venue=venue, venue_threads=1, hosts=None))
    request = submitted(client, "a")
    with served(client.app) as port, ThreadPoolExecutor() as pool:
        executed_ = pool.submit(asked, port, "POST", f"/sot/execute/{request['id']}")
        try:
            assert asked_.wait(timeout=30)
            told = pool.submit(asked, port, "GET", "/sot/events")
            assert told.result(timeout=10).status == 200
        finally:
            go_on.set()
        assert executed_.result(timeout=30).status == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("http://localhost", 200), ("http://localhost:3000", 200), ("https://[::1]:80", 200), ("http://evil", 421),
        ("http://localhost.evil", 421), ("http://localhost@evil", 421), ("null", 421), ("", 421), ("localhost", 421),
    ],
)  # fmt: skip
def test_pages_from_elsewhere_do_nothing_where_no_keys_are_needed(kept, origin, status):
    """A browser lets any page send a POST without a body, and tells whose page it was."""
    client = server(kept, hosts=HOSTS)
    with served(client.app) as port:
        got = spoken(port, head("POST", "/sot/recovery", f"Origin: {origin}", "Content-Length: 0"))
    assert got.status == status
