"""The feed: every event of all orders once, in the order of recording."""

from itertools import islice
from typing import Any

from sot.adapters.http import parameters
from sot.adapters.http.http_errors import InvalidParameter
from sot.adapters.http.pages import BATCH_SIZE, MAX_PAGE_CHARACTERS, count_characters
from sot.adapters.http.request_context import RequestContext
from sot.adapters.http.response import Response
from sot.adapters.http.route import ResponseSpec, Route, TransactionMode
from sot.application.audit.feed import follow
from sot.application.views.records import followed_event_view
from sot.domain.values.errors import InvalidInput
from sot.domain.values.vocabulary import AccessScope

AFTER = parameters.integer("after", "Events after this cursor; 0, the default, is the beginning.")
_MAX_EXAMINED = 5_000
"""How many events one request examines. Events of other accounts are skipped, but not without end."""


def _list_events(context: RequestContext) -> Response:
    after, account_id = context.query.get("after", 0), context.list_account_id
    items: list[dict[str, Any]] = []
    cursor, remaining = after, MAX_PAGE_CHARACTERS
    try:
        for followed in islice(follow(context.store, after, BATCH_SIZE), _MAX_EXAMINED):
            cursor = followed.cursor
            event_account_id = followed.event.account_id
            if context.principal.can_see(event_account_id) and account_id in (None, event_account_id):
                items.append(followed_event_view(followed))
                remaining -= count_characters(items[-1])
                if len(items) == context.page_size or remaining < 0:
                    break
    except InvalidInput as error:
        raise InvalidParameter("after", f"give {error.allowed}") from None
    return Response(body={"data": items, "next_cursor": cursor})


ROUTES = (
    Route(
        name="listEvents",
        method="GET",
        path="/sot/events",
        summary="Read the feed: the events of all orders in the order of recording",
        description=(
            "Each event occurs once, the events of an order by sequence. Continue with `next_cursor` as `after`: no "
            "event is missed, however many writers there are. A page may be short, or empty, before the end; at the "
            "end `next_cursor` equals `after`."
        ),
        tag="Events",
        transaction=TransactionMode.OWN,  # one transaction reads the horizon, another one up to it
        scope=AccessScope.READ,
        handler=_list_events,
        query=(parameters.ACCOUNT, AFTER, parameters.PAGE_SIZE_PARAMETER),
        responses={200: ResponseSpec(description="Events, and the cursor to continue after.", schema="FeedPage")},
    ),
    Route(
        name="streamEvents",
        method="GET",
        path="/sot/events/stream",
        summary="Follow the feed as server-sent events",
        description=(
            "The `id` of each message is its cursor, so that a client that reconnects continues by `Last-Event-ID`; "
            "`after` does the same for the first connection. No event is missed or repeated. A message with nothing "
            "but an `id` moves the cursor past events of other accounts; comments keep the connection alive. The "
            "server ends a stream after a while, and the client reconnects."
        ),
        tag="Events",
        transaction=TransactionMode.STREAM,
        scope=AccessScope.READ,
        handler=_list_events,
        query=(parameters.ACCOUNT, AFTER),
        responses={200: ResponseSpec(description="Messages whose data are the items of `listEvents`.")},
        media_type="text/event-stream",
    ),
)
