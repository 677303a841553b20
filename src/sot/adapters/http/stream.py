"""The feed as server-sent events (WHATWG HTML, section 9.2).

A client resumes after the last event that it received, and misses none.
"""

import asyncio
import time
from collections.abc import AsyncIterator, MutableMapping
from itertools import islice
from typing import Any

import attrs
from starlette.responses import Response, StreamingResponse

from sot.adapters.http.access import Principal
from sot.adapters.http.bodies import Receive
from sot.adapters.http.http_errors import InvalidParameter
from sot.adapters.http.http_message import HttpMessage
from sot.adapters.http.pages import BATCH_SIZE, MAX_PAGE_CHARACTERS
from sot.adapters.http.parameters import read_query
from sot.adapters.http.response import json_text
from sot.adapters.http.route import Route
from sot.adapters.http.server import Endpoint, Server
from sot.application.audit.feed import BATCH, follow
from sot.application.views.records import followed_event_view
from sot.domain.values.errors import SotError

EVENT_STREAM = "text/event-stream"
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff"}


@attrs.frozen
class _Subscription:
    """An authorized client, the account that it follows (None for all of its key), and the cursor to start after."""

    principal: Principal
    account_id: str | None
    after: int


@attrs.frozen
class _Batch:
    """The text to send, and the cursor up to which it covers the feed."""

    text: str
    cursor: int


class EventStreams:
    """The streams of a server. They read in its threads, and hold none while they wait for new events."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def endpoint(self, route: Route) -> Endpoint:
        """Return the endpoint of the stream."""
        server = self._server

        async def respond(scope: MutableMapping[str, Any], receive: Receive) -> Response:
            started = time.monotonic()
            message = HttpMessage(scope, server.store.ids)
            loop = asyncio.get_running_loop()
            try:
                subscription = await loop.run_in_executor(server.read_pool, self._subscribe, route, message)
            except Exception as error:
                return await server.delay_error(server.error_response(error, scope), started)
            headers = {**_HEADERS, "X-Request-Id": message.request_id}
            texts = _no_texts() if message.method == "HEAD" else self._texts(route, message, subscription)
            return StreamingResponse(texts, headers=headers, media_type=EVENT_STREAM)

        return respond

    async def _texts(self, route: Route, message: HttpMessage, subscription: _Subscription) -> AsyncIterator[str]:
        server, settings = self._server, self._server.settings
        loop = asyncio.get_running_loop()
        cursor, last_sent = subscription.after, time.monotonic()
        end = last_sent + settings.stream_seconds
        yield "retry: 1000\n\n"
        while True:
            try:
                batch = await loop.run_in_executor(server.read_pool, self._read, route, message, subscription, cursor)
            except SotError:
                return  # such as a revoked key: the client reconnects, and gets the error response
            if batch.text:
                last_sent = time.monotonic()
                yield batch.text
            has_advanced, cursor = batch.cursor > cursor, batch.cursor
            now = time.monotonic()
            if not has_advanced:
                if now >= end:
                    return
                if now - last_sent >= settings.heartbeat_seconds:
                    last_sent = now
                    yield ": still here\n\n"
                await asyncio.sleep(min(settings.poll_seconds, end - now))
            elif now >= end:
                return

    # -------------------------------------------------------------------------------------------- in a thread of a pool

    def _subscribe(self, route: Route, message: HttpMessage) -> _Subscription:
        server = self._server
        server.check_host(message)
        principal = server.authorize(route, message)
        query = read_query(message.query, {parameter.name: parameter for parameter in route.query})
        account_id = principal.list_account(query.get("account_id"))
        after = _start_cursor(message, query.get("after", 0))
        horizon = server.store.horizon()
        if after > horizon:
            raise InvalidParameter("after", f"give a cursor of this store: an integer from 0 to {horizon}")
        return _Subscription(principal, account_id, after)

    def _read(self, route: Route, message: HttpMessage, subscription: _Subscription, cursor: int) -> _Batch:
        """Read the events after a cursor. The key is checked again, since it may have been revoked."""
        principal = self._server.authorize(route, message)
        parts: list[str] = []
        sent_cursor, remaining = cursor, MAX_PAGE_CHARACTERS
        for followed in islice(follow(self._server.store, cursor, BATCH_SIZE), BATCH):
            cursor = followed.cursor
            account_id = followed.event.account_id
            if principal.can_see(account_id) and subscription.account_id in (None, account_id):
                sent_cursor = cursor
                parts.append(f"id: {cursor}\ndata: {json_text(followed_event_view(followed))}\n\n")
                remaining -= len(parts[-1])
                if remaining < 0:
                    break
        if sent_cursor != cursor:
            parts.append(f"id: {cursor}\n\n")
        return _Batch("".join(parts), cursor)


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
