"""The choice between light and dark."""

from sot.adapters.http.http_errors import MalformedBody
from sot.adapters.http.page.addresses import own_address
from sot.adapters.http.page.cookies import THEME_COOKIE
from sot.adapters.http.page.layout import THEMES
from sot.adapters.http.page.page_context import PageContext
from sot.adapters.http.page.page_route import PageRoute, Redirect
from sot.adapters.http.route import TransactionMode

_SECONDS = 365 * 86_400


def _choose_theme(context: PageContext) -> Redirect:
    theme = context.form.get("theme", "")
    if theme not in THEMES:
        raise MalformedBody("Choose one of the themes.")
    cookie = context.cookies.write(THEME_COOKIE, theme, _SECONDS)
    return Redirect(address=own_address(context.links, context.form.get("next", "")), cookies=[cookie])


ROUTES = (
    PageRoute(
        name="theme",
        method="POST",
        path="/theme",
        view=_choose_theme,
        scope=None,
        transaction=TransactionMode.NONE,
        form=("theme", "next"),
    ),
)
