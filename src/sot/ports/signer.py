"""The ports to sign checkpoints, and to verify signatures."""

from abc import abstractmethod
from typing import Protocol


class Signer(Protocol):
    """Signs with a private key.

    Attributes:
        key_id: The id of the key, by which its public key is found.
    """

    key_id: str

    @abstractmethod
    def sign(self, message: bytes) -> str:
        """Sign a message, and return the signature as text."""
        raise NotImplementedError


class Verifier(Protocol):
    """Verifies signatures by public keys."""

    @abstractmethod
    def verifies(self, message: bytes, signature: str, key_id: str) -> bool:
        """Whether a signature of a message is that of a key. An unknown key signs nothing."""
        raise NotImplementedError
