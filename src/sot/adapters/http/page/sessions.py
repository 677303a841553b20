"""Sessions of people who logged in with an API key.

A session is in its cookie: the id of the key, the second at which it ends, a random id, and a code (HMAC-SHA256) over
these. The server keeps nothing but the ids of sessions that were logged out, until they would have ended. The key
itself is looked up with every request, so that revoking it ends its sessions.
"""

import base64
import hmac
import re
import secrets
from collections import OrderedDict
from threading import Lock

import attrs

_VALUE = re.compile(r"([0-9a-f]{16})\.([0-9]{1,12})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})", re.ASCII)
_ID_BYTES = 16
LARGEST_LOG_OUTS = 10_000


@attrs.frozen
class Session:
    """A session.

    Attributes:
        key_id: The id of the API key that it was opened with.
        ends_at: The second since 1970 at which it ends.
        id: Its random id.
    """

    key_id: str
    ends_at: int
    id: str


class Sessions:
    """Opens, reads and ends sessions.

    A logged-out session is refused by this process alone. If more than `LARGEST_LOG_OUTS` are remembered, those that
    end first are forgotten, and every session that ends as early is refused, too.

    Args:
        secret: The secret of the server, from which the key of the codes is derived.
        seconds: How long a session lasts.
    """

    def __init__(self, secret: bytes, seconds: int) -> None:
        self.seconds = seconds
        self._secret = hmac.digest(secret, b"sot page session", "sha256")
        self._ended: OrderedDict[str, int] = OrderedDict()
        self._refused_until = 0
        self._lock = Lock()

    def open(self, key_id: str, now: float) -> str:
        """Open a session, and return the value of its cookie."""
        session = Session(key_id, int(now) + self.seconds, secrets.token_urlsafe(_ID_BYTES))
        return f"{_content(session)}.{self._code(session)}"

    def read(self, value: str, now: float) -> Session | None:
        """Return the session of a cookie; None if the server did not make it, or it ended or was logged out."""
        match = _VALUE.fullmatch(value)
        if match is None:
            return None
        session = Session(match[1], int(match[2]), match[3])
        if not hmac.compare_digest(self._code(session), match[4]) or now >= session.ends_at:
            return None
        with self._lock:
            is_ended = session.id in self._ended or session.ends_at <= self._refused_until
        return None if is_ended else session

    def end(self, session: Session, now: float) -> None:
        """Log a session out: from now on its cookie is refused."""
        with self._lock:
            self._ended[session.id] = session.ends_at
            for id in [id for id, ends_at in self._ended.items() if ends_at <= now]:
                del self._ended[id]
            while len(self._ended) > LARGEST_LOG_OUTS:
                first = min(self._ended, key=self._ended.__getitem__)
                self._refused_until = max(self._refused_until, self._ended.pop(first))

    def _code(self, session: Session) -> str:
        code = hmac.digest(self._secret, _content(session).encode(), "sha256")
        return base64.urlsafe_b64encode(code).decode().rstrip("=")


def _content(session: Session) -> str:
    return f"{session.key_id}.{session.ends_at}.{session.id}"
