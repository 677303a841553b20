"""The page as part of the server's application."""

from collections.abc import Iterator
from functools import partial

from starlette.routing import compile_path

from sot.adapters.http.http_message import HttpMessage
from sot.adapters.http.page.page_route import PageRoute
from sot.adapters.http.page.page_server import PageServer
from sot.adapters.http.page.static_files import STATIC_PATH
from sot.adapters.http.page.views import PAGE_ROUTES
from sot.adapters.http.page.views.live import followed_changes
from sot.adapters.http.route import TransactionMode
from sot.adapters.http.server import Endpoint, Server
from sot.adapters.http.stream import EventStreams, StreamSpec

_API_PATHS = ("/sot/", "/metrics", "/healthz", "/readyz")


class PageApp:
    """The page of a server: its endpoints, and its errors."""

    def __init__(self, server: Server, streams: EventStreams) -> None:
        self._server = server
        self._streams = streams
        self._pages = PageServer(server, PAGE_ROUTES, server.settings.session_seconds)
        self.patterns = tuple((compile_path(path)[0], method) for method, path, _, _ in self.endpoints())

    def endpoints(self) -> Iterator[tuple[str, str, str, Endpoint]]:
        """Iterate over method, path, name and endpoint of all routes."""
        for route in PAGE_ROUTES:
            is_stream = route.transaction is TransactionMode.STREAM
            yield (
                route.method,
                route.path,
                route.name,
                self._stream(route) if is_stream else self._pages.endpoint(route),
            )
        yield "GET", STATIC_PATH, "static", self._pages.static_file

    def _stream(self, route: PageRoute) -> Endpoint:
        authorize = partial(self._pages.authorize, route.scope)
        spec = StreamSpec(
            path=route.path, query=route.query, authorize=authorize, follow=followed_changes, sends_last_only=True
        )
        return self._streams.serve(spec)

    def shows(self, message: HttpMessage) -> bool:
        """Whether the error of a request that reached no view is shown as a page: a browser asked for one."""
        is_api = message.path.startswith(_API_PATHS)
        return not is_api and b"text/html" in message.headers.get(b"accept", b"")

    @property
    def pages(self) -> PageServer:
        """The server of the pages."""
        return self._pages
