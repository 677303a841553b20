"""The feed: nothing is missed, nothing comes twice, wherever one goes on."""

import json
import threading
from contextlib import contextmanager

import attrs
import httpx2
import pytest
import uvicorn
from http_house import SETTINGS, executed, key, problem, registered, server

from sot.adapters.http import create_app
from sot.application.access.keys import revoke_key


@contextmanager
def served(store, **changes):
    """A real server on a port of its own, in a thread."""
    app = create_app(store, settings=attrs.evolve(SETTINGS, **changes))
    running = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=running.run)
    thread.start()
    try:
        while not running.started:
            assert thread.is_alive()
        port = running.servers[0].sockets[0].getsockname()[1]
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
            yield client
    finally:
        running.should_exit = True
        thread.join(20)


def messages(lines):
    """The messages of a stream, as (id, data); comments and what only moves the cursor have no data."""
    cursor, data = None, None
    for line in lines:
        if line.startswith("id: "):
            cursor = int(line[4:])
        elif line.startswith("data: "):
            data = json.loads(line[6:])
        elif line == "" and (cursor is not None or data is not None):
            yield cursor, data
            cursor, data = None, None


def test_page_by_page(client):
    for number in range(3):
        executed(client, f"o{number}")
    whole = client.get("/sot/events?page_size=500").json()
    after, found = 0, []
    while True:
        page = client.get(f"/sot/events?page_size=2&after={after}").json()
        if page["next_cursor"] == after:
            break
        found, after = found + page["data"], page["next_cursor"]
    assert found == whole["data"]
    assert after == whole["next_cursor"]
    assert len({item["cursor"] for item in found}) == len(found)


@pytest.mark.parametrize("path", ["/sot/events", "/sot/events/stream"])
@pytest.mark.parametrize("after", ["-1", "x", "999999", "1.5", "9" * 30])
def test_a_cursor_that_was_never_given(client, path, after):
    response = client.get(f"{path}?after={after}")
    assert (response.status_code, problem(response)["errors"][0]["parameter"]) == (400, "after")


@pytest.mark.parametrize("last", ["-1", "x", "999999", "9" * 30])
def test_a_last_id_that_was_never_given(client, last):
    response = client.get("/sot/events/stream", headers={"Last-Event-ID": last})
    assert response.status_code == 400


def test_a_stream_goes_on_where_it_was(client):
    for number in range(3):
        executed(client, f"o{number}")
    whole = client.get("/sot/events?page_size=500").json()["data"]
    told = list(messages(client.get("/sot/events/stream").text.split("\n")))
    assert [data for _, data in told if data] == whole
    assert all(data["cursor"] == cursor for cursor, data in told if data)
    for place in (0, 3, len(told) - 1):
        headers = {"Last-Event-ID": str(told[place][0])}
        rest = list(messages(client.get("/sot/events/stream?after=0", headers=headers).text.split("\n")))
        assert rest == told[place + 1 :]


def test_while_others_write(kept):
    """A listener that is cut off again and again sees every event once, in the order of the feed."""
    writer = registered(server(kept))
    total = 6

    def write():
        for number in range(total):
            executed(writer, f"o{number}")

    writing = threading.Thread(target=write)
    seen, last = [], 0
    with served(kept, stream_seconds=30, poll_seconds=0.02) as client:
        writing.start()
        filled = 0
        while filled < total:
            with client.stream("GET", "/sot/events/stream", headers={"Last-Event-ID": str(last)}) as stream:
                for cursor, data in messages(stream.iter_lines()):
                    last = cursor
                    if data:
                        seen.append(data)
                        filled += data["event"]["type"] == "TRADE"
                    if len(seen) % 5 == 0 or filled == total:
                        break  # cut off
        writing.join()
    whole = writer.get("/sot/events?page_size=500").json()["data"]
    assert seen == whole[: len(seen)]
    assert len(seen) >= len(whole) - 1


def test_a_quiet_stream_shows_that_it_lives(kept):
    with served(kept, stream_seconds=3, poll_seconds=0.02, heartbeat_seconds=0.05) as client:
        text = client.get("/sot/events/stream").text
    assert text.startswith("retry: 1000\n\n")
    assert text.count(": still here\n\n") >= 3


def test_a_stream_ends_with_its_key(kept):
    headers = key(kept)
    with (
        served(kept, keys=True, stream_seconds=30, poll_seconds=0.02, heartbeat_seconds=0.05) as client,
        client.stream("GET", "/sot/events/stream", headers=headers) as stream,
    ):
        lines = stream.iter_lines()
        assert next(lines) == "retry: 1000"
        kept.run(lambda uow: revoke_key(uow, headers["Authorization"].split("_")[1]))
        assert list(lines)[-1:] == [""]


def test_a_server_ends_while_somebody_listens(kept):
    with (
        served(kept, stream_seconds=30, poll_seconds=0.05) as client,
        client.stream("GET", "/sot/events/stream") as stream,
    ):
        assert next(stream.iter_lines()) == "retry: 1000"
