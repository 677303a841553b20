"""Turn requests of the page into responses: the way of every page, from its request to its HTML."""

import asyncio
import gzip
import time
from collections.abc import Iterator, Mapping, MutableMapping, Sequence
from concurrent.futures import Executor as Pool
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from typing import Any

from starlette.responses import Response as StarletteResponse

from sot.adapters.http.access import ANYBODY, Principal
from sot.adapters.http.bodies import Receive
from sot.adapters.http.http_errors import HttpRefusal, NotAuthenticated, RouteNotFound, ServerBusy
from sot.adapters.http.http_message import HttpMessage
from sot.adapters.http.metered_store import counted_errors
from sot.adapters.http.observed_request import add_status, observed_request
from sot.adapters.http.page.cookies import VISIT_COOKIE, CookieWriter
from sot.adapters.http.page.csrf import TOKEN_FIELD, FormTokens, check_origin
from sot.adapters.http.page.downloads import download_response
from sot.adapters.http.page.forms import read_form
from sot.adapters.http.page.headers import PAGE_HEADERS, SECURITY_HEADERS
from sot.adapters.http.page.layouts import Layouts
from sot.adapters.http.page.links import Links
from sot.adapters.http.page.page_context import PageContext
from sot.adapters.http.page.page_errors import error_model, retry_headers
from sot.adapters.http.page.page_parameters import without_blanks
from sot.adapters.http.page.page_route import Answer, Download, PageRoute, Redirect, WebPage, paths_of
from sot.adapters.http.page.reader import Reader, principal_of, read_reader
from sot.adapters.http.page.rendering import Templates
from sot.adapters.http.page.sessions import Sessions
from sot.adapters.http.page.static_files import CACHE_FOR_GOOD, accepts_gzip, load_static_files
from sot.adapters.http.page.writing import write_once
from sot.adapters.http.parameters import read_query
from sot.adapters.http.route import TransactionMode
from sot.adapters.http.server import Endpoint, Server, log_failure, starlette_response
from sot.domain.values.vocabulary import AccessScope

LOGIN_ROUTE = "login"
_HTML = "text/html; charset=utf-8"
_SMALLEST_COMPRESSED = 1_000
_GZIP_LEVEL = 3
_LONG_THREADS = 2
MOST_LONG = 8
"""How many views that take long may run or wait at once."""


class PageServer:
    """Runs the views of the page, in the threads of the server.

    A reader is known by a session cookie; on a server without keys, everybody may see everything. Whoever is not logged
    in is sent to the log-in. Nothing else of a cookie counts, and no cookie counts for the JSON API.
    """

    def __init__(self, server: Server, routes: Sequence[PageRoute], session_seconds: int) -> None:
        settings = server.settings
        self._server = server
        self._paths = paths_of(routes)
        self._files = load_static_files()
        self._tokens = FormTokens(settings.page_secret)
        self._layouts = Layouts(routes, self._files, self._tokens)
        self._templates = Templates()
        self._running_long = 0
        self._long_pool = ThreadPoolExecutor(_LONG_THREADS, "sot-http-long")
        self.sessions = Sessions(settings.page_secret, session_seconds)

    def endpoint(self, route: PageRoute) -> Endpoint:
        """Return the endpoint of a route."""
        server = self._server
        known = {parameter.name: parameter for parameter in route.query}

        async def respond(scope: MutableMapping[str, Any], receive: Receive) -> StarletteResponse:
            started = time.monotonic()
            message = HttpMessage.of(scope, server.store.ids)
            message.route = route.path
            is_secure = scope.get("scheme") == "https"
            with observed_request(server.store.observer, message) as observation, server.bodies.hold() as body:
                try:
                    data = await body.receive(receive, message.headers) if route.method == "POST" else b""
                except HttpRefusal as error:
                    response = self.error_response(error, message)
                else:
                    run, loop = copy_context().run, asyncio.get_running_loop()
                    with self._counted(route) as has_room:
                        if has_room:
                            response = await loop.run_in_executor(
                                self._pool(route), run, self._respond, route, known, message, data, is_secure
                            )
                        else:
                            response = self.error_response(ServerBusy("Too many files are being written."), message)
                add_status(observation, response.status_code)
            return await server.delay_error(response, started)

        return respond

    @contextmanager
    def _counted(self, route: PageRoute) -> Iterator[bool]:
        """Count a view that takes long as running until the end of the block; says whether it may run."""
        if not route.is_long:
            yield True
            return
        has_room = self._running_long < MOST_LONG
        self._running_long += 1
        try:
            yield has_room
        finally:
            self._running_long -= 1

    def _pool(self, route: PageRoute) -> Pool:
        """The threads for a route. What takes long must not block readers, nor a writer that waits for others."""
        if route.is_long:
            return self._long_pool
        return self._server.write_pool if route.transaction is TransactionMode.WRITE else self._server.read_pool

    def close(self) -> None:
        """Release the threads, once they are idle."""
        self._long_pool.shutdown(wait=False)

    async def static_file(self, scope: MutableMapping[str, Any], receive: Receive) -> StarletteResponse:
        """Respond with a file beside the page; open to everybody."""
        message = HttpMessage.of(scope, self._server.store.ids)
        message.route = "/static"
        digest, name = message.path_parameters["digest"], message.path_parameters["file"]
        file = self._files.get(name)
        if file is None or file.digest != digest:
            return self.error_response(RouteNotFound("There is no such file."), message)
        headers = {**SECURITY_HEADERS, "Cache-Control": CACHE_FOR_GOOD, "Vary": "Accept-Encoding"}
        is_compressed = accepts_gzip(message)
        if is_compressed:
            headers["Content-Encoding"] = "gzip"
        data = file.compressed if is_compressed else file.data
        return starlette_response(message, data, 200, headers, file.media_type)

    # ------------------------------------------------------------------------------------------------ who is there

    def authorize(self, scope: AccessScope | None, message: HttpMessage) -> Principal:
        """Return the principal of a request by its session cookie.

        Raises:
            NotAuthenticated: There is no session.
            NotAllowed: Its key lacks the scope.
        """
        with self._server.store.begin(read_only=True) as uow:
            return self._principal(uow, scope, message, self._reader(message))

    def _reader(self, message: HttpMessage) -> Reader:
        store, keys = self._server.store, self._server.settings.keys
        return read_reader(message, self.sessions if keys else None, store.clock.now().timestamp())

    def _principal(self, uow: Any, scope: AccessScope | None, message: HttpMessage, reader: Reader) -> Principal:
        reader.principal = principal_of(uow, reader.session) if self._server.settings.keys else ANYBODY
        message.key_id = reader.principal.owner
        if scope is not None:
            reader.principal.require_scope(scope)
        return reader.principal

    # ------------------------------------------------------------------------------------------ in a thread of a pool

    def _respond(
        self, route: PageRoute, known: Mapping[str, Any], message: HttpMessage, data: bytes, is_secure: bool
    ) -> StarletteResponse:
        reader = self._reader(message)
        writer = CookieWriter(message.root_path or "/", is_secure)
        try:
            with counted_errors(self._server.metrics):
                answer, context, cursor = self._show(route, known, message, data, reader, writer)
            if isinstance(answer, Redirect):
                return self._redirect(answer, message)
            if isinstance(answer, Download):
                return download_response(answer, {**PAGE_HEADERS, "X-Request-Id": message.request_id})
            layout = self._layouts.of_page(route, answer.title, context, reader, cursor)
            return self._render(answer, layout, message, reader, writer)
        except NotAuthenticated:
            return self._to_login(message)
        except Exception as error:
            return self._render_error(error, message, reader, writer)

    def _show(
        self,
        route: PageRoute,
        known: Mapping[str, Any],
        message: HttpMessage,
        data: bytes,
        reader: Reader,
        writer: CookieWriter,
    ) -> tuple[Answer, PageContext, int | None]:
        """Return what a view answers, what it got, and the cursor of the feed from which its page is watched."""
        server = self._server
        server.check_host(message)
        form: Mapping[str, str] = {}
        if route.method == "POST":
            check_origin(message)
            form = read_form(data, message.headers.get(b"content-type", b""), [*route.form, TOKEN_FIELD])
            self._tokens.check(reader.form_id, form.get(TOKEN_FIELD, ""))

        def context(principal: Principal, uow: Any = None) -> PageContext:
            query = read_query(without_blanks(message.query), known)
            return PageContext(
                server.services, route.name, message, principal, query, uow,
                form=form, session=reader.session, sessions=self.sessions, cookies=writer,
                links=self._layouts.links(message, query), needs_key=server.settings.keys,
            )  # fmt: skip

        if route.transaction is TransactionMode.WRITE:
            with server.store.begin(read_only=True) as uow:
                found = context(self._principal(uow, route.scope, message, reader))
            return write_once(server, route.view, found), found, None
        if route.transaction is not TransactionMode.READ:
            found = context(ANYBODY if route.scope is None else self.authorize(route.scope, message))
            return route.view(found), found, None
        cursor = server.store.horizon() if route.live else None
        with server.store.begin(read_only=True) as uow:
            found = context(self._principal(uow, route.scope, message, reader), uow)
            answer = route.view(found)
            if isinstance(answer, WebPage):
                found.counts = self._layouts.counts(found)
            return answer, found, cursor

    # ------------------------------------------------------------------------------------------------------ rendering

    def _render(
        self, page: WebPage, layout: Any, message: HttpMessage, reader: Reader, writer: CookieWriter
    ) -> StarletteResponse:
        data = self._templates.render(page.template, layout, page.model).encode()
        headers = {**PAGE_HEADERS, "X-Request-Id": message.request_id, **retry_headers(page.status)}
        if len(data) >= _SMALLEST_COMPRESSED and accepts_gzip(message):
            data = gzip.compress(data, _GZIP_LEVEL, mtime=0)
            headers["Content-Encoding"] = "gzip"
        response = starlette_response(message, data, page.status, headers, _HTML)
        if reader.is_new and reader.session is None:
            response.headers.append("Set-Cookie", writer.write(VISIT_COOKIE, reader.visit))
        return response

    def _redirect(self, redirect: Redirect, message: HttpMessage) -> StarletteResponse:
        headers = {**PAGE_HEADERS, "X-Request-Id": message.request_id, "Location": redirect.address}
        response = starlette_response(message, b"", 303, headers, _HTML)
        for cookie in redirect.cookies:
            response.headers.append("Set-Cookie", cookie)
        return response

    def _to_login(self, message: HttpMessage) -> StarletteResponse:
        """Send a reader to the log-in, and back from there. A script that reads a part of a page reloads all of it."""
        links = Links(message.root_path, self._paths)
        query = message.query.decode("latin-1")
        next = message.path + ("?" + query if query else "") if message.is_read else ""
        address = links(LOGIN_ROUTE, next=next)
        if b"hx-request" not in message.headers:
            return self._redirect(Redirect(address=address), message)
        headers = {**PAGE_HEADERS, "X-Request-Id": message.request_id, "HX-Refresh": "true"}
        return starlette_response(message, b"", 401, headers, _HTML)

    def _render_error(
        self, error: Exception, message: HttpMessage, reader: Reader, writer: CookieWriter
    ) -> StarletteResponse:
        model = error_model(error)
        if model.status >= 500:
            log_failure(error, message)
        layout = self._layouts.of_error(model.title, message, reader)
        page = WebPage(template="error.html", title=model.title, model=model, status=model.status)
        return self._render(page, layout, message, reader, writer)

    def error_response(self, error: Exception, message: HttpMessage) -> StarletteResponse:
        """Return the page of an error of a request that reached no view."""
        writer = CookieWriter(message.root_path or "/", False)
        reader = self._reader(message)
        reader.is_new = False  # no cookie from a page that has none of its forms
        return self._render_error(error, message, reader, writer)
