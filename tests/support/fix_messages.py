"""FIX messages as text: fields separated by |, without BodyLength (9) and CheckSum (10)."""

from sot.adapters.fix import FixMessage, read_message
from tests.support.fix_encoding import framed


def message_bytes(text: str) -> bytes:
    """The bytes of a message that begins with 8=."""
    version, _, body = text.strip("|").partition("|")
    return framed(body.replace("|", "\x01").encode() + b"\x01", version.removeprefix("8="))


def message_of(text: str) -> FixMessage:
    """The message."""
    return read_message(message_bytes(text))


def log_of(*texts: str) -> bytes:
    """A log with a message in each line."""
    return b"".join(message_bytes(text).replace(b"\x01", b"|") + b"\n" for text in texts)
