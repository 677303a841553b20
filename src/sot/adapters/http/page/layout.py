"""What every page shows around its content."""

from collections.abc import Mapping, Sequence

import attrs

from sot.adapters.http.page.links import Links
from sot.adapters.http.page.models.links import ActionLink
from sot.adapters.http.page.models.quick_choices import Choice
from sot.adapters.http.page.models.values import Moment
from sot.adapters.http.page.static_files import StaticFile

THEMES = ("auto", "light", "dark")


@attrs.frozen(kw_only=True)
class NavItem:
    """A link of the navigation.

    Attributes:
        name: The name of its route.
        has_count: Whether it has a count.
        count: How much there is to look at; empty for nothing.
        parts: What that is made of, in words.
    """

    name: str
    label: str
    address: str
    is_current: bool
    has_count: bool
    count: str
    parts: Sequence[ActionLink]


@attrs.frozen(kw_only=True)
class AsOf:
    """The point in time that the page shows.

    Attributes:
        words: The point in time in words.
        moment: Its time; None for a cursor of the feed.
        present: The address of the same page at present.
    """

    words: str
    moment: Moment | None
    present: str


@attrs.frozen(kw_only=True)
class Layout:
    """What every page shows around its content.

    Attributes:
        address: The address of this page, with its query.
        own_address: The same below the root path, to come back to after a form; empty for the answer to a form.
        kept: The query parameters that the form of the point in time keeps.
        token: The token of the forms.
        reader: The name of the reader's key; None without a session.
        moments: Past times to choose with one click.
        live: The address of the stream that tells when to read the page again; None if it stays as it is.
    """

    title: str
    links: Links
    nav: Sequence[NavItem]
    path: str
    address: str
    own_address: str
    kept: Sequence[tuple[str, str]]
    token: str
    theme: str
    as_of: AsOf | None
    moments: Sequence[Choice]
    reader: str | None
    live: str | None
    files: Mapping[str, StaticFile]

    def file(self, name: str) -> str:
        """Return the address of a file beside the page."""
        return f"{self.links.root_path}/static/{self.files[name].digest}/{name}"

    @property
    def next_theme(self) -> str:
        """The theme that the button of the page chooses."""
        return THEMES[(THEMES.index(self.theme) + 1) % len(THEMES)]
