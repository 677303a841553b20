"""The messages of a log, wherever they stand in its lines.

A line may have a prefix (time, direction, session) before `8=FIX` and text after the message; it may hold several
messages, and a message whose text has a line break goes on in the next lines. Fields are divided by SOH, or by what is
printed in its place: `|` or `^A`.
"""

import re
from collections.abc import Iterable, Iterator

from sot.adapters.fix.message import SOH, FixMessage, message_end, read_message
from sot.domain.values.errors import InvalidInput

_START = re.compile(rb"8=FIX[A-Z0-9.]+(\x01|\||\^A)9=[0-9]{1,7}\1")
# What only a message has: text between messages that looks so is one of which a part is missing.
_REMNANT = re.compile(rb"(?:^|\x01|\||\^A)[0-9]{1,5}=|(?<![0-9A-Za-z])8=F")


class FixLog:
    """Iterating gives the messages of a log as they come; `line` is the number of the line where the last one began.

    Lines without a message are left out. Raises: InvalidInput: the line has a part of a message, or one that was
    changed. MissingExtra.
    """

    def __init__(self, lines: Iterable[bytes]) -> None:
        self.line = 0
        self._lines = lines

    def __iter__(self) -> Iterator[FixMessage]:
        held, delimiter = b"", SOH
        for number, line in enumerate(self._lines, 1):
            start = _START.search(line)
            if not held:
                self.line, delimiter = number, start[1] if start else SOH
            elif start:
                raise self._refused(_cut(held))
            held += _with_soh(line, delimiter)
            while start := _START.search(held):
                self._check_between(held[: start.start()])
                held = held[start.start() :]
                end = self._end(held)
                if end is None:
                    break
                yield self._read(held[:end])
                self.line, held = number, held[end:]
            else:
                self._check_between(held)
                held = b""
        if held:
            raise self._refused(_cut(held))

    def _end(self, text: bytes) -> int | None:
        try:
            return message_end(text)
        except InvalidInput as error:
            raise self._refused(error) from None

    def _read(self, wire: bytes) -> FixMessage:
        try:
            return read_message(wire)
        except InvalidInput as error:
            raise self._refused(error) from None

    def _check_between(self, text: bytes) -> None:
        if _REMNANT.search(text):
            raise self._refused(InvalidInput("message", text, "whole messages: a part of one is here"))

    def _refused(self, error: InvalidInput) -> InvalidInput:
        return in_line(self.line, error)


def in_line(number: int, error: InvalidInput) -> InvalidInput:
    """The same error, with the place where it is."""
    return InvalidInput(f"line {number}: {error.field}", error.value, error.allowed)


def _cut(held: bytes) -> InvalidInput:
    return InvalidInput("message", held, "a whole message: the rest of it is missing")


def _with_soh(text: bytes, delimiter: bytes) -> bytes:
    """The text with SOH for the delimiter, but where it cannot be one: before what is no tag."""
    return text if delimiter == SOH else re.sub(re.escape(delimiter) + rb"(?=[0-9]+=)", SOH, text)
