"""Keys of the API: making them, and knowing who holds one.

A token is `sot_`, the id of its key, `_`, and a secret of 256 random bits. Only the SHA-256 of the secret is kept: it
has nothing to guess, so that a slow hash would add nothing.
"""

import hmac
import re
import secrets
from collections.abc import Sequence
from hashlib import sha256

from sot.domain.access.keys import ApiKey
from sot.domain.values.errors import InvalidInput, NotFound
from sot.domain.values.vocabulary import AccessScope
from sot.ports.access import AccessUnitOfWork

_TOKEN = re.compile(r"sot_([0-9a-f]{16})_([A-Za-z0-9_-]{43})", re.ASCII)


_NOBODY = sha256(b"").hexdigest()


def make_key(
    uow: AccessUnitOfWork, scopes: Sequence[AccessScope], accounts: Sequence[str] | None = None, name: str | None = None
) -> tuple[ApiKey, str]:
    """Keep a new key, and give its token, which cannot be told again. `accounts` None means all of them.

    Raises: InvalidInput: no scope, an empty list of accounts, or a name that is not allowed.
    """
    if not scopes:
        raise InvalidInput("scopes", scopes, "at least one of " + ", ".join(AccessScope))
    if accounts is not None and not accounts:
        raise InvalidInput("accounts", accounts, "at least one account, or none said for all")
    key_id, secret = secrets.token_hex(8), secrets.token_urlsafe(32)
    key = ApiKey(
        key_id=key_id,
        secret_hash=_hashed(secret),
        scopes=tuple(scopes),
        accounts=None if accounts is None else tuple(accounts),
        name=name,
        created_at=uow.clock.now(),
    )
    uow.api_keys.add(key)
    return key, f"sot_{key_id}_{secret}"


def key_of(uow: AccessUnitOfWork, token: str) -> ApiKey | None:
    """The key that a token is of; None if there is none, or it was revoked. Takes the same time for each."""
    said = _TOKEN.fullmatch(token)
    if said is None:
        return None
    key = uow.api_keys.get(said[1])
    right = hmac.compare_digest(_hashed(said[2]), _NOBODY if key is None else key.secret_hash)
    return key if right and key is not None and key.revoked_at is None else None


def revoke_key(uow: AccessUnitOfWork, key_id: str) -> None:
    """From now on the key opens nothing. Raises: NotFound."""
    if uow.api_keys.get(key_id) is None:
        raise NotFound("key", key_id, "list them")
    uow.api_keys.revoke(key_id, uow.clock.now())


def _hashed(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
