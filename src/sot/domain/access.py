"""Who may ask, and what was answered: keys of the API, and answers that are given again."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import ClassVar

import attrs

from sot.domain import fields
from sot.domain.vocabulary import AccessScope


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
        "scopes": fields.sequence_of(fields.word(AccessScope)),
        "created_at": fields.MOMENT,
        "name": fields.NAME,
        # A key of no account is not one of all accounts.
        "accounts": attrs.evolve(fields.sequence_of(fields.NAME), blank=False),
        "revoked_at": fields.MOMENT,
    }


@attrs.frozen(slots=False, kw_only=True)
class IdempotencyRecord(fields.Value):
    """What was answered to a request that had this `key`, to be answered again.

    `owner` is whose key it is (an account, or a key of the API). `fingerprint` is a digest of what was asked for, by
    which another question under the same key is recognised. Records do not expire.

    Raises: InvalidInput: a field that is not allowed.
    """

    owner: str
    key: str
    fingerprint: str
    status: int
    body: str
    recorded_at: datetime
    headers: Mapping[str, str] | None = None

    KINDS: ClassVar = {
        "owner": fields.NAME,
        "key": fields.NAME,
        "fingerprint": fields.HASH,
        "status": fields.COUNT,
        "body": fields.ANSWER,
        "recorded_at": fields.MOMENT,
        "headers": fields.TAGS,
    }
