"""The header Idempotency-Key (draft-ietf-httpapi-idempotency-key-header-07), and the responses recorded under it."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from threading import Lock
from typing import Any

from sot.adapters.http.http_errors import IdempotencyKeyInvalid, IdempotencyKeyReused, InProgress
from sot.adapters.http.response import Response
from sot.domain.access.idempotency import IdempotencyRecord
from sot.domain.values.documents import document_text
from sot.ports.access import AccessUnitOfWork

_CHARACTERS = r"[!#-+\--~]{1,255}"  # neither white space nor quotes nor commas
_STRING = r'"((?:[ !#-\[\]-~]|\\["\\]){1,510})"'
_BARE = re.compile(_CHARACTERS, re.ASCII)
_QUOTED = re.compile(_STRING, re.ASCII)
PATTERN = f"^(?:{_CHARACTERS}|{_STRING})$"
_MAX_LENGTH = 255


def read_key(headers: Mapping[bytes, bytes]) -> str | None:
    """Return the Idempotency-Key of a request.

    It is the string of a structured field (RFC 9651, section 3.3.3), or the bare token that many clients send.

    Raises:
        IdempotencyKeyInvalid: It is malformed.
    """
    value = headers.get(b"idempotency-key")
    if value is None:
        return None
    text = value.decode("latin-1").strip(" \t")
    quoted = _QUOTED.fullmatch(text)
    key = re.sub(r'\\(["\\])', r"\1", quoted[1]) if quoted else text
    if len(key) > _MAX_LENGTH or not (quoted or _BARE.fullmatch(text)):
        raise IdempotencyKeyInvalid("Give the Idempotency-Key as 1 to 255 printable ASCII characters, or quoted.")
    return key


def fingerprint(method: str, path: str, query: bytes, body: Mapping[str, Any]) -> str:
    """Return the digest of a request, by which another request under the same key is recognised."""
    content = f"{method} {path}?{query.decode('latin-1')}\n{document_text(body)}"
    return sha256(content.encode("utf-8", "surrogatepass")).hexdigest()


def check_fingerprint(recorded: str, current: str) -> None:
    """Check that a request is the one that its key was used for.

    Raises:
        IdempotencyKeyReused: It is another one.
    """
    if recorded != current:
        raise IdempotencyKeyReused("The Idempotency-Key was used for another request; give a new one.")


def find_recorded_response(uow: AccessUnitOfWork, owner: str, key: str, fingerprint: str) -> Response | None:
    """Return the response that was recorded under a key, or None.

    Raises:
        IdempotencyKeyReused: The key was used for another request.
    """
    record = uow.idempotency_records.get(owner, key)
    if record is None:
        return None
    check_fingerprint(record.fingerprint, fingerprint)
    headers = dict(record.headers or {})
    etag = headers.pop("ETag", None)
    return Response(body=record.body, status=record.status, headers=headers, etag=etag, replayed=True)


def record_response(
    uow: AccessUnitOfWork, owner: str, key: str, fingerprint: str, response: Response, body: str
) -> None:
    """Record a response in the transaction of its effect.

    Raises:
        ConcurrentUpdate: On commit at the latest: the owner has a response under this key.
    """
    etag = {} if response.etag is None else {"ETag": response.etag}
    uow.idempotency_records.add(
        IdempotencyRecord(
            owner=owner,
            key=key,
            fingerprint=fingerprint,
            status=response.status,
            body=body,
            headers={**response.headers, **etag} or None,
            recorded_at=uow.clock.now(),
        )
    )


class RunningKeys:
    """The Idempotency-Keys whose requests are calling the venue in this process."""

    def __init__(self) -> None:
        self._fingerprints: dict[tuple[str, str], str] = {}
        self._lock = Lock()

    @contextmanager
    def hold(self, owner: str, key: str, fingerprint: str) -> Iterator[None]:
        """Hold a key until the end of the block.

        Raises:
            InProgress: The same request holds it.
            IdempotencyKeyReused: Another request holds it.
        """
        with self._lock:
            running = self._fingerprints.get((owner, key))
            if running is None:
                self._fingerprints[owner, key] = fingerprint
        if running is not None:
            check_fingerprint(running, fingerprint)
            raise InProgress("A request with this Idempotency-Key is in progress.", {"Retry-After": "1"})
        try:
            yield
        finally:
            with self._lock:
                del self._fingerprints[owner, key]
