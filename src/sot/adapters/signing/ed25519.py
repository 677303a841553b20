"""Ed25519 signatures (RFC 8032), by the `cryptography` package, which is loaded when a key is first used.

A signature is 128 lower-case hexadecimal digits. The id of a key is the first 16 hexadecimal digits of the SHA-256 of
its 32 raw public bytes.
"""

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from sot.domain.values.errors import InvalidInput, MissingExtra
from sot.ports.signer import Signer, Verifier

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_KEY_ID_DIGITS = 16
_SIGNATURE = re.compile(r"[0-9a-f]{128}", re.ASCII)
_PURPOSE = "signing with Ed25519 keys"
_PRIVATE = "the PEM of an Ed25519 private key (-----BEGIN PRIVATE KEY-----)"
_PUBLIC = "the PEM of an Ed25519 public key (-----BEGIN PUBLIC KEY-----)"
_SECRET = "the given value"  # in place of a key or password, since errors are logged


class Ed25519Signer(Signer):
    """Signs with a private key. Create one by `from_pem` or `generate`."""

    def __init__(self, key: "Ed25519PrivateKey") -> None:
        self._key = key
        self.key_id = _key_id(key.public_key())

    @classmethod
    def from_pem(cls, pem: bytes, password: bytes | None = None) -> "Ed25519Signer":
        """Read a private key.

        Args:
            pem: The key in PEM (PKCS#8).
            password: Its password, if it is encrypted.

        Raises:
            InvalidInput: The text is no Ed25519 private key, or the password is wrong, missing or superfluous.
            MissingExtra: The extra `signing` is not installed.
        """
        return cls(_private_key(pem, password))

    @classmethod
    def generate(cls) -> "Ed25519Signer":
        """Generate a key from the operating system's randomness. Store its `private_pem`.

        Raises:
            MissingExtra: The extra `signing` is not installed.
        """
        try:
            from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        except ModuleNotFoundError as error:
            raise MissingExtra("signing", _PURPOSE) from error
        return cls(Ed25519PrivateKey.generate())

    def private_pem(self, password: bytes | None = None) -> bytes:
        """The private key in PEM (PKCS#8), encrypted if there is a password.

        Raises:
            InvalidInput: The password is empty.
        """
        from cryptography.hazmat.primitives import serialization

        protection: serialization.KeySerializationEncryption = serialization.NoEncryption()
        if password is not None:
            if not password:
                raise InvalidInput("password", _SECRET, "a password of at least one byte, or None")
            protection = serialization.BestAvailableEncryption(password)
        return self._key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, protection)

    def public_pem(self) -> bytes:
        """The public key in PEM (SubjectPublicKeyInfo), for an `Ed25519Verifier`."""
        from cryptography.hazmat.primitives import serialization

        public = self._key.public_key()
        return public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)

    def sign(self, message: bytes) -> str:
        """The signature of a message, in lower-case hexadecimal."""
        return self._key.sign(message).hex()

    def __repr__(self) -> str:
        return f"Ed25519Signer(key_id={self.key_id!r})"


class Ed25519Verifier(Verifier):
    """Verifies signatures of several keys: the present one, and former ones whose signatures are still needed.

    Args:
        *public_pems: Public keys in PEM (SubjectPublicKeyInfo).

    Raises:
        InvalidInput: There is no key, or a text is no Ed25519 public key.
        MissingExtra: The extra `signing` is not installed.
    """

    def __init__(self, *public_pems: bytes) -> None:
        if not public_pems:
            raise InvalidInput("public key", None, _PUBLIC)
        keys = map(_public_key, public_pems)
        self._keys = {_key_id(key): key for key in keys}

    @property
    def key_ids(self) -> tuple[str, ...]:
        """The ids of the keys."""
        return tuple(self._keys)

    def verifies(self, message: bytes, signature: str, key_id: str) -> bool:
        """Whether a key signed a message; also false for an unknown key and for a text that is no signature."""
        from cryptography.exceptions import InvalidSignature

        key = self._keys.get(key_id)
        if key is None or not _SIGNATURE.fullmatch(signature):
            return False
        try:
            key.verify(bytes.fromhex(signature), message)
        except InvalidSignature:
            return False
        return True

    def __repr__(self) -> str:
        return f"Ed25519Verifier(key_ids={self.key_ids!r})"


def _key_id(key: "Ed25519PublicKey") -> str:
    return sha256(key.public_bytes_raw()).hexdigest()[:_KEY_ID_DIGITS]


def _private_key(pem: bytes, password: bytes | None) -> "Ed25519PrivateKey":
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key
    except ModuleNotFoundError as error:
        raise MissingExtra("signing", _PURPOSE) from error
    _check_pem("private key", pem, _PRIVATE)
    try:
        key = load_pem_private_key(pem, password)
    except TypeError:  # cryptography raises this for a missing and for a superfluous password
        allowed = "its password: it is encrypted" if password is None else "no password: it is not encrypted"
        raise InvalidInput("private key", _SECRET, allowed) from None
    except (ValueError, UnsupportedAlgorithm):
        allowed = _PRIVATE if password is None else f"{_PRIVATE}, and the password that it was encrypted with"
        raise InvalidInput("private key", _SECRET, allowed) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise InvalidInput("private key", f"a key of another kind ({type(key).__name__})", _PRIVATE)
    return key


def _public_key(pem: bytes) -> "Ed25519PublicKey":
    try:
        from cryptography.exceptions import UnsupportedAlgorithm
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
        from cryptography.hazmat.primitives.serialization import load_pem_public_key
    except ModuleNotFoundError as error:
        raise MissingExtra("signing", _PURPOSE) from error
    _check_pem("public key", pem, _PUBLIC)
    try:
        key = load_pem_public_key(pem)
    except (ValueError, UnsupportedAlgorithm):
        raise InvalidInput("public key", _SECRET, _PUBLIC) from None
    if not isinstance(key, Ed25519PublicKey):
        raise InvalidInput("public key", f"a key of another kind ({type(key).__name__})", _PUBLIC)
    return key


def _check_pem(field: str, pem: object, allowed: str) -> None:
    if not isinstance(pem, bytes):
        raise InvalidInput(field, f"a value of type {type(pem).__name__}", f"{allowed}, as bytes")
