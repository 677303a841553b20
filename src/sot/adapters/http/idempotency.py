"""The header Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07): reading it, and what is asked under it."""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from sot.adapters.http.refusals import IdempotencyKeyInvalid, IdempotencyKeyReused
from sot.adapters.http.route import Answer
from sot.domain.access.idempotency import IdempotencyRecord
from sot.domain.values.documents import document_text
from sot.ports.store import UnitOfWork

_SIGNS = r"[!#-+\--~]{1,255}"  # neither white space nor quotes nor commas
_STRING = r'"((?:[ !#-\[\]-~]|\\["\\]){1,510})"'
_BARE = re.compile(_SIGNS, re.ASCII)
_QUOTED = re.compile(_STRING, re.ASCII)
PATTERN = f"^(?:{_SIGNS}|{_STRING})$"
_LONGEST = 255


def key_in(headers: Mapping[bytes, bytes]) -> str | None:
    """The key that a request gives: a structured field's string (RFC 9651, section 3.3.3), or the bare token that many
    clients send.

    Raises: IdempotencyKeyInvalid.
    """
    given = headers.get(b"idempotency-key")
    if given is None:
        return None
    text = given.decode("latin-1").strip(" \t")
    quoted = _QUOTED.fullmatch(text)
    key = re.sub(r'\\(["\\])', r"\1", quoted[1]) if quoted else text
    if len(key) > _LONGEST or not (quoted or _BARE.fullmatch(text)):
        raise IdempotencyKeyInvalid("Give the Idempotency-Key as 1 to 255 printable ASCII characters, or quoted.")
    return key


def fingerprint(method: str, path: str, query: bytes, body: Mapping[str, Any]) -> str:
    """A digest of what is asked for, by which another request under the same key is recognised."""
    asked = f"{method} {path}?{query.decode('latin-1')}\n{document_text(body)}"
    return sha256(asked.encode("utf-8", "surrogatepass")).hexdigest()


def check_same(before: str, asked: str) -> None:
    """Raises: IdempotencyKeyReused: what was asked for under a key before is something else than now."""
    if before != asked:
        raise IdempotencyKeyReused("The Idempotency-Key was used for another request; give a new one.")


def answered_before(uow: UnitOfWork, owner: str, key: str, asked: str) -> Answer | None:
    """What was answered to this under this key. Raises: IdempotencyKeyReused: it was for something else."""
    record = uow.idempotency_records.get(owner, key)
    if record is None:
        return None
    check_same(record.fingerprint, asked)
    headers = dict(record.headers or {})
    etag = headers.pop("ETag", None)
    return Answer(body=record.body, status=record.status, headers=headers, etag=etag, replayed=True)


def keep_answer(uow: UnitOfWork, owner: str, key: str, asked: str, answer: Answer, body: str) -> None:
    """Keep an answer in the transaction of its effect. Raises at the latest on commit: ConcurrentUpdate."""
    etag = {} if answer.etag is None else {"ETag": answer.etag}
    uow.idempotency_records.add(
        IdempotencyRecord(
            owner=owner,
            key=key,
            fingerprint=asked,
            status=answer.status,
            body=body,
            headers={**answer.headers, **etag} or None,
            recorded_at=uow.clock.now(),
        )
    )
