"""API keys."""

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

import attrs

from sot.domain.values import fields
from sot.domain.values.vocabulary import AccessScope


@attrs.frozen(slots=False, kw_only=True)
class ApiKey(fields.Value):
    """A key of the API, without its secret: `secret_hash` is the SHA-256 of that, in hexadecimal.

    `accounts` are those that it may see and touch; None means all. A key is never deleted: `revoked_at` ends it.

    Raises: InvalidInput: a field that is not allowed.
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
        # A key of no account is not one of all accounts.
        "accounts": attrs.evolve(fields.sequence_of(fields.NAME), blank=False),
        "revoked_at": fields.TIME,
    }
