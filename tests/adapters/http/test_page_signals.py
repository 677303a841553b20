"""The stream of open pages: one message stands for many events, so that busy hours do not drown the server in pages."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

import attrs
import pytest
from page_client import SETTINGS
from raw_http import running_server

from sot.adapters.http import create_app
from sot.testing.contract.transactions import submit_and_send

STREAMS, ORDERS = 10, 60
PER_SECOND = 25 / STREAMS


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def store(request, make_store):
    return make_store(request.param)


def messages(port, is_over):
    """How many messages a stream sends until something is over."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/live?after=0")
    response, count, last = connection.getresponse(), 0, 0
    while not is_over(last):
        line = response.readline()
        assert line, "the stream ended"
        count += line == b"event: changed\n"
        last = int(line[4:]) if line.startswith(b"id: ") else last
    connection.close()
    return count


def test_all_pages_together_are_told_no_more_often_than_a_server_can_show_them(store):
    settings = attrs.evolve(SETTINGS, stream_seconds=120, poll_seconds=0.001, heartbeat_seconds=0.05)
    written = threading.Event()
    with running_server(create_app(store, settings=settings, page=True)) as port, ThreadPoolExecutor(STREAMS) as pool:
        started = time.monotonic()
        streams = [
            pool.submit(messages, port, lambda last: written.is_set() and last == store.horizon())
            for _ in range(STREAMS)
        ]
        for number in range(ORDERS):
            submit_and_send(store, f"o{number}")
        written.set()
        counts = [stream.result() for stream in streams]
        seconds = time.monotonic() - started
    # Twice, since the first streams that open are alone for a moment.
    assert 1 <= min(counts) <= max(counts) <= 2 * (PER_SECOND * seconds + 1)
