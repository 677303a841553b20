"""Turn requests into responses: the way of every request, from its bytes to those of the response."""

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import Executor as Pool
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, TypeVar, cast

from starlette.responses import Response as StarletteResponse

from sot.adapters.http.access import ANYBODY, Principal, authenticate
from sot.adapters.http.bodies import BodyMemory, Receive, read_body
from sot.adapters.http.http_errors import BodyTooSlow, IdempotencyKeyMissing, Misdirected, ServerBusy
from sot.adapters.http.http_message import HttpMessage, etag_matches
from sot.adapters.http.idempotency import (
    RunningKeys,
    find_recorded_response,
    fingerprint,
    read_key,
    record_response,
)
from sot.adapters.http.metered_store import counted_errors
from sot.adapters.http.metrics import NO_ROUTE, Metrics
from sot.adapters.http.observed_request import add_status, observed_request
from sot.adapters.http.parameters import Parameter, read_query
from sot.adapters.http.problems import PROBLEM_JSON, build_problem
from sot.adapters.http.request_context import RequestContext, Services
from sot.adapters.http.response import Response, json_text
from sot.adapters.http.route import IdempotencyUse, Route, TransactionMode
from sot.adapters.http.settings import Settings
from sot.application.support.retry import run_until_known
from sot.domain.values.errors import ConcurrentUpdate, SotError, StoreError
from sot.ports.access import AccessUnitOfWork
from sot.ports.store import UnitOfWork

log = logging.getLogger("sot.http")

_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:@]+)(?::[0-9]*)?", re.ASCII)
SECURITY_HEADERS = {"X-Content-Type-Options": "nosniff"}
_CACHE_HEADERS = {"Cache-Control": "private, no-cache", "Vary": "Authorization"}
C = TypeVar("C", bound=RequestContext)
Endpoint = Callable[[MutableMapping[str, Any], Receive], Awaitable[StarletteResponse]]


class Server:
    """Runs the handlers of all routes in threads.

    A request is authenticated before its query and body are read. Handlers of `TransactionMode.READ` and `WRITE` run in
    a transaction of the server, the others run their own.
    """

    def __init__(self, services: Services, settings: Settings, metrics: Metrics) -> None:
        self.services = services
        self.store = services.store
        self.settings = settings
        self.metrics = metrics
        self.bodies = BodyMemory(settings.body_limit, settings.body_memory, settings.body_seconds)
        # Writers may wait for each other and venues may be slow: neither must block readers.
        self.read_pool = ThreadPoolExecutor(settings.threads, "sot-http-read")
        self.write_pool = ThreadPoolExecutor(settings.threads, "sot-http-write")
        self._venue_pool = ThreadPoolExecutor(settings.venue_threads, "sot-http-venue")
        self._running_keys = RunningKeys()

    def close(self) -> None:
        """Release the threads, once they are idle."""
        for pool in (self.read_pool, self.write_pool, self._venue_pool):
            pool.shutdown(wait=False)

    def endpoint(self, route: Route) -> Endpoint:
        """Return the endpoint of a route."""
        known = {parameter.name: parameter for parameter in route.query}
        pool = self._pool(route)
        has_body = route.method == "POST"
        runs_on_loop = route.reads_few_rows and self.settings.local_store

        async def respond(scope: MutableMapping[str, Any], receive: Receive) -> StarletteResponse:
            started = time.monotonic()
            message = HttpMessage.of(scope, self.store.ids)
            message.route = route.path
            with observed_request(self.store.observer, message) as observation, self.bodies.hold() as body:
                try:
                    data = await body.receive(receive, message.headers) if has_body else b""
                except Exception as error:
                    response = self._render_refused_body(error, message)
                else:
                    if runs_on_loop and not message.query:
                        response = self._respond(route, known, message, data)
                    else:
                        run, loop = copy_context().run, asyncio.get_running_loop()
                        response = await loop.run_in_executor(pool, run, self._respond, route, known, message, data)
                add_status(observation, response.status_code)
            return await self.delay_error(response, started)

        return respond

    def _pool(self, route: Route) -> Pool:
        """The threads for a route. A reader of the feed must neither block orders nor wait for a venue."""
        if route.is_get:
            return self.read_pool
        return self._venue_pool if route.transaction is TransactionMode.OWN else self.write_pool

    async def delay_error(self, response: StarletteResponse, started: float) -> StarletteResponse:
        """Delay an error response to the shortest duration, so that it does not show whether something is stored."""
        if response.status_code >= 400:
            await asyncio.sleep(max(0.0, started + self.settings.refusal_seconds - time.monotonic()))
        return response

    # ------------------------------------------------------------------------------------------- checks of a request

    def check_host(self, message: HttpMessage) -> None:
        """Check the headers Host and Origin against the accepted host names.

        Raises:
            Misdirected: One of them has another host.
        """
        hosts = self.settings.hosts
        if hosts is None:
            return
        values = [message.headers.get(b"host", b"")]
        if b"origin" in message.headers:
            values.append(message.headers[b"origin"].partition(b"://")[2])
        for value in values:
            match = _HOST.fullmatch(value.decode("latin-1").lower())
            if match is None or match[1] not in hosts:
                raise Misdirected("A server without keys accepts loopback names only, and pages of such.")

    def authorize(self, route: Route, message: HttpMessage) -> Principal:
        """Return the principal of a request to a route.

        It has a transaction of its own, so that requests without a valid key never block a writer.

        Raises:
            NotAuthenticated: There is no valid key.
            NotAllowed: The key lacks the scope of the route.
        """
        if not self.settings.keys:
            return ANYBODY
        with self.store.begin(read_only=True) as uow:
            return self._principal(uow, route, message)

    def _principal(self, uow: AccessUnitOfWork, route: Route, message: HttpMessage) -> Principal:
        principal = ANYBODY
        if self.settings.keys:
            principal = authenticate(uow, message.headers)
            message.key_id = principal.owner
        if route.scope is not None:
            principal.require_scope(route.scope)
        return principal

    # -------------------------------------------------------------------------------------------- in a thread of a pool

    def _respond(
        self, route: Route, known: Mapping[str, Parameter], message: HttpMessage, data: bytes
    ) -> StarletteResponse:
        try:
            with counted_errors(self.metrics):
                response = self._handle(route, known, message, data)
            return self._render(response, message)
        except Exception as error:
            return self._render_error(error, message, route)

    def _handle(self, route: Route, known: Mapping[str, Parameter], message: HttpMessage, data: bytes) -> Response:
        self.check_host(message)
        if route.transaction is TransactionMode.READ:
            with self.store.begin(read_only=True) as uow:
                principal = self._principal(uow, route, message)
                return route.handler(self._context(route, known, message, data, principal, uow))
        if route.scope is None:
            return route.handler(self._context(route, known, message, data, ANYBODY))
        principal = self.authorize(route, message)
        context = self._context(route, known, message, data, principal)
        key = None if route.idempotency is IdempotencyUse.IGNORED else read_key(message.headers)
        if key is None and route.idempotency is IdempotencyUse.REQUIRED:
            raise IdempotencyKeyMissing("Send the header Idempotency-Key, the same one with each repeat.")
        digest = "" if key is None else fingerprint(message.method, message.path, message.query, context.body)
        if route.transaction is TransactionMode.OWN:
            return self._run_with_own_transactions(route, context, key, digest)
        return self.write(route.handler, context, key, digest)

    def _context(
        self,
        route: Route,
        known: Mapping[str, Parameter],
        message: HttpMessage,
        data: bytes,
        principal: Principal,
        uow: UnitOfWork | None = None,
    ) -> RequestContext:
        query = read_query(message.query, known)
        body = read_body(data, message.headers, route.body is not None and route.body_required)
        return RequestContext(self.services, route.name, message, principal, query, body, uow)

    def write(self, handler: Callable[[C], Response], context: C, key: str | None = None, digest: str = "") -> Response:
        """Run a handler in a transaction and commit it; again after a lost race.

        Args:
            handler: Records something. It recognises a repeat, or has a key.
            context: The request.
            key: Under this key the handler runs once: a repeat gets the response that was recorded.
            digest: The digest of the request, by which another request under the same key is recognised.

        Raises:
            IdempotencyKeyReused: The key was used for another request.
            ConcurrentUpdate: The race was lost too often.
            CommitUnknown: The response to COMMIT was lost twice.
        """
        # A repeat is recognised, so that the use case runs again if the response to COMMIT is lost.
        return run_until_known(
            self.store,
            lambda uow: self._run_in_transaction(handler, context, key, digest, cast("AccessUnitOfWork", uow)),
        )

    def _run_in_transaction(
        self,
        handler: Callable[[C], Response],
        context: C,
        key: str | None,
        digest: str,
        uow: AccessUnitOfWork,
    ) -> Response:
        owner = context.principal.owner
        recorded = None if key is None else find_recorded_response(uow, owner, key, digest)
        if recorded is not None:
            return recorded
        uow.trace = context.message.trace
        try:
            response = handler(context.in_transaction(uow, key))
        except (ConcurrentUpdate, StoreError):
            raise
        except SotError as error:
            # The effect of a concurrent request with this key may have caused the error: its response takes precedence.
            if key is not None and uow.idempotency_records.get(owner, key) is not None:
                raise ConcurrentUpdate("a concurrent request used this Idempotency-Key") from error
            raise
        if key is not None:
            record_response(uow, owner, key, digest, response, json_text(response.body))
        return response

    def _run_with_own_transactions(
        self, route: Route, context: RequestContext, key: str | None, digest: str
    ) -> Response:
        if key is None:
            return route.handler(context)
        owner = context.principal.owner
        recorded = self.store.run(lambda uow: find_recorded_response(uow, owner, key, digest), read_only=True)
        if recorded is not None:
            return recorded

        def record(uow: UnitOfWork, response: Response) -> None:
            access_uow = cast("AccessUnitOfWork", uow)
            winner = find_recorded_response(access_uow, owner, key, digest)
            if winner is not None:  # another process was faster: roll back this effect
                raise _RecordedByOther(winner)
            record_response(access_uow, owner, key, digest, response, json_text(response.body))

        with self._running_keys.hold(owner, key, digest):
            try:
                return route.handler(context.with_recorder(record))
            except _RecordedByOther as error:
                return error.response

    # ------------------------------------------------------------------------------------------------------- rendering

    def _render(self, response: Response, message: HttpMessage) -> StarletteResponse:
        """Render a response, or 304 if the client has its entity tag."""
        headers = {**SECURITY_HEADERS, "X-Request-Id": message.request_id, **response.headers}
        if response.replayed:
            headers["Idempotency-Replayed"] = "true"
        if response.etag is not None:
            headers["ETag"] = response.etag
        if message.is_read:
            headers.update(_CACHE_HEADERS)
            known = message.headers.get(b"if-none-match")
            if known is not None and response.etag is not None and etag_matches(known, response.etag, weak=True):
                return StarletteResponse(status_code=304, headers=headers)
        body = response.body if isinstance(response.body, (str, bytes)) else json_text(response.body)
        return starlette_response(message, body, response.status, headers, response.media_type)

    def _render_refused_body(self, error: Exception, message: HttpMessage) -> StarletteResponse:
        if isinstance(error, (BodyTooSlow, ServerBusy)):
            self.metrics.refused.labels("slow body" if isinstance(error, BodyTooSlow) else "body memory").inc()
        return self._render_error(error, message)

    def _render_error(self, error: Exception, message: HttpMessage, route: Route | None = None) -> StarletteResponse:
        base = self.settings.problem_base or f"{message.root_path}/sot/problems/"
        problem = build_problem(error, base, message.request_id, message.instance, route)
        if problem.type.status >= 500:
            log_failure(error, message)
        headers = {**SECURITY_HEADERS, "X-Request-Id": message.request_id, **problem.headers}
        return starlette_response(message, problem.body, problem.type.status, headers, PROBLEM_JSON)

    def error_response(self, error: Exception, scope: MutableMapping[str, Any]) -> StarletteResponse:
        """Return the response to a request that reached no handler."""
        return self._render_error(error, HttpMessage.of(scope, self.store.ids))


def log_failure(error: Exception, message: HttpMessage) -> None:
    """Log an error of the server. One of ours says what happened; what it was raised from may quote a row."""
    cause = None if isinstance(error, SotError) else error
    detail = "unexpected error" if cause else f"{type(error).__name__}: {error}"
    where = message.route or NO_ROUTE
    log.error("request %s: %s %s: %s", message.request_id, message.method, where, detail, exc_info=cause)


class _RecordedByOther(Exception):
    """Another process has recorded the response of the same request."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def starlette_response(
    message: HttpMessage, body: str | bytes, status: int, headers: dict[str, str], media_type: str
) -> StarletteResponse:
    """Return a rendered response; to HEAD, one without a body."""
    data = body.encode() if isinstance(body, str) else body
    headers["Content-Type"] = media_type
    if message.method == "HEAD":
        headers["Content-Length"] = str(len(data))
        data = b""
    return StarletteResponse(data, status, headers)
