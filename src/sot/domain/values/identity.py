"""Deterministic ids."""

from hashlib import sha256


def deterministic_id(*parts: str) -> str:
    """Create an id (UUID version 8, RFC 9562) that is the same for the same parts, wherever and whenever."""
    text = "".join(f"{len(part)}:{part}" for part in parts)
    digits = sha256(text.encode()).hexdigest()
    variant = "89ab"[int(digits[16], 16) % 4]
    return f"{digits[:8]}-{digits[8:12]}-8{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:32]}"
