"""The stream that tells an open page that something was recorded. It carries cursors alone: the page is read again."""

from sot.adapters.http import parameters
from sot.adapters.http.http_errors import ServerError
from sot.adapters.http.page.page_context import PageContext
from sot.adapters.http.page.page_route import PageRoute, WebPage
from sot.adapters.http.parameters import integer
from sot.adapters.http.route import TransactionMode
from sot.application.audit.feed import FollowedEvent

LIVE_EVENT = "changed"
"""The name of the messages, for which the pages listen."""


def changed_message(followed: FollowedEvent) -> str:
    """Return the message that something was recorded up to a cursor."""
    return f"event: {LIVE_EVENT}\nid: {followed.cursor}\ndata: {followed.cursor}\n\n"


def _no_view(context: PageContext) -> WebPage:
    raise ServerError("The stream has no view.")


ROUTES = (
    PageRoute(
        name="live",
        path="/live",
        view=_no_view,
        transaction=TransactionMode.STREAM,
        query=(parameters.ACCOUNT, integer("after", "The cursor after which to begin.")),
    ),
)
