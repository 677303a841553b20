"""Running the command line in a terminal of its own."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable
from typing import Self

RUN = """
import signal
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background job of a shell ignores it
from sot.entrypoints.main import main
main()
"""
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")


_PATIENCE = 300
"""Seconds, for a machine with much to do."""


class Terminal:
    """A program in a pseudo-terminal, which ends with the block.

    Attributes:
        output: Everything that it printed, with escape sequences.
    """

    def __init__(self, *arguments: object, width: int = 80, height: int = 24) -> None:
        self.output = ""
        self._main, other = pty.openpty()
        fcntl.ioctl(other, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
            "TERM": "xterm-256color",
        }
        for name in ("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR"):
            environment.pop(name, None)
        self.process = subprocess.Popen(
            [sys.executable, "-c", RUN, *map(str, arguments)],
            stdin=other,
            stdout=other,
            stderr=other,
            env=environment,
            start_new_session=True,
        )
        os.close(other)

    @property
    def text(self) -> str:
        """What it printed, without escape sequences."""
        return _ESCAPES.sub("", self.output).replace("\r\n", "\n")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.process.kill()
        self.process.wait()
        os.close(self._main)

    def read_until(self, reached: Callable[[str], bool]) -> None:
        """Read until the text satisfies a condition."""
        ends = time.monotonic() + _PATIENCE
        while not reached(self.text):
            assert time.monotonic() < ends, self.text
            assert self._read(), self.text

    def read_to_end(self) -> int:
        """Read until the program ends, and return its exit code."""
        while self._read():
            pass
        return self.process.wait(_PATIENCE)

    def _read(self) -> bool:
        assert select.select([self._main], [], [], _PATIENCE)[0], f"nothing is printed any more: {self.text}"
        try:
            data = os.read(self._main, 65536)
        except OSError:  # Linux, when the other end is closed
            return False
        self.output += data.decode("utf-8", "replace")
        return bool(data)
