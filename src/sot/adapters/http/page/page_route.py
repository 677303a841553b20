"""A route of the page: one view as a value in a table."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, BinaryIO

import attrs

from sot.adapters.http.page.models.links import NavCount
from sot.adapters.http.page.page_context import PageContext
from sot.adapters.http.parameters import Parameter
from sot.adapters.http.route import TransactionMode
from sot.domain.values.vocabulary import AccessScope


@attrs.frozen(kw_only=True)
class WebPage:
    """What a view shows.

    Attributes:
        template: The name of its template.
        title: The title of the page.
        model: What the template shows, as `model`.
        status: The HTTP status.
    """

    template: str
    title: str
    model: Any
    status: int = 200


@attrs.frozen(kw_only=True)
class Redirect:
    """What a view answers a form with: the address to go on at, and cookies to set."""

    address: str
    cookies: Sequence[str] = ()


@attrs.frozen(kw_only=True)
class Download:
    """A file that a view has written.

    Attributes:
        file: The file, at its beginning. Whoever sends it closes it.
        name: Its name.
        media_type: Its media type.
    """

    file: BinaryIO
    name: str
    media_type: str


Answer = WebPage | Redirect | Download
View = Callable[[PageContext], Answer]


@attrs.frozen(kw_only=True)
class PageRoute:
    """A view and its address.

    Attributes:
        name: Its name, by which `Links` makes its address.
        path: Its path, with parameters in braces.
        view: What it shows.
        scope: The scope that the session's key needs; None if it is open to everybody.
        transaction: READ for a view that reads the history, WRITE for one that records something once per form, and
            answers with a `Redirect`, NONE for one that does neither, STREAM for the live stream.
        query: Its query parameters. Blank ones, as a form sends them, count as absent.
        form: The fields of its form, if it is a POST.
        nav: Its name in the navigation, if it stands there.
        count: Returns what the navigation shows beside the name, such as how much is waiting.
        live: Whether an open page is read again when something was recorded.
        one_account: Whether it is about a single account: others are not waited for.
        is_long: Whether it may take long, as a `Download` does. Such views have threads of their own.
    """

    name: str
    path: str
    view: View
    method: str = "GET"
    scope: AccessScope | None = AccessScope.READ
    transaction: TransactionMode = TransactionMode.READ
    query: Sequence[Parameter] = ()
    form: Sequence[str] = ()
    nav: str | None = None
    count: Callable[[PageContext], NavCount] | None = None
    live: bool = False
    one_account: bool = False
    is_long: bool = False


def paths_of(routes: Sequence[PageRoute]) -> Mapping[str, str]:
    """The paths of routes by their names."""
    return {route.name: route.path for route in routes}
