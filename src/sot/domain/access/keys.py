"""API keys."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

import attrs

from sot.domain.values import fields
from sot.domain.values.value import Value
from sot.domain.values.vocabulary import AccessScope


@attrs.frozen(slots=False, kw_only=True)
class ApiKey(Value):
    """A key of the API, without its secret.

    Attributes:
        secret_hash: The SHA-256 of the secret, in hexadecimal.
        scopes: What the key allows.
        accounts: The accounts that it may read and write; None means all.
        revoked_at: When the key was revoked. A key is never deleted.

    Raises:
        InvalidInput: A field is not allowed.
    """

    key_id: str
    secret_hash: str
    scopes: Sequence[AccessScope]
    created_at: datetime
    name: str | None = None
    accounts: Sequence[str] | None = None
    revoked_at: datetime | None = None

    KINDS: ClassVar = {
        "key_id": fields.NAME,
        "secret_hash": fields.HASH,
        "scopes": fields.sequence_of(fields.member_of(AccessScope)),
        "created_at": fields.TIME,
        "name": fields.NAME,
        # An empty list is written: left out, it would mean all accounts.
        "accounts": attrs.evolve(fields.sequence_of(fields.NAME), blank=False, none=None),
        "revoked_at": fields.TIME,
    }
