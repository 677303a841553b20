"""Finding the messages in a log.

A line may have a prefix (time, direction, session) before `8=FIX`, text after the message, and several messages. A
message with a line break in a text continues in the next lines. Fields are separated by SOH, or by `|` or `^A`, which
are printed for it.
"""

import re
from collections.abc import Iterable, Iterator

from sot.adapters.fix.message import SOH, FixMessage, message_end, read_message
from sot.domain.values.errors import InvalidInput

_START = re.compile(rb"8=FIX[A-Z0-9.]+(\x01|\||\^A)9=[0-9]{1,7}\1")
# Fields of a message: text between messages that contains them is a message of which a part is missing.
_REMNANT = re.compile(rb"(?:^|\x01|\||\^A)[0-9]{1,5}=|(?<![0-9A-Za-z])8=F")


class FixLog:
    """The messages of a log, in the order of its lines. Lines without a message are skipped.

    Attributes:
        line: The number of the line where the last message begins.

    Iterating raises InvalidInput if a line has a part of a message, or one that was changed, and MissingExtra without
    the extra `fix`.
    """

    def __init__(self, lines: Iterable[bytes]) -> None:
        self.line = 0
        self._lines = lines

    def __iter__(self) -> Iterator[FixMessage]:
        text, delimiter = b"", SOH
        for number, line in enumerate(self._lines, 1):
            start = _START.search(line)
            if not text:
                self.line, delimiter = number, start[1] if start else SOH
            elif start:
                raise self._error(_incomplete(text))
            text += _with_soh(line, delimiter)
            while start := _START.search(text):
                self._check_between(text[: start.start()])
                text = text[start.start() :]
                end = self._message_end(text)
                if end is None:
                    break
                yield self._read_message(text[:end])
                self.line, text = number, text[end:]
            else:
                self._check_between(text)
                text = b""
        if text:
            raise self._error(_incomplete(text))

    def _message_end(self, text: bytes) -> int | None:
        try:
            return message_end(text)
        except InvalidInput as error:
            raise self._error(error) from None

    def _read_message(self, wire: bytes) -> FixMessage:
        try:
            return read_message(wire)
        except InvalidInput as error:
            raise self._error(error) from None

    def _check_between(self, text: bytes) -> None:
        if _REMNANT.search(text):
            raise self._error(InvalidInput("message", text, "whole messages: a part of one is here"))

    def _error(self, error: InvalidInput) -> InvalidInput:
        return InvalidInput(f"line {self.line}: {error.field}", error.value, error.allowed)


def _incomplete(text: bytes) -> InvalidInput:
    return InvalidInput("message", text, "a whole message: the rest of it is missing")


def _with_soh(text: bytes, delimiter: bytes) -> bytes:
    """The text with SOH for the delimiter, where a tag follows."""
    return text if delimiter == SOH else re.sub(re.escape(delimiter) + rb"(?=[0-9]+=)", SOH, text)
