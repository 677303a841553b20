"""Recorded responses to requests with an idempotency key."""

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

import attrs

from sot.domain.values import fields
from sot.domain.values.value import Value


@attrs.frozen(slots=False, kw_only=True)
class IdempotencyRecord(Value):
    """The response to a request with an idempotency key, which a repeat gets again. It does not expire.

    Attributes:
        owner: Whose key it is: an account, or a key of the API.
        key: The idempotency key.
        fingerprint: The digest of the request, by which another request with the same key is recognised.
        status: The status code of the response.

    Raises:
        InvalidInput: A field is not allowed.
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
