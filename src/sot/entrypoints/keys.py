"""Keys that sign checkpoints, in files."""

import os
from collections.abc import Sequence
from pathlib import Path

from sot.domain.values.errors import InvalidInput
from sot.ports.signer import Signer, Verifier

PASSWORD = "SOT_KEY_PASSWORD"
_OWNER_ONLY = 0o600


def signer_of(path: Path | None) -> Signer | None:
    """Who signs with the private key of a PEM file; its password, if it has one, is in the environment.

    Raises: InvalidInput: no such key, or another password. MissingExtra. OSError.
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


def verifier_of(paths: Sequence[Path] | None) -> Verifier | None:
    """Who knows the public keys of PEM files; None without any. Raises: InvalidInput. MissingExtra. OSError."""
    if not paths:
        return None
    from sot.adapters.signing import Ed25519Verifier

    return Ed25519Verifier(*(path.read_bytes() for path in paths))


def make_key(path: Path) -> str:
    """Make a key: the private half goes into a new file that its owner alone may read, the public half is returned.

    Raises: InvalidInput: the file is there. MissingExtra. OSError.
    """
    from sot.adapters.signing import Ed25519Signer

    signer = Ed25519Signer.generate()
    password = os.environ.get(PASSWORD)
    pem = signer.private_pem(password.encode() if password else None)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
    except FileExistsError:
        raise InvalidInput("--new-key", str(path), "a file that does not exist: no key is ever overwritten") from None
    with os.fdopen(handle, "wb") as file:
        file.write(pem)
    return signer.public_pem().decode()
