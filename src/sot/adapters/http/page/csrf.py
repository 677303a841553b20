"""Protection against requests that another site makes a browser send.

Every form has a token that is bound to the session, or to the visit of a browser that is not logged in. The headers by
which a browser says where a request comes from are checked, too.
"""

import base64
import hmac
import re
import secrets

from sot.adapters.http.http_errors import HttpRefusal
from sot.adapters.http.http_message import HttpMessage

TOKEN_FIELD = "token"
_RANDOM_ID = re.compile(r"[A-Za-z0-9_-]{22}", re.ASCII)
_OWN_SITES = (b"same-origin", b"none")


class ForeignForm(HttpRefusal):
    """A form was not sent from a page of this server."""


class FormTokens:
    """Issues and checks the tokens of forms."""

    def __init__(self, secret: bytes) -> None:
        self._secret = hmac.digest(secret, b"sot page form", "sha256")

    def token(self, id: str) -> str:
        """Return the token of the forms of a session or a visit."""
        return base64.urlsafe_b64encode(hmac.digest(self._secret, id.encode(), "sha256")).decode().rstrip("=")

    def check(self, id: str, token: str) -> None:
        """Check a token.

        Raises:
            ForeignForm: It is not of this session or visit.
        """
        if not hmac.compare_digest(self.token(id).encode(), token.encode()):
            raise ForeignForm("The form is not of this session: open the page again, and send it from there.")


def check_origin(message: HttpMessage) -> None:
    """Check where a browser says that a request comes from. A client that says nothing needs the token alone.

    Raises:
        ForeignForm: It comes from another site.
    """
    headers = message.headers
    site, origin = headers.get(b"sec-fetch-site"), headers.get(b"origin")
    host = headers.get(b"host", b"")
    if (site is not None and site not in _OWN_SITES) or (origin is not None and origin.partition(b"://")[2] != host):
        raise ForeignForm("The form was sent from another site.")


def read_visit(value: str) -> str | None:
    """Return the id of a visit from its cookie; None if it is none."""
    return value if is_random_id(value) else None


def new_random_id() -> str:
    """Return a new random id, such as that of a visit."""
    return secrets.token_urlsafe(16)


def is_random_id(value: str) -> bool:
    """Whether a text has the form of a random id."""
    return _RANDOM_ID.fullmatch(value) is not None
