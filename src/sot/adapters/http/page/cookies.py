"""Cookies: reading those of a request, and writing those of a response."""

from collections.abc import Mapping

import attrs

SESSION_COOKIE = "sot_session"
"""Who is logged in."""
VISIT_COOKIE = "sot_visit"
"""A random id of a browser that is not logged in, to which the tokens of its forms are bound."""
THEME_COOKIE = "sot_theme"
"""Light or dark, where the reader chose one."""


def read_cookies(header: bytes) -> Mapping[str, str]:
    """Return the cookies of a request by name; of several with one name, the first (RFC 6265, section 5.4)."""
    cookies: dict[str, str] = {}
    for part in header.decode("latin-1").split(";"):
        name, equals, value = part.strip().partition("=")
        if equals:
            cookies.setdefault(name, value)
    return cookies


@attrs.frozen
class CookieWriter:
    """Writes cookies that this server alone gets back: not for scripts, not from other sites.

    Attributes:
        path: The path under which the server is mounted.
        secure: Whether the request came by https.
    """

    path: str
    secure: bool

    def write(self, name: str, value: str, seconds: int | None = None) -> str:
        """Return the header `Set-Cookie`; without `seconds` the cookie lasts until the browser is closed."""
        parts = [f"{name}={value}", f"Path={self.path}", "HttpOnly", "SameSite=Strict"]
        parts += ["Secure"] if self.secure else []
        parts += [] if seconds is None else [f"Max-Age={seconds}"]
        return "; ".join(parts)

    def clear(self, name: str) -> str:
        """Return the header `Set-Cookie` that removes a cookie."""
        return self.write(name, "", 0)
