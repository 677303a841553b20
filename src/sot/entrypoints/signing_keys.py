"""Files with the keys that sign checkpoints."""

import os
from collections.abc import Sequence
from pathlib import Path

from sot.domain.values.errors import InvalidInput
from sot.ports.signer import Signer, Verifier

PASSWORD = "SOT_KEY_PASSWORD"
"""The environment variable with the password of a private key."""
_OWNER_ONLY = 0o600


def read_signer(path: Path | None) -> Signer | None:
    """The signer of a private key in a PEM file; None without a file.

    Raises:
        InvalidInput: The file has no Ed25519 private key, or the password is wrong.
        MissingExtra: The extra `signing` is not installed.
        OSError: The file cannot be read.
    """
    if path is None:
        return None
    from sot.adapters.signing import Ed25519Signer

    password = os.environ.get(PASSWORD)
    try:
        return Ed25519Signer.from_pem(path.read_bytes(), password.encode() if password else None)
    except InvalidInput as error:
        hint = f" (in {PASSWORD})" if "password" in error.allowed else ""
        raise InvalidInput(f"--key {path}", error.value, error.allowed + hint) from None


def read_verifier(paths: Sequence[Path] | None) -> Verifier | None:
    """The verifier of the public keys in PEM files; None without files.

    Raises:
        InvalidInput: A file has no Ed25519 public key.
        MissingExtra: The extra `signing` is not installed.
        OSError: A file cannot be read.
    """
    if not paths:
        return None
    from sot.adapters.signing import Ed25519Verifier

    return Ed25519Verifier(*(path.read_bytes() for path in paths))


def create_key(path: Path) -> str:
    """Create a private key in a new file that only its owner may read.

    Returns:
        The public key in PEM.

    Raises:
        InvalidInput: The file exists.
        MissingExtra: The extra `signing` is not installed.
        OSError: The file cannot be written.
    """
    from sot.adapters.signing import Ed25519Signer

    signer = Ed25519Signer.generate()
    password = os.environ.get(PASSWORD)
    pem = signer.private_pem(password.encode() if password else None)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    except FileExistsError:
        raise InvalidInput("--new-key", str(path), "a file that does not exist: a key is never overwritten") from None
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
    return signer.public_pem().decode()
