"""The order history over HTTP (extra `http`): `create_app` makes an ASGI application, `Settings` configures it.

| Module | What it does |
| --- | --- |
| `app` | makes the FastAPI application of the routes |
| `routes` | one module per subject: a table of `Route` values and their handlers |
| `server`, `stream` | turn a request into a response, or into a stream of events |
| `request_context` | what a handler gets: the parsed request, the history, pages |
| `access`, `idempotency`, `pages` | API keys, `Idempotency-Key`, page tokens |
| `http_message`, `parameters`, `bodies` | read headers, queries and bodies strictly |
| `page` | the web page: views, templates, sessions |
| `problems`, `http_errors` | errors as problem details (RFC 9457) |
| `schemas`, `openapi` | JSON schemas, and the OpenAPI document that is built of the routes |

What always holds:

1. A handler sees only the accounts of the key: its unit of work hides the rows of all others.
2. The response to an `Idempotency-Key` is recorded in the transaction of its effect.
3. The OpenAPI document is built of the same table of routes that is served.
4. An error response never repeats what the client sent, except for the path.
"""

from typing import TYPE_CHECKING

from sot.application.access.keys import make_key, revoke_key
from sot.domain.values.errors import MissingExtra
from sot.domain.values.vocabulary import AccessScope

if TYPE_CHECKING:
    from sot.adapters.http.app import create_app
    from sot.adapters.http.settings import Settings

__all__ = ["AccessScope", "Settings", "create_app", "make_key", "revoke_key"]


def __getattr__(name: str) -> object:
    """Import FastAPI on first use.

    Raises:
        MissingExtra: The extra `http` is not installed.
    """
    if name not in ("Settings", "create_app"):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from sot.adapters.http import app, settings
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("sot."):
            raise
        raise MissingExtra("http", "the HTTP server") from error
    return {"create_app": app.create_app, "Settings": settings.Settings}[name]
