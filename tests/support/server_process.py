"""`sot serve` in a process of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import attrs
import httpx2


@attrs.frozen
class ServerProcess:
    """A running server.

    Attributes:
        client: A client of it.
        log: The file with what it writes to the standard error.
    """

    process: subprocess.Popen
    client: httpx2.Client
    port: int
    log: Path

    def connect(self) -> socket.socket:
        """Open a connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def stop(self) -> str:
        """Stop it, and return what it wrote to the standard error."""
        self.process.terminate()
        self.process.wait(20)
        return self.log.read_text("utf-8")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextmanager
def served(store: Path, *options: str, files: int | None = None) -> Iterator[ServerProcess]:
    """Serve a store; `files` is how many files the process may open."""
    port, log = free_port(), Path(f"{store}.log")
    command = [sys.executable, "-m", "sot.entrypoints", "serve", "--store", str(store), "--port", str(port), *options]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SOT_")}
    if files is not None:
        command = ["sh", "-c", f'ulimit -n {files} && exec "$@"', "sh", *command]
    with log.open("w") as output:
        process = subprocess.Popen(command, stderr=output, env=environment)
    try:
        with httpx2.Client(base_url=f"http://127.0.0.1:{port}", timeout=20) as client:
            server = ServerProcess(process, client, port, log)
            wait_until(lambda: is_ready(server), "the server answers")
            yield server
    finally:
        process.terminate()
        process.wait(20)


def is_ready(server: ServerProcess) -> bool:
    assert server.process.poll() is None, server.log.read_text("utf-8")
    try:
        return server.client.get("/readyz").status_code == 200
    except httpx2.TransportError:
        return False


def wait_until(condition, what: str, seconds: float = 20) -> None:
    """Wait for a condition; fail if it does not come."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.05)
