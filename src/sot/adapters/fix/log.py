"""Finding the messages in a log.

A line may have a prefix (time, direction, session) before `8=FIX`, text after the message, and several messages. A
message with a line break in a text continues in the next lines. Fields are separated by SOH, or by `|` or `^A`, which
are printed for it.
"""

import re
from collections.abc import Iterable, Iterator

from sot.adapters.fix.message import SOH, FixMessage, message_end, read_damaged_message, read_message
from sot.domain.values.errors import InvalidInput

_START = re.compile(rb"8=FIX[A-Z0-9.]+(\x01|\||\^A)9=[0-9]{1,7}\1")
_DAMAGED_START = re.compile(rb"8=FIX[A-Z0-9.]+(\x01|\||\^A)(?=[0-9]+=)")
# Fields of a message: text between messages that contains them is a message of which a part is missing.
_REMNANT = re.compile(rb"(?:^|\x01|\||\^A)[0-9]{1,5}=|(?<![0-9A-Za-z])8=F")


class FixLog:
    """The messages of a log, in the order of its lines. Lines without a message are skipped.

    Attributes:
        line: The number of the line where the last message, or what cannot be read, begins.

    Iterating raises InvalidInput if a line has a part of a message, or one that was changed, and MissingExtra without
    the extra `fix`. `entries` goes on after an error.
    """

    def __init__(self, lines: Iterable[bytes], ignore_checksums: bool = False) -> None:
        """Read the lines of a log.

        Args:
            lines: The lines, with their line breaks.
            ignore_checksums: Read messages whose BodyLength or CheckSum is wrong or missing, too; each says so in its
                `damage`.
        """
        self.line = 0
        self._lines = lines
        self._ignore_checksums = ignore_checksums
        self._start = _DAMAGED_START if ignore_checksums else _START

    def __iter__(self) -> Iterator[FixMessage]:
        for entry in self.entries():
            if isinstance(entry, InvalidInput):
                raise entry
            yield entry

    def entries(self) -> Iterator[FixMessage | InvalidInput]:
        """Iterate over the messages, with an error in the place of what cannot be read.

        After an error, reading goes on with the next message that begins.
        """
        text, delimiter, is_lost = b"", SOH, False
        for number, line in enumerate(self._lines, 1):
            start = self._start.search(line)
            if text and start:
                yield self._unfinished(text)
                text = b""
            if not text:
                self.line, delimiter = number, start[1] if start else SOH
            text += _with_soh(line, delimiter)
            while start := self._start.search(text):
                between, text = text[: start.start()], text[start.start() :]
                if not is_lost and _REMNANT.search(between):
                    yield self._error(_remnant(between))
                is_lost = False
                try:
                    message, end = self._read(text)
                except InvalidInput as error:
                    yield self._error(error)
                    end, is_lost = self._end_of_unreadable(text)
                else:
                    if message is None:
                        break
                    yield message
                self.line, text = number, text[end:]
            else:
                if not is_lost and _REMNANT.search(text):
                    yield self._error(_remnant(text))
                text = b""
        if text:
            yield self._unfinished(text)

    def _unfinished(self, text: bytes) -> FixMessage | InvalidInput:
        """The message at the beginning of a text that ends before it, if damage does not matter."""
        try:
            message = read_damaged_message(text, is_all=True)[0] if self._ignore_checksums else None
        except InvalidInput as error:
            return self._error(error)
        return message or self._error(_incomplete(text))

    def _read(self, text: bytes) -> tuple[FixMessage | None, int]:
        """The message at the beginning of a text, and its end; None if the text ends before it."""
        if self._ignore_checksums:
            return read_damaged_message(text)
        end = message_end(text)
        return (None, 0) if end is None else (read_message(text[:end]), end)

    def _end_of_unreadable(self, text: bytes) -> tuple[int, bool]:
        """Where to go on after an unreadable message, and whether what follows may be the rest of it."""
        try:
            end = message_end(text)
        except InvalidInput:
            end = None
        return (1, True) if end is None else (end, False)

    def _error(self, error: InvalidInput) -> InvalidInput:
        return InvalidInput(f"line {self.line}: {error.field}", error.value, error.allowed)


def _remnant(text: bytes) -> InvalidInput:
    return InvalidInput("message", text, "whole messages: a part of one is here")


def _incomplete(text: bytes) -> InvalidInput:
    return InvalidInput("message", text, "a whole message: the rest of it is missing")


def _with_soh(text: bytes, delimiter: bytes) -> bytes:
    """The text with SOH for the delimiter, where a tag follows."""
    return text if delimiter == SOH else re.sub(re.escape(delimiter) + rb"(?=[0-9]+=)", SOH, text)
