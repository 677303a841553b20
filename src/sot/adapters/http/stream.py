"""The feed as server-sent events (WHATWG HTML, section 9.2).

A client resumes after the last event that it received, and misses none. Streams read in threads of their own, so that
they never delay another request. While nothing is recorded they read nothing: one look at the feed serves all of them.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import copy_context
from functools import partial
from itertools import islice
from typing import Any

import attrs
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive as StarletteReceive
from starlette.types import Scope, Send

from sot.adapters.http.access import ANYBODY, Principal
from sot.adapters.http.bodies import Receive
from sot.adapters.http.feed_watch import FeedWatch
from sot.adapters.http.http_errors import InvalidParameter, ServerBusy, TooManyStreams
from sot.adapters.http.http_message import HttpMessage
from sot.adapters.http.observed_request import add_status, observed_request
from sot.adapters.http.pages import BATCH_SIZE, MAX_PAGE_CHARACTERS
from sot.adapters.http.parameters import Parameter, read_query
from sot.adapters.http.response import json_text
from sot.adapters.http.route import Route
from sot.adapters.http.server import Endpoint, Server
from sot.application.audit.feed import BATCH, FollowedEvent, follow
from sot.application.views.records import followed_event_view
from sot.domain.values.errors import SotError
from sot.ports.store import Store

EVENT_STREAM = "text/event-stream"
_THREADS = 2
_SIGNALS_PER_SECOND = 25
"""How many messages a second the streams that send the last one only send together: for each a page is read again."""
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff"}


@attrs.frozen
class _Subscription:
    """An authorized client.

    Attributes:
        account_id: The account that it follows; None for all of its key.
        after: The cursor to start after.
        horizon: The end of the feed when it came.
    """

    principal: Principal
    account_id: str | None
    after: int
    horizon: int


@attrs.frozen
class _Batch:
    """The text to send, and the cursor up to which it covers the feed."""

    text: str
    cursor: int


@attrs.frozen(kw_only=True)
class StreamedFact:
    """A fact that a stream passes on to those who may see its account.

    Attributes:
        cursor: The cursor to continue from after it.
        write: Returns its message.
    """

    cursor: int
    account_id: str
    write: Callable[[], str]


@attrs.frozen(kw_only=True)
class StreamSpec:
    """What a stream is.

    Attributes:
        path: The path template of its route.
        query: Its query parameters.
        authorize: Returns the principal of a request, with each batch anew.
        follow: Iterates over what is committed after a cursor, read in batches of a size.
        sends_last_only: Whether of the events that are read together only the last one is sent.
    """

    path: str
    query: Sequence[Parameter]
    authorize: Callable[[HttpMessage], Principal]
    follow: Callable[[Store, int, int], Iterator[StreamedFact]]
    sends_last_only: bool = False


def followed_events(store: Store, after: int, batch: int) -> Iterator[StreamedFact]:
    """Iterate over the events after a cursor, as the stream of the JSON API passes them on."""
    for followed in follow(store, after, batch):
        yield StreamedFact(
            cursor=followed.cursor, account_id=followed.event.account_id, write=partial(event_message, followed)
        )


def event_message(followed: FollowedEvent) -> str:
    """Return an event as a message of the stream."""
    return f"id: {followed.cursor}\ndata: {json_text(followed_event_view(followed))}\n\n"


class EventStreams:
    """The streams of a server. They hold no thread and no connection to a database while they wait for new events."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._pool = ThreadPoolExecutor(_THREADS, "sot-http-stream")
        self._watch = FeedWatch(server.store, self._pool, server.settings.poll_seconds)
        self._open: Counter[str] = Counter()

    def close(self) -> None:
        """Release the threads, once they are idle."""
        self._pool.shutdown(wait=False)

    def endpoint(self, route: Route) -> Endpoint:
        """Return the endpoint of the stream of the JSON API."""
        authorize = partial(self._server.authorize, route)
        return self.serve(StreamSpec(path=route.path, query=route.query, authorize=authorize, follow=followed_events))

    def serve(self, stream: StreamSpec) -> Endpoint:
        """Return the endpoint of a stream. All streams of the server share its limits."""
        server = self._server

        async def respond(scope: MutableMapping[str, Any], receive: Receive) -> Response:
            started = time.monotonic()
            message = HttpMessage.of(scope, server.store.ids)
            message.route, message.is_stream = stream.path, True
            loop = asyncio.get_running_loop()
            with observed_request(server.store.observer, message) as observation:
                try:
                    self._check_room(None)
                    run = copy_context().run
                    subscription = await loop.run_in_executor(self._pool, run, self._subscribe, stream, message)
                    self._check_room(subscription.principal)
                    add_status(observation, 200)
                except Exception as error:
                    response = server.error_response(error, scope)
                    add_status(observation, response.status_code)
                    return await server.delay_error(response, started)
            headers = {**_HEADERS, "X-Request-Id": message.request_id}
            if message.method == "HEAD":
                return StreamingResponse(_no_texts(), headers=headers, media_type=EVENT_STREAM)
            texts = self._texts(stream, message, subscription)
            return _CountedResponse(self, subscription.principal, texts, headers)

        return respond

    def _check_room(self, principal: Principal | None) -> None:
        """Check that another stream may be opened; without a principal, by anybody.

        Raises:
            ServerBusy: All streams of the server are in use.
            TooManyStreams: All streams of the key are in use.
        """
        settings, refused = self._server.settings, self._server.metrics.refused
        if self._open.total() >= settings.max_streams:
            refused.labels("streams").inc()
            raise ServerBusy("The server has too many open streams.")
        if principal is None or principal is ANYBODY:
            return
        if self._open[principal.owner] >= settings.max_streams_per_key:
            refused.labels("streams of a key").inc()
            raise TooManyStreams(f"The key has {settings.max_streams_per_key} open streams; close one.")

    @contextmanager
    def counted(self, principal: Principal) -> Iterator[None]:
        """Count a stream as open until the end of the block."""
        self._open[principal.owner] += 1
        self._server.metrics.streams.inc()
        try:
            yield
        finally:
            self._open[principal.owner] -= 1
            self._open += Counter()  # drops keys without a stream
            self._server.metrics.streams.dec()

    async def _texts(self, stream: StreamSpec, message: HttpMessage, subscription: _Subscription) -> AsyncIterator[str]:
        settings = self._server.settings
        loop = asyncio.get_running_loop()
        cursor, end = subscription.after, time.monotonic() + settings.stream_seconds
        horizon, has_waited = subscription.horizon, False
        yield "retry: 1000\n\n"
        while True:
            try:
                batch = await loop.run_in_executor(self._pool, self._read, stream, message, subscription, cursor)
            except SotError:
                return  # such as a revoked key: the client reconnects, and gets the error response
            if batch.text or has_waited:
                yield batch.text or ": still here\n\n"
            has_advanced, cursor = batch.cursor > cursor, batch.cursor
            remaining = end - time.monotonic()
            if remaining <= 0:
                return
            has_waited = False
            if not has_advanced:
                seconds = min(settings.heartbeat_seconds, remaining)
                known, horizon = horizon, await self._watch.wait(horizon, seconds)
                has_waited = known == horizon
            elif stream.sends_last_only:
                await asyncio.sleep(min(self._open.total() / _SIGNALS_PER_SECOND, remaining))

    # -------------------------------------------------------------------------------------------- in a thread of a pool

    def _subscribe(self, stream: StreamSpec, message: HttpMessage) -> _Subscription:
        server = self._server
        server.check_host(message)
        principal = stream.authorize(message)
        query = read_query(message.query, {parameter.name: parameter for parameter in stream.query})
        account_id = principal.list_account(query.get("account_id"))
        after = _start_cursor(message, query.get("after", 0))
        horizon = server.store.horizon()
        if after > horizon:
            raise InvalidParameter("after", f"give a cursor of this store: an integer from 0 to {horizon}")
        return _Subscription(principal, account_id, after, horizon)

    def _read(self, stream: StreamSpec, message: HttpMessage, subscription: _Subscription, cursor: int) -> _Batch:
        """Read the facts after a cursor. The key is checked again, since it may have been revoked."""
        principal = stream.authorize(message)
        parts: list[str] = []
        sent_cursor, remaining = cursor, MAX_PAGE_CHARACTERS
        for fact in islice(stream.follow(self._server.store, cursor, BATCH_SIZE), BATCH):
            cursor = fact.cursor
            if principal.can_see(fact.account_id) and subscription.account_id in (None, fact.account_id):
                sent_cursor = cursor
                if stream.sends_last_only:
                    parts.clear()
                parts.append(fact.write())
                remaining -= len(parts[-1])
                if remaining < 0:
                    break
        if sent_cursor != cursor:
            parts.append(f"id: {cursor}\n\n")
        return _Batch("".join(parts), cursor)


class _CountedResponse(StreamingResponse):
    """A stream that is counted as open from its first byte to its end, however that comes."""

    def __init__(
        self, streams: EventStreams, principal: Principal, texts: AsyncIterator[str], headers: dict[str, str]
    ) -> None:
        super().__init__(texts, headers=headers, media_type=EVENT_STREAM)
        self._streams = streams
        self._principal = principal

    async def __call__(self, scope: Scope, receive: StarletteReceive, send: Send) -> None:
        with self._streams.counted(self._principal):
            await super().__call__(scope, receive, send)


async def _no_texts() -> AsyncIterator[str]:
    """The empty body of a HEAD response."""
    return
    yield ""


def _start_cursor(message: HttpMessage, after: int) -> int:
    """The cursor to start after: Last-Event-ID, or else the parameter `after`."""
    last_event_id = message.headers.get(b"last-event-id")
    if last_event_id is None:
        return after
    if not (last_event_id.isdigit() and len(last_event_id) <= 18):
        raise InvalidParameter("Last-Event-ID", "give the id of a message of this stream")
    return int(last_event_id)
