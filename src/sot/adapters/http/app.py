"""The application: FastAPI over the table of routes."""

import re
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from functools import cache
from typing import Any

import attrs
from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException
from starlette.routing import Route as StarletteRoute
from starlette.routing import compile_path
from starlette.types import Receive, Scope, Send

from sot.adapters.http.http_errors import HttpRefusal, MethodNotAllowed, RouteNotFound, ServerError
from sot.adapters.http.http_message import HttpMessage
from sot.adapters.http.metered_store import MeteredStore
from sot.adapters.http.metrics import Metrics
from sot.adapters.http.observation import Observation
from sot.adapters.http.openapi.document import TITLE, build_document
from sot.adapters.http.page.page_app import PageApp
from sot.adapters.http.pages import PageTokens
from sot.adapters.http.request_context import Services
from sot.adapters.http.route import TransactionMode
from sot.adapters.http.routes import ROUTES
from sot.adapters.http.server import Endpoint, Server
from sot.adapters.http.settings import Settings
from sot.adapters.http.stream import EventStreams
from sot.application.accounting.rates import check_default_currency
from sot.application.tables.file_format import FileFormat
from sot.ports.access import AccessStore
from sot.ports.rates import RateSource
from sot.ports.signer import Signer
from sot.ports.venue import Venue

Patterns = Sequence[tuple[re.Pattern[str], str]]
_PATTERNS = tuple((compile_path(route.path)[0], route.method) for route in ROUTES)


def create_app(
    store: AccessStore,
    venue: Venue | None = None,
    *,
    signer: Signer | None = None,
    rates: RateSource | None = None,
    settings: Settings | None = None,
    page: bool = False,
    file_formats: Sequence[FileFormat] = (),
    currency: str | None = None,
) -> FastAPI:
    """Make an application that serves the order history over HTTP.

    It can be served by itself, or mounted in another application. It does not close the store.

    Args:
        store: The store.
        venue: Executes requests. Without it, an application executes elsewhere and records the venue's reports.
        signer: Signs checkpoints.
        rates: Rates between currencies, for results in a reporting currency and for fees in other currencies.
        settings: The settings; by default those of `Settings()`.
        page: Whether to serve the web page, too, at `/`.
        file_formats: The formats of files in which the page offers tables: `sot.adapters.exports.tables.CSV` and
            `JSON_LINES`, `sot.adapters.arrow.PARQUET`.
        currency: The currency in which the page shows results unless its reader chooses another one.

    Raises:
        InvalidInput: There is a currency, and no rates into it.
    """
    check_default_currency("currency", currency, rates)
    settings = settings or Settings()
    if not settings.page_secret:
        settings = attrs.evolve(settings, page_secret=secrets.token_bytes(32))
    document = openapi_document()
    metrics = Metrics()
    metered = MeteredStore(store, metrics)
    services = Services(
        metered, venue, signer, PageTokens(settings.page_secret), document, rates, metrics, file_formats, currency
    )
    server = Server(services, settings, metrics)
    streams = EventStreams(server)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        streams.close()
        if page_app is not None:
            page_app.pages.close()
        server.close()

    # FastAPI's documentation pages load scripts from other hosts, so that they are switched off. So are its own spans
    # and records, in the versions that have them: they have paths, queries and texts of errors.
    app = FastAPI(
        title=TITLE,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        telemetry={"tracing": False, "logs": False},
    )
    app.openapi = lambda: document  # type: ignore[method-assign]
    app.state.metrics = metrics
    app.add_middleware(Observation, server=server)
    for route in ROUTES:
        endpoint = (streams if route.transaction is TransactionMode.STREAM else server).endpoint(route)
        methods = ["GET", "HEAD"] if route.is_get else [route.method]
        app.router.routes.append(StarletteRoute(route.path, _EndpointApp(endpoint), methods=methods, name=route.name))
    page_app = PageApp(server, streams) if page else None
    for method, path, name, endpoint in page_app.endpoints() if page_app else ():
        methods = ["GET", "HEAD"] if method == "GET" else [method]
        app.router.routes.append(StarletteRoute(path, _EndpointApp(endpoint), methods=methods, name=name))
    for error_class in (HTTPException, Exception):
        app.add_exception_handler(error_class, _error_handler(server, page_app))
    return app


@cache
def openapi_document() -> dict[str, Any]:
    """Return the OpenAPI document, which is the same for every server."""
    return build_document(ROUTES)


@attrs.frozen
class _EndpointApp:
    """An endpoint as an ASGI application, so that the framework does not parse the request."""

    endpoint: Endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        response = await self.endpoint(scope, receive)
        await response(scope, receive, send)


def _error_handler(server: Server, page: PageApp | None) -> Callable[[Request, Exception], Awaitable[Response]]:
    patterns = _PATTERNS + (page.patterns if page else ())

    async def handle(request: Request, error: Exception) -> Response:
        message = HttpMessage.of(request.scope, server.store.ids)
        own_error = _own_error(message.path, error, patterns)
        if page is not None and page.shows(message):
            return page.pages.error_response(own_error, message)
        return server.error_response(own_error, request.scope)

    return handle


def _own_error(path: str, error: Exception, patterns: Patterns) -> Exception:
    """The error of this package for an error of the framework."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 405:
        allowed = {method for pattern, method in patterns if pattern.match(path)}
        allowed |= {"HEAD"} if "GET" in allowed else set()
        return MethodNotAllowed("Use one of the methods that Allow lists.", {"Allow": ", ".join(sorted(allowed))})
    if status == 404:
        return RouteNotFound("No operation has this path.")
    return error if status == 500 else _framework_error(status)


def _framework_error(status: int) -> HttpRefusal:
    return ServerError(f"The framework responded with status {status}.")
