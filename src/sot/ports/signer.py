"""Signing checkpoints."""

from abc import abstractmethod
from typing import Protocol


class Signer(Protocol):
    """Whoever holds a private key. `key_id` tells which one, so that its public half can be found."""

    key_id: str

    @abstractmethod
    def sign(self, message: bytes) -> str:
        """The signature of a message, as text."""
        raise NotImplementedError


class Verifier(Protocol):
    """Whoever knows public keys."""

    @abstractmethod
    def verifies(self, message: bytes, signature: str, key_id: str) -> bool:
        """Whether this key signed this message."""
        raise NotImplementedError
