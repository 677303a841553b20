"""The feed: no event is missed or repeated, wherever a client resumes."""

import json
import threading
from contextlib import contextmanager

import attrs
import httpx2
import pytest
import uvicorn
from http_client import SETTINGS, execute_intent, key_headers, make_client, read_problem, register_instrument

from sot.adapters.http import create_app
from sot.application.access.keys import revoke_key


@contextmanager
def running_client(store, **changes):
    """A client of a real server that runs in a thread."""
    app = create_app(store, settings=attrs.evolve(SETTINGS, **changes))
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
        port = server.servers[0].sockets[0].getsockname()[1]
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
            yield client
    finally:
        server.should_exit = True
        thread.join(20)


def messages(lines):
    """The messages of a stream as (id, data). One that only moves the cursor has no data; comments are left out."""
    cursor, data = None, None
    for line in lines:
        if line.startswith("id: "):
            cursor = int(line[4:])
        elif line.startswith("data: "):
            data = json.loads(line[6:])
        elif line == "" and (cursor is not None or data is not None):
            yield cursor, data
            cursor, data = None, None


def test_pages_cover_the_feed(client):
    for number in range(3):
        execute_intent(client, f"o{number}")
    expected = client.get("/sot/events?page_size=500").json()
    after, items = 0, []
    while True:
        page = client.get(f"/sot/events?page_size=2&after={after}").json()
        if page["next_cursor"] == after:
            break
        items, after = items + page["data"], page["next_cursor"]
    assert items == expected["data"]
    assert after == expected["next_cursor"]
    assert len({item["cursor"] for item in items}) == len(items)


@pytest.mark.parametrize("path", ["/sot/events", "/sot/events/stream"])
@pytest.mark.parametrize("after", ["-1", "x", "999999", "1.5", "9" * 30])
def test_invalid_cursors_are_rejected(client, path, after):
    response = client.get(f"{path}?after={after}")
    assert (response.status_code, read_problem(response)["errors"][0]["parameter"]) == (400, "after")


@pytest.mark.parametrize("last", ["-1", "x", "999999", "9" * 30])
def test_invalid_last_event_ids_are_rejected(client, last):
    response = client.get("/sot/events/stream", headers={"Last-Event-ID": last})
    assert response.status_code == 400


def test_a_stream_resumes(client):
    for number in range(3):
        execute_intent(client, f"o{number}")
    expected = client.get("/sot/events?page_size=500").json()["data"]
    received = list(messages(client.get("/sot/events/stream").text.split("\n")))
    assert [data for _, data in received if data] == expected
    assert all(data["cursor"] == cursor for cursor, data in received if data)
    for index in (0, 3, len(received) - 1):
        headers = {"Last-Event-ID": str(received[index][0])}
        rest = list(messages(client.get("/sot/events/stream?after=0", headers=headers).text.split("\n")))
        assert rest == received[index + 1 :]


def test_a_reconnecting_client_sees_each_event_once(store):
    """A client that is disconnected repeatedly receives each event once, in the order of the feed."""
    writer = register_instrument(make_client(store))
    total = 6

    def write():
        for number in range(total):
            execute_intent(writer, f"o{number}")

    writing = threading.Thread(target=write)
    received, last = [], 0
    with running_client(store, stream_seconds=30, poll_seconds=0.02) as client:
        writing.start()
        filled = 0
        while filled < total:
            with client.stream("GET", "/sot/events/stream", headers={"Last-Event-ID": str(last)}) as stream:
                for cursor, data in messages(stream.iter_lines()):
                    last = cursor
                    if data:
                        received.append(data)
                        filled += data["event"]["type"] == "TRADE"
                    if len(received) % 5 == 0 or filled == total:
                        break  # disconnect
        writing.join()
    expected = writer.get("/sot/events?page_size=500").json()["data"]
    assert received == expected[: len(received)]
    assert len(received) >= len(expected) - 1


def test_an_idle_stream_sends_comments(store):
    with running_client(store, stream_seconds=3, poll_seconds=0.02, heartbeat_seconds=0.05) as client:
        text = client.get("/sot/events/stream").text
    assert text.startswith("retry: 1000\n\n")
    assert text.count(": still here\n\n") >= 3


def test_a_stream_ends_when_its_key_is_revoked(store):
    headers = key_headers(store)
    with (
        running_client(store, keys=True, stream_seconds=30, poll_seconds=0.02, heartbeat_seconds=0.05) as client,
        client.stream("GET", "/sot/events/stream", headers=headers) as stream,
    ):
        lines = stream.iter_lines()
        assert next(lines) == "retry: 1000"
        store.run(lambda uow: revoke_key(uow, headers["Authorization"].split("_")[1]))
        assert list(lines)[-1:] == [""]


def test_a_server_stops_during_a_stream(store):
    with (
        running_client(store, stream_seconds=30, poll_seconds=0.05) as client,
        client.stream("GET", "/sot/events/stream") as stream,
    ):
        assert next(stream.iter_lines()) == "retry: 1000"
