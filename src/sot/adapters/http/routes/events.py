"""The feed: every event of all orders once, as it was recorded."""

from itertools import islice
from typing import Any

from sot.adapters.http import parameters as given
from sot.adapters.http.asked import Asked
from sot.adapters.http.pages import PAGE_WEIGHT, PORTION, weight
from sot.adapters.http.refusals import InvalidParameter
from sot.adapters.http.route import Answer, Route, Told, Work
from sot.application.audit.feed import follow
from sot.application.views.records import followed_view
from sot.domain.values.errors import InvalidInput
from sot.domain.values.vocabulary import AccessScope

AFTER = given.whole("after", "Only what comes after this cursor; 0, as if nothing is said, is the beginning.")


def _events(asked: Asked) -> Answer:
    after, account_id = asked.query.get("after", 0), asked.account_id
    found: list[dict[str, Any]] = []
    last, room = after, PAGE_WEIGHT
    try:
        # What is foreign is passed over, but not without end: the cursor goes on.
        for followed in islice(follow(asked.store, after, PORTION), _LOOKED_AT):
            last = followed.cursor
            if asked.principal.sees(followed.event.account_id) and account_id in (None, followed.event.account_id):
                found.append(followed_view(followed))
                room -= weight(found[-1])
                if len(found) == asked.page_size or room < 0:
                    break
    except InvalidInput as error:
        raise InvalidParameter("after", f"give {error.allowed}") from None
    return Answer(body={"data": found, "next_cursor": last})


_LOOKED_AT = 5_000

ROUTES = (
    Route(
        name="listEvents",
        method="GET",
        path="/sot/events",
        summary="Read the feed: the events of all orders, as they were recorded",
        about=(
            "Each event comes once, those of an order by sequence. Go on with `next_cursor` as `after`: none is "
            "missed, however many write at the same time. A page may be short, or empty, while there is more; at the "
            "end `next_cursor` is the `after` that was given."
        ),
        tag="Events",
        work=Work.CALL,  # it owns its transactions: one asks for the horizon, another reads up to there
        scope=AccessScope.READ,
        handler=_events,
        query=(given.ACCOUNT, AFTER, given.PAGE_SIZE_PARAMETER),
        told={200: Told(about="Events, and the cursor to go on with.", shape="FollowedEvents")},
    ),
    Route(
        name="streamEvents",
        method="GET",
        path="/sot/events/stream",
        summary="Follow the feed as server-sent events",
        about=(
            "Each event has its cursor as `id`, so that a client that connects again goes on where it was, by "
            "`Last-Event-ID`; `after` does the same for the first time. None is missed and none comes twice. A message "
            "that has nothing but an `id` moves the cursor past what is not the client's; comments keep the connection "
            "alive. The server ends a stream after a while, and a client connects again."
        ),
        tag="Events",
        work=Work.STREAM,
        scope=AccessScope.READ,
        handler=_events,
        query=(given.ACCOUNT, AFTER),
        told={200: Told(about="Messages whose data are as the items of `listEvents`.")},
        media_type="text/event-stream",
    ),
)
