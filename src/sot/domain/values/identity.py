"""Deterministic ids: the same parts give the same id, wherever and whenever it is made."""

from hashlib import sha256


def deterministic_id(*parts: str) -> str:
    """An id (UUID version 8, RFC 9562) that is the same for the same parts, wherever and whenever it is made."""
    said = "".join(f"{len(part)}:{part}" for part in parts)
    text = sha256(said.encode()).hexdigest()
    variant = "89ab"[int(text[16], 16) % 4]
    return f"{text[:8]}-{text[8:12]}-8{text[13:16]}-{variant}{text[17:20]}-{text[20:32]}"
