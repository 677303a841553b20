"""A FIX message: its bytes, checked, and its fields in their order.

BodyLength and CheckSum are checked here, by the rules of FIX 4.4 volume 2, "Standard message header" and "Standard
message trailer". The `simplefix` package (extra `fix`), loaded with the first message, splits a message into fields.
"""

import re
from collections.abc import Mapping
from typing import Any

import attrs

from sot.domain.values.errors import InvalidInput, MissingExtra

SOH = b"\x01"
_BEGINNING = re.compile(rb"8=FIX[A-Z0-9.]+\x019=([0-9]{1,7})\x01")
_TRAILER = re.compile(rb"(?<=\x01)10=([0-9]{3})\x01?")
_SHORTEST_TRAILER = len("10=000")
_LONGEST_TRAILER = 16
_SHOWN_BYTES = 200
_NOT_REACHED = "BodyLength(9) does not lead to CheckSum(10)"
_NO_TRAILER = b"10=000" + SOH
_ANY_TRAILER = re.compile(rb"(?<=\x01)10=[0-9A-Za-z*?#.-]{0,9}\x01?", re.ASCII)
_LAST_DELIMITER = re.compile(rb"(?:\||\^A)?$")


@attrs.frozen
class FixMessage:
    r"""A message.

    Attributes:
        wire: The bytes as they were sent, with SOH between fields.
        pairs: Tags and values in their order. Bytes that are not UTF-8 are escaped as in `\\xE9`.
        fields: The first value of each tag.
        repeated: Tags with several different values.
        damage: What is wrong with BodyLength or CheckSum, where that does not matter (`read_damaged_message`).
    """

    wire: bytes
    pairs: tuple[tuple[int, str], ...]
    fields: Mapping[int, str]
    repeated: frozenset[int]
    damage: str | None = None

    @property
    def type(self) -> str:
        """MsgType (35)."""
        return self.fields[35]

    def text(self, tag: int, name: str) -> str | None:
        """The value of a field outside of repeating groups; None if it is absent or empty.

        Raises:
            InvalidInput: The field is present several times, with different values.
        """
        if tag in self.repeated:
            raise self.invalid(tag, name, self.fields[tag], "one value: it is there several times, and they differ")
        return self.fields.get(tag) or None

    def label(self, tag: int, name: str) -> str:
        """The label of a field of this message in errors."""
        return f"{name}({tag}) of the message 35={self.type} 34={self.fields.get(34, '')}"

    def invalid(self, tag: int, name: str, value: str, allowed: str) -> InvalidInput:
        """The error for a field that cannot be read."""
        return InvalidInput(self.label(tag, name), value, allowed)


def message_end(text: bytes, start: int = 0) -> int | None:
    """The end of the message that begins at a place in a text, with its trailer; None if the text ends before it.

    Raises:
        InvalidInput: The text does not begin with a message, or BodyLength does not lead to CheckSum.
    """
    body_end = _body_end(text, start)
    trailer = _TRAILER.match(text, body_end)
    if trailer is not None:
        return trailer.end()
    if len(text) < body_end + _SHORTEST_TRAILER:
        return None
    raise InvalidInput("BodyLength(9)", _shown(text, start), "the number of bytes that are between it and CheckSum(10)")


def _body_end(text: bytes, start: int = 0) -> int:
    beginning = _BEGINNING.match(text, start)
    if beginning is None:
        raise InvalidInput("message", _shown(text, start), "8=FIX...|9=length|35=type|... at its beginning")
    return beginning.end() + int(beginning[1])


def read_message(wire: bytes) -> FixMessage:
    """Read a message, with SOH after each field; it may be missing after the last one.

    Raises:
        InvalidInput: BodyLength or CheckSum is wrong, or the bytes are no sequence of tag=value.
        MissingExtra: The extra `fix` is not installed.
    """
    if message_end(wire) != len(wire):
        raise InvalidInput("message", _shown(wire), "one whole message, from 8=FIX to CheckSum(10)")
    body_end = _body_end(wire)
    stated, computed = int(wire[body_end + 3 : body_end + 6]), sum(wire[:body_end]) % 256
    if stated != computed:
        raise InvalidInput("CheckSum(10)", stated, f"{computed:03}: the message was cut or changed on its way")
    return _split(wire if wire.endswith(SOH) else wire + SOH)


def read_damaged_message(
    text: bytes, start: int, limit: int | None = None, searched: int = 0
) -> tuple[FixMessage | None, int]:
    """Read the message that begins at a place in a text, whatever its BodyLength and CheckSum are.

    It is for messages that were changed on purpose, as by removing names. The end is where BodyLength leads to
    CheckSum; else it is the first CheckSum, or the end of the line where there is none.

    Args:
        text: The text.
        start: Where the message begins.
        limit: Where it ends at the latest, because the next message begins or no text follows; None if it may go on.
        searched: Up to where an earlier call found no CheckSum.

    Returns:
        The message, which says what is wrong with it, and the end of it in the text; None if it may end later.

    Raises:
        InvalidInput: The bytes are no sequence of tag=value.
        MissingExtra: The extra `fix` is not installed.
    """
    try:
        end = message_end(text, start)
        if end is not None:
            return read_message(text[start:end]), end
    except InvalidInput as error:
        damage = str(error)
    else:
        damage = _NOT_REACHED
    latest = len(text) if limit is None else limit
    trailer = _ANY_TRAILER.search(text, max(start, searched - _LONGEST_TRAILER), latest)
    if trailer is None and limit is None and damage is _NOT_REACHED:
        return None, 0
    end = start + len(text[start:latest].splitlines()[0]) if trailer is None else trailer.end()
    wire = text[start:end]
    if trailer is None:
        wire = _LAST_DELIMITER.sub(b"", wire)
    whole = wire if wire.endswith(SOH) else wire + SOH
    message = _split(whole + _NO_TRAILER if trailer is None else whole)
    return attrs.evolve(message, wire=wire, damage=damage), end


def _split(wire: bytes) -> FixMessage:
    parsed = _parse(wire)
    if parsed is None or parsed.encode(raw=True) != wire:
        raise InvalidInput("message", _shown(wire), "fields of tag=value")
    if not any(int(tag) == 35 and value for tag, value in parsed.pairs[1:3]):
        raise InvalidInput("MsgType(35)", _shown(wire), "a type, in the third field")
    pairs = tuple([(int(tag), value.decode("utf-8", "backslashreplace")) for tag, value in parsed.pairs])
    fields: dict[int, str] = {}
    repeated = {tag for tag, value in pairs if fields.setdefault(tag, value) != value}
    return FixMessage(wire, pairs, fields, frozenset(repeated))


def _parse(wire: bytes) -> Any:
    try:
        from simplefix import FixParser
        from simplefix.errors import ParsingError
    except ModuleNotFoundError as error:
        raise MissingExtra("fix", "reading FIX messages") from error
    parser = FixParser(allow_empty_values=True)
    parser.append_buffer(wire)
    try:
        return parser.get_message()
    except ParsingError:
        return None


def _shown(wire: bytes, start: int = 0) -> str:
    return wire[start : start + _SHOWN_BYTES].replace(SOH, b"|").decode("utf-8", "backslashreplace")
