"""Make the layout of each page."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from sot.adapters.http.access import Principal
from sot.adapters.http.http_message import HttpMessage
from sot.adapters.http.page.csrf import FormTokens
from sot.adapters.http.page.layout import AsOf, Layout, NavItem
from sot.adapters.http.page.links import Links
from sot.adapters.http.page.models.links import NavCount
from sot.adapters.http.page.models.quick_choices import Choice, recent_ends
from sot.adapters.http.page.models.values import moment
from sot.adapters.http.page.page_context import PageContext
from sot.adapters.http.page.page_parameters import query_text
from sot.adapters.http.page.page_route import PageRoute, paths_of
from sot.adapters.http.page.reader import Reader
from sot.adapters.http.page.static_files import StaticFile

LIVE_ROUTE = "live"
_NOTHING = NavCount(total="")


class Layouts:
    """Makes the layout of each page of a server."""

    def __init__(self, routes: Sequence[PageRoute], files: Mapping[str, StaticFile], tokens: FormTokens) -> None:
        self._nav = [route for route in routes if route.nav is not None]
        self._paths = paths_of(routes)
        self._files = files
        self._tokens = tokens

    def links(self, message: HttpMessage, query: Mapping[str, Any]) -> Links:
        """Return the links of a request."""
        as_of = query.get("as_of")
        return Links(message.root_path, self._paths, None if as_of is None else query_text(as_of))

    def of_page(self, route: PageRoute, title: str, context: PageContext, reader: Reader, cursor: int | None) -> Layout:
        """Return the layout of a page.

        Args:
            route: The route of the page.
            title: Its title.
            context: What its view got.
            reader: Who looks at it.
            cursor: The cursor of the feed after which it has to be read again; None for a page that stays as it is.
        """
        message, links = context.message, context.links
        kept = [
            (name, text)
            for name, value in context.query_texts.items()
            for text in (value if isinstance(value, list) else [value])
        ]
        is_live = cursor is not None and not context.is_past and "page_token" not in context.query
        account_id = context.one_account if route.one_account else context.list_account_id
        live = links(LIVE_ROUTE, after=cursor, account_id=account_id) if is_live else None
        return self._layout(
            title, message, reader, links, kept, _as_of(context, kept), _moments(context, kept), live, context.counts
        )

    def of_error(self, title: str, message: HttpMessage, reader: Reader) -> Layout:
        """Return the layout of the page of an error, which keeps nothing of the address."""
        return self._layout(title, message, reader, self.links(message, {}), (), None, (), None, {})

    def counts(self, context: PageContext) -> Mapping[str, NavCount]:
        """Return what the navigation shows beside names. It is about the present: the past is over."""
        if context.is_past:
            return {}
        return {route.name: route.count(context) for route in self._nav if route.count is not None}

    def _layout(
        self,
        title: str,
        message: HttpMessage,
        reader: Reader,
        links: Links,
        kept: Sequence[tuple[str, str]],
        as_of: AsOf | None,
        moments: Sequence[Choice],
        live: str | None,
        counts: Mapping[str, NavCount],
    ) -> Layout:
        query = "?" + message.query.decode("latin-1") if message.query else ""
        return Layout(
            title=title,
            links=links,
            nav=[NavItem(name=route.name, label=str(route.nav), address=links(route.name),
                         is_current=_is_in(message.path, route.path), has_count=route.count is not None,
                         count=counts.get(route.name, _NOTHING).total, parts=counts.get(route.name, _NOTHING).parts)
                 for route in self._nav],
            path=message.instance,
            address=message.instance + query,
            own_address=message.instance.removeprefix(links.root_path) + query if message.is_read else "",
            kept=kept,
            token=self._tokens.token(reader.form_id),
            theme=reader.theme,
            as_of=as_of,
            moments=moments,
            reader=_name(reader.principal) if reader.session is not None else None,
            live=live,
            files=self._files,
        )  # fmt: skip


def _is_in(path: str, section: str) -> bool:
    return path == section or path.startswith(section + "/")


def _name(principal: Principal | None) -> str | None:
    return None if principal is None else principal.name


def _as_of(context: PageContext, kept: Sequence[tuple[str, str]]) -> AsOf | None:
    value = context.query.get("as_of")
    if value is None:
        return None
    is_time = isinstance(value, datetime)
    return AsOf(
        words="As it was known then" if is_time else f"As it was known at cursor {value} of the feed",
        moment=moment(value) if is_time else None,
        present=context.message.instance + ("?" + urlencode(kept) if kept else ""),
    )


def _moments(context: PageContext, kept: Sequence[tuple[str, str]]) -> list[Choice]:
    """Links to the same page as it was known at the end of a day that people name in a word; days are those of UTC."""
    shown, path = context.query.get("as_of"), context.message.instance
    return [
        Choice(label=label, address=f"{path}?{urlencode([*kept, ('as_of', query_text(end))])}", is_current=end == shown)
        for label, end in recent_ends(context.now.astimezone(UTC))
    ]
