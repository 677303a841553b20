"""Clients that keep their connections, and do as little as possible themselves."""

import socket
import threading
import time
from collections.abc import Callable, Sequence


class Client:
    """One connection that is kept, and as little work as possible: the server is what is measured."""

    def __init__(self, port: int) -> None:
        self._line = socket.create_connection(("127.0.0.1", port))
        self._line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def ask(self, request: bytes, status: bytes = b"200") -> bytes:
        """The body of the answer to one request."""
        self._line.sendall(request)
        got = b""
        while b"\r\n\r\n" not in got:
            got += self._received()
        head, _, body = got.partition(b"\r\n\r\n")
        assert head[9:12] == status, got
        length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
        while len(body) < length:
            body += self._received()
        return body

    def _received(self) -> bytes:
        part = self._line.recv(1 << 20)
        assert part, "the server hung up"
        return part

    def close(self) -> None:
        self._line.close()


def request(method: str, target: str, token: str = "", body: bytes = b"", is_compressed: bool = False) -> bytes:
    """The bytes of a request."""
    lines = [f"{method} {target} HTTP/1.1", "Host: localhost"]
    lines += [f"Authorization: Bearer {token}"] if token else []
    lines += ["Accept-Encoding: gzip"] if is_compressed else []
    lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"] if body else []
    return "\r\n".join([*lines, "", ""]).encode() + body


def answers_per_second(port: int, requests: Sequence[Sequence[bytes]], status: bytes = b"200") -> float:
    """Each list of requests over a connection of its own, all at once."""
    clients = [Client(port) for _ in requests]
    started = time.perf_counter()

    def ask(client: Client, mine: Sequence[bytes]) -> None:
        for one in mine:
            client.ask(one, status)

    threads = [threading.Thread(target=ask, args=pair) for pair in zip(clients, requests, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    elapsed = time.perf_counter() - started
    for client in clients:
        client.close()
    return sum(map(len, requests)) / elapsed


def alternating(measures: Sequence[Callable[[int], float]], rounds: int = 5) -> list[float]:
    """The best of some rounds of each, in turn, so that what disturbs one disturbs all."""
    found = [[measure(number) for measure in measures] for number in range(rounds)]
    return [max(column) for column in zip(*found, strict=True)]
