"""The application: FastAPI routes over the table of routes."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

import attrs
from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.routing import Route as StarletteRoute
from starlette.routing import compile_path
from starlette.types import Receive, Scope, Send

from sot.adapters.http.openapi import TITLE, document
from sot.adapters.http.refusals import HttpRefusal, MethodNotAllowed, RouteNotFound, ServerError
from sot.adapters.http.route import Work
from sot.adapters.http.routes import ROUTES
from sot.adapters.http.server import Server, Settings
from sot.adapters.http.stream import Streams
from sot.ports.signer import Signer
from sot.ports.store import Store
from sot.ports.venue import Venue

_PATTERNS = tuple((compile_path(route.path)[0], route.method) for route in ROUTES)


def create_app(
    store: Store, venue: Venue | None = None, *, signer: Signer | None = None, settings: Settings | None = None
) -> FastAPI:
    """The order history over HTTP, as an application to be served, or mounted in another one.

    `venue` executes requests; without one an application reports what it executed itself. `signer` signs checkpoints.
    The store stays the caller's: it is not closed here.
    """
    settings = settings or Settings()
    if not settings.page_secret:
        settings = attrs.evolve(settings, page_secret=secrets.token_bytes(32))
    server = Server(store, venue, signer, settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        server.close()

    # What FastAPI serves by itself to browsers comes from elsewhere, so that it is left out.
    app = FastAPI(
        title=TITLE, openapi_url=None, docs_url=None, redoc_url=None, redirect_slashes=False, lifespan=lifespan
    )
    app.openapi = document  # type: ignore[method-assign]
    streams = Streams(server)
    for route in ROUTES:
        endpoint = (streams if route.work is Work.STREAM else server).endpoint(route)
        methods = ["GET", "HEAD"] if route.reads else [route.method]
        served = StarletteRoute(route.path, _Endpoint(endpoint), methods=methods, name=route.name)
        app.router.routes.append(served)
    for raised in (HTTPException, Exception):
        app.add_exception_handler(raised, _unrouted(server))
    return app


@attrs.frozen
class _Endpoint:
    """A route as an application of its own: it needs nothing of what the framework makes of a request."""

    answer: Callable[[Scope, Receive], Awaitable[Response]]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self.answer(scope, receive)
        await response(scope, receive, send)


def _unrouted(server: Server) -> Callable[[Request, Exception], Awaitable[Response]]:
    async def answer(request: Request, error: Exception) -> Response:
        return server.refusal(_meant(request.scope, error), request.scope)

    return answer


def _meant(scope: Mapping[str, Any], error: Exception) -> Exception:
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 405:
        path = str(scope["path"]).removeprefix(str(scope.get("root_path", "")))
        allowed = {method for pattern, method in _PATTERNS if pattern.match(path)}
        allowed |= {"HEAD"} & {"HEAD" for method in allowed if method == "GET"}
        return MethodNotAllowed("Use one of the methods that Allow lists.", {"Allow": ", ".join(sorted(allowed))})
    if status == 404:
        return RouteNotFound("There is nothing at this path.")
    return error if status == 500 else _other(status)


def _other(status: int) -> HttpRefusal:
    return ServerError(f"The framework answered with status {status}.")
