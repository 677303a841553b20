"""The order history over HTTP (extra `http`)."""

from typing import TYPE_CHECKING

from sot.domain.values.errors import MissingExtra

if TYPE_CHECKING:
    from sot.adapters.http.app import create_app
    from sot.adapters.http.server import Settings

__all__ = ["Settings", "create_app"]


def __getattr__(name: str) -> object:
    """Loads FastAPI when it is first needed. Raises: MissingExtra."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        from sot.adapters.http import app, server
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("sot."):
            raise
        raise MissingExtra("http", "the HTTP server") from error
    return {"create_app": app.create_app, "Settings": server.Settings}[name]
