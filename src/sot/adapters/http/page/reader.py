"""Who looks at the page: what the cookies of a request say."""

from collections.abc import Mapping

import attrs

from sot.adapters.http.access import Principal, principal_of_key
from sot.adapters.http.http_errors import NotAuthenticated
from sot.adapters.http.http_message import HttpMessage
from sot.adapters.http.page.cookies import SESSION_COOKIE, THEME_COOKIE, VISIT_COOKIE, read_cookies
from sot.adapters.http.page.csrf import new_random_id, read_visit
from sot.adapters.http.page.layout import THEMES
from sot.adapters.http.page.sessions import Session, Sessions
from sot.ports.access import AccessUnitOfWork


@attrs.define
class Reader:
    """The reader of a page.

    Attributes:
        session: The session of the cookie; None without one, and on a server without keys.
        visit: The id of the visit of a browser without a session.
        is_new: Whether the visit begins with this request.
        theme: Light, dark, or what the system has.
        principal: Who is behind the session, once its key was looked up.
    """

    session: Session | None
    visit: str
    is_new: bool
    theme: str
    principal: Principal | None = None

    @property
    def form_id(self) -> str:
        """What the tokens of forms are bound to."""
        return self.visit if self.session is None else self.session.id


def read_reader(message: HttpMessage, sessions: Sessions | None, now: float) -> Reader:
    """Return the reader of a request; without sessions, on a server without keys, anybody."""
    cookies: Mapping[str, str] = read_cookies(message.headers.get(b"cookie", b""))
    session = None if sessions is None else sessions.read(cookies.get(SESSION_COOKIE, ""), now)
    visit = read_visit(cookies.get(VISIT_COOKIE, ""))
    theme = cookies.get(THEME_COOKIE, "")
    return Reader(session, visit or new_random_id(), visit is None, theme if theme in THEMES else THEMES[0])


def principal_of(uow: AccessUnitOfWork, session: Session | None) -> Principal:
    """Return the principal behind a session. Its key is looked up, since it may have been revoked.

    Raises:
        NotAuthenticated: There is no session, or its key was revoked.
    """
    key = None if session is None else uow.api_keys.get(session.key_id)
    if key is None or key.revoked_at is not None:
        raise NotAuthenticated("Log in with a key.")
    return principal_of_key(key)
