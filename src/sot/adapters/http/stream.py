"""The feed as server-sent events (WHATWG HTML, section 9.2): resumable, with nothing missed."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from itertools import islice
from json import JSONEncoder
from typing import Any

import attrs
from starlette.responses import Response, StreamingResponse

from sot.adapters.http.access import Principal
from sot.adapters.http.bodies import Receive
from sot.adapters.http.pages import PAGE_WEIGHT, PORTION
from sot.adapters.http.parameters import read_query
from sot.adapters.http.refusals import InvalidParameter
from sot.adapters.http.route import Route
from sot.adapters.http.server import Server
from sot.adapters.http.wire import Wire
from sot.application.audit.feed import BATCH, follow
from sot.application.views.records import followed_view
from sot.domain.values.errors import SotError

EVENT_STREAM = "text/event-stream"
_HEADERS = {"Cache-Control": "no-store", "X-Accel-Buffering": "no", "X-Content-Type-Options": "nosniff"}
_text = JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@attrs.frozen
class _Begun:
    """A stream that was let in: who listens, to which account, from where."""

    principal: Principal
    account_id: str | None
    after: int


@attrs.frozen
class _Batch:
    """What is to be sent, and the cursor that it ends at."""

    text: str
    cursor: int


class Streams:
    """Streams of a server. What is new is looked for in its threads; between that a stream holds none."""

    def __init__(self, server: Server) -> None:
        self._server = server

    def endpoint(self, route: Route) -> Callable[[MutableMapping[str, Any], Receive], Awaitable[Response]]:
        """What answers requests of the stream."""
        server = self._server

        async def answer(scope: MutableMapping[str, Any], receive: Receive) -> Response:
            started = time.monotonic()
            wire = Wire(scope, server.store.ids)
            loop = asyncio.get_running_loop()
            try:
                begun = await loop.run_in_executor(server.reads, self._begin, route, wire)
            except Exception as error:
                return await server.held(server.refusal(error, scope), started)
            headers = {**_HEADERS, "X-Request-Id": wire.request_id}
            messages = _nothing() if wire.method == "HEAD" else self._messages(route, wire, begun)
            return StreamingResponse(messages, headers=headers, media_type=EVENT_STREAM)

        return answer

    async def _messages(self, route: Route, wire: Wire, begun: _Begun) -> AsyncIterator[str]:
        server, settings = self._server, self._server.settings
        loop = asyncio.get_running_loop()
        cursor, spoke = begun.after, time.monotonic()
        ends = spoke + settings.stream_seconds
        yield "retry: 1000\n\n"
        while True:
            try:
                batch = await loop.run_in_executor(server.reads, self._next, route, wire, begun, cursor)
            except SotError:
                return  # such as a key that was revoked, or a store that is away: the client comes again, and is told
            if batch.text:
                spoke = time.monotonic()
                yield batch.text
            went_on, cursor = batch.cursor > cursor, batch.cursor
            now = time.monotonic()
            if not went_on:
                if now >= ends:
                    return
                if now - spoke >= settings.heartbeat_seconds:
                    spoke = now
                    yield ": still here\n\n"
                await asyncio.sleep(min(settings.poll_seconds, ends - now))
            elif now >= ends:
                return

    # ------------------------------------------------------------------------------------- in a thread of the pool

    def _begin(self, route: Route, wire: Wire) -> _Begun:
        server = self._server
        server.check_host(wire)
        principal = server.admitted(route, wire)
        query = read_query(wire.query, {parameter.name: parameter for parameter in route.query})
        begun = _Begun(principal, principal.listed(query.get("account_id")), _cursor(wire, query.get("after", 0)))
        upto = server.store.horizon()
        if begun.after > upto:
            raise InvalidParameter("after", f"give a cursor of this store: a whole number from 0 to {upto}")
        return begun

    def _next(self, route: Route, wire: Wire, begun: _Begun, cursor: int) -> _Batch:
        """What came behind a cursor, for who is still let in. Raises: SotError."""
        principal = self._server.admitted(route, wire)
        parts: list[str] = []
        told, room = cursor, PAGE_WEIGHT
        for followed in islice(follow(self._server.store, cursor, PORTION), BATCH):
            cursor = followed.cursor
            account_id = followed.event.account_id
            if principal.sees(account_id) and begun.account_id in (None, account_id):
                told = cursor
                parts.append(f"id: {cursor}\ndata: {_text(followed_view(followed))}\n\n")
                room -= len(parts[-1])
                if room < 0:
                    break
        if told != cursor:
            parts.append(f"id: {cursor}\n\n")
        return _Batch("".join(parts), cursor)


async def _nothing() -> AsyncIterator[str]:
    """What HEAD gets of a stream."""
    return
    yield ""


def _cursor(wire: Wire, after: int) -> int:
    """Where to go on. Raises: InvalidParameter."""
    last = wire.headers.get(b"last-event-id")
    if last is None:
        return after
    if not (last.isdigit() and len(last) <= 18):
        raise InvalidParameter("Last-Event-ID", "give the id of a message of this stream")
    return int(last)
