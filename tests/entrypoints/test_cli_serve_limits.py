"""`sot serve` under load and attack: idle and slow connections, streams, and what the log and the figures show."""

import json
import re
import socket
from contextlib import ExitStack, suppress
from http.client import HTTPResponse

import httpx2
import pytest
from tests.support.command_line import sot
from tests.support.server_process import served, wait_until

SCOPES = ("read", "submit", "execute", "reconcile", "admin", "metrics")
HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n"


@pytest.fixture
def store(tmp_path):
    return tmp_path / "orders.db"


def create_key(store, *scopes):
    options = [option for scope in scopes or SCOPES for option in ("--scope", scope)]
    result = sot("keys", "create", "--store", store, "--all-accounts", *options, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def bearer(key):
    return {"Authorization": f"Bearer {key['token']}"}


def is_closed(connection):
    """Whether the server has closed a connection."""
    connection.settimeout(0.05)
    try:
        return connection.recv(65536) == b""
    except TimeoutError:
        return False
    except OSError:
        return True


def response_of(connection):
    response = HTTPResponse(connection)
    response.begin()
    return response, json.loads(response.read())


# ----------------------------------------------------------------------------------------------------- idle and slow


@pytest.mark.parametrize(
    ("options", "files"), [(("--max-connections", "20"), None), ((), 256)], ids=["few connections", "few files"]
)
def test_idle_sockets_lock_nobody_out(store, options, files):
    """Each new connection beyond the limit takes the place of the one that is idle longest."""
    with served(store, *options, "--head-timeout", "300", files=files) as server, ExitStack() as stack:
        sockets = [stack.enter_context(server.connect()) for _ in range(300)]
        for _ in range(5):
            response = httpx2.get(f"http://127.0.0.1:{server.port}/sot/orders", timeout=20)
            assert (response.status_code, response.json()["data"]) == (200, [])
        wait_until(lambda: is_closed(sockets[0]), "the longest idle connection was closed")
        figures = server.client.get("/metrics").text
        assert float(re.search(r"^sot_http_connections_open (\S+)", figures, re.MULTILINE)[1]) <= 128
        assert float(re.search(r'refused_total{reason="idle while others came"} (\S+)', figures)[1]) >= 172
    assert "Too many open files" not in server.log.read_text()


def drip(connection, first, byte):
    """Send a beginning, then a byte now and then, until the server ends it; return whether it has."""
    connection.sendall(first)
    for _ in range(200):
        try:
            connection.sendall(byte)
        except OSError:
            return True
        if is_closed(connection):
            return True
    return False


SLOW = {
    "head": HEAD + b"X-Slow: ",
    "body that no handler reads": HEAD + b"Content-Length: 100000\r\n\r\n",
}


@pytest.mark.parametrize("name", SLOW)
def test_slow_requests_are_cut(store, name):
    options = ("--head-timeout", "0.3", "--body-timeout", "0.3", "--idle-timeout", "300")
    with served(store, *options) as server, server.connect() as connection:
        assert drip(connection, SLOW[name], b"a")
        assert server.client.get("/healthz").status_code == 200


def test_slow_heads_after_a_response_are_cut(store):
    with served(store, "--head-timeout", "0.3", "--idle-timeout", "300") as server, server.connect() as connection:
        connection.sendall(HEAD + b"\r\n")
        response, body = response_of(connection)
        assert (response.status, body) == (200, {"status": "ok"})
        assert drip(connection, HEAD + b"X-Slow: ", b"a")


def test_silent_connections_are_cut(store):
    options = ("--head-timeout", "0.3", "--idle-timeout", "1")
    with served(store, *options) as server, server.connect() as silent, server.connect() as answered:
        answered.sendall(HEAD + b"\r\n")
        assert response_of(answered)[0].status == 200
        for connection in (silent, answered):
            wait_until(lambda one=connection: is_closed(one), "the idle connection was closed")


def test_slow_bodies_are_refused(store):
    with served(store, "--body-timeout", "0.3") as server, server.connect() as connection:
        lines = ["POST /sot/reports HTTP/1.1", "Host: localhost", "Content-Type: application/json"]
        connection.sendall("\r\n".join([*lines, "Content-Length: 100", "", "{"]).encode())
        response, problem = response_of(connection)
        assert (response.status, problem["code"]) == (408, "body-too-slow")
        assert response.getheader("Connection") == "close"
        wait_until(lambda: is_closed(connection), "the connection was closed")
        assert 'route="/sot/reports",status="408"' in server.client.get("/metrics").text


def test_clients_that_do_not_read_are_cut(store):
    request = b"GET /sot/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
    with served(store, "--write-timeout", "0.3") as server, socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.connect(("127.0.0.1", server.port))
        connection.settimeout(20)
        with suppress(OSError):
            connection.sendall(request * 100)

        def is_counted():
            return 'refused_total{reason="slow reader"} 1.0' in server.client.get("/metrics").text

        wait_until(is_counted, "the slow reader was cut")


# ------------------------------------------------------------------------------------------------------------ streams


def open_stream(stack, server, headers=None):
    """Open a stream of events, and return its response after its first line, or an error response."""
    response = stack.enter_context(server.client.stream("GET", "/sot/events/stream", headers=headers))
    if response.status_code == 200:
        lines = response.iter_lines()
        stack.callback(lines.close)  # keeps it: without a reader the client closes the stream
        assert next(lines) == "retry: 1000"
    else:
        response.read()
    return response


def assert_refused(response, status, code):
    assert response.headers["Content-Type"] == "application/problem+json"
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert int(response.headers["Retry-After"]) >= 1


def test_streams_are_limited(store):
    first, second = (create_key(store) for _ in range(2))
    with served(store, "--max-streams", "3", "--max-streams-per-key", "2") as server, ExitStack() as stack:
        with ExitStack() as earlier:
            for _ in range(2):
                assert open_stream(earlier, server, bearer(first)).status_code == 200
            assert_refused(open_stream(earlier, server, bearer(first)), 429, "too-many-streams")
            assert open_stream(stack, server, bearer(second)).status_code == 200
            assert_refused(open_stream(stack, server, bearer(second)), 503, "server-busy")
            assert server.client.get("/sot/orders", headers=bearer(first)).status_code == 200
            figures = server.client.get("/metrics", headers=bearer(first)).text
            assert "sot_http_streams_open 3.0" in figures
            assert 'refused_total{reason="streams of a key"} 1.0' in figures
            assert 'refused_total{reason="streams"} 1.0' in figures

        def is_free():
            with ExitStack() as later:
                return open_stream(later, server, bearer(first)).status_code == 200

        wait_until(is_free, "ended streams make room")


def test_connections_are_refused_if_all_are_busy(store):
    with served(store, "--max-connections", "3") as server, ExitStack() as stack:
        for _ in range(3):
            assert open_stream(stack, server).status_code == 200
        refused = httpx2.get(f"http://127.0.0.1:{server.port}/sot/orders", timeout=20)
        assert_refused(refused, 503, "server-busy")
        assert refused.headers["Connection"] == "close"


# ---------------------------------------------------------------------------------------------- figures and access log


def test_figures_need_their_scope(store):
    key, others = create_key(store, "metrics"), create_key(store, *(scope for scope in SCOPES if scope != "metrics"))
    with served(store) as server:
        client = server.client
        assert client.get("/metrics").status_code == 401
        assert client.get("/metrics", headers=bearer(others)).status_code == 403
        assert client.get("/sot/orders", headers=bearer(key)).status_code == 403
        instrument = {"venue": "V", "symbol": "A/B", "kind": "SPOT", "base": "A", "quote": "B"}
        assert client.post("/sot/instruments", json=instrument, headers=bearer(others)).status_code == 201
        response = client.get("/metrics", headers=bearer(key))
        assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        lines = response.text.splitlines()
    assert 'sot_http_requests_total{method="POST",route="/sot/instruments",status="201"} 1.0' in lines
    assert 'sot_http_requests_total{method="GET",route="/metrics",status="401"} 1.0' in lines
    assert 'sot_http_request_seconds_count{route="/sot/instruments"} 1.0' in lines
    assert "sot_store_commits_total 1.0" in lines
    assert "sot_store_conflicts_total 0.0" in lines


MARK = "Zq7mark"
LINE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z method=[A-Z]+ route=(none|/[a-z{}_./-]*) status=\d{3} ms=\d+\.\d "
    r"request=[A-Za-z0-9._:@/+=-]{1,64} key=([0-9a-f]{16}|-)"
)


def send_marks(client, key):
    """Send a mark in every place of a request, to routes that exist and to others."""
    headers = {**bearer(key), "X-Mark": MARK, "Idempotency-Key": MARK, "Cookie": f"a={MARK}"}
    body = {"symbol": MARK, "raw_payload": {"secret": MARK}, "idempotency_key": MARK, "quantity": MARK}
    for path in ("/sot/orders", f"/sot/orders/{MARK}", f"/{MARK}", "/sot/order-requests", "/sot/reports", "/metrics"):
        for query in ("", f"?account_id={MARK}", f"?{MARK}={MARK}"):
            client.get(path + query, headers=headers)
            client.post(path + query, headers=headers, json=body)
            client.request(MARK, path + query, headers=headers)
    client.get("/sot/orders", headers={"Authorization": f"Bearer {MARK}"})
    client.post("/sot/reports", headers=headers, content=f'{{"{MARK}": ')
    client.get(f"/sot/orders?cursor={MARK}", headers={**headers, "X-Request-Id": f"{MARK} 1"})


def test_neither_log_nor_figures_have_secrets(store):
    key = create_key(store)
    with served(store) as server:
        send_marks(server.client, key)
        server.client.get("/sot/orders", headers={**bearer(key), "X-Request-Id": "mine.1"})
        figures = server.client.get("/metrics", headers=bearer(key)).text
        log = server.stop()
    secret = key["token"].split("_", 2)[2]
    for text in (figures, log):
        assert text
        assert MARK.lower() not in text.lower()
        assert secret not in text
    lines = [line for line in log.splitlines() if not line.startswith("sot: ")]
    assert len(lines) > 40
    assert not [line for line in lines if not LINE.fullmatch(line)]
    (own,) = [line for line in lines if "request=mine.1" in line]
    assert "method=GET route=/sot/orders status=200" in own
    assert own.endswith(f"key={key['key_id']}")
    assert 'method="OTHER"' in figures


def test_the_access_log_can_be_switched_off(store):
    with served(store, "--no-access-log") as server:
        assert server.client.get("/sot/orders").status_code == 200
        assert "method=" not in server.stop()


def test_more_connections_than_files(store):
    result = sot("serve", "--store", store, "--max-connections", str(10**9))
    assert (result.exit_code, "ulimit -n" in result.stderr) == (2, True)
    assert not store.exists()
