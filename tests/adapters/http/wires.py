"""Requests as they are on the wire: into an application in this process, or through a socket to a real server."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from urllib.parse import unquote

import attrs
import uvicorn

JSON = {"content-type": "application/json"}


@attrs.frozen
class Got:
    """An answer: what was sent, as it was sent."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for known, value in self.headers if known == name), None)

    def json(self):
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


class Wired:
    """An application in this process, one request after the other, on an event loop of its own."""

    def __init__(self, app) -> None:
        self.app = app
        self._loop = asyncio.new_event_loop()

    def close(self) -> None:
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def ask(self, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes | dict = b"") -> Got:
        """`target` is the path and query, percent-encoded; a dictionary goes as JSON."""
        headers = dict(headers or {})
        if isinstance(body, dict):
            body, headers = json.dumps(body).encode(), {**JSON, **headers}
        path, _, query = target.partition("?")
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "method": method,
            "path": unquote(path), "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
        }  # fmt: skip
        return self._loop.run_until_complete(self._asked(scope, body))

    async def _asked(self, scope, body: bytes) -> Got:
        sent: list[dict] = []
        told = [{"type": "http.request", "body": body, "more_body": False}]
        ended = asyncio.Event()

        async def receive():
            if told:
                return told.pop()
            await ended.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            sent.append(message)

        await self.app(scope, receive, send)
        ended.set()
        start = sent[0]
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"]]
        return Got(start["status"], headers, b"".join(message.get("body", b"") for message in sent[1:]))


@contextmanager
def wired(app) -> Iterator[Wired]:
    """The application, until the end of the block."""
    one = Wired(app)
    try:
        yield one
    finally:
        one.close()


@contextmanager
def served(app) -> Iterator[int]:
    """A real server on loopback in a thread of its own; gives its port."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.005)
        yield listening.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(timeout=30)
        listening.close()
    assert not thread.is_alive()


def asked(
    port: int, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes | dict = b""
) -> Got:
    """One request over a connection of its own."""
    headers = dict(headers or {})
    if isinstance(body, dict):
        body, headers = json.dumps(body).encode(), {**JSON, **headers}
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, target, body or None, headers)
        return _got(connection.getresponse())
    finally:
        connection.close()


def spoken(port: int, said: bytes | Iterator[bytes], timeout: float = 30) -> Got | None:
    """What a server answers to any bytes; None where it hangs up without an answer."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as line:
        try:
            for part in (said,) if isinstance(said, bytes) else said:
                line.sendall(part)
        except (BrokenPipeError, ConnectionResetError):
            pass  # it has heard enough
        head = isinstance(said, bytes) and said.startswith(b"HEAD ")
        response = HTTPResponse(line, method="HEAD" if head else None)
        try:
            response.begin()
            return _got(response)
        except (ConnectionResetError, OSError, ValueError):
            return None


def _got(response: HTTPResponse) -> Got:
    headers = [(name.lower(), value) for name, value in response.getheaders()]
    return Got(response.status, headers, response.read())
