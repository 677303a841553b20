"""What happens to every request, whatever becomes of it: the access log, the figures, and the limit of connections."""

import logging
import time
from collections.abc import Callable, MutableMapping
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sot.adapters.http.http_errors import ServerBusy
from sot.adapters.http.http_message import HttpMessage
from sot.adapters.http.metrics import NO_ROUTE, Metrics, known_method
from sot.adapters.http.server import Server

ACCESS_LOGGER = "sot.http.access"
"""The logger of the access log: one line a request, at INFO."""
REFUSED = "sot.refused"
"""The key of an ASGI scope whose connection is one too many."""
_NO_RESPONSE = "none"

log = logging.getLogger(ACCESS_LOGGER)


class Observation:
    """A middleware that logs and counts each request.

    A line has the method, the template of the route, the status, milliseconds, the request id and the id of the API
    key. It never has a path, a query, a header or a body: these may have secrets.
    """

    def __init__(self, app: ASGIApp, server: Server) -> None:
        self._app = app
        self._server = server

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        message = HttpMessage.of(scope, self._server.store.ids)
        started = time.perf_counter()
        status = _NO_RESPONSE

        async def observed_send(event: Message) -> None:
            nonlocal status
            if event["type"] == "http.response.start":
                status = str(event["status"])
            await send(event)

        try:
            if scope.get(REFUSED):
                error = ServerBusy("The server has too many connections.", {"Connection": "close"})
                await self._server.error_response(error, scope)(scope, receive, observed_send)
            else:
                await self._app(scope, receive, observed_send)
        except Exception:
            status = "500"
            raise
        finally:
            observe(self._server.metrics, message, status, time.perf_counter() - started)


def observe(metrics: Metrics, message: HttpMessage, status: str, seconds: float) -> None:
    """Log and count a request."""
    method, route = known_method(message.method), message.route or NO_ROUTE
    metrics.requests.labels(method, route, status).inc()
    if not message.is_stream:
        metrics.seconds.labels(route).observe(seconds)
    log.info(
        "method=%s route=%s status=%s ms=%.1f request=%s key=%s",
        method, route, status, seconds * 1000, message.request_id, message.key_id or "-",
    )  # fmt: skip


def refusing(app: Callable[..., Any]) -> Callable[..., Any]:
    """Return the application for a connection that is one too many: it refuses each request."""

    async def refuse(scope: MutableMapping[str, Any], receive: Receive, send: Send) -> Any:
        scope[REFUSED] = True
        return await app(scope, receive, send)

    return refuse
