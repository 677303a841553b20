"""One FIX message: its bytes checked, its fields in their order.

Lengths and checksums are checked here; fields are taken apart by the `simplefix` package (extra `fix`), which is loaded
when the first message is read. FIX 4.4 volume 2, "Standard message header" and "trailer", has the rules.
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


@attrs.frozen
class FixMessage:
    r"""A message as it was sent: `wire` with SOH between fields, `fields` by tag, `pairs` in their order.

    What is not UTF-8 in a field is shown as `\\xE9`; `wire` has it as it was.
    """

    wire: bytes
    pairs: tuple[tuple[int, str], ...]
    fields: Mapping[int, str]
    repeated: frozenset[int]

    @property
    def type(self) -> str:
        """MsgType (35)."""
        return self.fields[35]

    def text(self, tag: int, name: str) -> str | None:
        """The value of a field outside of repeating groups; None where it is absent or empty.

        Raises: InvalidInput: it is there several times, with different values.
        """
        if tag in self.repeated:
            raise self.refused(tag, name, self.fields[tag], "one value: it is there several times, and they differ")
        return self.fields.get(tag) or None

    def where(self, tag: int, name: str) -> str:
        """A field of this message, as an error names it."""
        return f"{name}({tag}) of the message 35={self.type} 34={self.fields.get(34, '')}"

    def refused(self, tag: int, name: str, value: str, allowed: str) -> InvalidInput:
        """The error for a field that cannot be read."""
        return InvalidInput(self.where(tag, name), value, allowed)


def message_end(text: bytes) -> int | None:
    """Where the message that begins here ends, trailer included; None if the text ends before it does.

    Raises: InvalidInput: no message begins here, or its BodyLength does not lead to its CheckSum.
    """
    body_end = _body_end(text)
    trailer = _TRAILER.match(text, body_end)
    if trailer is not None:
        return trailer.end()
    if len(text) < body_end + _SHORTEST_TRAILER:
        return None
    raise InvalidInput("BodyLength(9)", _shown(text), "the number of bytes that are between it and CheckSum(10)")


def _body_end(text: bytes) -> int:
    beginning = _BEGINNING.match(text)
    if beginning is None:
        raise InvalidInput("message", _shown(text), "8=FIX...|9=length|35=type|... at its beginning")
    return beginning.end() + int(beginning[1])


def read_message(wire: bytes) -> FixMessage:
    """The message that these bytes are, with SOH after each field but perhaps the last.

    Raises: InvalidInput: BodyLength or CheckSum do not fit, or it is no sequence of tag=value. MissingExtra.
    """
    if message_end(wire) != len(wire):
        raise InvalidInput("message", _shown(wire), "one whole message, from 8=FIX to CheckSum(10)")
    body_end = _body_end(wire)
    said, sum_of_bytes = int(wire[body_end + 3 : body_end + 6]), sum(wire[:body_end]) % 256
    if said != sum_of_bytes:
        raise InvalidInput("CheckSum(10)", said, f"{sum_of_bytes:03}: the message was cut or changed on its way")
    return _taken_apart(wire if wire.endswith(SOH) else wire + SOH)


def _taken_apart(wire: bytes) -> FixMessage:
    parsed = _parsed(wire)
    if parsed is None or parsed.encode(raw=True) != wire:
        raise InvalidInput("message", _shown(wire), "fields of tag=value")
    if int(parsed.pairs[2][0]) != 35 or not parsed.pairs[2][1]:
        raise InvalidInput("MsgType(35)", _shown(wire), "a type, in the third field")
    pairs = tuple([(int(tag), value.decode("utf-8", "backslashreplace")) for tag, value in parsed.pairs])
    fields: dict[int, str] = {}
    repeated = {tag for tag, value in pairs if fields.setdefault(tag, value) != value}
    return FixMessage(wire, pairs, fields, frozenset(repeated))


def _parsed(wire: bytes) -> Any:
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


def _shown(wire: bytes) -> str:
    return wire.replace(SOH, b"|").decode("utf-8", "backslashreplace")
