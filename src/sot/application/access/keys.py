"""API keys: make, look up and revoke them.

A token is `sot_`, the id of its key, `_`, and a secret of 256 random bits. Only the SHA-256 of the secret is stored: a
random secret cannot be guessed, so that a slow hash would add nothing.
"""

import hmac
import re
import secrets
from collections.abc import Sequence
from hashlib import sha256

from sot.application.support.use_case import use_case
from sot.domain.access.keys import ApiKey
from sot.domain.values.errors import InvalidInput, NotFound
from sot.domain.values.vocabulary import AccessScope
from sot.ports.access import AccessUnitOfWork

_TOKEN = re.compile(r"sot_([0-9a-f]{16})_([A-Za-z0-9_-]{43})", re.ASCII)


_NO_SECRET_HASH = sha256(b"").hexdigest()


@use_case
def make_key(
    uow: AccessUnitOfWork, scopes: Sequence[AccessScope], accounts: Sequence[str] | None = None, name: str | None = None
) -> tuple[ApiKey, str]:
    """Make and store a new key.

    Args:
        uow: The unit of work to store it in.
        scopes: What the key allows.
        accounts: The accounts that it opens; None means all.
        name: A name for people.

    Returns:
        The key and its token, which is not stored and cannot be shown again.

    Raises:
        InvalidInput: There is no scope, an empty list of accounts, or a name that is not allowed.
    """
    if not scopes:
        raise InvalidInput("scopes", scopes, "at least one of " + ", ".join(AccessScope))
    if accounts is not None and not accounts:
        raise InvalidInput("accounts", accounts, "at least one account, or None for all")
    key_id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
    key = ApiKey(
        key_id=key_id,
        secret_hash=_secret_hash(secret),
        scopes=tuple(scopes),
        accounts=None if accounts is None else tuple(accounts),
        name=name,
        created_at=uow.clock.now(),
    )
    uow.api_keys.add(key)
    return key, f"sot_{key_id}_{secret}"


def key_of(uow: AccessUnitOfWork, token: str) -> ApiKey | None:
    """The key of a token; None if there is no such key, or it was revoked. Takes the same time in every case."""
    match = _TOKEN.fullmatch(token)
    if match is None:
        return None
    key_id, secret = match.groups()
    key = uow.api_keys.get(key_id)
    is_right = hmac.compare_digest(_secret_hash(secret), _NO_SECRET_HASH if key is None else key.secret_hash)
    return key if is_right and key is not None and key.revoked_at is None else None


@use_case
def revoke_key(uow: AccessUnitOfWork, key_id: str) -> None:
    """Revoke a key: its token is refused from now on.

    Raises:
        NotFound: There is no such key.
    """
    if uow.api_keys.get(key_id) is None:
        raise NotFound("key", key_id, "list them")
    uow.api_keys.revoke(key_id, uow.clock.now())


def _secret_hash(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
