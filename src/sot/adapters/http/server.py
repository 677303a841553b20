"""Answering: one way for all routes, from the bytes of a request to those of its answer."""

import asyncio
import logging
import re
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from concurrent.futures import Executor as Pool
from concurrent.futures import ThreadPoolExecutor
from json import JSONEncoder
from threading import Lock
from typing import Any

import attrs
from starlette.responses import Response

from sot.adapters.http.access import ANYBODY, Principal, principal_of
from sot.adapters.http.asked import Asked
from sot.adapters.http.bodies import LARGEST_BODY, Receive, read_body, received
from sot.adapters.http.idempotency import answered_before, check_same, fingerprint, keep_answer, key_in
from sot.adapters.http.pages import Pages
from sot.adapters.http.parameters import read_query
from sot.adapters.http.problems import PROBLEM_JSON, problem
from sot.adapters.http.refusals import IdempotencyKeyMissing, InProgress, Misdirected
from sot.adapters.http.route import Answer, Keyed, Parameter, Route, Work
from sot.adapters.http.wire import Wire, matches
from sot.application.support.retry import run_until_known
from sot.domain.values.errors import ConcurrentUpdate, SotError, StoreError
from sot.ports.signer import Signer
from sot.ports.store import Store, UnitOfWork
from sot.ports.venue import Venue

log = logging.getLogger("sot.http")

_text = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[^:@]+)(?::[0-9]*)?", re.ASCII)
_SECURITY = {"X-Content-Type-Options": "nosniff"}
_PRIVATE = {"Cache-Control": "private, no-cache", "Vary": "Authorization"}


@attrs.frozen(kw_only=True)
class Settings:
    """How a server answers.

    `keys`: whether a key is needed; without, anybody who reaches the server may do everything. `hosts`: the names by
    which it may be called, None for any: without keys they keep web pages of others from reaching it by a name of
    theirs. `problem_base`: what addresses of problem types begin with, if they are not to be the server's own pages.
    `page_secret`: of page tokens; the same in all processes that serve the same clients, and made up if it is empty.
    `body_limit`: in bytes. `at_hand`: the store is read in microseconds and its readers wait for nobody, as in memory
    or a local SQLite file, so that a single row is not worth a change of threads. `threads`: so many transactions read
    at once, and as many write; more would only get in each other's way. `calls`: calls of the venue at once.
    `refusal_seconds`: no refusal comes sooner, so that the time of one tells nothing about what is stored.
    `stream_seconds`: after so long a stream ends, and its client goes on from where it was; `poll_seconds` and
    `heartbeat_seconds` are those of streams.
    """

    keys: bool = True
    hosts: frozenset[str] | None = None
    problem_base: str | None = None
    page_secret: bytes = b""
    body_limit: int = LARGEST_BODY
    at_hand: bool = False
    threads: int = 4
    calls: int = 16
    refusal_seconds: float = 0.01
    stream_seconds: float = 300.0
    poll_seconds: float = 0.5
    heartbeat_seconds: float = 15.0


class Server:
    """What all routes share: store, venue, threads, and how one request becomes one answer."""

    def __init__(self, store: Store, venue: Venue | None, signer: Signer | None, settings: Settings) -> None:
        self.store = store
        self.venue = venue
        self.signer = signer
        self.settings = settings
        self.pages = Pages(settings.page_secret)
        # Writers may wait for one another, and venues may take long: neither keeps readers from the store.
        self.reads = ThreadPoolExecutor(settings.threads, "sot-http-read")
        self.writes = ThreadPoolExecutor(settings.threads, "sot-http-write")
        self.calls = ThreadPoolExecutor(settings.calls, "sot-http-call")
        self._running: dict[tuple[str, str], str] = {}
        self._lock = Lock()

    def close(self) -> None:
        """Let go of the threads, once they are done."""
        for pool in (self.reads, self.writes, self.calls):
            pool.shutdown(wait=False)

    def endpoint(self, route: Route) -> Callable[[MutableMapping[str, Any], Receive], Awaitable[Response]]:
        """What answers requests of a route."""
        known = {parameter.name: parameter for parameter in route.query}
        # Who reads the feed must not take the threads that orders are sent by, nor wait for a venue.
        pool: Pool = self.reads if route.reads else self.calls if route.work is Work.CALL else self.writes
        takes_body = route.method == "POST"
        brief = route.brief and self.settings.at_hand

        async def answer(scope: MutableMapping[str, Any], receive: Receive) -> Response:
            started = time.monotonic()
            wire = Wire(scope, self.store.ids)
            try:
                data = await received(receive, wire.headers, self.settings.body_limit) if takes_body else b""
            except Exception as error:
                response = self._refused(error, wire)
            else:
                if brief and not wire.query:
                    response = self._answer(route, known, wire, data)
                else:
                    loop = asyncio.get_running_loop()
                    response = await loop.run_in_executor(pool, self._answer, route, known, wire, data)
            return await self.held(response, started)

        return answer

    async def held(self, response: Response, started: float) -> Response:
        """A refusal no sooner than others: it takes as long for what is foreign as for what is not there."""
        if response.status_code >= 400:
            await asyncio.sleep(max(0.0, started + self.settings.refusal_seconds - time.monotonic()))
        return response

    # ------------------------------------------------------------------------------------- in a thread of the pool

    def _answer(self, route: Route, known: Mapping[str, Parameter], wire: Wire, data: bytes) -> Response:
        try:
            return self.rendered(self._made(route, known, wire, data), wire)
        except Exception as error:
            return self._refused(error, wire, route)

    def _made(self, route: Route, known: Mapping[str, Parameter], wire: Wire, data: bytes) -> Answer:
        self.check_host(wire)
        if route.work is Work.READ:
            with self.store.begin(read_only=True) as uow:
                asked = self._let_in(route, known, wire, data, self._principal(uow, route, wire), uow)
                return route.handler(asked)
        if route.scope is None:
            return route.handler(self._let_in(route, known, wire, data, ANYBODY))
        principal = self.admitted(route, wire)
        asked = self._let_in(route, known, wire, data, principal)
        key = None if route.keyed is Keyed.NOT else key_in(wire.headers)
        if key is None:
            if route.keyed is Keyed.NEEDED:
                raise IdempotencyKeyMissing("Give the header Idempotency-Key, and the same with every repetition.")
            return self._worked(route, asked, None, "")
        wanted = fingerprint(wire.method, wire.path, wire.query, asked.body)
        return self._worked(route, asked, key, wanted)

    def admitted(self, route: Route, wire: Wire) -> Principal:
        """Who asks, looked up in a transaction of its own: nobody unknown makes a writer wait. Raises: as below."""
        if not self.settings.keys:
            return ANYBODY
        with self.store.begin(read_only=True) as uow:
            return self._principal(uow, route, wire)

    def _principal(self, uow: UnitOfWork, route: Route, wire: Wire) -> Principal:
        """Who asks. Raises: NotAuthenticated, NotAllowed."""
        principal = principal_of(uow, wire.headers) if self.settings.keys else ANYBODY
        if route.scope is not None:
            principal.need(route.scope)
        return principal

    def check_host(self, wire: Wire) -> None:
        """Raises: Misdirected: called by another name, or by a web page from elsewhere, which sends its Origin."""
        hosts = self.settings.hosts
        if hosts is not None:
            said = [wire.headers.get(b"host", b"")]
            if b"origin" in wire.headers:
                said.append(wire.headers[b"origin"].partition(b"://")[2])
            named = [_HOST.fullmatch(text.decode("latin-1").lower()) for text in said]
            if any(name is None or name[1] not in hosts for name in named):
                raise Misdirected("Without keys the server is reached by loopback names only, and from pages of such.")

    def _let_in(
        self,
        route: Route,
        known: Mapping[str, Parameter],
        wire: Wire,
        data: bytes,
        principal: Principal,
        uow: UnitOfWork | None = None,
    ) -> Asked:
        return Asked(
            route,
            wire,
            principal,
            read_query(wire.query, known),
            read_body(data, wire.headers, route.body is not None and route.body_needed),
            self.store,
            self.venue,
            self.signer,
            self.pages,
            uow,
        )

    def _worked(self, route: Route, asked: Asked, key: str | None, wanted: str) -> Answer:
        if route.work is Work.CALL:
            return self._called(route, asked, key, wanted)
        # What is written here is recognised when it is written again, so that a lost answer to COMMIT is asked for.
        return run_until_known(self.store, lambda uow: self._written(route, asked, key, wanted, uow))

    def _written(self, route: Route, asked: Asked, key: str | None, wanted: str, uow: UnitOfWork) -> Answer:
        owner = asked.principal.owner
        before = None if key is None else answered_before(uow, owner, key, wanted)
        if before is not None:
            return before
        uow.trace = asked.wire.trace
        try:
            answer = route.handler(asked.within(uow, key))
        except (ConcurrentUpdate, StoreError):
            raise
        except SotError as error:
            # Refused because of what was done under the same key a moment ago: then that answer tells, not this error.
            if key is not None and uow.idempotency_records.get(owner, key) is not None:
                raise ConcurrentUpdate("this Idempotency-Key was answered meanwhile") from error
            raise
        if key is not None:
            keep_answer(uow, owner, key, wanted, answer, _text(answer.body))
        return answer

    def _called(self, route: Route, asked: Asked, key: str | None, wanted: str) -> Answer:
        """Around calls of the venue: whoever asks the same at the same time is told to wait, and whoever asks something
        else under the same key that it is taken.
        """
        if key is None:
            return route.handler(asked)
        owner = asked.principal.owner
        before = self.store.run(lambda uow: answered_before(uow, owner, key, wanted), read_only=True)
        if before is not None:
            return before
        self._begin(owner, key, wanted)
        try:
            return route.handler(asked.keeping(lambda uow, answer: self._keep(asked, key, wanted, uow, answer)))
        except _AnsweredMeanwhile as found:
            return found.answer
        finally:
            with self._lock:
                del self._running[owner, key]

    def _begin(self, owner: str, key: str, wanted: str) -> None:
        """Raises: IdempotencyKeyReused, InProgress."""
        with self._lock:
            running = self._running.get((owner, key))
            if running is None:
                self._running[owner, key] = wanted
                return
        check_same(running, wanted)
        raise InProgress("A request with this Idempotency-Key is being worked on.", {"Retry-After": "1"})

    def _keep(self, asked: Asked, key: str, wanted: str, uow: UnitOfWork, answer: Answer) -> None:
        before = answered_before(uow, asked.principal.owner, key, wanted)
        if before is not None:  # by another process, a moment ago: this effect is not to be
            raise _AnsweredMeanwhile(before)
        keep_answer(uow, asked.principal.owner, key, wanted, answer, _text(answer.body))

    # ------------------------------------------------------------------------------------------------- what is sent

    def rendered(self, answer: Answer, wire: Wire) -> Response:
        """The bytes of an answer, or that nothing has changed since the client had it."""
        headers = {**_SECURITY, "X-Request-Id": wire.request_id, **answer.headers}
        if answer.replayed:
            headers["Idempotency-Replayed"] = "true"
        if answer.etag is not None:
            headers["ETag"] = answer.etag
        if wire.method in ("GET", "HEAD"):
            headers.update(_PRIVATE)
            known = wire.headers.get(b"if-none-match")
            if known is not None and answer.etag is not None and matches(known, answer.etag, weakly=True):
                return Response(status_code=304, headers=headers)
        body = answer.body if isinstance(answer.body, (str, bytes)) else _text(answer.body)
        return _sent(wire, body, answer.status, headers, answer.media_type)

    def _refused(self, error: Exception, wire: Wire, route: Route | None = None) -> Response:
        base = self.settings.problem_base or f"{wire.root_path}/sot/problems/"
        said = problem(error, base, wire.request_id, wire.instance, route)
        if said.type.status >= 500:
            log.error("request %s: %s %s", wire.request_id, wire.method, wire.instance, exc_info=error)
        headers = {**_SECURITY, "X-Request-Id": wire.request_id, **said.headers}
        return _sent(wire, said.body, said.type.status, headers, PROBLEM_JSON)

    def refusal(self, error: Exception, scope: MutableMapping[str, Any]) -> Response:
        """The answer to a request that no route took."""
        return self._refused(error, Wire(scope, self.store.ids))


class _AnsweredMeanwhile(Exception):
    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


def _sent(wire: Wire, body: str | bytes, status: int, headers: dict[str, str], media_type: str) -> Response:
    data = body.encode() if isinstance(body, str) else body
    headers["Content-Type"] = media_type
    if wire.method == "HEAD":
        headers["Content-Length"] = str(len(data))
        data = b""
    return Response(data, status, headers)
