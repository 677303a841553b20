"""Log in with an API key, and log out."""

import attrs

from sot.adapters.http.page.addresses import own_address
from sot.adapters.http.page.cookies import SESSION_COOKIE
from sot.adapters.http.page.page_context import PageContext
from sot.adapters.http.page.page_route import PageRoute, Redirect, WebPage
from sot.adapters.http.parameters import single
from sot.adapters.http.route import TransactionMode
from sot.application.access.keys import key_of
from sot.domain.values.fields import TEXT

LONGEST_TOKEN = 200


@attrs.frozen(kw_only=True)
class LogInModel:
    """What the log-in shows.

    Attributes:
        next: Where to go on, below the root path.
        is_refused: Whether a key was refused.
        needs_key: Whether the server has keys at all.
    """

    next: str
    is_refused: bool
    needs_key: bool


def _page(context: PageContext, next: str, is_refused: bool) -> WebPage:
    model = LogInModel(next=next, is_refused=is_refused, needs_key=context.needs_key)
    return WebPage(template="log_in.html", title="Log in", model=model, status=403 if is_refused else 200)


def _log_in_page(context: PageContext) -> WebPage:
    return _page(context, context.query.get("next", ""), is_refused=False)


def _log_in(context: PageContext) -> WebPage | Redirect:
    """Open a session. The key is looked up in a transaction that ends before the answer, whatever it is."""
    store, next = context.services.store, context.form.get("next", "")
    token = context.form.get("key", "").strip()[:LONGEST_TOKEN]
    with store.begin(read_only=True) as uow:
        key = key_of(uow, token)
    if key is None:
        return _page(context, next, is_refused=True)
    now = store.clock.now().timestamp()
    if context.session is not None:
        context.sessions.end(context.session, now)
    value = context.sessions.open(key.key_id, now)
    cookie = context.cookies.write(SESSION_COOKIE, value, context.sessions.seconds)
    return Redirect(address=own_address(context.links, next), cookies=[cookie])


def _log_out(context: PageContext) -> Redirect:
    if context.session is not None:
        context.sessions.end(context.session, context.services.store.clock.now().timestamp())
    return Redirect(address=context.links("login"), cookies=[context.cookies.clear(SESSION_COOKIE)])


ROUTES = (
    PageRoute(
        name="login",
        path="/login",
        view=_log_in_page,
        scope=None,
        transaction=TransactionMode.NONE,
        query=(single("next", TEXT, "Where to go on."),),
    ),
    PageRoute(
        name="sendKey",
        method="POST",
        path="/login",
        view=_log_in,
        scope=None,
        transaction=TransactionMode.NONE,
        form=("key", "next"),
    ),
    PageRoute(
        name="logout",
        method="POST",
        path="/logout",
        view=_log_out,
        scope=None,
        transaction=TransactionMode.NONE,
    ),
)
