"""The stream that tells an open page that something was recorded. It carries cursors alone: the page is read again."""

from collections.abc import Iterator
from functools import partial

from sot.adapters.http import parameters
from sot.adapters.http.http_errors import ServerError
from sot.adapters.http.page.page_context import PageContext
from sot.adapters.http.page.page_route import PageRoute, WebPage
from sot.adapters.http.parameters import integer
from sot.adapters.http.route import TransactionMode
from sot.adapters.http.stream import StreamedFact
from sot.application.audit.feed import follow_facts
from sot.domain.values.vocabulary import FactKind
from sot.ports.store import Store

LIVE_EVENT = "changed"
"""The name of the messages, for which the pages listen."""


_SHOWN_KINDS = frozenset(
    {FactKind.EVENT, FactKind.ACCOUNT_EVENT, FactKind.INSTRUMENT, FactKind.UNATTRIBUTED, FactKind.RECONCILIATION}
)
"""The kinds of facts that change what pages show. A request does so only with the first event of its order."""


def followed_changes(store: Store, after: int, batch: int) -> Iterator[StreamedFact]:
    """Iterate over the facts after a cursor that change what pages show."""
    for leaf in follow_facts(store, after, batch):
        if leaf.kind not in _SHOWN_KINDS:
            continue
        yield StreamedFact(
            cursor=leaf.position, account_id=leaf.account_id, write=partial(changed_message, leaf.position)
        )


def changed_message(cursor: int) -> str:
    """Return the message that something was recorded up to a cursor."""
    return f"event: {LIVE_EVENT}\nid: {cursor}\ndata: {cursor}\n\n"


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
