"""Finding the messages in a log.

A line may have a prefix (time, direction, session) before `8=FIX`, text after the message, and several messages. A
message with a line break in a text continues in the next lines. Fields are separated by SOH, or by `|` or `^A`, which
are printed for it.
"""

import re
from collections.abc import Iterable, Iterator

from sot.adapters.fix.message import SOH, FixMessage, message_end, read_damaged_message, read_message
from sot.domain.values.errors import InvalidInput
from sot.domain.values.limits import FIX_MESSAGE_BYTES, FIX_MESSAGE_LINES

_START = re.compile(rb"8=FIX[A-Z0-9.]+(\x01|\||\^A)9=[0-9]{1,7}\1")
_DAMAGED_START = re.compile(rb"8=FIX[A-Z0-9.]+(\x01|\||\^A)(?=[0-9]+=)")
# Fields of a message: text between messages that contains them is a message of which a part is missing.
_REMNANT = re.compile(rb"(?:^|\x01|\||\^A)[0-9]{1,5}=|(?<![0-9A-Za-z])8=F")

_SHOWN_BYTES = 200
_NO_MESSAGE = "FIX messages: no line has one. They begin with 8=FIX and have SOH, | or ^A between their fields"


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
        self._searched = 0
        self._first_text: tuple[int, bytes] | None = None
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

        After an error, reading goes on with the next message that begins. Text without any message is an error, too.
        """
        is_empty = True
        for entry in self._entries():
            is_empty = False
            yield entry
        if is_empty and self._first_text is not None:
            self.line, text = self._first_text
            yield self._error(InvalidInput("log", text[:_SHOWN_BYTES], _NO_MESSAGE))

    def _entries(self) -> Iterator[FixMessage | InvalidInput]:
        text, delimiter, is_lost, lines = b"", SOH, False, 0
        for number, line in enumerate(self._lines, 1):
            if self._first_text is None and line.strip():
                self._first_text = number, line
            start = self._start.search(line)
            if text and (start or len(text) > FIX_MESSAGE_BYTES or lines > FIX_MESSAGE_LINES):
                yield self._unfinished(text)
                text = b""
            if not text:
                self.line, delimiter, lines, self._searched = number, start[1] if start else SOH, 0, 0
            text, lines, place = text + _with_soh(line, delimiter), lines + 1, 0
            while start := self._start.search(text, place):
                if not is_lost and _REMNANT.search(text[place : start.start()]):
                    yield self._error(_remnant(text[place : start.start()]))
                is_lost, place = False, start.start()
                try:
                    message, end = self._read(text, place)
                except InvalidInput as error:
                    yield self._error(error)
                    end, is_lost = self._end_of_unreadable(text, place)
                else:
                    if message is None:
                        text = text[place:]
                        break
                    yield message
                self.line, place = number, end
            else:
                if not is_lost and _REMNANT.search(text[place:]):
                    yield self._error(_remnant(text[place:]))
                text = b""
        if text:
            yield self._unfinished(text)

    def _unfinished(self, text: bytes) -> FixMessage | InvalidInput:
        """The message at the beginning of a text that ends before it, if damage does not matter."""
        try:
            message = read_damaged_message(text, 0, len(text))[0] if self._ignore_checksums else None
        except InvalidInput as error:
            return self._error(error)
        return message or self._error(_incomplete(text))

    def _read(self, text: bytes, place: int) -> tuple[FixMessage | None, int]:
        """The message at a place in a text, and its end; None if the text ends before it."""
        if not self._ignore_checksums:
            end = message_end(text, place)
            return (None, 0) if end is None else (read_message(text[place:end]), end)
        following = self._start.search(text, place + 1)
        message, end = read_damaged_message(text, place, following and following.start(), place + self._searched)
        self._searched = len(text) - place if message is None else 0
        return message, end

    def _end_of_unreadable(self, text: bytes, place: int) -> tuple[int, bool]:
        """Where to go on after an unreadable message, and whether what follows may be the rest of it."""
        try:
            end = message_end(text, place)
        except InvalidInput:
            end = None
        return (place + 1, True) if end is None else (end, False)

    def _error(self, error: InvalidInput) -> InvalidInput:
        return InvalidInput(f"line {self.line}: {error.field}", error.value, error.allowed)


def _remnant(text: bytes) -> InvalidInput:
    return InvalidInput("message", text[:_SHOWN_BYTES], "whole messages: a part of one is here")


def _incomplete(text: bytes) -> InvalidInput:
    return InvalidInput("message", text[:_SHOWN_BYTES], "a whole message: the rest of it is missing")


def _with_soh(text: bytes, delimiter: bytes) -> bytes:
    """The text with SOH for the delimiter, where a tag follows."""
    return text if delimiter == SOH else re.sub(re.escape(delimiter) + rb"(?=[0-9]+=)", SOH, text)
