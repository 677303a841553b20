"""Deterministic ids, and ids by their first digits."""

import re
from hashlib import sha256

from sot.domain.values.errors import InvalidInput

SHORTEST_PREFIX = 4
"""How many digits of an id are needed to find it."""

_DIGITS = 32
_PREFIX = re.compile(rf"[0-9a-f]{{{SHORTEST_PREFIX},{_DIGITS}}}", re.ASCII)


def deterministic_id(*parts: str) -> str:
    """Create an id (UUID version 8, RFC 9562) that is the same for the same parts, wherever and whenever.

    Rules: RECON-18.
    """
    text = "".join(f"{len(part)}:{part}" for part in parts)
    digits = sha256(text.encode()).hexdigest()
    variant = "89ab"[int(digits[16], 16) % 4]
    return _as_id(f"{digits[:12]}8{digits[13:16]}{variant}{digits[17:32]}")


def _as_id(digits: str) -> str:
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def id_prefix(field: str, value: str) -> str:
    """Read the first digits of an id; dashes do not count.

    Args:
        field: The name of the field, for the error.
        value: The first 4 to 32 hexadecimal digits, with or without dashes.

    Raises:
        InvalidInput: It is no such text.
    """
    digits = value.replace("-", "").lower()
    if _PREFIX.fullmatch(digits):
        return digits
    raise InvalidInput(field, value, f"an id, or at least the first {SHORTEST_PREFIX} of its hexadecimal digits")


def ids_from(prefix: str) -> tuple[str, str]:
    """Return the least and the greatest id whose first digits are a prefix."""
    return _as_id(prefix.ljust(_DIGITS, "0")), _as_id(prefix.ljust(_DIGITS, "f"))


def has_prefix(id: str, prefix: str | None) -> bool:
    """Whether an id begins with the digits of a prefix; None sets no limit."""
    return prefix is None or id.replace("-", "").startswith(prefix)
