"""Raw requests: to an application in this process, or through a socket to a real server."""

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
class RawResponse:
    """The bytes of a response."""

    status: int
    headers: Sequence[tuple[str, str]]
    body: bytes

    def header(self, name: str) -> str | None:
        return next((value for header_name, value in self.headers if header_name == name), None)

    def json(self):
        return json.loads(self.body)

    @property
    def text(self) -> str:
        return self.body.decode()


class InProcessClient:
    """Calls an ASGI application, one request after the other, on an event loop of its own."""

    def __init__(self, app) -> None:
        self.app = app
        self._loop = asyncio.new_event_loop()

    def close(self) -> None:
        self._loop.run_until_complete(self._loop.shutdown_default_executor())
        self._loop.close()

    def send(
        self, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes | dict = b""
    ) -> RawResponse:
        """Send a request; `target` is the percent-encoded path and query, and a dictionary is sent as JSON."""
        headers, data = _with_json(headers, body)
        path, _, query = target.partition("?")
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "method": method,
            "path": unquote(path), "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
            "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
        }  # fmt: skip
        return self._loop.run_until_complete(self._call(scope, data))

    async def _call(self, scope, body: bytes) -> RawResponse:
        incoming = [{"type": "http.request", "body": body, "more_body": False}]
        outgoing: list[dict] = []
        done = asyncio.Event()

        async def receive():
            if incoming:
                return incoming.pop()
            await done.wait()
            return {"type": "http.disconnect"}

        async def send(message):
            outgoing.append(message)

        await self.app(scope, receive, send)
        done.set()
        start = outgoing[0]
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in start["headers"]]
        return RawResponse(start["status"], headers, b"".join(message.get("body", b"") for message in outgoing[1:]))


@contextmanager
def in_process_client(app) -> Iterator[InProcessClient]:
    """A client of an application, until the end of the block."""
    client = InProcessClient(app)
    try:
        yield client
    finally:
        client.close()


@contextmanager
def running_server(app) -> Iterator[int]:
    """Run a real server on loopback in a thread, until the end of the block; yields its port."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical", access_log=False))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.005)
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(timeout=30)
        listener.close()
    assert not thread.is_alive()


def send_request(
    port: int, method: str, target: str, headers: Mapping[str, str] | None = None, body: bytes | dict = b""
) -> RawResponse:
    """Send one request over a connection of its own."""
    headers, data = _with_json(headers, body)
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, target, data or None, headers)
        return _read_response(connection.getresponse())
    finally:
        connection.close()


def send_bytes(port: int, data: bytes | Iterator[bytes], timeout: float = 30) -> RawResponse | None:
    """Send any bytes; returns None if the server closes the connection without a response."""
    with socket.create_connection(("127.0.0.1", port), timeout=timeout) as connection:
        try:
            for part in (data,) if isinstance(data, bytes) else data:
                connection.sendall(part)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the server has stopped reading
        is_head = isinstance(data, bytes) and data.startswith(b"HEAD ")
        response = HTTPResponse(connection, method="HEAD" if is_head else None)
        try:
            response.begin()
            return _read_response(response)
        except (ConnectionResetError, OSError, ValueError):
            return None


def _with_json(headers: Mapping[str, str] | None, body: bytes | dict) -> tuple[dict[str, str], bytes]:
    if isinstance(body, dict):
        return {**JSON, **(headers or {})}, json.dumps(body).encode()
    return dict(headers or {}), body


def _read_response(response: HTTPResponse) -> RawResponse:
    headers = [(name.lower(), value) for name, value in response.getheaders()]
    return RawResponse(response.status, headers, response.read())
