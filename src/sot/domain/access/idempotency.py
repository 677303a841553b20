"""Recorded answers to requests that carried an idempotency key."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

import attrs

from sot.domain.values import fields


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
        "body": fields.RESPONSE,
        "recorded_at": fields.TIME,
        "headers": fields.TAGS,
    }
